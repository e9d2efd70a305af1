"""Bank of China: counts and sums on top, signed amounts, payer and payee, numbers with a tab (csv, UTF-8 with BOM)."""

from __future__ import annotations

from decimal import Decimal

from jiezhang.domain.statement import Statement, StatementRow

from .writers import balance_text, csv_text, money

_HEADER = (
    "交易类型[ Transaction Type ]|业务类型[ Business type ]|付款人开户行号[ Account holding bank number of payer ]|"
    "付款人开户行名[ Payer account bank ]|付款人账号[ Debit Account No. ]|付款人名称[ Payer's Name ]|"
    "收款人开户行行号[ Account holding bank number of beneficiary ]|收款人开户行名[ Beneficiary account bank ]|"
    "收款人账号[ Payee's Account Number ]|收款人名称[ Payee's Name ]|交易日期[ Transaction Date ]|"
    "交易时间[ Transaction time ]|交易货币[ Trade Currency ]|交易金额[ Trade Amount ]|"
    "交易后余额[ After-transaction balance ]|起息日期[ Value Date ]|汇率[ Exchange rate ]|"
    "交易流水号[ Transaction reference number ]|客户申请号[ Online Banking Transaction Ref.(Bank Ref.) ]|"
    "客户业务编号[ Customer Transaction Ref.(Customer Ref.) ]|凭证类型[ Voucher type ]|凭证号码[ Voucher number ]|"
    "记录标识号[ Record ID ]|摘要[ Reference ]|用途[ Purpose ]|交易附言[ Remark ]|备注[ Remarks ]"
)
_BUSINESS = {"interest": "结息", "fee": "收费", "reversal": "退汇"}


def inquiry(statement: Statement) -> bytes:
    out = [-row.amount for row in statement.rows if row.amount < 0]
    into = [row.amount for row in statement.rows if row.amount > 0]
    assert statement.period is not None
    first, last = statement.period
    top = [
        ["查询账号[ Inquirer account number ]", f"{statement.account_no}\t"],
        ["总笔数[ Total number ]", str(len(statement.rows))],
        ["借方发生总笔数[ Total Numbers of Debited Payments ]", str(len(out))],
        ["借方发生总额[ Total Debit Amount of Payments ]", money(sum(out, Decimal(0)))],
        ["贷方发生总笔数[ Total Numbers of Credited Payments ]", str(len(into))],
        ["贷方发生总额[ Total Credit Amount of Payments ]", money(sum(into, Decimal(0)))],
        ["查询时间范围[ Time Range ]", f"{first:%Y%m%d}-{last:%Y%m%d}"],
    ]
    rows = [_columns(statement, row) for row in statement.rows]
    text = csv_text([*top, _HEADER.split("|")]) + csv_text(rows, quote_all=True)
    return text.encode("utf-8-sig")


def _columns(statement: Statement, row: StatementRow) -> list[str]:
    own = ["10658\t", "示例银行示例支行\t", f"{statement.account_no}\t", f"{statement.holder}\t"]
    other = ["", "", _tab(row.counterparty_account), _tab(row.counterparty)]
    parties = own + other if row.amount < 0 else other + own
    day = f"{row.date:%Y%m%d}"
    return [
        "往账" if row.amount < 0 else "来账",
        _BUSINESS.get(row.kind, "转账"),
        *parties,
        f"{day}\t",
        f"{row.time}\t",
        "CNY\t",
        money(row.amount),
        balance_text(row),
        day,
        "1.0000000",
        f"{row.serial}\t",
        *("", "", "", ""),
        f"{row.serial}999",
        row.summary,
        row.remark,
        "",
        "",
    ]


def _tab(text: str) -> str:
    return f"{text}\t" if text else ""
