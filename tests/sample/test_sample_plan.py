"""The planned street: sizes, names, accounts, money to begin with."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from jiezhang.domain.accounts import parse_account
from jiezhang.domain.period import Month
from jiezhang.street.sample.buildings import total_area_m2
from jiezhang.street.sample.layouts import BANKS, LAYOUTS
from jiezhang.street.sample.plan import PlannedCompound, plan_street

FIRST = Month(2026, 1)
STREET = plan_street(1, 52, None, 12, FIRST)
CODES = [planned.compound.code for planned in STREET.compounds]


def test_the_street_has_the_size_of_a_real_one() -> None:
    kinds = Counter(planned.compound.kind for planned in STREET.compounds)
    assert len(STREET.compounds) == 52
    assert len(STREET.street.communities) == 9
    assert set(kinds) == {"commercial", "old", "resettlement"}
    assert len({planned.compound.manager for planned in STREET.compounds}) == 21


def test_the_first_compound_is_the_anchor() -> None:
    anchor = STREET.compounds[0]
    lifts = [asset.quantity for asset in anchor.assets if asset.kind == "lift_ad"]
    assert len(anchor.dwellings) == 306
    assert len({one.building for one in anchor.dwellings}) == 11
    assert 53_000 <= total_area_m2(anchor.dwellings) <= 57_000
    assert lifts == [9]


@pytest.mark.parametrize(
    ("dwellings", "compounds", "low", "high"),
    [
        (300, 1, 300, 300),
        (300, 51, 299, 300),
        (1200, 51, 1199, 1200),
        (4, 1, 4, 4),
    ],
)
def test_dwellings_are_the_average_asked_for(dwellings: int, compounds: int, low: int, high: int) -> None:
    street = plan_street(3, compounds, dwellings, 1, FIRST)
    total = sum(len(planned.dwellings) for planned in street.compounds)
    assert low * compounds <= total <= high * compounds


@pytest.mark.parametrize(
    ("compounds", "dwellings", "months"),
    [(0, 300, 1), (10_000, 300, 1), (1, 3, 1), (1, 300, 0)],
)
def test_a_street_that_cannot_be_is_refused(compounds: int, dwellings: int, months: int) -> None:
    with pytest.raises(ValueError, match="小区数应为"):
        plan_street(1, compounds, dwellings, months, FIRST)


def test_a_larger_street_holds_the_smaller_one() -> None:
    assert plan_street(1, 5, None, 12, FIRST).compounds == STREET.compounds[:5]


def test_another_seed_is_another_street() -> None:
    other = plan_street(2, 52, None, 12, FIRST)
    differing = sum(a != b for a, b in zip(STREET.compounds, other.compounds, strict=True))
    assert differing == 52


def test_names_and_numbers_are_unique() -> None:
    street = plan_street(1, 200, 12, 1, FIRST)
    numbers = [one.number for planned in street.compounds for one in planned.accounts]
    names = [planned.compound.name for planned in street.compounds]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert len({one.name for one in street.street.communities}) == len(street.street.communities)


@pytest.mark.parametrize("planned", STREET.compounds, ids=CODES)
def test_opening_balances_sum_to_zero_inside_each_fund(planned: PlannedCompound) -> None:
    kinds = [(parse_account(account).fund_kind, amount) for account, amount in planned.opening]
    for fund in ("G", "W"):
        amounts = [amount for kind, amount in kinds if kind == fund]
        assert len(amounts) >= 2
        assert sum(amounts) == 0
    assert {account for account, _ in planned.opening} >= {one.account for one in planned.accounts}


@pytest.mark.parametrize("planned", STREET.compounds, ids=CODES)
def test_accounts_are_the_compounds_own_and_have_a_layout_of_their_bank(planned: PlannedCompound) -> None:
    for one in planned.accounts:
        parsed = parse_account(one.account)
        assert parsed.compound == planned.compound.code
        assert parsed.has_statement
        assert LAYOUTS[planned.layouts[one.account]].bank == one.bank
    assert planned.public_bank.account.endswith(planned.public_bank.number[-4:])
    assert 1 <= len(planned.platforms) <= 2
    assert planned.public_bank.holder_kind in ("assembly", "committee", "manager")
    assert planned.fund_bank.holder_kind in ("assembly", "fund_authority")


@pytest.mark.parametrize("planned", STREET.compounds, ids=CODES)
def test_registers_are_consistent(planned: PlannedCompound) -> None:
    assets = {asset.code for asset in planned.assets}
    for rows in (planned.dwellings, planned.assets, planned.contracts, planned.rules):
        assert len({row.code for row in rows}) == len(rows)
    assert {contract.asset for contract in planned.contracts} <= assets
    assert all(contract.start < contract.end for contract in planned.contracts)
    assert all(contract.end >= FIRST.first_day for contract in planned.contracts)


@pytest.mark.parametrize("planned", STREET.compounds, ids=CODES)
def test_figures_are_believable(planned: PlannedCompound) -> None:
    area = total_area_m2(planned.dwellings)
    sold = total_area_m2(tuple(one for one in planned.dwellings if one.status == "sold"))
    first = sum(one.first_deposit_yuan for one in planned.dwellings)
    sellers = sum(one.seller_deposit_yuan for one in planned.fund.buildings)
    if 300 <= len(planned.dwellings) <= 1500:
        assert 60_000 <= planned.economy.yearly_yuan <= 400_000
    assert 40 <= planned.economy.parking_percent <= 60
    assert 65 <= first / sold <= 150  # the standard of the first deposit
    assert Decimal("0.15") <= planned.fund.held_yuan / (first + sellers) <= 1  # and what repairs have left of it
    assert 35 <= area / len(planned.dwellings) <= 185


def test_all_banks_and_layouts_occur() -> None:
    layouts = {layout for planned in STREET.compounds for layout in planned.layouts.values()}
    bills = {"wechat.trade", "alipay.trade"}
    assert {LAYOUTS[layout].bank for layout in layouts} == {*BANKS, "wechat", "alipay"}
    assert layouts == set(LAYOUTS) - bills
