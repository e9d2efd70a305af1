"""Balances on both sides, once every row is accounted for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from ..money import yuan
from ..period import Month
from .differences import Kind
from .side import Side

Rests = dict[str, list[tuple[date, int]]]
"""By account: days, and what the sum of that day is off by because of a wrong amount in a file that was replaced."""


def balance_faults(
    book: Side, held: Side, month: Month, rests: Mapping[str, list[tuple[date, int]]],
    blind: Collection[str], told: Collection[str],
) -> Iterator[tuple[Kind, str, int, str]]:  # fmt: skip
    """Kind, account, amount and a sentence of every balance that the rows don't explain.

    `blind`: accounts with rows that could not be compared, whose balances prove nothing; `told`: accounts of which a
    difference is known already.
    """
    for account in sorted({*book.closings, *held.closings}):
        if account not in held.closings:
            if account not in told:
                yield "no_statement", account, 0, f"没有 {month} 的记录"
            continue
        closing, booked = held.closings[account], book.closings.get(account, 0)
        if closing is None or booked is None or account in blind:
            continue
        wrong = [(day, fen) for day, fen in rests.get(account, ()) if day <= month.last_day]
        now = sum(fen for day, fen in wrong if month.contains(day))
        before = sum(fen for day, fen in wrong if day < month.first_day)
        forged = _forged(book, held, account, month, (now, before))
        if forged:
            said = f"期初 {yuan(held.openings.get(account) or 0)} 加本月各笔应为 {yuan(closing - forged)}，"
            yield "forged_closing", account, forged, f"{said}期末写的是 {yuan(closing)}"
        beyond = closing - booked - forged
        rest = _unexplained(beyond, book, held, account, (date.min, month.last_day), (now + before,))
        if rest:
            yield "closing_differs", account, rest, f"期末 {yuan(closing)}，账上 {yuan(booked)}，逐笔解释不了"


def _forged(book: Side, held: Side, account: str, month: Month, wrong: tuple[int, ...]) -> int:
    """What the party's balances move by in the month beyond its rows, where both are known.

    Of a sample of the book's rows the rest is known from the book, and is none of the party's.
    """
    moves = []
    for side in (held, book):
        opening, closing = side.openings.get(account), side.closings.get(account)
        if opening is None or closing is None:
            return 0
        moves.append(closing - opening)
    return _unexplained(moves[0] - moves[1], book, held, account, (month.first_day, month.last_day), wrong)


def _unexplained(
    fen: int, book: Side, held: Side, account: str, days: tuple[date, date], wrong: tuple[int, ...]
) -> int:
    """What is left of `fen` after what the rows of `days` differ by.

    A file that was replaced may have wrong amounts (`wrong`) beside right balances, before or after; somebody asked
    line by line may find an amount wrong and leave the balances as they are printed. The amount is told.
    """
    rows = _sum(held, account, days) - _sum(book, account, days)
    explained = (rows, 0) if held.until is None else (*(rows - fen for fen in wrong), rows)
    left = [fen - one for one in explained]
    return 0 if 0 in left else left[-1]


def _sum(side: Side, account: str, days: tuple[date, date]) -> int:
    return sum(
        move.amount_fen for move in side.movements if move.account == account and days[0] <= move.day <= days[1]
    )
