"""Notices to top the fund up (续交通知), and the office's list of them (续交名册).

A household whose balance is below the line, a percentage of its first deposit (165号令 2008 art. 17, or the city's
rule), is asked for more. How much, and by when, the owners decide; where they have not, a city may say. Amounts in fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from jiezhang.domain.applicable import Applied, value_of
from jiezhang.domain.changes import dwellings_made
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.household_events import Correction, FirstDeposit, Rearranged, Refund, TopUp
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Dwelling, Street
from jiezhang.domain.roll import LOST, rows_of
from jiezhang.domain.rulepack import Rule
from jiezhang.domain.shares import Column, split_column
from jiezhang.households.fund import FundReplay
from jiezhang.households.line import below_line, top_up_due
from jiezhang.households.state import Households

from .fund_paper import FundAccount, reading_order
from .issuer import Issuer, issuer_of

Ground = Literal["decided", "default", "standard", "open"]
"""Where the amount comes from: the owners' decision, the city's rule for want of one, the deposit standard of the day,
or nowhere yet."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule as a notice quotes it; an unverified one is marked 待核实."""

    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What an account is to be brought up to: `percent` of its first deposit, or `standard_yuan` for each m²."""

    ground: Ground
    percent: Decimal | None = None
    standard_yuan: Decimal | None = None
    cited: Cited | None = None
    """The rule behind `default`, `standard` and `open`."""


@dataclass(frozen=True, slots=True)
class TopUpNotice:
    """One household's notice. `line_fen` is where the line is; `due_fen` is `None` while nobody has decided on it."""

    dwelling: Dwelling
    balance_fen: int
    first_deposit_fen: int
    line_fen: int
    due_fen: int | None

    @property
    def to_line_fen(self) -> int:
        """What is missing to the line; the least there is to say while nobody has decided."""
        return self.line_fen - self.balance_fen


@dataclass(frozen=True, slots=True)
class TopUpNotices:
    """All notices of one day, in reading order, and what they say alike."""

    issuer: Issuer
    on: date
    below_percent: Decimal
    line: Cited
    target: Target
    pay_in_days: int | None
    """Counted from the day the notice is received."""
    pay_by: date | None
    """A day the owners set, which goes before `pay_in_days`."""
    accounts: tuple[FundAccount, ...]
    notices: tuple[TopUpNotice, ...]

    @property
    def due_fen(self) -> int:
        """All that is asked for."""
        return sum(notice.due_fen or 0 for notice in self.notices)

    @property
    def to_line_fen(self) -> int:
        """All that is missing to the line (距续交线还差), decided or not."""
        return sum(notice.to_line_fen for notice in self.notices)


def top_up_notices(
    state: Households,
    register: FundRegister,
    applied: Sequence[Applied],
    on: date,
    *,
    street: Street,
    compound: Compound,
    accounts: Sequence[FundAccount] = (),
    to_percent: Decimal | None = None,
    standard_yuan: Decimal | None = None,
    pay_by: date | None = None,
) -> TopUpNotices:
    """The notices of day `on`, from everybody's account at its end (`state`) and the rules of that day (`applied`).

    `to_percent` is what the owners decided to bring the accounts up to; `standard_yuan` (for each m²) the deposit
    standard of the day, where that is what the city asks for; `accounts` those to pay into. `Refused`: no rule says
    where the line is; a decision below the line.
    """
    line = _rule(applied, "fund.renew_below_percent")
    below = value_of(applied, "fund.renew_below_percent", Decimal)
    if line is None or below is None:
        raise Refused("没有适用的续交线规定，不能发续交通知")
    target = _target(applied, to_percent, standard_yuan)
    if target.percent is not None and target.percent < below:
        raise Refused(f"决定补到首期交存额的 {target.percent}%，低于续交线 {below}%，补了仍须续交")
    known = {dwelling.code: dwelling for dwelling in (*register.dwellings, *dwellings_made(register))}
    to_line = top_up_due(state, below, below)
    due = _due(state, target, below, known)
    return TopUpNotices(
        issuer=issuer_of(street, compound),
        on=on,
        below_percent=below,
        line=_cited(line),
        target=target,
        pay_in_days=value_of(applied, "fund.renew_pay_in_days", int),
        pay_by=pay_by,
        accounts=tuple(accounts),
        notices=tuple(
            TopUpNotice(
                known[own.code], own.balance_fen, own.first_deposit_fen, own.balance_fen + own.due_fen,
                due.get(own.code),
            )
            for own in sorted(to_line, key=lambda own: reading_order(known[own.code].building, own.code))
        ),
    )  # fmt: skip


def _rule(applied: Sequence[Applied], key: str) -> Rule | None:
    return next((one.rule for one in applied if one.key == key), None)


def _cited(rule: Rule) -> Cited:
    return Cited(rule.article, rule.verified)


