"""Reading papers back: text of a PDF's pages, cells of a workbook, and every formula worked out a second time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import openpyxl
import pypdfium2  # type: ignore[import-untyped]

from reports.render.canvas import Page
from reports.render.flow import BOTTOM, LEFT, RIGHT

Cells = dict[str, dict[str, Any]]
_CELL = r"(?:'([^']+)'!)?([A-Z]+)(\d+)"


def texts(data: bytes) -> list[str]:
    """The text of each page, blanks left out."""
    document = pypdfium2.PdfDocument(data)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def check_pages(pages: Iterable[Page]) -> None:
    """Nothing leaves the margins, nothing but the page number stands in the foot, no two texts lie on each other."""
    for page in pages:
        boxes = []
        for text in page.texts:
            right = text.x + page.fonts.width(text.text, text.size)
            assert text.x >= LEFT - 0.1 and right <= RIGHT + 0.1, text
            assert text.y > BOTTOM - 4 or 25 < text.y < 32, text
            boxes.append((text.y, text.x, right, text.y + text.size * 0.75, text.text))
        boxes.sort()
        for number, (_, left, right, top, said) in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= top:
                    break
                assert other[1] >= right - 0.1 or other[2] <= left + 0.1, (said, other[4])


def sheets(data: bytes, *, formulas: bool = False) -> Cells:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)
    return {s.title: {c.coordinate: c.value for row in s.iter_rows() for c in row if c.value is not None} for s in book}


def check_formulas(data: bytes) -> int:
    """Every formula gives the figure that stands beside it; returns how many there are."""
    written, shown = sheets(data, formulas=True), sheets(data)
    found = 0
    for sheet, cells in written.items():
        for place, value in cells.items():
            if str(value).startswith("="):
                assert _worth(written, sheet, value) == _exact(shown[sheet][place]), (sheet, place, value)
                found += 1
    return found


def _exact(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _worth(book: Cells, sheet: str, value: Any) -> Decimal:
    """A small calculator: SUM, SUMIF, ROUND, MAX, and arithmetic of cells."""
    if not str(value).startswith("="):
        return _exact(value or 0)
    formula = str(value)[1:]
    if found := re.fullmatch(r"SUMIF\((.+),(.+),(.+)\)", formula):
        keys, wanted, sums = _range(book, sheet, found[1]), book[sheet][found[2]], _range(book, sheet, found[3])
        pairs = zip(keys, sums, strict=True)
        return sum((_worth(book, "各户分摊", figure) for key, figure in pairs if key == wanted), Decimal("0.00"))
    if found := re.fullmatch(r"SUM\((.+)\)", formula):
        return sum((_worth(book, sheet, figure) for figure in _range(book, sheet, found[1])), Decimal("0.00"))
    worked = re.sub(_CELL, lambda m: f"value({m[0]!r})", formula)

    def cell(place: str) -> Decimal:
        return _worth(book, sheet, book[sheet].get(place, 0))

    names = {"value": cell, "MAX": lambda *of: max(Decimal(one) for one in of), "ROUND": _round}
    return _exact(eval(worked, {"__builtins__": {}}, names))


def _round(number: Decimal, places: int) -> Decimal:
    from decimal import ROUND_HALF_UP

    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _range(book: Cells, sheet: str, text: str) -> list[Any]:
    found = re.fullmatch(rf"{_CELL}:([A-Z]+)(\d+)", text)
    assert found
    name, column, first, _, last = found.groups()
    return [book[name or sheet].get(f"{column}{row}") for row in range(int(first), int(last) + 1)]
