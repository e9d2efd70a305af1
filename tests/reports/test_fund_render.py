"""The fund's statements on paper, in Excel and as text: every figure, every failing equality, every mark."""

from __future__ import annotations

import dataclasses
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest
from fund_books import BANK, BOTH, YEAR, made, voucher
from nature_books import mixed

from jiezhang.domain.money import show
from reports.fund_forms import FOOTNOTES
from reports.fund_value import FundStatements
from reports.render.canvas import A4_HEIGHT, A4_WIDTH, Page
from reports.render.disclosure_text import columns_of
from reports.render.flow import BOTTOM
from reports.render.fund_form_page import LEFT, RIGHT
from reports.render.fund_statements_pdf import lay_out, render_pdf
from reports.render.fund_statements_text import render_text
from reports.render.fund_statements_words import check_words
from reports.render.fund_statements_xlsx import render_xlsx

AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d(?!\d)")


def large() -> FundStatements:
    """Hundreds of millions, fourteen bank accounts, a hundred repairs, everything that is seldom."""
    banks = [f"1001-工行{n:04d}" for n in range(14)]
    vouchers = [voucher("2026-09-01", f"{bank} 87654321.09 | 4001 -87654321.09") for bank in banks]
    vouchers += [
        voucher("2026-09-02", f"5001:B{n:02d} 1234.56 | {banks[0]} -1234.56", number=f"记-{n:04d}") for n in range(100)
    ]
    return made(*YEAR, *vouchers, dwellings=BOTH)


MADE = {
    "year": lambda: made(*YEAR, dwellings=BOTH, bank={BANK: Decimal("1132.65")}),
    "one nature": lambda: made(voucher("2026-09-01", "1001 9.00 | 4001 -9.00")),
    "empty": lambda: made(),
    "crossed": lambda: made(voucher("2026-09-01", "1001-01商品住宅专户 9.00 | 4001:B02 -9.00"), dwellings=BOTH),
    "large": large,
    "by household": mixed,
}


@pytest.fixture(params=MADE, scope="module")
def statements(request: pytest.FixtureRequest) -> FundStatements:
    return MADE[request.param]()


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def figures(value: FundStatements, form: Any) -> set[str]:
    return {show(c.amount) for line in value.form(form).lines for c in line.cells if c.sources}


def test_each_form_is_a_page_with_its_figures_its_number_and_its_marks(statements: FundStatements) -> None:
    texts = page_texts(render_pdf(statements))
    for text, form in zip(texts, statements.forms, strict=False):
        assert figures(statements, form.key) <= set(AMOUNT.findall(text))
        flat = re.sub(r"\s", "", text)
        assert form.number + "①" in flat
        for words in ("单位负责人", "复核", "制表", "单位：元", "编制单位：", *(FOOTNOTES[m] for m in form.marks)):
            assert words in flat
    assert f"第 {len(texts)} 页　共 {len(texts)} 页" in texts[-1]


def test_no_figure_is_printed_that_the_statements_do_not_hold(statements: FundStatements) -> None:
    for text, form in zip(page_texts(render_pdf(statements)), statements.forms, strict=False):
        checks = {figure for check in statements.checks for figure in AMOUNT.findall(check_words(check))}
        assert set(AMOUNT.findall(text)) <= figures(statements, form.key) | checks


def test_a_failing_equality_is_printed_plainly_everywhere(statements: FundStatements) -> None:
    texts = page_texts(render_pdf(statements))
    for check in statements.failing:
        words = check_words(check)
        assert "≠" in words and "不符，相差" in words
        at = int(check.form) - 1
        assert "！" + words in texts[at].replace("\r\n", "\n")
        assert f"勾稽：{words}" in render_text(statements)
        assert f"{show(check.difference or Decimal(0))} 不符" in "".join(texts[3:])
    assert ("≠" in "".join(texts[:3])) is bool(statements.failing)


def test_some_of_these_books_do_fail() -> None:
    assert [len(MADE[name]().failing) for name in ("year", "one nature", "crossed")] == [1, 0, 2]


def test_many_equalities_are_all_in_the_notes() -> None:
    value = large()
    first, *rest = page_texts(render_pdf(value))
    assert "其余" in first
    notes = re.sub(r"\s", "", "".join(rest[2:]))
    assert all(check.left.name in notes for check in value.checks)


