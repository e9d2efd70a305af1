"""What a written statement must be read as, worked out from the book it was written from."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from statement_writer import Book, Form

from jiezhang.domain.statement import Statement, Totals

ALL = ("count_in", "sum_in", "count_out", "sum_out")
STATED = {
    "abc.detail": ("count_in", "sum_in", "sum_out"),
    "boc.inquiry": (*ALL, "count"),
    "cmb.detail": ALL,
    "psbc.detail": ("sum_in", "sum_out"),
    "wechat_fund": (*ALL, "count"),
    "alipay_account": ALL,
}
"""The totals each layout's file states."""


def expected_statement(form: Form, book: Book, data: bytes, name: str) -> Statement:
    """The statement in `data`, which `form` wrote from `book` (already without what the form can't carry)."""
    lines = form.lines(book) if form.heads else _message_lines(form, data)
    stated = dict(zip((*ALL, "count"), (*book.sums(), len(book.rows)), strict=True))
    totals = {field: stated[field] for field in STATED.get(form.layout, ())}
    return Statement(
        layout=form.layout,
        source=name,
        sha256=hashlib.sha256(data).hexdigest(),
        account_no=book.account_no,
        holder=book.holder,
        currency="CNY",
        rows=tuple(replace(row, line=line) for row, line in zip(book.rows, lines, strict=True)),
        opening=book.opening,
        closing=book.closing,
        totals=Totals(**totals) if totals else None,  # type: ignore[arg-type]
        period=book.period if form.period else None,
    )


def _message_lines(form: Form, data: bytes) -> list[int]:
    """The lines rows begin on: in MT940 the `:61:` fields, in XML the payments inside entries."""
    mark = ":61:" if form.suffix == ".sta" else "<TxDtls>"
    return [number for number, line in enumerate(data.decode("latin-1").split("\n"), 1) if mark in line]
