"""资金分离: each posting in one fund, each transaction zero inside each fund, funds meet only in registered transfers.

Sources: the maintenance fund is an independent accounting entity (财会〔2020〕7号 §1), kept in an account of its own
and used for nothing else (住宅专项维修资金管理办法, 165号令 2008, art. 4, 18); public revenue is listed separately
(e.g. 湖州市物业管理条例 2021 art. 44).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beancount.core import data

from ..accounts import AccountName
from ..booking import POSTED, is_opening, named_legs
from ..chart import BANK_SUBJECTS, FUND_NAMES
from ..problem import Finding, finding
from .dedicated_accounts import bare_number, statement_accounts

RULE = "separate_funds"

Legs = Sequence[tuple[AccountName, Decimal]]
"""What `named_legs` gives of a transaction."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A registered kind of transfer between two funds of one compound."""

    name: str
    from_fund: str
    from_subject: str
    to_fund: str
    to_subject: str
    source: str

    @property
    def funds(self) -> tuple[str, str]:
        return self.from_fund, self.to_fund

    @property
    def subjects(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Fund and code of both its subjects, which nothing else may use."""
        return (self.from_fund, self.from_subject), (self.to_fund, self.to_subject)


TRANSFERS = {
    "G-W": Transfer(
        "公共收益补充维修资金", "G", "5201", "W", "4201", "165号令 2008 art. 27(3); 物业管理条例 2018 art. 54"
    ),
}


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Transactions that touch two compounds, do not balance inside a fund, or cross funds unregistered or by halves."""
    own = f":{options['title']}:"
    owners = {bare_number(opened.meta.get("bank-account", "")): name for opened, name in statement_accounts(entries)}
    found: list[Finding] = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            wrong = _transaction(entry, own, owners)
            if wrong:
                found.append(finding(RULE, wrong, entry))
    return found


def transfer_fault(entry: data.Transaction) -> str:
    """Why `entry`, which touches more than one fund, is no registered transfer; empty when it is one."""
    return _crossing(entry, named_legs(entry))


def _transaction(entry: data.Transaction, own: str, owners: Mapping[str, AccountName]) -> str:
    for posting in entry.postings:
        if own not in posting.account:
            return f"分录“{posting.account}”不属于本小区，一笔凭证不得涉及两个小区"
    legs = named_legs(entry)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, number in legs:
        sums[name.fund] += number
    for fund, total in sums.items():
        if total:
            return f"资金“{fund}”内借贷不平，差 {total}：每笔凭证须在所涉每项资金内各自平衡"
    if is_opening(entry) or not legs:
        return ""
    if len(sums) > 1:
        return _crossing(entry, legs)
    return _half(entry, legs, owners) if entry.flag == POSTED else ""


def _half(entry: data.Transaction, legs: Legs, owners: Mapping[str, AccountName]) -> str:
    """Why a voucher inside one fund is half of a transfer: by its subject, or by whose account the money went to.

    Without a bank's leg no money moved: a closing may clear such a subject (`cash_basis` says what else may be).
    """
    if not any(name.has_statement for name, _ in legs):
        return ""
    halves = {half: kind for kind in TRANSFERS.values() for half in kind.subjects}
    for name, _ in legs:
        kind = halves.get((name.fund_kind, name.subject.code))
        if kind is not None:
            return f"科目“{name.subject.component}”只用于“{kind.name}”：划转两笔须同日登记在一张凭证"
    number = bare_number(entry.meta.get("counterparty-account", ""))
    other = owners.get(number) if number else None
    if other is not None and other.fund != legs[0][0].fund:
        return f"对方账号 {number} 是本小区“{other.fund}”的专户：划转两笔须同日登记在一张凭证"
    return ""


def _crossing(entry: data.Transaction, legs: Legs) -> str:
    funds = "、".join(sorted({name.fund for name, _ in legs}))
    kind = TRANSFERS.get(str(entry.meta.get("transfer", "")))
    if kind is None:
        return f"一笔凭证涉及 {funds}，但没有注明已登记的划转种类（{'、'.join(TRANSFERS)}）"
    if {name.fund_kind for name, _ in legs} != {kind.from_fund, kind.to_fund}:
        return f"{funds} 之间不是“{kind.name}”允许的划转方向"
    given = _sum(legs, [(kind.from_fund, kind.from_subject)])
    taken = _sum(legs, [(kind.to_fund, kind.to_subject)])
    if given != -taken or given == 0:
        return f"“{kind.name}”的转出 {given} 与转入 {-taken} 应相等且不为零"
    paid, got = (_sum(legs, [half for half in BANK_SUBJECTS if half[0] == fund]) for fund in kind.funds)
    if given < 0 or not paid < 0 < got:
        gave, took = (FUND_NAMES[fund] for fund in kind.funds)
        return f"“{kind.name}”的方向不对：须由{gave}专户付出、{took}专户收入"
    if (paid, got) != (-given, given):
        return f"“{kind.name}”须全数到账：付出 {-paid}，收入 {got}，转出 {given}"
    return ""


def _sum(legs: Legs, subjects: Collection[tuple[str, str]]) -> Decimal:
    """The sum of the legs on `subjects` (fund letter and code)."""
    return sum((number for name, number in legs if (name.fund_kind, name.subject.code) in subjects), Decimal(0))
