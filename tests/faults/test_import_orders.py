"""Import end to end, with the sample's real files: any order, any pieces and any number of times give the bank's books.

`ORDERS=200 pytest tests/faults/test_import_orders.py` tries so many streets and orders.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.period import Month
from jiezhang.street.sampling import write_sample
from tests.conftest import snapshot
from tests.faults.breaking import run

ORDERS = int(os.environ.get("ORDERS", "4"))
MONTHS = ("2026-01", "2026-02")


def waiting_street(path: Path, seed: int) -> Path:
    """A street of two compounds with two months of bank files to import."""
    write_sample(path, compounds=2, dwellings=8, months=2, booked=0, first_month=Month.parse(MONTHS[0]), seed=seed)
    return path


def bring_in(street: Path, *files: Path) -> None:
    code, lines = run(street, "import", *map(str, files))
    assert code == 0, lines


def rows_of(street: Path) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for ledger in load_street(StreetFolder(street)):
        assert ledger.errors == []
        entries = [entry for entry in ledger.entries if hasattr(entry, "postings")]
        found[ledger.folder.code] = sorted(row_key(leg) for entry in entries for leg in bank_legs(entry))
    return found


def assert_balances_are_the_banks(street: Path) -> None:
    """Every account of every compound reconciles, row by row, with the files read again."""
    for month in MONTHS:
        code, lines = run(street, "reconcile", month)
        assert code == 0, lines


@settings(max_examples=ORDERS)
@given(seed=st.integers(1, 9999), order=st.randoms(use_true_random=False), again=st.booleans())
def test_any_order_any_pieces_any_number_of_times(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: object, again: bool
) -> None:
    base = tmp_path_factory.mktemp("orders")
    once = waiting_street(base / "once", seed)
    shuffled, one_by_one = (Path(shutil.copytree(once, base / name)) for name in ("shuffled", "one_by_one"))

    bring_in(once)
    rows = rows_of(once)
    assert_balances_are_the_banks(once)

    files = sorted(path for path in (shuffled / "inbox").rglob("*") if path.is_file())
    order.shuffle(files)  # type: ignore[attr-defined]
    bring_in(shuffled, *files)
    assert snapshot(shuffled) == snapshot(once)

    for month in MONTHS:  # a later month before an earlier one would leave a gap, and is refused
        files = sorted(path for path in (one_by_one / "inbox" / month).rglob("*") if path.is_file())
        order.shuffle(files)  # type: ignore[attr-defined]
        for file in files:
            bring_in(one_by_one, file)
    assert rows_of(one_by_one) == rows
    assert_balances_are_the_banks(one_by_one)

    before = snapshot(once)
    bring_in(once)
    bring_in(once, *(once / "inbox").rglob("*.xls*") if again else ())
    assert snapshot(once) == before
    shutil.rmtree(base)


def test_a_later_month_before_an_earlier_one_is_refused(tmp_path: Path) -> None:
    """What is missing in between is said, and nothing is booked."""
    street = waiting_street(tmp_path / "street", 1)
    before = snapshot(street)
    code, lines = run(street, "import", str(street / "inbox" / MONTHS[1]))
    assert code == 2
    refused = [line for line in lines if "以前的对账单可能还没有导入" in line]
    assert refused
    assert all(f"/inbox/{MONTHS[1]}/" in line and "第 " in line for line in refused)
    assert snapshot(street) == before
