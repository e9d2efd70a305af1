"""Money that neither comes from nor goes to outsiders: interest, and public revenue put into the maintenance fund."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from jiezhang.domain.period import Month

from .events import Event, dice, some_day, yuan
from .plan import PlannedCompound

_INTEREST_MONTHS: Final = (3, 6, 9, 12)
_YEARLY_PERCENT: Final = {"G": Decimal("0.20"), "W": Decimal("1.35")}

TRANSFER_LINK: Final = "transfer"


def interest(fund: str, month: Month, balance: Decimal) -> list[Event]:
    """A quarter's interest on the 21st of March, June, September and December, on the balance at the month's start."""
    amount = yuan(balance * _YEARLY_PERCENT[fund] / 400)
    if month.number not in _INTEREST_MONTHS or amount <= 0:
        return []
    day = date(month.year, month.number, 21)
    return [Event(day, "03:00:01", amount, "4101", "存款利息", "结息", kind="interest")]


def top_up(planned: PlannedCompound, month: Month, seed: int, balance: Decimal) -> tuple[list[Event], list[Event]]:
    """公共收益补充维修资金, once a quarter: the rows at the public-revenue and at the maintenance-fund bank.

    A third of what stands above two fifths of a year's revenue, in whole thousands (small compounds: hundreds).
    """
    keep = Decimal(planned.economy.yearly_yuan) * 4 / 10
    unit = 1000 if planned.economy.yearly_yuan >= 40_000 else 100
    amount = yuan((balance - keep) / 3 // unit * unit)
    if month.number not in _INTEREST_MONTHS or amount <= 0:
        return [], []
    day = some_day(dice(seed, planned.compound.code, month, "top-up"), month, 24, 27)
    public, fund = planned.public_bank, planned.fund_bank
    text = "公共收益补充维修资金"
    numbers = [account.number.replace("-", "") for account in (public, fund)]
    sent = Event(
        day, "14:30:00", -amount, "5201", text, "转账", text, fund.holder, numbers[1], by_hand=True, link=TRANSFER_LINK
    )
    got = Event(
        day, "14:30:02", amount, "4201", text, "转账", text, public.holder, numbers[0], by_hand=True, link=TRANSFER_LINK
    )
    return [sent], [got]
