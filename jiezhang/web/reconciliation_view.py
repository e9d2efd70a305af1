"""One account's reconciliation as the page 本月 shows it: counts, rows that differ, the 余额调节表."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiezhang.domain.money import ZERO
from jiezhang.domain.reconciliation import STATUS_NAMES, Entry, Pair, Reconciliation, Verdict


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a movement: the bank's row or the book's entry, and where it stands."""

    date: date
    amount: Decimal
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Different:
    """A movement that does not match. `correction` (yuan) is what it adds to the side that lacks it."""

    status: str
    bank: Side | None
    book: Side | None
    correction: Decimal


@dataclass(frozen=True, slots=True)
class AccountReconciled:
    """Balances in yuan, `None` when the bank states none for the month. `difference` is bank less book."""

    name: str
    bank: Decimal | None
    book: Decimal
    adjusted_bank: Decimal | None
    adjusted_book: Decimal
    difference: Decimal | None
    counts: tuple[tuple[str, int], ...]
    different: tuple[Different, ...]
    not_at_bank: Decimal
    """Booked, not yet at the bank."""
    not_in_book: Decimal
    """At the bank, not yet booked, and wrong amounts put right."""
    warnings: tuple[str, ...]
    verdict: Verdict


def reconciled(value: Reconciliation, name: str) -> AccountReconciled:
    """`value` for the page, under the short `name` of its account."""
    pairs = [pair for pair in value.pairs if pair.status != "matched"]
    bank = value.bank_balance if value.is_covered else None  # one carried over from an earlier statement says nothing
    return AccountReconciled(
        name=name,
        bank=bank,
        book=value.book_balance,
        adjusted_bank=None if bank is None else value.adjusted_bank,
        adjusted_book=value.adjusted_book,
        difference=None if bank is None else bank - value.book_balance,
        counts=tuple((said, len(value.of(status))) for status, said in STATUS_NAMES.items()),
        different=tuple(_different(pair) for pair in pairs),
        not_at_bank=sum((pair.book.amount for pair in pairs if pair.book and not pair.bank), ZERO),
        not_in_book=value.adjusted_book - value.book_balance,
        warnings=value.warnings,
        verdict=value.verdict,
    )


def _different(pair: Pair) -> Different:
    bank = pair.bank.amount if pair.bank else ZERO
    book = pair.book.amount if pair.book else ZERO
    return Different(STATUS_NAMES[pair.status], _side(pair.bank), _side(pair.book), abs(bank - book))


def _side(entry: Entry | None) -> Side | None:
    if entry is None:
        return None
    return Side(entry.date, entry.amount, entry.text, f"{entry.file} 第 {entry.line} 行")
