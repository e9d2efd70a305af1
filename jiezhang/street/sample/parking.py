"""Parking sold through WeChat and Alipay: sales, fees, refunds and withdrawals at the platform, lumps at the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Final

from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month

from .events import IN_TRANSIT_LEG, Event, clock, yuan
from .names import ALIPAY_PAYER, WECHAT_PAYER

FEE_RATE: Final = Decimal("0.006")
_CARDS: Final = ((1, "月卡"), (3, "季卡"), (6, "半年卡"), (12, "年卡"))


@dataclass(frozen=True, slots=True)
class Platform:
    """The words one platform uses in its bill, and how its lump appears at the bank.

    Each of sale, fee, refund and payout is what stands in the bill's summary and the beginning of its remark.
    """

    sale: tuple[str, str]
    fee: tuple[str, str]
    refund: tuple[str, str]
    payout: tuple[str, str]
    payer: str
    payer_account: str
    arrival: str
    buyer: str = ""
    """How a buyer's account is shown, if at all."""


PLATFORMS: Final = {
    "wechat": Platform(
        ("交易", ""),
        ("扣除交易手续费", "结算手续费"),
        ("退款", "含手续费0.00元"),
        ("提现", "商户自动提现"),
        WECHAT_PAYER,
        "1000000000",
        "微信支付结算到账",
    ),
    "alipay": Platform(
        ("停车费", ""),
        ("停车费", "服务费"),
        ("停车费", "退款"),
        ("", "提现到银行账户"),
        ALIPAY_PAYER,
        "2088000000000000",
        "支付宝结算到账",
        "buy***@example.com",
    ),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """One platform account in one month: what it should sell, and on which days it pays out (empty: daily)."""

    bank: str
    number: str
    target_yuan: Decimal
    sales: int
    card_yuan: int
    payout_days: tuple[int, ...] = ()

    def pays_out(self, day: date) -> bool:
        return not self.payout_days or day.day in self.payout_days


def platform_events(rng: Random, shop: Shop, month: Month, opening: Decimal) -> list[Event]:
    """The platform's rows of `month`, oldest first. What stood there at midnight is paid out that night."""
    found: list[Event] = []
    orders: dict[tuple[date, Decimal], str] = {}
    balance, number = opening, 0
    sold = {day: list(sales) for day, sales in groupby(_sales(rng, shop, month), key=lambda sale: sale[0])}
    for offset in range(month.last_day.day):
        day = month.first_day + timedelta(days=offset)
        if balance > 0 and shop.pays_out(day):
            found.append(_payout(shop, day, balance))
            balance = ZERO
        for _, time, amount, what in sold.get(day, []):
            number += 1
            order = orders.get((day, -amount), f"P{day:%Y%m%d}{number:06d}")
            orders[day, _half(amount)] = order
            sale = _sale(shop, day, time, number, amount, what, order)
            found += sale
            balance += sum((event.amount for event in sale), ZERO)
    return found


def _sales(rng: Random, shop: Shop, month: Month) -> list[tuple[date, str, Decimal, str]]:
    """Day, time, amount and what was sold, in order of time; a refund is a negative sale of half a card."""
    short = [(yuan(rng.randrange(5, 41)), "临时停车") for _ in range(shop.sales // 2)]
    wanted = shop.target_yuan - sum((amount for amount, _ in short), ZERO)
    cards: list[tuple[Decimal, str]] = []
    left = shop.sales - len(short)
    while left > 0 and wanted >= shop.card_yuan:
        aim = min(wanted, wanted / left * rng.choice((1, 1, 2)))
        months, what = min(_CARDS, key=lambda card: abs(card[0] * shop.card_yuan - aim))
        cards.append((yuan(months * shop.card_yuan), f"公共车位{what}"))
        wanted -= cards[-1][0]
        left -= 1
    placed = [
        (month.first_day + timedelta(days=rng.randrange(month.last_day.day)), clock(rng, 6, 22), amount, what)
        for amount, what in short + cards
    ]
    # A part of one card is paid back later in the same evening: the day's takings always cover it.
    if cards and rng.random() < 0.5:
        day, time, amount, _ = placed[-1]
        if time < "22":
            placed.append((day, f"23:{rng.randrange(60):02d}:{rng.randrange(60):02d}", -_half(amount), "退卡"))
    return sorted(placed, key=lambda sale: sale[:2])


def _half(amount: Decimal) -> Decimal:
    return yuan(amount // 2)


def _sale(shop: Shop, day: date, time: str, number: int, amount: Decimal, what: str, order: str) -> list[Event]:
    words = PLATFORMS[shop.bank]
    if amount < 0:
        summary, remark = words.refund
        serial = _serial(shop, "503", "R", day, number, summary)
        text = f"{remark} {order}"
        bought = ("停车费退款", summary, text, "", words.buyer, serial)
        return [Event(day, time, amount, "4001", *bought, kind="refund")]
    fee = yuan(amount * FEE_RATE)
    paid = _serial(shop, "420", "S", day, number, words.sale[0])
    found = [Event(day, time, amount, "4001", "停车费", words.sale[0], f"{what} {order}", "", words.buyer, paid)]
    if fee:
        summary, remark = words.fee
        charged = _serial(shop, "420", "F", day, number, summary)
        text = f"{remark} {order}"
        found.append(Event(day, time, -fee, "5108", "支付平台手续费", summary, text, serial=charged, kind="fee"))
    return found


def _payout(shop: Shop, day: date, amount: Decimal) -> Event:
    return Event(
        day,
        "00:10:00",
        -amount,
        IN_TRANSIT_LEG,
        "支付平台提现",
        *PLATFORMS[shop.bank].payout,
        serial=_serial(shop, "108", "T", day, 0, "提现"),
        kind="settlement",
    )


def _serial(shop: Shop, wechat: str, alipay: str, day: date, number: int, kind: str) -> str:
    """WeChat numbers the deal and tells its parts apart by kind; Alipay numbers each movement."""
    if shop.bank == "alipay":
        return f"{alipay}{shop.number[-4:]}{day:%Y%m%d}{number:010d}"
    return f"{wechat}{shop.number}{day:%Y%m%d}{number:07d}:{kind}"


def lumps(bank: str, events: Sequence[Event], month: Month, in_transit: Decimal) -> list[Event]:
    """The bank's rows for payouts: each arrives the day after (T+1), the last month's first of all."""
    arrived = [(month.first_day, in_transit)] if in_transit else []
    arrived += [(event.day + timedelta(days=1), -event.amount) for event in events if event.kind == "settlement"]
    words = PLATFORMS[bank]
    return [
        Event(
            day,
            "08:20:15" if bank == "wechat" else "08:25:40",
            amount,
            IN_TRANSIT_LEG,
            words.arrival,
            "停车费T+1结算",
            f"{day - timedelta(days=1):%m%d}提现",
            words.payer,
            words.payer_account,
            kind="settlement",
        )
        for day, amount in arrived
        if month.contains(day)
    ]
