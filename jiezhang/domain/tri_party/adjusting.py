"""余额调节表 of a leg: from what was compared, each account's balances and every row that stands between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..money import from_fen
from ..period import Month
from ..reconciliation import Entry, Pair, Reconciliation
from .comparing import Compared
from .side import Movement, Side


def adjusted(book: Side, held: Side, compared: Compared, month: Month) -> tuple[Reconciliation, ...]:
    """One for each account of the book, at the end of `month`: rows of earlier months that are still open are in it,
    those on their way then that have arrived are not. What is wrong beside rows is among the warnings."""
    return tuple(_of_account(account, book, held, compared, month) for account in book.closings)


def _of_account(account: str, book: Side, held: Side, compared: Compared, month: Month) -> Reconciliation:
    closing = held.closings.get(account)
    pairs = sorted(_pairs(account, compared, month), key=_when)
    return Reconciliation(
        account=account,
        month=month,
        bank_balance=None if closing is None else from_fen(closing),
        book_balance=from_fen(book.closings[account] or 0),
        pairs=tuple(pairs),
        warnings=tuple(one.text for one in compared.differences if one.account == account and one.day is None),
        is_covered=account in held.closings,
    )


def _pairs(account: str, compared: Compared, month: Month) -> Iterator[Pair]:
    end, paired = month.last_day, compared.paired
    for row, entry in paired.pairs:
        bank = row if row.account == account and row.day <= end else None
        booked = entry if entry.account == account and entry.day <= end else None
        if bank is None or booked is None:
            yield from _alone(bank, booked)
        elif bank.amount_fen != booked.amount_fen:
            yield Pair("amount_differs", _entry(bank), _entry(booked))
        elif month.contains(bank.day) or month.contains(booked.day):
            same = bank.day == booked.day or not month.contains(bank.day) or not month.contains(booked.day)
            yield Pair("matched" if same else "date_differs", _entry(bank), _entry(booked))
    for move in (*paired.held_twice, *paired.held):
        if move.account == account and move.day <= end:
            yield from _alone(move, None)
    for move in (*paired.book_twice, *paired.book):
        if move.account == account and move.day <= end:
            yield from _alone(None, move)


def _alone(bank: Movement | None, booked: Movement | None) -> Iterator[Pair]:
    """A row that only one side has; none where neither has it on this account by the month's end."""
    if bank is not None:
        yield Pair("bank_only", _entry(bank), None)
    elif booked is not None:
        yield Pair("book_only", None, _entry(booked))


def _entry(move: Movement) -> Entry:
    return Entry(move.ref, move.day, from_fen(move.amount_fen), move.text, move.file, move.line)


def _when(pair: Pair) -> tuple[date, int]:
    entry = pair.bank or pair.book
    assert entry is not None
    return entry.date, entry.line
