"""A voucher's originals (附件): the bank's row, files kept under `documents/`, and papers kept in the binder.

Source: 会计基础工作规范 2019 art. 51(4): the number of originals is stated on the voucher; closings and corrections may
have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from beancount.core import data

from .booking import bank_legs

ATTACHMENTS_KEY = "attachments"
PAPERS_KEY = "papers"
"""How many originals on paper, beside what is kept here."""

_DOCUMENT = re.compile(r"document-[0-9]+")


def documents_of(entry: data.Transaction) -> Iterator[tuple[str, str]]:
    """Path below the compound's folder and SHA-256 of each document; an empty digest where none is written."""
    for key, value in entry.meta.items():
        if key.startswith("document-") and _DOCUMENT.fullmatch(key):
            yield str(value), str(entry.meta.get(f"{key}-sha256", ""))


def originals_of(entry: data.Transaction) -> int:
    """How many originals an entry has: bank rows, documents, papers."""
    papers = entry.meta.get(PAPERS_KEY)
    on_paper = int(papers) if isinstance(papers, Decimal) and papers >= 0 else 0
    return len(bank_legs(entry)) + sum(1 for _ in documents_of(entry)) + on_paper


def counted(entry: data.Transaction) -> data.Transaction:
    """`entry` with its originals counted in `attachments`."""
    return entry._replace(meta={**entry.meta, ATTACHMENTS_KEY: Decimal(originals_of(entry))})
