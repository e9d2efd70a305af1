"""A long table of short cells in several panels side by side, so that a thousand households stay on few pages.

Each panel is read downwards, then the next one on its right; a group that goes on in another panel says so again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from .canvas import Boxes, Page, Rule
from .flow import BOTTOM, LEFT, WIDTH, Flow

Cells = tuple[str, ...]

_GAP, _PAD, _LARGEST, _SMALLEST, _PANELS_MAX = 11.0, 3.1, 9.8, 8.0, 4
_ROW, _HEAD = 1.42, 1.6
_FULL = 44
"""Lines that are better read in one panel of large type than in two."""
_FEWEST = 6
"""A panel with fewer lines than these on a page that is nearly full goes to the next page."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's title. The first column is left-aligned, all others right."""

    title: str
    align: Literal["left", "right"] = "right"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading. Their sums belong in a table of their own: long figures would widen every panel."""

    title: str
    rows: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class _Line:
    group: str
    cells: Cells = ()
    """None in the heading of the group."""


@dataclass(frozen=True, slots=True)
class _Grid:
    panels: int
    size: float
    widths: tuple[float, ...]

    @property
    def row(self) -> float:
        return self.size * _ROW

    @property
    def head(self) -> float:
        return self.size * _HEAD

    @property
    def width(self) -> float:
        return sum(self.widths)


def panels(flow: Flow, heads: Sequence[Head], groups: Sequence[Group]) -> None:
    """Print the groups; type is as large as the most panels allow that keep it readable."""
    grid = _grid(flow.page, heads, groups)
    lines = _lines(groups)
    while lines:
        room = int((flow.y - BOTTOM - grid.head) / grid.row)
        if room < min(_FEWEST, len(lines)):
            new_page(flow)
            continue
        lines = _page(flow, heads, grid, lines, room)


def new_page(flow: Flow) -> None:
    """Go on at the top of a new page."""
    flow.pages.append(Page())
    flow.y = flow.next_page(flow.page)


def _lines(groups: Sequence[Group]) -> list[_Line]:
    return [line for g in groups for line in (_Line(g.title), *(_Line(g.title, row) for row in g.rows))]


def _grid(page: Page, heads: Sequence[Head], groups: Sequence[Group]) -> _Grid:
    """As many panels as fit at the smallest size, then the largest size at which they do."""
    columns = [[head.title] for head in heads]
    for group in groups:
        for cells in group.rows:
            for column, text in zip(columns, cells, strict=True):
                column.append(text)
    natural = [max(page.fonts.width(text, 1) for text in column) for column in columns]
    pads = 2 * _PAD * len(heads)
    for count in range(min(_PANELS_MAX, ceil(len(_lines(groups)) / _FULL)), 0, -1):
        width = (WIDTH - _GAP * (count - 1)) / count
        size = min(_LARGEST, (width - pads) / sum(natural))
        if size >= _SMALLEST or count == 1:
            spare = (width - pads - size * sum(natural)) / len(heads)
            return _Grid(count, size, tuple(size * wide + 2 * _PAD + spare for wide in natural))
    raise AssertionError("one panel always fits")


def _page(flow: Flow, heads: Sequence[Head], grid: _Grid, lines: list[_Line], room: int) -> list[_Line]:
    """Print what fits on this page, evenly filled where it is the last; returns the rest."""
    rows = next(
        (
            rows
            for rows in range(max(2, ceil(len(lines) / grid.panels)), room + 1)
            if not _fill(lines, grid.panels, rows)[1]
        ),
        room,
    )
    filled, rest = _fill(lines, grid.panels, rows)
    top = flow.take(grid.head + grid.row * max(len(panel) for panel in filled))
    for number, panel in enumerate(filled):
        x = LEFT + number * (grid.width + _GAP)
        _panel(flow.page, heads, grid, panel, x, top)
        if number:
            flow.page.shapes.append(Rule(x - _GAP / 2, top, x - _GAP / 2, flow.y, 0.4, 0.5))
    return rest


def _fill(lines: Sequence[_Line], count: int, rows: int) -> tuple[list[list[_Line]], list[_Line]]:
    """`lines` in at most `count` panels of at most `rows`, and what is left over."""
    filled: list[list[_Line]] = []
    at = 0
    while at < len(lines) and len(filled) < count:
        panel = [_Line(f"{lines[at].group}（续）")] if lines[at].cells else []
        while at < len(lines) and len(panel) < rows:
            if not lines[at].cells and len(panel) == rows - 1:
                break  # a heading does not end a panel
            panel.append(lines[at])
            at += 1
        filled.append(panel)
    return filled, list(lines[at:])


def _panel(page: Page, heads: Sequence[Head], grid: _Grid, lines: Sequence[_Line], left: float, top: float) -> None:
    title_size = page.fit([head.title for head in heads], grid.size * 0.94, max(grid.widths))
    _cells(page, heads, grid, tuple(head.title for head in heads), left, top - grid.size * 1.15, title_size, grey=0.25)
    y = top - grid.head
    page.rule(left, y, left + grid.width, 0.9)
    shaded = []
    for number, line in enumerate(lines):
        base = y - grid.size * 1.07
        if not line.cells:
            page.shapes.append(Boxes(((left, y - grid.row, grid.width, grid.row),), fill=0.86))
            page.write(left + _PAD, base, line.group, grid.size, bold=True)
        else:
            _cells(page, heads, grid, line.cells, left, base, grid.size)
            if number % 2:
                shaded.append((left, y - grid.row, grid.width, grid.row))
        y -= grid.row
    page.shapes.insert(0, Boxes(tuple(shaded), fill=0.955))


def _cells(
    page: Page, heads: Sequence[Head], grid: _Grid, cells: Cells, left: float, base: float, size: float,
    grey: float = 0.0,
) -> None:  # fmt: skip
    x = left
    for head, width, text in zip(heads, grid.widths, cells, strict=True):
        edge = x + _PAD if head.align == "left" else x + width - _PAD
        page.write(edge, base, text, size, align=head.align, grey=grey)
        x += width
