"""账户名称: every account is named by the chart (财会〔2020〕7号 §8: accounts set up and used as prescribed)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beancount.core import data

from ..accounts import parse_account
from ..problem import Finding, finding

RULE = "account_names"


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Opened accounts that do not parse, are another compound's, or divide what one statement is of."""
    found = []
    for entry in entries:
        if not isinstance(entry, data.Open):
            continue
        try:
            name = parse_account(entry.account)
        except ValueError as wrong:
            found.append(finding(RULE, str(wrong), entry))
            continue
        if name.compound + name.compound_name != options["title"]:
            found.append(finding(RULE, f"账户“{entry.account}”不属于本账簿的小区“{options['title']}”", entry))
        if name.is_kept_elsewhere and name.subs:
            # A statement is of one account: a part of it would be money that no bank vouches for.
            found.append(finding(RULE, f"账户“{entry.account}”不能开设：专户之下不得再分明细", entry))
    return found
