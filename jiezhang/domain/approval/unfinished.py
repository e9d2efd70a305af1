"""A posting that a power failure cut short: its links are in the chain, its vouchers not yet in the ledger.

The chain is written first. Posting again finishes exactly what the chain says, and nothing else: a voucher that was
taken out of the ledger finds no reviewed row that gives its digest again.
"""

from __future__ import annotations

from collections.abc import Sequence

from beancount.core import data

from ..booking import POSTED, WAITING, is_opening
from ..chain import OPENING, Link, posted_digest

Finished = list[tuple[data.Transaction, data.Transaction]]
"""Waiting entries, and the vouchers that they become."""


def unfinished(transactions: Sequence[data.Transaction], chain: Sequence[Link]) -> Finished | None:
    """What is left to write, or `None` when the vouchers that are missing can't be had from what waits.

    An empty list: every link has its voucher.
    """
    there = {
        (entry.date.isoformat()[:7], OPENING if is_opening(entry) else str(entry.meta.get("voucher", "")))
        for entry in transactions
        if entry.flag == POSTED
    }
    lost = [link for link in chain if (link.month, link.voucher) not in there]
    if not lost:
        return []
    if lost != list(chain[-len(lost) :]):
        return None
    waiting = [entry for entry in transactions if entry.flag == WAITING and "reviewer" in entry.meta]
    found: Finished = []
    for link in lost:
        made = _match(link, waiting)
        if made is None:
            return None
        waiting.remove(made[0])
        found.append(made)
    return found


def _match(link: Link, waiting: Sequence[data.Transaction]) -> tuple[data.Transaction, data.Transaction] | None:
    for entry in waiting:
        if entry.date.isoformat()[:7] == link.month:
            made = posted(entry, link.voucher, link.poster)
            if posted_digest(made) == link.digest:
                return entry, made
    return None


def posted(entry: data.Transaction, number: str, poster: str) -> data.Transaction:
    """A reviewed entry as the voucher `number`, posted by `poster`."""
    return entry._replace(flag=POSTED, meta={"voucher": number, **entry.meta, "poster": poster})
