"""Invoices that vouchers cite: each is booked once (财会〔2024〕11号 art. 25, 12号 art. 21(2))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from beancount.core import data

from .corrections import KIND_KEY, RED, cancelled, voucher_name

INVOICE_KEY = "invoice"
_BETWEEN = re.compile(r"[,，、;；\s]+")


def invoices_in(text: object) -> list[str]:
    """The numbers in `number` or `number,number`, capitals alone, each once."""
    return list(dict.fromkeys(one.upper() for one in _BETWEEN.split(str(text)) if one))


def cited_invoices(transactions: Iterable[data.Transaction]) -> Iterator[tuple[str, data.Transaction]]:
    """Every invoice with the voucher that books it; what a red voucher took back, and the red one, book nothing."""
    citing = [entry for entry in transactions if entry.meta.get(INVOICE_KEY)]
    if not citing:
        return
    gone = cancelled(citing)
    for entry in citing:
        taken_back = "voucher" in entry.meta and voucher_name(entry) in gone
        if not taken_back and entry.meta.get(KIND_KEY) != RED:
            for number in invoices_in(entry.meta[INVOICE_KEY]):
                yield number, entry