def _target(applied: Sequence[Applied], to_percent: Decimal | None, standard_yuan: Decimal | None) -> Target:
    """A decision goes before the standard, which is only asked for where the city's rule is so."""
    to, default = _rule(applied, "fund.renew_to"), _rule(applied, "fund.renew_default_percent")
    if to_percent is not None:
        return Target("decided", percent=to_percent)
    if standard_yuan is not None and to is not None and to.value == "current_standard":
        return Target("standard", standard_yuan=standard_yuan, cited=_cited(to))
    if default is not None:
        return Target("default", percent=default.value, cited=_cited(default))
    return Target("open", cited=_cited(to) if to is not None else None)


def _due(state: Households, target: Target, below: Decimal, known: dict[str, Dwelling]) -> dict[str, int]:
    """Code → fen; empty while nobody has decided. Nobody pays less than nothing."""
    if target.percent is not None:
        return {own.code: own.due_fen for own in top_up_due(state, target.percent, below)}
    if target.standard_yuan is None:
        return {}
    balances = dict(zip(state.roll.codes.tolist(), state.balance_fen.tolist(), strict=True))
    return {
        code: max(_fen_up(known[code].area_m2 * target.standard_yuan) - balances[code], 0)
        for code in below_line(state, below)
    }


def _fen_up(amount_yuan: Decimal) -> int:
    top, bottom = amount_yuan.as_integer_ratio()
    return -(-top * 100 // bottom)


@dataclass(frozen=True, slots=True)
class TopUpRow:
    """One line of the list: what a notice asked for, and what came of it. `due_fen` is `None` while undecided.

    A dwelling that was split, merged or renumbered since stands here under its new codes, its sums handed on by area.
    """

    code: str
    building: str
    area_dm2: int
    balance_fen: int
    """On the day of the list."""
    first_deposit_fen: int
    line_fen: int
    due_fen: int | None
    paid_fen: int
    """Paid in since the notice, refunds taken off."""

    @property
    def arrears_fen(self) -> int:
        """What is still to be paid."""
        return max((self.due_fen or 0) - self.paid_fen, 0)

    @property
    def to_line_fen(self) -> int:
        """What is still missing to the line on the day of the list."""
        return max(self.line_fen - self.balance_fen, 0)


@dataclass(frozen=True, slots=True)
class TopUpList:
    """续交名册: the notices of one day (`notices.on`) and how they stand at the end of `on`."""

    notices: TopUpNotices
    on: date
    rows: tuple[TopUpRow, ...]

    @property
    def due_fen(self) -> int:
        return sum(row.due_fen or 0 for row in self.rows)

    @property
    def paid_fen(self) -> int:
        return sum(row.paid_fen for row in self.rows)

    @property
    def arrears_fen(self) -> int:
        return sum(row.arrears_fen for row in self.rows)

    @property
    def to_line_fen(self) -> int:
        """What the rows still miss to the line (距续交线还差), decided or not."""
        return sum(row.to_line_fen for row in self.rows)

    @property
    def in_arrears(self) -> tuple[TopUpRow, ...]:
        return tuple(row for row in self.rows if row.arrears_fen)


def top_up_list(notices: TopUpNotices, replay: FundReplay, on: date) -> TopUpList:
    """How the notices stand at the end of `on`; `replay` reaches at least to that day, and its journal tells what was
    paid after the notices' day. Lost houses are left out."""
    state = replay.state
    roll, asked = state.roll, len(state.roll)
    due, paid = np.zeros(asked, dtype=np.int64), np.zeros(asked, dtype=np.int64)
    told = np.zeros(asked, dtype=np.int64)
    rows = rows_of(roll, [notice.dwelling.code for notice in notices.notices])
    due[rows], told[rows] = [notice.due_fen or 0 for notice in notices.notices], 1
    for booked in replay.journal:
        event = booked.event
        if not notices.on < event.date <= on:
            continue
        if isinstance(event, Rearranged):
            old, new = rows_of(roll, event.sources), rows_of(roll, event.made)
            _hand_on(due, paid, told, old, new, roll.area_dm2)
        elif isinstance(event, TopUp | FirstDeposit | Refund) or (isinstance(event, Correction) and event.deposit):
            paid += booked.change_fen
    decided = notices.target.ground != "open"
    top, bottom = notices.below_percent.as_integer_ratio()
    found = [
        TopUpRow(
            str(roll.codes[row]), roll.buildings[int(roll.building[row])], int(roll.area_dm2[row]),
            int(state.balance_fen[row]), first,
            -(-first * top // (100 * bottom)), int(due[row]) if decided else None, int(paid[row]),
        )
        for row in np.flatnonzero((told > 0) & (state.status < LOST))
        for first in [int(state.first_deposit_fen[row])]
    ]  # fmt: skip
    return TopUpList(notices, on, tuple(sorted(found, key=lambda row: reading_order(row.building, row.code))))


def _hand_on(due: Column, paid: Column, told: Column, old: Column, new: Column, areas: Column) -> None:
    """Move what was asked of and paid by the old dwellings to the new ones, by area."""
    for column in (due, paid):
        total = int(column[old].sum())
        column[old] = 0
        column[new] = split_column(total, areas[new])
    told[new] = told[old].max()
    told[old] = 0
