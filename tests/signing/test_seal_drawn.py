"""The drawn seal: red, with the names of the certificate, and what it lies on can still be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest

from reports.render.fonts import MissingGlyph
from reports.signing.sign import seal_pdf
from reports.signing.stamp import ROUND_POINTS, party_frame, round_seal
from tests.signing.sealing import ASSEMBLY, AT, plain, twice, with_places

DAY = date(2026, 11, 20)
BOX = (300, 50, 419, 169)


def text_of(pdf: bytes, page: int) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].get_textpage().get_text_range()


def pixels(pdf: bytes, page: int, box: tuple[int, int, int, int]) -> list[tuple[int, int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()  # seals are drawn as what stands in a form's fields
        sheet = document[page]
        crop = (box[0], box[1], sheet.get_width() - box[2], sheet.get_height() - box[3])
        image = sheet.render(scale=2, crop=crop).to_pil().convert("RGB")
        return [image.getpixel((x, y)) for y in range(image.height) for x in range(image.width)]


def red(pixel: tuple[int, int, int]) -> bool:
    return pixel[0] > 150 and pixel[1] < 110 and pixel[2] < 110


def dark(pixel: tuple[int, int, int]) -> bool:
    return max(pixel) < 120


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (lambda: round_seal("长吴公寓业主大会", "业主大会章", DAY), ["业主大会章", "2026-11-20"]),
        (
            lambda: party_frame("长吴物业服务有限公司", "物业服务人", DAY),
            ["长吴物业服务有限公司", "物业服务人　2026-11-20"],
        ),
        (lambda: party_frame("张三", "", DAY), ["张三", "2026-11-20"]),
    ],
)
def test_a_seal_says_who_and_when(drawn: Callable[[], bytes], words: list[str]) -> None:
    said = text_of(drawn(), 0)
    assert all(word in said for word in words), said
    assert drawn() == drawn()


def test_the_name_goes_round_letter_by_letter() -> None:
    assert set("长吴公寓业主大会") <= set(text_of(round_seal("长吴公寓业主大会", "", DAY), 0))


@pytest.mark.parametrize("letters", [1, 8, 20, 40])
def test_a_name_of_any_length_stays_within_the_ring(letters: int) -> None:
    """Every letter's middle is between the star and the ring, and none stands as low as the label."""
    with pypdfium2.PdfDocument(round_seal("业" * letters, "", DAY)) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(at) for at in range(page.count_chars()) if page.get_text_range(at, 1) == "业"]
    assert len(boxes) == letters
    middle = ROUND_POINTS / 2
    for left, low, right, top in boxes:
        x, y = (left + right) / 2, (low + top) / 2
        assert 40 < ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 < 54
        assert y > 26


def test_a_character_no_font_has_is_refused() -> None:
    with pytest.raises(MissingGlyph):
        round_seal("长吴\U000f0000", "", DAY)


def test_the_sealed_page_is_red_where_the_seal_is_and_its_words_are_all_there() -> None:
    before, after = pixels(plain(), 1, BOX), pixels(twice(), 1, BOX)
    assert sum(map(red, before)) == 0
    assert sum(map(red, after)) > len(after) * 0.04
    assert text_of(twice(), 1) == text_of(plain(), 1)
    covered = sum(1 for old, new in zip(before, after, strict=True) if dark(old) and not dark(new))
    assert covered < sum(map(dark, before)) * 0.3, "the seal hides what it lies on"


def test_a_partys_own_drawing_may_be_given() -> None:
    frame = party_frame("长吴物业服务有限公司", "物业服务人", DAY)
    pdf = seal_pdf(with_places(), "assembly", ASSEMBLY, at=AT, reason="", certify=True, drawn=frame)
    assert pixels(pdf, 1, BOX) != pixels(twice(), 1, BOX)
    assert sum(map(red, pixels(pdf, 1, BOX))) > 0
