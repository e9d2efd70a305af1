"""The chain of posted vouchers: one link for each, in the order of posting, each over the one before.

A posted voucher is never changed, deleted, inserted or renumbered (财会〔2024〕12号 art. 21(3)). The ledger is plain
text that anybody may open; the chain beside it says what was posted, and the poster's signature that it was them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from beancount.core import data
from pydantic import Field, StringConstraints

from .approval.seals import digest_of
from .register import Code, Row, Text

CHAIN_FILE = "chain.csv"
GENESIS = "0" * 64
OPENING = "期初"
"""The link of the opening balances, which have no number."""
OPENED_BY = "OPENING"
"""Its poster: nobody's id."""

PROCESS_KEYS = frozenset({"reviewer", "reviewed-sha256", "voucher", "poster"})
"""Metadata that reviewing and posting add: not part of what the reviewer looked at."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Link(Row):
    """`chain.csv`: `number` counts from 1; `head` is over the head before and this row's voucher.

    `signature` (hex, by `poster`'s key over `head`) stands on the last link of each act of posting.
    """

    number: Annotated[int, Field(ge=1)]
    month: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    voucher: Text
    digest: Digest
    poster: Code
    head: Digest
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,200}$")] = ""


def next_head(head: str, month: str, voucher: str, digest: str, poster: str) -> str:
    """The head after one more voucher."""
    return hashlib.sha256(f"{head}|{month}|{voucher}|{digest}|{poster}".encode()).hexdigest()


def content_digest(entry: data.Transaction) -> str:
    """The digest of what a reviewer looks at: day, words, legs, and everything said of them."""
    return digest_of(
        [
            entry.date.isoformat(),
            entry.payee or "",
            entry.narration or "",
            sorted(entry.tags or ()),
            sorted(entry.links or ()),
            _said(entry.meta, PROCESS_KEYS),
            [[leg.account, str(leg.units), _said(leg.meta, _NOTHING) if leg.meta else {}] for leg in entry.postings],
        ]
    )


def posted_digest(entry: data.Transaction, content: str = "") -> str:
    """The digest of a posted voucher: of its content, and of its number, reviewer and poster.

    `content` is its `content_digest` where it is known already.
    """
    said = [_text(entry.meta.get(key, "")) for key in _POSTED]
    return hashlib.sha256(_BETWEEN.join([content or content_digest(entry), *said]).encode()).hexdigest()


_POSTED = sorted(PROCESS_KEYS)
_BETWEEN = "\x1f"
"""A character that no ledger may hold (the gate refuses it), so that two vouchers never give one text."""
_NOTHING: frozenset[str] = frozenset()
_PLACE = frozenset({"filename", "lineno"})


def _said(meta: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, str]:
    return {
        key: _text(value)
        for key, value in meta.items()
        if key not in left_out and key not in _PLACE and key[:2] != "__"
    }


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, Decimal | date) else repr(value)
