"""The 维修资金公示表 as an Excel file: totals and projects, where the money lies, and every account with its sums."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from ..fund_publication import FundPublication
from .fund_book import Book, Sheet
from .fund_paper import asking
from .fund_publication_words import (
    RECHECK,
    TITLE,
    account_columns,
    account_name,
    account_notes,
    claims,
    draft_words,
    identity_words,
    period,
    total_rows,
)

_PROJECTS = ("二、项目", "预算", "本期支付", "累计支付", "资金外支付", "分摊面积（㎡）", "每平方米",
             "范围、决定、合同、凭证")  # fmt: skip
_SIGNS = {"opening_fen": "", "use_fen": "-"}


def render_xlsx(value: FundPublication) -> bytes:
    """The sheet as a workbook; the same value gives the same bytes."""
    book = Book(TITLE, value.issuer, value.last)
    sheet = book.sheet("公示", (34, 20, 20, 20, 18, 18, 14, 40))
    sheet.words(period(value), bold=True)
    if value.is_draft:
        sheet.words(draft_words(value), bold=True)
    sheet.row += 1
    sheet.heads("一、总额", "金额（元）", "说明")
    for row in total_rows(value):
        bold = row.kind != "plain"
        sheet.text(0, row.title, bold=bold)
        sheet.money(1, row.fen, bold=bold)
        sheet.text(2, row.remark)
        sheet.row += 1
    _projects(sheet, value)
    _places(sheet, value)
    sheet.words(identity_words(value))
    sheet.words(RECHECK + asking(value.issuer))
    _accounts(book, value)
    return book.finish()


def _projects(sheet: Sheet, value: FundPublication) -> None:
    sheet.row += 1
    sheet.heads(*_PROJECTS)
    for project in value.projects:
        sheet.text(0, f"{project.name}（{project.code}）")
        if project.budget_fen is not None:
            sheet.money(1, project.budget_fen)
        for column, fen in ((2, project.paid_fen), (3, project.paid_all_fen), (4, project.outside_fen)):
            sheet.money(column, fen)
        here = sheet.row + 1
        sheet.area(5, project.area_dm2)
        formula = f"=ROUND((D{here}+E{here})/F{here},2)" if project.area_dm2 else ""
        sheet.money(6, int(project.per_m2_yuan.scaleb(2)), formula)
        about = (project.scope, project.decision, project.contractor, project.contract, *project.vouchers)
        sheet.text(7, "，".join(filter(None, about)))
        sheet.row += 1
    if not value.projects:
        sheet.words("本期没有从维修资金支付的项目")


def _places(sheet: Sheet, value: FundPublication) -> None:
    sheet.row += 1
    sheet.heads("三、资金存放", "账面（元）", "对账单（元）", "相差（元）", "账号", "户名")
    first = sheet.row
    for bank in value.banks:
        here = sheet.row + 1
        sheet.text(0, bank.account.name)
        sheet.money(1, bank.book_fen)
        if bank.stated_fen is not None:
            sheet.money(2, bank.stated_fen)
            sheet.money(3, bank.stated_fen - bank.book_fen, f"=C{here}-B{here}")
        sheet.text(4, bank.account.number)
        sheet.text(5, bank.account.holder)
        sheet.row += 1
    sheet.text(0, "国债投资（买入成本）")
    sheet.money(1, value.identity.bonds_fen)
    sheet.row += 1
    held = sum(bank.book_fen for bank in value.banks) + value.identity.bonds_fen
    sheet.text(0, "资金合计", bold=True)
    sheet.sum_above(1, first, held)
    sheet.row += 1
    first = sheet.row
    for name, fen in claims(value):
        sheet.text(0, name)
        sheet.money(1, fen)
        sheet.row += 1
    sheet.text(0, "以上各项合计（应等于资金合计）", bold=True)
    sheet.sum_above(1, first, sum(fen for _, fen in claims(value)))
    sheet.row += 1


def _accounts(book: Book, value: FundPublication) -> None:
    columns = account_columns(value)
    sheet = book.sheet("各户分户账", (18, 8, *[15] * len(columns)))
    sheet.words(period(value))
    for note in account_notes(value):
        sheet.words(note)
    sheet.heads("户号", "幢", *(title for title, _ in columns), repeated=True)
    first = sheet.row
    fields = [field for _, field in columns]
    for line in value.flows.accounts:
        here = sheet.row + 1
        sheet.text(0, account_name(line))
        sheet.text(1, line.building)
        terms = [f"{_SIGNS.get(field, '+')}{xl_col_to_name(at)}{here}" for at, field in enumerate(fields[:-1], 2)]
        for column, field in enumerate(fields, 2):
            is_closing = column == len(fields) + 1
            sheet.money(column, getattr(line, field), "=" + "".join(terms) if is_closing else "")
        sheet.row += 1
    sheet.text(0, "合计", bold=True, top=1)
    for column, field in enumerate(fields, 2):
        sheet.sum_above(column, first, sum(getattr(line, field) for line in value.flows.accounts))
