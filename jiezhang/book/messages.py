"""Beancount's own error messages and the system's, said in the bookkeeper's words."""

from __future__ import annotations

import errno
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
    (re.compile(r"Duplicate close directive for (.+)"), r"账户“\1”重复销户"),
    (re.compile(r"Unopened account (.+) is being closed"), r"账户“\1”没有开设就销户"),
    (re.compile(r"Invalid account name: (.+)"), r"账户名“\1”写法不对"),
    (re.compile(r"Duplicate balance assertion with different amounts"), r"同一天同一账户有两个不同的对账单余额"),
    (re.compile(r"Duplicate (?:posting )?metadata field.*key='([^']+)'.*"), r"元数据“\1”写了两次"),
    (re.compile(r"ValueError: .*(?:out of range|must be in).*"), r"日历上没有这一天"),
    (re.compile(r"syntax error, unexpected (.+)"), r"账簿写法有误（\1）"),
    (re.compile(r"Invalid token: '(.+)'"), r"账簿写法有误（不认识的字符“\1”）"),
    (re.compile(r"No position matches .*"), r"分录无法匹配持仓"),
    (re.compile(r"Too many missing numbers for currency group .*"), r"分录缺少金额"),
]


_ENGLISH = re.compile(r"[A-Z][A-Za-z]+[ :]")
"""How Beancount's messages begin and ours never do; both may hold Chinese account names."""

_FAILURES = {
    errno.ENOENT: "没有这个文件",
    errno.EEXIST: "已有同名的文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "上一级不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘只能读",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
}


def failure(failed: OSError) -> str:
    """Why the system could not read or write, in Chinese; a cause we don't know keeps the system's number."""
    return _FAILURES.get(failed.errno or 0, f"系统错误 {failed.errno}：{failed.strerror}")


def in_chinese(message: str) -> str:
    """`message` in Chinese; one we don't know keeps its own words, named as Beancount's."""
    for pattern, said in _SAID:
        found = pattern.fullmatch(message.strip())
        if found:
            return found.expand(said)
    if not _ENGLISH.match(message) and not message.isascii():
        return message
    return f"账簿有误（Beancount：{message.strip().splitlines()[0]}）"
