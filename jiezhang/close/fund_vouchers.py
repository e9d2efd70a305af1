"""Vouchers of the fund that no bank row brings: yield given to households, a lost house, a deposit put right.

Each is proposed waiting (`!`), with its figures computed from everybody's accounts on its day; posting makes it count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from beancount.core import amount, data

from jiezhang.domain.accounts import account_name
from jiezhang.domain.booking import WAITING
from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.household_events import DepositKind, Movement, YieldBasis, YieldDistribution
from jiezhang.domain.money import CURRENCY, from_fen
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import LOST, by_building
from jiezhang.domain.shares import Column
from jiezhang.households.effects import effect
from jiezhang.households.fund import FundFiles, replay_fund
from jiezhang.households.state import Households, accrued

_FUND = "W" + FUND_NAMES["W"]


def distribution(
    entries: Sequence[data.Directive], files: FundFiles, compound: str, day: date, fen: int | None, basis: YieldBasis
) -> data.Transaction:
    """收益分配: `fen` of the undistributed yield (all of it when `None`) to every household, 3101 → 3001, 3002."""
    state = accrued(replay_fund(files, entries, day).state, day)
    total = state.controls.undistributed_fen if fen is None else fen
    event = YieldDistribution(
        date=day, basis=basis, movement=Movement(undistributed_fen=-total, buildings=(("", total),))
    )
    _, change = effect(event, state)
    legs = [(_account(compound, "3101"), total), *_owned(compound, state, change)]
    meta = {"apportion": "compound", "basis": basis, "apportion-total": from_fen(total)}
    return _voucher(day, "分配累计收益", legs, meta)


def loss(
    entries: Sequence[data.Directive], files: FundFiles, compound: str, day: date, household: str
) -> data.Transaction:
    """房屋灭失: the household's whole balance becomes owed, 5101 → 2001 (165号令 2008 art. 29)."""
    state = replay_fund(files, entries, day).state
    row = state.row(household)
    held = int(state.balance_fen[row])
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
    deposit: DepositKind | None,
) -> data.Transaction:
    """户间更正: what voucher `corrects` gave to `giver` goes to `taker`; both stay traceable.

    `corrects` is `2026-09/记-0012`, or the number alone where only one month has it.
    """
    state = replay_fund(files, entries, day).state
    named = _voucher_named(entries, corrects)
    if giver == taker or fen <= 0:
        raise Refused("更正须从一户转到另一户，金额大于零")
    postings = [
        _posting(_own_account(compound, state, code), signed, {"household": code})
        for code, signed in ((giver, fen), (taker, -fen))
    ]
    meta = {"correction": named, "correction-total": from_fen(fen)}
    meta |= {"deposit": deposit} if deposit else {}
    made = _voucher(day, f"更正 {named}", [], meta)
    return made._replace(postings=postings)


def _voucher_named(entries: Sequence[data.Directive], corrects: str) -> str:
    month, _, number = corrects.rpartition("/")
    months = sorted(
        {
            str(Month.of(entry.date))
            for entry in entries
            if isinstance(entry, data.Transaction) and entry.meta.get("voucher") == number
        }
    )
    found = [one for one in months if month in ("", one)]
    if not found:
        raise Refused(f"账簿里没有凭证 {corrects}")
    if len(found) > 1:
        raise Refused(f"凭证 {corrects} 有几个月都有，请写成 {found[-1]}/{number} 的样子")
    return f"{found[0]}/{number}"


def _own_account(compound: str, state: Households, code: str) -> str:
    row = state.row(code)
    subject = "3002" if state.roll.public[row] else "3001"
    return f"{_account(compound, subject)}:{state.roll.buildings[int(state.roll.building[row])]}"


def _owned(compound: str, state: Households, change: Column) -> list[tuple[str, int]]:
    legs = []
    for code, mask in (("3001", ~state.roll.public), ("3002", state.roll.public)):
        sums = by_building(state.roll, np.where(mask, change, 0))
        pairs = zip(state.roll.buildings, sums.tolist(), strict=True)
        legs += [(f"{_account(compound, code)}:{name}", -fen) for name, fen in pairs if fen]
    return legs


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
