"""What the pinned font covers, what happens beyond it, and what a reader of the PDF gets back."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import reportlab

from jiezhang.domain.problem import Refused
from reports.render import fonts
from reports.render.canvas import Page
from reports.render.fonts import Chain, MissingGlyph, chain, pinned_font
from reports.render.paper import Document, put_on_paper
from reports.render.to_unicode import cmap_text

DOCUMENT = Document("题", "街道", "公示", "词", date(2026, 11, 5))


def repertoire(codec: str, rows: range, cells: range) -> str:
    """Every character a two-byte codec knows."""
    pairs = (bytes((row, cell)).decode(codec, "ignore") for row in rows for cell in cells)
    return "".join(c for c in pairs if len(c) == 1 and ord(c) > 0x7F)


GB2312 = repertoire("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
GBK = repertoire("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
STANDARD = "".join(
    (Path(__file__).parent / "standard_characters.txt").read_text("utf-8").splitlines()[1:]
)
"""The 8,105 characters of the 通用规范汉字表 (State Council, 国发〔2013〕23号), in its order."""
HARD = "㙍䶮𬭩囍𬴊𫖯𫘦䲟𪩘𬺈"
"""Characters of names and of the 8,105 (通用规范汉字表) outside GBK, and 囍, which is in GBK only."""


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize(
    ("name", "characters", "count", "absent"),
    [
        ("GB 2312", GB2312, 7445, ""),
        ("standard", STANDARD, 8105, ""),
        ("GBK", GBK, 21791, "≒"),
        ("hard", HARD, len(HARD), ""),
    ],
)
def test_coverage(name: str, characters: str, count: int, absent: str) -> None:
    has = Chain([pinned_font()], more=[]).face_of("0").has
    assert len(set(characters)) == count
    assert "".join(c for c in characters if not has.get(ord(c))) == absent


def test_a_character_no_font_has_is_refused_by_name() -> None:
    narrow = Chain([pinned_font()], more=[])
    with pytest.raises(MissingGlyph) as missing:
        Page(fonts=narrow).write(0, 0, "周\U000305fb", 10)
    assert isinstance(missing.value, Refused)
    assert str(missing.value) == (
        "“周\U000305fb”中的“\U000305fb”（U+305FB）没有字体可印，"
        "请安装 fonts-hanazono 或在 JIEZHANG_FONTS 中指定字体文件"
    )


def test_the_next_font_is_asked_when_the_first_has_no_glyph() -> None:
    latin = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    mixed = Chain([latin], more=[pinned_font()])
    first, second = mixed.runs("A街账")
    assert (first[1], second[1]) == ("A", "街账")
    assert first[0].face.name != second[0].face.name
    page = Page(fonts=mixed)
    page.write(40, 700, "A街账B", 20)
    assert text_of(put_on_paper([page], DOCUMENT)).strip() == "A街账B"


def test_hard_characters_come_back_as_themselves() -> None:
    page = Page()
    page.write(40, 700, HARD, 20)
    assert text_of(put_on_paper([page], DOCUMENT)).strip() == HARD


def test_the_map_back_is_utf_16() -> None:
    assert "<01> <D872DF69>" in cmap_text("F", [32, ord("𬭩")])


def test_another_file_in_the_fonts_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_SHA256", "0" * 64)
    with pytest.raises(Refused, match="字体文件与登记的摘要不符"):
        pinned_font()


def test_a_font_with_postscript_outlines_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "坏.ttf"
    file.write_bytes(b"OTTO" + bytes(60))
    with pytest.raises(Refused, match=r"坏\.ttf：字体文件不能使用"):
        Chain([file])


def test_named_fonts_come_before_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEZHANG_FONTS", "/a/一.ttf:/b/二.ttf")
    assert fonts.system_fonts()[:2] == [Path("/a/一.ttf"), Path("/b/二.ttf")]


def test_matplotlib_is_not_imported() -> None:
    code = "import sys; from reports.render.fonts import chain; chain(); sys.exit('matplotlib' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_the_chain_is_loaded_once() -> None:
    assert chain() is chain()
