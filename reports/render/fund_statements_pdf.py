"""The fund's statements for signing and filing: a page across for each form, the notes upright."""

from __future__ import annotations

from jiezhang.domain.money import show

from ..fund_value import Form, FundStatements, Note
from ..wording import month_name
from .canvas import Page
from .flow import DENSE, LEFT, RIGHT, TOP, WIDTH, Column, Flow, Row, table
from .fund_form_page import form_page
from .fund_statements_words import RESULTS, draft_words, figure, fund_name, whole_title
from .paper import Document, put_on_paper

_LINE = 10.8


def render_pdf(statements: FundStatements) -> bytes:
    """The statements as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=whole_title(statements),
        author=statements.street,
        subject="、".join(form.title for form in statements.forms) + "、附注",
        keywords=f"维修资金 {statements.compound} {statements.month}",
        day=statements.month.last_day,
    )
    return put_on_paper(lay_out(statements), document)


def lay_out(statements: FundStatements) -> list[Page]:
    """The pages, numbered: the three forms across, then the notes upright."""
    flow = Flow(lambda page: _head_again(page, statements))
    _notes_title(flow, statements)
    for note in statements.notes:
        _note(flow, note)
    _all_checks(flow, statements)
    pages = [form_page(statements, form) for form in statements.forms] + flow.pages
    for number, page in enumerate(pages, 1):
        _page_foot(page, statements, f"第 {number} 页　共 {len(pages)} 页")
    return pages


def _notes_title(flow: Flow, statements: FundStatements) -> None:
    top, page = flow.take(64), flow.page
    page.write((LEFT + RIGHT) / 2, top - 22, "会计报表附注", 22, align="middle", bold=True)
    under = f"{fund_name(statements)}　{month_name(statements.month)}　单位：元"
    page.write((LEFT + RIGHT) / 2, top - 46, under, page.fit([under], 12, WIDTH), align="middle")
    if statements.is_draft:
        page.write(RIGHT, top - 60, draft_words(statements), 11, align="right", bold=True)


def _note(flow: Flow, note: Note) -> None:
    _heading(flow, note.title, 60)
    for text in note.texts:
        lines = flow.page.lines("　　" + text, _LINE, WIDTH)
        top = flow.take(len(lines) * _LINE * 1.45 + 2)
        for number, line in enumerate(lines):
            flow.page.write(LEFT, top - _LINE * (1 + 1.45 * number), line, _LINE)
    if note.rows:
        figures = [Column(head, 98, "right") for head in note.heads]
        columns = [Column("项目", 128), Column("说明", WIDTH - 128 - 98 * len(figures)), *figures]
        rows = [Row((row.title, row.remark, *map(figure, row.cells))) for row in note.rows]
        table(flow, columns, rows, DENSE)


def _heading(flow: Flow, title: str, below: float) -> None:
    """A section's title, with `below` left under it on its page."""
    flow.gap(8)
    flow.keep(22 + below)
    top = flow.take(22)
    flow.page.write(LEFT, top - 14, title, 12.5, bold=True)


_CHECKS = (
    Column("项目", 150),
    Column("金额", 82, "right"),
    Column("应等于", 102),
    Column("金额", 82, "right"),
    Column("相差", 56, "right"),
    Column("结果", WIDTH - 472, small=True),
)


def _all_checks(flow: Flow, statements: FundStatements) -> None:
    _heading(flow, "七、勾稽核对", 80)
    rows = []
    for form in statements.forms:
        rows.append(Row((f"{form.number}　{form.title}", *[""] * 5), kind="section"))
        rows += _check_rows(statements, form)
    table(flow, _CHECKS, rows, DENSE)


def _check_rows(statements: FundStatements, form: Form) -> list[Row]:
    rows = []
    for check in statements.checks_of(form.key):
        right, gap = check.right, check.difference
        compared = ("—",) * 3 if right is None or gap is None else (right.name, show(right.amount), show(gap))
        cells = (check.left.name, show(check.left.amount), *compared, RESULTS[check.holds])
        rows.append(Row(cells, kind="total" if check.holds is False else "plain"))
    return rows


def _head_again(page: Page, statements: FundStatements) -> float:
    used = page.write(RIGHT, TOP - 10, "会计报表附注（续）", 11, align="right")
    name = f"{fund_name(statements)}　{month_name(statements.month)}"
    page.write(LEFT, TOP - 10, name, page.fit([name], 12, WIDTH - used - 14), bold=True)
    page.rule(LEFT, TOP - 17, RIGHT, 0.8)
    return TOP - 24


def _page_foot(page: Page, statements: FundStatements, number: str) -> None:
    right = page.size[0] - LEFT
    page.rule(LEFT, 38, right, 0.4, 0.4)
    page.write(LEFT, 26, statements.street, 9, grey=0.25)
    page.write(page.size[0] / 2, 26, number, 10, align="middle")
    page.write(right, 26, f"{statements.compound}　{statements.month}", 9, align="right", grey=0.25)
