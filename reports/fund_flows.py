"""How the replayed events of a fund move its totals and each account: the kinds of flow that are published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from jiezhang.domain.household_events import (
    Correction,
    Event,
    FirstDeposit,
    HandedOver,
    HouseLost,
    Opening,
    OwnerChange,
    Rearranged,
    Refund,
    RepairApportioned,
    RepairDetailed,
    TopUp,
    YieldDistribution,
)
from jiezhang.domain.roll import LOST, seller_code
from jiezhang.domain.shares import Column
from jiezhang.households.fund import Booked
from jiezhang.households.movements import legs_of
from jiezhang.households.state import Households

from .fund_paper import reading_order

ColumnKey = Literal["deposit", "yield", "use", "other"]
FlowKey = str
"""A key of `FLOWS`."""

FLOWS: dict[FlowKey, str] = {
    "first": "首期交存",
    "top-up": "续交",
    "refund": "退回本年交存",
    "received": "接管转入",
    "4101": "存款利息",
    "4102": "国债利息",
    "4201": "公共收益补充维修资金",
    "4301": "共用设施处置收入",
    "4901": "其他收入",
    "3101": "直接记入待分配收益",
    "received-yield": "接管转入的待分配收益",
    "repair": "维修支出",
    "5901": "其他支出",
    "returned": "房屋灭失返还",
    "corrected": "更正",
}
"""Everything that moves what the owners own, in the order of printing: key → title."""

DEPOSITS: tuple[FlowKey, ...] = ("first", "top-up", "refund", "received")
YIELDS: tuple[FlowKey, ...] = ("4101", "4102", "4201", "4301", "4901", "3101", "received-yield")
USES: tuple[FlowKey, ...] = ("repair", "5901")

_KINDS: dict[type[Event], tuple[FlowKey, ColumnKey]] = {
    FirstDeposit: ("first", "deposit"),
    TopUp: ("top-up", "deposit"),
    Refund: ("refund", "deposit"),
    HandedOver: ("received", "deposit"),
    RepairApportioned: ("repair", "use"),
    RepairDetailed: ("repair", "use"),
    HouseLost: ("returned", "other"),
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account's period; `use_fen` is positive for what a repair took. opening + deposit + yield − use + other =
    closing. `deposit_fen`: what was taken over from the fund's keeper before, too; `other_fen`: split, merged,
    renumbered, lost, corrected."""

    code: str
    building: str
    stands: bool
    """At the end of the period: neither lost nor split, merged or renumbered away."""
    opening_fen: int
    deposit_fen: int
    yield_fen: int
    use_fen: int
    other_fen: int
    closing_fen: int

    @property
    def is_seller(self) -> bool:
        """Whether it is the selling unit's account for the building."""
        return self.code == seller_code(self.building)

    @property
    def is_household(self) -> bool:
        """Whether it counts as a household (户): a dwelling that stands."""
        return self.stands and not self.is_seller


@dataclass(frozen=True, slots=True)
class Flows:
    """What a period did. `distributed_fen` moved inside the fund, from the undistributed yield to the accounts."""

    opening_households_fen: int
    opening_undistributed_fen: int
    by_key: dict[FlowKey, int]
    """Fen, positive: the owners own more. Keys of `FLOWS` that did not occur are missing."""
    distributed_fen: int
    accounts: tuple[AccountLine, ...]

    @property
    def opening_fen(self) -> int:
        return self.opening_households_fen + self.opening_undistributed_fen

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + sum(self.by_key.values())

    def sum_of(self, keys: Iterable[FlowKey]) -> int:
        """The flows of some kinds together, in fen."""
        return sum(self.by_key.get(key, 0) for key in keys)


def flows_of(journal: Sequence[Booked], state: Households, first: date) -> Flows:
    """The flows since `first`; `journal` ends with the period, `state` is everybody's account after it.

    The opening voucher is what there was before, whatever its day.
    """
    before = np.zeros(len(state.roll), dtype=np.int64)
    columns: dict[ColumnKey, Column] = {
        key: np.zeros(len(state.roll), dtype=np.int64) for key in ("deposit", "yield", "use", "other")
    }
    by_key: defaultdict[FlowKey, int] = defaultdict(int)
    undistributed = distributed = 0
    for booked in journal:
        event = booked.event
        if event.date < first or isinstance(event, Opening):
            before += booked.change_fen
            undistributed += event.movement.undistributed_fen
            continue
        key, column = _kind(event)
        columns[column] += booked.change_fen
        if isinstance(event, YieldDistribution):
            distributed += event.movement.buildings_fen
        elif key:
            by_key[key] += int(booked.change_fen.sum())
        for code, fen in _pooled(booked).items():
            by_key[code] += fen
    return Flows(
        int(before.sum()), undistributed, {key: by_key[key] for key in FLOWS if by_key.get(key)}, distributed,
        _lines(state, before, columns),
    )  # fmt: skip


def _kind(event: Event) -> tuple[FlowKey, ColumnKey]:
    """What the change of the accounts is; the key is empty where it only moves between accounts or from the yield."""
    if isinstance(event, YieldDistribution):
        return "", "yield"
    if isinstance(event, Correction):
        return (event.deposit, "deposit") if event.deposit else ("corrected", "other")
    if isinstance(event, Rearranged | OwnerChange):
        return "", "other"
    return _KINDS.get(type(event), ("", "other"))


def _pooled(booked: Booked) -> dict[FlowKey, int]:
    """What was earned or spent beside the accounts, by subject."""
    moved = booked.event.movement.undistributed_fen
    if not moved or booked.entry is None:
        return {}
    if isinstance(booked.event, Correction):
        return {"corrected": moved}
    if isinstance(booked.event, HandedOver):
        return {"received-yield": moved}
    found: defaultdict[FlowKey, int] = defaultdict(int)
    for leg in legs_of(booked.entry):
        if leg.account.subject.code in (*YIELDS, "5901"):
            found[leg.account.subject.code] += leg.fen
    if isinstance(booked.event, YieldDistribution):
        found["3101"] += booked.event.movement.buildings_fen
    return found


def _lines(state: Households, before: Column, columns: dict[ColumnKey, Column]) -> tuple[AccountLine, ...]:
    """The accounts that stand, and those gone that had something in the period."""
    roll = state.roll
    moved = (before != 0) | np.any([column != 0 for column in columns.values()], axis=0)
    lines = [
        AccountLine(
            str(roll.codes[row]), roll.buildings[int(roll.building[row])], bool(state.status[row] < LOST),
            int(before[row]), int(columns["deposit"][row]), int(columns["yield"][row]), -int(columns["use"][row]),
            int(columns["other"][row]), int(state.balance_fen[row]),
        )
        for row in np.flatnonzero((state.status < LOST) | moved)
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: reading_order(line.building, line.code)))
