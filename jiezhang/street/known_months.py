"""Which months something can be published about."""

from __future__ import annotations

from beancount.core import data

from jiezhang.book.load import Ledger
from jiezhang.close.bank_side import covers
from jiezhang.close.directory import known_accounts
from jiezhang.close.reconciling import read_stored
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused


def refuse_month(ledger: Ledger, month: Month) -> None:
    """`Refused` for a month before the books or after the last thing that is known: zeros would lie."""
    start, folder = ledger.compound.start, ledger.folder
    if month < Month.of(start):
        raise Refused(f"{month} 在建账（{start}）之前，不能公示", folder.path.name)
    booked = [Month.of(entry.date) for entry in ledger.entries if isinstance(entry, data.Transaction)]
    if month > max(booked, default=Month.of(start)) and not _is_stated(ledger, month):
        raise Refused(f"{month} 还没有账，不能公示", folder.path.name)


def _is_stated(ledger: Ledger, month: Month) -> bool:
    """Whether some bank's statement speaks of `month`, though no money moved."""
    accounts = known_accounts(ledger.folder.code, ledger.entries)
    stored, _ = read_stored(ledger.folder, accounts, month)
    return any(covers(statements, month) for statements in stored.values())
