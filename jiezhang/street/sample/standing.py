"""The rules by which the owners of a compound let small daily expenses be paid (议事规则授权)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from random import Random
from typing import Final

from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.period import Month

from .deciding import proposers
from .economy import Economy
from .events import yuan
from .officers import Officers
from .rulebook import procedure_for
from .wishes import Wish

DAILY: Final = "S-01"
CONTRACTED: Final = "S-02"
SMALL: Final = "S-03"

_YEARS: Final = 5
"""A committee's term; a rule is made for one, or for as long as the sample lasts."""
_DECIDED_DAYS: Final = (15, 30)
_PUBLISHED_AFTER: Final = 5
"""In which month, from 0, a half-year is over, after which what was paid is published."""


def standing_rules(rng: Random, economy: Economy, officers: Officers, first: Month, months: int) -> tuple[Wish, ...]:
    """Daily expenses without papers; lift maintenance and audit under a contract; small repairs with an invoice.

    Their limits follow from the compound's revenue, so that its usual expenses are within them.
    """
    monthly = Decimal(economy.yearly_yuan) / 12
    rows = (
        # code, title, subjects, papers, each, month: parts of a month's revenue in percent and yuan on top
        (DAILY, "日常费用、退款、退还押金", "4001 2241 5001 5104 5107 5108 4901", "", (20, 1500), (50, 4000)),
        (CONTRACTED, "电梯维保、审计，按合同支付", "5101 5105", "contract invoice", (30, 100), (60, 200)),
        (SMALL, "零星维修、活动用品、办公打印，凭发票支付", "5101 5103 5106", "invoice", (15, 100), (65, 300)),
    )
    start = first.first_day
    ends = max(date(start.year + _YEARS, 12, 31), first.shift(months + 12).last_day)
    procedure = procedure_for("standing", "standing")
    by = proposers(procedure, officers)
    approved = start - timedelta(days=rng.randrange(*_DECIDED_DAYS))
    return tuple(
        Wish(
            Resolution(
                code=code, procedure=procedure.code, title=title, matter="standing", fund="G", subjects=subjects, by=by,
                starts=start, ends=ends, papers=papers,
                each_max_yuan=_round(monthly, *each), month_max_yuan=_round(monthly, *month),
            ),
            approved,
            paid=first.shift(_PUBLISHED_AFTER).last_day,
        )
        for code, title, subjects, papers, each, month in rows
    )  # fmt: skip


def _round(monthly: Decimal, percent: int, more: int) -> Decimal:
    """A part of a month's revenue, in whole hundreds of yuan, rounded up, and `more`."""
    return yuan(ceil(monthly * percent / 10_000) * 100 + more)
