"""The three parties' statement on A4: figures side by side, whose money it is, open items, signatures, seals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from jiezhang.domain.money import yuan

from ..signing.seal_field import SealField
from ..tri_party_value import AccountPart, Equation, FundPart, Item, TriPartyStatement
from ..wording import month_name
from .canvas import Boxes, Page, Rule
from .flow import LEFT, WIDTH, Column, Density, Flow, Row, table
from .fund_paper import boxed, facts, head_again, heading, number_pages, sentences, title
from .paper import Document, put_on_paper
from .tri_party_seals import seal_row
from .tri_party_words import (
    COLUMNS,
    DRAFT,
    HOUSEHOLDS_SAY,
    SIDE_NAMES,
    STATE_NAMES,
    TITLE,
    account_note,
    anchor_facts,
    equation_words,
    exception_words,
    figure_cells,
    fund_name,
    grouped,
    identity_verdict,
    item_cells,
    item_words,
    need_words,
    paper_cells,
    party_name,
    signing_cells,
    signing_note,
    summary_words,
    warnings,
)

_FIGURES = Density(size=10.6, note=8.8, head=9.5, pad=2.2)
_LIST = Density(size=10.0, note=9.2, head=9.2, pad=2.6)
_SIDES = (Column("", WIDTH - 5 * 88), *(Column(name, 88, "right") for name in COLUMNS))
_IDENTITY = (
    Column("钱在哪里", WIDTH / 2 - 118), Column("金额（元）", 110, "right"), Column("", 16),
    Column("是谁的钱", WIDTH / 2 - 118), Column("金额（元）", 110, "right"),
)  # fmt: skip
_ITEMS = (
    Column("编号", 68, small=True), Column("哪一方、种类", 92), Column("资金、账户", 160),
    Column("日期", 60, small=True), Column("金额（元）", 82, "right"), Column("起自", WIDTH - 462, small=True),
)  # fmt: skip
_LATE = (Column("更正凭证", 110), Column("被更正的凭证", 110), Column("方式", 80), Column("内容", WIDTH - 300))
_PAPERS = (
    Column("种类", 44), Column("号", 92), Column("日期", 72), Column("资金", 70), Column("金额（元）", 88, "right"),
    Column("内容", WIDTH - 366),
)  # fmt: skip
_SIGNED = (
    Column("签署方", 58), Column("签署人", 118), Column("意见", 88), Column("北京时间", 114),
    Column("钥匙、签名", WIDTH - 378, small=True),
)  # fmt: skip
_BESIDE = 30
"""Characters that a last cell takes: longer words stand below the row."""
_BESIDE_PAPER = 14
_LONGEST = 1200
"""Characters of a note in one row: a longer one goes on in rows of its own, which may stand on a new page."""


LAYOUT = "jiezhang-statement-2"
"""Counts on when the paper is drawn otherwise: one of another layout can't be compared with a new drawing."""


def render_pdf(statement: TriPartyStatement) -> bytes:
    """The statement as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=f"{statement.name}{month_name(statement.period)}{TITLE}",
        author=statement.street,
        subject=f"{month_name(statement.period)} {grouped(statement.anchor.figures)}",
        keywords=f"{TITLE} {statement.compound} {statement.month} {statement.anchor.figures} {LAYOUT}",
        day=statement.period.last_day,
    )
    return put_on_paper(lay_out(statement)[0], document)


def seal_places(statement: TriPartyStatement) -> tuple[SealField, ...]:
    """Where the parties' visible seals go: on the boxes printed on the last page."""
    pages, boxes = lay_out(statement)
    return tuple(SealField(name, label, len(pages) - 1, box) for name, label, box in boxes)


def lay_out(
    statement: TriPartyStatement,
) -> tuple[list[Page], tuple[tuple[str, str, tuple[int, int, int, int]], ...]]:
    """The pages, numbered, and the boxes of the seals on the last: field, label, (left, bottom, right, top)."""
    again = f"{TITLE}（续）　{month_name(statement.period)}　{grouped(statement.anchor.figures)}"
    flow = Flow(lambda page: head_again(page, statement.issuer, again))
    under = f"{statement.name}（{statement.compound}）　{month_name(statement.period)}"
    title(flow, statement.issuer, TITLE, under, "账簿、银行、专业审计、社区对照")
    if not statement.closed:
        boxed(flow, DRAFT)
    _summary(flow, statement)
    digest, previous, *others = anchor_facts(statement)
    facts(flow, digest, previous)
    for one in others:
        facts(flow, one)
    _figures(flow, statement)
    _owners(flow, statement)
    _items(flow, statement)
    _changes(flow, statement)
    _papers(flow, statement)
    _signed(flow, statement)
    boxes = seal_row(flow, statement)
    number_pages(flow.pages, statement.street, f"{statement.compound}　{statement.month}")
    return flow.pages, boxes


