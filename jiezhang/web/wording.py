"""How account names read on the page; books with a wrong name are shown too, with the fault."""

from __future__ import annotations

import re

from jiezhang.domain.accounts import AccountName, parse_account


def parsed(account: str) -> AccountName | None:
    """The account's parts, or `None` when it is no name of ours."""
    try:
        return parse_account(account)
    except ValueError:
        return None


def short_name(account: str) -> str:
    """`Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021` as `公共收益 · 1002银行存款-工行3021`."""
    name = parsed(account)
    return f"{_fund(name)} · {subject_of(account)}" if name else account


def where_of(account: str) -> str:
    """`公共收益 工行3021`."""
    name = parsed(account)
    return f"{_fund(name)} {name.detail or name.subject.name}" if name else account


def subject_of(account: str) -> str:
    """`1002银行存款-工行3021`."""
    return ":".join(account.split(":")[3:])


def _fund(name: AccountName) -> str:
    """`公共收益`, `加装电梯集资`: without the letter and the number that sort it."""
    return re.sub(r"^[A-Z][0-9]*", "", name.fund)
