"""微信支付交易账单 (tradebill): one row for each sale or refund, in no order, with fees to five decimals.

A sale gives two rows here, the sale and its fee, with the serials the fund bill (资金账单) gives them, so that a
sale seen in both bills is one. A refund is net of the fee WeChat gives back, as in the fund bill, whose remark reads
退款总金额…;含手续费… (待核实 against a real pair of bills).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from jiezhang.domain.money import FEN, exact
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow

from .base import StatementImporter
from .bill import Line, bill_statement, check_total, columns, each_row, header_index, line_of, raw_number
from .source import SourceFile
from .table import Row, header_name
from .values import day_and_time
from .wechat_fund import MERCHANT_IN_NAME

_REQUIRED = frozenset(("交易时间", "商户号", "微信订单号", "交易状态", "手续费", "费率"))
_TOTAL_OF = {
    "应结订单总金额": "应结订单金额",
    "退款总金额": "退款金额",
    "充值券退款总金额": "充值券退款金额",
    "手续费总金额": "手续费",
    "订单总金额": "订单金额",
    "申请退款总金额": "申请退款金额",
}
_COUNT = "总交易单数"


@dataclass(slots=True)
class _Bill:
    """What has been read so far: lines, the rows they give, and the footer by name."""

    lines: list[Line] = field(default_factory=list)
    rows: list[StatementRow] = field(default_factory=list)
    footer_names: dict[str, int] = field(default_factory=dict)
    footer: Line | None = None


class WechatTradeImporter(StatementImporter):
    key = "wechat_trade"
    title = "微信支付交易账单"

    def matches(self, source: SourceFile) -> bool:
        return header_index(source, _REQUIRED) is not None

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        index = header_index(source, _REQUIRED)
        assert index is not None, "parse is called on files that match"
        sheet, bill = source.sheets[0], _Bill()
        names = columns(sheet[index])
        each_row(source, sheet[index + 1 :], lambda row: _read(row, sheet[index], names, bill))
        _check_footer(source, bill)
        merchants = {_merchant(line) for line in bill.lines} - {""}
        if len(merchants) > 1:
            raise Refused("文件里有几个商户号，请分商户号下载", source.label)
        in_name = MERCHANT_IN_NAME.search(source.member or source.name)
        merchant = next(iter(merchants), in_name[1] if in_name else "")
        currency = next((line.text("货币种类") for line in bill.lines), "") or "CNY"
        return (bill_statement(source, "wechat_trade", merchant, bill.rows, _stated_net(bill), currency),)


def _read(row: Row, header: Row, names: dict[str, int], bill: _Bill) -> None:
    if row.is_blank:
        return
    if any(header_name(cell) == _COUNT for cell in row.cells):
        bill.footer_names = columns(row)
    elif bill.footer_names:
        if bill.footer is not None:
            raise ValueError("合计行之后还有内容")
        bill.footer = Line(row, bill.footer_names)
    else:
        line = line_of(row, header, names)
        bill.lines.append(line)
        bill.rows += _rows(line)


def _rows(line: Line) -> list[StatementRow]:
    when = day_and_time(line.text("退款成功时间") or line.text("交易时间"))
    if when is None:
        raise ValueError(f"交易时间“{line.text('交易时间')}”无法识别")
    state, order = line.text("交易状态"), line.text("微信订单号")
    if state not in ("SUCCESS", "REFUND", "REVOKED"):
        raise ValueError(f"交易状态“{state}”无法识别")
    fee = _fee(line)
    if state == "SUCCESS":
        found = [("交易", order, exact(line.raw("应结订单金额")), "normal"), ("扣除交易手续费", order, -fee, "fee")]
    else:
        back = exact(line.raw("退款金额"))
        refund_no = line.text("微信退款单号")
        kind = ("退款", refund_no, -(back - abs(fee)), "refund")
        found = [kind if state == "REFUND" else ("撤销", refund_no.strip("0") or order, kind[2], "reversal")]
    return [
        StatementRow(
            line=line.row.line,
            date=when[0],
            time=when[1],
            amount=amount,
            balance=None,
            summary=name,
            remark=" ".join(text for text in (line.text("商品名称"), line.text("商户订单号")) if text),
            serial=f"{number}:{name}",
            kind=kind_name,
        )
        for name, number, amount, kind_name in found
        if amount
    ]


def _fee(line: Line) -> Decimal:
    return line.raw("手续费").quantize(FEN, ROUND_HALF_UP)


def _merchant(line: Line) -> str:
    """The sub-merchant where a service provider's bill names one, for the money is the sub-merchant's."""
    own = line.text("特约商户号")
    return own if own.strip("0") else line.text("商户号")


def _check_footer(source: SourceFile, bill: _Bill) -> None:
    """Compare the footer with the rows, fees still with all their decimals."""
    footer = bill.footer
    if footer is None:
        raise Refused("账单没有合计行，文件可能被截断，请重新下载", source.label)
    try:
        check_total(source, footer.row.line, "总笔数", raw_number(footer.text(_COUNT)), Decimal(len(bill.lines)))
        for total, column in _TOTAL_OF.items():
            if total in footer.names:
                found = sum((line.raw(column) for line in bill.lines), Decimal(0))
                check_total(source, footer.row.line, total, footer.raw(total), found)
    except ValueError as error:
        raise Refused(str(error), source.label, footer.row.line) from error


def _stated_net(bill: _Bill) -> Decimal:
    """The footer's settled total less its refund total less the fees, each rounded to the fen."""
    assert bill.footer is not None
    settled, refunded = bill.footer.raw("应结订单总金额"), bill.footer.raw("退款总金额")
    fees = sum((_fee(line) if line.text("交易状态") == "SUCCESS" else -abs(_fee(line)) for line in bill.lines), FEN * 0)
    return exact(settled - refunded - fees)
