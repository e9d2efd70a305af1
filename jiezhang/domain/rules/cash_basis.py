"""收付实现制: money is booked when it moves, so each voucher has its statement row, and no asset is below zero.

Source: 财会〔2020〕7号 (the maintenance fund is kept on the cash basis). For public revenue the rule is ours: income
that no bank has seen is how invented income looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from beancount.core import data

from ..accounts import AccountName
from ..booking import POSTED, is_opening, named_legs
from ..corrections import correction_faults, is_correction
from ..problem import Finding, finding

RULE = "cash_basis"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of voucher that moves no money: in one fund, every debit and every credit on one of these subjects."""

    fund: str
    debits: frozenset[str]
    credits: frozenset[str]
    source: str


_OWNERS = frozenset({"3001", "3002"})

KINDS = {
    "收益分配": Kind("W", frozenset({"3101"}), frozenset({"3001", "3002"}), "165号令 2008 art. 27"),
    "房屋灭失": Kind("W", frozenset({"5101"}), frozenset({"2001"}), "165号令 2008 art. 29; 财会〔2020〕7号"),
    "户间更正": Kind("W", _OWNERS, _OWNERS, "财会〔2024〕12号 art. 21(3): a mistake is put right by a further voucher"),
}
"""The only vouchers without a statement row. Whoever adds a kind adds where it is prescribed.

Income and expense are not closed by a voucher: the fund's statements carry them over (`reports.fund_statements`).
"""


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Transactions without a statement row; assets that no bank vouches for, below zero at a day's end."""
    del options
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    found = [
        finding(RULE, "没有银行流水的凭证不得入账：收支以银行、支付平台的对账单为准", entry)
        for entry in transactions
        if not is_opening(entry) and not _is_vouched_for(entry)
    ]
    found += [
        finding(RULE, wrong, entry)
        for entry, wrong in correction_faults(transactions)
        if not any(account.has_statement for account, _ in named_legs(entry))
    ]
    return found + _below_zero(transactions)


def _is_vouched_for(entry: data.Transaction) -> bool:
    """Whether a leg is on a statement's account (`bank_provenance` asks for its row), or the voucher is of a kind.

    A correction is looked at as a whole, with the voucher it corrects.
    """
    legs = named_legs(entry)
    if is_correction(entry) or any(account.has_statement for account, _ in legs):
        return True
    return bool(legs) and any(_is_of(kind, legs) for kind in KINDS.values())


def _is_of(kind: Kind, legs: Sequence[tuple[AccountName, Decimal]]) -> bool:
    return all(
        account.fund_kind == kind.fund and account.subject.code in (kind.debits if number > 0 else kind.credits)
        for account, number in legs
    )


def _below_zero(transactions: Sequence[data.Transaction]) -> list[Finding]:
    """One finding for each account, at the last posted voucher of the first day that ends below zero.

    Rows still waiting do not count: a bank's file may come days before the platform's. Within a day the order of two
    statements is not known, so only its end counts.
    """
    balances: defaultdict[str, Decimal] = defaultdict(Decimal)
    found: dict[str, Finding] = {}
    posted = (entry for entry in transactions if entry.flag == POSTED)
    for day, entries in groupby(posted, key=lambda entry: entry.date):
        last: dict[str, data.Transaction] = {}
        for entry in entries:
            for account, number in named_legs(entry):
                if account.root == "Assets" and not account.has_statement:
                    balances[account.full] += number
                    last[account.full] = entry
        for full, entry in last.items():
            if balances[full] < 0 and full not in found:
                said = f"“{full}”在 {day} 日终余额为负（{balances[full]}）：付出的不能多于已有的"
                found[full] = finding(RULE, said, entry)
    return list(found.values())
