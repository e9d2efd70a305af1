"""The code on the household statement reads as its text, lies on nothing and changes nothing else."""

from __future__ import annotations

import dataclasses
from datetime import date

import pypdfium2  # type: ignore[import-untyped]
import pytest
import segno

from jiezhang.domain.problem import Refused
from reports.household_statement import HouseholdStatement, household_statements
from reports.render.canvas import Boxes, Page
from reports.render.flow import BOTTOM, LEFT, RIGHT, TOP
from reports.render.household_statement_pdf import lay_out, render_pdf
from reports.render.owner_code import HEADING, OwnerCode, owner_code
from tests.households.test_statements import COMPOUND, OPENED, STREET, entries, files
from tests.reports.qr_reader import read_code
from tests.reports.test_household_render import CASES, LONG_ISSUER, in_bounds, statement, texts_of

MM = 72 / 25.4
ADDRESS = "https://hedui.example.cn/C0007/check.html#"
PROOF = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[n * n % 31] for n in range(1_485))
TEXT = ADDRESS + PROOF
DOTS = 300 / 72


def with_code(made: HouseholdStatement, code: str = TEXT) -> HouseholdStatement:
    return dataclasses.replace(made, code=code)


def square(page: Page) -> tuple[float, float, float]:
    """Left, low and side of the code without its quiet zone."""
    boxes = max((s for s in page.shapes if isinstance(s, Boxes)), key=lambda shape: len(shape.boxes)).boxes
    left, low = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return left, low, max(b[0] + b[2] for b in boxes) - left


def scanned(pdf: bytes, number: int, place: tuple[float, float, float], modules: int) -> list[list[int]]:
    """The middle of each module on page `number` as a printer at 300 dpi puts it: 1 is dark."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[number].render(scale=DOTS).to_numpy()
    document.close()
    left, low, side = place
    step, top = side / modules, picture.shape[0] - (low + side) * DOTS
    middles = [(at + 0.5) * step * DOTS for at in range(modules)]
    return [[int(picture[int(top + y), int(left * DOTS + x)][0] < 128) for x in middles] for y in middles]


@pytest.mark.parametrize("text", [TEXT, PROOF, TEXT + PROOF[:200]], ids=["address and proof", "proof", "long"])
def test_what_is_printed_reads_as_the_text(text: str) -> None:
    made = with_code(statement(3), text)
    place = square(lay_out(made)[0])
    assert read_code(scanned(render_pdf([made]), 0, place, len(owner_code(text).rows))) == text


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_code_lies_on_nothing_and_stays_on_the_last_page(case: HouseholdStatement) -> None:
    pages = lay_out(with_code(case))
    for page in pages:
        in_bounds(page)
    assert [any(t.text == HEADING for t in page.texts) for page in pages] == [False] * (len(pages) - 1) + [True]
    left, low, side = square(pages[-1])
    quiet = 4 * side / len(owner_code(TEXT).rows)
    assert left - quiet >= LEFT - 0.01 and left + side + quiet <= RIGHT and low - quiet >= BOTTOM and low + side <= TOP
    for text in pages[-1].texts:
        wide = pages[-1].fonts.width(text.text, text.size)
        beside = text.x >= left + side + quiet or text.x + wide <= left - quiet
        assert beside or text.y >= low + side + quiet or text.y + text.size <= low - quiet, text


def test_a_usual_statement_keeps_to_one_page() -> None:
    assert [len(lay_out(with_code(statement(lines)))) for lines in (0, 1, 2, 3, 4, 9)] == [1, 1, 1, 1, 2, 2]
    assert len(lay_out(with_code(statement(5, issuer=LONG_ISSUER)))) == 2


@pytest.mark.parametrize(("characters", "side_mm"), [(200, 58), (1_485, 58), (1_800, 58), (3_000, 71), (4_200, 83)])
def test_modules_are_large_enough_for_a_phone(characters: int, side_mm: int) -> None:
    code: OwnerCode = owner_code((PROOF * 3)[:characters])
    assert code.side / (len(code.rows) + 8) >= 0.45 * MM - 1e-9
    assert round(code.side / MM) == side_mm


def test_capitals_are_packed_closely_after_an_address_in_small_letters() -> None:
    plain = segno.make(TEXT, error="l", mask=3, micro=False, boost_error=False)
    assert len(owner_code(TEXT).rows) < len(list(plain.matrix))


@pytest.mark.parametrize("lines", range(3))
def test_the_code_is_added_and_nothing_else_changes(lines: int) -> None:
    [before], [after] = lay_out(statement(lines)), lay_out(with_code(statement(lines)))
    assert [text for text in before.texts if text not in after.texts] == []
    added = [text for text in after.texts if text not in before.texts]
    assert added[0].text == HEADING and min(text.size for text in added) == 12
    assert len(after.shapes) == len(before.shapes) + 1
    assert [shape for shape in before.shapes if shape not in after.shapes] == []


def test_each_household_has_its_own_code() -> None:
    codes = (TEXT, "", ADDRESS + PROOF[::-1])
    both = [with_code(statement(1, number), code) for number, code in enumerate(codes, 1)]
    said = texts_of(render_pdf(both))
    assert [HEADING in text for text in said] == [True, False, True]
    assert render_pdf(both) != render_pdf([both[0], both[1], with_code(both[2])])


def test_more_than_a_code_holds_is_refused() -> None:
    with pytest.raises(Refused, match="核对码有 4455 个字，一个二维码放不下"):
        render_pdf([with_code(statement(1), PROOF * 3)])


def test_statements_take_the_codes_of_their_households() -> None:
    told = household_statements(
        files(), entries(OPENED), street=STREET, compound=COMPOUND, first=date(2026, 1, 1), last=date(2026, 12, 31),
        proofs={"B01-1-101": TEXT, "B99-9-999": PROOF},
    )
    assert {made.home.code: made.code for made in told if made.code} == {"B01-1-101": TEXT}
    assert len(told) > 1
