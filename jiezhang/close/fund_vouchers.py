"""Vouchers of the fund that no bank row brings: yield given to households, a lost house, a deposit put right.

Each is proposed waiting (`!`), with its figures computed from everybody's accounts on its day; posting makes it count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from beancount.core import amount, data

from jiezhang.domain.accounts import account_name
from jiezhang.domain.booking import WAITING
from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.household_events import Movement, YieldBasis, YieldDistribution
from jiezhang.domain.money import CURRENCY, from_fen, yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import LOST
from jiezhang.households.batch import shares_digest
from jiezhang.households.corrections import corrected, deposit_of, open_to_correct, voucher_named
from jiezhang.households.effects import effect
from jiezhang.households.fund import SHARES_KEY, FundFiles, replay_fund
from jiezhang.households.state import Households, accrued

from .fund_desk import legs_by_nature

_FUND = "W" + FUND_NAMES["W"]


def distribution(
    entries: Sequence[data.Directive], files: FundFiles, compound: str, day: date, fen: int | None, basis: YieldBasis
) -> data.Transaction:
    """收益分配: `fen` of the undistributed yield (all of it when `None`) to every household, 3101 → 3001, 3002."""
    state = accrued(replay_fund(files, entries, day).state, day)
    total = state.controls.undistributed_fen if fen is None else fen
    if not state.controls.undistributed_fen:
        raise Refused("没有待分配的收益")
    event = YieldDistribution(
        date=day, basis=basis, movement=Movement(undistributed_fen=-total, buildings=(("", total),))
    )
    _, change = effect(event, state)
    undistributed = _account(compound, "3101")
    legs = [(undistributed, total), *((name, -given) for name, given in legs_by_nature(undistributed, state, change))]
    meta = {"apportion": "compound", "basis": basis, "apportion-total": from_fen(total)}
    meta[SHARES_KEY] = shares_digest(state.roll.codes.tolist(), change.tolist())
    return _voucher(day, "分配累计收益", legs, meta)


def loss(
    entries: Sequence[data.Directive], files: FundFiles, compound: str, day: date, household: str
) -> data.Transaction:
    """房屋灭失: the household's whole balance becomes owed, 5101 → 2001 (165号令 2008 art. 29)."""
    lost = [change for _, change in files.register.changes if change.kind == "loss" and household in change.sources]
    if not lost or lost[0].date > day:
        raise Refused(f"户 {household} 没有登记灭失，或登记的日期在 {day} 之后，请先登记变更")
    state = replay_fund(files, entries, day).state
    row = state.row(household)
    held = int(state.balance_fen[row])
    if state.controls.undistributed_fen:
        said = f"还有待分配收益 {yuan(state.controls.undistributed_fen)} 元，其中有这一户的，请先分配再返还"
        raise Refused(said)
    if not held or state.status[row] >= LOST:
        raise Refused(f"户 {household} 没有余额可以返还")
    building = state.roll.buildings[int(state.roll.building[row])]
    legs = [(f"{_account(compound, '5101')}:{building}", held), (_account(compound, "2001"), -held)]
    return _voucher(day, f"房屋灭失应返还 {household}", legs, {"household": household})


def correction(
    entries: Sequence[data.Directive],
    files: FundFiles,
    compound: str,
    day: date,
    *,
    corrects: str,
    giver: str,
    taker: str,
    fen: int,
) -> data.Transaction:
    """户间更正: `fen` of what voucher `corrects` booked to `giver` was `taker`'s; both stay traceable.

    `corrects` is `2026-09/记-0012`, or the number alone where only one month has it. `Refused` unless that voucher
    booked so much to `giver`, less what was corrected already, on or before `day`.
    """
    replay = replay_fund(files, entries, day)
    named = voucher_named(entries, corrects)
    if giver == taker or fen <= 0:
        raise Refused("更正须从一户转到另一户，金额大于零")
    original = corrected(replay, named)
    if original is None:
        raise Refused(f"凭证 {named} 没有按户记账，或在 {day} 之后，不能做户间更正")
    left = open_to_correct(replay, named)[replay.state.row(giver)]
    if abs(int(left)) < fen:
        raise Refused(f"凭证 {named} 记在户 {giver} 的还有 {yuan(abs(int(left)))} 元，不能更正 {yuan(fen)} 元")
    signed = fen if left > 0 else -fen
    postings = [
        _posting(_own_account(compound, replay.state, code), amount_fen, {"household": code})
        for code, amount_fen in ((giver, signed), (taker, -signed))
    ]
    kind = deposit_of(original.event)
    meta = {"correction": named, **({"deposit": kind} if kind else {}), "correction-total": from_fen(fen)}
    made = _voucher(day, f"更正 {named}", [], meta)
    return made._replace(postings=postings)


def _own_account(compound: str, state: Households, code: str) -> str:
    row = state.row(code)
    subject = "3002" if state.roll.public[row] else "3001"
    return f"{_account(compound, subject)}:{state.roll.buildings[int(state.roll.building[row])]}"


def _account(compound: str, code: str) -> str:
    return account_name(compound, _FUND, code)


def _voucher(day: date, narration: str, legs: Sequence[tuple[str, int]], meta: dict[str, Any]) -> data.Transaction:
    """A waiting voucher of `legs` (account, fen, debit positive)."""
    postings = [_posting(account, fen) for account, fen in legs]
    about = data.new_metadata("<fund>", 0, meta)
    return data.Transaction(about, day, WAITING, None, narration, frozenset(), frozenset(), postings)


def _posting(account: str, fen: int, meta: dict[str, Any] | None = None) -> data.Posting:
    units = amount.Amount(from_fen(fen), CURRENCY)
    return data.Posting(account, units, None, None, None, meta)
