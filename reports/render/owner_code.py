"""The code at the foot of a household statement that an owner scans: how it is made, and where it is put.

Some 1,500 characters in one QR code: the lowest error level, and room enough that a phone tells its modules apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

from jiezhang.domain.problem import Refused

from .canvas import BLACK, Boxes
from .flow import BOTTOM, LEFT, WIDTH, Flow

HEADING = "扫码核对"
WORDS = (
    "用手机扫左边的码，可以查对：您这一户的余额，有没有算进公布的全小区合计。",
    "扫出来的余额应当与本单一样，全小区合计应当与公告栏一样。",
)

PASTED = "扫出的是一段文字：复制后粘贴到“核对网页”里。网页向社区、街道索取，不联网也能用。"

_MM = 72 / 25.4
_SIDE, _MODULE_MIN = 58 * _MM, 0.45 * _MM
_QUIET = 4  # modules around the code, part of its side
_GAP, _SIZE = 8.0, 12.0


@dataclass(frozen=True, slots=True)
class OwnerCode:
    """A code ready to print. `side`: of the square with its quiet zone, in points; `rows`: of modules, dark is true."""

    rows: tuple[tuple[bool, ...], ...]
    side: float
    address: str = ""
    """Of the page that opens; empty where the code holds the proof alone, to be pasted into the page."""

    @property
    def height(self) -> float:
        """What the block takes of a page."""
        return self.side + _GAP

    def boxes(self, x: float, y: float) -> Boxes:
        """The dark modules, `x`, `y` the square's lower left corner."""
        module = self.side / (len(self.rows) + 2 * _QUIET)
        found = []
        for number, row in enumerate(self.rows, 1):
            low, at = y + self.side - (number + _QUIET) * module, _QUIET
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    found.append((x + at * module, low, length * module, module))
                at += length
        return Boxes(tuple(found), fill=BLACK)


def owner_code(text: str) -> OwnerCode:
    """The QR code of `text`: an address up to its #, then capitals and digits, which alone are packed closely.

    `Refused` when there is more than a QR code can hold, some 4,200 characters.
    """
    address, stroke, code = text.rpartition("#")
    parts = [part for part in (address + stroke, code) if part]
    try:  # segno takes parts, though its types know only one text
        made = segno.make(parts, error="l", mask=3, micro=False, boost_error=False)  # type: ignore[arg-type]
    except segno.DataOverflowError:
        raise Refused(f"核对码有 {len(text)} 个字，一个二维码放不下") from None
    rows = tuple(tuple(map(bool, row)) for row in made.matrix)
    return OwnerCode(rows, max(_SIDE, (len(rows) + 2 * _QUIET) * _MODULE_MIN), address)


def print_code(flow: Flow, code: OwnerCode, foot: float) -> None:
    """Put the code and what it is for right above a foot of height `foot`, or on top of a new page when it must be."""
    pages = len(flow.pages)
    flow.keep(code.height + foot)
    if len(flow.pages) == pages:
        flow.y = BOTTOM + foot + code.height
    top = flow.take(code.height)
    page, x = flow.page, LEFT + code.side + 10
    page.shapes.append(code.boxes(LEFT, top - code.side))
    y = top - _QUIET * code.side / (len(code.rows) + 2 * _QUIET) - 16
    page.write(x, y, HEADING, 18, bold=True)
    y -= 10
    for said in (*WORDS, f"网页：{code.address}" if code.address else PASTED):
        for line in page.lines(said, _SIZE, WIDTH - code.side - 10):
            y -= _SIZE * 1.5
            page.write(x, y, line, _SIZE)
        y -= 6
