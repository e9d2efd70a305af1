"""What comes into the public-revenue account apart from the payment platforms."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from jiezhang.domain.period import Month
from jiezhang.domain.register import Contract

from .contracts import due_dates
from .events import Event, clock, dice, some_day, vary, whole, yuan
from .fund_rows import deposit, room
from .names import SCRAP_YARD
from .plan import PlannedCompound


def contract_receipts(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """Payments under contracts that arrive in `month`, whenever they fell due: most on time, some late, some never."""
    found = []
    for contract in planned.contracts:
        for due in (day for back in (2, 1, 0) for day in due_dates(contract, month.shift(-back))):
            rng = dice(seed, planned.compound.code, Month.of(due), contract.code)
            paid = _paid(rng, due)
            if paid and month.contains(paid):
                found.append(_receipt(rng, contract, due, paid))
    return found


def _paid(rng: Random, due: date) -> date | None:
    luck = rng.randrange(100)
    if luck < 8:
        return None
    return due + timedelta(days=rng.randrange(0, 6) if luck < 80 else rng.randrange(10, 41))


def _receipt(rng: Random, contract: Contract, due: date, paid: date) -> Event:
    return Event(
        paid,
        clock(rng),
        contract.amount_yuan,
        contract.subject,
        contract.note,
        contract.note,
        f"{due:%Y年%m月}起 {contract.code}",
        contract.counterparty,
        contract.counterparty_account,
        contract=contract.code,
        # After its term a contract no longer speaks for its payer: a person has to say so.
        by_hand=paid > contract.end,
    )


def other_receipts(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """Owners' transfers, damages, scrap and deposits: some known to a rule, most for a person to complete."""
    rng = dice(seed, planned.compound.code, month, "receipts")
    found = [_owner(rng, planned, month, "公共车位费", by_hand=False) for _ in range(rng.randrange(0, 3))]
    if rng.random() < 0.15:
        found.append(_owner(rng, planned, month, "<b>车位</b>", by_hand=True))
    if rng.random() < 0.3:
        payer = room(rng.choice(planned.dwellings))
        when, amount = (some_day(rng, month), clock(rng)), whole(rng.randrange(100, 900), 50)
        found.append(Event(*when, amount, "4010", "撞损道闸赔偿", "赔偿", "道闸", *payer, by_hand=True))
    if rng.random() < 0.2:
        when, amount = (some_day(rng, month), clock(rng)), yuan(Decimal(rng.randrange(3_000, 30_000)) / 100)
        payer = (SCRAP_YARD, "9900000000010001")
        found.append(Event(*when, amount, "4901", "废品回收款", "货款", "", *payer, by_hand=True))
    return found + deposits(planned, month, seed)


def deposits(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """A deposit taken this month, and last month's given back: never more out than came in."""
    found = []
    for taken, back in ((month, False), (month.shift(-1), True)):
        rng = dice(seed, planned.compound.code, taken, "deposit")
        if taken.first_day < planned.compound.start or rng.random() >= 0.25:
            continue
        amount, day = whole(rng.randrange(300, 1500), 100), some_day(rng, month, 3, 25)
        who = ("测试社区集市摊主", f"9900{rng.randrange(10**6):06d}0002")
        text, sign = ("退还摊位押金", -1) if back else ("摊位押金", 1)
        found.append(Event(day, clock(rng), sign * amount, "2241", text, text, "集市", *who, by_hand=True))
    return found


def _owner(rng: Random, planned: PlannedCompound, month: Month, words: str, *, by_hand: bool) -> Event:
    dwelling = rng.choice(planned.dwellings)
    amount = whole(vary(rng, Decimal(planned.economy.card_yuan), 20))
    return Event(
        some_day(rng, month),
        clock(rng, 7, 21),
        amount,
        "4001",
        "公共车位费",
        "转账" if by_hand else words,
        f"{words if by_hand else ''}{dwelling.code}",
        *room(dwelling),
        by_hand=by_hand,
    )


def fund_receipts(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """One or two owners pay into the maintenance fund, by the area of their dwelling, after the first ten days."""
    rng = dice(seed, planned.compound.code, month, "fund")
    usual = [one for one in planned.dwellings if one.status == "sold" and one.code not in planned.life.apart]
    found = []
    for _ in range(rng.randrange(1, 3)):
        dwelling = rng.choice(usual)
        day, amount = some_day(rng, month, 11), yuan(dwelling.area_m2 * rng.randrange(20, 61))
        found.append(deposit(rng, dwelling, day, amount))
    return found
