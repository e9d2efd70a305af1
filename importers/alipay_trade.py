"""支付宝业务明细 (trade): sales and refunds with the service fee (服务费) beside them, no balance.

A refund reuses the sale's 支付宝交易号, so a row's serial is 交易号:业务类型:退款批次号.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from jiezhang.domain.money import ZERO, exact
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow

from .base import StatementImporter
from .bill import Line, bill_statement, check_total, columns, each_row, header_index, line_of, raw_number
from .preamble import read_preamble
from .source import SourceFile
from .table import Row
from .values import day_and_time

_REQUIRED = frozenset(("支付宝交易号", "业务类型", "完成时间", "订单金额(元)", "商家实收(元)", "服务费(元)"))
_SUMMARY = frozenset(("交易订单总笔数", "退款订单总笔数"))
_COSTS = (("服务费", "服务费(元)", "fee"), ("分润", "分润(元)", "normal"))
_FOOTERS = {
    "交易": re.compile(r"交易合计:(\d+)笔,商家实收共(-?[\d.,]*\d)元"),
    "退款": re.compile(r"退款合计:(\d+)笔,商家实收(?:退款)?共(-?[\d.,]*\d)元"),
}


class AlipayTradeImporter(StatementImporter):
    key = "alipay_trade"
    title = "支付宝业务明细"

    def matches(self, source: SourceFile) -> bool:
        return header_index(source, _REQUIRED) is not None

    def is_summary(self, source: SourceFile) -> bool:
        """汇总 files only repeat the sums of the detail."""
        return "汇总" in source.member or any(names >= _SUMMARY for heads in source.head_rows for names in heads)

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        index = header_index(source, _REQUIRED)
        assert index is not None, "parse is called on files that match"
        sheet = source.sheets[0]
        names = columns(sheet[index])
        lines: list[Line] = []
        rows: list[StatementRow] = []
        footers: list[Row] = []

        def read(row: Row) -> None:
            if row.cell(0).startswith("#") or row.is_blank:
                footers.append(row)
                return
            line = line_of(row, sheet[index], names)
            lines.append(line)
            rows.extend(_rows(line))

        each_row(source, sheet[index + 1 :], read)
        stated = _check_footers(source, lines, footers)
        costs = sum((row.amount for row in rows if row.serial.endswith((":服务费", ":分润"))), ZERO)
        account_no = read_preamble(sheet[:index]).text("account_no")
        return (bill_statement(source, "alipay_trade", account_no, rows, stated + costs),)


def _rows(line: Line) -> list[StatementRow]:
    when = day_and_time(line.text("完成时间"))
    if when is None:
        raise ValueError(f"完成时间“{line.text('完成时间')}”无法识别")
    business, received = line.text("业务类型"), exact(line.raw("商家实收(元)"))
    if business not in _FOOTERS:
        raise ValueError(f"业务类型“{business}”无法识别")
    if (business == "退款" and received > 0) or (business == "交易" and received < 0):
        raise ValueError(f"{business}行的商家实收 {received} 正负号不对")
    key = f"{line.text('支付宝交易号')}:{business}:{line.text('退款批次号/请求号')}"
    side = -1 if business == "交易" else 1
    amounts = [("", received, "refund" if business == "退款" else "normal")]
    # A cost is shown with either sign: it leaves with a sale and comes back with a refund.
    amounts += [(f":{name}", side * abs(exact(line.raw(column))), kind) for name, column, kind in _COSTS]
    return [
        StatementRow(
            line=line.row.line,
            date=when[0],
            time=when[1],
            amount=amount,
            balance=None,
            counterparty_account=line.text("对方账户"),
            summary=line.text("商品名称") or business,
            remark=" ".join(text for text in (suffix.strip(":"), line.text("备注"), line.text("商户订单号")) if text),
            serial=key + suffix,
            kind=kind,
        )
        for suffix, amount, kind in amounts
        if amount
    ]


def _check_footers(source: SourceFile, lines: list[Line], footers: list[Row]) -> Decimal:
    """What sales and refunds come to by the file's own totals (yuan), checked against its rows."""
    net = ZERO
    stated: set[str] = set()
    for row in footers:
        text = unicodedata.normalize("NFKC", ",".join(cell for cell in row.cells if cell))
        for business, pattern in _FOOTERS.items():
            found = pattern.search(text)
            if not found:
                continue
            amounts = [line.raw("商家实收(元)") for line in lines if line.text("业务类型") == business]
            check_total(source, row.line, f"{business}笔数", Decimal(found[1]), Decimal(len(amounts)))
            total = sum(amounts, ZERO)
            check_total(source, row.line, f"{business}合计", abs(raw_number(found[2])), abs(total))
            stated.add(business)
            net += total
    missing = {line.text("业务类型") for line in lines} - stated
    if missing or not stated:
        raise Refused("账单没有合计行，文件可能被截断，请重新下载", source.label)
    return exact(net)
