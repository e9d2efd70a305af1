"""What lies in a compound's `seals/`: the sealed months, and the one that is before the parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..period import Month
from .attestation import Signed
from .differences import Difference
from .figures import NOTHING_BEFORE, MonthFigures
from .month_seal import MonthSeal, seal_digest


@dataclass(frozen=True, slots=True)
class Presented:
    """A month laid before the parties: figures, the office's signed checkpoint, what they have signed so far, and what
    the office says to differences they stated (by id)."""

    figures: MonthFigures
    checkpoint: str
    signed: tuple[Signed, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """Sealed months, oldest first, and presented ones by month (`2026-10`), sealed ones left out."""

    seals: tuple[MonthSeal, ...] = ()
    presented: Mapping[str, Presented] = field(default_factory=dict)

    @property
    def last(self) -> MonthSeal | None:
        return self.seals[-1] if self.seals else None

    @property
    def closed(self) -> Month | None:
        """The last month that is closed."""
        return self.seals[-1].month if self.seals else None

    def seal_of(self, month: Month) -> MonthSeal | None:
        """The seal of `month`, if it is closed."""
        return next((seal for seal in self.seals if seal.month == month), None)

    @property
    def previous(self) -> str:
        """What the next seal names as the one before it."""
        return seal_digest(self.seals[-1]) if self.seals else NOTHING_BEFORE

    @property
    def open_differences(self) -> tuple[Difference, ...]:
        """What the last seal left open."""
        return self.seals[-1].open_after() if self.seals else ()
