"""The postings of one compound's maintenance fund (W), each with what it does to the net assets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from beancount.core.data import Posting, Transaction

from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.booking import POSTED, is_opening
from jiezhang.domain.chart import FUND_NAMES, SUSPENSE
from jiezhang.domain.money import CURRENCY, ZERO, exact, is_exact
from jiezhang.domain.problem import Refused

from .fund_forms import CLOSES_TO, OWNERS, UNSPLIT
from .fund_value import Nature, Source

Kind = Literal["opening", "flow", "closing", "distribution", "other", "money"]
"""What a posting is to the statement of net assets:

opening       of the opening voucher, whatever its day: it says what there was when the books began
flow          income or expense
closing       of a voucher that only moves income or expense to net assets; on the cash basis nothing else looks so
distribution  of a voucher inside net assets that moves 3101 to 3001 or 3002
other         straight to net assets
money         assets, liabilities, and everything that waits to be posted
"""

_FUND = "W" + FUND_NAMES["W"]
_FUND_OF: dict[Nature, str] = {"commercial": "3001", "public": "3002", "common": UNSPLIT, "unsplit": UNSPLIT}


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting of fund W as the ledger has it; `amount` in yuan, debit positive."""

    entry: Transaction
    posting: Posting
    account: AccountName
    amount: Decimal
    kind: Kind

    @property
    def posted(self) -> bool:
        return self.entry.flag == POSTED

    @property
    def code(self) -> str:
        """The subject; what a waiting row stands for is not known before it is posted (待查款项)."""
        return self.account.subject.code if self.posted or self.account.root == "Assets" else SUSPENSE

    @property
    def source(self) -> Source:
        at = self.posting.meta if self.posting.meta and "lineno" in self.posting.meta else self.entry.meta
        voucher = str(self.entry.meta.get("voucher", ""))
        return Source(str(at.get("filename", "")), int(at.get("lineno", 0)), voucher, self.account.full, self.amount)


@dataclass(frozen=True, slots=True)
class Move:
    """A leg, or the part of a leg that is of one nature, ready to be put into rows. `project` is the voucher's."""

    day: date
    code: str
    nature: Nature
    kind: Kind
    account: AccountName
    source: Source
    project: str

    @property
    def bucket(self) -> str:
        """The row of the balance sheet it belongs to."""
        goes_to = CLOSES_TO.get(self.code, self.code)
        return _FUND_OF[self.nature] if goes_to == OWNERS else goes_to

    @classmethod
    def of(cls, leg: Leg, nature: Nature, amount: Decimal) -> Move:
        """The part `amount` (yuan, debit positive) of `leg`."""
        source, project = leg.source._replace(amount=amount), str(leg.entry.meta.get("project", ""))
        return cls(leg.entry.date, leg.code, nature, leg.kind, leg.account, source, project)

    def before(self, first_day: date) -> bool:
        """Whether it belongs to the balance at the start of `first_day`."""
        return self.kind == "opening" or self.day < first_day


def legs_of(entry: Transaction, compound: str) -> list[Leg]:
    """The fund's postings of one transaction; `Refused` when they do not sum to zero or are not in yuan and fen."""
    named = [(posting, account) for posting in entry.postings if (account := fund_account(posting.account, compound))]
    amounts = [_yuan(entry, posting) for posting, _ in named]
    left = sum(amounts, ZERO)
    if left:
        file, line = _at(entry)
        raise Refused(f"{_called(entry)}在维修资金内借贷不平，相差 {left} 元", file, line)
    kinds = _kinds(entry, [account for _, account in named])
    return [
        Leg(entry, posting, account, amount, kind)
        for (posting, account), amount, kind in zip(named, amounts, kinds, strict=True)
    ]


def fund_account(name: str, compound: str) -> AccountName | None:
    """The parsed account when it belongs to fund W of `compound` (`C0007`), else `None`."""
    if f":{_FUND}:" not in name:
        return None
    account = parse_account(name)
    return account if account.compound == compound else None


def _kinds(entry: Transaction, accounts: Sequence[AccountName]) -> list[Kind]:
    if is_opening(entry):
        return ["opening"] * len(accounts)
    if entry.flag != POSTED:
        return ["money"] * len(accounts)
    roots = {account.root for account in accounts}
    codes = {account.subject.code for account in accounts}
    if "Equity" in roots and roots & {"Income", "Expenses"} and not roots & {"Assets", "Liabilities"}:
        return ["closing"] * len(accounts)
    if roots == {"Equity"} and "3101" in codes and codes & {"3001", "3002"}:
        return ["distribution"] * len(accounts)
    return [_kind(account.root) for account in accounts]


def _kind(root: str) -> Kind:
    if root in ("Income", "Expenses"):
        return "flow"
    return "other" if root == "Equity" else "money"


def _yuan(entry: Transaction, posting: Posting) -> Decimal:
    units = posting.units
    file, line = _at(entry)
    if units is None or not isinstance(units.number, Decimal) or units.currency != CURRENCY:
        raise Refused(f"{_called(entry)}有一行不是人民币金额", file, line)
    if not is_exact(units.number):
        raise Refused(f"{_called(entry)}有一行金额不止两位小数", file, line)
    return exact(units.number)


def _called(entry: Transaction) -> str:
    number = entry.meta.get("voucher")
    return f"凭证 {number} " if number else f"{entry.date} 的流水“{entry.narration or ''}”"


def _at(entry: Transaction) -> tuple[str, int]:
    return str(entry.meta.get("filename", "")), int(entry.meta.get("lineno", 0))


def waiting_entries(legs: Iterable[Leg]) -> int:
    """How many of the vouchers wait to be posted."""
    return len({id(leg.entry) for leg in legs if not leg.posted})
