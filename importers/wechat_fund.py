"""微信支付资金账单 (fundflow): every movement of the merchant's WeChat balance, with the balance after it.

A row's serial is `微信支付业务单号:业务类型`, because a sale and its fee share the number.
"""

from __future__ import annotations

import re

from .base import TableImporter
from .kinds import PLATFORM_TYPES
from .layout import Columns, Layout

MERCHANT_IN_NAME = re.compile(r"(?<!\d)(1\d{9})(?!\d)")


class WechatFundImporter(TableImporter):
    key = "wechat_fund"
    title = "微信支付资金账单"
    layouts = (
        Layout(
            "wechat_fund",
            Columns(
                date="记账时间",
                amount="收支金额(元)",
                flag="收支类型",
                balance="账户结余(元)",
                summary="业务名称",
                remark=("备注", "业务凭证号"),
                type="业务类型",
                serial=("微信支付业务单号", "业务类型"),
            ),
            required=("记账时间", "微信支付业务单号", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)"),
            absolute=True,
            kinds=PLATFORM_TYPES,
            foot_header={
                "资金流水总笔数": "count",
                "收入笔数": "count_in",
                "收入金额": "sum_in",
                "支出笔数": "count_out",
                "支出金额": "sum_out",
            },
            file_name_account=MERCHANT_IN_NAME,
        ),
    )
