"""What happens to a compound's maintenance fund, planned beforehand: one frozen value for each matter, with its day.

Bank rows whose amount follows from nobody's account are there as they will be (`Row`). What has to be computed from the
accounts of its day, a repair's shares, who is below the line, a yield to give out, is named here and worked out when
the month comes (`fund_month`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiezhang.domain.fund_register import Change, Project, TreasuryBond
from jiezhang.domain.period import Month

from .events import Event


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the fund's bank account."""

    event: Event

    @property
    def day(self) -> date:
        return self.event.day


@dataclass(frozen=True, slots=True)
class Payment:
    """A contractor's bill of `total_fen`, the whole of it; the fund bears what is left after all who pay in cash."""

    day: date
    project: Project
    total_fen: int
    part: str = ""
    """What part of the price it is: 预付款, 结算款; empty for the whole."""
    number: str = ""
    """The payment that the seals are set on, where its procedure wants them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Owners below the line pay what brings them up again, collected by the bank in one sum."""

    day: date


@dataclass(frozen=True, slots=True)
class Lost:
    """A voucher without a bank row: a lost house's balance is owed from `day` on."""

    day: date
    household: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What is owed for a lost house is paid."""

    day: date
    household: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A voucher without a bank row: the deposit of `booked_on` went to `giver` and was `taker`'s."""

    day: date
    booked_on: date
    giver: str
    taker: str
    fen: int


@dataclass(frozen=True, slots=True)
class Distributed:
    """A voucher without a bank row: all yield nobody has got yet is given to every household."""

    day: date


Voucher = Lost | Corrected | Distributed
Matter = Row | Payment | Batch | Returned | Voucher


@dataclass(frozen=True, slots=True)
class FundLife:
    """The fund's register beside its dwellings, and what happens to it, in order of day.

    `apart` are dwellings of which something is told; the usual deposits leave them alone.
    """

    changes: tuple[Change, ...] = ()
    projects: tuple[Project, ...] = ()
    bonds: tuple[TreasuryBond, ...] = ()
    matters: tuple[Matter, ...] = ()
    apart: frozenset[str] = frozenset()

    def of(self, month: Month) -> list[Matter]:
        return [matter for matter in self.matters if month.contains(matter.day)]
