"""The three parties' statement as a workbook: figures, whose money it is, items, signatures. Amounts are numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..tri_party_value import AccountPart, Equation, Item, Opinion, TriPartyStatement
from ..wording import month_name
from .fund_book import Book, Sheet
from .tri_party_words import (
    COLUMNS,
    DRAFT,
    HOUSEHOLDS_SAY,
    ITEM_HEADS,
    SIDE_NAMES,
    SIGNED_HEADS,
    STATE_NAMES,
    TITLE,
    account_note,
    anchor_facts,
    equation_words,
    exception_words,
    fund_name,
    grouped,
    item_cells,
    item_words,
    need_words,
    paper_cells,
    party_cell,
    party_name,
    signing_cells,
    signing_note,
    summary_words,
    warnings,
)


def render_xlsx(statement: TriPartyStatement) -> bytes:
    """Four sheets; the same value gives the same bytes."""
    book = Book(f"{month_name(statement.period)}　{TITLE}", statement.issuer, statement.period.last_day)
    _figures(book.sheet("对照", (30, 14, 18, 18, 18, 18, 18, 60)), statement)
    _owners(book.sheet("资金与归属", (14, 30, 20, 30, 20, 16, 70)), statement)
    _items(book.sheet("事项", (16, 12, 20, 16, 34, 14, 18, 12, 12, 80)), statement)
    _signed(book.sheet("签署", (14, 30, 12, 20, 22, 14, 26, 80)), statement)
    return book.finish()


def _figures(sheet: Sheet, statement: TriPartyStatement) -> None:
    if not statement.closed:
        sheet.words(DRAFT, bold=True)
    for label, value in anchor_facts(statement):
        sheet.words(label, value)
    sheet.words("数据摘要全文", statement.anchor.figures)
    sheet.words("凭证树根全文", statement.anchor.tree_root)
    sheet.words("户汇总树根全文", statement.anchor.households_root)
    for said in summary_words(statement):
        sheet.words(said)
    sheet.row += 1
    sheet.heads("账户", "项目", *COLUMNS, "说明")
    for fund in statement.funds:
        sheet.words(fund_name(fund.fund), bold=True)
        for part in fund.accounts:
            _account(sheet, part, part.name or part.account)
        if fund.total:
            _account(sheet, fund.total, f"{fund_name(fund.fund)}合计")


def _account(sheet: Sheet, part: AccountPart, name: str) -> None:
    for row in part.rows:
        last = row.side == "closing"
        sheet.text(0, name)
        sheet.text(1, SIDE_NAMES[row.side], bold=last)
        sheet.money(2, row.book_fen, bold=last)
        _figure(sheet, 3, row.bank_fen, "未提供", last)
        _figure(sheet, 4, row.auditor_fen, party_cell(row.auditor_fen, part.auditor, row.side), last)
        _figure(sheet, 5, row.community_fen, party_cell(row.community_fen, part.community, row.side), last)
        _figure(sheet, 6, row.difference_fen, "", last)
        if last:
            sheet.text(7, "；".join(filter(None, (account_note(part), _exceptions(part)))))
        sheet.row += 1


def _figure(sheet: Sheet, column: int, fen: int | None, otherwise: str, bold: bool) -> None:
    if fen is None:
        sheet.text(column, otherwise, align="right", bold=bold)
    else:
        sheet.money(column, fen, bold=bold)


def _exceptions(part: AccountPart) -> str:
    said: tuple[tuple[str, Opinion], ...] = (("专业审计", part.auditor), ("社区", part.community))
    return "；".join(f"{name}例外 {words}" for name, one in said if (words := exception_words(one)))


def _owners(sheet: Sheet, statement: TriPartyStatement) -> None:
    sheet.heads("资金", "等式左边", "金额（元）", "等式右边", "金额（元）", "相差（元）", "核对")
    for fund in statement.funds:
        for one in (fund.identity, *fund.equations):
            _equation(sheet, fund_name(fund.fund), one)
    for one in statement.equations:
        _equation(sheet, "全小区", one)
    if statement.anchor.households:
        sheet.words(HOUSEHOLDS_SAY)


def _equation(sheet: Sheet, fund: str, one: Equation) -> None:
    """Its terms, a row for each pair, and a row for the sums."""
    for number in range(max(len(one.left), len(one.right))):
        sheet.text(0, fund)
        for column, side in ((1, one.left), (3, one.right)):
            if number < len(side):
                term = side[number]
                sheet.text(column, f"减：{term.name}" if term.minus else term.name)
                sheet.money(column + 1, -term.fen if term.minus else term.fen)
        sheet.row += 1
    sheet.text(0, fund, bold=True)
    sheet.text(1, f"{one.name}　合计", bold=True)
    sheet.money(2, one.left_fen, bold=True)
    sheet.money(4, one.right_fen, bold=True)
    sheet.money(5, one.left_fen - one.right_fen, bold=True)
    sheet.text(6, equation_words(one))
    sheet.row += 1


def _items(sheet: Sheet, statement: TriPartyStatement) -> None:
    _list(sheet, f"未结事项 {len(statement.open_items)} 项", statement.open_items)
    _list(sheet, f"已结事项 {len(statement.ended_items)} 项", statement.ended_items)
    sheet.words("对已封月月份的更正", bold=True)
    for late in statement.late:
        sheet.words(late.voucher, "更正", late.corrects, late.kind, late.text)
    sheet.words("上次封月以后被改动的文件", bold=True)
    for path in statement.changed:
        sheet.words(path)
    sheet.words(f"请社区见证的付款、决议和公示 {len(statement.papers)} 项", bold=True)
    for paper in statement.papers:
        kind, ref, day, fund, _ = paper_cells(paper)
        for column, words in ((0, ref), (2, kind), (3, fund), (5, day), (9, paper.text)):
            sheet.text(column, words)
        if paper.amount_fen:
            sheet.money(6, paper.amount_fen)
        sheet.row += 1


def _list(sheet: Sheet, words: str, items: Sequence[Item]) -> None:
    sheet.words(words, bold=True)
    sheet.heads(*ITEM_HEADS, "内容、说明")
    for item in items:
        cells = item_cells(item)
        for column, said in enumerate(cells[:6]):
            sheet.text(column, said)
        if item.amount_fen:
            sheet.money(6, item.amount_fen)
        sheet.text(7, item.since)
        sheet.sheet.write_number(sheet.row, 8, item.age_months, sheet.book.style())
        sheet.text(9, item_words(item))
        sheet.row += 1
    sheet.row += 1


def _signed(sheet: Sheet, statement: TriPartyStatement) -> None:
    sheet.words("数据摘要", grouped(statement.anchor.figures))
    for part in statement.parties:
        sheet.words(party_name(part.party), STATE_NAMES[part.state], need_words(part))
    for said in warnings(statement):
        sheet.words(said, bold=True)
    sheet.row += 1
    sheet.heads(*SIGNED_HEADS, "说明")
    for part in statement.parties:
        for signing in part.signings:
            sheet.words(*signing_cells(part, signing), signing_note(signing))
