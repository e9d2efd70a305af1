"""Industrial and Commercial Bank of China: six ways to export the same rows, none with a serial number."""

from __future__ import annotations

from jiezhang.domain.statement import Statement, StatementRow

from .writers import balance_text, csv_text, gbk, two_columns, xls, xlsx

_MARK = ["[HISTORYDETAIL]"]
_DETAIL = (
    "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"
)
_IN_OUT = "凭证号,交易时间,对方单位,对方账号,转入金额,转出金额,余额,用途,摘要,附言"
_BARE = "对方账号,交易时间,对方单位,用途,摘要,附言,回单个性化信息,余额,转出金额,转入金额"
_OWN = "交易时间,本方账号,对方单位,对方账号,摘要,附言,用途,转出金额,转入金额,余额"
_PRINTED = "日期,对方户名,对方账号,摘要,借方发生额,贷方发生额,余额"


def history_detail(statement: Statement) -> bytes:
    """Flag and two amount columns, padded with spaces (xlsx)."""
    return xlsx([_MARK, _DETAIL.split(","), *(_detail(statement, row) for row in statement.rows)])


def history_detail_csv(statement: Statement) -> bytes:
    return gbk(csv_text([_MARK, _DETAIL.split(","), *(_detail(statement, row) for row in statement.rows)]))


def _detail(statement: Statement, row: StatementRow) -> list[str]:
    out, into = two_columns(row.amount)
    return [
        "0",
        statement.account_no,
        row.counterparty_account,
        _when(row),
        "借" if row.amount < 0 else "贷",
        f"{out:>18}",
        f"{into:>18}",
        "102331000000" if row.counterparty else "",
        row.summary,
        row.remark,
        row.counterparty,
        f"{balance_text(row):>18}",
        "",
    ]


def history_in_out(statement: Statement) -> bytes:
    rows = []
    for row in statement.rows:
        out, into = two_columns(row.amount)
        start = ["0", _when(row), row.counterparty, row.counterparty_account, into, out, balance_text(row)]
        rows.append([*start, row.remark, row.summary, ""])
    return xlsx([_MARK, _IN_OUT.split(","), *rows])


def in_out(statement: Statement) -> bytes:
    """Numbers carry a tab (csv, GBK); the own account is nowhere in the file."""
    rows = []
    for row in statement.rows:
        start = [f"{row.counterparty_account}\t", _when(row), row.counterparty, row.remark, row.summary, "", ""]
        rows.append([*start, balance_text(row), *two_columns(row.amount)])
    return gbk(csv_text([_BARE.split(","), *rows]))


def in_out_own(statement: Statement) -> bytes:
    rows = []
    for row in statement.rows:
        start = [_when(row), statement.account_no, row.counterparty, row.counterparty_account]
        rows.append([*start, row.summary, "", row.remark, *two_columns(row.amount), balance_text(row)])
    return xls([_OWN.split(","), *rows])


def printed(statement: Statement) -> bytes:
    """The layout of the paper statement: days without times, one column of text."""
    rows = []
    for row in statement.rows:
        start = [f"{row.date}", row.counterparty, row.counterparty_account, row.summary]
        rows.append([*start, *two_columns(row.amount), balance_text(row)])
    top = [[f"户名: {statement.holder}"], [f"账号: {statement.account_no}"]]
    return xls([*top, _PRINTED.split(","), *rows])


def _when(row: StatementRow) -> str:
    return f"{row.date} {row.time}"
