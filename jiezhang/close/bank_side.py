"""What the bank says of one account, from all its kept files together: each row once, in the bank's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from jiezhang.domain.money import show
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Entry
from jiezhang.domain.statement import Statement, balances_after, references

Contradiction = tuple[Literal["edited_file", "doubled", "missing_file"], Entry, str]
"""What files that contradict each other come to: a kind of difference, the row where it shows, a sentence."""

StoredStatement = tuple[str, Statement]
"""File path relative to the compound's folder, and a statement read from it."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row with the balance after it, where the bank states one."""

    entry: Entry
    balance: Decimal | None


@dataclass(frozen=True, slots=True)
class BankSide:
    """All rows oldest first; `opening` before the first; sentences about files that contradict each other."""

    opening: Decimal | None
    rows: tuple[BankRow, ...]
    faults: tuple[Contradiction, ...]

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The sentences alone."""
        return tuple(said for _, _, said in self.faults)

    def balance_at(self, day: date) -> Decimal | None:
        """The balance at the end of `day`: the last one stated, and what moved after it; `None` if none was."""
        balance = self.opening
        for row in self.rows:
            if row.entry.date <= day:
                moved = None if balance is None else balance + row.entry.amount
                balance = moved if row.balance is None else row.balance
        return balance


def merge(stored: Sequence[StoredStatement]) -> BankSide:
    """The statements of one account as one. Those with balances come first: their order is proven.

    A row in two files counts once. Told of are: two balances for one row; one row under two references; a balance
    that does not follow from the row before, because rows between two files are missing.
    """
    rows: dict[str, BankRow] = {}
    said: list[Contradiction] = []
    ordered = sorted(stored, key=_order)
    for name, statement in ordered:
        for ref, row in _rows(name, statement).items():
            known = rows.get(ref)
            if known is None:
                rows[ref] = row
            elif known.balance is None:
                rows[ref] = BankRow(known.entry, row.balance)
            elif row.balance not in (None, known.balance):
                said.append((
                    "edited_file", row.entry,
                    f"{_place(known)} 与 {_place(row)} 是同一笔流水，余额却不同",
                ))
    found = _by_day(rows)
    first = ordered[0][1] if ordered else None
    opening = first.opening if first is not None else None
    return BankSide(opening, found, tuple(said + _twins(found) + _breaks(found)))


def covers(stored: Sequence[StoredStatement], month: Month) -> bool:
    """Whether some statement reaches into `month`: by a row in it or after it, or by the days it says it covers."""
    return any(
        any(row.date >= month.first_day for row in statement.rows)
        or (statement.period is not None and statement.period[1] >= month.first_day)
        for _, statement in stored
    )


def _order(stored: StoredStatement) -> tuple[bool, date, date, str]:
    name, statement = stored
    days = [row.date for row in statement.rows] or [date.max]
    return None in balances_after(statement), days[0], days[-1], name


def _rows(name: str, statement: Statement) -> dict[str, BankRow]:
    return {
        ref: BankRow(Entry(ref, row.date, row.amount, _text(row.counterparty, row.summary), name, row.line), balance)
        for ref, row, balance in zip(
            references(statement.rows), statement.rows, balances_after(statement), strict=True
        )
    }


def _text(*words: str) -> str:
    return " ".join(filter(None, words))


def _by_day(rows: dict[str, BankRow]) -> tuple[BankRow, ...]:
    """By day; within a day in the files' order, which the balances proved, never by a clock the bank may not keep."""
    return tuple(sorted(rows.values(), key=lambda row: row.entry.date))


def _twins(rows: Sequence[BankRow]) -> list[Contradiction]:
    """Rows of different files that differ in reference only: one row that may have been booked twice."""
    seen: dict[tuple[date, Decimal, Decimal], BankRow] = {}
    said: list[Contradiction] = []
    for row in rows:
        if row.balance is not None:
            looks = row.entry.date, row.entry.amount, row.balance
            other = seen.setdefault(looks, row)
            if other.entry.file != row.entry.file:
                said.append((
                    "doubled", row.entry,
                    f"{_place(other)} 与 {_place(row)} 像是同一笔流水，编号却不同，可能重复入账",
                ))
    return said


def _breaks(rows: Sequence[BankRow]) -> list[Contradiction]:
    """Places where a later file does not go on from where an earlier one ended."""
    said: list[Contradiction] = []
    stated = [row for row in rows if row.balance is not None]
    for before, after in pairwise(stated):
        if before.entry.file == after.entry.file:
            continue
        opens = (after.balance or Decimal(0)) - after.entry.amount
        if opens != before.balance:
            closed = show(before.balance or Decimal(0))
            said.append((
                "missing_file", after.entry,
                f"{_place(before)} 之后余额 {closed}，{_place(after)} 之前余额 {show(opens)}，中间缺对账单",
            ))
    return said


def _place(row: BankRow) -> str:
    return f"{row.entry.file} 第 {row.entry.line} 行"
