"""The statement for the notice board, A4 upright: read standing, by old people, from a black-and-white print."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from jiezhang.domain.money import show

from ..disclosure_code import digest
from ..disclosure_value import Disclosure, Line, Section
from ..wording import day_name, month_name, voucher_ranges
from .bars import HEIGHT as BARS_HEIGHT
from .bars import bars
from .canvas import A4_WIDTH, Boxes, Page, Rule
from .disclosure_foot import foot
from .disclosure_words import (
    TITLE,
    check_words,
    draft_words,
    key_figures,
    opening_note,
    place_name,
    place_note,
    remainder_rows,
    year_title,
)
from .flow import DENSE, LEFT, RIGHT, ROOMY, TOP, WIDTH, Column, Density, Flow, Row, table
from .paper import Document, put_on_paper

_ITEMS = (
    Column("项目", 110),
    Column("对方、合同", 151),
    Column("本月金额（元）", 84, "right"),
    Column("", 84, "right"),
    Column("凭证号", WIDTH - 429, small=True),
)
_PLACES = (
    Column("月末资金存放", WIDTH - 3 * 96),
    Column("账面（元）", 96, "right"),
    Column("对账单（元）", 96, "right"),
    Column("相差（元）", 96, "right"),
)
_MANY_VOUCHERS = 24
"""Longer lists of voucher numbers, in characters, go across the table."""
_NUMERALS = "一二三四五六七八九"
_VERDICT_SIZES = {1: (31.0, 62.0, 0.0), 2: (22.0, 50.0, 27.0), 3: (17.0, 42.0, 21.0)}
"""By how many there are: size of the verdicts, how far below the top the first stands, and the step; in points."""


def render_pdf(disclosure: Disclosure) -> bytes:
    """The statement as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    code = digest(disclosure)
    title = f"{disclosure.compound_name}{month_name(disclosure.month)}{TITLE}"
    document = Document(
        title=title,
        author=disclosure.street,
        subject=f"公示期 {day_name(disclosure.posted_from)}至{day_name(disclosure.posted_to)}",
        keywords=f"公共收益 {disclosure.compound} {disclosure.month} sha256:{code}",
        day=disclosure.posted_from,
    )
    return put_on_paper(lay_out(disclosure, code), document)


def lay_out(disclosure: Disclosure, code: str) -> list[Page]:
    """The statement's pages, with their page numbers; `code` is its digest. Closer type only where it saves a page."""
    return min((_pages(disclosure, code, density) for density in (ROOMY, DENSE)), key=len)


def _pages(disclosure: Disclosure, code: str, density: Density) -> list[Page]:
    flow = Flow(lambda page: _head_again(page, disclosure))
    _title(flow, disclosure)
    _header(flow, disclosure)
    _key_panel(flow, disclosure)
    columns = tuple(column if column.title else replace(column, title=year_title(disclosure)) for column in _ITEMS)
    table(flow, columns, _item_rows(disclosure), density)
    flow.gap(12)
    table(flow, _PLACES, _place_rows(disclosure), ROOMY, whole=True)
    top = flow.take(BARS_HEIGHT + 14)
    bars(flow.page, LEFT, top - 14, WIDTH, disclosure.history)
    foot(flow, disclosure, code)
    for number, page in enumerate(flow.pages, 1):
        _page_foot(page, disclosure.street, f"第 {number} 页　共 {len(flow.pages)} 页", f"校验码 {code[:16]}")
    return flow.pages


def _title(flow: Flow, disclosure: Disclosure) -> None:
    top, page, middle = flow.take(88), flow.page, A4_WIDTH / 2
    page.write(LEFT, top - 9, disclosure.street, 10.5, grey=0.25)
    page.write(RIGHT, top - 9, "公共收益集中代理记账", 10.5, align="right", grey=0.25)
    page.write(middle, top - 42, TITLE, 28, align="middle", bold=True)
    under = f"{disclosure.compound_name}　{month_name(disclosure.month)}"
    page.write(middle, top - 73, under, page.fit([under], 20, WIDTH), align="middle")
    if disclosure.is_draft:
        words = draft_words(disclosure)
        top = flow.take(28)
        page.shapes.append(Boxes(((LEFT, top - 22, WIDTH, 24),), line=0.0, line_width=1.6))
        page.write(middle, top - 15.5, words, 14, align="middle", bold=True)


def _header(flow: Flow, disclosure: Disclosure) -> None:
    days = (disclosure.posted_to - disclosure.posted_from).days + 1
    half = WIDTH / 2
    period = f"{day_name(disclosure.posted_from)}至{day_name(disclosure.posted_to)}（{days}天）"
    name = f"{disclosure.compound_name}（{disclosure.compound}）"
    _pair(flow, ("小　　区", name), ("社　　区", disclosure.community), half)
    _pair(flow, ("地　　址", disclosure.address or "—"), ("物业企业", disclosure.manager or "—"), half)
    for place in disclosure.places:
        if place.kind == "bank":
            _pair(flow, ("专用账户", f"{place.name}　{place.number}"), ("户　　名", place.holder or "—"), half)
    _pair(flow, ("公 示 期", period), None, WIDTH)
    flow.gap(6)


def _pair(flow: Flow, left: tuple[str, str], right: tuple[str, str] | None, width: float) -> None:
    """One line of the header: label and value, twice; a long value goes on below."""
    page, size = flow.page, 11.0
    cells = [(LEFT, left)] + ([(LEFT + width + 6, right)] if right else [])
    broken = [(x, label, page.lines(value, size, width - 64)) for x, (label, value) in cells]
    top = flow.take(max(len(lines) for *_, lines in broken) * size * 1.3 + 3)
    for x, label, lines in broken:
        page.write(x, top - size, label, 10, grey=0.3)
        for number, line in enumerate(lines):
            page.write(x + 52, top - size * (1 + 1.3 * number), line, size)


