"""The 分摊清册 as an Excel file: every household on one sheet, sums by building and payer as formulas."""

from __future__ import annotations

from ..apportionment import ApportionmentList, ShareSum
from ..fund_paper import PAYERS
from .apportionment_words import about, cover, full_title, method, nature, standing
from .fund_book import Book, Sheet
from .fund_paper import asking

_HEADS = ("户号", "幢", "面积（㎡）", "性质", "承担方", "应分摊（元）", "维修资金支付", "资金外支付", "分摊前余额",
          "分摊后余额", "不足", "不足由谁补足")  # fmt: skip
_WIDTHS = (14, 8, 12, 14, 15, 15, 15, 15, 15, 15, 12, 20)
_HOUSEHOLDS, _SUMS = "各户分摊", "合计"


def render_xlsx(value: ApportionmentList) -> bytes:
    """The list as a workbook; the same value gives the same bytes."""
    book = Book(full_title(value), value.issuer, value.day)
    sheet = book.sheet(_HOUSEHOLDS, _WIDTHS)
    sheet.sheet.set_landscape()
    sheet.words(standing(value), bold=True)
    for pairs in about(value):
        sheet.words(*(f"{label.replace('　', '')}：{words}" for label, words in pairs[:1]))
        for label, words in pairs[1:]:
            sheet.words(f"{label.replace('　', '')}：{words}")
    sheet.row += 1
    sheet.heads(*_HEADS, repeated=True)
    first = sheet.row
    _lines(sheet, value)
    sheet.row += 1
    for text in (*method(value), asking(value.issuer)):
        sheet.words(text)
    _sums(book, value, first)
    return book.finish()


def _lines(sheet: Sheet, value: ApportionmentList) -> None:
    first = sheet.row
    for line in value.lines:
        sheet.text(0, line.code)
        sheet.text(1, line.building)
        sheet.area(2, line.area_dm2)
        sheet.text(3, nature(line))
        sheet.text(4, PAYERS[line.payer])
        here = sheet.row + 1
        sheet.money(5, line.share_fen)
        sheet.money(6, line.account_fen)
        sheet.money(7, line.share_fen - line.account_fen, f"=F{here}-G{here}")
        if not line.in_cash:
            sheet.money(8, line.before_fen)
            sheet.money(9, line.after_fen, f"=I{here}-G{here}")
        if line.short_fen:
            sheet.money(10, line.short_fen)
            sheet.text(11, cover(line))
        sheet.row += 1
    whole = value.whole
    sheet.text(0, "总计", bold=True, top=1)
    sheet.sum_above(2, first, whole.area_dm2, area=True)
    for column, fen in ((5, whole.share_fen), (6, whole.account_fen), (7, whole.outside_fen)):
        sheet.sum_above(column, first, fen)
    sheet.row += 1


def _sums(book: Book, value: ApportionmentList, first: int) -> None:
    """Sums by building (column B of the households) and by payer (column E)."""
    sheet = book.sheet(_SUMS, (22, 10, 16, 18, 18, 18))
    last = first + len(value.lines)
    for title, column, groups in (("按幢", "B", value.by_building), ("按承担方", "E", value.by_payer)):
        sheet.heads(title, "户数", "面积（㎡）", "应分摊（元）", "维修资金支付", "资金外支付")
        for group in groups:
            _group(sheet, group, f"'{_HOUSEHOLDS}'!{column}{first + 1}:{column}{last}", first + 1, last)
        sheet.row += 1


def _group(sheet: Sheet, group: ShareSum, keys: str, first: int, last: int) -> None:
    def added(column: str) -> str:
        return f"=SUMIF({keys},A{sheet.row + 1},'{_HOUSEHOLDS}'!{column}{first}:{column}{last})"

    sheet.text(0, group.name)
    sheet.sheet.write_number(sheet.row, 1, group.households, sheet.book.style())
    sheet.area(2, group.area_dm2, added("C"))
    sheet.money(3, group.share_fen, added("F"))
    sheet.money(4, group.account_fen, added("G"))
    sheet.money(5, group.outside_fen, added("H"))
    sheet.row += 1
