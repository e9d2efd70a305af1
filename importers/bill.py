"""What the two trade bills share: a table without balances whose totals stand in the file's own footer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow, Totals

from .order import oldest_first
from .source import SourceFile
from .table import HeadRow, Row, header_name


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a bill, by header names."""

    row: Row
    names: dict[str, int]

    def text(self, name: str) -> str:
        """The cell under `name`; empty when the bill has no such column or WeChat wrote `0` for none."""
        return self.row.cell(self.names[name]) if name in self.names else ""

    def raw(self, name: str) -> Decimal:
        """The number under `name` with all its decimals, zero for an empty cell."""
        return raw_number(self.text(name))


def line_of(row: Row, header: Row, names: dict[str, int]) -> Line:
    """`row` by header names; `ValueError` when it has more cells than the header, so that columns may have shifted."""
    if any(row.cells[len(header.cells) :]):
        raise ValueError("这一行的列比表头多，文字里可能夹有分隔符")
    return Line(row, names)


def raw_number(text: str) -> Decimal:
    """A number with as many decimals as the platform wrote; `ValueError` with a sentence when it isn't one."""
    bare = text.replace(",", "").strip()
    if not bare:
        return Decimal(0)
    if not bare.lstrip("-").replace(".", "", 1).isascii() or not bare.lstrip("-").replace(".", "", 1).isdigit():
        raise ValueError(f"金额“{text}”不是数字")
    return Decimal(bare)


def header_index(source: SourceFile, required: frozenset[str]) -> int | None:
    """The index of the header row of a one-sheet source."""
    heads: tuple[HeadRow, ...] = source.head_rows[0] if source.head_rows else ()
    return next((index for index, names in enumerate(heads) if required <= names), None)


def columns(row: Row) -> dict[str, int]:
    """Columns by header name; of two with one name the first counts."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row.cells):
        found.setdefault(header_name(cell), index)
    return found


def each_row(source: SourceFile, rows: Iterable[Row], read: Callable[[Row], None]) -> None:
    """Call `read` on each row; a `ValueError` becomes `Refused` with the row's line."""
    for row in rows:
        try:
            read(row)
        except ValueError as error:
            raise Refused(str(error), source.label, row.line) from error


def check_total(source: SourceFile, line: int, name: str, stated: Decimal, found: Decimal) -> None:
    """`Refused` when a footer's figure isn't the sum of its rows."""
    if stated != found:
        raise Refused(f"{name}不符：文件合计写 {stated}，逐行相加为 {found}", source.label, line)


def bill_statement(
    source: SourceFile, layout: str, account_no: str, rows: list[StatementRow], net: Decimal, currency: str = "CNY"
) -> Statement:
    """A statement without balances. `net` (yuan) is what the footer's figures say the rows come to."""
    return Statement(
        layout=layout,
        source=source.name,
        sha256=source.sha256,
        account_no=account_no,
        holder="",
        currency=currency,
        rows=oldest_first(tuple(rows)),
        totals=Totals(net=net),
    )
