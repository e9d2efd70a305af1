"""Bytes to rows of text cells, with row numbers as a person sees them in the file (the first row is 1)."""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from jiezhang.domain.problem import Refused

from .archive import BROKEN, read_zip
from .container import TOO_WIDE, check_xls
from .quiet import quiet

HEAD_ROWS = 60
"""A header stands within the first sixty rows; the deepest seen is row 17."""
_HEAD_CHARS = 100_000
MAX_CELLS = 3_000_000
_MAX_DIGITS = 15
"""Excel keeps fifteen digits of a number; a longer account number stored as one has lost its tail."""

_EDGES = " \t\r\n\u3000\xa0\ufeff"
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_BRACKETED_ENGLISH = re.compile(r"(?<=.)\[[^\]]*\]$")
_CELL_REF = re.compile(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW_REF = re.compile(rb"""<(?:\w+:)?row [^>]*?\br=["'](\d{1,7})["']""")
_QUOTED = re.compile(r'"[^"]*"')
_PADDING = re.compile(r"\t+(?=,|$)")
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

HeadRow = frozenset[str]
"""The header names one row would give."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `damaged` are the columns whose numbers were too long for Excel to keep."""

    line: int
    cells: tuple[str, ...]
    damaged: frozenset[int] = frozenset()

    def cell(self, index: int) -> str:
        """The cell at `index`, empty beyond the row's end."""
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


Sheet = tuple[Row, ...]


def clean_cell(text: str) -> str:
    """`text` without padding, the backtick and `="…"` that keep Excel from guessing; inner text is left alone."""
    bare = text.strip(_EDGES)
    if bare.startswith("`"):
        bare = bare[1:].strip(_EDGES)
    if bare.startswith("="):
        found = _FORMULA_TEXT.fullmatch(bare)
        bare = found[1].strip(_EDGES) if found else bare
    return bare


def header_name(text: str) -> str:
    """A header cell for comparison: NFKC (full-width brackets and colons), no spaces, no `[ English ]` after it."""
    if text.isascii():
        return _BRACKETED_ENGLISH.sub("", "".join(text.split()))
    return _BRACKETED_ENGLISH.sub("", "".join(unicodedata.normalize("NFKC", text).split()))


def head_rows(sheet: Sheet) -> tuple[HeadRow, ...]:
    """The first rows of `sheet`, each as the set of its header names."""
    return tuple(frozenset(header_name(cell) for cell in row.cells if cell) for row in sheet[:HEAD_ROWS])


def sheets_of_workbook(data: bytes, file: str) -> tuple[Sheet, ...]:
    """Every sheet of an xls or xlsx workbook; `Refused` when it is locked, damaged or absurdly large."""
    if data.startswith(b"PK"):
        _check_extent(read_zip(data, file), file)
    else:
        check_xls(data, file, MAX_CELLS)
    try:
        with quiet():
            return tuple(_unwrapped(_sheet(rows)) for rows in _raw_sheets(data, file))
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(BROKEN, file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own crash on damaged bytes; pyo3 hides its class
            raise
        raise Refused(BROKEN, file) from error


def sheets_of_text(text: str, file: str) -> tuple[Sheet, ...]:
    """A delimited text as one sheet; `Refused` when a quote is left open, as in a file cut short."""
    rows = []
    line = 1
    try:
        for row in _text_rows(text, _delimiter(text), strict=True):
            rows.append(row)
            line = row.line + 1
    except csv.Error as error:
        raise Refused("引号没有配对，文件可能被截断或改动过，请重新下载", file, line) from error
    return (tuple(rows),)


def head_of_text(text: str) -> Sheet:
    """The first rows of a text that may be no table at all: never refused."""
    rows = _text_rows("".join(text[:_HEAD_CHARS].splitlines(keepends=True)[:HEAD_ROWS]), _delimiter(text), strict=False)
    return tuple(rows)


def _text_rows(text: str, delimiter: str, strict: bool) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    start = 1
    for cells in reader:
        yield Row(start, tuple(clean_cell(cell) for cell in cells))
        start = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The delimiter that splits some early line into the most cells.

    Commas inside quotes or amounts don't count, nor do the tabs with which Alipay pads every value.
    """
    early = text[:_HEAD_CHARS].splitlines()[:HEAD_ROWS]
    lines = [_PADDING.sub("", _GROUPING.sub("", _QUOTED.sub("", line))) for line in early]
    return max(",\t|;", key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _check_extent(members: dict[str, bytes], file: str) -> None:
    """Refuse a sheet with a cell far out: the reader allots the whole rectangle before anybody can stop it."""
    for name, xml in members.items():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        rows = max((int(found[1]) for found in _ROW_REF.finditer(xml)), default=1)
        width = 1
        for found in _CELL_REF.finditer(xml):
            width = max(width, _column(found[1]))
            rows = max(rows, int(found[2]))
        if rows * width > MAX_CELLS:
            raise Refused(TOO_WIDE, file)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _raw_sheets(data: bytes, file: str) -> Iterator[list[list[object]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise Refused(TOO_WIDE, file)
        rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        yield rows


def _sheet(rows: list[list[object]]) -> Sheet:
    return tuple(_row(line, cells) for line, cells in enumerate(rows, 1))


def _unwrapped(sheet: Sheet) -> Sheet:
    """A workbook that holds a CSV text line by line in its first column, as some banks write, cut into cells."""
    if any(any(row.cells[1:]) for row in sheet) or not any(row.cell(0).count(",") >= 4 for row in sheet):
        return sheet
    return tuple(Row(row.line, tuple(clean_cell(c) for c in next(csv.reader([row.cell(0)]), []))) for row in sheet)


def _row(line: int, cells: list[object]) -> Row:
    damaged = frozenset(
        i for i, cell in enumerate(cells) if isinstance(cell, (int, float)) and abs(cell) >= 10**_MAX_DIGITS
    )
    return Row(line, tuple(cell_text(cell) for cell in cells), damaged)


def cell_text(cell: object) -> str:
    """What stands in a workbook cell, as the text a bank would have written."""
    if isinstance(cell, str):
        return clean_cell(cell)
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
        return f"{number:.0f}" if number == number.to_integral_value() else f"{number:f}"
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return clean_cell(str(cell))
