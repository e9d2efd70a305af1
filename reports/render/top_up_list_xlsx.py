"""The 续交名册 as an Excel file, for the office to work through."""

from __future__ import annotations

from ..top_up import TopUpList
from .fund_book import Book
from .top_up_words import LIST, cited, percent_words, target_words, when_words

_HEADS = ("户号", "幢", "面积（㎡）", "首期交存", "续交线", "现余额", "应续交", "已续交", "欠交")
_WIDTHS = (14, 8, 12, 15, 15, 15, 15, 15, 15)


def render_xlsx(value: TopUpList) -> bytes:
    """The list as a workbook; the same value gives the same bytes. 应续交 is empty while nobody has decided."""
    notices = value.notices
    book = Book(LIST, notices.issuer, value.on)
    sheet = book.sheet("续交名册", _WIDTHS)
    sheet.sheet.set_landscape()
    sheet.words(f"通知日 {notices.on}，截至 {value.on}")
    sheet.words(f"续交线：首期交存额的 {percent_words(notices.below_percent)}{cited(notices.line)}")
    sheet.words(target_words(notices) + when_words(notices))
    sheet.row += 1
    sheet.heads(*_HEADS, repeated=True)
    first = sheet.row
    for row in value.rows:
        here = sheet.row + 1
        sheet.text(0, row.code)
        sheet.text(1, row.building)
        sheet.area(2, row.area_dm2)
        for column, fen in ((3, row.first_deposit_fen), (4, row.line_fen), (5, row.balance_fen)):
            sheet.money(column, fen)
        if row.due_fen is not None:
            sheet.money(6, row.due_fen)
        sheet.money(7, row.paid_fen)
        sheet.money(8, row.arrears_fen, f"=MAX(G{here}-H{here},0)")
        sheet.row += 1
    sheet.text(0, "合计", bold=True, top=1)
    for column, fen in ((6, value.due_fen), (7, value.paid_fen), (8, value.arrears_fen)):
        sheet.sum_above(column, first, fen)
    return book.finish()
