"""资金分离: each posting in one fund, each transaction zero inside each fund, funds meet only in registered transfers.

Sources: the maintenance fund is an independent accounting entity (财会〔2020〕7号 §1), kept in an account of its own
and used for nothing else (住宅专项维修资金管理办法, 165号令 2008, art. 4, 18); public revenue is listed separately
(e.g. 湖州市物业管理条例 2021 art. 44).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beancount.core import data

from ..accounts import AccountName, parse_account
from ..problem import Finding, finding

RULE = "separate_funds"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A registered kind of transfer between two funds of one compound."""

    name: str
    from_fund: str
    from_subject: str
    to_fund: str
    to_subject: str
    source: str


TRANSFERS = {
    "G-W": Transfer(
        "公共收益补充维修资金", "G", "5201", "W", "4201", "165号令 2008 art. 27(3); 物业管理条例 2018 art. 54"
    ),
}


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Transactions that touch two compounds, or do not balance inside a fund, or cross funds unregistered."""
    own = f":{options['title']}:"
    found: list[Finding] = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            wrong = _transaction(entry, own)
            if wrong:
                found.append(finding(RULE, wrong, entry))
    return found


def _transaction(entry: data.Transaction, own: str) -> str:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    names: list[AccountName] = []
    for posting in entry.postings:
        if own not in posting.account:
            return f"分录“{posting.account}”不属于本小区，一笔凭证不得涉及两个小区"
        try:
            name = parse_account(posting.account)
        except ValueError:
            continue  # account_names reports it where the account is opened
        names.append(name)
        if posting.units is not None and posting.units.number is not None:
            sums[name.fund] += posting.units.number
    for fund, total in sums.items():
        if total:
            return f"资金“{fund}”内借贷不平，差 {total}：每笔凭证须在所涉每项资金内各自平衡"
    return _crossing(entry, names) if len(sums) > 1 else ""


def _crossing(entry: data.Transaction, names: list[AccountName]) -> str:
    if entry.meta.get("opening") is True:
        return ""
    funds = "、".join(sorted({name.fund for name in names}))
    kind = TRANSFERS.get(str(entry.meta.get("transfer", "")))
    if kind is None:
        return f"一笔凭证涉及 {funds}，但没有注明已登记的划转种类（{'、'.join(TRANSFERS)}）"
    if {name.fund_kind for name in names} != {kind.from_fund, kind.to_fund}:
        return f"{funds} 之间不是“{kind.name}”允许的划转方向"
    given = _sum(entry, names, kind.from_fund, kind.from_subject)
    taken = _sum(entry, names, kind.to_fund, kind.to_subject)
    if given != -taken or given == 0:
        return f"“{kind.name}”的转出 {given} 与转入 {-taken} 应相等且不为零"
    return ""


def _sum(entry: data.Transaction, names: list[AccountName], fund: str, code: str) -> Decimal:
    return sum(
        (
            posting.units.number
            for posting, name in zip(entry.postings, names, strict=False)
            if name.fund_kind == fund and name.subject.code == code
            and posting.units is not None and posting.units.number is not None
        ),
        Decimal(0),
    )
