"""Completing a row of the maintenance fund: whose money it is, and its legs by building, computed and never typed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from beancount.core import amount, data

from jiezhang.domain.accounts import is_suspense, parse_account, sibling
from jiezhang.domain.apportion import Apportionment
from jiezhang.domain.booking import POSTED, bank_legs, row_key
from jiezhang.domain.fund_register import Project, TreasuryBond
from jiezhang.domain.money import CURRENCY, from_fen, to_fen, yuan
from jiezhang.domain.problem import NotOnRegister, Refused
from jiezhang.domain.register import Completion
from jiezhang.domain.roll import by_building, rows_of
from jiezhang.domain.scope import parse_scope
from jiezhang.domain.shares import Column
from jiezhang.households.batch import parse_batch
from jiezhang.households.details import covers_in
from jiezhang.households.effects import proposed_repair
from jiezhang.households.fund import FundFiles, replay_fund
from jiezhang.households.movements import BY_BUILDING
from jiezhang.households.state import Households

OF_HOUSEHOLDS = BY_BUILDING | {"2001", "1101"}
"""Subjects of fund W whose voucher says more than its account."""

_KEYS = ("household", "deposit", "batch", "batch-sha256", "project", "apportion", "basis", "apportion-total",
         "paid-outside", "covered", "bond", "bond-kind", "bond-market", "bond-matures")  # fmt: skip
_WORD = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class FundDesk:
    """What a person at the fund's desk has: the ledger, the files beside it, and batch files just handed in (by name).

    Batches that are used are kept under `batches/`.
    """

    entries: Sequence[data.Directive] = ()
    files: FundFiles | None = None
    handed_in: Mapping[str, bytes] = field(default_factory=dict)

    def state(self, entry: data.Transaction) -> Households:
        """Everybody's account at the end of the entry's day without it, complete rows counted as if they were posted.

        A month is completed in one sheet and posted later: what was paid in on the 3rd counts for a repair on the 9th.
        """
        assert self.files is not None
        own = {row_key(leg) for leg in bank_legs(entry)}
        others = [_as_if_posted(other) for other in self.entries if not (own and own & _rows(other))]
        return replay_fund(self.files, others, entry.date).state


def _rows(entry: data.Directive) -> set[tuple[str, str]]:
    return {row_key(leg) for leg in bank_legs(entry)} if isinstance(entry, data.Transaction) else set()


def _as_if_posted(entry: data.Directive) -> data.Directive:
    return entry._replace(flag=POSTED) if isinstance(entry, data.Transaction) and is_complete(entry) else entry


def is_complete(entry: data.Transaction) -> bool:
    """Whether every leg is known: nothing of it stands on the suspense account, or in the fund without its building."""
    return not any(is_suspense(posting.account) or needs_household(posting.account) for posting in entry.postings)


def needs_household(account: str) -> bool:
    """Whether `account` is one of the fund's control accounts without its building: nobody said whose money it is."""
    try:
        name = parse_account(account)
    except ValueError:
        return False  # account_names reports it
    return name.fund_kind == "W" and name.subject.code in BY_BUILDING and not name.subs


def is_of_households(account: str) -> bool:
    """Whether a voucher on `account` says whose money it is, or which bond."""
    name = parse_account(account)
    return name.fund_kind == "W" and name.subject.code in OF_HOUSEHOLDS


def with_fund_legs(entry: data.Transaction, completion: Completion, desk: FundDesk) -> data.Transaction:
    """`entry` with its legs by building and the metadata that says whose money it is.

    `Refused` when the completion does not say enough, or its figures do not add up to the bank's row.
    """
    if desk.files is None or not desk.files.register.dwellings:
        raise Refused("小区还没有户册，维修资金的流水记不到户")
    code = parse_account(completion.other_account).subject.code
    if code == "5001":
        legs, meta = _repair(entry, completion, desk)
    elif code == "1101":
        legs, meta = _bond(entry, completion, desk)
    elif code == "2001":
        legs, meta = _one(entry, completion, desk, by_building=False)
    elif completion.batch and code == "4001":
        legs, meta = _batch(entry, completion, desk)
    else:
        legs, meta = _one(entry, completion, desk, by_building=True)
    if code == "4001":
        meta["deposit"] = completion.deposit or "top-up"
    kept = {key: value for key, value in entry.meta.items() if key not in _KEYS}
    postings = [
        data.Posting(account, amount.Amount(from_fen(-fen), CURRENCY), None, None, None, None)
        for account, fen in legs
    ]
    return entry._replace(meta={**kept, **meta}, postings=[*bank_legs(entry), *postings])


_Legs = tuple[list[tuple[str, int]], dict[str, Any]]
"""(account, fen as the bank's side has it) and metadata."""


def bank_fen(entry: data.Transaction) -> int:
    """What the bank's side of `entry` moved, in positive."""
    return sum(to_fen(leg.units.number) for leg in bank_legs(entry) if leg.units and leg.units.number is not None)


def plain_account(account: str) -> str:
    """An account of the ledger without its building."""
    return ":".join(account.split(":")[:4])


def _building(desk: FundDesk, code: str, entry: data.Transaction) -> str:
    state = desk.state(entry)
    return state.roll.buildings[int(state.roll.building[state.row(code)])]


def _one(entry: data.Transaction, completion: Completion, desk: FundDesk, *, by_building: bool) -> _Legs:
    if not completion.household:
        raise Refused("维修资金的流水须写明是哪一户（household），许多户的用批量明细（batch）")
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
    change: Column = np.zeros(len(state.roll), dtype=np.int64)
    change[rows_of(state.roll, [code for code, _ in detail])] = [fen for _, fen in detail]
    if int(change.sum()) != abs(whole):
        raise Refused(f"批量明细合计 {yuan(int(change.sum()))} 元，银行流水 {yuan(abs(whole))} 元，两者应相等")
    sign = 1 if whole > 0 else -1
    legs = _by_building(completion.other_account, state, sign * change)
    return legs, {"batch": f"batches/{completion.batch}", "batch-sha256": digest}


def _by_building(account: str, state: Households, change: Column) -> list[tuple[str, int]]:
    sums = zip(state.roll.buildings, by_building(state.roll, change).tolist(), strict=True)
    return [(f"{plain_account(account)}:{name}", fen) for name, fen in sums if fen]


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
    if outside:
        meta |= {"apportion-total": from_fen(paid + outside), "paid-outside": from_fen(outside)}
    if covered:
        meta["covered"] = completion.covered
    return _by_building(completion.other_account, state, -charge), meta


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
        raise Refused("维修支出须写明维修项目（project）")
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


def known_household(entry: data.Transaction, words: str, desk: FundDesk) -> data.Transaction:
    """A proposed deposit with the one dwelling of the register that the bank's `words` name; else as it was."""
    others = [posting.account for posting in entry.postings if posting not in bank_legs(entry)]
    if desk.files is None or len(others) != 1 or not needs_household(others[0]):
        return entry
    codes = {dwelling.code for dwelling in desk.files.register.dwellings}
    named = set(_WORD.findall(words)) & codes
    if len(named) != 1 or parse_account(others[0]).subject.code != "4001" or bank_fen(entry) <= 0:
        return entry
    key = bank_legs(entry)[0]
    given = Completion(
        account=key.account, bank_ref=str((key.meta or {})["bank-ref"]), other_account=others[0],
        household=named.pop(), deposit="top-up",
    )
    try:
        return with_fund_legs(entry, given, desk)
    except NotOnRegister:
        return entry
