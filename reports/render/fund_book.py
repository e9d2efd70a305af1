"""What the Excel files of the fund's papers share: a workbook whose bytes depend on its contents only, and a sheet
filled from the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ..issuer import Issuer

_FONT = "Noto Sans SC"
_MONEY = '#,##0.00;-#,##0.00;"—"'
_AREA = "#,##0.00"


@dataclass(slots=True)
class Book:
    """A workbook being made; `finish` gives its bytes."""

    title: str
    issuer: Issuer
    day: date
    out: BytesIO = field(default_factory=BytesIO)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    book: Any = None

    def __post_init__(self) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.out, options)
        created = datetime(self.day.year, self.day.month, self.day.day)  # noqa: DTZ001 - Excel knows no time zone
        self.book.set_properties({"title": self.title, "author": self.issuer.street, "created": created})

    def style(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": _FONT, "font_size": 11} | look)
        return self.formats[key]

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """A new sheet, set up to print on A4, as wide as one page."""
        made = self.book.add_worksheet(name)
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        street = self.issuer.street.replace("&", "&&")
        made.set_footer(f"&L{street}&C第 &P 页　共 &N 页&R{self.issuer.compound}")
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        sheet = Sheet(self, made, len(widths))
        sheet.title(f"{self.issuer.compound_name}　{self.title}")
        return sheet

    def finish(self) -> bytes:
        self.book.close()
        return self.out.getvalue()


@dataclass(slots=True)
class Sheet:
    """`row` counts from 0, as xlsxwriter does."""

    book: Book
    sheet: Any
    columns: int
    row: int = 0

    def title(self, words: str) -> None:
        look = self.book.style(font_size=18, bold=True, align="center")
        self.sheet.merge_range(0, 0, 0, self.columns - 1, words, look)
        self.sheet.set_row(0, 30)
        self.row = 1

    def text(self, column: int, words: str, **look: Any) -> None:
        if words:
            self.sheet.write_string(self.row, column, words, self.book.style(**look))

    def words(self, *words: str, **look: Any) -> None:
        """A line of texts, one in each column."""
        for column, text in enumerate(words):
            self.text(column, text, **look)
        self.row += 1

    def heads(self, *titles: str, repeated: bool = False) -> None:
        """A line of column titles; `repeated` on every printed page, and kept in sight."""
        if repeated:
            self.sheet.repeat_rows(self.row)
            self.sheet.freeze_panes(self.row + 1, 1)
        self.words(*titles, bold=True, bottom=1, text_wrap=True)

    def money(self, column: int, fen: int, formula: str = "", **look: Any) -> None:
        """An amount, or a formula with the amount that readers without a calculator see."""
        self._number(column, Decimal(fen).scaleb(-2), formula, num_format=_MONEY, align="right", **look)

    def area(self, column: int, dm2: int, formula: str = "", **look: Any) -> None:
        self._number(column, Decimal(dm2).scaleb(-2), formula, num_format=_AREA, align="right", **look)

    def _number(self, column: int, number: Decimal, formula: str, **look: Any) -> None:
        style = self.book.style(**look)
        if formula:
            self.sheet.write_formula(self.row, column, formula, style, number)
        else:
            self.sheet.write_number(self.row, column, number, style)

    def sum_above(self, column: int, first: int, fen: int, *, area: bool = False) -> None:
        """The sum of a column from row `first` (from 0) to the row above this one."""
        name = xl_col_to_name(column)
        formula = f"=SUM({name}{first + 1}:{name}{self.row})" if self.row > first else "=0"
        (self.area if area else self.money)(column, fen, formula, bold=True, top=1)
