"""All household statements of a compound as an Excel file: a row for each household, and a sheet of every line.

Closing balances and totals are formulas with their values beside them, so that a reviewer can follow the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from jiezhang.domain.money import from_fen
from jiezhang.domain.problem import Refused

from ..household_statement import HouseholdStatement
from .household_words import FUND, STATEMENT_TITLE, nature_words, period_words

_FONT = "Noto Sans SC"
_MONEY = "#,##0.00"
_HEAD_ROW = 3
"""Where both sheets have their column titles, from 0."""

_ABOUT = (("户号", 14), ("房屋", 20), ("业主", 10), ("性质", 18), ("建筑面积（㎡）", 14), ("首期交存", 14))
_FIGURES = ("期初余额", "交存", "收益", "维修", "其他", "期末余额", "续交线", "补足要交")
_LINES = (
    ("户号", 14), ("日期", 12), ("凭证", 12), ("事项", 36), ("收进", 14), ("用出", 14), ("余额", 14), ("怎样算的", 90),
)


def render_xlsx(statements: Sequence[HouseholdStatement]) -> bytes:
    """Two sheets, `各户` and `明细`; the same values give the same bytes. `Refused` when there is nothing to write."""
    if not statements:
        raise Refused("没有分户账可以打印")
    out, one = BytesIO(), statements[0]
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"{one.issuer.compound_name}{FUND}{STATEMENT_TITLE}"
    book.set_properties({
        "title": title,
        "author": one.issuer.street,
        "created": datetime(one.last.year, one.last.month, one.last.day),  # noqa: DTZ001 - Excel knows no time zone
    })
    sheets = _Sheets(book, title, f"{period_words(one)}　单位：元")
    _households(sheets, statements)
    _lines(sheets, statements)
    book.close()
    return out.getvalue()


class _Sheets:
    """The workbook's formats, and sheets that look alike."""

    def __init__(self, book: Any, title: str, under: str) -> None:
        self.book, self.title, self.under = book, title, under
        base = {"font_name": _FONT, "font_size": 11}
        self.heading = book.add_format(base | {"bold": True, "font_size": 16})
        self.text = book.add_format(base)
        self.head = book.add_format(base | {"bold": True, "border": 1, "bg_color": "#EEEEEE", "align": "center"})
        self.cell = book.add_format(base | {"border": 1})
        self.money = book.add_format(base | {"border": 1, "num_format": _MONEY})
        self.total = book.add_format(base | {"border": 1, "num_format": _MONEY, "bold": True})

    def add(self, name: str, columns: Sequence[tuple[str, int]], rows: int) -> Any:
        """A sheet with title, column titles that stay in sight, and a filter over `rows` rows."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, self.title, self.heading)
        sheet.write_string(1, 0, self.under, self.text)
        for number, (title, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write_string(_HEAD_ROW, number, title, self.head)
        sheet.freeze_panes(_HEAD_ROW + 1, 1)
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + rows, len(columns) - 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_footer("&C第 &P 页　共 &N 页")
        return sheet


def _households(sheets: _Sheets, statements: Sequence[HouseholdStatement]) -> None:
    took_over = any(s.came_fen("received") for s in statements)
    titles = ("交存、接管转入" if took_over and title == "交存" else title for title in _FIGURES)
    columns = (*_ABOUT, *((title, 14) for title in titles))
    sheet = sheets.add("各户", columns, len(statements))
    first = _HEAD_ROW + 1
    for row, s in enumerate(statements, first):
        home = s.home
        for column, text in enumerate((home.code, home.place, home.owner, nature_words(home))):
            sheet.write_string(row, column, text, sheets.cell)
        sheet.write_number(row, 4, home.area_m2, sheets.money)
        figures = (s.first_deposit_fen, s.opening_fen, s.deposits_fen, s.yields_fen, s.spent_fen, s.other_fen)
        for column, fen in enumerate(figures, 5):
            sheet.write_number(row, column, from_fen(fen), sheets.money)
        at = row + 1
        sheet.write_formula(row, 11, f"=G{at}+H{at}+I{at}-J{at}+K{at}", sheets.money, from_fen(s.closing_fen))
        sheet.write_number(row, 12, from_fen(s.line.line_fen), sheets.money)
        sheet.write_number(row, 13, from_fen(s.line.due_fen), sheets.money)
    last = first + len(statements)
    sheet.write_string(last, 0, f"合计 {len(statements)} 户", sheets.total)
    for column in range(1, 4):
        sheet.write_blank(last, column, None, sheets.total)
    sums: list[Decimal] = [sum((s.home.area_m2 for s in statements), Decimal(0))]
    sums += [from_fen(sum(column)) for column in zip(*map(_figures, statements), strict=True)]
    for number, amount in enumerate(sums, 4):
        letter = "ABCDEFGHIJKLMN"[number]
        sheet.write_formula(last, number, f"=SUM({letter}{first + 1}:{letter}{last})", sheets.total, amount)


def _figures(s: HouseholdStatement) -> tuple[int, ...]:
    return (
        s.first_deposit_fen, s.opening_fen, s.deposits_fen, s.yields_fen, s.spent_fen, s.other_fen, s.closing_fen,
        s.line.line_fen, s.line.due_fen,
    )


def _lines(sheets: _Sheets, statements: Sequence[HouseholdStatement]) -> None:
    rows = [(s.home.code, line) for s in statements for line in s.lines]
    sheet = sheets.add("明细", _LINES, len(rows))
    for row, (code, line) in enumerate(rows, _HEAD_ROW + 1):
        for column, text in enumerate((code, str(line.day), line.voucher, line.what)):
            sheet.write_string(row, column, text, sheets.cell)
        for column, fen in ((4, line.in_fen), (5, line.out_fen), (6, line.balance_fen)):
            sheet.write_number(row, column, from_fen(fen), sheets.money)
        sheet.write_string(row, 7, line.how, sheets.cell)
