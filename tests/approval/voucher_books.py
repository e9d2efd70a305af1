"""Vouchers in short words: made, reviewed and posted as they should be unless said otherwise, and their chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.chain import GENESIS, OPENED_BY, OPENING, Link, content_digest, next_head, posted_digest
from tests.approval.little_office import SHORT, office_files

CLERK = {"maker": "K01", "reviewer": "F01", "poster": "T01"}


def voucher(number: str | None = "记-0001", day: str = "2026-03-02", line: int = 5, **said: Any) -> data.Transaction:
    """A voucher of 10 yuan for which the bank has a row. `said` changes its metadata (`_` for `-`); `None` leaves out.

    Without a number it waits. `narration`, `payee`, `cost` (the account's short word) and `flag` are its own.
    """
    own = {key: said.pop(key, usual) for key, usual in (("narration", "买灯泡"), ("payee", None), ("cost", "REPAIR"))}
    flag = said.pop("flag", "*" if number else "!")
    meta: dict[str, Any] = {"filename": "2026-03.beancount", "lineno": line, **CLERK, "voucher": number}
    if number is None:
        meta |= {"poster": None}
    meta |= {"attachments": Decimal(1), "reviewed-sha256": ""} | {key.replace("_", "-"): it for key, it in said.items()}
    row = {"bank-ref": f"{number}/-1000"}
    legs = [(SHORT["GBANK"], "-10.00", row), (SHORT[own["cost"]], "10.00", None)]
    made = data.Transaction(
        {key: value for key, value in meta.items() if value is not None}, date.fromisoformat(day), flag, own["payee"],
        own["narration"], frozenset(), frozenset(),
        [data.Posting(name, Amount(Decimal(sum_), "CNY"), None, None, None, own_row) for name, sum_, own_row in legs],
    )  # fmt: skip
    if made.meta.get("reviewed-sha256") == "":
        made.meta["reviewed-sha256"] = content_digest(made)
    return made


def opening(narration: str = "期初余额") -> data.Transaction:
    """The opening balances."""
    kept = voucher("", "2026-01-01", 1, narration=narration, opening=True, flag="*")
    return kept._replace(meta={key: kept.meta[key] for key in ("filename", "lineno", "opening")})


def link_of(entry: data.Transaction, number: int, head: str) -> Link:
    """The link of a posted voucher after `head`."""
    month, digest = entry.date.isoformat()[:7], posted_digest(entry)
    name, poster = entry.meta.get("voucher", OPENING), entry.meta.get("poster", OPENED_BY)
    new = next_head(head, month, name, digest, poster)
    return Link(number=number, month=month, voucher=name, digest=digest, poster=poster, head=new)


def chained(*entries: data.Transaction) -> tuple[Link, ...]:
    """The chain of vouchers posted in this order."""
    found: list[Link] = []
    for number, entry in enumerate(entries, start=1):
        found.append(link_of(entry, number, found[-1].head if found else GENESIS))
    return tuple(found)


def view(entries: Iterable[data.Transaction], chain: Sequence[Link] = (), **files: Any) -> OfficeView:
    """What the rules look at."""
    return office_view("/street/C0007", list(entries), replace(office_files(**files), chain=tuple(chain)))
