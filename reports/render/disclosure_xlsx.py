"""The statement as an Excel file whose totals are formulas: an owner can follow every sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from ..disclosure_code import code_text
from ..disclosure_value import Disclosure, Section
from ..wording import day_name, month_name, voucher_ranges
from .disclosure_words import (
    TITLE,
    asking_words,
    check_words,
    draft_words,
    opening_note,
    place_name,
    place_note,
    remainder_rows,
    year_title,
)

_FONT = "Noto Sans SC"
_COLUMNS = ((0, 26), (1, 34), (2, 17), (3, 17), (4, 24))
_MONTH, _YEAR = 2, 3


def render_xlsx(disclosure: Disclosure) -> bytes:
    """The statement and its twelve months as a workbook; the same value gives the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"{disclosure.compound_name}{month_name(disclosure.month)}{TITLE}"
    day = disclosure.posted_from
    book.set_properties({
        "title": title,
        "author": disclosure.street,
        "comments": code_text(disclosure),
        "created": datetime(day.year, day.month, day.day),  # noqa: DTZ001 - Excel knows no time zone
    })
    sheet = _Sheet(book, book.add_worksheet(TITLE))
    _print_setup(sheet.sheet, disclosure)
    _head(sheet, disclosure)
    _items(sheet, disclosure)
    _places(sheet, disclosure)
    for line in [*asking_words(disclosure), f"核对码 {code_text(disclosure)}"]:
        sheet.text(0, line)
        sheet.row += 1
    _history(_Sheet(book, book.add_worksheet("近十二个月")), disclosure)
    book.close()
    return out.getvalue()


@dataclass(slots=True)
class _Sheet:
    """A sheet being filled from the top, and the formats it uses."""

    book: Any
    sheet: Any
    row: int = 0
    formats: dict[tuple[bool, bool], Any] = field(default_factory=dict)

    def style(self, bold: bool, money: bool) -> Any:
        if (bold, money) not in self.formats:
            look: dict[str, Any] = {"font_name": _FONT, "font_size": 11, "bold": bold}
            look |= {"num_format": "#,##0.00", "align": "right"} if money else {}
            look |= {"top": 1} if bold and money else {}
            self.formats[bold, money] = self.book.add_format(look)
        return self.formats[bold, money]

    def text(self, column: int, text: str, bold: bool = False) -> None:
        if text:
            self.sheet.write_string(self.row, column, text, self.style(bold, False))

    def money(self, column: int, amount: Decimal, bold: bool = False) -> None:
        self.sheet.write_number(self.row, column, amount, self.style(bold, True))

    def formula(self, column: int, formula: str, amount: Decimal) -> None:
        """A total; `amount` is what readers without a calculator see."""
        self.sheet.write_formula(self.row, column, formula, self.style(True, True), amount)


def _print_setup(sheet: Any, disclosure: Disclosure) -> None:
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    street = disclosure.street.replace("&", "&&")
    sheet.set_footer(f"&L{street}&C第 &P 页　共 &N 页&R{disclosure.compound} {disclosure.month}")
    for column, width in _COLUMNS:
        sheet.set_column(column, column, width)


def _head(sheet: _Sheet, disclosure: Disclosure) -> None:
    d = disclosure
    large = sheet.book.add_format({"font_name": _FONT, "font_size": 20, "bold": True, "align": "center"})
    sheet.sheet.merge_range(0, 0, 0, 4, f"{d.compound_name}　{month_name(d.month)}　{TITLE}", large)
    sheet.sheet.set_row(0, 34)
    sheet.row = 1
    check = check_words(d)
    lines = [(draft_words(d), "")] if d.is_draft else []
    lines += [
        (f"小区编号 {d.compound}", f"社区 {d.community}"),
        (f"地址 {d.address}", f"物业企业 {d.manager}"),
        (f"公示期 {day_name(d.posted_from)}至{day_name(d.posted_to)}", ""),
        (f"与对账单核对：{'，'.join(check.verdicts)}", "，".join(f"{name} {amount}" for name, amount in check.rows)),
    ]
    for left, right in lines:
        sheet.text(0, left, bold=left.startswith(("草稿", "与对账单")))
        if right:
            sheet.text(2, right)
        sheet.row += 1
    sheet.row += 1


