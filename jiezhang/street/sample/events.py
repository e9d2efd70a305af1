"""What happened on one day at one account, before it becomes a row of a statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Literal

from jiezhang.domain.money import FEN
from jiezhang.domain.period import Month

IN_TRANSIT_LEG = "1012-在途"


@dataclass(frozen=True, slots=True)
class Whose:
    """What a completion sheet says of the maintenance fund's rows beside their account; fields as in `Completion`."""

    household: str = ""
    deposit: Literal["", "first", "top-up"] = ""
    batch: str = ""
    project: str = ""
    paid_outside: Decimal | None = None
    covered: str = ""
    bond: str = ""


NOBODYS = Whose()


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a completion sheet says allows a payment, and what came with it; fields as in `Completion`."""

    resolution: str = ""
    payment: str = ""
    invoice: str = ""
    accepted: date | None = None


NOTHING_SAID = Allowed()


@dataclass(frozen=True, slots=True)
class Event:
    """One movement of `amount` yuan (in positive). `other` is the other leg: a subject code, `-`, a detail.

    `by_hand` when no rule and no contract knows it; `link` joins the two sides of a transfer between funds; `undecided`
    when nobody decided it, so that it can't be completed.
    """

    day: date
    time: str
    amount: Decimal
    other: str
    narration: str
    summary: str
    remark: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    serial: str = ""
    kind: str = "normal"
    contract: str = ""
    by_hand: bool = False
    link: str = ""
    whose: Whose = NOBODYS
    allowed: Allowed = NOTHING_SAID
    undecided: bool = False


def dice(seed: int, code: str, month: Month, topic: str) -> Random:
    """The random numbers of one matter of one compound-month; the same wherever and whenever it is asked."""
    return Random(f"{seed}:{code}:{month}:{topic}")  # noqa: S311


def yuan(value: Decimal | int) -> Decimal:
    """`value` rounded half up to fen."""
    return Decimal(value).quantize(FEN, ROUND_HALF_UP)


def whole(value: Decimal | int, unit: int = 10) -> Decimal:
    """`value` as a round sum of at least one `unit` yuan."""
    return yuan(max(unit, round(Decimal(value) / unit) * unit))


def vary(rng: Random, value: Decimal, percent: int) -> Decimal:
    """`value` up to `percent` more or less."""
    return value * rng.randrange(100 - percent, 101 + percent) / 100


def clock(rng: Random, first_hour: int = 9, last_hour: int = 16) -> str:
    """A time within office hours, both hours included."""
    return f"{rng.randrange(first_hour, last_hour + 1):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def some_day(rng: Random, month: Month, first: int = 2, last: int = 27) -> date:
    return date(month.year, month.number, rng.randrange(first, last + 1))
