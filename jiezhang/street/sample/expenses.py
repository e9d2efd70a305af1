"""What goes out of the public-revenue account. Shares of a year's revenue keep a compound solvent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.period import Month

from .events import Allowed, Event, clock, dice, some_day, vary, whole, yuan
from .fund_rows import payee_account
from .invoices import invoice_number
from .names import AUDITOR, CONTRACTORS, EVENT_SHOP, LIFT_SERVICE, POWER, PRINT_SHOP, REPAIRERS, WATER
from .plan import PlannedCompound
from .standing import SMALL

_REPAIRS: Final = (
    ("屋面渗漏修补", "5101"),
    ("地下管道疏通", "5101"),
    ("消防器材更换", "5101"),
    ("路面坑洞修补", "5101"),
    ("监控探头维修", "5101"),
    ("绿化补种", "5101"),
    ("单元门禁维修", "5101"),
)
_NEVER_ASKED: Final = "门卫室装修"
_EVENTS: Final = {1: "迎新春活动用品", 6: "端午邻里活动用品", 9: "重阳敬老活动用品", 10: "邻里节活动用品"}


def usual_expenses(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """Payments that the booking rules know; where a contract and an invoice have to be named, a person names them."""
    rng = dice(seed, planned.compound.code, month, "usual")
    monthly = Decimal(planned.economy.yearly_yuan) / 12
    found = [
        _out(rng, month, "5001", "停车管理服务费", whole(planned.economy.monthly_parking_yuan * 18 / 100),
             planned.compound.manager, "停车管理服务费"),
        _out(rng, month, "5107", "公共电费", yuan(vary(rng, monthly * 8 / 100, 25)), POWER, "电费"),
        _out(rng, month, "5104", "业委会委员津贴", whole(monthly * 7 / 100), "业委会委员津贴代发户", "委员津贴"),
    ]  # fmt: skip
    if month.number % 2 == 0:
        found.append(_out(rng, month, "5107", "公共水费", yuan(vary(rng, monthly * 3 / 100, 25)), WATER, "水费"))
    if month.number % 3 == 2 and any(asset.kind == "lift_ad" for asset in planned.assets):
        paid = _out(rng, month, "5101", "电梯维保费", whole(monthly * 15 / 100), LIFT_SERVICE, "季度维保", by_hand=True)
        found.append(_with_papers(rng, paid, f"WB-{month.year}"))
    if month.number == 4:
        paid = _out(rng, month, "5105", "审计费", whole(monthly * 24 / 100, 100), AUDITOR, "年度审计", by_hand=True)
        found.append(_with_papers(rng, paid, f"SJ-{month.year}"))
    return found + _fees(rng, month)


def _fees(rng: Random, month: Month) -> list[Event]:
    """A monthly fee; now and then two equal ones in the same second."""
    words = ("5108", "银行手续费", "手续费", "账户管理费")
    found = [Event(month.last_day, "23:58:00", -yuan(10), *words, kind="fee")]
    if rng.random() < 0.35:
        fee = Event(some_day(rng, month), clock(rng), -yuan(5), "5108", "银行手续费", "手续费", "对公转账", kind="fee")
        found += [fee, fee]
    return found


def special_expenses(planned: PlannedCompound, month: Month, seed: int) -> list[Event]:
    """Payments that a person must complete: repairs, purchases, events, and now and then one that comes back.

    No two repairs of a month are by one firm: together they might be above the limit that the owners have set.
    """
    rng = dice(seed, planned.compound.code, month, "special")
    monthly = Decimal(planned.economy.yearly_yuan) / 12
    found = []
    for repairer in rng.sample(REPAIRERS, rng.randrange(2, 4)):
        what, subject = rng.choice(_REPAIRS)
        amount = yuan(vary(rng, monthly * 8 / 100, 60))
        found.append(_out(rng, month, subject, what, amount, repairer, "工程款", by_hand=True))
    if len(found) == 2 or rng.random() < 0.5:
        amount = yuan(vary(rng, monthly * 2 / 100, 30))
        found.append(_out(rng, month, "5103", "公示资料打印费", amount, PRINT_SHOP, "打印", by_hand=True))
    if month.number in _EVENTS:
        amount = yuan(vary(rng, monthly * 10 / 100, 30))
        found.append(_out(rng, month, "5106", _EVENTS[month.number], amount, EVENT_SHOP, "货款", by_hand=True))
    found = [_with_papers(rng, event) for event in found]
    undecided = [_undecided(rng, month, monthly)] if planned.undecided == month else []
    return found + undecided + (_returned(rng, found[0]) if rng.random() < 0.15 else [])


def _with_papers(rng: Random, payment: Event, contract: str = "") -> Event:
    """`payment` with its invoice, and the contract it is made under."""
    return replace(payment, contract=contract, allowed=Allowed(invoice=invoice_number(rng)))


def _undecided(rng: Random, month: Month, monthly: Decimal) -> Event:
    """Somebody has paid a contractor for what the owners were never asked."""
    payee = CONTRACTORS["building"][0]
    paid = _out(rng, month, "5102", _NEVER_ASKED, whole(monthly * 4 / 10, 100), payee, "工程款", by_hand=True)
    return replace(_with_papers(rng, paid, "HT-LS"), undecided=True)


def _returned(rng: Random, payment: Event) -> list[Event]:
    """`payment` once more, a day before, sent to a wrong number and returned by the bank the same morning.

    The firm wrote its invoice anew, with the right number, so that each payment has its own.
    """
    day = payment.day - timedelta(days=1)
    sent = replace(
        payment,
        day=day,
        time=f"09:{rng.randrange(10, 60)}:20",
        remark=f"{payment.remark}（首次付款）",
        allowed=Allowed(invoice=invoice_number(rng)),
    )
    back = replace(
        sent,
        time=f"10:{rng.randrange(10, 60)}:05",
        amount=-sent.amount,
        summary="退汇",
        remark="账号户名不符",
        narration=f"{payment.narration}（退汇）",
        kind="reversal",
        allowed=Allowed(SMALL),
    )
    return [sent, back]


def _out(
    rng: Random,
    month: Month,
    subject: str,
    narration: str,
    amount: Decimal,
    payee: str,
    summary: str = "",
    *,
    by_hand: bool = False,
) -> Event:
    return Event(
        some_day(rng, month),
        clock(rng),
        -amount,
        subject,
        narration,
        summary or narration,
        "" if summary == narration else narration,
        payee,
        payee_account(payee),
        by_hand=by_hand,
    )
