"""What a compound of the sample wants to decide, before anybody has done anything about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from jiezhang.domain.approval.records import Resolution


@dataclass(frozen=True, slots=True)
class Wish:
    """A resolution and what becomes of it: `approved` is the day by which everything before the payment is done.

    `supplier` is who is paid, for `price_yuan`, whether the resolution names them or a tender finds them; `accepted` is
    when their work is accepted, `paid` when the last bill is paid. It does not carry where `fails`; `objection` is what
    an owner objects and is answered while it hangs on the board.
    """

    resolution: Resolution
    approved: date
    supplier: str = ""
    price_yuan: Decimal = Decimal("0.00")
    accepted: date | None = None
    paid: date | None = None
    fails: bool = False
    objection: tuple[str, str] | None = None

    @property
    def code(self) -> str:
        return self.resolution.code

    def dice(self, seed: int, compound: str) -> Random:
        """The random numbers of how it is decided; they don't hang on its number."""
        return Random(f"{seed}:{compound}:{self.resolution.title}:{self.approved}")  # noqa: S311


@dataclass(frozen=True, slots=True)
class Bill:
    """A payment under a resolution, with its own number where its procedure wants it sealed."""

    resolution: str
    payment: str
    payee: str
    amount_yuan: Decimal
    day: date
