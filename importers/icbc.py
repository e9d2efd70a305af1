"""中国工商银行: the corporate net bank's five layouts. The file has no serial number and often no holder."""

from __future__ import annotations

import re

from .base import TableImporter
from .layout import Columns, Layout

_MARK = re.compile(r"^\[HISTORYDETAIL\]$")
_NAME = re.compile(r"historydetail(\d{10,25})(?!\d)", re.IGNORECASE)

_IN_OUT = Columns(
    date="交易时间",
    into="转入金额",
    out="转出金额",
    balance="余额",
    counterparty="对方单位|对方单位名称",
    counterparty_account="对方账号",
    summary="摘要",
    remark=("用途", "附言"),
    account_no="本方账号",
)


class IcbcImporter(TableImporter):
    key = "icbc"
    title = "工商银行对账单"
    layouts = (
        Layout(
            "icbc.history_detail",
            Columns(
                date="交易时间",
                into="贷方发生额",
                out="借方发生额",
                flag="借/贷",
                balance="余额",
                counterparty="对方单位名称",
                counterparty_account="对方账号",
                summary="摘要",
                remark=("用途", "个性化信息"),
                account_no="本方账号",
            ),
            required=("本方账号", "交易时间", "借/贷", "借方发生额", "贷方发生额", "对方单位名称", "余额"),
        ),
        Layout(
            "icbc.history_in_out",
            _IN_OUT,
            required=("交易时间", "转入金额", "转出金额", "余额"),
            title=_MARK,
            file_name_account=_NAME,
        ),
        Layout(
            "icbc.in_out_own",
            _IN_OUT,
            required=("交易时间", "本方账号", "对方单位", "转入金额", "转出金额", "余额"),
            not_title=_MARK,
        ),
        Layout(
            "icbc.in_out",
            _IN_OUT,
            required=("交易时间", "对方单位", "对方账号", "转入金额", "转出金额", "余额"),
            absent=("本方账号",),
            not_title=_MARK,
            file_name_account=_NAME,
        ),
        Layout(
            "icbc.printed",
            Columns(
                date="日期",
                into="贷方发生额",
                out="借方发生额",
                balance="余额",
                counterparty="对方户名",
                counterparty_account="对方账号",
                summary="摘要",
            ),
            required=("日期", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额"),
        ),
    )
