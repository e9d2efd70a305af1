"""Rows oldest first, whichever way round the file has them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from jiezhang.domain.statement import StatementRow

Rows = tuple[StatementRow, ...]


def oldest_first(rows: Rows, opening: Decimal | None = None) -> Rows:
    """`rows` in the order they happened.

    The running balance decides: the direction in which more of its links hold. When it can't (no balances, or both
    directions hold alike, as for a lone pair of a payment and its reversal) the dates and times do. Without
    balances rows may come in any order and are sorted by time, equal times keeping the file's order.
    """
    if not any(row.balance is not None for row in rows):
        falling = len(rows) > 1 and _when(rows[0]) > _when(rows[-1])
        ordered = tuple(reversed(rows)) if falling and _is_sorted(rows[::-1]) else rows
        return tuple(sorted(ordered, key=_when))
    backward = rows[::-1]
    forward_links, backward_links = _links(rows, opening), _links(backward, opening)
    if forward_links != backward_links:
        return rows if forward_links > backward_links else backward
    return backward if rows and _when(rows[0]) > _when(rows[-1]) else rows


def _when(row: StatementRow) -> tuple[object, ...]:
    return row.date, row.time


def _is_sorted(rows: Rows) -> bool:
    return all(_when(before) <= _when(after) for before, after in pairwise(rows))


def _links(rows: Rows, opening: Decimal | None) -> int:
    """How many rows start from the balance the row before them left."""
    held, before = 0, opening
    for row in rows:
        held += before is not None and row.balance is not None and before + row.amount == row.balance
        before = row.balance
    return held
