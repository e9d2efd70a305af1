"""The month's posted vouchers as the page 本月 lists them: owners ask for one by its number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.booking import POSTED
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month

from .wording import short_name


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of a voucher; one of `debit` and `credit` is `None`, the other yuan."""

    account: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True)
class PostedVoucher:
    """One posted voucher; `number` is empty for the opening balances."""

    number: str
    date: date
    counterparty: str
    narration: str
    legs: tuple[Leg, ...]


def posted_vouchers(entries: Iterable[data.Directive], month: Month) -> tuple[PostedVoucher, ...]:
    """The posted vouchers of `month`, by number."""
    found = [
        PostedVoucher(
            str(entry.meta.get("voucher", "")),
            entry.date,
            entry.payee or "",
            entry.narration or "",
            tuple(_leg(posting) for posting in entry.postings),
        )
        for entry in entries
        if isinstance(entry, data.Transaction) and entry.flag == POSTED and month.contains(entry.date)
    ]
    return tuple(sorted(found, key=lambda voucher: (len(voucher.number), voucher.number)))


def _leg(posting: data.Posting) -> Leg:
    units = posting.units
    number = units.number if units is not None and isinstance(units.number, Decimal) else ZERO
    return Leg(short_name(posting.account), number if number >= 0 else None, -number if number < 0 else None)
