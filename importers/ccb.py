"""中国建设银行: three layouts of one list, told apart by how they write the amount columns."""

from __future__ import annotations

from dataclasses import replace

from .base import TableImporter
from .layout import Columns, Layout

_SERIAL = "账户明细编号-交易流水号"
_CURRENT = Columns(
    date="交易时间",
    into="贷方发生额(收入)",
    out="借方发生额(支取)",
    balance="余额",
    counterparty="对方户名",
    counterparty_account="对方账号",
    summary="摘要",
    remark=("备注",),
    serial=(_SERIAL,),
    account_no="账号",
    holder="账户名称",
    currency="币种",
)


class CcbImporter(TableImporter):
    key = "ccb"
    title = "建设银行对账单"
    layouts = (
        Layout(
            "ccb.current",
            _CURRENT,
            required=("账号", "交易时间", "借方发生额(支取)", "贷方发生额(收入)", "余额", _SERIAL),
        ),
        Layout(
            "ccb.slash",
            replace(_CURRENT, into="贷方发生额/元(收入)", out="借方发生额/元(支取)"),
            required=("交易时间", "借方发生额/元(支取)", "贷方发生额/元(收入)", "余额", _SERIAL),
        ),
        Layout(
            "ccb.two_row",
            replace(
                _CURRENT,
                into="发生额/元/贷方",
                out="发生额/元/借方",
                balance="余额/元",
                account_no="本方账号",
                holder="本方账户名称",
            ),
            required=(_SERIAL, "交易时间", "本方账号", "发生额/元", "余额/元", "借方", "贷方"),
            two_rows=True,
        ),
    )
