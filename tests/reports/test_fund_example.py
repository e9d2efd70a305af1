"""The example street: every compound's fund, every booked month, against its banks and a plain recomputation."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from beancount.core.data import Transaction

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.registers import read_street, read_table
from jiezhang.close.reconciling import bank_balances, reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.register import Dwelling
from jiezhang.households.fund import replay_fund
from reports.fund_statements import FundStatements, fund_statements

STREET = StreetFolder(Path(__file__).parents[2] / "ledgers" / "ganzhi")
BOOKED = [
    (folder.name, month.name)
    for folder in sorted(STREET.path.glob("C*"))
    for month in sorted((folder / "statements").iterdir())
]
EACH = pytest.mark.parametrize(("code", "month"), BOOKED)


@cache
def ledger(code: str) -> Ledger:
    loaded = load_ledger(STREET.compound(code), read_street(STREET).city)
    assert not loaded.errors
    return loaded


@cache
def statements(code: str, month: str) -> FundStatements:
    own, when = ledger(code), Month.parse(month)
    return fund_statements(
        own.entries, street=read_street(STREET), compound=own.compound, month=when,
        dwellings=read_table(own.folder.path / "register/dwellings.csv", Dwelling),
        bank_balances=bank_balances(reconcile(own.folder, own.entries, when)),
        replay=replay_fund(read_fund_files(own.folder), own.entries, when.last_day),
    )


@EACH
def test_every_equality_holds_with_the_banks_own_figures(code: str, month: str) -> None:
    made = statements(code, month)
    assert {check.holds for check in made.checks} == {True}
    assert any(check.right is not None and check.right.name == "银行对账单" for check in made.checks)
    assert made.balance_sheet.cell("assets", "end:total").amount > 1_000_000


@EACH
def test_a_plain_recomputation_agrees(code: str, month: str) -> None:
    ends: defaultdict[str, Decimal] = defaultdict(Decimal)
    flows: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger(code).entries:
        if isinstance(entry, Transaction) and entry.date <= Month.parse(month).last_day:
            for posting in entry.postings:
                if ":W维修资金:" in posting.account and posting.units is not None:
                    subject = posting.account.split(":")[3][:4]
                    ends[subject] += posting.units.number or 0
                    if f"{entry.date:%Y-%m}" == month:
                        flows[subject] += posting.units.number or 0
    made = statements(code, month)
    owners = ends["3001"] + ends["3002"] + ends["4001"] + ends["5001"] + ends["5101"]
    shown = sum(made.balance_sheet.cell(key, "end:total").amount for key in ("3001", "3002"))
    assert shown == -owners
    assert made.balance_sheet.cell("1001", "end:total").amount == ends["1001"]
    for subject in ("4001", "4101", "4201"):
        assert made.income.cell(subject, "month:total").amount == -flows[subject]


def test_the_old_compound_with_both_natures_tells_them_apart() -> None:
    natures = {code: statements(code, month).natures for code, month in BOOKED}
    assert {code for code, found in natures.items() if found == ("commercial", "public", "common")} == {"C0003"}
    assert not any("unsplit" in found for found in natures.values())
    cells = {key: statements("C0003", "2026-09").income.cell("5001", f"year:{key}").amount
             for key in ("commercial", "public", "total")}  # fmt: skip
    assert cells["commercial"] > 0 < cells["public"] and cells["commercial"] + cells["public"] == cells["total"]
