"""农村商业银行 (one unnamed bank's layout; others differ): 收入 before 支出, the counterparty in the second column."""

from __future__ import annotations

from .base import TableImporter
from .layout import Columns, Layout


class RcbImporter(TableImporter):
    key = "rcb"
    title = "农商银行对账单"
    layouts = (
        Layout(
            "rcb.detail",
            Columns(
                date="交易日期",
                time="交易时间",
                into="收入金额",
                out="支出金额",
                balance="余额",
                counterparty="对方户名",
                counterparty_account="对方账号",
                summary="用途",
                remark=("附言",),
                serial=("核心流水号",),
                account_no="账号",
                currency="币种",
            ),
            required=("交易日期", "对方户名", "收入金额", "支出金额", "余额", "账号", "对方账号", "核心流水号"),
        ),
    )
