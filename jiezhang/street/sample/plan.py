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
    Street,
)
from jiezhang.domain.starter_rules import STARTER_RULES

from .bank_accounts import MAINTENANCE, PUBLIC, plan_accounts
from .buildings import ANCHOR, ANCHOR_DWELLINGS, FORMS, lifts, plan_dwellings
from .contracts import plan_assets, plan_contracts
from .decisions import plan_decisions
from .economy import Economy, plan_economy
from .fund import PlannedFund, plan_fund
from .fund_calendar import plan_life
from .fund_matters import FundLife
from .levies import LAYOUT, PlannedLevy, plan_levy
from .names import CITY, STREET, community_name, compound_name, manager_name
from .officers import Officers, officers_of, street_people
from .rulebook import CITY_PACK
from .wishes import Wish
from .works import Work, plan_works

MAKER: Final = "K01"
REVIEWER: Final = "F01"
POSTER: Final = "K02"
"""Who keeps the sample's books: three people, as the law wants it."""

_COMPOUNDS_PER_COMMUNITY: Final = 6
_COMPOUNDS_PER_BOOKKEEPER: Final = 20
"""One more posts what the others made."""
_LEVIED: Final = 3
"""The number of the compound whose owners raise money for a lift: the first without lifts."""
_UNDECIDED: Final = 4
"""The number of the compound in which somebody is paid without a decision, in the month after those that are booked."""
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
    officers: Officers
    works: tuple[Work, ...]
    wishes: tuple[Wish, ...]
    levy: PlannedLevy | None
    undecided: Month | None
    """The month in which somebody is paid for what nobody decided."""

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

    def layout(self, account: str) -> str:
        """How the file of a ledger account looks."""
        levied = self.levy is not None and account == self.levy.account.account
        return LAYOUT if levied else self.layouts[account]

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

    @property
    def open_month(self) -> Month | None:
        """The first month that an office which keeps books has not booked yet."""
        return self.first.shift(self.booked) if 0 < self.booked < self.months else None


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
    return PlannedStreet(_street(seed, compounds), planned, first_month, months)


def _street(seed: int, compounds: int) -> Street:
    communities = -(-compounds // _COMPOUNDS_PER_COMMUNITY)
    bookkeepers = 1 - (-compounds // _COMPOUNDS_PER_BOOKKEEPER)
    served = {
        number: tuple(f"C{index:04d}" for index in range(1, compounds + 1) if _community(index) == number)
        for number in range(1, communities + 1)
    }
    return Street(
        name=STREET,
        city=CITY_PACK,
        contact=f"{STREET}物业服务中心，电话 000-0000 0000",
        communities=tuple(Community(code=f"SQ{n:02d}", name=community_name(n)) for n in range(1, communities + 1)),
        people=street_people(seed, bookkeepers, served),
    )


def _community(index: int) -> int:
    """The number of the community that a compound belongs to."""
    return (index - 1) // _COMPOUNDS_PER_COMMUNITY + 1


def _size(seed: int, index: int, average: int | None) -> int:
    if average is None:
        size = round(Random(f"{seed}:size:{index}").triangular(120, 1200, 260))  # noqa: S311
        return ANCHOR_DWELLINGS if index == 1 else size
    # Compounds 2 and 3, 4 and 5, … share one draw with opposite signs, which keeps the average.
    spread = 0 if index == 1 else Random(f"{seed}:size:{index // 2}").randrange(0, 61)  # noqa: S311
    return max(4, average * (100 + (spread if index % 2 else -spread)) // 100)


def _about(index: int, kind: CompoundKind, first: Month) -> Compound:
    community = _community(index)
    return Compound(
        code=f"C{index:04d}",
        name=compound_name(index, kind),
        community=f"SQ{community:02d}",
        kind=kind,
        start=first.first_day,
        address=f"{CITY}{STREET}干支路{index * 2}号",
        manager=manager_name(index),
        contact=f"{community_name(community)}居委会，电话 000-0000 {index:04d}",
    )


def _compound(seed: int, index: int, average: int | None, span: _Span) -> PlannedCompound:
    rng = Random(f"{seed}:C{index:04d}")  # noqa: S311
    kind: CompoundKind = _KINDS[(index - 1) % len(_KINDS)]
    form = ANCHOR if index == 1 else FORMS[kind]
    dwellings = plan_dwellings(rng, form, _size(seed, index, average))
    compound = _about(index, kind, span.first)
    economy = plan_economy(rng, kind, len(dwellings))
    assets = plan_assets(rng, lifts(dwellings, form), len(dwellings))
    accounts = plan_accounts(rng, compound, index)
    public = _opening(rng, compound, accounts.accounts, economy)
    words = ("fund", "life", "works", "levy")
    dice = {word: Random(f"{seed}:{compound.code}:{word}") for word in words}  # noqa: S311
    fund = plan_fund(dice["fund"], compound, dwellings, economy.fund_rate_yuan_per_m2, rng.randrange(1, 30))
    life = plan_life(
        dice["life"], fund, index, span.first, span.months, span.booked, has_lifts=form.has_lifts
    )
    officers = officers_of(seed, compound.code, _community(index), compound.start)
    works = plan_works(dice["works"], economy, index, span.first, span.months)
    levy = None
    if index == _LEVIED:
        public_bank = accounts.accounts[0]
        holder = (public_bank.holder, public_bank.holder_kind)
        levy = plan_levy(dice["levy"], compound, dwellings, holder, span.first, span.months, MAKER)
    decided = plan_decisions(
        seed, compound.code, officers, economy, index, span.first, span.months, life, works, levy
    )
    life = decided.life
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
        officers=officers,
        works=decided.works,
        wishes=decided.wishes,
        levy=decided.levy,
        undecided=span.open_month if index == _UNDECIDED else None,
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
