"""What a 续交通知 and the 续交名册 say, the same on paper and in Excel."""

from __future__ import annotations

from decimal import Decimal

from jiezhang.domain.money import yuan

from ..fund_paper import dwelling_words
from ..top_up import Cited, TopUpNotice, TopUpNotices
from ..wording import day_name

NOTICE = "维修资金续交通知"
LIST = "维修资金续交名册"


def percent_words(percent: Decimal) -> str:
    """`30` or `30.5`, without zeros behind the point."""
    return f"{percent.normalize():f}%"


def cited(rule: Cited | None) -> str:
    """`（杭州市物业管理条例（2021）第71条）`; an unverified rule says so."""
    if rule is None:
        return ""
    mark = "" if rule.verified or "待核实" in rule.article else "，待核实"
    return f"（{rule.article}{mark}）"


def why(value: TopUpNotices, notice: TopUpNotice) -> str:
    line = percent_words(value.below_percent)
    return (
        f"{dwelling_words(notice.dwelling)}首期交存 {yuan(notice.first_deposit_fen)} 元，它的 {line} 是 "
        f"{yuan(notice.line_fen)} 元。现在余额不到这个数，按规定应当续交{cited(value.line)}。"
    )


def target_words(value: TopUpNotices) -> str:
    """How much is asked for, and on whose word."""
    target = value.target
    if target.ground == "decided" and target.percent is not None:
        return f"业主已决定补到首期交存额的 {percent_words(target.percent)}。"
    if target.ground == "default" and target.percent is not None:
        return f"业主没有作出决定时，一次补到首期交存额的 {percent_words(target.percent)}{cited(target.cited)}。"
    if target.ground == "standard":
        return f"补足到届时适用的交存标准，每平方米 {target.standard_yuan} 元{cited(target.cited)}。"
    return f"续交多少、怎样续交，由业主约定或共同决定{cited(target.cited)}，定下来以后另行通知。"


def when_words(value: TopUpNotices) -> str:
    if value.pay_by is not None:
        return f"请在 {day_name(value.pay_by)}以前交款。"
    if value.pay_in_days is not None:
        return f"请在收到本通知之日起 {value.pay_in_days} 日以内交款。"
    return "交款的期限由业主决定，定下来以后另行通知。" if value.target.ground != "open" else ""


def account_words(value: TopUpNotices) -> list[str]:
    """Each account to pay into: name, masked number, holder."""
    return [
        "　".join(filter(None, (account.name, account.number, f"户名 {account.holder}" if account.holder else "")))
        for account in value.accounts
    ]


CAUTION = (
    "谨防冒名：账号中间的数字用 * 号遮住，交款前请向小区或街道核对完整账号。本通知不附收款二维码，"
    "也不会要您把钱转给个人。"
)
"""A notice under a door is easily forged; the whole number is told by the office only."""
