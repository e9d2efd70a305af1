"""Completing a row of the maintenance fund: whose money it is, and its legs by building, computed and never typed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from beancount.core import amount, data

from jiezhang.domain.accounts import parse_account, sibling
from jiezhang.domain.apportion import Apportionment
from jiezhang.domain.booking import POSTED, bank_legs
from jiezhang.domain.fund_register import Project, TreasuryBond
from jiezhang.domain.household_events import Detail
from jiezhang.domain.money import CURRENCY, from_fen, to_fen, yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion
from jiezhang.domain.roll import rows_of
from jiezhang.domain.scope import parse_scope
from jiezhang.domain.shares import Column
from jiezhang.households.batch import parse_batch, shares_digest
from jiezhang.households.details import covers_in
from jiezhang.households.effects import proposed_repair
from jiezhang.households.from_ledger import UNDISTRIBUTED, read_event
from jiezhang.households.fund import SHARES_KEY
from jiezhang.households.replay import apply
from jiezhang.households.rules.fund_purpose import budget_limit, payment_fault, payment_of
from jiezhang.households.state import Households

from .fund_desk import (
    FundDesk,
    bank_fen,
    legs_by_building,
    legs_by_nature,
    needs_household,
    paid_for,
    plain_account,
)

_KEYS = (
    "household", "deposit", "batch", "batch-sha256", "project", "apportion", "basis", "apportion-total",
    "paid-outside", "covered", SHARES_KEY, "handover", "bond", "bond-kind", "bond-market", "bond-matures",
)  # fmt: skip
_ASKED = {
    "5001": ("project", "paid_outside", "covered"),
    "1101": ("bond",),
    "4001": ("household", "batch", "deposit"),
    "3001": ("batch",),
    "3002": ("batch",),
}
"""What a row of a subject is asked; others a household alone."""

_WORD = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")


def with_fund_legs(entry: data.Transaction, completion: Completion, desk: FundDesk) -> data.Transaction:
    """`entry` with its legs by building and the metadata that says whose money it is.

    `Refused` when the completion does not say enough, or its figures do not add up to the bank's row.
    """
    if desk.files is None or not desk.files.register.dwellings:
        raise Refused("小区还没有户册，维修资金的流水记不到户")
    code = parse_account(completion.other_account).subject.code
    _refuse_needless(completion, code)
    if code == "5001":
        legs, meta = _repair(entry, completion, desk)
    elif code == "1101":
        legs, meta = _bond(entry, completion, desk)
    elif code == "2001":
        legs, meta = _one(entry, completion, desk, by_building=False)
    elif code in ("3001", "3002"):
        legs, meta = _handover(entry, completion, desk)
    elif completion.batch and code == "4001":
        legs, meta = _batch(entry, completion, desk)
    else:
        legs, meta = _one(entry, completion, desk, by_building=True)
    if code == "4001":
        if not completion.deposit:
            raise Refused("交存须写明是首期还是续交")
        meta["deposit"] = completion.deposit
    kept = {key: value for key, value in entry.meta.items() if key not in _KEYS}
    postings = [
        data.Posting(account, amount.Amount(from_fen(-fen), CURRENCY), None, None, None, None)
        for account, fen in legs
    ]
    made = entry._replace(meta={**kept, **meta}, postings=[*bank_legs(entry), *postings])
    try_voucher(made, desk)
    return made


def _refuse_needless(completion: Completion, code: str) -> None:
    for name in ("household", "deposit", "batch", "project", "paid_outside", "covered", "bond"):
        if getattr(completion, name) and name not in _ASKED.get(code, ("household",)):
            raise Refused(f"科目 {code} 的流水不填 {name}")
    if completion.household and completion.batch:
        raise Refused("户号和批量明细只填一种")


def try_voucher(made: data.Transaction, desk: FundDesk) -> None:
    """`Refused`, now and not when it is posted, for what the rules of the fund would object to."""
    posted = made._replace(flag=POSTED)
    event = read_event(posted, desk.batches)
    if event is not None:
        apply(desk.state(made), event)
    if "project" in made.meta:
        project = _project(desk, str(made.meta["project"]))
        paid, limit = paid_for(project.code, made, desk), budget_limit(desk.entries)
        wrong = payment_fault(project, payment_of(posted), paid, limit)
        if wrong:
            raise Refused(wrong)


_Legs = tuple[list[tuple[str, int]], dict[str, Any]]
"""(account, fen as the bank's side has it) and metadata."""


def _building(desk: FundDesk, code: str, entry: data.Transaction) -> str:
    state = desk.state(entry)
    return state.roll.buildings[int(state.roll.building[state.row(code)])]


def _one(entry: data.Transaction, completion: Completion, desk: FundDesk, *, by_building: bool) -> _Legs:
    if not completion.household:
        raise Refused("维修资金的流水须写明是哪一户，许多户的用批量明细")
    building = _building(desk, completion.household, entry)
    account = plain_account(completion.other_account) + (f":{building}" if by_building else "")
    return [(account, bank_fen(entry))], {"household": completion.household}


def _batch(entry: data.Transaction, completion: Completion, desk: FundDesk) -> _Legs:
    content = desk.handed_in.get(completion.batch)
    if content is None:
        raise Refused(f"找不到批量明细文件“{completion.batch}”")
    digest = hashlib.sha256(content).hexdigest()
    detail = parse_batch(content, digest, completion.batch)
    state, whole = desk.state(entry), bank_fen(entry)
    change = _column(state, detail)
    if int(change.sum()) != abs(whole):
        raise Refused(f"批量明细合计 {yuan(int(change.sum()))} 元，银行流水 {yuan(abs(whole))} 元，两者应相等")
    sign = 1 if whole > 0 else -1
    legs = legs_by_building(completion.other_account, state, sign * change)
    return legs, {"batch": f"batches/{completion.batch}", "batch-sha256": digest}


def _handover(entry: data.Transaction, completion: Completion, desk: FundDesk) -> _Legs:
    """A fund taken over later: balances by household, and under 3101 the yield not yet given to them."""
    content = desk.handed_in.get(completion.batch)
    if content is None:
        raise Refused("接管转入须用批量明细（batch）写明各户的余额")
    digest = hashlib.sha256(content).hexdigest()
    detail = parse_batch(content, digest, completion.batch)
    undistributed = sum(fen for code, fen in detail if code == UNDISTRIBUTED)
    state, whole = desk.state(entry), bank_fen(entry)
    change = _column(state, tuple(line for line in detail if line[0] != UNDISTRIBUTED))
    stated = int(change.sum()) + undistributed
    if stated != whole:
        raise Refused(f"批量明细合计 {yuan(stated)} 元，银行流水 {yuan(abs(whole))} 元，两者应相等")
    legs = legs_by_nature(completion.other_account, state, change)
    legs += [(sibling(completion.other_account, UNDISTRIBUTED), undistributed)] if undistributed else []
    return legs, {"handover": True, "batch": f"batches/{completion.batch}", "batch-sha256": digest}


def _column(state: Households, detail: Detail) -> Column:
    change: Column = np.zeros(len(state.roll), dtype=np.int64)
    change[rows_of(state.roll, [code for code, _ in detail])] = [fen for _, fen in detail]
    return change


def _repair(entry: data.Transaction, completion: Completion, desk: FundDesk) -> _Legs:
    project = _project(desk, completion.project)
    outside = to_fen(completion.paid_outside) if completion.paid_outside is not None else 0
    paid, state = -bank_fen(entry), desk.state(entry)
    proposal = proposed_repair(state, parse_scope(project.scope), paid + outside)
    covered = covers_in({"covered": completion.covered})
    charge = fund_charge(proposal, [code for code, _ in covered])
    if int(charge.sum()) != paid:
        raise Refused(_not_the_sum(proposal, charge, paid))
    meta: dict[str, Any] = {"project": project.code, "apportion": project.scope, "basis": "area"}
    meta[SHARES_KEY] = shares_digest(state.roll.codes.tolist(), (-charge).tolist())
    if outside:
        meta |= {"apportion-total": from_fen(paid + outside), "paid-outside": from_fen(outside)}
    if covered:
        meta["covered"] = completion.covered
    return legs_by_building(completion.other_account, state, -charge), meta


def fund_charge(proposal: Apportionment, covered: Sequence[str]) -> Column:
    """What the fund's accounts bear when others pay what `covered` lack."""
    charge = proposal.charge_fen.copy()
    rows = rows_of(proposal.roll, covered)
    charge[rows] -= proposal.short_fen[rows]
    return charge


def _not_the_sum(proposal: Apportionment, charge: Column, paid: int) -> str:
    whole, borne = yuan(proposal.total_fen), yuan(int(charge.sum()))
    said = f"总费用 {whole} 元分摊后，维修资金应付 {borne} 元，银行付了 {yuan(paid)} 元"
    return f"{said}：其余由未售房屋的开发建设单位等在资金外支付的，写在 paid_outside"


def _project(desk: FundDesk, code: str) -> Project:
    assert desk.files is not None
    known = {project.code: project for _, project in desk.files.register.projects}
    if not code:
        raise Refused("维修支出须写明维修项目的编号")
    if code not in known:
        raise Refused(f"维修项目 {code} 没有登记在 projects.csv")
    return known[code]


def _bond(entry: data.Transaction, completion: Completion, desk: FundDesk) -> _Legs:
    assert desk.files is not None
    known = {bond.code: bond for _, bond in desk.files.register.bonds}
    bond = known.get(completion.bond)
    if bond is None:
        raise Refused(f"国债“{completion.bond}”没有登记在 bonds.csv")
    whole = bank_fen(entry)
    if whole < 0:
        return [(plain_account(completion.other_account), whole)], _bond_meta(bond)
    cost = next((held.cost_fen for held in desk.state(entry).bonds if held.ref == bond.code), None)
    if cost is None:
        raise Refused(f"账上没有国债“{bond.code}”")
    interest = sibling(completion.other_account, "4102")
    legs = [(plain_account(completion.other_account), cost), (interest, whole - cost)]
    return [(account, fen) for account, fen in legs if fen], {"bond": bond.code}


def _bond_meta(bond: TreasuryBond) -> dict[str, Any]:
    meta = {"bond": bond.code, "bond-kind": bond.kind, "bond-market": bond.market}
    return {**meta, "bond-matures": bond.matures}


def _paid_before(desk: FundDesk, entry: data.Transaction, code: str) -> bool:
    """Whether a dwelling has paid its first deposit: only then is another surely a top-up."""
    state = desk.state(entry)
    return bool(state.first_deposit_fen[state.row(code)])


def known_household(entry: data.Transaction, words: str, desk: FundDesk) -> data.Transaction:
    """A proposed deposit with the one dwelling of the register that the bank's `words` name; else as it was."""
    others = [posting.account for posting in entry.postings if posting not in bank_legs(entry)]
    if desk.files is None or len(others) != 1 or not needs_household(others[0]):
        return entry
    codes = {dwelling.code for dwelling in desk.files.register.dwellings}
    named = set(_WORD.findall(words)) & codes
    if len(named) != 1 or parse_account(others[0]).subject.code != "4001" or bank_fen(entry) <= 0:
        return entry
    if not _paid_before(desk, entry, min(named)):
        return entry
    key = bank_legs(entry)[0]
    given = Completion(
        account=key.account, bank_ref=str((key.meta or {})["bank-ref"]), other_account=others[0],
        household=named.pop(), deposit="top-up",
    )
    try:
        return with_fund_legs(entry, given, desk)
    except Refused:
        return entry  # a person has to look at it
