"""招商银行: 32 columns whose header row moves; 冲账标志 marks reversals."""

from __future__ import annotations

from .base import TableImporter
from .layout import Columns, Layout


class CmbImporter(TableImporter):
    key = "cmb"
    title = "招商银行对账单"
    layouts = (
        Layout(
            "cmb.detail",
            Columns(
                date="交易日",
                time="交易时间",
                into="贷方金额",
                out="借方金额",
                balance="余额",
                counterparty="收(付)方名称",
                counterparty_account="收(付)方账号",
                summary="摘要",
                remark=("用途", "扩展摘要"),
                type="交易类型",
                serial=("流水号",),
                reversal="冲账标志",
                account_no="账号",
                holder="账号名称",
                currency="币种",
            ),
            required=("交易日", "借方金额", "贷方金额", "余额", "流水号", "收(付)方名称", "收(付)方账号"),
        ),
    )
