"""Step 3, review: another person looks at what was made, and what they saw is fixed by its digest.

Sources: 会计法 2024 art. 15 (books only from reviewed vouchers), art. 25(1); 财会〔2024〕12号 art. 21, 22.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.booking import POSTED, bank_legs, row_key
from jiezhang.domain.chain import content_digest
from jiezhang.domain.period import Month

from .completing import waiting
from .fund_desk import is_complete

State = Literal["waiting", "entered", "reviewed", "posted"]
STATE_NAMES: dict[State, str] = {"waiting": "待查明", "entered": "待复核", "reviewed": "待过账", "posted": "已过账"}

_APART: Mapping[State, tuple[str, ...]] = {
    "waiting": ("cashier",), "entered": ("cashier", "maker"), "reviewed": ("cashier", "reviewer"), "posted": (),
}  # fmt: skip
"""Whose part keeps them from the next step (the rule `duties_apart`)."""

Rows = Collection[tuple[str, str]]
"""Statement rows by account and bank-ref, vouchers by nothing and the digest of their content; empty for all."""


def state_of(entry: data.Transaction) -> State:
    """How far a voucher has come. One changed after its review is to be reviewed again."""
    if entry.flag == POSTED:
        return "posted"
    if not is_complete(entry) or "maker" not in entry.meta:
        return "waiting"
    reviewed = "reviewer" in entry.meta and entry.meta.get("reviewed-sha256") == content_digest(entry)
    return "reviewed" if reviewed else "entered"


def kept_apart(entry: data.Transaction, state: State) -> tuple[str, ...]:
    """The ids of those who may not take the next step with `entry`, which is in `state`, for the part they had."""
    return tuple(str(entry.meta[key]) for key in _APART[state] if entry.meta.get(key))


def in_state(
    entries: Sequence[data.Directive], month: Month, state: State, only: Rows = ()
) -> list[data.Transaction]:
    """The entries of `month` that wait in `state`; `only` narrows to those named."""
    return [
        entry
        for entry in waiting(entries)
        if month.contains(entry.date)
        and (not only or _is_named(entry, only))
        and state_of(entry) == state
    ]


def _is_named(entry: data.Transaction, only: Rows) -> bool:
    return any(row_key(leg) in only for leg in bank_legs(entry)) or ("", content_digest(entry)) in only


def plan_review(entries: Sequence[data.Directive], month: Month, reviewer: str, only: Rows = ()) -> list[Change]:
    """The entered transactions of `month`, with their reviewer and the digest of what they saw."""
    return [Change(entry, reviewed_by(entry, reviewer)) for entry in in_state(entries, month, "entered", only)]


def reviewed_by(entry: data.Transaction, reviewer: str) -> data.Transaction:
    """`entry`, reviewed."""
    return entry._replace(meta={**entry.meta, "reviewer": reviewer, "reviewed-sha256": content_digest(entry)})
