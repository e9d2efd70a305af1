"""What happened to an account, in an owner's words, and how the household's part was computed, so that it can be
checked with a pocket calculator (165号令 2008 art. 30: the apportionment is published, owners may ask for 复核)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Literal

import numpy as np

from jiezhang.domain.apportion import Apportionment
from jiezhang.domain.household_events import (
    Correction,
    DepositKind,
    Event,
    FirstDeposit,
    HandedOver,
    HouseLost,
    OwnerChange,
    Rearranged,
    Refund,
    RepairApportioned,
    RepairDetailed,
    TopUp,
    YieldDistribution,
)
from jiezhang.domain.money import yuan
from jiezhang.domain.roll import rows_of
from jiezhang.households.effects import proposed_repair, yield_weights
from jiezhang.households.fund import Booked
from jiezhang.households.state import Households

from .fund_paper import PAYERS, area_words, coverer_words, scope_words
from .household_account import SELLER

LineKind = Literal["deposit", "received", "yield", "repair", "moved", "lost", "other"]
"""交存（减退回）, 接管转入, 收益, 维修, 转入转出 between dwellings (split, merged, renumbered), 房屋灭失返还, and the
rest: corrections, and sales, which move nothing."""

_DEPOSITS: dict[DepositKind, str] = {"first": "首期交存", "top-up": "续交"}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of an account. Fen; `change_fen` is negative for what went out, 0 for what only has to be known."""

    day: date
    kind: LineKind
    what: str
    how: str
    """How this household's part was computed; empty when there is nothing to compute."""
    voucher: str
    """`记-0043`, or empty for a change of the register."""
    change_fen: int
    balance_fen: int

    @property
    def in_fen(self) -> int:
        return max(self.change_fen, 0)

    @property
    def out_fen(self) -> int:
        return max(-self.change_fen, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words; `how` takes a row of the roll. `rows` are concerned even where no money moves."""

    kind: LineKind
    what: str
    how: Callable[[int], str] = lambda _: ""
    rows: tuple[int, ...] = ()


def tell(booked: Booked, before: Households, projects: Mapping[str, str]) -> Told | None:
    """What `booked` was; `None` when it touched no household.

    `before` is the ledger right before it, carried forward to its day; `projects` are names by code.
    """
    told = _tell(booked.event, before)
    entry = booked.entry
    if told is None or told.kind != "repair" or entry is None:
        return told
    name = projects.get(str(entry.meta.get("project", "")), entry.narration or "")
    return Told(told.kind, f"{told.what}：{name}" if name else told.what, told.how, told.rows)


@singledispatch
def _tell(event: Event, before: Households) -> Told | None:  # noqa: ARG001 - the others need it
    return None


@_tell.register
def _first(event: FirstDeposit, before: Households) -> Told:  # noqa: ARG001
    return Told("deposit", _DEPOSITS["first"])


@_tell.register
def _handed_over(event: HandedOver, before: Households) -> Told:  # noqa: ARG001
    return Told("received", "接管转入", lambda _: "原管理单位移交的本户余额。")


@_tell.register
def _top_up(event: TopUp, before: Households) -> Told:  # noqa: ARG001
    return Told("deposit", _DEPOSITS["top-up"])


@_tell.register
def _refund(event: Refund, before: Households) -> Told:  # noqa: ARG001
    return Told("deposit", f"退回{_DEPOSITS[event.deposit]}")


@_tell.register
def _correction(event: Correction, before: Households) -> Told:  # noqa: ARG001
    what = f"更正凭证 {event.corrects}"
    return Told("deposit", f"{what} 的交存") if event.deposit else Told("other", what)


@_tell.register
def _lost(event: HouseLost, before: Households) -> Told:  # noqa: ARG001
    return Told("lost", "房屋灭失，余额返还", lambda _: "余额全部返还，本户停止记账。")


@_tell.register
def _sold(event: OwnerChange, before: Households) -> Told:
    return Told("other", "房屋过户", lambda _: "余额随房屋一并过户，金额不变。", (before.row(event.household),))


@_tell.register
def _rearranged(event: Rearranged, before: Households) -> Told:
    old = frozenset(rows_of(before.roll, event.sources).tolist())
    new = rows_of(before.roll, event.made).tolist()
    what = "分户" if len(new) > 1 else "合户" if len(old) > 1 else "改户号"
    sources, made = "、".join(event.sources), "、".join(event.made)
    by_area = "（按建筑面积）" if len(new) > 1 else ""

    def how(row: int) -> str:
        return f"余额转到 {made}{by_area}，本户号停用。" if row in old else f"由 {sources} 转来{by_area}。"

    return Told("moved", what, how, (*sorted(old), *new))


@_tell.register
def _distributed(event: YieldDistribution, before: Households) -> Told:
    total = f"共分配 {yuan(event.movement.buildings_fen)} 元"
    weights, by_jishu = yield_weights(before, event.basis), event.basis == "jishu"
    by, unit = ("积数（余额×天数）", "") if by_jishu else ("建筑面积", " ㎡")
    whole = yuan(int(weights.sum()))  # hundredths, as fen are: of yuan times days, or of m²
    return Told("yield", "收益分配", lambda row: (
        f"{total}，按{by}分：本户 {yuan(int(weights[row]))}{unit} ÷ 共 {whole}{unit}。"
    ))


@_tell.register
def _detailed(event: RepairDetailed, before: Households) -> Told:  # noqa: ARG001
    total = yuan(-event.movement.buildings_fen)
    return Told("repair", "维修分摊", lambda _: f"费用 {total} 元，按约定的各户金额分摊。")


@_tell.register
def _repaired(event: RepairApportioned, before: Households) -> Told:
    proposal = proposed_repair(before, event.scope, event.total_fen)
    covered = dict(event.covered_by)
    rule = _Shares.of(proposal)
    short, codes = proposal.short_fen, before.roll.codes

    def how(row: int) -> str:
        said, share = rule.of_row(row), yuan(int(proposal.share_fen[row]))
        if proposal.in_cash[row]:
            payer = PAYERS["housing_unit" if before.roll.public[row] else "developer"]
            return f"{said}，应摊 {share} 元。未售房屋由{payer}另付，不动用维修资金。"
        if payer := covered.get(str(codes[row]), ""):
            said += f"，应摊 {share} 元，余额不足的 {yuan(int(short[row]))} 元由{coverer_words(payer)}另付"
        return f"{said}。"

    concerned = np.flatnonzero(proposal.concerned & (proposal.share_fen != 0))
    return Told("repair", "维修分摊", how, tuple(concerned.tolist()))


@dataclass(frozen=True, slots=True)
class _Shares:
    """The steps of an apportionment (165号令 2008 art. 20) with their sums: fen, and areas in dm²."""

    proposal: Apportionment
    start: str
    all_dm2: int
    public_fen: int
    owners_fen: int
    owners_dm2: int

    @classmethod
    def of(cls, proposal: Apportionment) -> _Shares:
        """The sums behind `proposal`."""
        roll, shares = proposal.roll, proposal.share_fen
        homes = proposal.concerned & ~roll.seller
        owners = homes & roll.public & ~proposal.in_cash
        sellers = proposal.concerned & roll.seller
        return cls(
            proposal,
            f"费用 {yuan(proposal.total_fen)} 元，{scope_words(proposal.scope)}",
            int(roll.area_dm2[homes].sum()),
            int(shares[owners | sellers].sum()),
            int(shares[owners].sum()),
            int(roll.area_dm2[owners].sum()),
        )

    def of_row(self, row: int) -> str:
        """How the share of `row` comes about."""
        roll, area = self.proposal.roll, int(self.proposal.roll.area_dm2[row])
        if not roll.public[row] or self.proposal.in_cash[row]:
            return f"{self.start}按建筑面积分摊：本户 {area_words(area)} ㎡ ÷ 共 {area_words(self.all_dm2)} ㎡"
        mixed = self.public_fen != self.proposal.total_fen
        said = f"{self.start}{'公有住房按建筑面积摊 ' + yuan(self.public_fen) + ' 元' if mixed else ''}"
        if roll.seller[row]:
            return f"{said}，{SELLER}按交存比例承担 {yuan(self.public_fen - self.owners_fen)} 元"
        owners = f"业主按交存比例承担 {yuan(self.owners_fen)} 元"
        return f"{said}，{owners}，再按建筑面积分摊：本户 {area_words(area)} ㎡ ÷ 共 {area_words(self.owners_dm2)} ㎡"
