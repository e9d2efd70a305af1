"""What kind of row a row is, by the bank's own words. A mark only: rows are never netted off."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REVERSAL = re.compile("冲正|冲账|冲销|红冲|抹账|退汇|撤销")
_INTEREST = re.compile("结息|利息|付息")
_FEE = re.compile("手续费|网银服务费|账户管理费|汇划费|工本费|回单费|短信服务费")
_SETTLEMENT = re.compile(r"提现|T\+1结算|收付直通车支付结算")
_REFUND = re.compile("退款")
_PLATFORM = re.compile("财付通|银联商务|支付宝.*网络")
_BANK = re.compile("银行|支行|分行|信用社|信用联社")

PLATFORM_TYPES = {
    "退款": "refund",
    "交易退款": "refund",
    "扣除交易手续费": "fee",
    "退回交易手续费": "fee",
    "收费": "fee",
    "提现": "settlement",
    "提现失败": "reversal",
    "撤销": "reversal",
}
"""Business types (业务类型) of WeChat Pay and Alipay."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a row says: `text` its summary and remark, and on which side of the account the money moved."""

    text: str
    counterparty: str
    into: bool


def kind_of_words(words: Words) -> str:
    """The `StatementRow.kind` of a bank's row.

    Fees and interest count only when the other side is the bank itself: a property manager's 服务费 is none.
    """
    from_bank = not words.counterparty or bool(_BANK.search(words.counterparty))
    if _REVERSAL.search(words.text):
        return "reversal"
    if from_bank and _INTEREST.search(words.text):
        return "interest"
    if from_bank and _FEE.search(words.text):
        return "fee"
    if words.into and (_SETTLEMENT.search(words.text) or _PLATFORM.search(words.counterparty)):
        return "settlement"
    return "refund" if _REFUND.search(words.text) else "normal"
