"""The two trade bills, written out: their rows become several statement rows, so no `Form` fits them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import file_grids as grids
from statement_books import sold

from jiezhang.domain.statement import Statement, StatementRow, Totals

WECHAT_HEAD = [
    *("交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型"),
    *("交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额", "微信退款单号", "商户退款单号", "退款金额"),
    *("充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包", "手续费", "费率", "订单金额"),
    *("申请退款金额", "费率备注"),
]
WECHAT_FOOT = [
    *("总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额", "订单总金额"),
    "申请退款总金额",
]


def wechat_row(
    at: str, order: str, amount: str, fee: str, refund_no: str = "0", state: str = "SUCCESS"
) -> list[object]:
    """A bill row; for a refund `amount` is the amount refunded and `fee` the fee given back, negative."""
    sale, back = (amount, "0.00") if state == "SUCCESS" else ("0.00", amount)
    return [
        *(at, "wx0000000000000017", "1900000017", "0", "", order, f"P{order[-6:]}", "openid", "NATIVE", state),
        *("OTHERS", "CNY", sale, "0.00", refund_no, "0", back, "0.00", "", "", "临停缴费", "", fee, "0.60%"),
        *(sale, back, ""),
    ]


def wechat_bill(rows: list[list[object]]) -> bytes:
    """Rows with the footer that belongs to them."""

    def total(column: str) -> Decimal:
        return sum((Decimal(str(row[WECHAT_HEAD.index(column)])) for row in rows), Decimal(0))

    names = ("应结订单金额", "退款金额", "充值券退款金额", "手续费", "订单金额", "申请退款金额")
    return grids.csv_backtick([WECHAT_HEAD, *rows, WECHAT_FOOT, [len(rows), *(total(name) for name in names)]])


_WECHAT_ROWS = [
    wechat_row("2026-03-02 17:07:11", "4200000000202603020000000003", "15.00", "0.09000"),
    wechat_row("2026-03-02 08:15:00", "4200000000202603020000000001", "10.00", "0.06000"),
    wechat_row("2026-03-02 09:30:20", "4200000000202603020000000002", "7.50", "0.04500"),
    wechat_row(
        *("2026-03-02 18:00:00", "4200000000202603020000000001", "10.00", "-0.06000"),
        refund_no="50300000002026030200000000009",
        state="REFUND",
    ),
]

WECHAT = wechat_bill(_WECHAT_ROWS)

ALIPAY_HEAD = [
    *("支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称", "操作员"),
    *("终端号", "对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）"),
    *("商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）"),
    *("退款批次号/请求号", "服务费（元）", "分润（元）", "备注"),
]


def alipay_row(at: str, trade: str, amount: str, fee: str, batch: str = "") -> list[object]:
    """A bill row; a refund has a batch number and a negative amount."""
    cells = [
        *(trade, f"P{trade[-4:]}", "退款" if batch else "交易", "充电缴费", at, at, "", "", "", "", "*某(138******00)"),
        *(amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", batch, fee, "0.00", ""),
    ]
    return [f"{cell}\t" for cell in cells]


def alipay_bill(rows: list[list[object]], sales: tuple[int, str], refunds: tuple[int, str]) -> bytes:
    return grids.csv_gbk(
        [
            ["#支付宝业务明细查询"],
            ["#账号：[20880000000000000017]"],
            ["#起始日期：[2026年03月02日 00:00:00]   终止日期：[2026年03月03日 00:00:00]"],
            ["#-----------------------------------------业务明细列表----------------------------------------"],
            ALIPAY_HEAD,
            *rows,
            ["#-----------------------------------------业务明细列表结束------------------------------------"],
            [f"#交易合计：{sales[0]}笔，商家实收共{sales[1]}元，商家优惠共0.00元"],
            [f"#退款合计：{refunds[0]}笔，商家实收退款共{refunds[1]}元，商家优惠退款共0.00元"],
            ["#导出时间：[2026年03月03日 10:00:00]"],
        ]
    )


_ALIPAY_ROWS = [
    alipay_row("2026-03-02 08:00:00", "2026030222001400000000000001", "12.00", "-0.07"),
    alipay_row("2026-03-02 09:00:00", "2026030222001400000000000002", "8.00", "-0.05"),
    alipay_row("2026-03-02 10:00:00", "2026030222001400000000000001", "-12.00", "0.07", "R17"),
]

ALIPAY = grids.zipped(
    {
        "2088_业务明细(汇总).csv": grids.csv_gbk([["#支付宝业务汇总查询"], ["门店编号", "交易订单总笔数"]]),
        "2088_业务明细.csv": alipay_bill(_ALIPAY_ROWS, (2, "20.00"), (1, "-12.00")),
    },
    gbk_names=True,
)


def _bill(layout: str, name: str, account_no: str, rows: list[StatementRow], net: str) -> Callable[[str], Statement]:
    return lambda digest: Statement(
        *(layout, name, digest, account_no, "", "CNY", tuple(rows)), totals=Totals(net=Decimal(net))
    )


def _wechat(line: int, order: str, at: str, amount: str, name: str, kind: str = "normal") -> StatementRow:
    paid = "000003" if line == 2 else "000002" if line == 4 else "000001"
    row = sold(f"{order}:{name}", f"2026-03-02 {at}", amount, summary=name, remark=f"临停缴费 P{paid}", kind=kind)
    return replace(row, line=line)


def _alipay(line: int, at: str, serial: str, amount: str, remark: str, kind: str = "normal") -> StatementRow:
    row = sold(f"20260302220014000000000000{serial}", f"2026-03-02 {at}", amount, remark=remark, kind=kind)
    return replace(row, line=line, summary="充电缴费", counterparty_account="*某(138******00)")


_SALES = "42000000002026030200000000"
WECHAT_EXPECTED = [
    _wechat(3, f"{_SALES}01", "08:15:00", "10.00", "交易"),
    _wechat(3, f"{_SALES}01", "08:15:00", "-0.06", "扣除交易手续费", "fee"),
    _wechat(4, f"{_SALES}02", "09:30:20", "7.50", "交易"),
    _wechat(4, f"{_SALES}02", "09:30:20", "-0.05", "扣除交易手续费", "fee"),
    _wechat(2, f"{_SALES}03", "17:07:11", "15.00", "交易"),
    _wechat(2, f"{_SALES}03", "17:07:11", "-0.09", "扣除交易手续费", "fee"),
    _wechat(5, "50300000002026030200000000009", "18:00:00", "-9.94", "退款", "refund"),
]
ALIPAY_EXPECTED = [
    _alipay(6, "08:00:00", "01:交易:", "12.00", "P0001"),
    _alipay(6, "08:00:00", "01:交易::服务费", "-0.07", "服务费 P0001", "fee"),
    _alipay(7, "09:00:00", "02:交易:", "8.00", "P0002"),
    _alipay(7, "09:00:00", "02:交易::服务费", "-0.05", "服务费 P0002", "fee"),
    _alipay(8, "10:00:00", "01:退款:R17", "-12.00", "P0001", "refund"),
    _alipay(8, "10:00:00", "01:退款:R17:服务费", "0.07", "服务费 P0001", "fee"),
]

BILLS = {
    "wechat_trade": (
        *("tradebill_2026-03-02.csv", WECHAT),
        _bill("wechat_trade", "tradebill_2026-03-02.csv", "1900000017", WECHAT_EXPECTED, "22.36"),
    ),
    "alipay_trade": (
        *("alipay_trade.zip", ALIPAY),
        _bill("alipay_trade", "alipay_trade.zip", "20880000000000000017", ALIPAY_EXPECTED, "7.95"),
    ),
}
