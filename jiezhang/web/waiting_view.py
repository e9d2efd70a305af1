"""The rows that wait for a person, as the page 本月 lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import plain_account
from jiezhang.close.reviewing import state_of
from jiezhang.domain.accounts import is_suspense, sibling
from jiezhang.domain.approval.spending import PAYMENT_KEY, RESOLUTION_KEY
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.invoices import INVOICE_KEY
from jiezhang.domain.money import ZERO, show
from jiezhang.domain.papers import originals_of
from jiezhang.domain.period import Month
from jiezhang.domain.rules.separate_funds import TRANSFERS, Transfer

from .choices import choice_key, resolutions_key
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
    """Whether it is a voucher by now: somebody, or a rule they let work, said what it was."""
    is_reviewed: bool
    """Whether it was reviewed; completing it again takes that back."""
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
    is_levy: bool = False
    """Whether it is a levy's, and so names a household, or the decision it is paid by."""
    whose: str = ""
    """The dwelling, project or bond it names."""
    deposit: str = ""
    """`first`, `top-up`, or empty."""
    resolutions: str = ""
    """Of a payment: key of the `ChoiceSet` its resolution is chosen from."""
    resolution: str = ""
    payment: str = ""
    invoice: str = ""
    accepted: str = ""
    originals: int = 0
    """How many documents and papers it has; the bank's row, an original too, is not among them."""


def waiting_rows(entries: Sequence[data.Directive], month: Month) -> tuple[WaitingRow, ...]:
    """The rows of `month` not posted, by day and time of day."""
    rows = [entry for entry in waiting(entries) if bank_legs(entry) and month.contains(entry.date)]
    rows.sort(key=lambda entry: (entry.date, str(entry.meta.get("time", ""))))
    return tuple(_row(entry, rows) for entry in rows)


def _row(entry: data.Transaction, rows: Sequence[data.Transaction]) -> WaitingRow:
    leg = bank_legs(entry)[0]
    others = [posting for posting in entry.postings if posting.meta is None or "bank-ref" not in posting.meta]
    plain = {posting.account if is_suspense(posting.account) else plain_account(posting.account) for posting in others}
    is_known = all(parsed(account) and not is_suspense(account) for account in plain)
    other = plain.pop() if is_known and len(plain) == 1 else ""
    state = state_of(entry)
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
        contract=_contract(entry, others),
        proposed_by=str(entry.meta.get("proposed-by", "")),
        is_complete=state in ("entered", "reviewed"),
        is_reviewed=state == "reviewed",
        is_joint=len(bank_legs(entry)) > 1,
        choices=choice_key(leg.account, is_receipt=_amount(leg) > 0),
        has_contract=choice_key(leg.account, is_receipt=True).startswith("G"),
        joins=_joins(entry, rows),
        is_fund=choice_key(leg.account, is_receipt=True).startswith("W"),
        is_levy=choice_key(leg.account, is_receipt=True).startswith("J"),
        whose=next((str(entry.meta[key]) for key in ("household", "project", "bond") if key in entry.meta), ""),
        deposit=str(entry.meta.get("deposit", "")),
        resolutions=resolutions_key(leg.account),
        resolution=str(entry.meta.get(RESOLUTION_KEY, "")),
        payment=str(entry.meta.get(PAYMENT_KEY, "")),
        invoice=str(entry.meta.get(INVOICE_KEY, "")),
        accepted=str(entry.meta.get("accepted", "")),
        originals=originals_of(entry) - len(bank_legs(entry)),
    )


def _contract(entry: data.Transaction, others: Sequence[data.Posting]) -> str:
    """What pays names it for the voucher as a whole, what earns on the leg that earns."""
    own = (others[0].meta or {}).get("contract", "") if others else ""
    return str(entry.meta.get("contract", own))


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
