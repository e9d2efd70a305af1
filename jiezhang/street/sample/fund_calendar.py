"""The maintenance fund's life, month by month: four stories that go round with the compounds of a street.

Four compounds in four months show everything that can happen to a fund; of a longer time, repairs, batches, sales and
the year's distribution come again, and what is told of one household does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.changes import change_events
from jiezhang.domain.fund_register import Change, TreasuryBond
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month

from . import fund_rows
from .events import Event, some_day, vary, whole, yuan
from .fund import PlannedFund
from .fund_changes import Picks, change, first_sale, in_order
from .fund_matters import Batch, Corrected, Distributed, FundLife, Lost, Matter, Returned, Row
from .fund_projects import Place, Wanted, plan_projects
from .fund_register import opened, register_of

_STORIES: Final = (
    # One line for each compound of four; the month of the books, from 0, and what happens once in it.
    ((1, "sale"), (1, "scrap"), (2, "redeemed"), (2, "renumber"), (3, "refund")),
    ((1, "first"), (1, "split"), (2, "bought"), (3, "sale")),
    ((0, "elsewhere"), (1, "merge"), (2, "refund"), (3, "scrap")),
    ((1, "lost"), (1, "refund"), (2, "scrap"), (3, "first")),
)
_REPAIRS: Final[tuple[tuple[tuple[int, Place, bool], ...], ...]] = (
    # The month of each year of the books, where the repair is, whether a part was prepaid the month before.
    ((0, "building", False), (3, "compound", False), (8, "stair", False)),
    ((1, "stair", True), (3, "building", False), (9, "building", False)),
    ((1, "building", False), (3, "stair", False), (9, "compound", False)),
    ((2, "compound", False), (4, "building", True), (10, "stair", False)),
)
_BATCHES: Final = (1, 5, 3, 6)
"""The month of each year of the books in which owners below the line pay in together."""
_SALES: Final = 5
"""The month of each year of the books in which some dwelling changes hands anyhow."""
_INTEREST_MONTHS: Final = (3, 6, 9, 12)
_LOST_EVERY: Final = 12
"""Of so many compounds one loses a house."""


@dataclass(slots=True)
class _Draft:
    """A life while it is being made up."""

    rng: Random
    picks: Picks
    first: Month
    booked: int
    held_yuan: Decimal
    changes: list[Change] = field(default_factory=list)
    bonds: list[TreasuryBond] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)


def plan_life(
    rng: Random, fund: PlannedFund, index: int, first: Month, months: int, booked: int, *, has_lifts: bool
) -> FundLife:
    """What happens to the fund of compound number `index` in `months` months from `first`.

    Vouchers without a bank row are an office's own work, so they come in the first `booked` months only.
    """
    turn = (index - 1) % len(_STORIES)
    draft = _Draft(rng, Picks(rng, fund.dwellings), first, booked, fund.held_yuan)
    for offset, what in _STORIES[turn]:
        if offset < months and (what != "lost" or index % _LOST_EVERY == len(_STORIES)):
            _tell(draft, offset, what)
    for offset in range(months):
        if offset % 12 == _SALES:
            _changed(draft, offset, "sale")
        if offset % 12 == _BATCHES[turn]:
            draft.matters.append(Batch(some_day(rng, first.shift(offset), 11, 20)))
    draft.matters += [one for one in _distributions(first, booked) if one not in draft.matters]
    last = first.shift(months - 1)
    life = FundLife(in_order(draft.changes), (), tuple(draft.bonds))
    state = opened(fund, life, first.first_day)
    events = change_events(register_of(fund, life, first.first_day))
    projects, payments = plan_projects(rng, state, _wanted(turn, first, months), events, last, has_lifts=has_lifts)
    matters = sorted((*draft.matters, *payments), key=lambda matter: matter.day)
    return FundLife(life.changes, projects, life.bonds, tuple(matters), draft.picks.taken)


def _wanted(turn: int, first: Month, months: int) -> list[Wanted]:
    """A prepaid repair that ends after the last month is begun in it."""
    years = range(-(-(months + 1) // 12))
    found = [
        Wanted(first.shift(year * 12 + offset), place, prepaid)
        for year in years
        for offset, place, prepaid in _REPAIRS[turn]
        if year * 12 + offset < months + prepaid
    ]
    return sorted(found, key=lambda one: one.month)


def _distributions(first: Month, booked: int) -> list[Distributed]:
    """Once a year, at the end of the last quarter that is booked."""
    ends = [month for month in map(first.shift, range(booked)) if month.number in _INTEREST_MONTHS]
    last_of = {month.year: month for month in ends}
    return [Distributed(month.last_day) for month in last_of.values()]


def _tell(draft: _Draft, offset: int, what: str) -> None:
    match what:
        case "sale" | "split" | "merge" | "renumber":
            _changed(draft, offset, what)
        case "first":
            _first_sold(draft, offset)
        case "refund":
            _refunded(draft, offset)
        case "elsewhere":
            _booked_elsewhere(draft, offset)
        case "lost":
            _lost(draft, offset)
        case "scrap":
            day = some_day(draft.rng, draft.first.shift(offset))
            _rows(draft, fund_rows.scrap_sold(draft.rng, day, yuan(draft.rng.randrange(300, 2500))))
        case "bought":
            _bought(draft, offset)
        case "redeemed":
            _redeemed(draft, offset)
        case _:
            raise AssertionError(what)


def _rows(draft: _Draft, *events: Event) -> None:
    draft.matters += [Row(event) for event in events]


def _changed(draft: _Draft, offset: int, kind: str) -> None:
    day = some_day(draft.rng, draft.first.shift(offset), 10, 20)
    made = change(kind, day, draft.picks)  # type: ignore[arg-type]
    draft.changes += [made] if made else []


def _first_sold(draft: _Draft, offset: int) -> None:
    dwelling = draft.picks.unsold()
    if dwelling is not None:
        day = some_day(draft.rng, draft.first.shift(offset), 11, 20)
        draft.changes.append(first_sale(day, dwelling, draft.picks))
        _rows(draft, fund_rows.first_deposit(draft.rng, dwelling, day + timedelta(days=draft.rng.randrange(1, 6))))


def _refunded(draft: _Draft, offset: int) -> None:
    dwelling = draft.picks.one()
    if dwelling is not None:
        day = some_day(draft.rng, draft.first.shift(offset), 11, 18)
        _rows(draft, *fund_rows.paid_twice(draft.rng, dwelling, day, _some_deposit(draft, dwelling.area_m2)))


def _booked_elsewhere(draft: _Draft, offset: int) -> None:
    """Found out and put right at the month's end, before it is disclosed."""
    payer, other = draft.picks.one(), draft.picks.one()
    if payer is not None and other is not None and offset < draft.booked:
        month = draft.first.shift(offset)
        day, amount = some_day(draft.rng, month, 11), _some_deposit(draft, payer.area_m2)
        _rows(draft, fund_rows.booked_elsewhere(draft.rng, payer, other, day, amount))
        draft.matters.append(Corrected(month.last_day, day, other.code, payer.code, to_fen(amount)))


