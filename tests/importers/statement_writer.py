"""Statements written the way each bank writes them: the other direction of the importers, for tests only.

A `Form` says which layout it writes, what of a row that layout can carry, and how the file looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from file_grids import Grid, Wrap

from jiezhang.domain.statement import StatementRow


@dataclass(frozen=True)
class Book:
    """What a bank knows of an account for a while. Rows oldest first, `line` 0, balances filled."""

    account_no: str
    holder: str
    opening: Decimal
    rows: tuple[StatementRow, ...]
    period: tuple[date, date]

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((row.amount for row in self.rows), Decimal(0))

    def sums(self) -> tuple[int, Decimal, int, Decimal]:
        into = [row.amount for row in self.rows if row.amount > 0]
        out = [-row.amount for row in self.rows if row.amount < 0]
        return len(into), sum(into, Decimal("0.00")), len(out), sum(out, Decimal("0.00"))


Carry = Callable[[StatementRow], StatementRow]


@dataclass(frozen=True)
class Form:
    """`above`, `heads`, `cells` and `below` give the rows of the grid; `wrap` makes a file of it."""

    layout: str
    suffix: str
    wrap: Wrap
    heads: tuple[tuple[str, ...], ...]
    cells: Callable[[Book, StatementRow, int], list[object]]
    above: Callable[[Book], Grid] = lambda book: []
    below: Callable[[Book], Grid] = lambda book: []
    carry: Carry = lambda row: row
    account_no: bool = True
    holder: bool = True
    period: bool = False
    newest_first: bool = False

    def carried(self, book: Book) -> Book:
        """`book` without what the layout has no place for."""
        return replace(
            book,
            rows=tuple(self.carry(row) for row in book.rows),
            account_no=book.account_no if self.account_no else "",
            holder=book.holder if self.holder else "",
        )

    def render(self, book: Book) -> bytes:
        body = [self.cells(book, row, number) for number, row in enumerate(book.rows, 1)]
        if self.newest_first:
            body.reverse()
        return self.wrap([*self.above(book), *self.heads, *body, *self.below(book)])

    def lines(self, book: Book) -> list[int]:
        """The file line of each row of `book`."""
        first = len(self.above(book)) + len(self.heads) + 1
        numbers = list(range(first, first + len(book.rows)))
        return numbers[::-1] if self.newest_first else numbers


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def into(row: StatementRow, none: str = "") -> str:
    return money(row.amount) if row.amount > 0 else none


def out(row: StatementRow, none: str = "") -> str:
    return money(-row.amount) if row.amount < 0 else none


def balance(row: StatementRow) -> str:
    assert row.balance is not None
    return money(row.balance)


def moment(row: StatementRow) -> str:
    return f"{row.date} {row.time}"


def compact(row: StatementRow) -> str:
    return f"{row.date:%Y%m%d}"


def span(book: Book) -> str:
    return f"{book.period[0]:%Y%m%d}-{book.period[1]:%Y%m%d}"


def no_serial(row: StatementRow) -> StatementRow:
    return replace(row, serial="")
