"""Repairs that the fund pays for: decided, contracted, done and accepted in time, and within what the accounts hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final, Literal

from jiezhang.domain.fund_register import Project
from jiezhang.domain.household_events import Event, RepairApportioned
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import dwellings_in
from jiezhang.domain.scope import parse_scope
from jiezhang.households.effects import proposed_repair
from jiezhang.households.replay import apply
from jiezhang.households.state import Households

from .events import some_day, yuan
from .fund_matters import Payment
from .fund_register import happened
from .names import CONTRACTORS

Place = Literal["stair", "building", "compound"]

PAYER: Final = "业主"
"""Who pays the contractor what an account lacks."""
SHORT_MAX: Final = 4
"""A repair that more accounts can't bear is not decided on before they are topped up."""
PAYING_DAYS: Final = (3, 9)
"""Contractors are paid early in a month, before owners pay in. So a repair is shared by the accounts as they stood when
the last month was posted, and a sheet of completions comes to the same shares as its vouchers will."""
PREPAID_PERCENT: Final = 30
PREPAID, SETTLED = "预付款", "结算款"

_WORKS: Final[dict[Place, tuple[tuple[str, str, str, int, int], ...]]] = {
    # object, what is done, trade, yuan for each 100 m² of the dwellings concerned: from, to
    "stair": (
        ("lifts", "电梯曳引机维修", "machines", 400, 900),
        ("lobbies", "门厅吊顶和地砖维修", "building", 200, 500),
    ),
    "building": (
        ("roof", "屋面防水维修", "waterproof", 400, 900),
        ("outer_walls", "外墙渗漏维修", "waterproof", 500, 1000),
        ("drains", "雨污水管更换", "civil", 300, 600),
    ),
    "compound": (
        ("fire", "消防管网维修", "machines", 150, 350),
        ("roads", "道路路面维修", "civil", 100, 300),
        ("street_lamps", "路灯更换", "machines", 50, 120),
    ),
}
_WITHOUT_LIFTS: Final = (
    ("stairs", "楼梯间墙面维修", "building", 200, 500),
    ("lighting", "楼道照明改造", "machines", 100, 250),
)
"""Of a stair."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A repair to be paid for in `month`, with a part of the price in the month before when `prepaid`."""

    month: Month
    place: Place
    prepaid: bool = False


def plan_projects(
    rng: Random, state: Households, wanted: Sequence[Wanted], changes: Iterable[Event], last: Month, *, has_lifts: bool
) -> tuple[tuple[Project, ...], tuple[Payment, ...]]:
    """The projects of `wanted` (by month) that the accounts can bear, and their payments to the end of `last`.

    `state` are the accounts on the first day; deposits that come later only make them able to bear more.
    """
    projects: list[Project] = []
    payments: list[Payment] = []
    ahead = sorted(changes, key=lambda event: event.date)
    for one in wanted:
        day = some_day(rng, one.month, *PAYING_DAYS)
        while ahead and ahead[0].date <= day:
            state = apply(state, ahead.pop(0))
        project = _project(rng, state, one, day, len(projects) + 1, has_lifts)
        if project is None:
            continue
        total = to_fen(project.budget_yuan) * rng.randrange(930, 1001) // 1000
        first = to_fen(project.budget_yuan) * PREPAID_PERCENT // 100 if one.prepaid else 0
        bills = [(some_day(rng, one.month.shift(-1), *PAYING_DAYS), first, PREPAID), (day, total - first, SETTLED)]
        due = [
            Payment(paid, project, fen, part if one.prepaid else "")
            for paid, fen, part in bills
            if fen and paid <= last.last_day
        ]
        state = _borne(state, project, total, day)
        projects.append(project)
        payments += due
    return tuple(projects), tuple(payments)


def _project(
    rng: Random, state: Households, wanted: Wanted, day: date, number: int, has_lifts: bool
) -> Project | None:
    scope, words = _scope(rng, state, wanted.place)
    works = _WITHOUT_LIFTS if wanted.place == "stair" and not has_lifts else _WORKS[wanted.place]
    what, work, trade, low, high = rng.choice(works)
    budget = _budget(state, scope, rng.randrange(low, high + 1))
    decided = day - timedelta(days=rng.randrange(60, 110))
    warranty = date(day.year - rng.randrange(2, 9), 6, 30)
    contractor = rng.choice(CONTRACTORS[trade])
    if not budget:
        return None
    code = f"WX-{decided.year}-{number:02d}"
    return Project.model_validate(
        {
            "code": code,
            "name": words + work,
            "scope": scope,
            "object": what,
            "cause": "wear",
            "warranty_until": warranty,
            "budget_yuan": budget,
            "decided": decided,
            "contractor": contractor,
            "contract": f"HT-{code}",
            "prepay_percent": PREPAID_PERCENT if wanted.prepaid else 0,
            "accepted": day - timedelta(days=rng.randrange(1, 3) if wanted.prepaid else rng.randrange(2, 20)),
        }
    )


def _scope(rng: Random, state: Households, place: Place) -> tuple[str, str]:
    """A place that still has dwellings, as `parse_scope` reads it, and how a person calls it."""
    roll = state.roll
    if place == "compound":
        return "compound", "小区"
    building = rng.choice(roll.buildings)
    if place == "building":
        return f"building:{building}", f"{int(building)}幢"
    rows = ~roll.seller & (roll.building == roll.buildings.index(building))
    stairs = roll.stairs[rows].tolist()
    # The last stair of a building may be a small rest of it.
    stair = rng.choice([one for one in sorted(set(stairs)) if stairs.count(one) == stairs.count(stairs[0])])
    return f"stair:{building}/{stair}", f"{int(building)}幢{stair}单元"


def _budget(state: Households, scope: str, yuan_per_100_m2: int) -> Decimal:
    """The price of a repair in whole hundreds of yuan, cut down until the accounts bear it; zero when they can't."""
    concerned = dwellings_in(state.roll, parse_scope(scope), state.status)
    area_m2 = Decimal(int(state.roll.area_dm2[concerned].sum())) / 100
    for percent in (100, 80, 60, 45, 30, 20, 10):
        hundreds = int(area_m2 * yuan_per_100_m2 * percent / 1_000_000)
        if hundreds and bearable(state, scope, hundreds * 10_000, SHORT_MAX):
            return yuan(hundreds * 100)
    return yuan(0)


def bearable(state: Households, scope: str, total_fen: int, short_max: int) -> bool:
    """Whether a repair leaves at most `short_max` accounts short, none of them a selling unit's."""
    try:
        short = proposed_repair(state, parse_scope(scope), total_fen).short_fen > 0
    except Refused:
        return False
    return int(short.sum()) <= short_max and not bool(short[state.roll.seller].any())


def _borne(state: Households, project: Project, total_fen: int, day: date) -> Households:
    return happened(state, repair(state, project, total_fen, day))


def repair(state: Households, project: Project, total_fen: int, day: date) -> RepairApportioned:
    """The repair as it is shared that day, with the owner paying what an account lacks."""
    scope = parse_scope(project.scope)
    short = state.roll.codes[proposed_repair(state, scope, total_fen).short_fen > 0]
    return RepairApportioned(
        date=day, scope=scope, total_fen=total_fen, covered_by=tuple((str(code), PAYER) for code in short)
    )