def _lost(draft: _Draft, offset: int) -> None:
    """Gone, and its balance owed, from the first of the month; paid in it."""
    month = draft.first.shift(offset)
    made = change("loss", month.first_day, draft.picks) if offset < draft.booked else None
    if made is not None:
        draft.changes.append(made)
        # What the lost household earned is given out before its account closes.
        draft.matters.append(Distributed(month.first_day - timedelta(days=1)))
        draft.matters.append(Lost(month.first_day, made.dwellings))
        draft.matters.append(Returned(some_day(draft.rng, month, 12, 25), made.dwellings))


def _some_deposit(draft: _Draft, area_m2: Decimal) -> Decimal:
    return yuan(area_m2 * draft.rng.randrange(20, 61))


def _bought(draft: _Draft, offset: int) -> None:
    day = some_day(draft.rng, draft.first.shift(offset), 10, 20)
    bond = _bond(draft, day, date(day.year + 3, day.month, day.day), Decimal(0))
    _rows(draft, fund_rows.bond_bought(draft.rng, bond, day, _tenth(draft)))


def _redeemed(draft: _Draft, offset: int) -> None:
    """Bought three years ago, before these books began."""
    matures = some_day(draft.rng, draft.first.shift(offset), 10, 20)
    bond = _bond(draft, date(matures.year - 3, matures.month, matures.day), matures, _tenth(draft))
    _rows(draft, fund_rows.bond_redeemed(draft.rng, bond, yuan(bond.opening_cost_yuan * 3 * 263 / 10000)))


def _tenth(draft: _Draft) -> Decimal:
    """About a tenth of what the fund has, in whole hundreds."""
    return whole(vary(draft.rng, draft.held_yuan / 10, 20), 100)


def _bond(draft: _Draft, bought: date, matures: date, opening: Decimal) -> TreasuryBond:
    bond = TreasuryBond(
        code=f"GZ{bought.year}-{bought.month:02d}",
        kind="treasury",
        market="primary",
        matures=matures,
        decision=f"{bought.year}年业主大会表决同意购买国债",
        opening_cost_yuan=yuan(opening),
    )
    draft.bonds.append(bond)
    return bond

