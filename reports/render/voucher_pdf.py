"""Printed vouchers, three to a sheet of A4, to be cut apart and bound. A voucher with many legs goes on in the next
place, numbered 1/2, 2/2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jiezhang.domain.capital_amount import capital
from jiezhang.domain.money import show
from jiezhang.domain.problem import Refused

from ..voucher_print import TITLE, PrintedVoucher, VoucherLine
from ..wording import day_name
from .canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page, Rule
from .paper import Document, put_on_paper

PLACES = 3
LINES = 7
"""Legs in one place."""

_PLACE_HEIGHT = A4_HEIGHT / PLACES
_LEFT, _RIGHT = 42.0, A4_WIDTH - 30.0
_WIDTH = _RIGHT - _LEFT
_ROW = 20.0
_HEAD = 18.0
_SUMMARY = 132.0
_AMOUNT = 88.0
_SIZE = 9.5
_GREY = 0.35


@dataclass(frozen=True, slots=True)
class _Place:
    """A third of a sheet: some legs of a voucher; the total stands on the last."""

    voucher: PrintedVoucher
    lines: Sequence[VoucherLine]
    part: int
    parts: int

    @property
    def is_last(self) -> bool:
        return self.part == self.parts


def render_pdf(vouchers: Sequence[PrintedVoucher]) -> bytes:
    """`vouchers`, of one compound and month, in one file; the same values give the same bytes.

    `MissingGlyph` when a name can't be printed, `Refused` when there is nothing to print.
    """
    if not vouchers:
        raise Refused("没有凭证可以打印")
    one = vouchers[0]
    document = Document(
        title=f"{one.compound}{TITLE}",
        author=one.office,
        subject=f"{one.day.year}年{one.day.month}月 {one.number} 至 {vouchers[-1].number}",
        keywords=f"{TITLE} {one.compound}",
        day=max(voucher.day for voucher in vouchers),
    )
    return put_on_paper(lay_out(vouchers), document)


def lay_out(vouchers: Sequence[PrintedVoucher]) -> list[Page]:
    """The sheets, with a line to cut along between the places."""
    places = [place for voucher in vouchers for place in _places(voucher)]
    pages = []
    for first in range(0, len(places), PLACES):
        page = Page()
        for number, place in enumerate(places[first : first + PLACES]):
            top = A4_HEIGHT - number * _PLACE_HEIGHT
            _voucher(page, place, top)
            if number:
                page.shapes.append(Rule(0, top, A4_WIDTH, top, 0.3, 0.7))
        pages.append(page)
    return pages


def _places(voucher: PrintedVoucher) -> list[_Place]:
    groups = [voucher.lines[first : first + LINES] for first in range(0, len(voucher.lines), LINES)] or [()]
    return [_Place(voucher, group, number, len(groups)) for number, group in enumerate(groups, 1)]


def _voucher(page: Page, place: _Place, top: float) -> None:
    voucher = place.voucher
    part = f"（{place.part}/{place.parts}）" if place.parts > 1 else ""
    middle = (_LEFT + _RIGHT) / 2
    page.write(middle, top - 32, TITLE, 16, align="middle", bold=True)
    page.write(_LEFT, top - 32, f"{voucher.compound}（{voucher.funds}）", _fit(page, voucher, 190))
    page.write(_RIGHT, top - 32, f"{voucher.number}号{part}", 11, align="right", bold=True)
    page.write(_LEFT, top - 48, voucher.office, 9, grey=_GREY)
    page.write(middle, top - 48, day_name(voucher.day), 10, align="middle")
    page.write(_RIGHT, top - 48, f"附单据 {voucher.attachments} 张", 9.5, align="right")
    bottom = _table(page, place, top - 56)
    _foot(page, voucher, bottom)


def _fit(page: Page, voucher: PrintedVoucher, width: float) -> float:
    return page.fit([f"{voucher.compound}（{voucher.funds}）"], 10.5, width)


def _table(page: Page, place: _Place, top: float) -> float:
    """The table of legs; returns its lower edge."""
    height = _HEAD + (LINES + 1) * _ROW
    bottom = top - height
    accounts, debits = _LEFT + _SUMMARY, _RIGHT - 2 * _AMOUNT
    page.shapes.append(Boxes(((_LEFT, bottom, _WIDTH, height),), line=0.0, line_width=0.9))
    for number in range(LINES + 1):
        y = top - _HEAD - number * _ROW
        page.rule(_LEFT, y, _RIGHT, 0.4 if number else 0.7)
    for x, low in ((accounts, bottom + _ROW), (debits, bottom), (debits + _AMOUNT, bottom)):
        page.shapes.append(Rule(x, top, x, low, 0.4))
    for x, word in (
        (_LEFT + _SUMMARY / 2, "摘要"),
        ((accounts + debits) / 2, "会计科目"),
        (debits + _AMOUNT / 2, "借方金额（元）"),
        (debits + 1.5 * _AMOUNT, "贷方金额（元）"),
    ):
        page.write(x, top - 12.5, word, 9, align="middle", grey=_GREY)
    _legs(page, place, top - _HEAD, accounts, debits)
    _total(page, place, bottom, debits)
    return bottom


def _legs(page: Page, place: _Place, top: float, accounts: float, debits: float) -> None:
    red = place.voucher.is_red
    summary = _summary(page, place.voucher)
    for number in range(max(len(place.lines), len(summary))):
        y = top - number * _ROW - 13
        if number < len(summary):
            page.write(_LEFT + 4, y, summary[number], _SIZE)
        if number < len(place.lines):
            line = place.lines[number]
            page.write(accounts + 4, y, line.account, page.fit([line.account], _SIZE, debits - accounts - 8))
            _amount(page, debits + _AMOUNT - 4, y, line.debit, red=red)
            _amount(page, _RIGHT - 4, y, line.credit, red=red)


def _summary(page: Page, voucher: PrintedVoucher) -> list[str]:
    """Words and payee in as many lines as there are; smaller type is not needed, for a longer one is cut with …"""
    text = voucher.summary + (f"　{voucher.payee}" if voucher.payee else "")
    lines = page.lines(text, _SIZE, _SUMMARY - 8)
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]


def _amount(page: Page, x: float, y: float, amount: Decimal | None, *, red: bool, bold: bool = False) -> None:
    if amount is not None:
        text = show(amount)
        page.write(x, y, text, page.fit([text], _SIZE, _AMOUNT - 8), align="right", red=red, bold=bold)


def _total(page: Page, place: _Place, bottom: float, debits: float) -> None:
    voucher, y = place.voucher, bottom + 6.5
    if not place.is_last:
        page.write(_LEFT + 4, y, "（转下页）", _SIZE, grey=_GREY)
        return
    words = f"合计　人民币{capital(voucher.total)}"
    page.write(_LEFT + 4, y, words, page.fit([words], 10, debits - _LEFT - 8), bold=True, red=voucher.is_red)
    _amount(page, debits + _AMOUNT - 4, y, voucher.total, red=voucher.is_red, bold=True)
    _amount(page, _RIGHT - 4, y, voucher.total, red=voucher.is_red, bold=True)


def _foot(page: Page, voucher: PrintedVoucher, bottom: float) -> None:
    signers = (
        ("会计主管", voucher.chief),
        ("记账", voucher.poster),
        ("审核", voucher.reviewer),
        ("出纳", voucher.cashier),
        ("制单", voucher.maker),
    )
    step = _WIDTH / len(signers)
    for number, (word, name) in enumerate(signers):
        text = f"{word}：{name}"
        page.write(_LEFT + number * step, bottom - 14, text, page.fit([text], 9, step - 4))
    notes = "　".join(voucher.notes)
    if notes:
        size = max(6.0, page.fit([notes], 8, _WIDTH))
        for number, line in enumerate(page.lines(notes, size, _WIDTH)[:2]):
            page.write(_LEFT, bottom - 27 - number * 9, line, size, grey=_GREY)
