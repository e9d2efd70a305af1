"""How much money a compound moves, from its size (figures of facts/rules §7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from jiezhang.domain.register import CompoundKind


@dataclass(frozen=True, slots=True)
class Economy:
    """`yearly_yuan` of public revenue, of it `parking_percent` from parking; `card_yuan` is a month's parking."""

    yearly_yuan: int
    parking_percent: int
    card_yuan: int
    sales: int
    """Parking sales a month on all platforms."""
    fund_rate_yuan_per_m2: int

    @property
    def monthly_parking_yuan(self) -> Decimal:
        return Decimal(self.yearly_yuan * self.parking_percent) / 1200

    @property
    def other_yuan(self) -> Decimal:
        """A year's revenue other than parking."""
        return Decimal(self.yearly_yuan * (100 - self.parking_percent)) / 100


def plan_economy(rng: Random, kind: CompoundKind, dwellings: int) -> Economy:
    """60,000 yuan a year at 300 dwellings to 400,000 at 1,500 and more; below 300 in proportion."""
    yearly = 60000 * dwellings // 300 if dwellings <= 300 else 60000 + (min(dwellings, 1500) - 300) * 340000 // 1200
    return Economy(
        yearly_yuan=max(6_000, yearly * rng.randrange(100, 121) // 100 if dwellings < 1400 else yearly),
        parking_percent=rng.randrange(40, 61),
        card_yuan={"commercial": 200, "old": 100, "resettlement": 150}[kind],
        sales=min(40, max(12, dwellings // 12)),
        fund_rate_yuan_per_m2=rng.randrange(65, 151),
    )