def _key_panel(flow: Flow, disclosure: Disclosure) -> None:
    """The sum everybody can do in the head on the left, the bank's word for it on the right."""
    figures = key_figures(disclosure)
    step = 33.0
    height = step * len(figures) + 14
    top, page = flow.take(height + 10), flow.page
    left_width = 330.0
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.2))
    page.shapes.append(Rule(LEFT + left_width, top, LEFT + left_width, top - height, 0.6))
    size = page.fit([show(figure.amount) for figure in figures], 27, 152)
    for number, figure in enumerate(figures):
        y = top - 32 - number * step
        if figure.sign == "＝":
            page.rule(LEFT + 10, y + 25, LEFT + left_width - 10, 1.0)
        page.write(LEFT + 12, y + 1, figure.sign, 17)
        page.write(LEFT + 34, y, figure.label, 17, bold=figure.sign == "＝")
        for line, words in enumerate(figure.note):
            page.write(LEFT + 108, y + 9 - line * 11, words, 9, grey=0.25)
        page.write(LEFT + left_width - 12, y, show(figure.amount), size, align="right", bold=True)
    _check_panel(page, disclosure, LEFT + left_width + 12, RIGHT - 12, top, height)


def _check_panel(page: Page, disclosure: Disclosure, left: float, right: float, top: float, height: float) -> None:
    words = check_words(disclosure)
    page.write(left, top - 22, "与对账单核对", 13)
    largest, first, step = _VERDICT_SIZES[len(words.verdicts)]
    size = page.fit(words.verdicts, largest, right - left)
    for number, verdict in enumerate(words.verdicts):
        page.write((left + right) / 2, top - first - number * step, verdict, size, align="middle", bold=True)
    size = page.fit([amount for _, amount in words.rows], 12, right - left - 68)
    y = top - height + 12 + 17 * (len(words.rows) - 1)
    for label, amount in words.rows:
        page.write(left, y, label, 10.5, grey=0.2)
        page.write(right, y, amount, size, align="right")
        y -= 17


def _item_rows(disclosure: Disclosure) -> list[Row]:
    d = disclosure
    rows = [_total_row("期初结余", opening_note(d), d.opening, d.opening_year)]
    for number, section in enumerate(disclosure.sections):
        rows += _section_rows(_NUMERALS[number], section)
        if section.key == "cost":
            rows.append(_total_row("公共收益净额", "收入减合理成本", d.net_income, d.net_income_year))
    if d.adjustment or d.adjustment_year:
        rows.append(_total_row("以前年度调整", "直接记入结余", d.adjustment, d.adjustment_year))
    return [*rows, _total_row("期末结余", "期初加收入减各项支出", d.closing, d.closing, "grand")]


def _section_rows(numeral: str, section: Section) -> list[Row]:
    title = f"{numeral}、{section.title}"
    if not section.lines:
        return [Row((title, "无", show(section.month), show(section.year), ""))]
    if len(section.lines) == 1 and section.key != "income":
        return [_line_row(section.lines[0], title)]
    rows = [Row((title, "", "", "", ""), kind="section")]
    rows += [_line_row(line) for line in section.lines]
    return [*rows, _total_row(section.total_title, "", section.month, section.year)]


def _line_row(line: Line, alone: str = "") -> Row:
    """One item; `alone` is the section's title when the item is all there is in it, and the row is its total too."""
    item, party = (alone, f"{line.item}　{line.party}".strip("　")) if alone else (line.item, line.party or "—")
    vouchers = voucher_ranges(line.vouchers)
    many = len(vouchers) > _MANY_VOUCHERS
    shown, below = (f"共{len(line.vouchers)}张，见下", f"凭证：{vouchers}") if many else (vouchers, "")
    cells = (item, party, show(line.month), show(line.year), shown)
    return Row(cells, ("", f"{line.contract} {line.term}".strip()), below, "total" if alone else "plain")


def _total_row(
    title: str, remark: str, month: Decimal, year: Decimal, kind: Literal["total", "grand"] = "total"
) -> Row:
    return Row((title, remark, show(month), show(year), ""), kind=kind)


def _place_rows(disclosure: Disclosure) -> list[Row]:
    rows = []
    for place in disclosure.places:
        stated = "—" if place.stated is None else show(place.stated)
        gap = "—" if place.difference is None else show(place.difference)
        rows.append(Row((place_name(place), show(place.book), stated, gap), (place_note(place),)))
    rows.append(Row(("资金合计", show(disclosure.held), "", ""), kind="total"))
    rows += [Row((title, show(amount), "", "")) for title, amount in remainder_rows(disclosure)]
    return [*rows, Row(("期末结余", show(disclosure.closing), "", ""), kind="grand")]


def _head_again(page: Page, disclosure: Disclosure) -> float:
    title = f"{TITLE}（续）" + (f"　{draft_words(disclosure)}" if disclosure.is_draft else "")
    used = page.write(RIGHT, TOP - 10, title, 11, align="right")
    name = f"{disclosure.compound_name}　{month_name(disclosure.month)}"
    page.write(LEFT, TOP - 10, name, page.fit([name], 12, WIDTH - used - 14), bold=True)
    page.rule(LEFT, TOP - 17, RIGHT, 0.8)
    return TOP - 24


def _page_foot(page: Page, left: str, middle: str, right: str) -> None:
    page.rule(LEFT, 42, RIGHT, 0.4, 0.4)
    page.write(LEFT, 29, left, 9, grey=0.25)
    page.write(A4_WIDTH / 2, 29, middle, 10, align="middle")
    page.write(RIGHT, 29, right, 9, align="right", grey=0.25)
