"""公共收益补充维修资金: how much of the public revenue each period owed the fund, what was transferred, what is short.

Sources: 165号令 2008 art. 27(3), 物业管理条例 2018 art. 54 (mainly to the fund, unless the owners decide otherwise);
how much and how often comes from the city's pack (e.g. 湖州市物业管理条例 2021 art. 45, 上海市住宅物业管理规定 2020
art. 51, 北京市物业管理条例 art. 74).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from beancount.core import data

from jiezhang.domain.applicable import Applied, value_of
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.roll import LOST
from jiezhang.domain.rule_values import Share
from jiezhang.domain.rule_words import PERIOD_MONTHS
from jiezhang.households.line import below_line
from jiezhang.households.state import Households

SHARE = "revenue.share_to_fund"
TRANSFER = "Expenses 5201"


@dataclass(frozen=True, slots=True)
class PeriodShare:
    """One period, its `base_fen` (income less cost, or the account's balance at its end), what it owed, what was paid.

    `last_paid` is the day of the last transfer counted for it; `days_late` counts from its end to that day, or to the
    day of the report when something is short still.
    """

    first: date
    last: date
    base_fen: int
    due_fen: int
    paid_fen: int = 0
    last_paid: date | None = None
    days_late: int = 0

    @property
    def short_fen(self) -> int:
        return max(self.due_fen - self.paid_fen, 0)


@dataclass(frozen=True, slots=True)
class RevenueShare:
    """What the rule asks and what was done, to the day `on`. Without a rule in numbers `rule` is `None`.

    `of_balance` tells what the base is; `waived` says in Chinese why nothing is owed, where that is so.
    """

    code: str
    name: str
    on: date
    rule: Applied | None
    of_balance: bool
    periods: tuple[PeriodShare, ...]
    transferred_fen: int
    waived: str = ""

    @property
    def short_fen(self) -> int:
        return sum(period.short_fen for period in self.periods)


@dataclass(frozen=True, slots=True)
class _Move:
    day: date
    code: str
    fen: int


def revenue_share(
    entries: Iterable[data.Directive],
    applied: Sequence[Applied],
    state: Households | None,
    *,
    code: str,
    name: str,
    start: date,
    on: date,
) -> RevenueShare:
    """The shares of every whole period since `start` that ended before `on`, by the rules `applied`.

    `state` is everybody's account in the fund on that day, `None` when it is not kept by household. Transfers go to the
    oldest period that is short; by balance only those after a period's end count for it, for those before it are no
    longer in the balance.
    """
    moves = list(_moves(entries, on))
    transferred = [move for move in moves if move.code == TRANSFER]
    rule = next((one for one in applied if one.key == SHARE), None)
    of_balance = value_of(applied, "revenue.share_of", str) == "balance"
    waived = _waived(applied, state)
    found: list[PeriodShare] = []
    share = value_of(applied, SHARE, Share)
    if share is not None:
        months = PERIOD_MONTHS[value_of(applied, "revenue.share_period", str) or "year"]
        for first, last in _periods(start, on, months):
            base = _balance(moves, last) if of_balance else _income(moves, first, last)
            due = 0 if waived or base <= 0 else share.least_fen(base)
            found.append(PeriodShare(first, last, base, due))
    paid = sum(move.fen for move in transferred)
    return RevenueShare(
        code, name, on, rule, of_balance, tuple(_with_payments(found, transferred, on, of_balance)), paid, waived
    )


def _moves(entries: Iterable[data.Directive], on: date) -> Iterator[_Move]:
    """Posted legs of public revenue until `on`, debit positive."""
    for entry in entries:
        if isinstance(entry, data.Transaction) and entry.flag == POSTED and entry.date <= on:
            for name, number in named_legs(entry):
                if name.fund_kind == "G":
                    code = "bank" if name.is_kept_elsewhere else f"{name.subject.root} {name.subject.code}"
                    yield _Move(entry.date, code, to_fen(number))


def _periods(start: date, on: date, months: int) -> Iterator[tuple[date, date]]:
    """Whole periods of the calendar that end before `on`; the first begins with the books."""
    month = Month.of(start)
    while True:
        end = month.shift((-month.number) % months)
        if end.last_day >= on:
            return
        yield max(start, month.first_day), end.last_day
        month = end.next


def _income(moves: Sequence[_Move], first: date, last: date) -> int:
    """Income less reasonable cost (民法典 2021 art. 282: 扣除合理成本之后属于业主共有)."""
    return -sum(
        move.fen for move in moves if first <= move.day <= last and _earns(move.code)
    )


def _earns(code: str) -> bool:
    return code.startswith("Income") or code == "Expenses 5001"


def _balance(moves: Sequence[_Move], last: date) -> int:
    return sum(move.fen for move in moves if move.code == "bank" and move.day <= last)


def _waived(applied: Sequence[Applied], state: Households | None) -> str:
    """Why nothing is owed: the fund is full enough, or not low enough."""
    if state is None:
        return ""
    standing = state.status < LOST
    held, first = int(state.balance_fen[standing].sum()), int(state.first_deposit_fen[standing].sum())
    if value_of(applied, "revenue.share_stops_at", str) == "first_deposit" and first and held >= first:
        return "维修资金已达到首期交存金额，可以停止补充"
    if value_of(applied, "revenue.share_when", str) == "below_renew_line" and not below_line(state):
        return "没有分户账低于续交线，不要求补充"
    return ""


def _with_payments(
    periods: Sequence[PeriodShare], payments: Sequence[_Move], on: date, of_balance: bool
) -> Iterator[PeriodShare]:
    left = [(move.day, move.fen) for move in sorted(payments, key=lambda move: move.day)]
    for period in periods:
        paid, last_paid, rest = 0, None, []
        since = period.last if of_balance else date.min
        for day, fen in left:
            took = min(fen, period.due_fen - paid) if day > since else 0
            paid += took
            last_paid = day if took else last_paid
            if fen > took:
                rest.append((day, fen - took))
        left = rest
        until = on if paid < period.due_fen else last_paid
        late = max((until - period.last).days, 0) if until is not None and period.due_fen else 0
        yield replace(period, paid_fen=paid, last_paid=last_paid, days_late=late)
