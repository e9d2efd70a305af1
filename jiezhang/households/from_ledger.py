"""Events read from the ledger: one compact transaction each, on building control accounts.

What it is follows from the accounts; whose money it is from the metadata:

    opening: TRUE                        the opening, with a batch
    deposit: "first" | "top-up"          credits (refunds: debits) of 4001
    household: "B01-1-101"               one household
    batch: "…", batch-sha256: "…"        many
    apportion: "building:B01"            a rule (`apportion-total`, `paid-outside`, when others pay a part beside
      basis: "area" | "jishu"            the fund; `covered`, when a household lacks money)
      shares-sha256: "…"                 and the digest of what it gave everybody
    handover: TRUE                       a fund taken over later, with a batch
    bond: "…", bond-kind, bond-market, bond-matures      1101
    correction: "记-0012"                the voucher that is put right

Where no bank row and no batch vouches for the amount, the voucher states it once more: a distribution in
`apportion-total`, a correction between households in `correction-total`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from beancount.core import data

from jiezhang.domain.booking import WAITING, is_opening
from jiezhang.domain.household_events import (
    Bond,
    BondBought,
    BondRedeemed,
    Correction,
    Detail,
    Event,
    FirstDeposit,
    HandedOver,
    HouseLost,
    InterestReceived,
    LossPaid,
    Movement,
    Opening,
    PooledIncome,
    Refund,
    RepairApportioned,
    RepairDetailed,
    RevenueTransferIn,
    TopUp,
    Unexplained,
    YieldDistribution,
)
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.scope import COMPOUND, parse_scope

from .details import covers_in, deposit_kind, detail_of, fen_in
from .movements import Leg, legs_of, movement_of
from .shapes import shape_fault

UNDISTRIBUTED = "3101"
"""In the batch of a handover: yield not yet given to households, among the dwellings."""

Batches = Mapping[str, bytes]
"""What a voucher's `batch` says → the file's bytes."""


def events_from_ledger(entries: Iterable[data.Directive], batches: Batches) -> list[Event]:
    """The events of fund W in the order of `entries`; `ManyRefused` with every voucher that can't be read."""
    events, wrong = read_events(entries, batches)
    if wrong:
        raise ManyRefused(wrong)
    return events


def read_events(entries: Iterable[data.Directive], batches: Batches) -> tuple[list[Event], list[Refused]]:
    """As `events_from_ledger`, with the vouchers that can't be read beside the events that can."""
    events: list[Event] = []
    wrong: list[Refused] = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            try:
                event = read_event(entry, batches)
            except Refused as refused:
                wrong.append(_placed(refused, entry))
            else:
                events += [event] if event else []
    return events, wrong


def read_event(entry: data.Transaction, batches: Batches) -> Event | None:
    """The event of one transaction; `None` when it moves nothing between accounts of fund W (a closing, a transfer
    from bank to bank). Of one not posted only the bank's side counts. `Refused` when it can't be read."""
    legs = legs_of(entry)
    if entry.flag == WAITING:
        banked = sum(leg.fen for leg in legs if leg.account.has_statement)
        waits = Movement(bank_fen=banked, unexplained_fen=banked)
        return Unexplained(date=entry.date, movement=waits, **_place(entry)) if banked else None
    movement = movement_of(legs)
    common: dict[str, Any] = {"date": entry.date, "movement": movement} | _place(entry)
    wrong = "" if is_opening(entry) else shape_fault(legs, entry.meta)
    if wrong:
        raise Refused(wrong)
    if is_opening(entry):
        detail = detail_of(entry.meta, legs, batches, 1) if movement.buildings else ()
        return Opening(detail=detail, **common) if legs else None
    if "handover" in entry.meta:
        detail = detail_of(entry.meta, legs, batches, 1)
        return HandedOver(detail=tuple(line for line in detail if line[0] != UNDISTRIBUTED), **common)
    if "correction" in entry.meta and legs:
        kind = deposit_kind(entry.meta) if "deposit" in entry.meta else None
        detail = _corrected(entry.meta, legs, batches)
        return Correction(detail=detail, corrects=str(entry.meta["correction"]), deposit=kind, **common)
    if not movement.touched:
        return None
    return _of_households(entry, legs, batches, common) if "buildings" in movement.touched else _pooled(
        entry, legs, common
    )


