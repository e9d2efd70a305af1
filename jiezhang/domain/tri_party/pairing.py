"""Which movement of a party is which of the book, across accounts, months and files that were replaced.

Within an account the reconciliation's own `match` decides; what it leaves alone on both sides is tried again here, from
the surest sign to the weakest. What still stands alone is one-sided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..money import from_fen
from ..reconciliation import DATE_DISTANCE_DAYS_MAX, Entry, match
from .side import Movement

Fits = Callable[[Movement, Movement], bool]
"""Whether a movement of the party and one of the book are the same."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Pairs of the party's and the book's movement; and what one side has alone, `twice` of it what it has already
    in a pair."""

    pairs: tuple[tuple[Movement, Movement], ...]
    held: tuple[Movement, ...]
    book: tuple[Movement, ...]
    held_twice: tuple[Movement, ...]
    book_twice: tuple[Movement, ...]


def pair(held: Sequence[Movement], book: Sequence[Movement], replaced: Mapping[str, str]) -> Paired:
    """Pair both sides' movements. `replaced`: digests the book cites → what lies in that file's place."""
    pairs: list[tuple[Movement, Movement]] = []
    left_held: list[Movement] = []
    left_book: list[Movement] = []
    for account in sorted({move.account for move in (*held, *book)}):
        of_held = [move for move in held if move.account == account]
        of_book = [move for move in book if move.account == account]
        for row, entry in _matched(of_held, of_book):
            if row is not None and entry is not None:
                pairs.append((row, entry))
            elif row is not None:
                left_held.append(row)
            elif entry is not None:
                left_book.append(entry)

    def from_replaced(row: Movement, entry: Movement) -> bool:
        return bool(row.source) and replaced.get(entry.source) == row.source

    def equal(row: Movement, entry: Movement) -> bool:
        return _equal(row, entry) and (
            row.ref == entry.ref or not (row.ref and entry.ref) or from_replaced(row, entry)
        )

    def same_row(row: Movement, entry: Movement) -> bool:
        return from_replaced(row, entry) and row.row == entry.row

    _take(left_held, left_book, equal, pairs)
    _take(left_held, left_book, same_row, pairs)
    held_twice = _twice(left_held, [row for row, _ in pairs])
    book_twice = _twice(left_book, [entry for _, entry in pairs])
    for fits in (_same_ref_elsewhere, _same_amount_elsewhere, _same_words):
        _take(left_held, left_book, fits, pairs)
    return Paired(tuple(pairs), tuple(left_held), tuple(left_book), tuple(held_twice), tuple(book_twice))


def _matched(
    held: Sequence[Movement], book: Sequence[Movement]
) -> Iterable[tuple[Movement | None, Movement | None]]:
    """What `match` says of one account's movements; each entry's line is its place in the list."""
    pairs = match(
        [_entry(move, number, "h") for number, move in enumerate(held)],
        [_entry(move, number, "b") for number, move in enumerate(book)],
    )
    for found in pairs:
        yield (held[found.bank.line] if found.bank else None), (book[found.book.line] if found.book else None)


def _entry(move: Movement, number: int, side: str) -> Entry:
    """A movement as the reconciliation knows it.

    A bank's reference ends in its amount, and what stands before is its serial; no other reference is taken apart.
    """
    ref = move.ref or f"{side}{number}"
    return Entry(ref if move.source else f"{ref}/", move.day, from_fen(move.amount_fen), move.text, move.file, number)


def _take(
    held: list[Movement], book: list[Movement], fits: Fits, pairs: list[tuple[Movement, Movement]]
) -> None:
    """Move every pair that `fits` out of both lists."""
    for row in tuple(held):
        entry = next((entry for entry in book if fits(row, entry)), None)
        if entry is not None:
            pairs.append((row, entry))
            _drop(held, row)
            _drop(book, entry)


def _drop(moves: list[Movement], gone: Movement) -> None:
    """Take out this one, not an equal one before it."""
    del moves[next(place for place, move in enumerate(moves) if move is gone)]


def _twice(left: list[Movement], paired: Sequence[Movement]) -> list[Movement]:
    """Take out of `left` what is there a second time: by its reference, or without one by all that it says."""
    refs = {(move.ref, move.amount_fen) for move in paired if move.ref}
    looks = {_looks(move) for move in paired}
    found = []
    for move in tuple(left):
        if (move.ref, move.amount_fen) in refs or (_looks(move) in looks and not (move.ref and move.source)):
            found.append(move)
            _drop(left, move)
    return found


def _looks(move: Movement) -> tuple[object, ...]:
    return move.account, move.day, move.amount_fen, move.text


def _equal(row: Movement, entry: Movement) -> bool:
    return (row.account, row.day, row.amount_fen) == (entry.account, entry.day, entry.amount_fen)


def _same_ref_elsewhere(row: Movement, entry: Movement) -> bool:
    return row.account != entry.account and bool(row.ref) and row.ref == entry.ref


def _same_amount_elsewhere(row: Movement, entry: Movement) -> bool:
    near = abs((row.day - entry.day).days) <= DATE_DISTANCE_DAYS_MAX
    return row.account != entry.account and row.amount_fen == entry.amount_fen != 0 and near


def _same_words(row: Movement, entry: Movement) -> bool:
    """Of one account and day, and with the same words: the amount is wrong."""
    same = (row.account, row.day, row.text) == (entry.account, entry.day, entry.text)
    return same and bool(row.text) and row.amount_fen != entry.amount_fen and row.amount_fen * entry.amount_fen > 0
