"""What is published of the maintenance fund (维修资金公示表): 165号令 2008 art. 30, 民法典 2021 art. 281.

① totals of deposits, use, yield and balance; ② projects, their cost and who bore it; ③ each account's deposits, yield,
use and balance, by code and without names; ④ where the money lies. All from one replay of the books. Amounts in fen,
areas in 0.01 m². Equalities that always hold:

    opening + Σ flows = closing, for what households own and the undistributed yield together
    Σ `accounts` in every column = the flows of that kind
    bank + bonds = households + undistributed yield + owed for lost houses + not explained yet  (`identity`)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core.data import Directive, Transaction

from jiezhang.domain.booking import WAITING
from jiezhang.domain.household_events import Unexplained
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Verdict, worst
from jiezhang.domain.register import Compound, Street
from jiezhang.households.fund import FundFiles, FundReplay, replay_fund
from jiezhang.households.identity import Identity, identity

from .fund_flows import Flows, flows_of
from .fund_moves import fund_account
from .fund_paper import FundAccount, fund_accounts
from .fund_projects import ProjectLine, projects_of
from .issuer import Issuer, issuer_of

CASH = "备用金"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One place of the fund's money. `book_fen` is the ledger's own balance, `stated_fen` the bank's figure."""

    account: FundAccount
    book_fen: int
    stated_fen: int | None

    @property
    def check(self) -> Verdict | None:
        """`None` for petty cash, which nobody states."""
        if self.account.name == CASH:
            return None
        if self.stated_fen is None:
            return "unchecked"
        return "agreed" if self.stated_fen == self.book_fen else "different"


@dataclass(frozen=True, slots=True)
class FundPublication:
    """Everything the sheet on the board says; see the module's docstring for the equalities."""

    issuer: Issuer
    first: date
    last: date
    books_from: date
    flows: Flows
    identity: Identity
    """At the end of `last`."""
    banks: tuple[BankLine, ...]
    projects: tuple[ProjectLine, ...]
    waiting: int
    """Rows of the bank up to `last` that nobody has posted yet."""
    faults: int
    """Vouchers that could not be put to any account. With these or `waiting` the sheet is a draft."""

    @property
    def is_draft(self) -> bool:
        return bool(self.waiting or self.faults)

    @property
    def holds(self) -> bool:
        """Whether the identity holds, and the ledger's bank accounts are what the replay says."""
        return self.identity.holds and sum(bank.book_fen for bank in self.banks) == self.identity.bank_fen

    @property
    def bank_check(self) -> Verdict:
        """Account by account: differences that cancel out are still differences."""
        checks = [bank.check for bank in self.banks if bank.check]
        return worst(checks) if checks else "unchecked"


def fund_publication(
    files: FundFiles,
    entries: Sequence[Directive],
    *,
    street: Street,
    compound: Compound,
    first: date,
    last: date,
    bank_balances: Mapping[str, Decimal] | None = None,
    replay: FundReplay | None = None,
) -> FundPublication:
    """The sheet of the period from `first` to `last`, both included.

    `bank_balances` maps full account names to what the bank's own file says at the end of `last`, in yuan; accounts of
    other funds are passed over. `replay` is that of `files` and `entries` to the end of `last`, where it is at hand
    already. `Refused`: a period that ends before it begins or before the books do, and a register
    that contradicts itself.
    """
    if first > last:
        raise Refused(f"公示期间的起日 {first} 晚于止日 {last}")
    if last < compound.start:
        raise Refused(f"{compound.name}自 {compound.start} 起建账，没有到 {last} 为止的公示表")
    replay = replay or replay_fund(files, entries, last)
    flows = flows_of(replay.journal, replay.state, first)
    found = identity(replay.state)
    assert flows.closing_fen == found.households_fen + found.undistributed_fen, "the flows explain the balance"
    return FundPublication(
        issuer=issuer_of(street, compound),
        first=first,
        last=last,
        books_from=compound.start,
        flows=flows,
        identity=found,
        banks=_banks(entries, compound.code, last, bank_balances or {}),
        projects=projects_of(replay.journal, replay.state, files.register, first),
        waiting=_waiting(replay),
        faults=len([fault for fault in replay.faults if fault.entry is None or fault.entry.date <= last]),
    )


def _waiting(replay: FundReplay) -> int:
    unexplained = [booked.entry for booked in replay.journal if isinstance(booked.event, Unexplained)]
    return sum(entry is not None and entry.flag == WAITING for entry in unexplained)


def _banks(
    entries: Sequence[Directive], compound: str, last: date, stated: Mapping[str, Decimal]
) -> tuple[BankLine, ...]:
    """The open bank accounts, others that still hold money, and petty cash, straight from the ledger's postings."""
    book: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        if isinstance(entry, Transaction) and entry.date <= last:
            for posting in entry.postings:
                account = fund_account(posting.account, compound)
                if account and account.subject.code in ("1001", "1201") and posting.units and posting.units.number:
                    book[account.full] += to_fen(posting.units.number)
    opened = {account.full: account for account in fund_accounts(entries, compound, last)}
    lines = []
    for full in sorted({*opened, *(name for name, fen in book.items() if fen)}):
        says = stated.get(full)
        lines.append(BankLine(
            opened.get(full) or _unregistered(full, compound), book[full], None if says is None else to_fen(says)
        ))  # fmt: skip
    return tuple(lines)


def _unregistered(full: str, compound: str) -> FundAccount:
    account = fund_account(full, compound)
    assert account is not None
    is_cash = account.subject.code == "1201"
    return FundAccount(full, CASH if is_cash else account.detail or account.subject.name, "", "")
