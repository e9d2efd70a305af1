"""Step 3, post: a complete row becomes a numbered voucher (记-0001 …), for ever.

Makers, reviewers and posters as different people, attachments and corrections come with the norms for vouchers; this
module is their place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.booking import POSTED, bank_legs, is_opening, row_key
from jiezhang.domain.period import Month
from jiezhang.domain.rules.voucher_numbers import parse_voucher

from .completing import waiting
from .fund_desk import is_complete

VOUCHER_TYPE = "记"


def plan_posting(
    entries: Sequence[data.Directive], month: Month, only: Collection[tuple[str, str]] = ()
) -> list[Change]:
    """Number the complete waiting transactions of `month` after the last voucher, by day and time of day.

    `only` narrows to the transactions that hold one of these statement rows (account, bank-ref).
    """
    last = max((number for number in _numbers(entries, month)), default=0)
    ready = [
        entry
        for entry in waiting(entries)
        if month.contains(entry.date)
        and is_complete(entry)
        and (not only or any(row_key(leg) in only for leg in bank_legs(entry)))
    ]
    ready.sort(key=lambda entry: (entry.date, str(entry.meta.get("time", "")), entry.meta["lineno"]))
    return [Change(entry, _numbered(entry, number)) for number, entry in enumerate(ready, start=last + 1)]


def _numbers(entries: Sequence[data.Directive], month: Month) -> list[int]:
    return [
        parse_voucher(str(entry.meta["voucher"]))[1]
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and month.contains(entry.date)
        and not is_opening(entry)
    ]


def _numbered(entry: data.Transaction, number: int) -> data.Transaction:
    meta = {"voucher": f"{VOUCHER_TYPE}-{number:04d}", **entry.meta}
    return entry._replace(flag=POSTED, meta=meta)
