"""Step 4, post: a reviewed row becomes a numbered voucher (记-0001 …), for ever, and a link of the chain.

Source: 财会〔2024〕12号 art. 21(3): posting can't be undone; numbers go on without a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.approval.unfinished import posted
from jiezhang.domain.booking import POSTED, is_opening
from jiezhang.domain.chain import GENESIS, Link, next_head, posted_digest
from jiezhang.domain.corrections import CORRECTION_KEY, KIND_KEY, NEW, RED
from jiezhang.domain.period import Month
from jiezhang.domain.rules.voucher_numbers import parse_voucher

from .reviewing import Rows, in_state

VOUCHER_TYPE = "记"

Sign = Callable[[str], str]
"""From a digest in hex to a signature in hex."""


def plan_posting(entries: Sequence[data.Directive], month: Month, poster: str, only: Rows = ()) -> list[Change]:
    """Number the reviewed transactions of `month` after the last voucher, by day and time of day.

    `only` narrows to the transactions that hold one of these statement rows (account, bank-ref). A red voucher and the
    one in its place are posted together or not at all.
    """
    last = max((number for number in _numbers(entries, month)), default=0)
    ready = _in_pairs(in_state(entries, month, "reviewed", only))
    ready.sort(
        key=lambda entry: (
            entry.date,
            str(entry.meta.get("time", "")),
            entry.meta.get(KIND_KEY) == NEW,
            entry.meta["lineno"],
        )
    )
    return [
        Change(entry, posted(entry, f"{VOUCHER_TYPE}-{number:04d}", poster))
        for number, entry in enumerate(ready, start=last + 1)
    ]


def _in_pairs(ready: Sequence[data.Transaction]) -> list[data.Transaction]:
    kinds = {(entry.meta.get(CORRECTION_KEY), entry.meta.get(KIND_KEY)) for entry in ready}
    partner = {RED: NEW, NEW: RED}
    return [
        entry
        for entry in ready
        if entry.meta.get(KIND_KEY) not in partner
        or (entry.meta.get(CORRECTION_KEY), partner[entry.meta[KIND_KEY]]) in kinds
    ]


def _numbers(entries: Sequence[data.Directive], month: Month) -> list[int]:
    return [
        parse_voucher(str(entry.meta["voucher"]))[1]
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and month.contains(entry.date)
        and not is_opening(entry)
    ]


def plan_links(chain: Sequence[Link], vouchers: Sequence[data.Transaction], sign: Sign | None = None) -> list[Link]:
    """The links of one act of posting, after those of `chain`; `sign` signs the last one."""
    links: list[Link] = []
    head = chain[-1].head if chain else GENESIS
    for number, entry in enumerate(vouchers, start=len(chain) + 1):
        month, voucher, poster = str(Month.of(entry.date)), str(entry.meta["voucher"]), str(entry.meta["poster"])
        digest = posted_digest(entry)
        head = next_head(head, month, voucher, digest, poster)
        links.append(
            Link(number=number, month=month, voucher=voucher, digest=digest, poster=poster, head=head)
        )
    if links and sign is not None:
        links[-1] = links[-1].model_copy(update={"signature": sign(head)})
    return links
