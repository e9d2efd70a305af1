"""What is booked of each statement account, while statements are taken in one after the other.

A statement speaks of every day between its first and its last row: of the days in between it knows every row, of its
first and last day perhaps only some. Book and statement must agree on all of that before anything is added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.money import ZERO, show
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow, balances_after, references

_ONE_DAY = timedelta(days=1)

Looks = tuple[date, Decimal, Decimal]
"""What every export of a row has in common: day, amount and the balance after it."""


_Ends = dict[date, tuple[StatementRow, Decimal]]
"""By day, its last row and the balance after it."""


@dataclass(frozen=True, slots=True)
class Closings:
    """Closing balances: stored ones and just added ones that are overtaken, and the ones now needed."""

    stored: tuple[data.Balance, ...]
    added: tuple[data.Balance, ...]
    needed: tuple[data.Balance, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A statement row in the book; `balance` is what the bank stated after it, where it did."""

    day: date
    amount: Decimal
    balance: Decimal | None


class Booked:
    """Rows, daily movements and closing balances of every account of a ledger."""

    def __init__(self, entries: Sequence[data.Directive]) -> None:
        self._rows: defaultdict[str, dict[str, _Row]] = defaultdict(dict)
        self._days: defaultdict[str, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self._closings: defaultdict[str, dict[date, data.Balance]] = defaultdict(dict)
        self._stored: set[int] = set()
        for entry in entries:
            if isinstance(entry, data.Transaction):
                self._add(entry)
            elif isinstance(entry, data.Balance):
                self._closings[entry.account][entry.date] = entry
                self._stored.add(id(entry))

    def take(
        self, account: str, statement: Statement, entries: Sequence[data.Transaction]
    ) -> list[data.Transaction]:
        """Those of the statement's `entries` that are not booked yet, which count as booked from now on.

        `Refused` when book and statement disagree: a row booked from another kind of file, another balance of a known
        row, rows the book has and the statement hasn't, or the reverse.
        """
        refs, ends = references(statement.rows), _ends(statement)
        self._refuse_other_versions(account, statement, refs)
        known = set(self._rows[account])
        fresh = [entry for entry, ref in zip(entries, refs, strict=True) if ref not in known]
        for entry in fresh:
            self._add(entry)
        if ends:  # a bill of sales alone says nothing of the account's other rows
            self._refuse_unknown_rows(account, statement, set(refs))
            self._refuse_other_balances(account, statement, set(refs), ends)
        return fresh

    def close(self, account: str, statement: Statement, closing: Sequence[data.Balance]) -> Closings:
        """The closing balances after `statement` was taken.

        A closing that no longer holds was of an unfinished day; only a statement that itself states the balance of
        that day may replace it, any other is `Refused`.
        """
        stored: list[data.Balance] = []
        added: list[data.Balance] = []
        ends = _ends(statement)
        for day_after, old in list(self._closings[account].items()):
            book = self._balance(account, day_after)
            if old.amount.number == book:
                continue
            if day_after - _ONE_DAY not in ends:
                raise Refused(
                    f"“{account}”导入后 {day_after - _ONE_DAY} 账面余额 {show(book)}，"
                    f"与已经核对过的余额 {show(old.amount.number or ZERO)} 不符，这份文件没有余额，不能改变它",
                    statement.source,
                )
            (stored if id(old) in self._stored else added).append(old)
            del self._closings[account][day_after]
        needed = [
            entry
            for entry in closing
            if entry.date not in self._closings[account] and entry.amount.number == self._balance(account, entry.date)
        ]
        for entry in needed:
            self._closings[account][entry.date] = entry
        return Closings(tuple(stored), tuple(added), tuple(needed))

    def _add(self, entry: data.Transaction) -> None:
        for leg in bank_legs(entry):
            account, ref = row_key(leg)
            assert leg.meta is not None
            if leg.units is not None and leg.units.number is not None:
                self._rows[account][ref] = _Row(entry.date, leg.units.number, leg.meta.get("bank-balance"))
        for posting in entry.postings:
            if posting.units is not None and posting.units.number is not None:
                self._days[posting.account][entry.date] += posting.units.number

    def _balance(self, account: str, before: date) -> Decimal:
        """Book balance at the start of day `before`."""
        return sum((amount for day, amount in self._days[account].items() if day < before), ZERO)

    def _refuse_other_versions(self, account: str, statement: Statement, refs: Sequence[str]) -> None:
        booked, own = self._rows[account], set(refs)
        others = Counter(_looks(row) for ref, row in booked.items() if ref not in own)
        for row, ref, balance in zip(statement.rows, refs, balances_after(statement), strict=True):
            known = booked.get(ref)
            if balance is None:
                continue
            if known is None and others[row.date, row.amount, balance]:
                said = f"{row.date} 的 {show(row.amount)}（余额 {show(balance)}）已由另一种对账单入账，不得重复入账"
                raise Refused(said, statement.source, row.line)
            if known is not None and known.balance not in (None, balance):
                said = f"流水 {ref} 已经入账，但余额不同：这里写 {balance}，入账时为 {known.balance}"
                raise Refused(said, statement.source, row.line)

    def _refuse_unknown_rows(self, account: str, statement: Statement, refs: set[str]) -> None:
        """Between its first and last day a statement has every row; the book may have no other."""
        first, last = statement.rows[0].date, statement.rows[-1].date
        for ref, row in self._rows[account].items():
            if first < row.day < last and ref not in refs:
                said = f"账簿在 {row.day} 有一笔 {show(row.amount)}（流水 {ref}），这份对账单里没有，请先查明"
                raise Refused(said, statement.source)

    def _refuse_other_balances(self, account: str, statement: Statement, refs: set[str], ends: _Ends) -> None:
        rows = statement.rows
        for day, (row, balance) in ends.items():
            book = self._balance(account, day + _ONE_DAY)
            if book == balance or (day == rows[-1].date and self._goes_on(account, statement, refs, balance)):
                continue
            raise Refused(
                f"“{account}”导入后 {day} 账面余额 {show(book)}，对账单余额 {show(balance)}："
                f"{rows[0].date} 以前的对账单可能还没有导入，或账簿里有对账单没有的分录",
                statement.source,
                row.line,
            )

    def _goes_on(self, account: str, statement: Statement, refs: set[str], closing: Decimal) -> bool:
        """Whether the book knows later rows of the statement's last day, and agrees with it up to them."""
        last = statement.rows[-1]
        later = any(row.day == last.date and ref not in refs for ref, row in self._rows[account].items())
        moved = sum((row.amount for row in statement.rows if row.date == last.date), ZERO)
        return later and self._balance(account, last.date) == closing - moved


def _looks(row: _Row) -> Looks | None:
    return None if row.balance is None else (row.day, row.amount, row.balance)


def _ends(statement: Statement) -> _Ends:
    """The last row of each day and the balance after it; nothing when the statement does not know every balance."""
    balances = balances_after(statement)
    if None in balances:
        return {}
    return {
        row.date: (row, balance)
        for row, balance in zip(statement.rows, balances, strict=True)
        if balance is not None
    }
