"""中国邮政储蓄银行: 支出 before 收入, a 合计 row at the end."""

from __future__ import annotations

from .base import TableImporter
from .layout import Columns, Layout


class PsbcImporter(TableImporter):
    key = "psbc"
    title = "邮储银行对账单"
    layouts = (
        Layout(
            "psbc.detail",
            Columns(
                date="交易日期",
                time="交易时间",
                into="收入金额",
                out="支出金额",
                balance="余额",
                counterparty="对方户名",
                counterparty_account="对方账号",
                summary="摘要",
                remark=("用途", "附言"),
                serial=("交易流水号",),
            ),
            required=("序号", "交易日期", "交易流水号", "支出金额", "收入金额", "余额", "对方户名", "对方账号"),
            absent=("核心流水号",),
        ),
    )
