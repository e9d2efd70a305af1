"""The booking rules a new compound starts with: what a bank row is, by its words. The first that holds wins.

They name nobody in particular, and only propose. An office takes out what does not fit a compound (a merchant number
that takes other money than parking fees) and adds its own in `register/rules.csv`.
"""

from __future__ import annotations

from .register import BookingRule

_PLATFORM = "1012支付平台待结算"
_PUBLIC = "1002银行存款"
_FUND = "1001银行存款"

_RULES = (
    # account, direction, counterparty, words, subject, detail, narration
    (_PLATFORM, "out", "", "提现", "1012", "在途", "支付平台提现"),
    (_PLATFORM, "out", "", "退款", "4001", "", "停车费退款"),
    (_PLATFORM, "out", "", "手续费", "5108", "", "支付平台手续费"),
    (_PLATFORM, "out", "", "服务费", "5108", "", "支付平台手续费"),
    (_PLATFORM, "in", "", "交易", "4001", "", "停车费"),
    (_PLATFORM, "in", "", "停车费", "4001", "", "停车费"),
    (_PUBLIC, "in", "财付通", "", "1012", "在途", "微信支付结算到账"),
    (_PUBLIC, "in", "支付宝", "", "1012", "在途", "支付宝结算到账"),
    ("", "in", "", "结息", "4101", "", "存款利息"),
    (_PUBLIC, "out", "", "手续费", "5108", "", "银行手续费"),
    (_PUBLIC, "in", "", "公共车位费", "4001", "", "公共车位费"),
    (_PUBLIC, "out", "供电公司", "", "5107", "", "公共电费"),
    (_PUBLIC, "out", "自来水公司", "", "5107", "", "公共水费"),
    (_PUBLIC, "out", "电梯维保", "", "5101", "", "电梯维保费"),
    (_PUBLIC, "out", "会计师事务所", "", "5105", "", "审计费"),
    (_PUBLIC, "out", "", "委员津贴", "5104", "", "业委会委员津贴"),
    (_PUBLIC, "out", "", "停车管理服务费", "5001", "", "停车管理服务费"),
    (_FUND, "in", "", "维修资金交存", "4001", "", "业主交存维修资金"),
)

STARTER_RULES = tuple(
    BookingRule.model_validate(
        {
            "code": f"GZ-{number:02d}",
            "account": account,
            "direction": direction,
            "counterparty": counterparty,
            "words": words,
            "subject": subject,
            "detail": detail,
            "narration": narration,
        }
    )
    for number, (account, direction, counterparty, words, subject, detail, narration) in enumerate(_RULES, start=1)
)
