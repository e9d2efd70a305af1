"""The maintenance fund's statements (财会〔2020〕7号: 会住维01, 02, 03 and notes) as values.

A cell holds `Decimal` yuan with two places and the postings it is the sum of: whole ones, or the part of one that is of
its column. The bank deposits of one nature, in an account that two share, are the sum of that nature's claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month

Nature = Literal["commercial", "public", "common", "unsplit"]
"""商品住宅, 已售公有住房; `common` what both own and nobody's account has yet; `unsplit` where there is no household
ledger and the vouchers do not say which of the two."""

NATURE_NAMES: dict[Nature, str] = {
    "commercial": "商品住宅",
    "public": "已售公有住房",
    "common": "共有待分配",
    "unsplit": "性质未分",
}

FormKey = Literal["01", "02", "03"]
RowKind = Literal["section", "plain", "total", "grand"]


class Source(NamedTuple):
    """One posting of a cell: where it stands, and what it adds to the cell, in yuan with the cell's sign."""

    file: str
    line: int
    voucher: str
    account: str
    amount: Decimal

    @property
    def negated(self) -> Source:
        return self._replace(amount=-self.amount)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and its postings; `amount` is their sum, never minus zero."""

    amount: Decimal
    sources: tuple[Source, ...]


def cell_of(sources: Iterable[Source]) -> Cell:
    """The cell that `sources` add up to."""
    found = tuple(sources)
    return Cell(sum((source.amount for source in found), ZERO) + 0, found)


def trace(cell: Cell) -> tuple[Source, ...]:
    """The postings of `cell`, by file and line; their amounts add up to it."""
    return tuple(sorted(cell.sources, key=lambda s: (s.file, s.line, s.account)))


@dataclass(frozen=True, slots=True)
class Column:
    """`group` is the heading over several columns; `adds` the keys of the columns a total column adds up;
    `mark` a key of `FOOTNOTES`."""

    key: str
    group: str
    title: str
    adds: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a form. `adds` are the rows a total adds up, a leading `-` takes away; `mark` a key of `FOOTNOTES`."""

    key: str
    title: str
    kind: RowKind
    adds: tuple[str, ...]
    mark: str
    cells: tuple[Cell, ...]
    """One for each column; none in a section's heading."""


@dataclass(frozen=True, slots=True)
class Form:
    """One statement. `period` is what the heading says: a day for 01, a month for 02, the year so far for 03."""

    key: FormKey
    number: str
    title: str
    period: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def cell(self, row: str, column: str) -> Cell:
        """The cell at `row` and `column` (keys); an empty one where the form has no such row or column."""
        at = next((n for n, c in enumerate(self.columns) if c.key == column), None)
        line = next((line for line in self.lines if line.key == row and line.cells), None)
        return line.cells[at] if line is not None and at is not None else Cell(ZERO, ())

    @property
    def marks(self) -> tuple[str, ...]:
        """The footnotes this form needs: its own, its columns', its rows', in the order of reading."""
        marked = [*(column.mark for column in self.columns), *(line.mark for line in self.lines)]
        return tuple(dict.fromkeys(["form" + self.key, *filter(None, marked)]))


class Ref(NamedTuple):
    """The place of a cell: form, row, column."""

    form: FormKey
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equality: what it is called, its figure, and the cells that it adds up (none: not of a form)."""

    name: str
    amount: Decimal
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A named equality, printed at the foot of `form`; `right` is `None` when there is nothing to compare with."""

    form: FormKey
    left: Side
    right: Side | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.right is None else self.left.amount - self.right.amount

    @property
    def holds(self) -> bool | None:
        """`None` when there was nothing to compare with."""
        return None if self.right is None else not self.difference


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A row of a note's table: what, some words about it, and a cell for each of the note's figures."""

    title: str
    remark: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One section of the notes (附注): sentences, then a table whose figures have the titles `heads`."""

    title: str
    texts: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[NoteRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FundStatements:
    """The statements of one compound's fund for one month."""

    street: str
    compound: str
    """`C0007`."""
    compound_name: str
    month: Month
    natures: tuple[Nature, ...]
    """The natures that have columns: two, and `common` or `unsplit` where something is so."""
    balance_sheet: Form
    income: Form
    net_assets: Form
    notes: tuple[Note, ...]
    checks: tuple[Check, ...]
    waiting: int
    """Rows that wait to be completed or posted; with any, the statements are a draft."""

    @property
    def forms(self) -> tuple[Form, Form, Form]:
        return self.balance_sheet, self.income, self.net_assets

    def form(self, key: FormKey) -> Form:
        return next(form for form in self.forms if form.key == key)

    def checks_of(self, key: FormKey) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.form == key)

    @property
    def failing(self) -> tuple[Check, ...]:
        """The equalities that do not hold."""
        return tuple(check for check in self.checks if check.holds is False)

    @property
    def is_draft(self) -> bool:
        return self.waiting > 0
