"""专户: a bank account belongs to exactly one fund, in the name of a holder the rules allow, never a person's.

Sources: 165号令 2008 art. 4, 10, 15 (maintenance fund in a special account); for public revenue the city's pack, e.g.
杭州市物业管理条例 2021 art. 60, 温州市 2017 art. 20, 丽水市 2019 art. 15 (never in a person's name).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beancount.core import data

from ..accounts import AccountName, parse_account
from ..problem import Finding, finding
from ..register import HOLDER_NAMES

RULE = "dedicated_accounts"
HOLDERS_DIRECTIVE = "jiezhang-holders"
_PUNCTUATION = re.compile(r"[^0-9A-Z]")
_KEYS = {"bank": "银行", "bank-account": "账号", "holder": "户名", "holder-kind": "户名性质"}


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Accounts without number or holder, of a person, of a holder the pack forbids, or shared by two funds."""
    del options
    return [*_shared(entries), *(found for found, verified in _holders(entries) if verified)]


def advise(entries: Sequence[data.Directive]) -> list[Finding]:
    """Holders that only an unverified (待核实) rule objects to: shown, never a stop."""
    return [found for found, verified in _holders(entries) if not verified]


def statement_accounts(entries: Sequence[data.Directive]) -> Iterator[tuple[data.Open, AccountName]]:
    """The opened accounts a bank or platform sends statements of."""
    for entry in entries:
        if isinstance(entry, data.Open):
            try:
                name = parse_account(entry.account)
            except ValueError:
                continue  # account_names reports it
            if name.has_statement:
                yield entry, name


def bare_number(number: object) -> str:
    """An account number by which two writings of it can be compared: capitals and digits alone."""
    return _PUNCTUATION.sub("", str(number).upper())


def _shared(entries: Sequence[data.Directive]) -> list[Finding]:
    owner: dict[str, data.Open] = {}
    found = []
    for entry, _ in statement_accounts(entries):
        number = str(entry.meta.get("bank-account", ""))
        first = owner.setdefault(bare_number(number), entry)
        if first is not entry and number:
            found.append(finding(RULE, f"银行账号 {number} 已属于“{first.account}”，一个专户只能属于一项资金", entry))
    return found


def _holders(entries: Sequence[data.Directive]) -> Iterator[tuple[Finding, bool]]:
    rules = {
        values[0]: (values[1].split(), values[2], bool(values[3]))
        for values in (
            [value.value for value in entry.values or []]
            for entry in entries
            if isinstance(entry, data.Custom) and entry.type == HOLDERS_DIRECTIVE
        )
    }
    for entry, name in statement_accounts(entries):
        missing = [word for key, word in _KEYS.items() if not entry.meta.get(key)]
        if missing:
            yield finding(RULE, f"专户“{entry.account}”没有登记{'、'.join(missing)}", entry), True
            continue
        kind = str(entry.meta["holder-kind"])
        allowed, article, verified = rules.get(name.fund_kind, ((), "没有规则", True))
        if kind not in HOLDER_NAMES:
            yield finding(RULE, f"专户“{entry.account}”的户名性质“{kind}”无法识别", entry), True
        elif kind == "person":
            yield finding(RULE, f"专户“{entry.account}”不得以个人名义开立（户名：{entry.meta['holder']}）", entry), True
        elif kind not in allowed:
            said = f"专户“{entry.account}”的户名性质“{HOLDER_NAMES[kind]}”不在允许之列（{article}）"
            yield finding(RULE, said, entry), verified
