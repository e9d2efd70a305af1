"""A small drawing kit: a page is a list of texts and shapes.

Measures are points (1/72 inch), the origin is the page's lower left corner. Black and greys, for the sheets come out
of black-and-white printers; only a red voucher's amounts are red, and have a minus too. Layout makes pages; `paper.py`
puts them into a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import segno

from .breaking import wrap
from .fonts import Chain, chain

A4_WIDTH, A4_HEIGHT = 595.28, 841.89
BLACK = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `x`, `y` its left end on the base line."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    grey: float = BLACK
    red: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.5
    grey: float = BLACK


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles (x, y, width, height) painted as one path; `None` leaves fill or line out."""

    boxes: tuple[tuple[float, float, float, float], ...]
    fill: float | None = None
    line: float | None = None
    line_width: float = 0.6


@dataclass(slots=True)
class Page:
    """A page being laid out. Shapes lie under texts."""

    texts: list[Text] = field(default_factory=list)
    shapes: list[Rule | Boxes] = field(default_factory=list)
    fonts: Chain = field(default_factory=chain)
    size: tuple[float, float] = (A4_WIDTH, A4_HEIGHT)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        align: str = "left",
        bold: bool = False,
        grey: float = 0.0,
        red: bool = False,
    ) -> float:
        """Write one line whose left end, middle or right end is at `x`; returns its width."""
        wide = self.fonts.width(text, size)
        left = x - {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * wide
        if text:
            self.texts.append(Text(left, y, text, size, bold, grey, red))
        return wide

    def lines(self, text: str, size: float, width: float) -> list[str]:
        return wrap(text, width, lambda part: self.fonts.width(part, size))

    def rule(self, x1: float, y: float, x2: float, width: float = 0.5, grey: float = BLACK) -> None:
        self.shapes.append(Rule(x1, y, x2, y, width, grey))

    def fit(self, texts: Sequence[str], size: float, width: float) -> float:
        """The largest size up to `size` (at most) at which each of `texts` is no wider than `width`."""
        widest = max((self.fonts.width(t, 1) for t in texts), default=0)
        return min(size, width / widest) if widest else size


def qr_boxes(text: str, x: float, y: float, side: float) -> Boxes:
    """The QR code of `text` (error level M, fixed mask, quiet zone of 4 modules inside `side`) as one path."""
    rows = list(segno.make(text, error="m", mask=3, micro=False, boost_error=False).matrix)
    module = side / (len(rows) + 8)
    boxes = []
    for number, row in enumerate(rows):
        top = y + side - (number + 5) * module
        start = None
        for at, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                boxes.append((x + (start + 4) * module, top, (at - start) * module, module))
                start = None
    return Boxes(tuple(boxes), fill=BLACK)
