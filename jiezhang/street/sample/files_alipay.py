"""Alipay: the account bill and the trade bill, each a zip of GBK text whose summary comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from jiezhang.domain.statement import Statement, StatementRow

from .files_wechat import order_of
from .writers import gbk, zipped

_ACCOUNT = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注"
)
_TRADE = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)


_TYPES = {"normal": "在线支付", "fee": "收费", "refund": "退款", "settlement": "提现"}


def account(statement: Statement) -> bytes:
    """Every movement of the account with the balance after it."""
    rows = [_movement(row) for row in statement.rows]
    into = [row.amount for row in statement.rows if row.amount > 0]
    out = [-row.amount for row in statement.rows if row.amount < 0]
    sums = [f"#支出合计：{len(out)}笔，共{_sum(out)}元", f"#收入合计：{len(into)}笔，共{_sum(into)}元"]
    summary = [_preamble(statement, "账务"), "业务类型,收入合计,支出合计", f"全部,{_sum(into)},{_sum(out)}"]
    return _archive(statement, "账务", _ACCOUNT, rows, sums, summary)


def _movement(row: StatementRow) -> list[str]:
    deal = _deal_number(order_of(row)) or row.serial
    into, out = (f"{row.amount:.2f}", "") if row.amount > 0 else ("", f"{row.amount:.2f}")
    numbers = [f"{number}\t" for number in (row.serial, deal, order_of(row))]
    party = [row.summary, f"{row.date} {row.time}", f"{row.counterparty_account}\t"]
    return [*numbers, *party, into, out, f"{row.balance:.2f}", "支付宝", f"{_TYPES[row.kind]}\t", row.remark]


def trade(statement: Statement) -> bytes:
    """Sales with their fee, and refunds under the number of their sale; payouts are not in this bill."""
    fees = {order_of(row): row.amount for row in statement.rows if row.kind == "fee"}
    deals = [row for row in statement.rows if row.kind in ("normal", "refund")]
    rows = [_deal(row, fees.get(order_of(row), Decimal(0))) for row in deals]
    sold = [row.amount for row in deals if row.amount > 0]
    back = [row.amount for row in deals if row.amount < 0]
    sums = [
        f"#交易合计：{len(sold)}笔，商家实收共{_sum(sold)}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{_sum(back)}元，商家优惠退款共0.00元",
    ]
    summary = [_preamble(statement, "业务"), "门店编号,交易订单总笔数,商家实收", f"合计,{len(sold)},{_sum(sold)}"]
    return _archive(statement, "业务", _TRADE, rows, sums, summary)


def _deal(row: StatementRow, fee: Decimal) -> list[str]:
    when, order = f"{row.date} {row.time}", order_of(row)
    sale = row.amount > 0
    start = [f"{_deal_number(order)}\t", f"{order}\t", "交易\t" if sale else "退款\t", "停车费", when, when]
    money = [f"{row.amount:.2f}", f"{row.amount:.2f}", *["0.00"] * 5, "", "0.00\t", "0.00"]
    remark = row.remark.removesuffix(order).rstrip()
    end = ["\t" if sale else f"R{order}\t", f"{fee if sale else 0:.2f}", "0.00", remark]
    return [*start, *["\t"] * 4, "**(138******00)\t", *money, *end]


def _deal_number(order: str) -> str:
    return f"{order[1:9]}2200140000{order[-6:]:0>10}" if order else ""


def _preamble(statement: Statement, kind: str) -> str:
    assert statement.period is not None
    first, last = statement.period[0], statement.period[1] + timedelta(days=1)
    days = f"#起始日期：[{first:%Y年%m月%d日} 00:00:00]   终止日期：[{last:%Y年%m月%d日} 00:00:00]"
    return "\r\n".join([f"#支付宝{kind}明细查询", f"#账号：[{statement.account_no}]", days])


def _archive(
    statement: Statement,
    kind: str,
    header: str,
    rows: Sequence[Sequence[str]],
    sums: Sequence[str],
    summary: Sequence[str],
) -> bytes:
    assert statement.period is not None
    assert not any("," in cell for row in rows for cell in row)
    made = statement.period[1] + timedelta(days=1)
    lines = [
        _preamble(statement, kind),
        f"#-----------------------------------------{kind}明细列表----------------------------------------",
        header,
        *(",".join(row) for row in rows),
        f"#-----------------------------------------{kind}明细列表结束------------------------------------",
        *sums,
        f"#导出时间：[{made:%Y年%m月%d日} 10:00:00]",
    ]
    name = f"{statement.account_no}_{statement.period[0]:%Y%m}_{kind}明细"
    members = [(f"{name}(汇总).csv", summary), (f"{name}.csv", lines)]
    return zipped([(member, gbk("".join(f"{line}\r\n" for line in text))) for member, text in members])


def _sum(amounts: Sequence[Decimal]) -> str:
    return f"{sum(amounts, Decimal(0)):.2f}"
