"""The page 本月 as a value: what the template shows, built from the ledger and its reconciliation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.close.completing import is_complete, waiting
from jiezhang.close.directory import KnownAccount, known_accounts
from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.booking import POSTED, bank_legs
from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Reconciliation
from jiezhang.domain.register import Compound, Contract
from jiezhang.street.checking import Fault

from .reconciliation_view import AccountReconciled, reconciled

FAULTS_SHOWN_MAX = 200
ROOT_NAMES = {"Income": "收入", "Expenses": "支出", "Assets": "资产", "Liabilities": "负债", "Equity": "净资产"}


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
class Choice:
    """An account the other leg of a row may go to, or a contract it may name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """The accounts of one fund for one direction, listed once and named by `key` in every row."""

    key: str
    groups: tuple[ChoiceGroup, ...]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A statement row not posted yet. `other` is its other leg's account, empty while nobody has said."""

    account: str
    ref: str
    date: date
    time: str
    """`HH:MM`, or empty."""
    where: str
    counterparty: str
    narration: str
    amount: Decimal
    other: str
    other_label: str
    contract: str
    proposed_by: str
    is_complete: bool
    """Whether it may be posted."""
    is_joint: bool
    """Whether it is both sides of a transfer between two funds."""
    choices: str
    """Key of the `ChoiceSet` its other leg is chosen from."""
    has_contract: bool
    """Whether it may name a contract: they earn public revenue only."""


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
    choices: tuple[ChoiceSet, ...]
    contracts: tuple[Choice, ...]
    faults: tuple[Fault, ...]
    faults_left: int
    """How many more there are than `faults` lists."""
    reconciliations: tuple[AccountReconciled, ...]
    other_months: tuple[tuple[Month, int], ...]
    """Other months with rows waiting, and how many."""
    is_draft: bool
    """Whether the month's public-revenue statement would be one: rows of that fund wait, of this month or before."""

    @property
    def complete(self) -> int:
        return sum(row.is_complete for row in self.rows)

    @property
    def posted(self) -> int:
        return sum(account.posted for account in self.accounts)

    @property
    def faults_count(self) -> int:
        return len(self.faults) + self.faults_left

    @property
    def is_reconciled(self) -> bool:
        return all(account.is_clean for account in self.reconciliations)


def build_month_view(
    *,
    compound: Compound,
    entries: Sequence[data.Directive],
    contracts: Sequence[Contract],
    faults: Sequence[Fault],
    reconciliations: Iterable[Reconciliation],
    month: Month,
    version: str,
) -> MonthView:
    """The view of `month`; waiting rows in the ledger's order."""
    accounts = known_accounts(compound.code, entries)
    rows = [entry for entry in waiting(entries) if bank_legs(entry)]
    left = defaultdict[Month, int](int)
    for entry in rows:
        left[Month.of(entry.date)] += 1
    left.pop(month, None)
    return MonthView(
        code=compound.code,
        name=compound.name,
        month=month,
        months=tuple(sorted({*_months(entries), month}, reverse=True)),
        version=version,
        accounts=tuple(_figures(entries, account, month) for account in accounts),
        rows=tuple(_row(entry) for entry in rows if month.contains(entry.date)),
        choices=_choices(entries),
        contracts=tuple(Choice(item.code, f"{item.code} {item.counterparty}") for item in contracts),
        faults=tuple(faults[:FAULTS_SHOWN_MAX]),
        faults_left=max(0, len(faults) - FAULTS_SHOWN_MAX),
        reconciliations=tuple(reconciled(value, short_name(value.account)) for value in reconciliations),
        other_months=tuple(sorted(left.items())),
        is_draft=any(_is_public(entry) for entry in rows if entry.date <= month.last_day),
    )


def newest_month(entries: Sequence[data.Directive], start: date) -> Month:
    """The month of the last transaction, or of the books' first day."""
    return max(_months(entries), default=Month.of(start))


def _months(entries: Sequence[data.Directive]) -> set[Month]:
    return {Month.of(entry.date) for entry in entries if isinstance(entry, data.Transaction)}


def short_name(account: str) -> str:
    """`Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021` as `公共收益 · 1002银行存款-工行3021`."""
    name = _parsed(account)
    return f"{name.fund[1:]} · {_subject(account)}" if name else account


def _where(account: str) -> str:
    """`公共收益 工行3021`."""
    name = _parsed(account)
    return f"{name.fund[1:]} {name.detail or name.subject.name}" if name else account


def _subject(account: str) -> str:
    return ":".join(account.split(":")[3:])


def _parsed(account: str) -> AccountName | None:
    """The account's parts, or `None`: books with a wrong name are shown too, with the fault."""
    try:
        return parse_account(account)
    except ValueError:
        return None


def _is_public(entry: data.Transaction) -> bool:
    """Whether it moves public revenue."""
    return any(":G" in posting.account for posting in entry.postings)


def _is_complete(entry: data.Transaction) -> bool:
    return all(_parsed(posting.account) for posting in entry.postings) and is_complete(entry)


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


def _row(entry: data.Transaction) -> WaitingRow:
    leg = bank_legs(entry)[0]
    assert leg.units is not None and leg.units.number is not None
    others = [posting for posting in entry.postings if posting.meta is None or "bank-ref" not in posting.meta]
    known = _is_complete(entry) and len(others) == 1
    other = others[0].account if known else ""
    contract = str((others[0].meta or {}).get("contract", "")) if others else ""
    return WaitingRow(
        account=leg.account,
        ref=str(leg.meta["bank-ref"]) if leg.meta else "",
        date=entry.date,
        time=str(entry.meta.get("time", ""))[:5],
        where=_where(leg.account),
        counterparty=entry.payee or "",
        narration=entry.narration or "",
        amount=leg.units.number,
        other=other,
        other_label=_subject(other),
        contract=contract,
        proposed_by=str(entry.meta.get("proposed-by", "")),
        is_complete=_is_complete(entry),
        is_joint=len(bank_legs(entry)) > 1,
        choices=_key(leg.account, is_receipt=leg.units.number > 0),
        has_contract=_key(leg.account, is_receipt=True).startswith("G"),
    )


def _key(account: str, *, is_receipt: bool) -> str:
    """`G公共收益-in`; a fund and a direction have one set of choices."""
    name = _parsed(account)
    return f"{name.fund}-{'in' if is_receipt else 'out'}" if name else ""


def _choices(entries: Sequence[data.Directive]) -> tuple[ChoiceSet, ...]:
    """Each fund's accounts but the ones a bank keeps and 待查款项, the likelier side first."""
    found: defaultdict[str, defaultdict[str, list[Choice]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        name = _parsed(entry.account) if isinstance(entry, data.Open) else None
        if name is not None and not name.has_statement and not name.is_suspense:
            found[name.fund][name.root].append(Choice(name.full, _subject(name.full)))
    likelier = {"in": ("Income", "Expenses"), "out": ("Expenses", "Income")}
    return tuple(
        ChoiceSet(
            f"{fund}-{direction}",
            tuple(
                ChoiceGroup(ROOT_NAMES[root], tuple(sorted(roots[root], key=lambda choice: choice.label)))
                for root in (*first, "Assets", "Liabilities", "Equity")
                if roots[root]
            ),
        )
        for fund, roots in sorted(found.items())
        for direction, first in likelier.items()
    )
