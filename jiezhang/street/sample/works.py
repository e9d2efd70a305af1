"""Larger works that a compound pays for out of public revenue: each decided, contracted and accepted by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.period import Month

from .economy import Economy
from .events import Allowed, Event, clock, some_day, vary, whole
from .fund_rows import payee_account
from .invoices import invoice_number
from .names import CONTRACTORS

_WORKS: Final = (
    ("增设电动车充电棚", "5102", "machines"),
    ("增设监控探头", "5102", "machines"),
    ("围墙加固", "5101", "building"),
    ("增设休闲座椅和晾衣架", "5102", "civil"),
    ("地下车库排水沟改造", "5101", "civil"),
    ("单元门禁系统更新", "5101", "machines"),
)
_EVERY_MONTHS: Final = 4
_FIRST: Final = (2, 1, 3, 0)
"""The month of the books, from 0, of each of four compounds' first work; the next comes `_EVERY_MONTHS` later."""
_SHARE_PERCENT: Final = 40
"""What a work costs, of a month's revenue, three tenths more or less."""
_DECIDED_DAYS: Final = (20, 40)
_ACCEPTED_DAYS: Final = (1, 9)


@dataclass(frozen=True, slots=True)
class Work:
    """A work paid in one sum. `resolution` and `payment` are filled in once its decision has a number."""

    day: date
    time: str
    what: str
    subject: str
    contractor: str
    amount_yuan: Decimal
    decided: date
    accepted: date
    invoice: str
    resolution: str = ""
    payment: str = ""

    @property
    def event(self) -> Event:
        """Its row of the public-revenue account."""
        allowed = Allowed(self.resolution, self.payment, self.invoice, self.accepted)
        return Event(
            self.day, self.time, -self.amount_yuan, self.subject, self.what, "工程款", self.what,
            self.contractor, payee_account(self.contractor), contract=f"HT-{self.resolution}", by_hand=True,
            allowed=allowed,
        )  # fmt: skip


def plan_works(rng: Random, economy: Economy, index: int, first: Month, months: int) -> tuple[Work, ...]:
    """The works of compound number `index` in `months` months from `first`."""
    turn = (index - 1) % len(_FIRST)
    return tuple(
        _work(rng, economy, index + offset // _EVERY_MONTHS, first.shift(offset))
        for offset in range(_FIRST[turn], months, _EVERY_MONTHS)
    )


def _work(rng: Random, economy: Economy, place: int, month: Month) -> Work:
    what, subject, trade = _WORKS[place % len(_WORKS)]
    day = some_day(rng, month, 12)
    monthly = Decimal(economy.yearly_yuan) / 12
    return Work(
        day=day,
        time=clock(rng),
        what=what,
        subject=subject,
        contractor=rng.choice(CONTRACTORS[trade]),
        amount_yuan=whole(vary(rng, monthly * _SHARE_PERCENT / 100, 30)),
        decided=day - timedelta(days=rng.randrange(*_DECIDED_DAYS)),
        accepted=day - timedelta(days=rng.randrange(*_ACCEPTED_DAYS)),
        invoice=invoice_number(rng),
    )
