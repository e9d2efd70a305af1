"""One form of the fund's statements on a page of A4 across: heading, ruled table, signatures, equalities, footnotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..fund_value import Check, Form, FundStatements, Line
from .canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page, Rule
from .fund_statements_words import (
    SIGNERS,
    check_words,
    draft_words,
    figure,
    footnotes,
    fund_name,
    number_words,
    sign,
)

PAGE_WIDTH, PAGE_HEIGHT = A4_HEIGHT, A4_WIDTH
LEFT, RIGHT = 40.0, PAGE_WIDTH - 40.0
WIDTH = RIGHT - LEFT
_TABLE_TOP, _FLOOR = PAGE_HEIGHT - 94.0, 46.0
_SIZE, _SMALL, _ROW, _PAD = 11.5, 8.4, 23.0, 5.0
_CHECKS_MAX = 12
"""More equalities than these are in the notes only; those that fail come first."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the table's lines are: the right edge of the titles, a figure's width, a row's height."""

    titles: float
    figure: float
    row: float
    size: float


def form_page(statements: FundStatements, form: Form) -> Page:
    """The page of `form`, without its page number."""
    page = Page(size=(PAGE_WIDTH, PAGE_HEIGHT))
    _heading(page, statements, form)
    foot = _foot_lines(page, form)
    checks = _chosen(statements.checks_of(form.key))
    below = 50 + 13 * ((len(checks) + 1) // 2) + 6 + len(foot) * _SMALL * 1.32
    rows = len(form.lines) + (2 if form.columns[0].group else 1)
    grid = _grid(page, form, min(_ROW, (_TABLE_TOP - _FLOOR - below) / rows))
    y = _table(page, form, grid) - 19
    for number, signer in enumerate(SIGNERS):
        page.write(LEFT + number * WIDTH / 3, y, f"{signer}：", 10.5)
    y = _checks(page, checks, y - 19)
    for line in foot:
        page.write(LEFT, y, line, _SMALL, grey=0.25)
        y -= _SMALL * 1.32
    return page


def _heading(page: Page, statements: FundStatements, form: Form) -> None:
    top, middle = PAGE_HEIGHT - 40, PAGE_WIDTH / 2
    page.write(middle, top - 22, form.title, 24, align="middle", bold=True)
    page.write(RIGHT, top - 8, number_words(form), 10.5, align="right")
    name = f"资金名称：{fund_name(statements)}"
    page.write(LEFT, top - 8, name, page.fit([name], 10.5, middle - LEFT - 90))
    if statements.is_draft:
        page.shapes.append(Boxes(((LEFT, top - 33, 196, 19),), line=0.0, line_width=1.2))
        page.write(LEFT + 98, top - 28, draft_words(statements), 11.5, align="middle", bold=True)
    page.write(LEFT, top - 48, f"编制单位：{statements.street}", 10.5)
    page.write(middle, top - 46, form.period, 12.5, align="middle")
    page.write(RIGHT, top - 48, "单位：元", 10.5, align="right")


def _grid(page: Page, form: Form, row: float) -> _Grid:
    titles = 176.0 if len(form.columns) < 7 else 150.0
    width = (WIDTH - titles) / len(form.columns)
    texts = [figure(cell) for line in form.lines for cell in line.cells]
    return _Grid(titles, width, row, page.fit(texts, min(_SIZE, row * 0.56), width - 2 * _PAD))


def _table(page: Page, form: Form, grid: _Grid) -> float:
    """The ruled table; returns the height of its lower edge."""
    y = _head(page, form, grid)
    first = y
    for line in form.lines:
        y -= grid.row
        _row(page, form, line, grid, y)
    for number in range(len(form.columns)):
        x = LEFT + grid.titles + number * grid.figure
        starts_group = not number or form.columns[number].group != form.columns[number - 1].group
        page.shapes.append(Rule(x, first, x, y, 0.9 if starts_group and form.columns[0].group else 0.4))
    page.shapes.append(Boxes(((LEFT, y, WIDTH, _TABLE_TOP - y),), line=0.0, line_width=1.2))
    return y


def _head(page: Page, form: Form, grid: _Grid) -> float:
    """The columns' titles, under their groups where there are groups; returns the lower edge."""
    grouped = bool(form.columns[0].group)
    bottom = _TABLE_TOP - grid.row * (2 if grouped else 1)
    page.shapes.append(Boxes(((LEFT, bottom, WIDTH, _TABLE_TOP - bottom),), fill=0.93))
    base = grid.row * 0.31
    page.write(LEFT + grid.titles / 2, (bottom + _TABLE_TOP) / 2 - 4, "项　　目", 10.5, align="middle", bold=True)
    titles = [column.title + sign(form, column.mark) for column in form.columns]
    size = page.fit(titles, 10.5, grid.figure - 4)
    edge = LEFT + grid.titles
    for number, (column, title) in enumerate(zip(form.columns, titles, strict=True)):
        x = edge + number * grid.figure
        page.write(x + grid.figure / 2, bottom + base, title, size, align="middle")
        opens = not number or column.group != form.columns[number - 1].group
        page.shapes.append(Rule(x, _TABLE_TOP if opens else bottom + grid.row, x, bottom, 0.9 if opens else 0.4))
        if grouped and opens:
            span = grid.figure * sum(other.group == column.group for other in form.columns)
            page.write(x + span / 2, _TABLE_TOP - grid.row + base, column.group, 10.5, align="middle", bold=True)
    if grouped:
        page.rule(edge, _TABLE_TOP - grid.row, RIGHT, 0.4)
    page.rule(LEFT, bottom, RIGHT, 0.9)
    return bottom


def _row(page: Page, form: Form, line: Line, grid: _Grid, bottom: float) -> None:
    strong = line.kind in ("total", "grand")
    base = bottom + (grid.row - grid.size) / 2 + grid.size * 0.14
    title = line.title + sign(form, line.mark)
    indent = 14.0 if line.kind == "plain" else 0.0
    size = page.fit([title], min(_SIZE, grid.row * 0.56), grid.titles - indent - 2 * _PAD)
    page.write(LEFT + _PAD + indent, base, title, size, bold=line.kind != "plain")
    for number, cell in enumerate(line.cells, 1):
        edge = LEFT + grid.titles + number * grid.figure - _PAD
        page.write(edge, base, figure(cell), grid.size, align="right", bold=strong)
    page.rule(LEFT, bottom, RIGHT, 0.8 if strong else 0.4)


def _chosen(checks: Sequence[Check]) -> list[str]:
    """The equalities printed at the foot, those that fail first."""
    ordered = sorted(checks, key=lambda check: check.holds is not False)
    words = [("！" if check.holds is False else "") + check_words(check) for check in ordered]
    if len(words) > _CHECKS_MAX:
        return [*words[: _CHECKS_MAX - 1], f"其余 {len(words) - _CHECKS_MAX + 1} 项见附注的勾稽核对"]
    return words


def _checks(page: Page, words: Sequence[str], y: float) -> float:
    """The equalities in two columns; a failing one in bold. Returns the height below them."""
    width = WIDTH / 2 - 44
    page.write(LEFT, y, "勾稽：", 9.2, bold=True)
    for number, text in enumerate(words):
        x = LEFT + 32 + (number % 2) * (width + 26)
        size = page.fit([text], 9.2, width + 22)
        page.write(x, y - 13 * (number // 2), text, size, bold=text.startswith("！"))
    return y - 13 * ((len(words) + 1) // 2) - 3


def _foot_lines(page: Page, form: Form) -> list[str]:
    return [line for note in footnotes(form) for line in page.lines(note, _SMALL, WIDTH)]
