"""The statement on paper, in a workbook and as text: every figure, every missing name, and room for the seals."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from jiezhang.domain.money import yuan
from jiezhang.domain.tri_party.differences import KIND_NAMES, Difference
from reports.render.canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page
from reports.render.flow import BOTTOM
from reports.render.fonts import MissingGlyph
from reports.render.tri_party_pdf import lay_out, render_pdf, seal_places
from reports.render.tri_party_text import render_text
from reports.render.tri_party_words import SEAL_NAMES, beijing, grouped
from reports.render.tri_party_xlsx import render_xlsx
from reports.signing.fields import fields_of, open_pdf, with_fields
from reports.tri_party import TriPartyStatement, tri_party_statement
from tests.reports.paper_checks import check_pages, sheets, texts
from tests.tri_party.little_month import DIFFERENCES, G_ICBC, PAPERS, SIGNED_AT, empty_month, little_month, little_words
from tests.tri_party.little_month import word as said_by

AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d(?!\d)")


def little(**other: Any) -> TriPartyStatement:
    figures = little_month(**other)
    return tri_party_statement(figures, little_words(figures), closed=True)


def huge() -> TriPartyStatement:
    """Two hundred items, hundreds of millions, long words and rare characters."""
    kinds = list(KIND_NAMES)
    items = tuple(
        Difference(
            id=f"D2026-{n % 10 + 1:02d}-{n:03d}", party=("bank", "auditor", "community")[n % 3], kind=kinds[n % 17],
            fund="G公共收益", account=G_ICBC if n % 2 else "", ref=f"20261031{n:09d}", amount_fen=(n - 100) * 10**8,
            since=f"2026-{n % 10 + 1:02d}", text="业主㛃䶮代交" * (n % 9),
            closed="" if n % 7 else "2026-10 已解决",
        )
        for n in range(200)
    )  # fmt: skip
    papers = tuple(PAPERS[0].model_copy(update={"ref": f"记-{n:04d}", "text": "大修" * (n % 50)}) for n in range(120))
    figures = little_month(differences=items, papers=papers, name="长吴公寓" * 12, changed=("很长/的路径" * 60,) * 9)
    words = [
        said_by(figures, "community", f"S{n}", "丁" * 30, "refused", reason="没有见到验收单，" * 300) for n in range(3)
    ]
    words += [said_by(figures, "owners", "Y1", "业主", "confirmed", time=2**53 - 1)]
    return tri_party_statement(figures, words, closed=False, faults={"Y1": "公钥不在名册"})


MADE = {
    "little": little,
    "empty": lambda: tri_party_statement(empty_month(), (), closed=False),
    "huge": huge,
    "unsigned": lambda: tri_party_statement(little_month(), (), closed=False),
}


@pytest.fixture(params=MADE, scope="module")
def statement(request: pytest.FixtureRequest) -> TriPartyStatement:
    return MADE[request.param]()


def amounts_of(one: TriPartyStatement) -> set[str]:
    """Every figure of the value, as people read it."""
    found = [one.anchor.households_fen, *(paper.amount_fen for paper in one.papers if paper.amount_fen)]
    for fund in one.funds:
        for part in (*fund.accounts, *([fund.total] if fund.total else [])):
            for row in part.rows:
                found += [row.book_fen, row.bank_fen, row.auditor_fen, row.community_fen, row.difference_fen]
            found += [fen for said in (part.auditor, part.community) for fen in said.exceptions_fen if fen]
            closing = part.row("closing").difference_fen
            found += [closing, part.listed_fen] if closing else []
    for equation in one.all_equations:
        found += [term.fen for term in (*equation.left, *equation.right)]
        found += [equation.left_fen - equation.right_fen] if not equation.holds else []
    found += [sum_ for fund in one.funds for sum_ in (fund.identity.left_fen, fund.identity.right_fen)]
    found += [item.amount_fen for item in (*one.open_items, *one.ended_items) if item.amount_fen]
    return {yuan(fen) for fen in found if fen is not None}


def free_words(one: TriPartyStatement) -> str:
    return "".join(item.text + item.explanation for item in (*one.open_items, *one.ended_items))


def test_every_figure_is_on_paper_and_no_other(statement: TriPartyStatement) -> None:
    for said in ("\n".join(t.text for page in lay_out(statement)[0] for t in page.texts), render_text(statement)):
        found = set(AMOUNT.findall(said))
        assert amounts_of(statement) <= found
        assert found - amounts_of(statement) <= set(AMOUNT.findall(free_words(statement)))


def test_every_figure_is_in_the_pdfs_text(statement: TriPartyStatement) -> None:
    data = "".join(texts(render_pdf(statement)))
    assert [figure for figure in amounts_of(statement) if figure not in data] == []


def test_every_figure_is_a_number_in_the_workbook(statement: TriPartyStatement) -> None:
    book = sheets(render_xlsx(statement))
    assert list(book) == ["对照", "资金与归属", "事项", "签署"]
    cells = [value for sheet in book.values() for value in sheet.values()]
    numbers = {f"{abs(v):,.2f}" for v in cells if isinstance(v, int | float)}
    words = set(AMOUNT.findall("\n".join(v for v in cells if isinstance(v, str))))
    for figure in amounts_of(statement):
        assert figure.lstrip("-") in numbers or figure in words
    books = {yuan(row.book_fen) for fund in statement.funds for part in fund.accounts for row in part.rows}
    assert books <= numbers


def test_every_item_paper_file_and_person_is_in_every_format(statement: TriPartyStatement) -> None:
    one = statement
    wanted = [item.id for item in (*one.open_items, *one.ended_items)]
    wanted += [item.explanation for item in (*one.open_items, *one.ended_items)]
    wanted += [paper.ref for paper in one.papers] + [late.voucher for late in one.late] + list(one.changed)
    wanted += [signing.name for part in one.parties for signing in part.signings]
    wanted += [beijing(signing.time) for part in one.parties for signing in part.signings]
    wanted += [grouped(one.anchor.figures), grouped(one.anchor.tree_root), str(one.anchor.tree_size)]
    book = "".join(str(v) for sheet in sheets(render_xlsx(one)).values() for v in sheet.values())
    paper = "".join(t.text for page in lay_out(one)[0] for t in page.texts)
    for said in (book, paper, render_text(one)):
        flat = re.sub(r"\s", "", said)
        assert [word for word in wanted if re.sub(r"\s", "", word) not in flat] == []


def test_missing_refused_and_wrong_signatures_are_printed_in_bold() -> None:
    bold = "".join(t.text for page in lay_out(huge())[0] for t in page.texts if t.bold)
    assert "银行：未签署（必须签署）" in bold
    assert f"社区：拒绝签署（{'丁' * 30}），理由：没有见到验收单，" in bold.replace(" ", "")
    assert "业主代表：签名不符（业主），公钥不在名册，不作数" in bold
    for said in ("银行：未签署（必须签署）", "业主代表：签名不符（业主），公钥不在名册，不作数"):
        assert said in render_text(huge())
        assert said in sheets(render_xlsx(huge()))["签署"].values()


def test_an_unsigned_auditor_and_community_show_words_instead_of_figures() -> None:
    page = lay_out(MADE["unsigned"]())[0][0]
    at = next(n for n, t in enumerate(page.texts) if t.text == "期初余额")
    assert [t.text for t in page.texts[at + 1 : at + 6]] == ["108,593.50", "108,593.50", "未签", "未签", "0.00"]
    cells = sheets(render_xlsx(MADE["unsigned"]()))["对照"]
    row = next(place[1:] for place, value in cells.items() if value == "期初余额")
    assert [cells[f"{column}{row}"] for column in "CDEFG"] == [108593.5, 108593.5, "未签", "未签", 0]


def test_times_are_beijings() -> None:
    assert beijing(SIGNED_AT) == "2026-11-04 09:30:00"
    assert beijing(2**53 - 1) == f"时间无效（{2**53 - 1}）"


def test_a_draft_says_so_and_a_closed_month_does_not() -> None:
    assert "样稿" in texts(render_pdf(huge()))[0]
    assert "样稿" not in "".join(texts(render_pdf(little())))
    assert "样稿" not in render_text(little())


def test_nothing_overlaps_and_nothing_leaves_the_page(statement: TriPartyStatement) -> None:
    check_pages(lay_out(statement)[0])


def test_pages_are_numbered_and_carry_the_digest(statement: TriPartyStatement) -> None:
    pages = texts(render_pdf(statement))
    for number, said in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in said
        assert grouped(statement.anchor.figures).replace(" ", "") in said


def test_no_heading_stands_alone_at_the_foot_of_a_page(statement: TriPartyStatement) -> None:
    for page in lay_out(statement)[0]:
        lowest = min((t for t in page.texts if t.y > BOTTOM - 4), key=lambda t: t.y)
        assert not (lowest.bold and lowest.size in (13.5, 12)), lowest.text


def boxes_of(page: Page) -> set[tuple[float, float, float, float]]:
    return {box for shape in page.shapes if isinstance(shape, Boxes) for box in shape.boxes}


def test_seals_fall_on_the_boxes_printed_on_the_last_page_and_on_no_text(statement: TriPartyStatement) -> None:
    pages, _ = lay_out(statement)
    places = seal_places(statement)
    assert [(place.name, place.label) for place in places] == list(SEAL_NAMES)
    for place in places:
        left, bottom, right, top = place.box
        assert place.page == len(pages) - 1
        assert 0 < left < right < A4_WIDTH and BOTTOM < bottom < top < A4_HEIGHT
        assert (left, bottom, right - left, top - bottom) in boxes_of(pages[place.page])
        for text in pages[place.page].texts:
            end = text.x + pages[place.page].fonts.width(text.text, text.size)
            beside = end <= left or text.x >= right
            assert beside or text.y >= top or text.y + text.size * 0.8 <= bottom, text.text
    assert all(one.box[2] < other.box[0] for one, other in pairwise(places))


def test_the_fields_of_the_file_are_where_the_boxes_are(statement: TriPartyStatement) -> None:
    pdf, places = render_pdf(statement), seal_places(statement)
    found = fields_of(open_pdf(with_fields(pdf, places)))
    assert [(one.name, one.label, one.box) for one in found] == [(p.name, p.label, p.box) for p in places]


def test_the_same_value_gives_the_same_bytes(statement: TriPartyStatement) -> None:
    assert render_pdf(statement) == render_pdf(statement)
    assert render_xlsx(statement) == render_xlsx(statement)


def test_full_account_numbers_are_nowhere(statement: TriPartyStatement) -> None:
    book = "".join(str(v) for sheet in sheets(render_xlsx(statement)).values() for v in sheet.values())
    said = "".join(texts(render_pdf(statement))) + render_text(statement) + book
    assert [one.number for fund in little_month().funds for one in fund.accounts if one.number in said] == []


def test_a_failing_equation_is_printed_in_bold_with_what_is_between() -> None:
    w = little_month().funds[1]
    broken = w.model_copy(update={"buildings_fen": w.buildings_fen + 5})
    statement = little(funds=(broken,))
    bold = [t.text for page in lay_out(statement)[0] for t in page.texts if t.bold]
    assert any("≠ 各户合计" in line and line.endswith("不等，相差 0.05") for line in bold)
    assert "1 项不等：幢与户" in render_text(statement)


def test_strangers_line_feeds_and_formulas_stay_words() -> None:
    odd = DIFFERENCES[0].model_copy(update={"text": "=1+1\n第二行\u202e", "account": "Assets:别处:账户"})
    statement = little(differences=(odd,))
    assert statement.open_items[0].text == "＝1+1 第二行"
    assert any("＝1+1 第二行" in str(v) for v in sheets(render_xlsx(statement), formulas=True)["事项"].values())
    check_pages(lay_out(statement)[0])


def test_a_name_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(MissingGlyph, match=r"U\+10FFFD"):
        render_pdf(little(name="长吴\U0010fffd"))
