"""The fonts of printed pages: a pinned one, and a chain of wider ones for the rarer characters of names.

The first font comes with the dependency `zhplot` (Noto Sans SC Regular, OFL): all of GB 2312, the 8,105 standard
characters, Ext. A. No font package with wide Ext. B coverage that reportlab can read is published for pip (the Noto
and Source Han families there are CFF or stop at the same characters), so the rest of the chain is looked for among the
fonts of the system (Debian: `fonts-hanazono`), or named in `JIEZHANG_FONTS`. A character no font has is refused, never
left blank: a missing character in an owner's or a supplier's name is a false statement.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from jiezhang.domain.problem import Refused

from .to_unicode import mend_to_unicode

FONT_SHA256 = "5cf8b2a0576d5680284ab03a7a8219499d59bbe981a79bb3dc0031f251c39736"
FONTS_VARIABLE = "JIEZHANG_FONTS"
"""Environment: font files (TTF or TTC with TrueType outlines), separated as in `PATH`, tried before the system's."""

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FILES = ("HanaMinA.ttf", "HanaMinB.ttf", "Jigmo.ttf", "Jigmo2.ttf", "Jigmo3.ttf", "BabelStoneHan.ttf")


class MissingGlyph(Refused):
    """A character that no font of the chain can print."""

    def __init__(self, character: str, text: str) -> None:
        super().__init__(
            f"“{text}”中的“{character}”（U+{ord(character):04X}）没有字体可印，"
            f"请安装 fonts-hanazono 或在 {FONTS_VARIABLE} 中指定字体文件"
        )
        self.character = character


class Face(TTFont):
    """One font file, embedded as subsets. `fontName` is its path."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, str(file), asciiReadable=0)
        self.has: dict[int, int] = self.face.charToGlyph
        self.widths: dict[int, float] = self.face.charWidths

    def addObjects(self, doc: PDFDocument) -> None:
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        mend_to_unicode(doc, subsets)


class Chain:
    """Several fonts tried in order. The first is loaded at once, the others when a character asks for them."""

    def __init__(self, files: Sequence[Path], more: Sequence[Path] | None = None) -> None:
        """`more` are the fonts after `files`; by default those found on the system."""
        self._faces = [_load(file) for file in files]
        self._more = more
        self._of: dict[str, Face] = {}
        self._widths: dict[str, float] = {}

    def face_of(self, character: str, text: str = "") -> Face:
        """The first font that has `character`; `MissingGlyph`, quoting `text`, when none has."""
        known = self._of.get(character)
        if known is not None:
            return known
        code = ord(character)
        for face in self._all(code):
            if face.has.get(code):
                self._of[character] = face
                self._widths[character] = face.widths[code] / 1000
                return face
        raise MissingGlyph(character, text or character)

    def _all(self, code: int) -> Iterator[Face]:
        yield from self._faces
        if self._more is None:
            self._more = system_fonts()
        while self._more:
            file, *self._more = self._more
            face = _load(file)
            self._faces.append(face)
            yield face
            if face.has.get(code):
                return

    def width(self, text: str, size: float) -> float:
        """Width of `text` in points; a character without a glyph is refused here already."""
        try:
            return sum(map(self._widths.__getitem__, text)) * size
        except KeyError:
            for character in text:
                self.face_of(character, text)
            return sum(map(self._widths.__getitem__, text)) * size

    def runs(self, text: str) -> list[tuple[Face, str]]:
        """`text` cut where the font changes."""
        one = set(map(self._of.get, text))
        if len(one) == 1 and (face := one.pop()) is not None:
            return [(face, text)]  # nearly always, and quickly
        faces = [self.face_of(character, text) for character in text]
        grouped = groupby(zip(faces, text, strict=True), key=lambda pair: id(pair[0]))
        runs = [list(pairs) for _, pairs in grouped]
        return [(run[0][0], "".join(character for _, character in run)) for run in runs]


@lru_cache(maxsize=32)
def _load(file: Path) -> Face:
    """The font in `file`, known to reportlab by the file's path; loaded once per process."""
    name = str(file)
    try:
        face = Face(name, file)
    except (OSError, TTFError) as wrong:
        raise Refused(f"字体文件不能使用（{wrong}）", name) from None
    pdfmetrics.registerFont(face)
    if id(pdfmetrics.getFont(name)) != id(face):
        # reportlab takes a second font with the same PostScript name for the first, without a word.
        raise Refused("字体文件与另一个字体同名，不能一起使用", name)
    return face


def pinned_font() -> Path:
    """The pinned font's file, found without importing its package; `Refused` when it is missing or another file."""
    spec = importlib.util.find_spec("zhplot")
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if file.is_file():
            if hashlib.sha256(file.read_bytes()).hexdigest() != FONT_SHA256:
                raise Refused("字体文件与登记的摘要不符，请重新安装 zhplot 1.0.0", str(file))
            return file
    raise Refused("找不到打印用的字体，请安装 zhplot 1.0.0")


def system_fonts() -> list[Path]:
    """Fonts for rarer characters: those the environment names, then the known ones in the system's folders."""
    named = [Path(part) for part in os.environ.get(FONTS_VARIABLE, "").split(os.pathsep) if part]
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for parent, folders, files in os.walk(Path(folder).expanduser()):
            folders.sort()
            for name in files:
                if name in _FILES:
                    found.setdefault(name, Path(parent) / name)
    return named + [found[name] for name in _FILES if name in found]


@lru_cache(maxsize=1)
def chain() -> Chain:
    """The chain every page is printed with, loaded once per process."""
    return Chain([pinned_font()])
