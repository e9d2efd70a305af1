"""Common assets, and the contracts under which others use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final, Literal

from jiezhang.domain.period import Month
from jiezhang.domain.register import Asset, Contract

from .names import PAYERS

AssetKind = Literal["parking", "lift_ad", "outdoor_ad", "locker", "telecom", "charger", "stall", "room", "vending"]
Cycle = Literal["month", "quarter", "half_year", "year", "once"]

CYCLE_MONTHS: Final[dict[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of earning: chart subject, words, share of the revenue next to the others, usual cycle."""

    kind: AssetKind
    subject: str
    asset: str
    fee: str
    place: str
    weight: int
    cycle: Cycle


KINDS: Final = (
    Kind("lift_ad", "4002", "电梯轿厢广告位", "电梯广告费", "各幢电梯轿厢", 24, "quarter"),
    Kind("outdoor_ad", "4003", "道闸广告位", "道闸广告费", "南门道闸", 12, "half_year"),
    Kind("locker", "4004", "快递柜", "快递柜场地费", "北门东侧", 8, "quarter"),
    Kind("telecom", "4005", "通信基站", "基站占地费", "1幢屋面", 16, "year"),
    Kind("charger", "4006", "电动车充电桩", "充电桩分成", "车棚", 8, "month"),
    Kind("stall", "4007", "便民摊位", "摊位租金", "东门内侧", 8, "month"),
    Kind("room", "4008", "经营用房", "经营用房租金", "2幢底层", 18, "month"),
    Kind("vending", "4009", "自助售水机", "售水机场地费", "中心花园", 6, "quarter"),
)
BY_KIND: Final = {kind.kind: kind for kind in KINDS}


def plan_assets(rng: Random, lifts: int, dwellings: int) -> tuple[Asset, ...]:
    """Parking always, lift advertising wherever there are lifts, most of the rest."""
    places = max(8, dwellings // 3)
    assets = [Asset(code="ZC-001", kind="parking", name="地面公共车位", place="小区道路两侧", quantity=places)]
    chosen = [kind for kind in KINDS if (lifts if kind.kind == "lift_ad" else rng.random() < 0.75)]
    for kind in chosen or [BY_KIND["locker"]]:
        quantity = lifts if kind.kind == "lift_ad" else rng.randrange(1, 4)
        code = f"ZC-{len(assets) + 1:03d}"
        assets.append(Asset(code=code, kind=kind.kind, name=kind.asset, place=kind.place, quantity=quantity))
    return tuple(assets)


def plan_contracts(rng: Random, assets: tuple[Asset, ...], other_yuan: Decimal, first: Month) -> tuple[Contract, ...]:
    """One contract for each asset but parking, together worth about `other_yuan` a year.

    Terms are whole years; some end while the books run, and most of those are followed by a new contract
    with the same firm, the others leave the asset unused.
    """
    let = [asset for asset in assets if asset.kind != "parking"]
    weights = [BY_KIND[asset.kind].weight * rng.randrange(80, 121) for asset in let]
    found: list[Contract] = []
    for asset, weight in zip(let, weights, strict=True):
        yearly = other_yuan * weight / sum(weights)
        start = first.shift(-rng.randrange(1, 34)).first_day + timedelta(days=rng.choice((0, 0, 0, 9, 14, 19)))
        years = rng.choice((1, 2, 3, 3, 5))
        payer = rng.choice(PAYERS[asset.kind])
        number = rng.randrange(10**6)
        term = _contract(len(found) + 1, asset, payer, number, yearly, start, years)
        while term.end < first.first_day:
            term = _contract(len(found) + 1, asset, payer, number, yearly, term.end + timedelta(days=1), years)
        found.append(term)
        if rng.random() < 0.7:
            found.append(
                _contract(len(found) + 1, asset, payer, number, yearly * 105 / 100, term.end + timedelta(days=1), years)
            )
    return tuple(found)


def _contract(
    count: int, asset: Asset, payer: str, number: int, yearly: Decimal, start: date, years: int
) -> Contract:
    kind = BY_KIND[asset.kind]
    amount = max(1, round(yearly * CYCLE_MONTHS[kind.cycle] / 120)) * 10
    return Contract(
        code=f"HT-{count:04d}",
        asset=asset.code,
        counterparty=payer,
        counterparty_account=f"990000{number:06d}0001",
        subject=kind.subject,
        start=start,
        end=date(start.year + years, start.month, start.day) - timedelta(days=1),
        amount_yuan=Decimal(amount).quantize(Decimal("0.01")),
        cycle=kind.cycle,
        note=kind.fee,
    )


def due_dates(contract: Contract, month: Month) -> list[date]:
    """The days in `month` on which a payment under `contract` falls due: the first of each cycle, paid ahead."""
    step = CYCLE_MONTHS[contract.cycle]
    since = (month.year - contract.start.year) * 12 + month.number - contract.start.month
    due = month.first_day + timedelta(days=contract.start.day - 1)
    return [due] if since >= 0 and since % step == 0 and due <= contract.end else []
