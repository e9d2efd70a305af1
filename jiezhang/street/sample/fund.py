"""The maintenance fund a compound begins with: what each household paid in and what is left of it, by building."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.accounts import account_name
from jiezhang.domain.fund_register import Building
from jiezhang.domain.household_events import Detail
from jiezhang.domain.money import to_fen
from jiezhang.domain.register import Compound, Dwelling
from jiezhang.domain.roll import seller_code

from .bank_accounts import MAINTENANCE
from .events import yuan

_USED_UP_EVERY: Final = 100
"""Of so many households one paid in late and in part, and has next to nothing left."""


@dataclass(frozen=True, slots=True)
class PlannedFund:
    """`dwellings` with their first deposits and owners; `opening` (ledger account, signed yuan) but for the bank."""

    dwellings: tuple[Dwelling, ...]
    buildings: tuple[Building, ...]
    detail: Detail
    opening: tuple[tuple[str, Decimal], ...]

    @property
    def held_yuan(self) -> Decimal:
        """What the bank holds on the first day."""
        return -sum((amount for _, amount in self.opening), Decimal(0))


def plan_fund(
    rng: Random, compound: Compound, dwellings: Sequence[Dwelling], rate_yuan_per_m2: int, yield_per_mille: int
) -> PlannedFund:
    """Every sold dwelling has paid `rate_yuan_per_m2`; repairs have since used up more in one building than another.

    Yield nobody has got yet is `yield_per_mille` of what the households have.
    """
    homes = tuple(_with_deposit(rng, dwelling, rate_yuan_per_m2, place) for place, dwelling in enumerate(dwellings))
    codes = sorted({home.building for home in homes})
    left = {code: rng.randrange(22, 96) for code in codes}
    sellers = {code: _of_seller(homes, code) for code in codes}
    detail = [
        (home.code, to_fen(yuan(home.first_deposit_yuan * _left(rng, left[home.building]) / 100))) for home in homes
    ]
    detail += [(seller_code(code), to_fen(paid * left[code] / 100)) for code, paid in sellers.items()]
    held = tuple((code, fen) for code, fen in detail if fen)
    return PlannedFund(homes, _buildings(homes, sellers), held, _opening(compound, homes, held, yield_per_mille))


def _with_deposit(rng: Random, dwelling: Dwelling, rate: int, place: int) -> Dwelling:
    paid = yuan(dwelling.area_m2 * rate) if dwelling.status == "sold" else Decimal("0.00")
    owner = f"Y{place + 1:04d}{rng.choice('ACDEFGHJKLMNPQRTUVWXY')}" if dwelling.status == "sold" else ""
    return dwelling.model_copy(
        update={"owner": owner, "deposit_rate_yuan": yuan(rate), "first_deposit_yuan": paid}
    )


def _left(rng: Random, percent: int) -> int:
    """How much of its deposit a household still has: near what its building has, and here and there next to nothing."""
    if not rng.randrange(_USED_UP_EVERY):
        return rng.randrange(4)
    return max(5, percent + rng.randrange(-12, 13))


def _of_seller(homes: Sequence[Dwelling], building: str) -> Decimal:
    """What the selling unit put in: as much again as the owners of public housing did, in whole yuan."""
    paid = sum((h.first_deposit_yuan for h in homes if h.building == building and h.nature == "public"), Decimal(0))
    return Decimal(int(paid)).quantize(Decimal("0.01"))


def _buildings(homes: Sequence[Dwelling], sellers: dict[str, Decimal]) -> tuple[Building, ...]:
    own: defaultdict[str, list[Dwelling]] = defaultdict(list)
    for home in homes:
        own[home.building].append(home)
    return tuple(
        Building(
            code=code,
            dwellings=len(rows),
            area_m2=sum((row.area_m2 for row in rows), Decimal(0)),
            first_deposit_yuan=sum((row.first_deposit_yuan for row in rows), Decimal(0)),
            seller_deposit_yuan=sellers[code],
        )
        for code, rows in sorted(own.items())
    )


def _opening(
    compound: Compound, homes: Sequence[Dwelling], detail: Detail, yield_per_mille: int
) -> tuple[tuple[str, Decimal], ...]:
    places = {home.code: (home.building, "3002" if home.nature == "public" else "3001") for home in homes}
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for code, fen in detail:
        building, subject = places.get(code, (code.partition("/")[0], "3002"))
        sums[subject, building] += fen
    rows = [
        (f"{account_name(compound.component, MAINTENANCE, subject)}:{building}", -Decimal(fen).scaleb(-2))
        for (subject, building), fen in sorted(sums.items())
    ]
    waits = sum((amount for _, amount in rows), Decimal(0)) * yield_per_mille / 1000
    rows.append((account_name(compound.component, MAINTENANCE, "3101"), yuan(waits)))
    return tuple(row for row in rows if row[1])
