"""A month completed in one sheet is shared as its rows are, one after the other, by the day of each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import table_bytes
from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import FundDesk
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion
from jiezhang.street.booking import complete_street
from tests.conftest import MAKER
from tests.desk import review_and_post
from tests.faults.fen_street import CITY, Office, Row, make_one

JULY = Month(2026, 7)


def july(folder: CompoundFolder) -> list[tuple[str, str, tuple[tuple[str, Decimal], ...]]]:
    """Day, words and legs of the vouchers that the bank's rows of July became."""
    return sorted(
        (str(entry.date), entry.narration or "", tuple(
            sorted((leg.account, leg.units.number) for leg in entry.postings if leg.units and leg.units.number)
        ))
        for entry in load_ledger(folder, CITY).entries
        if isinstance(entry, data.Transaction) and entry.flag == "*" and bank_legs(entry) and JULY.contains(entry.date)
    )  # fmt: skip


@pytest.mark.parametrize("backwards", [False, True])
def test_one_sheet_is_row_by_row(tmp_path: Path, backwards: bool) -> None:
    one = make_one(tmp_path / "one", 2)
    one.keep(until="07-31", by_hand=False)
    rows = [one.settled[row.day, row.kind, row.summary] for row in one.rows() if row.day <= "07-31"]
    other = make_one(tmp_path / "other", 2)
    _at_once(other, rows, tmp_path / "sheet.csv", backwards)
    review_and_post(other.folder, CITY, JULY)
    assert july(other.folder) == july(one.folder)
    assert load_ledger(other.folder, CITY).errors == []


def test_rows_that_are_completed_count_before_they_are_posted(tmp_path: Path) -> None:
    """Deposits of the 3rd and 5th count for the repair of the 9th; the repair itself, completed again, does not."""
    one = make_one(tmp_path / "one", 2)
    one.keep(until="07-31", by_hand=False)
    rows = [one.settled[row.day, row.kind, row.summary] for row in one.rows() if row.day <= "07-31"]
    other = make_one(tmp_path / "other", 2)
    _at_once(other, rows, tmp_path / "sheet.csv", backwards=False)
    entries = load_ledger(other.folder, CITY).entries
    (repair,) = [entry for entry in waiting(entries) if entry.narration == "屋面预付"]
    desk = FundDesk(entries, read_fund_files(other.folder))
    before, after = desk.state(repair), desk.state(repair._replace(postings=[]))
    deposits = 50_026 + sum(fen for _, fen in other.batch())
    assert int(before.balance_fen.sum()) == sum(fen for _, fen in other.detail) + deposits
    assert int(before.deposited_fen.sum()) == int(before.first_deposit_fen.sum()) + deposits
    assert int((before.balance_fen - after.balance_fen).sum()) == -one.settled["07-09", "W", "屋面预付"].fen


def _at_once(office: Office, rows: list[Row], sheet: Path, backwards: bool) -> None:
    office.receive(rows, "07-31")
    lines = office.completions(rows)
    sheet.write_bytes(table_bytes(lines[::-1] if backwards else lines, Completion))
    office.hand_in(sheet.parent)
    complete_street(office.street, sheet, MAKER)
