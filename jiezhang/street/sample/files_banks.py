"""Banks with one layout each: ABC, CMB, PSBC, SPDB and a rural commercial bank."""

from __future__ import annotations

from decimal import Decimal

from jiezhang.domain.statement import Statement

from .writers import balance_text, money, two_columns, xls, xlsx

_ABC = "交易时间,收入金额,支出金额,账户余额,对方账号,对方户名,对方开户行,摘要"
_CMB = (
    "交易日,交易时间,起息日,交易类型,借方金额,贷方金额,余额,摘要,流水号,流程实例号,业务名称,用途,业务参考号,业务摘要,其它摘要,"
    "收(付)方分行名,收(付)方名称,收(付)方账号,收(付)方开户行行号,收(付)方开户行名,收(付)方开户行地址,母(子)公司账号分行名,"
    "母(子)公司账号,母(子)公司名称,信息标志,有否附件信息,冲账标志,扩展摘要,交易分析码,票据号,商务支付订单号,内部编号"
)
_PSBC = "序号,交易日期,交易时间,交易流水号,支出金额,收入金额,余额,对方账号,对方户名,摘要,用途,附言"
_SPDB = "交易日期,交易时间,申请日期,凭证号,借方金额,贷方金额,余额,对方账号,对方户名,对方行名,交易流水号,摘要,备注"
_RCB = "交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号"


def _sums(statement: Statement) -> tuple[int, Decimal, int, Decimal]:
    """Count and sum out, count and sum in."""
    out = [-row.amount for row in statement.rows if row.amount < 0]
    into = [row.amount for row in statement.rows if row.amount > 0]
    return len(out), sum(out, Decimal(0)), len(into), sum(into, Decimal(0))


def _period(statement: Statement) -> tuple[str, str]:
    assert statement.period is not None
    return f"{statement.period[0]}", f"{statement.period[1]}"


def abc_detail(statement: Statement) -> bytes:
    """Income before expense, one column of text, no serial, a row of totals at the end."""
    first, last = _period(statement)
    _, out, count, into = _sums(statement)
    own = f"账号:{statement.account_no}    户名:{statement.holder}    币种:人民币    起止日期:{first}至{last}"
    rows = []
    for row in statement.rows:
        paid, got = two_columns(row.amount)
        other = [row.counterparty_account, row.counterparty, "示例银行" if row.counterparty else ""]
        rows.append([f"{row.date} {row.time}", got, paid, balance_text(row), *other, row.summary])
    return xls([["账户明细"], [own], _ABC.split(","), *rows, [f"收入 {count} 笔", money(into), money(out)]])


def cmb_detail(statement: Statement) -> bytes:
    """A preamble with counts and sums, 32 columns; 冲账标志 marks what the bank took back."""
    first, last = _period(statement)
    count_out, out, count_in, into = _sums(statement)
    top = [
        ["账务明细"],
        [],
        ["公司名称", statement.holder],
        ["银行账号", statement.account_no],
        ["币种", "人民币"],
        ["起始日期", first],
        ["截止日期", last],
        ["借方总笔数", str(count_out)],
        ["借方总金额", money(out)],
        ["贷方总笔数", str(count_in)],
        ["贷方总金额", money(into)],
        [],
    ]
    header = _CMB.split(",")
    rows = []
    for row in statement.rows:
        day = f"{row.date:%Y%m%d}"
        paid, got = two_columns(row.amount)
        known = {
            "交易日": day,
            "交易时间": row.time.replace(":", ""),
            "起息日": day,
            "交易类型": "汇出" if row.amount < 0 else "汇入",
            "借方金额": paid,
            "贷方金额": got,
            "余额": balance_text(row),
            "摘要": row.summary,
            "流水号": row.serial,
            "用途": row.remark,
            "业务摘要": row.summary,
            "收(付)方名称": row.counterparty,
            "收(付)方账号": row.counterparty_account,
            "冲账标志": "*" if row.kind == "reversal" else "",
        }
        rows.append([known.get(name, "") for name in header])
    return xlsx([*top, header, *rows], "账务明细")


def psbc_detail(statement: Statement) -> bytes:
    _, out, _, into = _sums(statement)
    top = [
        ["账户明细查询"],
        ["户名", statement.holder],
        ["账号", statement.account_no],
        ["币种", "人民币"],
        ["查询区间", _range(statement)],
    ]
    rows = []
    for number, row in enumerate(statement.rows, start=1):
        start = [str(number), f"{row.date:%Y%m%d}", row.time, row.serial, *two_columns(row.amount), balance_text(row)]
        rows.append([*start, row.counterparty_account, row.counterparty, row.summary, row.remark, ""])
    return xls([*top, _PSBC.split(","), *rows, ["", "", "", "合计：", money(out), money(into)]])


def spdb_detail(statement: Statement) -> bytes:
    top = [
        ["账号", statement.account_no],
        ["账户名称", statement.holder],
        ["币种", "人民币"],
        ["查询日期", _range(statement)],
    ]
    rows = []
    for row in statement.rows:
        day = f"{row.date:%Y%m%d}"
        start = [day, row.time.replace(":", ""), day, "", *two_columns(row.amount), balance_text(row)]
        rows.append([*start, row.counterparty_account, row.counterparty, "", row.serial, row.summary, row.remark])
    return xls([*top, _SPDB.split(","), *rows])


def rcb_detail(statement: Statement) -> bytes:
    """The counterparty stands second, income before expense."""
    first, last = _period(statement)
    top = [
        ["示例农商银行账户交易明细"],
        ["账号：", statement.account_no, "户名：", statement.holder],
        ["起始日期：", first, "终止日期：", last],
        [],
    ]
    rows = []
    for row in statement.rows:
        paid, got = two_columns(row.amount)
        start = [f"{row.date} {row.time}", row.counterparty, got, paid, balance_text(row)]
        end = [row.counterparty_account, row.summary, row.remark, row.serial]
        rows.append([*start, statement.account_no, "人民币", *end])
    return xls([*top, _RCB.split(","), *rows])


def _range(statement: Statement) -> str:
    assert statement.period is not None
    return f"{statement.period[0]:%Y%m%d}-{statement.period[1]:%Y%m%d}"
