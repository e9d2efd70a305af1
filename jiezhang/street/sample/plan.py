"""A made-up street: communities, people, compounds, and what each compound owns, lets and has in the bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.accounts import account_name
from jiezhang.domain.period import Month
from jiezhang.domain.register import (
    Asset,
    BookingRule,
    Community,
    Compound,
    CompoundKind,
    Contract,
    DedicatedAccount,
    Dwelling,
    Person,
    Street,
)
from jiezhang.domain.starter_rules import STARTER_RULES

from .bank_accounts import MAINTENANCE, PUBLIC, plan_accounts
from .buildings import ANCHOR, ANCHOR_DWELLINGS, FORMS, lifts, plan_dwellings
from .contracts import plan_assets, plan_contracts
from .economy import Economy, plan_economy
from .fund import PlannedFund, plan_fund
from .fund_calendar import plan_life
from .fund_matters import FundLife
from .names import CITY, STREET, community_name, compound_name, manager_name

_COMPOUNDS_PER_COMMUNITY: Final = 6
_COMPOUNDS_PER_BOOKKEEPER: Final = 20
_KINDS: Final[tuple[CompoundKind, ...]] = ("commercial", "commercial", "old", "commercial", "resettlement", "old")


@dataclass(frozen=True, slots=True)
class PlannedCompound:
    """Everything about one compound that does not change with the months.

    `layouts` says by ledger account how its file looks; `opening` gives each ledger account's balance (signed yuan)
    on the first day and sums to zero inside each fund.
    """

    compound: Compound
    accounts: tuple[DedicatedAccount, ...]
    layouts: Mapping[str, str]
    opening: tuple[tuple[str, Decimal], ...]
    fund: PlannedFund
    life: FundLife
    assets: tuple[Asset, ...]
    contracts: tuple[Contract, ...]
    rules: tuple[BookingRule, ...]
    economy: Economy

    @property
    def dwellings(self) -> tuple[Dwelling, ...]:
        return self.fund.dwellings

    @property
    def public_bank(self) -> DedicatedAccount:
        """The bank account of public revenue."""
        return next(one for one in self.accounts if f":{PUBLIC}:1002" in one.account)

    @property
    def fund_bank(self) -> DedicatedAccount:
        """The bank account of the maintenance fund."""
        return next(one for one in self.accounts if f":{MAINTENANCE}:" in one.account)

    @property
    def platforms(self) -> tuple[DedicatedAccount, ...]:
        """The accounts at payment platforms; the first pays out daily."""
        return tuple(one for one in self.accounts if one.bank in ("wechat", "alipay"))


@dataclass(frozen=True, slots=True)
class PlannedStreet:
    """A street before its first month. `months` counts from `first_month`."""

    street: Street
    compounds: tuple[PlannedCompound, ...]
    first_month: Month
    months: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Which months a compound lives through, and how many of them are booked."""

    first: Month
    months: int
    booked: int


def plan_street(
    seed: int, compounds: int, dwellings: int | None, months: int, first_month: Month, booked: int = 0
) -> PlannedStreet:
    """A street of `compounds` compounds with `dwellings` dwellings each on average (`None`: as in a real street).

    The same arguments give the same street. A compound depends on the time, `seed` and its own number only, so a larger
    street holds the smaller one. The books of the first `booked` months will be kept: what only an office can book, a
    lost house or a yield given out, happens in them. `ValueError` when there is nothing to plan or more than codes can
    number.
    """
    if not 1 <= compounds <= 9999 or months < 1 or (dwellings is not None and dwellings < 4):
        raise ValueError("小区数应为1至9999，月数至少为1，户数至少为4")
    span = _Span(first_month, months, min(booked, months))
    planned = tuple(_compound(seed, index, dwellings, span) for index in range(1, compounds + 1))
    return PlannedStreet(_street(compounds), planned, first_month, months)


