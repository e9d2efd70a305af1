"""支付宝账务明细 (signcustomer): every movement of the merchant's Alipay balance, usually in a zip of GBK files."""

from __future__ import annotations

from .base import TableImporter
from .kinds import PLATFORM_TYPES
from .layout import Columns, Layout
from .source import SourceFile

_REQUIRED = ("账务流水号", "发生时间", "收入金额(+元)", "支出金额(-元)", "账户余额(元)", "业务类型")
_SUMMARY = frozenset(("业务类型", "收入合计", "支出合计"))


class AlipayAccountImporter(TableImporter):
    key = "alipay_account"
    title = "支付宝账务明细"
    layouts = (
        Layout(
            "alipay_account",
            Columns(
                date="发生时间",
                into="收入金额(+元)",
                out="支出金额(-元)",
                balance="账户余额(元)",
                counterparty_account="对方账号",
                summary="商品名称",
                remark=("备注", "业务描述"),
                type="业务类型",
                serial=("账务流水号",),
            ),
            required=_REQUIRED,
            absolute=True,
            kinds=PLATFORM_TYPES,
        ),
    )

    def is_summary(self, source: SourceFile) -> bool:
        """汇总 files only repeat the sums of the detail."""
        return "汇总" in source.member or any(names >= _SUMMARY for heads in source.head_rows for names in heads)
