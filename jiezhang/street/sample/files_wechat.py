"""WeChat Pay: the fund bill with its running balance, and the trade bill, a row a sale. A backtick leads each value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from jiezhang.domain.statement import Statement, StatementRow

_FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
_FUND_FOOT = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_TRADE_FOOT = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_ORDER = re.compile(r"P\d{14}")


def order_of(row: StatementRow) -> str:
    """The shop's own order number, which the remark names; empty for a payout."""
    found = _ORDER.search(row.remark)
    return found[0] if found else ""


def fund(statement: Statement) -> bytes:
    rows = []
    for row in statement.rows:
        number, _, kind = row.serial.partition(":")
        direction = "支出" if row.amount < 0 else "收入"
        start = [f"{row.date} {row.time}", number, number, kind, kind, direction, f"{abs(row.amount):.2f}"]
        remark = row.remark.removesuffix(order_of(row)).rstrip()
        rows.append([*start, f"{row.balance:.2f}", "system", remark, order_of(row)])
    into = [row.amount for row in statement.rows if row.amount > 0]
    out = [-row.amount for row in statement.rows if row.amount < 0]
    foot = [str(len(rows)), str(len(into)), _plain(into), str(len(out)), _plain(out)]
    return _bill(_FUND, rows, _FUND_FOOT, foot)


def trade(statement: Statement) -> bytes:
    """Sales with their fees, and refunds; payouts are not in this bill."""
    fees = {order_of(row): -row.amount for row in statement.rows if row.kind == "fee"}
    sales = [row for row in statement.rows if row.kind == "normal"]
    refunds = [row for row in statement.rows if row.kind == "refund"]
    numbers = {order_of(row): _number(row) for row in sales}
    rows = [_sale(statement, row, fees.get(order_of(row), Decimal(0))) for row in sales]
    rows += [_refund(statement, row, numbers[order_of(row)]) for row in refunds]
    sold, back = _plain(row.amount for row in sales), _plain(-row.amount for row in refunds)
    fee = f"{sum(fees.values(), Decimal(0)):.5f}"
    return _bill(_TRADE, rows, _TRADE_FOOT, [str(len(rows)), sold, back, "0.00", fee, sold, back])


def _sale(statement: Statement, row: StatementRow, fee: Decimal) -> list[str]:
    money = [f"{row.amount:.2f}", "0.00", "0", "0", "0.00", "0.00", "", ""]
    end = [_what(row), "", f"{fee:.5f}", "0.60%", f"{row.amount:.2f}", "0.00", ""]
    return [*_deal(statement, row, _number(row), "SUCCESS"), *money, *end]


def _refund(statement: Statement, row: StatementRow, sale: str) -> list[str]:
    back = f"{-row.amount:.2f}"
    money = ["0.00", "0.00", _number(row), f"R{order_of(row)}", back, "0.00", "ORIGINAL", "SUCCESS"]
    end = ["停车费", "", "0.00000", "0.60%", "0.00", back, ""]
    return [*_deal(statement, row, sale, "REFUND"), *money, *end]


def _deal(statement: Statement, row: StatementRow, number: str, state: str) -> list[str]:
    shop = ["wx0000000000000001", statement.account_no, "0", ""]
    start = [f"{row.date} {row.time}", *shop, number, order_of(row), f"o{number[-20:]}"]
    return [*start, "NATIVE", state, "OTHERS", "CNY"]


def _what(row: StatementRow) -> str:
    return row.remark.partition(" ")[0]


def _number(row: StatementRow) -> str:
    return row.serial.partition(":")[0]


def _plain(amounts: Iterable[Decimal]) -> str:
    return f"{sum(amounts, Decimal(0)):.2f}"


def _bill(header: str, rows: Sequence[Sequence[str]], foot_header: str, foot: Sequence[str]) -> bytes:
    lines = [header, *(_line(row) for row in rows), foot_header, _line(foot)]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _line(cells: Sequence[str]) -> str:
    assert not any("," in cell for cell in cells)
    return ",".join(f"`{cell}" for cell in cells)
