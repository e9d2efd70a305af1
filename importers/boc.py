"""中国银行: bilingual headers, signed amounts, payer and payee instead of a counterparty, totals above the header."""

from __future__ import annotations

from .base import TableImporter
from .layout import Columns, Layout


class BocImporter(TableImporter):
    key = "boc"
    title = "中国银行对账单"
    layouts = (
        Layout(
            "boc.inquiry",
            Columns(
                date="交易日期",
                time="交易时间",
                amount="交易金额",
                flag="交易类型",
                balance="交易后余额",
                payer="付款人名称",
                payer_account="付款人账号",
                payee="收款人名称",
                payee_account="收款人账号",
                summary="摘要",
                remark=("用途", "交易附言", "备注"),
                type="业务类型",
                serial=("交易流水号",),
                currency="交易货币",
            ),
            required=("交易类型", "业务类型", "付款人账号", "收款人账号", "交易日期", "交易金额", "交易后余额"),
        ),
    )
