"""The page 本月 as a value: what the template shows, built from the ledger and its reconciliation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.close.completing import waiting
from jiezhang.close.directory import KnownAccount, known_accounts
from jiezhang.close.reviewing import state_of
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED, bank_legs
from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Reconciliation, Verdict, worst
from jiezhang.domain.register import Compound, Contract
from jiezhang.street.checking import Fault

from .choices import Choice, ChoiceSet, choice_sets, resolution_sets
from .reconciliation_view import AccountReconciled, reconciled
from .waiting_view import WaitingRow, waiting_rows
from .wording import short_name

FAULTS_SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """One dedicated account's month by the book, in yuan; `came` and `went` are both positive."""

    name: str
    number: str
    fund: str
    opening: Decimal
    came: Decimal
    went: Decimal
    closing: Decimal
    waiting: int
    posted: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """Everything the page shows of one compound's month. `version` names the state of the books it was built from."""

    code: str
    name: str
    month: Month
    months: tuple[Month, ...]
    version: str
    accounts: tuple[AccountFigures, ...]
    rows: tuple[WaitingRow, ...]
    entered: int
    """How many vouchers wait for review, those without a bank row with them."""
    reviewed: int
    posted: int
    choices: tuple[ChoiceSet, ...]
    contracts: tuple[Choice, ...]
    faults: tuple[Fault, ...]
    faults_left: int
    """How many more there are than `faults` lists."""
    reconciliations: tuple[AccountReconciled, ...]
    other_months: tuple[tuple[Month, int], ...]
    """Other months with rows waiting, and how many."""
    unstated: tuple[str, ...]
    """Accounts without a statement of the month."""
    is_draft: bool
    """Whether the month's public-revenue statement would be one: rows of that fund wait, of this month or before."""

    @property
    def complete(self) -> int:
        return sum(row.is_complete for row in self.rows)

    @property
    def faults_count(self) -> int:
        return len(self.faults) + self.faults_left

    @property
    def verdict(self) -> Verdict:
        """Whether all accounts together agree with what the banks and platforms say."""
        return worst(account.verdict for account in self.reconciliations)


def build_month_view(
    *,
    compound: Compound,
    entries: Sequence[data.Directive],
    contracts: Sequence[Contract],
    faults: Sequence[Fault],
    reconciliations: Iterable[Reconciliation],
    month: Month,
    version: str,
    office: OfficeView | None = None,
) -> MonthView:
    """The view of `month`. Accounts opened later are left out. `office` has the resolutions a payment may rest on."""
    reconciliations = tuple(reconciliations)
    accounts = [account for account in known_accounts(compound.code, entries) if account.opened <= month.last_day]
    rows = [entry for entry in waiting(entries) if bank_legs(entry)]
    left = defaultdict[Month, int](int)
    for entry in rows:
        left[Month.of(entry.date)] += 1
    left.pop(month, None)
    states = Counter(
        state_of(entry) for entry in entries if isinstance(entry, data.Transaction) and month.contains(entry.date)
    )
    return MonthView(
        code=compound.code,
        name=compound.name,
        month=month,
        months=months_of(entries, month),
        version=version,
        accounts=tuple(_figures(entries, account, month) for account in accounts),
        rows=waiting_rows(entries, month),
        entered=states["entered"],
        reviewed=states["reviewed"],
        posted=states["posted"],
        choices=(*choice_sets(entries), *resolution_sets(office)),
        contracts=tuple(Choice(item.code, f"{item.code} {item.counterparty}") for item in contracts),
        faults=tuple(faults[:FAULTS_SHOWN_MAX]),
        faults_left=max(0, len(faults) - FAULTS_SHOWN_MAX),
        reconciliations=tuple(reconciled(value, short_name(value.account)) for value in reconciliations),
        other_months=tuple(sorted(left.items())),
        unstated=tuple(short_name(value.account) for value in reconciliations if not value.is_covered),
        is_draft=any(_is_public(entry) for entry in rows if entry.date <= month.last_day),
    )


def newest_month(entries: Sequence[data.Directive], start: date) -> Month:
    """The month of the last transaction, or of the books' first day."""
    return max(_months(entries), default=Month.of(start))


def months_of(entries: Sequence[data.Directive], shown: Month) -> tuple[Month, ...]:
    """The months a page offers: those with transactions, and the one it shows; newest first."""
    return tuple(sorted({*_months(entries), shown}, reverse=True))


def _months(entries: Sequence[data.Directive]) -> set[Month]:
    return {Month.of(entry.date) for entry in entries if isinstance(entry, data.Transaction)}


def _is_public(entry: data.Transaction) -> bool:
    """Whether it moves public revenue."""
    return any(":G" in posting.account for posting in entry.postings)


def _figures(entries: Sequence[data.Directive], account: KnownAccount, month: Month) -> AccountFigures:
    opening = came = went = ZERO
    count = {True: 0, False: 0}
    for entry in entries:
        if not isinstance(entry, data.Transaction) or entry.date > month.last_day:
            continue
        for posting in entry.postings:
            if posting.account != account.account or posting.units is None or posting.units.number is None:
                continue
            number = posting.units.number
            if entry.date < month.first_day or entry.meta.get("opening") is True:
                opening += number
                continue
            count[entry.flag == POSTED] += 1
            came, went = (came + number, went) if number > 0 else (came, went - number)
    fund = parse_account(account.account).fund_kind
    return AccountFigures(
        name=short_name(account.account),
        number=account.number,
        fund=FUND_NAMES[fund],
        opening=opening,
        came=came,
        went=went,
        closing=opening + came - went,
        waiting=count[False],
        posted=count[True],
    )
