"""The fund's statements as an Excel file: a sheet for each form, totals and equalities as formulas, and the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from ..fund_value import Check, Form, FundStatements, Line, Note, Ref, Side
from .fund_statements_words import (
    SIGNERS,
    draft_words,
    footnotes,
    fund_name,
    number_words,
    sign,
    verdict,
    whole_title,
)

_FONT = "Noto Sans SC"
_MONEY = '#,##0.00;-#,##0.00;"—"'
_DIFFERENCE = "#,##0.00"
_FIRST_ROW = 5
"""Where the forms' lines begin, from 0."""

Places = Mapping[Ref, str]
"""Where each cell of each form stands, with its sheet: `'会住维01'!B7`."""


def render_xlsx(statements: FundStatements) -> bytes:
    """Three forms and the notes as a workbook; the same value gives the same bytes."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = statements.month.last_day
    book.set_properties({
        "title": whole_title(statements),
        "author": statements.street,
        "created": datetime(day.year, day.month, day.day),  # noqa: DTZ001 - Excel knows no time zone
    })
    places = _places(statements)
    styles: _Styles = _Styles(book)
    for form in statements.forms:
        sheet = _Sheet(book.add_worksheet(_sheet_name(form)), styles)
        _print_setup(sheet.sheet, statements, len(form.columns))
        _head(sheet, statements, form)
        for line in form.lines:
            _line(sheet, form, line, places)
        _foot(sheet, statements, form, places)
    notes = _Sheet(book.add_worksheet("附注"), styles)
    _print_setup(notes.sheet, statements, 3)
    for note in statements.notes:
        _note(notes, note)
    book.close()
    return out.getvalue()


@dataclass(slots=True)
class _Styles:
    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __call__(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": _FONT, "font_size": 11} | look)
        return self.made[key]


@dataclass(slots=True)
class _Sheet:
    """A sheet being filled from the top."""

    sheet: Any
    style: _Styles
    row: int = 0

    def text(self, column: int, text: str, **look: Any) -> None:
        self.sheet.write_string(self.row, column, text, self.style(**look))

    def money(self, column: int, amount: Decimal, formula: str = "", **look: Any) -> None:
        """A figure, or a formula with the figure that readers without a calculator see."""
        style = self.style(**({"num_format": _MONEY, "align": "right"} | look))
        if formula:
            self.sheet.write_formula(self.row, column, "=" + formula, style, amount)
        else:
            self.sheet.write_number(self.row, column, amount, style)


def _sheet_name(form: Form) -> str:
    return f"会住维{form.key}"


def _places(statements: FundStatements) -> dict[Ref, str]:
    return {
        Ref(form.key, line.key, column.key): f"'{_sheet_name(form)}'!{xl_rowcol_to_cell(row, at)}"
        for form in statements.forms
        for row, line in enumerate(form.lines, _FIRST_ROW)
        for at, column in enumerate(form.columns, 1)
    }


def _print_setup(sheet: Any, statements: FundStatements, figures: int) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    street = statements.street.replace("&", "&&")
    sheet.set_footer(f"&L{street}&C第 &P 页　共 &N 页&R{statements.compound} {statements.month}")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, max(figures, 5), 19)


def _head(sheet: _Sheet, statements: FundStatements, form: Form) -> None:
    last = len(form.columns)
    sheet.sheet.merge_range(0, 0, 0, last, form.title, sheet.style(bold=True, font_size=20, align="center"))
    sheet.sheet.set_row(0, 34)
    sheet.row = 1
    sheet.text(0, f"资金名称：{fund_name(statements)}")
    sheet.text(last, number_words(form), align="right")
    sheet.row = 2
    sheet.text(0, f"编制单位：{statements.street}")
    sheet.text(1, form.period)
    if statements.is_draft:
        sheet.text(2, draft_words(statements), bold=True)
    sheet.text(last, "单位：元", align="right")
    look = {"bold": True, "align": "center", "border": 1, "bg_color": "#EEEEEE"}
    at = 1
    while at <= last:
        group = form.columns[at - 1].group
        end = at + sum(column.group == group for column in form.columns) - 1
        if group:
            sheet.sheet.merge_range(3, at, 3, end, group, sheet.style(**look))
        at = end + 1
    sheet.row = 4
    sheet.text(0, "项目", **look)
    for number, column in enumerate(form.columns, 1):
        sheet.text(number, column.title + sign(form, column.mark), **look)
    sheet.sheet.repeat_rows(0, 4)
    sheet.row = _FIRST_ROW


def _line(sheet: _Sheet, form: Form, line: Line, places: Places) -> None:
    look = {"border": 1, "bold": line.kind != "plain"}
    sheet.text(0, ("　" if line.kind == "plain" else "") + line.title + sign(form, line.mark), **look)
    for number, (column, cell) in enumerate(zip(form.columns, line.cells, strict=False), 1):
        if column.adds:
            formula = _sum(places, form, [(line.key, key) for key in column.adds])
        else:
            formula = _sum(places, form, [(key, column.key) for key in line.adds])
        sheet.money(number, cell.amount, formula, **look)
    if not line.cells:
        for number in range(len(form.columns)):
            sheet.text(number + 1, "", **look)
    sheet.row += 1


def _sum(places: Places, form: Form, parts: Sequence[tuple[str, str]]) -> str:
    """`B7+B8-B9` of cells of the same sheet; a row's leading `-` takes away."""
    terms = ""
    for row, column in parts:
        cell = places[Ref(form.key, row.removeprefix("-"), column)].partition("!")[2]
        terms += ("-" if row.startswith("-") else "+") + cell
    return terms.removeprefix("+")


def _foot(sheet: _Sheet, statements: FundStatements, form: Form, places: Places) -> None:
    sheet.row += 1
    for number, signer in enumerate(SIGNERS):
        sheet.text(number * 2, f"{signer}：")
    sheet.row += 2
    for column, title in enumerate(("勾稽核对", "金额", "应等于", "金额", "相差", "结果")):
        sheet.text(column, title, bold=True)
    for check in statements.checks_of(form.key):
        sheet.row += 1
        _check(sheet, check, places)
    sheet.row += 2
    for line in footnotes(form):
        sheet.text(0, line, font_size=9)
        sheet.row += 1


def _check(sheet: _Sheet, check: Check, places: Places) -> None:
    bold = check.holds is False
    sheet.text(0, check.left.name, bold=bold)
    sheet.money(1, check.left.amount, _refer(check.left, places))
    if check.right is not None and check.difference is not None:
        sheet.text(2, check.right.name)
        sheet.money(3, check.right.amount, _refer(check.right, places))
        sheet.money(4, check.difference, f"B{sheet.row + 1}-D{sheet.row + 1}", num_format=_DIFFERENCE, bold=bold)
    sheet.text(5, verdict(check), bold=bold)


def _refer(side: Side, places: Places) -> str:
    """The side's cells added up; a row that the form leaves out is nothing."""
    return "+".join(places[ref] for ref in side.refs if ref in places)


def _note(sheet: _Sheet, note: Note) -> None:
    sheet.text(0, note.title, bold=True)
    sheet.row += 1
    for text in note.texts:
        sheet.text(0, text)
        sheet.row += 1
    if note.rows:
        for column, title in enumerate(("项目", "说明", *note.heads)):
            sheet.text(column, title, bold=True)
        sheet.row += 1
    for row in note.rows:
        sheet.text(0, row.title)
        sheet.text(1, row.remark)
        for column, cell in enumerate(row.cells, 2):
            sheet.money(column, cell.amount)
        sheet.row += 1
    sheet.row += 1
