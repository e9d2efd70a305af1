"""续交通知 on paper: one page of large type for each household, all in one file."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..fund_paper import dwelling_words
from ..top_up import TopUpNotice, TopUpNotices
from ..wording import day_name
from .canvas import Boxes, Page
from .flow import BOTTOM, LEFT, RIGHT, TOP, WIDTH
from .fund_paper import MIDDLE, asking_lines
from .paper import Document, put_on_paper
from .top_up_words import CAUTION, NOTICE, account_words, percent_words, target_words, when_words, why

_BODIES, _LEADING = (16.5, 14.5, 12.5, 10.5), 1.6


def render_pdf(value: TopUpNotices) -> bytes:
    """Every notice, a page each, in one file; the same value gives the same bytes. `MissingGlyph` when a name can't be
    printed."""
    issuer = value.issuer
    document = Document(
        title=f"{issuer.compound_name}{NOTICE}",
        author=issuer.street,
        subject=f"{len(value.notices)} 户　{day_name(value.on)}",
        keywords=f"维修资金 续交 {issuer.compound} {value.on}",
        day=value.on,
    )
    return put_on_paper([notice_page(value, notice) for notice in value.notices], document)


def notice_page(value: TopUpNotices, notice: TopUpNotice) -> Page:
    """The page of one household: what it has, why that is too little, what to pay, where, by when, whom to ask. The
    type is as large as the words allow."""
    for body in _BODIES:
        page, issuer = Page(), value.issuer
        page.write(LEFT, TOP - 9, issuer.street, 11, grey=0.25)
        page.write(RIGHT, TOP - 9, f"{issuer.compound_name}（{issuer.compound}）", 11, align="right", grey=0.25)
        page.write(MIDDLE, TOP - 54, NOTICE, 30, align="middle", bold=True)
        home = f"{dwelling_words(notice.dwelling)}　业主："
        page.write(LEFT, TOP - 96, home, page.fit([home], 20, WIDTH), bold=True)
        y = _words(page, value, notice, _panel(page, value, notice, TOP - 116), body)
        page.write(RIGHT, y - 26, issuer.street, 15, align="right")
        page.write(RIGHT, y - 50, day_name(value.on), 15, align="right")
        if y - 50 > BOTTOM:
            break
    page.rule(LEFT, 42, RIGHT, 0.4, 0.4)
    page.write(LEFT, 29, f"户号 {notice.dwelling.code}", 10, grey=0.2)
    page.write(RIGHT, 29, f"通知日 {value.on}", 10, align="right", grey=0.2)
    return page


def _panel(page: Page, value: TopUpNotices, notice: TopUpNotice, top: float) -> float:
    """What is there, what it should be at least, what to pay; the last in the largest type."""
    line = f"续交线（首期交存的 {percent_words(value.below_percent)}）"
    rows = [("维修资金余额", yuan(notice.balance_fen), 24.0), (line, yuan(notice.line_fen), 24.0)]
    if notice.due_fen is None:
        rows.append(("距续交线还差", yuan(notice.to_line_fen), 32.0))
    else:
        rows.append(("应续交", yuan(notice.due_fen), 38.0))
    height = 148.0
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.6))
    y = top - 36
    for number, (label, amount, size) in enumerate(rows):
        last = number == len(rows) - 1
        if last:
            page.rule(LEFT + 14, y + 22, RIGHT - 14, 1.0)
            y -= 22
        page.write(LEFT + 18, y, label, 22 if last else 18, bold=last)
        used = page.write(RIGHT - 18, y, "元", 16, align="right")
        page.write(RIGHT - 24 - used, y, amount, page.fit([amount], size, 240), align="right", bold=True)
        y -= 36
    return top - height - 36


def _words(page: Page, value: TopUpNotices, notice: TopUpNotice, y: float, size: float) -> float:
    """The sentences, the account, whom to ask; returns the height below them."""
    for text in filter(None, (why(value, notice), target_words(value), when_words(value))):
        y = _paragraph(page, text, y, size)
    if value.accounts and value.target.ground != "open":
        y = _paragraph(page, "交到维修资金专用账户：", y, size) + 4
        for words in account_words(value):
            page.write(LEFT + 16, y, words, page.fit([words], size, WIDTH - 16), bold=True)
            y -= size * _LEADING
        y = _paragraph(page, CAUTION, y - 2, size * 0.8)
    for number, text in enumerate(asking_lines(value.issuer)):
        y = _paragraph(page, text, y - (4 if not number else -5), size)
    return y


def _paragraph(page: Page, text: str, y: float, size: float) -> float:
    for line in page.lines(text, size, WIDTH):
        page.write(LEFT, y, line, size)
        y -= size * _LEADING
    return y - 7
