"""Fill pages from the top down: blocks that keep together, and tables that go on over the page with their head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page

LEFT, RIGHT = 40.0, A4_WIDTH - 40.0
WIDTH = RIGHT - LEFT
TOP, BOTTOM = A4_HEIGHT - 40.0, 52.0


@dataclass(slots=True)
class Flow:
    """The pages so far and `y`, the height down to which the last one is full."""

    next_page: Callable[[Page], float]
    """Draws the head of a page after the first and returns the height it leaves."""
    pages: list[Page] = field(default_factory=lambda: [Page()])
    y: float = TOP

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def take(self, height: float) -> float:
        """Room for a block of `height`, on a new page when this one has not got it; returns the block's upper edge."""
        if self.y - height < BOTTOM:
            self.pages.append(Page())
            self.y = self.next_page(self.page)
        top = self.y
        self.y -= height
        return top


    def keep(self, height: float) -> None:
        """Start a new page unless `height` is left on this one."""
        self.take(height)
        self.y += height

    def gap(self, height: float) -> None:
        """Leave room before the next block; at a page's end it is simply lost."""
        self.y -= height


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float
    align: Literal["left", "right"] = "left"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Density:
    """Sizes of a table's type, and the room above and below a row."""

    size: float
    note: float
    head: float
    pad: float


ROOMY = Density(size=11.5, note=8.8, head=10.0, pad=4.2)
DENSE = Density(size=10.8, note=8.4, head=9.5, pad=2.4)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `notes` are small grey lines under the cell of the same place, `below` across the table."""

    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()
    below: str = ""
    kind: Literal["plain", "head", "section", "total", "grand"] = "plain"
    """section: a heading across the table; total: bold; grand: bold between strong rules."""


PAD_X, LEADING = 4.0, 1.3


@dataclass(frozen=True, slots=True)
class _Set:
    """A row ready to print: its lines of text by cell, and its height."""

    row: Row
    cells: tuple[tuple[list[str], list[str]], ...]
    sizes: tuple[float, ...]
    density: Density
    height: float
    below: tuple[str, ...] = ()


def table(
    flow: Flow, columns: Sequence[Column], rows: Sequence[Row], density: Density, *, whole: bool = False,
    below: float = 0.0,
) -> None:  # fmt: skip
    """Print `rows` under a head with the columns' titles, which every further page repeats.

    A table that is to stay `whole` starts on a new page when it does not fit on this one but does on an empty one.

    A section heading stays with the row after it, a total with the row before it. Figures (right-aligned columns) are
    one size in a column, shrunk when the widest would not fit; other cells break into lines. The last rows keep `below`
    under them on their page, for a note that is read with the table.
    """
    sizes = _sizes(flow.page, columns, rows, density)
    titles = Row(tuple(c.title for c in columns), kind="head")
    head = _set(flow.page, columns, titles, (density.head,) * len(columns), density)
    ready = [_set(flow.page, columns, row, sizes, density) for row in rows]
    tall = head.height + sum(r.height for r in ready)
    if whole and tall < TOP - BOTTOM - 40:
        flow.keep(tall)
    at, started = 0, False
    while at < len(ready):
        group = _together(ready, at)
        height = sum(r.height for r in group)
        pages = len(flow.pages)
        at += len(group)
        flow.keep(height + (0 if started else head.height) + (below if at == len(ready) else 0))
        top = flow.take(height if started else height + head.height)
        if not started:
            _print(flow.page, columns, head, top)
            top -= head.height
        elif len(flow.pages) != pages:
            _print(flow.page, columns, head, top)
            top -= head.height
            flow.y -= head.height
        for row in group:
            _print(flow.page, columns, row, top)
            top -= row.height
        started = True


def _together(rows: Sequence[_Set], at: int) -> list[_Set]:
    """The rows from `at` that must not be parted."""
    end = at + 1
    while end < len(rows) and (rows[end - 1].row.kind == "section" or rows[end].row.kind in ("total", "grand")):
        end += 1
    return list(rows[at:end])


def _sizes(page: Page, columns: Sequence[Column], rows: Sequence[Row], density: Density) -> tuple[float, ...]:
    return tuple(
        page.fit([r.cells[n] for r in rows if r.kind != "section"], density.size, c.width - 2 * PAD_X)
        if c.align == "right"
        else density.head
        if c.small
        else density.size
        for n, c in enumerate(columns)
    )


def _set(page: Page, columns: Sequence[Column], row: Row, sizes: tuple[float, ...], density: Density) -> _Set:
    if row.kind == "section":
        size = density.size + 0.5
        return _Set(row, (([row.cells[0]], []),), (size,), density, size * LEADING + 2 * density.pad)
    cells: list[tuple[list[str], list[str]]] = []
    height = 0.0
    for number, (column, text) in enumerate(zip(columns, row.cells, strict=True)):
        width = column.width - 2 * PAD_X
        note = row.notes[number] if number < len(row.notes) else ""
        lines = [text] if column.align == "right" or not text else page.lines(text, sizes[number], width)
        small = page.lines(note, density.note, width) if note else []
        cells.append((lines, small))
        height = max(height, (len(lines) * sizes[number] + len(small) * density.note) * LEADING)
    below = page.lines(row.below, density.note, WIDTH - 2 * PAD_X) if row.below else []
    height += len(below) * density.note * LEADING + 2 * density.pad
    return _Set(row, tuple(cells), sizes, density, height, tuple(below))


def _print(page: Page, columns: Sequence[Column], ready: _Set, top: float) -> None:
    bottom = top - ready.height
    kind, density = ready.row.kind, ready.density
    first = top - density.pad - max(ready.sizes)
    if kind == "section":
        page.shapes.append(Boxes(((LEFT, bottom, WIDTH, ready.height),), fill=0.92))
        page.write(LEFT + PAD_X, first, ready.cells[0][0][0], ready.sizes[0], bold=True)
        return
    x = LEFT
    for column, (lines, notes), size in zip(columns, ready.cells, ready.sizes, strict=True):
        edge = x + PAD_X if column.align == "left" else x + column.width - PAD_X
        bold = kind in ("total", "grand") and (x == LEFT or column.align == "right")
        grey = 0.25 if kind == "head" else 0.0
        for number, line in enumerate(lines):
            page.write(edge, first - number * size * LEADING, line, size, align=column.align, bold=bold, grey=grey)
        below = first - (len(lines) - 1) * size * LEADING
        for number, line in enumerate(notes, 1):
            page.write(edge, below - number * density.note * LEADING, line, density.note, align=column.align, grey=0.3)
        x += column.width
    lowest = bottom + density.pad + density.note * (LEADING - 1)
    for number, line in enumerate(reversed(ready.below)):
        page.write(LEFT + PAD_X, lowest + number * density.note * LEADING, line, density.note, grey=0.3)
    if kind == "grand":
        page.rule(LEFT, top, RIGHT, 1.3)
    strong = {"head": 1.0, "grand": 1.3, "total": 0.5}.get(kind)
    page.rule(LEFT, bottom, RIGHT, strong or 0.4, 0.0 if strong else 0.6)
