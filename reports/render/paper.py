"""Put laid-out pages into a PDF: the same pages give the same bytes, on any day, in any process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from .canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page, Rule, Text
from .fonts import chain

BOLD_STROKE = 0.03
"""Width of the outline that makes bold of regular, as a part of the size."""


_RED = (0.8, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Document:
    """What a viewer shows about the file. `day` is the file's date, so that the bytes depend on nothing else."""

    title: str
    author: str
    subject: str
    keywords: str
    day: date


def put_on_paper(pages: Iterable[Page], document: Document) -> bytes:
    """The pages as a PDF; the same pages give the same bytes."""
    out = BytesIO()
    first = chain().face_of("0")
    canvas = Canvas(
        out,
        pagesize=(A4_WIDTH, A4_HEIGHT),
        invariant=1,
        pageCompression=1,
        lang="zh-CN",
        initialFontName=first.fontName,  # type: ignore[arg-type]  # the stubs say float; without it Helvetica creeps in
    )
    # reportlab starts the file's ID from SOURCE_DATE_EPOCH or the year 2000; ours comes from the contents alone
    canvas._doc.signature = hashlib.md5(usedforsecurity=False)  # type: ignore[attr-defined]
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setKeywords(document.keywords)
    canvas.setCreator("jiezhang")
    canvas.setProducer("jiezhang")
    canvas.setDateFormatter(lambda *_: f"D:{document.day:%Y%m%d}000000+08'00'")
    for page in pages:
        canvas.setPageSize(page.size)
        for shape in page.shapes:
            _draw(canvas, shape)
        _draw_texts(canvas, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, shape: Rule | Boxes) -> None:
    if isinstance(shape, Rule):
        canvas.setLineWidth(shape.width)
        canvas.setStrokeGray(shape.grey)
        canvas.line(shape.x1, shape.y1, shape.x2, shape.y2)
        return
    path = canvas.beginPath()
    for box in shape.boxes:
        path.rect(*box)
    if shape.fill is not None:
        canvas.setFillGray(shape.fill)
    if shape.line is not None:
        canvas.setStrokeGray(shape.line)
        canvas.setLineWidth(shape.line_width)
    canvas.drawPath(path, stroke=int(shape.line is not None), fill=int(shape.fill is not None))


def _draw_texts(canvas: Canvas, page: Page) -> None:
    for (size, bold, grey, red), texts in groupby(page.texts, key=lambda t: (t.size, t.bold, t.grey, t.red)):
        if red:
            canvas.saveState()
        _draw_alike(canvas, page, list(texts), size, bold, grey, red=red)
        if red:
            canvas.restoreState()


def _draw_alike(
    canvas: Canvas, page: Page, texts: Sequence[Text], size: float, bold: bool, grey: float, *, red: bool
) -> None:
    """Texts of one look in one text object. Bold is outlined; the mode would outlive the object, hence the save."""
    if bold:
        canvas.saveState()
    if red:
        canvas.setFillColorRGB(*_RED)
    else:
        canvas.setFillGray(grey)
    writer = canvas.beginText()
    if bold and red:
        canvas.setStrokeColorRGB(*_RED)
    elif bold:
        canvas.setStrokeGray(grey)
    if bold:
        canvas.setLineWidth(size * BOLD_STROKE)
        writer.setTextRenderMode(2)
    face = None
    for text in texts:
        writer.setTextOrigin(text.x, text.y)
        for wanted, part in page.fonts.runs(text.text):
            if wanted is not face:
                writer.setFont(wanted.fontName, size)
                face = wanted
            writer.textOut(part)
    canvas.drawText(writer)
    if bold:
        canvas.restoreState()
