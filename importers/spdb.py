"""上海浦东发展银行."""

from __future__ import annotations

from .base import TableImporter
from .layout import Columns, Layout


class SpdbImporter(TableImporter):
    key = "spdb"
    title = "浦发银行对账单"
    layouts = (
        Layout(
            "spdb.detail",
            Columns(
                date="交易日期",
                time="交易时间",
                into="贷方金额",
                out="借方金额",
                balance="余额",
                counterparty="对方户名",
                counterparty_account="对方账号",
                summary="摘要",
                remark=("备注",),
                serial=("交易流水号",),
            ),
            required=("交易日期", "申请日期", "借方金额", "贷方金额", "余额", "对方户名", "对方行名", "交易流水号"),
        ),
    )