def _items(sheet: _Sheet, disclosure: Disclosure) -> None:
    d = disclosure
    for column, title in enumerate(("项目", "对方、合同", "本月金额（元）", year_title(d), "凭证号")):
        sheet.text(column, title, bold=True)
    sheet.sheet.repeat_rows(sheet.row)
    sheet.row += 1
    sheet.text(1, opening_note(d))
    _amounts(sheet, "期初结余", d.opening, d.opening_year)
    first = sheet.row
    totals = {section.key: _section(sheet, section) for section in d.sections}
    _amounts(sheet, "以前年度调整", d.adjustment, d.adjustment_year)
    adjustment = sheet.row
    spent = [row for key, row in totals.items() if key != "income"]
    income, cost = totals["income"], totals["cost"]
    _sums(sheet, "公共收益净额（收入减合理成本）", [income], [cost], d.net_income, d.net_income_year)
    _sums(sheet, "期末结余", [first, income, adjustment], spent, d.closing, d.closing)
    sheet.row += 1


def _amounts(sheet: _Sheet, title: str, month: Decimal, year: Decimal) -> None:
    sheet.text(0, title, bold=True)
    sheet.money(_MONTH, month)
    sheet.money(_YEAR, year)
    sheet.row += 1


def _section(sheet: _Sheet, section: Section) -> int:
    """The section's rows; returns the number (from 1, as Excel counts) of its total's row."""
    sheet.text(0, section.title, bold=True)
    sheet.row += 1
    first = sheet.row + 1
    for line in section.lines:
        sheet.text(0, line.item)
        sheet.text(1, " ".join(filter(None, (line.party, line.contract, line.term))))
        sheet.money(_MONTH, line.month)
        sheet.money(_YEAR, line.year)
        sheet.text(4, voucher_ranges(line.vouchers))
        sheet.row += 1
    sheet.text(0, section.total_title, bold=True)
    for column, amount in ((_MONTH, section.month), (_YEAR, section.year)):
        letter = "ABCDE"[column]
        sheet.formula(column, f"=SUM({letter}{first}:{letter}{sheet.row})" if section.lines else "=0", amount)
    sheet.row += 1
    return sheet.row


def _sums(sheet: _Sheet, title: str, plus: list[int], minus: list[int], month: Decimal, year: Decimal) -> None:
    sheet.text(0, title, bold=True)
    for column, amount in ((_MONTH, month), (_YEAR, year)):
        letter = "ABCDE"[column]
        terms = "+".join(f"{letter}{row}" for row in plus) + "".join(f"-{letter}{row}" for row in minus)
        sheet.formula(column, f"={terms}", amount)
    sheet.row += 1


def _places(sheet: _Sheet, disclosure: Disclosure) -> None:
    for column, title in enumerate(("月末资金存放", "账号、户名", "账面（元）", "对账单（元）", "相差（元）")):
        sheet.text(column, title, bold=True)
    sheet.row += 1
    first = sheet.row + 1
    for place in disclosure.places:
        sheet.text(0, place_name(place))
        sheet.text(1, place_note(place))
        sheet.money(2, place.book)
        if place.stated is not None and place.difference is not None:
            sheet.money(3, place.stated)
            sheet.formula(4, f"=D{sheet.row + 1}-C{sheet.row + 1}", place.difference)
        sheet.row += 1
    sheet.text(0, "资金合计", bold=True)
    sheet.formula(2, f"=SUM(C{first}:C{sheet.row})" if disclosure.places else "=0", disclosure.held)
    sheet.row += 1
    held, terms = sheet.row, ""
    for title, amount in remainder_rows(disclosure):
        sheet.text(0, title)
        sheet.money(2, amount)
        sheet.row += 1
        terms += f"-C{sheet.row}"
    sheet.text(0, "期末结余", bold=True)
    sheet.formula(2, f"=C{held}{terms}", disclosure.closing)
    sheet.row += 2


def _history(sheet: _Sheet, disclosure: Disclosure) -> None:
    sheet.sheet.set_paper(9)
    sheet.sheet.set_column(0, 2, 18)
    for column, title in enumerate(("月份", "收入（元）", "支出（元）")):
        sheet.text(column, title, bold=True)
    for figures in disclosure.history:
        sheet.row += 1
        sheet.text(0, month_name(figures.month))
        for column, amount in ((1, figures.income), (2, figures.spent)):
            if amount is not None:
                sheet.money(column, amount)
