"""The Excel file and the plain text."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from jiezhang.domain.money import show
from reports.disclosure import Disclosure, code_text
from reports.render.disclosure_text import columns_of, render_text
from reports.render.disclosure_xlsx import render_xlsx


def rows(data: bytes, *, formulas: bool = False, sheet: int = 0) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    return list(book.worksheets[sheet].iter_rows(values_only=True))


def yuan(cell: object) -> Decimal:
    return Decimal(str(cell)).quantize(Decimal("0.01"))


@pytest.fixture(params=["small", "large"])
def made(request: pytest.FixtureRequest) -> Disclosure:
    chosen: Disclosure = request.getfixturevalue(request.param)
    return chosen


def test_totals_are_formulas_with_the_value_beside_them(made: Disclosure) -> None:
    data = render_xlsx(made)
    cached = {r[0]: (yuan(r[2]), yuan(r[3])) for r in rows(data) if r[0] and r[2] is not None and r[3] not in (None, "")
              and not isinstance(r[2], str)}
    formulas = {r[0]: r[2] for r in rows(data, formulas=True) if r[0] and str(r[2]).startswith("=")}
    for section in made.sections:
        assert cached[section.total_title] == (section.month, section.year)
        assert formulas[section.total_title].startswith("=")
    assert cached["公共收益净额（收入减合理成本）"] == (made.net_income, made.net_income_year)
    assert formulas["期末结余"].startswith("=C")


def test_formulas_add_up_to_the_value(made: Disclosure) -> None:
    """A second, simpler calculator: every formula of column C, worked out from the plain cells."""
    data = render_xlsx(made)
    plain, cached = rows(data, formulas=True), rows(data)
    for row, shown in zip(plain, cached, strict=True):
        if str(row[2]).startswith("="):
            assert _work_out(str(row[2]), plain) == yuan(shown[2])


def _work_out(formula: str, plain: list[tuple[Any, ...]]) -> Decimal:
    body = formula.removeprefix("=")
    if body == "0":
        return Decimal("0.00")
    if body.startswith("SUM("):
        first, last = (int(cell[1:]) for cell in body[4:-1].split(":"))
        return sum((yuan(plain[at - 1][2]) for at in range(first, last + 1)), Decimal(0))
    total = Decimal(0)
    for term in body.replace("-", "+-").split("+"):
        cell = plain[int(term.lstrip("-")[1:]) - 1][2]
        worth = _work_out(cell, plain) if str(cell).startswith("=") else yuan(cell)
        total += -worth if term.startswith("-") else worth
    return total


def test_the_workbook_is_the_same_bytes_and_prints_on_a4(small: Disclosure) -> None:
    data = render_xlsx(small)
    assert data == render_xlsx(small)
    setup = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert (setup.page_setup.paperSize, setup.page_setup.orientation) == (9, "portrait")
    assert b'<pageSetUpPr fitToPage="1"/>' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_months_before_the_books_are_empty_cells(small: Disclosure) -> None:
    history = rows(render_xlsx(small), sheet=1)
    assert history[1] == ("2025年11月", None, None)
    assert history[-1] == ("2026年10月", 20000, 8900)


def test_words_that_look_like_formulas_stay_words(small: Disclosure) -> None:
    data = render_xlsx(dataclasses.replace(small, contact="=1+1"))
    assert "小区：=1+1" in {r[0] for r in rows(data, formulas=True)}


def test_the_text_lines_up_and_holds_the_figures(small: Disclosure) -> None:
    lines = render_text(small).splitlines()
    ends = {columns_of(line) for line in lines[4:8]}
    assert ends == {54}
    assert lines[7].endswith(show(small.closing))
    assert f"核对码 {code_text(small)}" in lines
    assert "与对账单核对：银行一致，支付平台一致（银行账面 120,693.50，银行对账单 120,693.50，相差 0.00）" in lines
