"""Any statement, written the way any bank writes it, is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from expected import expected_statement
from forms import BY_LAYOUT, FORMS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statement_books import books
from statement_writer import Form
from trade_bills import wechat_bill, wechat_row

from importers.registry import statements_of
from importers.source import source_of

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS_ONLY = {"icbc.printed", "plain.ledger"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.layout)
@QUICK
@given(data=st.data())
def test_written_and_read_back(form: Form, data: st.DataObject) -> None:
    whole_days = form.layout in DAYS_ONLY
    book = form.carried(data.draw(books(whole_days, min_rows=2 if form.layout == "plain.ledger" else 1)))
    name = f"statement{form.suffix}"
    written = form.render(book)
    assert statements_of(source_of(written, Path(name))) == (expected_statement(form, book, written, name),)


TURNED = ["boc.inquiry", "ccb.current", "cmb.detail", "icbc.in_out", "icbc.printed", "rcb.detail"]


@pytest.mark.parametrize("layout", TURNED)
@QUICK
@given(data=st.data())
def test_newest_first_is_turned_round(layout: str, data: st.DataObject) -> None:
    form = replace(BY_LAYOUT[layout], newest_first=not BY_LAYOUT[layout].newest_first)
    book = form.carried(data.draw(books(layout in DAYS_ONLY)))
    written = form.render(book)
    read = statements_of(source_of(written, Path("s")))
    assert read == (expected_statement(form, book, written, "s"),)


FEES = st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**6)), min_size=1, max_size=8)


@QUICK
@given(FEES)
def test_wechat_fees_are_rounded_row_by_row(sales: list[tuple[int, int]]) -> None:
    """Half up to the fen; the footer's five decimals are checked before."""
    rows = [
        wechat_row("2026-03-02 08:00:00", f"42{number:026d}", f"{fen / 100:.2f}", f"{fee // 10**5}.{fee % 10**5:05d}")
        for number, (fen, fee) in enumerate(sales)
    ]
    (statement,) = statements_of(source_of(wechat_bill(rows), Path("bill.csv")))
    read = {row.serial: int(row.amount.scaleb(2)) for row in statement.rows}
    for number, (fen, fee) in enumerate(sales):
        assert read[f"42{number:026d}:交易"] == fen
        assert read.get(f"42{number:026d}:扣除交易手续费", 0) == -((fee + 500) // 1000)
