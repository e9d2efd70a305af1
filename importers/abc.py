"""中国农业银行: 收入 before 支出, no serial number, a total row at the end.

四川农信 has the same columns, so the cells above the header must not say 农信.
"""

from __future__ import annotations

import re

from .base import TableImporter
from .layout import Columns, Layout


class AbcImporter(TableImporter):
    key = "abc"
    title = "农业银行对账单"
    layouts = (
        Layout(
            "abc.detail",
            Columns(
                date="交易时间",
                into="收入金额",
                out="支出金额",
                balance="账户余额",
                counterparty="对方户名",
                counterparty_account="对方账号",
                summary="摘要|交易用途",
            ),
            required=("交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名"),
            title=re.compile("账户明细|农业银行"),
            not_title=re.compile("农信|农村信用|农商"),
        ),
    )