def _street(compounds: int) -> Street:
    communities = -(-compounds // _COMPOUNDS_PER_COMMUNITY)
    bookkeepers = -(-compounds // _COMPOUNDS_PER_BOOKKEEPER)
    people = [Person(id=f"K{n:02d}", name=f"代理会计{n}号", roles=("bookkeeper",)) for n in range(1, bookkeepers + 1)]
    people += [
        Person(id="F01", name="街道复核员", roles=("reviewer",)),
        Person(id="T01", name="街道负责人", roles=("street_head",)),
        Person(id="A01", name="专业审计员", roles=("auditor",)),
        Person(id="B01", name="银行对账员", roles=("bank",)),
    ]
    people += [
        Person(id=f"S{n:02d}", name=f"{community_name(n)}会计", roles=("community_accountant",))
        for n in range(1, communities + 1)
    ]
    return Street(
        name=STREET,
        city="hangzhou",
        contact=f"{STREET}物业服务中心，电话 000-0000 0000",
        communities=tuple(Community(code=f"SQ{n:02d}", name=community_name(n)) for n in range(1, communities + 1)),
        people=tuple(people),
    )


def _size(seed: int, index: int, average: int | None) -> int:
    if average is None:
        size = round(Random(f"{seed}:size:{index}").triangular(120, 1200, 260))  # noqa: S311
        return ANCHOR_DWELLINGS if index == 1 else size
    # Compounds 2 and 3, 4 and 5, … share one draw with opposite signs, which keeps the average.
    spread = 0 if index == 1 else Random(f"{seed}:size:{index // 2}").randrange(0, 61)  # noqa: S311
    return max(4, average * (100 + (spread if index % 2 else -spread)) // 100)


def _compound(seed: int, index: int, average: int | None, span: _Span) -> PlannedCompound:
    rng = Random(f"{seed}:C{index:04d}")  # noqa: S311
    kind: CompoundKind = _KINDS[(index - 1) % len(_KINDS)]
    form = ANCHOR if index == 1 else FORMS[kind]
    dwellings = plan_dwellings(rng, form, _size(seed, index, average))
    community = (index - 1) // _COMPOUNDS_PER_COMMUNITY + 1
    compound = Compound(
        code=f"C{index:04d}",
        name=compound_name(index, kind),
        community=f"SQ{community:02d}",
        kind=kind,
        start=span.first.first_day,
        address=f"{CITY}{STREET}干支路{index * 2}号",
        manager=manager_name(index),
        contact=f"{community_name(community)}居委会，电话 000-0000 {index:04d}",
    )
    economy = plan_economy(rng, kind, len(dwellings))
    assets = plan_assets(rng, lifts(dwellings, form), len(dwellings))
    accounts = plan_accounts(rng, compound, index)
    public = _opening(rng, compound, accounts.accounts, economy)
    dice = {word: Random(f"{seed}:{compound.code}:{word}") for word in ("fund", "life")}  # noqa: S311
    fund = plan_fund(dice["fund"], compound, dwellings, economy.fund_rate_yuan_per_m2, rng.randrange(1, 30))
    life = plan_life(
        dice["life"], fund, index, span.first, span.months, span.booked, has_lifts=form.has_lifts
    )
    return PlannedCompound(
        compound=compound,
        accounts=accounts.accounts,
        layouts=accounts.layouts,
        opening=(*public, *_fund_opening(compound, accounts.accounts[-1].account, fund, life)),
        fund=fund,
        life=life,
        assets=assets,
        contracts=plan_contracts(rng, assets, economy.other_yuan, span.first),
        rules=STARTER_RULES,
        economy=economy,
    )


def _opening(
    rng: Random, compound: Compound, accounts: tuple[DedicatedAccount, ...], economy: Economy
) -> tuple[tuple[str, Decimal], ...]:
    """Public revenue's opening balances."""
    found: list[tuple[str, Decimal]] = []
    for one in accounts:
        if f":{PUBLIC}:" in one.account:
            at_bank = economy.yearly_yuan * rng.randrange(60, 160) + rng.randrange(100)
            fen = rng.randrange(5_000, 40_000) if ":1012" in one.account else at_bank
            found.append((one.account, Decimal(fen).scaleb(-2)))
    held = sum((amount for _, amount in found), Decimal(0))
    return (*found, (account_name(compound.component, PUBLIC, "3001"), -held))


def _fund_opening(
    compound: Compound, bank: str, fund: PlannedFund, life: FundLife
) -> tuple[tuple[str, Decimal], ...]:
    """The maintenance fund's opening balances; what is in bonds is not at the bank."""
    held = sum((bond.opening_cost_yuan for bond in life.bonds), Decimal(0))
    bonds = ((account_name(compound.component, MAINTENANCE, "1101"), held),) if held else ()
    return ((bank, fund.held_yuan - held), *bonds, *fund.opening)
