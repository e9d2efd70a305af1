"""Buildings and dwellings of one compound."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.register import CompoundKind, Dwelling


@dataclass(frozen=True, slots=True)
class Form:
    """How houses of one kind are built."""

    floors: int
    per_floor: int
    per_building: int
    area_m2: int
    """Average floor area of a dwelling."""
    public_percent: int
    """How many of a hundred dwellings are 已售公有住房."""
    unsold_percent: int
    has_lifts: bool


FORMS: Final[dict[CompoundKind, Form]] = {
    "commercial": Form(18, 2, 72, 108, 0, 2, True),
    "old": Form(6, 2, 36, 68, 20, 0, False),
    "resettlement": Form(11, 2, 66, 84, 0, 1, True),
}

ANCHOR: Final = Form(6, 2, 28, 180, 0, 0, True)
"""The first compound: 11 buildings, 306 dwellings, about 55,000 m² (facts/rules §7, a compound of 1999)."""
ANCHOR_DWELLINGS: Final = 306
ANCHOR_LIFTS: Final = 9


def plan_dwellings(rng: Random, form: Form, count: int) -> tuple[Dwelling, ...]:
    """`count` dwellings in as many buildings as `form` asks for, building by building."""
    buildings = max(1, round(count / form.per_building))
    sizes = [count // buildings + (1 if index < count % buildings else 0) for index in range(buildings)]
    types = [Decimal(form.area_m2 * percent).scaleb(-2) for percent in (70, 85, 100, 115, 130)]
    found: list[Dwelling] = []
    for building, size in enumerate(sizes, start=1):
        found += [_dwelling(rng, form, building, place, types[place % 5]) for place in range(size)]
    return tuple(found)


def _dwelling(rng: Random, form: Form, building: int, place: int, typical: Decimal) -> Dwelling:
    stair, inside = divmod(place, form.floors * form.per_floor)
    room = f"{inside // form.per_floor + 1}{inside % form.per_floor + 1:02d}"
    return Dwelling(
        code=f"{building:02d}-{stair + 1}-{room}",
        building=f"{building:02d}",
        stair=str(stair + 1),
        room=room,
        area_m2=typical + Decimal(rng.randrange(-199, 200)).scaleb(-2),
        nature="public" if rng.randrange(100) < form.public_percent else "commercial",
        status="unsold" if rng.randrange(100) < form.unsold_percent else "sold",
    )


def lifts(dwellings: tuple[Dwelling, ...], form: Form) -> int:
    """How many lifts the compound has: one for each stair, the anchor nine in all."""
    if form is ANCHOR:
        return ANCHOR_LIFTS
    return len({(dwelling.building, dwelling.stair) for dwelling in dwellings}) if form.has_lifts else 0


def total_area_m2(dwellings: tuple[Dwelling, ...], nature: str = "") -> Decimal:
    """Floor area of all dwellings, or of those of one `nature`."""
    return sum((one.area_m2 for one in dwellings if nature in ("", one.nature)), Decimal(0))
