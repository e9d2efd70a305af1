"""The household statement on paper, A4 upright, a page for each household: it must be readable at seventy.

From top to bottom: whose it is, the sum everybody can do in the head, whether to pay, every line with its reckoning,
whom to ask. Nothing that matters is smaller than 12 points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil

from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused

from ..household_statement import HouseholdStatement, StatementLine
from ..wording import day_name
from .canvas import A4_WIDTH, Boxes, Page
from .flow import BOTTOM, LEADING, LEFT, PAD_X, RIGHT, TOP, WIDTH, Column, Density, Flow, Row, table
from .household_words import (
    FUND,
    STATEMENT_TITLE,
    area_words,
    asking_words,
    came_words,
    home_name,
    line_words,
    nature_words,
    period_words,
    waiting_words,
    went_words,
)
from .owner_code import owner_code, print_code
from .paper import Document, put_on_paper

Progress = Callable[[int, int], None]
"""Called with (households done, of how many)."""

_ROOMY = Density(size=13.0, note=12.0, head=12.0, pad=4.5)
_DENSE = Density(size=12.0, note=12.0, head=12.0, pad=2.0)
_LINES = (
    Column("日期、凭证", 80),
    Column("事项", WIDTH - 80 - 3 * 80),
    Column("收进（元）", 80, "right"),
    Column("用出（元）", 80, "right"),
    Column("余额（元）", 80, "right"),
)
_BODY = 13.0


def render_pdf(statements: Sequence[HouseholdStatement], progress: Progress | None = None) -> bytes:
    """All `statements`, which are of one compound and time, in one file; the same values give the same bytes.

    Pages are laid out and written one household after the other. `MissingGlyph` when a name can't be printed,
    `Refused` when there is nothing to print.
    """
    if not statements:
        raise Refused("没有分户账可以打印")
    one = statements[0]
    document = Document(
        title=f"{one.issuer.compound_name}{FUND}{STATEMENT_TITLE}",
        author=one.issuer.street,
        subject=period_words(one),
        keywords=f"{FUND} {one.issuer.compound} {one.home.code if len(statements) == 1 else len(statements)}",
        day=one.last,
    )
    return put_on_paper(_all_pages(statements, progress), document)


def _all_pages(statements: Sequence[HouseholdStatement], progress: Progress | None) -> Iterator[Page]:
    for number, statement in enumerate(statements, 1):
        yield from lay_out(statement)
        if progress:
            progress(number, len(statements))


def lay_out(statement: HouseholdStatement) -> list[Page]:
    """The pages of one household, with their page numbers. Closer type where the lines would not fit on the first."""
    flow = Flow(lambda page: _head_again(page, statement))
    _title(flow, statement)
    _home(flow, statement)
    _sum(flow, statement)
    _line_status(flow, statement)
    flow.gap(10)
    asking = _asking(flow.page, statement)
    code = owner_code(statement.code) if statement.code else None
    if statement.lines:
        rows = _rows(statement)
        table(flow, _LINES, rows, _density(flow, rows, _foot_height(asking) + (code.height if code else 0)))
    else:
        _paragraph(flow, "这段时间没有收进，也没有用出。", 15)
    if code:
        print_code(flow, code, _foot_height(asking))
    _foot(flow, asking)
    for number, page in enumerate(flow.pages, 1):
        _page_foot(page, statement, number, len(flow.pages))
    return flow.pages


def _density(flow: Flow, rows: Sequence[Row], foot: float) -> Density:
    """The roomy one if `rows` and a foot of height `foot` fit below what the page has. Reckoned by widths alone."""
    size, note, width = _ROOMY.size, _ROOMY.note, flow.page.fonts.width
    height = _ROOMY.head * LEADING + 2 * _ROOMY.pad
    for row in rows:
        what = ceil(width(row.cells[1], size) / (_LINES[1].width - 2 * PAD_X)) * size
        below = ceil(width(row.below, note) / (WIDTH - 2 * PAD_X)) * note
        beside = size + note if any(row.notes) else size
        height += (max(what, beside) + below) * LEADING + 2 * _ROOMY.pad
    return _ROOMY if flow.y - height - foot >= BOTTOM else _DENSE


def _title(flow: Flow, statement: HouseholdStatement) -> None:
    top, page, middle = flow.take(72), flow.page, A4_WIDTH / 2
    page.write(LEFT, top - 9, statement.issuer.street, 11, grey=0.25)
    page.write(RIGHT, top - 9, FUND, 11, align="right", grey=0.25)
    page.write(middle, top - 36, STATEMENT_TITLE, 26, align="middle", bold=True)
    page.write(middle, top - 59, period_words(statement), 15, align="middle")


def _home(flow: Flow, statement: HouseholdStatement) -> None:
    home, name = statement.home, home_name(statement.issuer, statement.home)
    top = flow.take(28)
    flow.page.write(LEFT, top - 20, name, flow.page.fit([name], 20, WIDTH), bold=True)
    facts = (
        (("户　　号", home.code), ("业　　主", home.owner or "未登记")),
        (("建筑面积", area_words(home)), ("房屋性质", nature_words(home))),
    )
    for pairs in facts:
        top = flow.take(20)
        for x, (label, value) in zip((LEFT, LEFT + WIDTH / 2), pairs, strict=True):
            flow.page.write(x, top - 14, label, 12, grey=0.25)
            flow.page.write(x + 58, top - 14, value, flow.page.fit([value], _BODY, WIDTH / 2 - 64))
    flow.gap(8)


def _sum(flow: Flow, statement: HouseholdStatement) -> None:
    """What there was, what came in, what went out, what is left: four figures under each other."""
    s = statement
    rows = (
        ("", "原来有", [f"{day_name(s.first)}以前"], s.opening_fen),
        ("＋", "收进", came_words(s), s.in_fen),
        ("－", "用出", went_words(s), s.out_fen),
    )
    step, last = 30.0, 52.0
    height = step * len(rows) + last + 8
    top, page = flow.take(height + 8), flow.page
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.4))
    y = top - 26
    for sign, label, parts, fen in rows:
        page.write(LEFT + 14, y, sign, 18)
        page.write(LEFT + 38, y, label, 18)
        wide = page.write(RIGHT - 16, y, yuan(fen), 22, align="right")
        _parts(page, parts, LEFT + 110, y, WIDTH - 136 - wide)
        y -= step
    page.rule(LEFT + 12, y + 20, RIGHT - 12, 1.2)
    y -= 18
    page.write(LEFT + 14, y, "＝", 20)
    page.write(LEFT + 38, y, "现在还有", 20, bold=True)
    page.write(LEFT + 136, y, f"{day_name(s.last)}（元）", 12, grey=0.2)
    shown = yuan(s.closing_fen)
    page.write(RIGHT - 16, y - 2, shown, page.fit([shown], 38, 236), align="right", bold=True)


def _parts(page: Page, parts: Sequence[str], x: float, y: float, width: float) -> None:
    """`parts` beside a figure, in one line of 12 points or in two."""
    lines, half = ["　".join(parts)], (len(parts) + 1) // 2
    if page.fit(lines, 12, width) < 12 and len(parts) > 1:
        lines = ["　".join(parts[:half]), "　".join(parts[half:])]
    size = page.fit(lines, 12, width)
    for number, line in enumerate(lines):
        page.write(x, y + (len(lines) - 1) * 7 - number * 14, line, size, grey=0.2)


def _line_status(flow: Flow, statement: HouseholdStatement) -> None:
    """首期交存 and what the line asks; in a frame when somebody has to pay."""
    s = statement
    said = line_words(s.home, s.line, s.closing_fen, s.first_deposit_fen)
    text = f"首期交存 {yuan(s.first_deposit_fen)} 元。{said}"
    if not s.line.is_below:
        _paragraph(flow, text, _BODY)
        return
    lines = flow.page.lines(text, 14, WIDTH - 24)
    height = len(lines) * 20 + 14
    top = flow.take(height + 4)
    flow.page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), fill=0.9, line=0.0, line_width=1.0))
    for number, line in enumerate(lines):
        flow.page.write(LEFT + 12, top - 20 - number * 20, line, 14, bold=True)


def _rows(statement: HouseholdStatement) -> list[Row]:
    rows = [Row((str(statement.first), "原来有", "", "", yuan(statement.opening_fen)))]
    rows += [_row(line) for line in statement.lines]
    total = ("", "合计", yuan(statement.in_fen), yuan(statement.out_fen), yuan(statement.closing_fen))
    return [*rows, Row(total, kind="grand")]


def _row(line: StatementLine) -> Row:
    came = yuan(line.in_fen) if line.change_fen > 0 else ""
    went = yuan(line.out_fen) if line.change_fen < 0 else ""
    below = "　".join(filter(None, (line.voucher, line.how))) if line.how else ""
    note = "" if below else line.voucher
    return Row((str(line.day), line.what, came, went, yuan(line.balance_fen)), (note,), below)


def _paragraph(flow: Flow, text: str, size: float) -> None:
    lines = flow.page.lines(text, size, WIDTH)
    top = flow.take(len(lines) * size * 1.45 + 4)
    for number, line in enumerate(lines):
        flow.page.write(LEFT, top - size - number * size * 1.45, line, size)


def _asking(page: Page, statement: HouseholdStatement) -> list[str]:
    said = [waiting_words(statement.waiting), *asking_words(statement.issuer)]
    return [line for text in said if text for line in page.lines(text, _BODY, WIDTH)]


def _foot_height(lines: Sequence[str]) -> float:
    return len(lines) * _BODY * 1.5 + 8


def _foot(flow: Flow, lines: Sequence[str]) -> None:
    """Whom to ask, at the foot of the last page."""
    height = _foot_height(lines)
    flow.keep(height)
    flow.y = BOTTOM + height
    top = flow.take(height)
    flow.page.rule(LEFT, top, RIGHT, 0.8)
    for number, line in enumerate(lines, 1):
        flow.page.write(LEFT, top - 2 - number * _BODY * 1.5, line, _BODY)


def _head_again(page: Page, statement: HouseholdStatement) -> float:
    used = page.write(RIGHT, TOP - 11, f"{STATEMENT_TITLE}（续）", 12, align="right")
    name = home_name(statement.issuer, statement.home)
    page.write(LEFT, TOP - 11, name, page.fit([name], 13, WIDTH - used - 14), bold=True)
    page.rule(LEFT, TOP - 18, RIGHT, 0.8)
    return TOP - 26


def _page_foot(page: Page, statement: HouseholdStatement, number: int, count: int) -> None:
    page.rule(LEFT, 42, RIGHT, 0.4, 0.4)
    page.write(LEFT, 28, f"{statement.issuer.compound}　{statement.home.code}", 10, grey=0.25)
    page.write(A4_WIDTH / 2, 28, f"第 {number} 页　共 {count} 页", 10, align="middle")
    page.write(RIGHT, 28, "依据建设部、财政部令第165号第30条", 10, align="right", grey=0.25)