def _summary(flow: Flow, statement: TriPartyStatement) -> None:
    """The four parties' words side by side, and what the paper comes to."""
    lines = [line for said in summary_words(statement) for line in flow.page.lines(said, 11.5, WIDTH - 24)]
    cells, height = 52.0, 52.0 + 10 + 17 * len(lines)
    top, page = flow.take(height + 12) - 4, flow.page
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.2))
    page.rule(LEFT, top - cells, LEFT + WIDTH, 0.6)
    wide = WIDTH / len(statement.parties)
    for number, part in enumerate(statement.parties):
        middle, word = LEFT + (number + 0.5) * wide, STATE_NAMES[part.state]
        if number:
            page.shapes.append(Rule(LEFT + number * wide, top, LEFT + number * wide, top - cells, 0.6))
        label = f"{party_name(part.party)}（{need_words(part)}）"
        page.write(middle, top - 16, label, page.fit([label], 10, wide - 8), align="middle", grey=0.2)
        page.write(middle, top - 39, word, page.fit([word], 17, wide - 12), align="middle", bold=True)
    for number, line in enumerate(lines):
        page.write(LEFT + 12, top - cells - 17 - 17 * number, line, 11.5)


def _figures(flow: Flow, statement: TriPartyStatement) -> None:
    heading(flow, "一、账簿、银行、专业审计、社区对照", 150, "金额单位：元")
    said = (
        "银行一栏是银行对账单上的数；专业审计、社区两栏只印回单上问过、其签名确认的期初期末余额，"
        "否则印“未签”“拒绝”“有例外”，没有问的印“—”。"
    )
    sentences(flow, [said], 9.5, grey=0.2)
    if not statement.funds:
        sentences(flow, ["本月没有资金账户。"], 11)
    for fund in statement.funds:
        _subheading(flow, fund_name(fund.fund), 120)
        if not fund.accounts:
            sentences(flow, ["没有账户。"], 11)
        for part in fund.accounts:
            _account(flow, part, part.name or part.account)
        if fund.total:
            _account(flow, fund.total, f"{fund_name(fund.fund)}合计（{len(fund.accounts)} 个账户）")


def _subheading(flow: Flow, words: str, below: float) -> None:
    flow.gap(4)
    flow.keep(20 + below)
    top = flow.take(20)
    flow.page.write(LEFT, top - 13, words, flow.page.fit([words], 12, WIDTH), bold=True)


def _account(flow: Flow, part: AccountPart, name: str) -> None:
    """Four rows that stay together under the account's name."""
    size = _FIGURES.size + 0.5
    rows = [Row((line, *[""] * 5), kind="section") for line in flow.page.lines(name, size, WIDTH - 10)]
    for row in part.rows:
        last = row.side == "closing"
        notes = ("", "", "", exception_words(part.auditor), exception_words(part.community), "") if last else ()
        cells = (SIDE_NAMES[row.side], *figure_cells(part, row))
        rows.append(Row(cells, notes, account_note(part) if last else "", "total" if last else "plain"))
    table(flow, _SIDES, rows, _FIGURES, whole=True)
    flow.gap(5)


def _owners(flow: Flow, statement: TriPartyStatement) -> None:
    heading(flow, "二、资金和归属，核到户", 150, "金额单位：元")
    for fund in statement.funds:
        _fund(flow, fund)
    if statement.equations:
        _subheading(flow, "户汇总树", 40)
    _verdicts(flow, statement.equations)
    sentences(flow, [HOUSEHOLDS_SAY] if statement.anchor.households else ["本月没有户余额。"], 10.5)


