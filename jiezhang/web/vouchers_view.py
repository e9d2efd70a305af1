"""The page 凭证 as a value: the month's vouchers by state, and who made, reviewed and posted each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.close.reviewing import State, kept_apart, state_of
from jiezhang.domain.approval.spending import PAYMENT_KEY, RESOLUTION_KEY
from jiezhang.domain.chain import content_digest
from jiezhang.domain.corrections import CORRECTION_KEY, KIND_KEY, KINDS
from jiezhang.domain.invoices import INVOICE_KEY, invoices_in
from jiezhang.domain.papers import ATTACHMENTS_KEY
from jiezhang.domain.people import named
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.domain.sides import Side, is_red, sides_of

from .originals import Behind, behind
from .wording import short_name


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of a voucher; one of `debit` and `credit` is `None`, the other yuan, negative on a red voucher."""

    account: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True)
class VoucherShown:
    """One voucher. `number` is empty for the opening balances, and until it is posted.

    `digest` names it: it is of all that the page shows of it, so that nobody reviews what they did not see.
    """

    digest: str
    number: str
    date: date
    counterparty: str
    narration: str
    legs: tuple[Leg, ...]
    is_red: bool
    correction: str
    """`红字注销 2026-09/记-0012`, or empty."""
    resolution: str
    payment: str
    invoices: tuple[str, ...]
    attachments: str
    behind: Behind
    cashier: str
    maker: str
    reviewer: str
    poster: str
    not_for: tuple[str, ...]
    """The ids of those who may not take the next step (the rule `duties_apart`)."""


@dataclass(frozen=True, slots=True)
class VouchersOfMonth:
    """A month's vouchers by state. `waiting`: how many rows nobody knows yet."""

    waiting: int
    entered: tuple[VoucherShown, ...]
    reviewed: tuple[VoucherShown, ...]
    posted: tuple[VoucherShown, ...]


def vouchers_of(
    entries: Iterable[data.Directive], month: Month, people: Mapping[str, Person], kept: Mapping[str, str] | None = None
) -> VouchersOfMonth:
    """The vouchers of `month`: those that wait by day and time of day, the posted ones by number. `kept` has the bank's
    files by their digest."""
    by_state: dict[State, list[data.Transaction]] = {"waiting": [], "entered": [], "reviewed": [], "posted": []}
    for entry in entries:
        if isinstance(entry, data.Transaction) and month.contains(entry.date):
            by_state[state_of(entry)].append(entry)
    for state in ("entered", "reviewed"):
        by_state[state].sort(key=lambda entry: (entry.date, str(entry.meta.get("time", ""))))
    by_state["posted"].sort(key=lambda entry: _in_order(str(entry.meta.get("voucher", ""))))
    shown = {
        state: tuple(_shown(entry, state, people, kept or {}) for entry in found) for state, found in by_state.items()
    }
    return VouchersOfMonth(len(by_state["waiting"]), shown["entered"], shown["reviewed"], shown["posted"])


def _in_order(number: str) -> tuple[int, str]:
    return len(number), number


def _shown(
    entry: data.Transaction, state: State, people: Mapping[str, Person], kept: Mapping[str, str]
) -> VoucherShown:
    def said(key: str) -> str:
        return str(entry.meta.get(key, ""))

    def person(key: str) -> str:
        return named(people, said(key)) if said(key) else ""

    kind = KINDS.get(said(KIND_KEY), "更正") if said(CORRECTION_KEY) else ""
    return VoucherShown(
        digest=content_digest(entry) if state in ("entered", "reviewed") else "",
        number=said("voucher"),
        date=entry.date,
        counterparty=entry.payee or "",
        narration=entry.narration or "",
        legs=tuple(_leg(side) for side in sides_of(entry)),
        is_red=is_red(entry),
        correction=f"{kind} {said(CORRECTION_KEY)}" if kind else "",
        resolution=said(RESOLUTION_KEY),
        payment=said(PAYMENT_KEY),
        invoices=tuple(invoices_in(said(INVOICE_KEY))),
        attachments=said(ATTACHMENTS_KEY),
        behind=behind(entry, kept),
        cashier=person("cashier"),
        maker=person("maker"),
        reviewer=person("reviewer"),
        poster=person("poster"),
        not_for=kept_apart(entry, state),
    )


def _leg(side: Side) -> Leg:
    amount = side.amount
    return Leg(short_name(side.posting.account), amount if side.is_debit else None, None if side.is_debit else amount)