def inside(page: Page) -> bool:
    return all(
        text.x > 0 and text.x + page.fonts.width(text.text, text.size) < page.size[0] and 20 < text.y < page.size[1]
        for text in page.texts
    )


def test_nothing_leaves_its_page_and_nothing_lies_in_the_foot(statements: FundStatements) -> None:
    pages = lay_out(statements)
    assert [page.size for page in pages[:3]] == [(A4_HEIGHT, A4_WIDTH)] * 3
    assert {page.size for page in pages[3:]} == {(A4_WIDTH, A4_HEIGHT)}
    for page in pages:
        assert inside(page)
        own = [text.y for text in page.texts if text.y > 30]
        assert min(own) >= min(42.0, BOTTOM)
    for page in pages[:3]:
        for text in page.texts:
            assert text.x >= LEFT - 0.01
            assert text.x + page.fonts.width(text.text, text.size) <= RIGHT + 0.01


def test_no_two_texts_of_a_form_overlap(statements: FundStatements) -> None:
    for page in lay_out(statements)[:3]:
        boxes = sorted(
            (t.y, t.x, t.x + page.fonts.width(t.text, t.size), t.y + t.size * 0.8, t.text) for t in page.texts
        )
        for n, (_, left, right, top, text) in enumerate(boxes):
            for other in boxes[n + 1 :]:
                apart = other[0] >= top or other[1] >= right - 0.01 or other[2] <= left + 0.01
                assert apart, (text, other[4])


def test_the_same_value_gives_the_same_bytes(statements: FundStatements) -> None:
    assert render_pdf(statements) == render_pdf(statements)
    assert render_xlsx(statements) == render_xlsx(statements)


def test_a_draft_says_so() -> None:
    value = MADE["year"]()
    assert "草稿，有 1 笔待处理" in page_texts(render_pdf(value))[0]
    assert "草稿，有 1 笔待处理" in render_text(value)
    done = dataclasses.replace(value, waiting=0)
    assert "草稿" not in "".join(page_texts(render_pdf(done))) + render_text(done)


def _sheets(data: bytes, formulas: bool) -> dict[str, dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book.worksheets
    }


def _work_out(formula: str, sheet: str, book: dict[str, dict[str, Any]]) -> Decimal:
    """A second, simpler calculator: cells added and taken away."""
    total = Decimal(0)
    for sign, name, cell in re.findall(r"([+-]?)(?:'([^']+)'!)?([A-Z]+\d+)", formula):
        value = book[name or sheet][cell]
        worth = _work_out(value, name or sheet, book) if str(value).startswith("=") else Decimal(str(value))
        total += -worth if sign == "-" else worth
    return total.quantize(Decimal("0.01"))


def test_every_formula_works_out_to_the_figure_beside_it(statements: FundStatements) -> None:
    data = render_xlsx(statements)
    plain, cached = _sheets(data, formulas=True), _sheets(data, formulas=False)
    count = 0
    for sheet, cells in plain.items():
        for place, value in cells.items():
            if str(value).startswith("="):
                assert _work_out(value, sheet, plain) == Decimal(str(cached[sheet][place])).quantize(Decimal("0.01"))
                count += 1
    assert count > 60


def test_the_sheets_hold_the_forms(statements: FundStatements) -> None:
    cached = _sheets(render_xlsx(statements), formulas=False)
    assert list(cached) == ["会住维01", "会住维02", "会住维03", "附注"]
    for form in statements.forms:
        cells = cached[f"会住维{form.key}"]
        for number, line in enumerate(form.lines):
            assert str(cells[f"A{6 + number}"]).strip("　").startswith(line.title)
            for at, cell in enumerate(line.cells):
                assert Decimal(str(cells[f"{'BCDEFGHI'[at]}{6 + number}"])).quantize(cell.amount) == cell.amount


def test_the_text_lines_up(statements: FundStatements) -> None:
    lines = render_text(statements).splitlines()
    totals = [line for line in lines if line.startswith(("资产总计", "负债和净资产总计"))]
    assert len({columns_of(line) for line in totals}) == 1
    for form in statements.forms:
        assert figures(statements, form.key) <= set(AMOUNT.findall("\n".join(lines)))
