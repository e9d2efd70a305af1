"""The rows that wait for a person, as the page 本月 lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import is_complete, plain_account
from jiezhang.domain.accounts import is_suspense, sibling
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.money import ZERO, show
from jiezhang.domain.period import Month
from jiezhang.domain.rules.separate_funds import TRANSFERS, Transfer

from .choices import choice_key
from .wording import parsed, subject_of, where_of


@dataclass(frozen=True, slots=True)
class Join:
    """The other row of a transfer between two funds: same day, same amount, the other way."""

    account: str
    ref: str
    other: str
    """The account the giving row's other leg then goes to."""
    label: str


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
    joins: tuple[Join, ...] = ()
    """Rows it may be the giving side of a registered transfer with."""
    is_fund: bool = False
    """Whether it is the maintenance fund's, and so has to say whose money it is."""
    whose: str = ""
    """The dwelling, project or bond it names."""
    deposit: str = ""
    """`first`, `top-up`, or empty."""


def waiting_rows(entries: Sequence[data.Directive], month: Month) -> tuple[WaitingRow, ...]:
    """The rows of `month` not posted, by day and time of day."""
    rows = [entry for entry in waiting(entries) if bank_legs(entry) and month.contains(entry.date)]
    rows.sort(key=lambda entry: (entry.date, str(entry.meta.get("time", ""))))
    return tuple(_row(entry, rows) for entry in rows)


def complete_keys(entries: Sequence[data.Directive], month: Month) -> frozenset[tuple[str, str]]:
    """Account and reference of every row of `month` that the page shows as complete."""
    return frozenset(
        row_key(leg)
        for entry in waiting(entries)
        if month.contains(entry.date) and _is_complete(entry)
        for leg in bank_legs(entry)
    )


def _is_complete(entry: data.Transaction) -> bool:
    return all(parsed(posting.account) for posting in entry.postings) and is_complete(entry)


def _row(entry: data.Transaction, rows: Sequence[data.Transaction]) -> WaitingRow:
    leg = bank_legs(entry)[0]
    others = [posting for posting in entry.postings if posting.meta is None or "bank-ref" not in posting.meta]
    plain = {posting.account if is_suspense(posting.account) else plain_account(posting.account) for posting in others}
    other = plain.pop() if _is_complete(entry) and len(plain) == 1 else ""
    return WaitingRow(
        account=leg.account,
        ref=row_key(leg)[1],
        date=entry.date,
        time=str(entry.meta.get("time", ""))[:5],
        where=where_of(leg.account),
        counterparty=entry.payee or "",
        narration=entry.narration or "",
        amount=_amount(leg),
        other=other,
        other_label=subject_of(other),
        contract=str((others[0].meta or {}).get("contract", "")) if others else "",
        proposed_by=str(entry.meta.get("proposed-by", "")),
        is_complete=_is_complete(entry),
        is_joint=len(bank_legs(entry)) > 1,
        choices=choice_key(leg.account, is_receipt=_amount(leg) > 0),
        has_contract=choice_key(leg.account, is_receipt=True).startswith("G"),
        joins=_joins(entry, rows),
        is_fund=choice_key(leg.account, is_receipt=True).startswith("W"),
        whose=next((str(entry.meta[key]) for key in ("household", "project", "bond") if key in entry.meta), ""),
        deposit=str(entry.meta.get("deposit", "")),
    )


def _amount(leg: data.Posting) -> Decimal:
    return leg.units.number if leg.units is not None and leg.units.number is not None else ZERO


def _joins(giving: data.Transaction, rows: Sequence[data.Transaction]) -> tuple[Join, ...]:
    leg = bank_legs(giving)[0]
    name = parsed(leg.account)
    if name is None or _amount(leg) >= 0 or len(bank_legs(giving)) > 1:
        return ()
    return tuple(
        join
        for kind in TRANSFERS.values()
        if kind.from_fund == name.fund_kind
        for taking in rows
        if taking.date == giving.date
        for join in _join(kind, leg, taking)
    )


def _join(kind: Transfer, leg: data.Posting, taking: data.Transaction) -> list[Join]:
    (other, *more) = bank_legs(taking)
    name = parsed(other.account)
    if more or name is None or name.fund_kind != kind.to_fund or _amount(other) != -_amount(leg):
        return []
    label = f"{kind.name}：{where_of(other.account)} {show(_amount(other))}"
    return [Join(*row_key(other), sibling(leg.account, kind.from_subject), label)]
