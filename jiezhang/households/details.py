"""Whose money a voucher moves: its `household`, its `batch` file, or a `household` on each posting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiezhang.domain.household_events import DepositKind, Detail
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import Refused

from .batch import parse_batch
from .movements import Leg


def detail_of(
    meta: Mapping[str, Any], legs: tuple[Leg, ...], batches: Mapping[str, bytes], sign: int
) -> Detail:
    """The detail of a voucher, in fen as the accounts move.

    `sign` is -1 for vouchers that take money away, whose batch lists what is taken as positive amounts. `Refused`
    when the voucher names nobody, or names them in two ways.
    """
    of_buildings = [leg for leg in legs if leg.building]
    on_postings = [leg for leg in of_buildings if leg.household]
    ways = ["household" in meta, "batch" in meta, bool(on_postings)]
    if sum(ways) != 1:
        raise Refused("凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户")
    if "household" in meta:
        return ((str(meta["household"]), sum(leg.fen for leg in of_buildings)),)
    if "batch" in meta:
        name = str(meta["batch"])
        if name not in batches:
            raise Refused(f"找不到批量明细文件“{name}”")
        lines = parse_batch(batches[name], str(meta.get("batch-sha256", "")), name)
        return tuple((code, sign * fen) for code, fen in lines)
    if len(on_postings) != len(of_buildings):
        raise Refused("凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户")
    sums: defaultdict[str, int] = defaultdict(int)
    for leg in on_postings:
        sums[leg.household] += leg.fen
    return tuple(sums.items())


def deposit_kind(meta: Mapping[str, Any]) -> DepositKind:
    """`deposit: "first"`, or a top-up when nothing is said."""
    given = meta.get("deposit", "top-up")
    if given == "first":
        return "first"
    if given == "top-up":
        return "top-up"
    raise Refused(f"交存种类“{given}”应写 first（首期）或 top-up（续交）")


def fen_in(meta: Mapping[str, Any], key: str) -> int | None:
    """An amount of yuan in the metadata, in fen; `None` when it is not there."""
    given = meta.get(key)
    if given is None:
        return None
    try:
        amount = Decimal(str(given))
        if abs(amount) >= Decimal(10) ** 12:
            raise ValueError
        return to_fen(amount)
    except (ArithmeticError, ValueError):
        raise Refused(f"“{key}”的金额“{given}”写法不对") from None


def covers_in(meta: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """`covered: "B01-1-101=owner, B01-1-102=developer"`: who pays, outside the fund, what these accounts lack."""
    found = []
    for part in filter(None, (word.strip() for word in str(meta.get("covered", "")).split(","))):
        code, equals, who = part.partition("=")
        if not (code and equals and who):
            raise Refused(f"垫付“{part}”应写成 户=谁垫付 的样子")
        found.append((code.strip(), who.strip()))
    return tuple(found)
