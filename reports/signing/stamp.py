"""How a seal looks: drawn, not scanned; what it says is taken from the certificate, so that it can't say another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from math import cos, pi, sin

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from ..render.fonts import chain
from ..render.paper import BOLD_STROKE

ROUND_POINTS = 119
"""Width and height of a round seal: 42 mm, the size custom gives a seal of an owners' assembly or committee."""
FRAME_POINTS = (150, 58)
"""Width and height of a party's frame."""

_RED = Color(0.8, 0.05, 0.05)
_RING, _NAMES = 57.0, 41.5
"""Radius of the ring, and of the base line of the name that goes round."""
_ARC = 1.3 * pi
"""The part of the circle that the name may take."""


def round_seal(around: str, below: str, day: date) -> bytes:
    """A red round seal of one page: `around` goes round a star, `below` and the day stand under it.

    `MissingGlyph` when a character can't be printed.
    """

    def draw(canvas: Canvas) -> None:
        middle = ROUND_POINTS / 2
        canvas.translate(middle, middle)
        canvas.setLineWidth(3.4)
        canvas.circle(0, 0, _RING)
        _star(canvas, 4.0, 15.5)
        _around(canvas, around)
        _line(canvas, below, -26, 10.5, 62)
        _line(canvas, f"{day}", -38, 7.5, 50)

    return _drawn(ROUND_POINTS, ROUND_POINTS, draw)


def party_frame(name: str, role: str, day: date) -> bytes:
    """A plain red frame of one page: whose it is, as what, and the day; `MissingGlyph` as above."""

    def draw(canvas: Canvas) -> None:
        wide, high = FRAME_POINTS
        canvas.setLineWidth(1.6)
        canvas.rect(2, 2, wide - 4, high - 4)
        canvas.setLineWidth(0.5)
        canvas.rect(5, 5, wide - 10, high - 10)
        canvas.translate(wide / 2, 0)
        _line(canvas, name, 35, 13, wide - 22)
        _line(canvas, f"{role}　{day}" if role else f"{day}", 14, 9.5, wide - 22)

    return _drawn(wide=FRAME_POINTS[0], high=FRAME_POINTS[1], draw=draw)


def _drawn(wide: float, high: float, draw: Callable[[Canvas], None]) -> bytes:
    out = BytesIO()
    first = chain().face_of("0")
    canvas = Canvas(out, pagesize=(wide, high), invariant=1, initialFontName=first.fontName)  # type: ignore[arg-type]
    # as in render/paper.py: the ID from the contents alone, whatever the environment says
    canvas._doc.signature = hashlib.md5(usedforsecurity=False)  # type: ignore[attr-defined]
    canvas.setStrokeColor(_RED)
    canvas.setFillColor(_RED)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _star(canvas: Canvas, height: float, radius: float) -> None:
    """A five-pointed star whose middle is `height` above the seal's."""
    inner = radius * sin(pi / 10) / sin(7 * pi / 10)
    path = canvas.beginPath()
    for corner in range(10):
        length = inner if corner % 2 else radius
        angle = pi / 2 + corner * pi / 5
        (path.lineTo if corner else path.moveTo)(length * cos(angle), height + length * sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _around(canvas: Canvas, text: str) -> None:
    """The name along the ring, its middle at the top; a long one is set smaller and narrower, never left out."""
    if not text:
        return
    step = min(_ARC / len(text), 17.5 / _NAMES)
    size = min(14.0, step * _NAMES * 1.25)
    narrow = min(1.0, step * _NAMES / size)
    angle = pi / 2 + step * (len(text) - 1) / 2
    for character in text:
        canvas.saveState()
        canvas.translate(_NAMES * cos(angle), _NAMES * sin(angle))
        canvas.rotate((angle - pi / 2) * 180 / pi)
        canvas.scale(narrow, 1)
        _write(canvas, character, -chain().width(character, size) / 2, 0, size)
        canvas.restoreState()
        angle -= step


def _line(canvas: Canvas, text: str, y: float, size: float, width: float) -> None:
    """One line about the middle, no wider than `width`."""
    wide = chain().width(text, 1)
    size = min(size, width / wide) if wide else size
    _write(canvas, text, -wide * size / 2, y, size)


def _write(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Text in bold, made by an outline as on the printed pages."""
    writer = canvas.beginText()
    canvas.setLineWidth(size * BOLD_STROKE)
    writer.setTextRenderMode(2)
    writer.setTextOrigin(x, y)
    for face, part in chain().runs(text):
        writer.setFont(face.fontName, size)
        writer.textOut(part)
    canvas.drawText(writer)
