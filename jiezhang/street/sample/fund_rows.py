"""Bank rows of the maintenance fund that are the same whatever the accounts hold: who pays in, bonds, scrap."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from jiezhang.domain.fund_register import TreasuryBond
from jiezhang.domain.register import Dwelling

from .events import Event, Whose, clock, yuan
from .names import BOND_DESK, SCRAP_YARD, room_name


def payee_account(name: str) -> str:
    """A made-up number, the same for the same name."""
    return f"9900{sum(map(ord, name)) % 10**6:06d}0003"


def room(dwelling: Dwelling) -> tuple[str, str]:
    """How an owner stands on a statement: name and number."""
    name = room_name(dwelling.building, dwelling.stair, dwelling.room)
    return f"{name}业主", f"9900********{dwelling.building}{int(dwelling.room) % 100:02d}"


def deposit(rng: Random, dwelling: Dwelling, day: date, amount: Decimal) -> Event:
    """续交 that names its dwelling, so that a rule and the register know it."""
    words = ("业主交存维修资金", "维修资金交存", dwelling.code)
    whose = Whose(household=dwelling.code, deposit="top-up")
    return Event(day, clock(rng), amount, "4001", *words, *room(dwelling), whose=whose)


def first_deposit(rng: Random, dwelling: Dwelling, day: date) -> Event:
    """首期交存 of a dwelling just sold, at the standard it was registered with."""
    amount = yuan(dwelling.area_m2 * dwelling.deposit_rate_yuan)
    words = ("业主首期交存维修资金", "首期维修资金", dwelling.code)
    whose = Whose(household=dwelling.code, deposit="first")
    return Event(day, clock(rng), amount, "4001", *words, *room(dwelling), by_hand=True, whose=whose)


def paid_twice(rng: Random, dwelling: Dwelling, day: date, amount: Decimal) -> tuple[Event, Event, Event]:
    """The same deposit on two days, and the second given back within the week (财会〔2020〕7号: Dr 4001)."""
    paid = deposit(rng, dwelling, day, amount)
    again = deposit(rng, dwelling, day + timedelta(days=2), amount)
    words = ("退还重复交存的维修资金", "退款", f"重复交存 {dwelling.code}")
    when = (day + timedelta(days=7), clock(rng))
    back = Event(*when, -amount, "4001", *words, *room(dwelling), by_hand=True, whose=paid.whose)
    return paid, again, back


def booked_elsewhere(rng: Random, payer: Dwelling, booked_to: Dwelling, day: date, amount: Decimal) -> Event:
    """A deposit that names no dwelling; the bookkeeper takes it for another's."""
    whose = Whose(household=booked_to.code, deposit="top-up")
    words = ("业主交存维修资金", "转账", "维修基金")
    return Event(day, clock(rng), amount, "4001", *words, *room(payer), by_hand=True, whose=whose)


def bond_bought(rng: Random, bond: TreasuryBond, day: date, cost: Decimal) -> Event:
    words = (f"购买国债 {bond.code}", "购买国债", bond.code)
    desk = (BOND_DESK, payee_account(BOND_DESK))
    return Event(day, clock(rng), -cost, "1101", *words, *desk, by_hand=True, whose=Whose(bond=bond.code))


def bond_redeemed(rng: Random, bond: TreasuryBond, interest: Decimal) -> Event:
    """Cost and interest come in one sum on the day the bond matures."""
    words = (f"国债到期兑付本息 {bond.code}", "国债兑付", f"{bond.code}到期本息")
    desk = (BOND_DESK, payee_account(BOND_DESK))
    amount = bond.opening_cost_yuan + interest
    return Event(bond.matures, clock(rng), amount, "1101", *words, *desk, by_hand=True, whose=Whose(bond=bond.code))


def scrap_sold(rng: Random, day: date, amount: Decimal) -> Event:
    """共用设施设备报废残值 (165号令 2008 art. 27(4))."""
    words = ("报废水泵、电机残值", "货款", "旧水泵电机")
    return Event(day, clock(rng), amount, "4301", *words, SCRAP_YARD, "9900000000010001", by_hand=True)
