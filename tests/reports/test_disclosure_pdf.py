"""The printed page: its figures, its bytes, its fonts, its pages, and that nothing lies over anything."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pickle
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.domain.money import show
from reports.disclosure import Disclosure, code_text, digest
from reports.render.canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page, Text
from reports.render.disclosure_pdf import lay_out, render_pdf
from reports.render.fonts import MissingGlyph
from reports.wording import voucher_ranges

ROOT = Path(__file__).parents[2]
AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d(?!\d)")


@pytest.fixture(params=["small", "large"])
def made(request: pytest.FixtureRequest) -> Disclosure:
    chosen: Disclosure = request.getfixturevalue(request.param)
    return chosen


def pages_of(made: Disclosure) -> list[Page]:
    return lay_out(made, digest(made))


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def amounts_of(made: Disclosure) -> set[str]:
    """Every figure the sheet must show, as people read it."""
    found = [made.opening, made.opening_year, made.income, made.spent, made.closing, made.net_income, made.held]
    found += [made.net_income_year, made.deposits, *(s.month for s in made.sections), *(s.year for s in made.sections)]
    found += [yuan for s in made.sections for n in s.lines for yuan in (n.month, n.year)]
    found += [yuan for p in made.places for yuan in (p.book, p.stated, p.difference) if yuan is not None]
    return {show(yuan) for yuan in found}


def test_every_figure_of_the_value_is_in_the_text_to_the_last_digit(made: Disclosure) -> None:
    said = set(AMOUNT.findall("\n".join(page_texts(render_pdf(made)))))
    assert amounts_of(made) <= said


def test_no_figure_is_printed_that_the_value_does_not_hold(small: Disclosure) -> None:
    assert set(AMOUNT.findall("\n".join(page_texts(render_pdf(small))))) == amounts_of(small)


def test_names_and_vouchers_are_in_the_text(small: Disclosure) -> None:
    text = "".join(page_texts(render_pdf(small))).replace("\r\n", "")
    wanted = [small.compound_name, small.community, small.street, small.address, small.contact, small.street_contact]
    wanted += [n.party for s in small.sections for n in s.lines]
    wanted += [voucher_ranges(n.vouchers) for s in small.sections for n in s.lines]
    assert [word for word in wanted if word not in text] == []


BANK, PLATFORM = range(2)


@pytest.mark.parametrize(
    ("place", "stated", "check", "verdicts", "rows"),
    [
        (BANK, "120693.50", "agreed", "银行一致|支付平台一致", ["银行对账单|120,693.50", "相差|0.00"]),
        (BANK, "120693.50", "different", "银行不一致|支付平台一致", ["银行对账单|120,693.50", "逐笔核对|有不符"]),
        (BANK, "120693.40", "different", "银行不一致|支付平台一致", ["银行对账单|120,693.40", "相差|-0.10"]),
        (BANK, None, "unchecked", "银行未核对|支付平台一致", ["银行对账单|未提供", "相差|—"]),
        (PLATFORM, "1999.00", "different", "银行一致|支付平台不一致", ["银行对账单|120,693.50", "各账户相差共|1.00"]),
        (PLATFORM, None, "unchecked", "银行一致|支付平台未核对", ["银行对账单|120,693.50", "相差|0.00"]),
    ],
)
def test_the_check_is_printed_plainly(
    small: Disclosure, place: int, stated: str | None, check: Any, verdicts: str, rows: list[str]
) -> None:
    places = list(small.places)
    figure = None if stated is None else Decimal(stated)
    places[place] = dataclasses.replace(places[place], stated=figure, check=check)
    lines = [t.text for t in pages_of(dataclasses.replace(small, places=tuple(places)))[0].texts]
    at = lines.index("与对账单核对")
    assert "|".join(lines[at + 1 : at + 3]) == verdicts
    assert rows == [f"{lines[at + 5]}|{lines[at + 6]}", f"{lines[at + 7]}|{lines[at + 8]}"]


def test_money_in_transit_below_zero_is_said(small: Disclosure) -> None:
    transit = dataclasses.replace(small.places[1], kind="transit", book=Decimal("-1.00"), stated=None, check=None)
    made = dataclasses.replace(small, places=(*small.places, transit))
    lines = [t.text for t in pages_of(made)[0].texts]
    at = lines.index("与对账单核对")
    assert lines[at + 1 : at + 4] == ["银行一致", "支付平台一致", "在途资金为负"]
    assert "在途不应为负，须查明" in "".join(page_texts(render_pdf(made)))
    _assert_tidy(made)


def test_without_a_platform_only_the_bank_is_named(small: Disclosure) -> None:
    lines = [t.text for t in pages_of(dataclasses.replace(small, places=small.places[:1]))[0].texts]
    assert lines[lines.index("与对账单核对") + 1 :][:2] == ["银行一致", "银行账面"]


@pytest.mark.parametrize(
    ("books_from", "note", "title"),
    [
        (date(2026, 3, 1), "本月初、2026-03-01建账", "建账以来（元）"),
        (date(2025, 3, 1), "本月初、本年初", "本年累计（元）"),
    ],
)
def test_the_first_year_is_named_for_what_it_is(small: Disclosure, books_from: date, note: str, title: str) -> None:
    text = "".join(page_texts(render_pdf(dataclasses.replace(small, books_from=books_from)))).replace("\r\n", "")
    assert note in text
    assert title in text


def test_the_box_says_what_its_spending_holds(small: Disclosure) -> None:
    """The table's 支出合计 is without cost and transfers; the box's 本月支出 is with them."""
    assert small.spent == sum(section.month for section in small.sections if section.key != "income")
    lines = [t.text for t in pages_of(small)[0].texts]
    at = lines.index("本月支出")
    assert lines[at + 1 : at + 4] == ["含成本、", "转出、分配", show(small.spent)]


def test_the_days_on_the_board_are_counted_with_the_first(small: Disclosure) -> None:
    assert "2026年11月5日至2026年11月19日（15天）" in page_texts(render_pdf(small))[0]


def test_a_draft_says_so_under_its_title(small: Disclosure) -> None:
    assert "草稿" not in "".join(page_texts(render_pdf(small)))
    assert "草稿，有 3 笔待处理" in page_texts(render_pdf(dataclasses.replace(small, waiting=3)))[0]


def test_every_page_is_numbered_and_carries_the_digest(made: Disclosure) -> None:
    pages = page_texts(render_pdf(made))
    assert len(pages) == (2 if made.waiting == 0 else 4)
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页　共 {len(pages)} 页" in text
        assert digest(made)[:16] in text
        assert ("草稿" in text) == made.is_draft


def test_nothing_overlaps_and_nothing_leaves_the_page(made: Disclosure) -> None:
    _assert_tidy(made)


WORDS = st.text("长吴公寓，。（）《》0123456789-工", max_size=200)
YUAN = st.integers(-(10**13), 10**13).map(lambda fen: Decimal(fen).scaleb(-2))


@settings(max_examples=30, deadline=None)
@given(
    words=WORDS,
    name=st.text("长吴公寓", min_size=1, max_size=20),
    yuan=YUAN,
    waiting=st.integers(0, 10**4),
    spent=st.lists(st.none() | YUAN, min_size=12, max_size=12),
)
def test_long_words_and_large_figures_stay_apart(
    large: Disclosure, words: str, name: str, yuan: Decimal, waiting: int, spent: list[Decimal | None]
) -> None:
    income = large.section("income")
    lines = (dataclasses.replace(income.lines[0], party=words, item=words[:60], year=yuan), *income.lines[1:3])
    odd = dataclasses.replace(
        large,
        compound_name=name,
        address=words,
        contact=words,
        street_contact=words,
        opening=yuan,
        adjustment=-yuan,
        waiting=waiting,
        history=tuple(
            dataclasses.replace(m, income=n and (n / 1000).quantize(Decimal("0.01")), spent=n)
            for m, n in zip(large.history, spent, strict=True)
        ),
        sections=(dataclasses.replace(income, lines=lines), *large.sections[1:]),
        places=(dataclasses.replace(large.places[0], book=yuan, holder=words[:60]), *large.places[1:]),
    )
    _assert_tidy(odd)


def _assert_tidy(made: Disclosure) -> None:
    for page in pages_of(made):
        boxes = [_box(page, text) for text in page.texts]
        assert all(left > 38 and right < A4_WIDTH - 38 for left, right, _, _ in boxes)
        assert all(low > 20 and top < A4_HEIGHT - 30 for _, _, low, top in boxes)
        for number, one in enumerate(boxes):
            for at, other in enumerate(boxes[number + 1 :], number + 1):
                assert not _cross(one, other), (page.texts[number].text, page.texts[at].text)


def _box(page: Page, text: Text) -> tuple[float, float, float, float]:
    size = text.size
    return (text.x, text.x + page.fonts.width(text.text, size), text.y - 0.12 * size, text.y + 0.76 * size)


def _cross(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_amounts_of_a_column_end_on_one_line(small: Disclosure) -> None:
    for page in pages_of(small):
        ends = sorted(
            t.x + page.fonts.width(t.text, t.size) for t in page.texts if AMOUNT.fullmatch(t.text) and t.size == 11.5
        )
        assert all(b - a < 0.01 or b - a > 40 for a, b in pairwise(ends))


def test_only_embedded_fonts(made: Disclosure) -> None:
    pdf = render_pdf(made)
    names = set(re.findall(rb"/BaseFont /([^\s/]+)", pdf))
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+NotoSansSC-Regular", name) for name in names)
    assert pdf.count(b"/FontFile2") == len(names)


def test_what_a_viewer_shows_about_the_file(small: Disclosure) -> None:
    document = pypdfium2.PdfDocument(render_pdf(small))
    about = document.get_metadata_dict()
    document.close()
    assert (about["Title"], about["Author"]) == ("长吴公寓2026年10月公共收益收支公示表", small.street)
    assert about["CreationDate"] == about["ModDate"] == "D:20261105000000+08'00'"
    assert digest(small) in about["Keywords"]
    assert b"/Lang (zh-CN)" in render_pdf(small)


def test_the_same_value_gives_the_same_bytes_in_any_process(small: Disclosure) -> None:
    here = hashlib.sha256(render_pdf(small)).hexdigest()
    code = (
        "import pickle, sys, hashlib; from reports.render.disclosure_pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(pickle.load(sys.stdin.buffer))).hexdigest())"
    )
    for seed in ("0", "1"):
        elsewhere = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "17", "TZ": "Asia/Tokyo"}
        found = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            input=pickle.dumps(small),
            check=True,
            capture_output=True,
            env=elsewhere,
        )
        assert found.stdout.decode().strip() == here


def test_one_fen_changes_the_page(small: Disclosure) -> None:
    more = dataclasses.replace(small, opening=small.opening + Decimal("0.01"))
    assert amounts_of(more) != amounts_of(small)
    assert {"108,593.51", "119,693.51"} <= set(AMOUNT.findall("\n".join(page_texts(render_pdf(more)))))


def test_a_name_that_cannot_be_printed_is_refused(small: Disclosure) -> None:
    with pytest.raises(MissingGlyph, match="U\\+10FFFD"):
        render_pdf(dataclasses.replace(small, address="云溪路\U0010fffd号"))


def test_the_printed_qr_code_is_the_code_text(small: Disclosure) -> None:
    """The last page's finest shape, read back module by module, is the code's matrix."""
    matrix = segno.make(code_text(small), error="m", mask=3, micro=False, boost_error=False).matrix
    printed = max((s for s in pages_of(small)[-1].shapes if isinstance(s, Boxes)), key=lambda s: len(s.boxes)).boxes
    module, left, top = printed[0][3], min(b[0] for b in printed), max(b[1] for b in printed)
    dark = {
        (round((top - y) / module), round((x - left) / module) + step)
        for x, y, wide, _ in printed
        for step in range(round(wide / module))
    }
    assert dark == {(r, c) for r, row in enumerate(matrix) for c, bit in enumerate(row) if bit}
