"""Who made a voucher: stamped when a person, or a rule that a person let work, says what an entry is.

Source: 会计基础工作规范 2019 art. 51; 财会〔2024〕11号 art. 17 (who lets a rule propose vouches for what it proposes).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.booking import WAITING
from jiezhang.domain.papers import ATTACHMENTS_KEY, counted

from .fund_desk import is_complete

_STAMPED = ("maker", ATTACHMENTS_KEY, "reviewer", "reviewed-sha256")
"""Put last again, so that doing a thing twice leaves the same bytes."""


def made_by(entry: data.Transaction, maker: str) -> data.Transaction:
    """`entry` as `maker` leaves it: originals counted, and any review of what it was before gone."""
    meta = {key: value for key, value in entry.meta.items() if key not in _STAMPED}
    return counted(entry._replace(meta={**meta, "maker": maker}))


def changes_by(changes: Iterable[Change], maker: str) -> list[Change]:
    """Completions with their maker."""
    return [
        Change(change.old, made_by(change.new, maker) if isinstance(change.new, data.Transaction) else change.new)
        for change in changes
    ]


def imported_by(additions: Sequence[data.Directive], maker: str, cashier: str = "") -> list[data.Directive]:
    """Imported rows: those a rule or a contract completed have the importing person as maker; all have the compound's
    `cashier`, when it has one."""
    found: list[data.Directive] = []
    for entry in additions:
        if isinstance(entry, data.Transaction) and entry.flag == WAITING:
            paid = entry._replace(meta={**entry.meta, "cashier": cashier}) if cashier else entry
            found.append(made_by(paid, maker) if is_complete(paid) else paid)
        else:
            found.append(entry)
    return found