def _of_households(entry: data.Transaction, legs: tuple[Leg, ...], batches: Batches, common: dict[str, Any]) -> Event:
    codes = {leg.account.subject.code for leg in legs if leg.building}
    movement: Movement = common["movement"]
    if "5101" in codes:
        if "household" not in entry.meta:
            raise Refused("房屋灭失的返还须用 household 写明是哪一户")
        return HouseLost(household=str(entry.meta["household"]), **common)
    if "undistributed" in movement.touched:
        return _distribution(entry.meta, common)
    if "5001" in codes:
        return _repair(entry.meta, legs, batches, common)
    assert codes == {"4001"}, "shape_fault lets nothing else through"
    kind, gives = deposit_kind(entry.meta), movement.buildings_fen > 0
    detail = detail_of(entry.meta, legs, batches, 1 if gives else -1)
    if not gives:
        return Refund(detail=detail, deposit=kind, **common)
    return FirstDeposit(detail=detail, **common) if kind == "first" else TopUp(detail=detail, **common)


def _distribution(meta: Mapping[str, Any], common: dict[str, Any]) -> YieldDistribution:
    basis = meta.get("basis")
    if basis not in ("jishu", "area") or parse_scope(str(meta.get("apportion", ""))) != COMPOUND:
        raise Refused("收益分配须注明 apportion: “compound” 和 basis: “jishu”（积数）或 “area”（面积）")
    if fen_in(meta, "apportion-total") != common["movement"].buildings_fen:
        raise Refused("收益分配须用 apportion-total 写明分配总额，与分录的合计相等")
    return YieldDistribution(basis="jishu" if basis == "jishu" else "area", **common)


def _corrected(meta: Mapping[str, Any], legs: tuple[Leg, ...], batches: Batches) -> Detail:
    detail = detail_of(meta, legs, batches, 1)
    if "batch" not in meta and fen_in(meta, "correction-total") != sum(fen for _, fen in detail if fen > 0):
        raise Refused("更正须用 correction-total 写明转给各户的总额，与分录的合计相等")
    return detail


def _repair(meta: Mapping[str, Any], legs: tuple[Leg, ...], batches: Batches, common: dict[str, Any]) -> Event:
    if "apportion" not in meta:
        return RepairDetailed(detail=detail_of(meta, legs, batches, -1), **common)
    if "batch" in meta or "household" in meta or any(leg.household for leg in legs):
        raise Refused("凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户")
    if meta.get("basis", "area") != "area":
        raise Refused("维修支出按面积分摊，basis 应写 area")
    movement: Movement = common["movement"]
    return RepairApportioned(
        scope=parse_scope(str(meta["apportion"])),
        total_fen=_whole_cost(meta, -movement.buildings_fen),
        covered_by=covers_in(meta),
        **common,
    )


def _whole_cost(meta: Mapping[str, Any], from_fund: int) -> int:
    """The cost in fen: what the fund pays, and what others paid the contractor beside it."""
    total, outside = fen_in(meta, "apportion-total"), fen_in(meta, "paid-outside")
    if total is None and outside is None:
        return from_fund
    if total is None or outside is None or total != from_fund + outside:
        raise Refused("apportion-total（总费用）应等于维修资金支付的加上 paid-outside（资金外支付的），两项须同时写明")
    return total


def _pooled(entry: data.Transaction, legs: tuple[Leg, ...], common: dict[str, Any]) -> Event:
    touched = common["movement"].touched
    if "bonds" in touched:
        return _bond(entry.meta, common)
    if "unexplained" in touched:
        return Unexplained(**common)
    if "payable" in touched:
        return LossPaid(household=str(entry.meta.get("household", "")), **common)
    subject = next((leg.account.subject.code for leg in legs if leg.account.subject.root != "Assets"), "")
    if subject == "4101":
        return InterestReceived(**common)
    if subject == "4201":
        return RevenueTransferIn(**common)
    return PooledIncome(subject=subject, **common)


def _bond(meta: Mapping[str, Any], common: dict[str, Any]) -> Event:
    ref = str(meta.get("bond", ""))
    if not ref:
        raise Refused("国债投资须用 bond 写明是哪一笔国债")
    if common["movement"].bonds_fen < 0:
        return BondRedeemed(ref=ref, **common)
    matures = meta.get("bond-matures")
    if not isinstance(matures, date):
        raise Refused(f"国债“{ref}”须用 bond-matures 写明到期日")
    kind, market = str(meta.get("bond-kind", "")), str(meta.get("bond-market", ""))
    return BondBought(bond=Bond(ref, common["movement"].bonds_fen, matures, kind, market), **common)


def _place(entry: data.Transaction) -> dict[str, Any]:
    return {"file": str(entry.meta.get("filename", "")), "line": int(entry.meta.get("lineno", 0))}


def _placed(refused: Refused, entry: data.Transaction) -> Refused:
    return refused if refused.file else Refused(refused.message, **_place(entry))
