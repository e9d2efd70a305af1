"""A fund taken over after the books began (接管转入): households first, then the money with everybody's balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.create import create_compound, create_street
from jiezhang.book.edit import apply
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger, load_unlocked
from jiezhang.book.registers import table_bytes
from jiezhang.close.completing import waiting
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused
from jiezhang.domain.register import AccountRow, Completion, Street
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from jiezhang.households.line import below_line
from jiezhang.street.booking import complete_street
from jiezhang.street.fund_booking import take_register
from jiezhang.street.household_opening import HouseholdLists
from jiezhang.street.opening import new_account
from tests.conftest import MAKER, NAME, PEOPLE, new_compound, statement
from tests.desk import review_and_post_all

CITY = "hangzhou"
DWELLINGS = """code,building,stair,room,area_m2,nature,owner,first_deposit_yuan
01-1-101,01,1,101,88.50,commercial,Y001,13275.00
01-1-102,01,1,102,91.20,public,Y002,13680.00
"""
BUILDINGS = "code,dwellings,area_m2,first_deposit_yuan\n01,2,179.70,26955.00\n"
ACCOUNT = AccountRow(
    fund="W", bank="ccb", name="建行", number="3300000000000004417", holder="长吴公寓业主大会", holder_kind="assembly"
)


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    """C0007 with public revenue only; then its households, an account for the fund, and 10,000.00 that came in."""
    made = create_street(tmp_path / "street", Street(name="长吴街道", city=CITY, people=PEOPLE))
    new = new_compound()
    opening = [(name, amount) for name, amount in new.opening if "W维修资金" not in name]
    accounts = [account for account in new.accounts if "W维修资金" not in account.account]
    bare = replace(new, accounts=accounts, opening=opening, dwellings=(), buildings=(), household_opening=())
    folder = create_compound(made, bare)
    (tmp_path / "户册.csv").write_text(DWELLINGS, "utf-8")
    (tmp_path / "幢册.csv").write_text(BUILDINGS, "utf-8")
    take_register(made, folder, HouseholdLists(tmp_path / "户册.csv", tmp_path / "幢册.csv"))
    account = new_account(made, "C0007", ACCOUNT, date(2026, 9, 2))
    came = statement([("8", "10000.00", "划转")], opening="0.00", source="w.xls", number=ACCOUNT.number)
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        plan = plan_import(ledger.entries, [(account, came)], [], [])
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, MAKER)))
    return made


def complete(street: StreetFolder, tmp_path: Path, batch: str, other: str = "3001商品住宅维修资金") -> None:
    [entry] = waiting(load_ledger(street.compound("C0007"), CITY).entries)
    [leg] = bank_legs(entry)
    (tmp_path / "移交.csv").write_text(batch, "utf-8")
    row = Completion(
        account=leg.account, bank_ref=str((leg.meta or {})["bank-ref"]), other_account=other, batch="移交.csv"
    )
    (tmp_path / "补录.csv").write_bytes(table_bytes([row], Completion))
    complete_street(street, tmp_path / "补录.csv", MAKER)


def test_balances_come_with_the_money(street: StreetFolder, tmp_path: Path) -> None:
    complete(street, tmp_path, "户号,金额\n01-1-101,5000.00\n01-1-102,4900.00\n3101,100.00\n")
    review_and_post_all(street, street.compounds(), Month(2026, 9))
    folder = street.compound("C0007")
    ledger = load_ledger(folder, CITY)
    assert [error.message for error in ledger.errors] == []
    state = replay_fund(read_fund_files(folder), ledger.entries).state
    found = identity(state)
    assert found.holds
    assert (found.bank_fen, found.households_fen, found.undistributed_fen) == (1_000_000, 990_000, 10_000)
    assert state.first_deposit_fen.tolist() == [1_327_500, 1_368_000, 0], "no first deposit, no top-up"
    assert state.year_deposit_fen.tolist() == [0, 0, 0], "nothing that could be paid back"
    assert below_line(state) == (), "5,000.00 of 13,275.00 is 37.7 %, 4,900.00 of 13,680.00 is 35.8 %"
    month = (folder.path / "2026/2026-09.beancount").read_text("utf-8")
    for account, amount in (("3001商品住宅维修资金:01", "-5000.00"), ("3002已售公有住房维修资金:01", "-4900.00")):
        assert f"Equity:{NAME}:W维修资金:{account}" in month
        assert Decimal(amount) < 0
        assert amount in month


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ("dwelling,amount\n01-1-101,5000.00\n", "批量明细合计 5,000.00 元，银行流水 10,000.00 元"),
        ("dwelling,amount\n01-1-109,10000.00\n", "名册里没有户 01-1-109"),
        ("dwelling,amount\n01-1-101,11000.00\n01-1-102,-1000.00\n", "方向相反"),
    ],
)
def test_a_handover_that_does_not_add_up(street: StreetFolder, tmp_path: Path, batch: str, said: str) -> None:
    with pytest.raises(ManyRefused) as refused:
        complete(street, tmp_path, batch)
    assert said in refused.value.refusals[0].message
