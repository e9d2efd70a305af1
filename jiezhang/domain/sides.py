"""Debit and credit of a voucher's legs; a red voucher keeps the sides of what it cancels, with amounts in red."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from beancount.core import data

from .corrections import KIND_KEY, RED


@dataclass(frozen=True, slots=True)
class Side:
    """One leg: a debit (借) or a credit (贷) of `amount` yuan, negative on a red voucher."""

    posting: data.Posting
    is_debit: bool
    amount: Decimal


def is_red(entry: data.Transaction) -> bool:
    """Whether `entry` is a red voucher (红字)."""
    return entry.meta.get(KIND_KEY) == RED


def sides_of(entry: data.Transaction) -> list[Side]:
    """The legs of `entry` in their order; legs of nothing are left out."""
    sign = -1 if is_red(entry) else 1
    found = []
    for posting in entry.postings:
        number = posting.units.number if posting.units is not None else None
        if number:
            found.append(Side(posting, is_debit=number * sign > 0, amount=sign * abs(number)))
    return found