def _fund(flow: Flow, fund: FundPart) -> None:
    homes = f"（{fund.households:,} 个分户账）" if fund.households else ""
    _subheading(flow, fund_name(fund.fund) + homes, 120)
    pairs = zip_longest(fund.identity.left, fund.identity.right)
    rows = [
        Row(
            (
                left.name if left else "", yuan(left.fen) if left else "", "",
                right.name if right else "", yuan(right.fen) if right else "",
            )
        )
        for left, right in pairs
    ]  # fmt: skip
    sums = ("合计", yuan(fund.identity.left_fen), "", "合计", yuan(fund.identity.right_fen))
    table(flow, _IDENTITY, [*rows, Row(sums, kind="grand")], _FIGURES, whole=True, below=22)
    flow.gap(4)
    _lines(flow, identity_verdict(fund.identity), 11.5, bold=True)
    _verdicts(flow, fund.equations)


def _verdicts(flow: Flow, equations: Sequence[Equation]) -> None:
    for one in equations:
        _lines(flow, f"{one.name}：{equation_words(one)}", 10.0, bold=not one.holds)


def _lines(flow: Flow, words: str, size: float, *, bold: bool = False) -> None:
    """A paragraph that may go on over the page."""
    for line in flow.page.lines(words, size, WIDTH):
        top = flow.take(size * 1.5)
        flow.page.write(LEFT, top - size * 1.1, line, size, bold=bold)


def _items(flow: Flow, statement: TriPartyStatement) -> None:
    heading(flow, f"三、未结事项 {len(statement.open_items)} 项", 70, "金额是对方比账簿多的数，“—”是不涉及金额")
    _list(flow, statement.open_items, "没有未结事项。")
    heading(flow, f"四、已结事项 {len(statement.ended_items)} 项", 70)
    _list(flow, statement.ended_items, "本月没有了结的事项。")


def _list(flow: Flow, items: Sequence[Item], none: str) -> None:
    if not items:
        sentences(flow, [none], 11)
        return
    rows = []
    for item in items:
        name, party, kind, fund, account, day, amount, since, age = item_cells(item)
        notes = ("", kind, account, "", "", f"第 {age} 个月")
        rows += _with_note(Row((name, party, fund, day, amount, since), notes), item_words(item))
    table(flow, _ITEMS, rows, _LIST)


def _with_note(row: Row, words: str) -> list[Row]:
    """`row` with `words` below it, going on in rows of their own when they are long."""
    parts = [words[at : at + _LONGEST] for at in range(0, len(words), _LONGEST)] or [""]
    first = Row(row.cells, row.notes, parts[0], row.kind)
    return [first, *(Row(("",) * len(row.cells), below=part) for part in parts[1:])]


def _ending_in(cells: tuple[str, ...], words: str, most: int = _BESIDE) -> list[Row]:
    """A row whose last cell is `words`, or that has them below when they are long."""
    return [Row((*cells, words))] if len(words) <= most else _with_note(Row((*cells, "")), words)


def _changes(flow: Flow, statement: TriPartyStatement) -> None:
    if statement.late or statement.changed:
        heading(flow, "五、对已封月月份的更正和改动", 60)
    else:
        heading(flow, "五、对已封月月份的更正和改动", 24)
        sentences(flow, ["没有。"], 11)
    if statement.late:
        rows = [row for one in statement.late for row in _ending_in((one.voucher, one.corrects, one.kind), one.text)]
        table(flow, _LATE, rows, _LIST)
    if statement.changed:
        flow.gap(6)
        _lines(flow, f"上次封月以后被改动的文件 {len(statement.changed)} 个：", 10.5, bold=True)
        for path in statement.changed:
            _lines(flow, path, 10.0)


def _papers(flow: Flow, statement: TriPartyStatement) -> None:
    heading(flow, f"六、请社区见证的付款、决议和公示 {len(statement.papers)} 项", 60)
    if not statement.papers:
        sentences(flow, ["本月没有。"], 11)
        return
    rows = [row for paper in statement.papers for row in _ending_in(paper_cells(paper), paper.text, _BESIDE_PAPER)]
    table(flow, _PAPERS, rows, _LIST)


def _signed(flow: Flow, statement: TriPartyStatement) -> None:
    heading(flow, "七、签署", 60, f"各方签的都是数据摘要 {grouped(statement.anchor.figures)}")
    for said in warnings(statement):
        _lines(flow, said, 11.5, bold=True)
    flow.gap(4)
    rows: list[Row] = []
    for part in statement.parties:
        for signing in part.signings:
            party, name, person, word, when, key, mark = signing_cells(part, signing)
            row = Row((party, name, word, when, f"钥匙 {key}"), ("", person, "", "", f"签名 {mark}"))
            rows += _with_note(row, signing_note(signing))
    if rows:
        table(flow, _SIGNED, rows, _LIST)
