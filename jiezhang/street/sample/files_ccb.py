"""China Construction Bank: three headings over the same columns, `YYYYMMDD HH:MM:SS`, `0` for the empty side."""

from __future__ import annotations

from jiezhang.domain.statement import Statement, StatementRow

from .writers import balance_text, two_columns, xls

_CURRENT = (
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,"
    "账户明细编号-交易流水号,企业流水号,凭证种类,凭证号,个性化信息名称1"
)
_SLASH = (
    "交易时间,借方发生额/元(支取),贷方发生额/元(收入),余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,"
    "账户明细编号-交易流水号,企业流水号,凭证种类,凭证号"
)
_TWO_TOP = "账户明细编号-交易流水号,交易时间,本方账户名称,本方账号,对方户名,对方账号,摘要,备注,发生额/元,,余额/元"
_TWO_UNDER = ["", "", "", "", "", "", "", "", "借方", "贷方", ""]


def current(statement: Statement) -> bytes:
    own = [statement.account_no, statement.holder]
    return xls([_CURRENT.split(","), *([*own, *_columns(row), ""] for row in statement.rows)])


def slash(statement: Statement) -> bytes:
    top = [["账　　号", statement.account_no], ["账户名称", statement.holder]]
    return xls([*top, _SLASH.split(","), *(_columns(row) for row in statement.rows)])


def _columns(row: StatementRow) -> list[str]:
    branch = "示例银行示例支行" if row.counterparty else ""
    return [
        _when(row),
        *two_columns(row.amount, "0"),
        balance_text(row),
        "人民币元",
        row.counterparty,
        row.counterparty_account,
        branch,
        f"{row.date:%Y%m%d}",
        row.summary,
        row.remark,
        row.serial,
        "",
        "电子转账凭证" if row.counterparty else "",
        "",
    ]


def two_row(statement: Statement) -> bytes:
    """The amounts' heading spans two columns, which have their own names in a second row."""
    rows = [
        [
            row.serial,
            _when(row),
            statement.holder,
            statement.account_no,
            row.counterparty,
            row.counterparty_account,
            row.summary,
            row.remark,
            *two_columns(row.amount, "0"),
            balance_text(row),
        ]
        for row in statement.rows
    ]
    tall = [(0, 1, column, column) for column in (*range(8), 10)]
    return xls([_TWO_TOP.split(","), _TWO_UNDER, *rows], merged=[*tall, (0, 0, 8, 9)])


def _when(row: StatementRow) -> str:
    return f"{row.date:%Y%m%d} {row.time}"
