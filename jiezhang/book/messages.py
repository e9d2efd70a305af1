"""Beancount's own error messages, said in the bookkeeper's words."""

from __future__ import annotations

import re

_SAID: list[tuple[re.Pattern[str], str]] = [
    (
        re.compile(r"Balance failed for '(.+)': expected (\S+) CNY != accumulated (\S+) CNY .*"),
        r"余额不符：“\1”对账单余额 \2，账面余额 \3",
    ),
    (re.compile(r"Transaction does not balance: \((.+?)(?: CNY)?\)"), r"借贷不平，差 \1"),
    (re.compile(r"Invalid reference to unknown account '(.+)'"), r"账簿没有开设账户“\1”"),
    (re.compile(r"Invalid reference to inactive account '(.+)'"), r"账户“\1”在这一天尚未开设或已经销户"),
    (re.compile(r"Invalid currency (\S+) for account '(.+)'"), r"账户“\2”不得使用币种 \1"),
    (re.compile(r"Duplicate open directive for (.+)"), r"账户“\1”重复开设"),
    (re.compile(r"syntax error, unexpected (.+)"), r"账簿写法有误（\1）"),
    (re.compile(r"Invalid token: '(.+)'"), r"账簿写法有误（不认识的字符“\1”）"),
    (re.compile(r"No position matches .*"), r"分录无法匹配持仓"),
    (re.compile(r"Too many missing numbers for currency group .*"), r"分录缺少金额"),
    (re.compile(r"Metadata field key '(.+)' .*"), r"元数据“\1”写了两次"),
]


def in_chinese(message: str) -> str:
    """`message` in Chinese; one we don't know keeps its own words, named as Beancount's."""
    if any("\u4e00" <= ch <= "\u9fff" for ch in message.split("'")[0].split("“")[0]):
        return message
    for pattern, said in _SAID:
        found = pattern.fullmatch(message.strip())
        if found:
            return found.expand(said)
    return f"账簿有误（Beancount：{message.strip().splitlines()[0]}）"
