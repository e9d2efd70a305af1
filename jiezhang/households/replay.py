"""Applying events: pure, one state in, one state out; nothing half done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from jiezhang.domain.household_events import Event
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import NotOnRegister, Refused
from jiezhang.domain.roll import LOST, by_building
from jiezhang.domain.shares import Column

from .effects import effect
from .state import Households, accrued, moved, sealed

_POOLS = {
    "bank": "银行存款",
    "bonds": "国债投资",
    "payable": "应付房屋灭失返还资金",
    "undistributed": "待分配累计收益",
    "unexplained": "待查款项",
    "buildings": "各幢维修资金",
}


def apply(state: Households, event: Event) -> Households:
    """`state` after `event`. `Refused` with the voucher's place, when the event cannot be."""
    try:
        _check_movement(event)
        after, change = effect(event, accrued(state, event.date))
        return _posted(after, event, change)
    except Refused as wrong:
        raise type(wrong)(wrong.message, event.file, event.line) from None


def replay(state: Households, events: Iterable[Event]) -> Households:
    """`state` after all `events`, in their order (by date). `Refused` at the first that cannot be."""
    for event in events:
        state = apply(state, event)
    return state


def _check_movement(event: Event) -> None:
    stray = sorted(event.movement.touched - event.may_touch)
    if stray:
        raise Refused(f"这种凭证不应动“{'、'.join(_POOLS[name] for name in stray)}”，请分开记")
    if not event.movement.is_balanced:
        raise Refused("这笔凭证在维修资金内借贷不平")


def _posted(state: Households, event: Event, change: Column) -> Households:
    """`state` with balances and control sums moved, after both sides are found to agree."""
    stated = _stated(state, event.movement.buildings)
    detailed = by_building(state.roll, change)
    wrong = np.flatnonzero(stated != detailed)
    if len(wrong):
        name, control, sum_ = state.roll.buildings[wrong[0]], stated[wrong[0]], detailed[wrong[0]]
        raise Refused(f"{name} 幢账上变动 {yuan(control)} 元，分户合计 {yuan(sum_)} 元，两者应相等")
    _check_natures(state, event, change)
    balance = state.balance_fen + change
    _check_balances(state, balance, change)
    controls = moved(state.controls, event.movement, stated)
    for name, fen in (("待分配累计收益", controls.undistributed_fen), ("应付房屋灭失返还资金", controls.payable_fen)):
        if fen < 0:
            raise Refused(f"{name}会成为负数：{yuan(fen)} 元")
    return replace(state, balance_fen=sealed(balance), controls=controls)


def _check_natures(state: Households, event: Event, change: Column) -> None:
    """Where the accounts say the nature (3001, 3002), the details say the same."""
    if event.movement.public is None:
        return
    stated = _stated(state, event.movement.public)
    detailed = by_building(state.roll, np.where(state.roll.public, change, 0))
    wrong = np.flatnonzero(stated != detailed)
    if len(wrong):
        name, control, sum_ = state.roll.buildings[wrong[0]], stated[wrong[0]], detailed[wrong[0]]
        raise Refused(f"{name} 幢已售公有住房账上变动 {yuan(control)} 元，分户合计 {yuan(sum_)} 元，两者应相等")


def _stated(state: Households, sums: tuple[tuple[str, int], ...]) -> Column:
    stated = np.zeros(len(state.roll.buildings), dtype=np.int64)
    for name, fen in sums:
        if name not in state.roll.buildings:
            raise NotOnRegister(f"名册里没有 {name} 幢")
        stated[state.roll.buildings.index(name)] += fen
    return stated


def _check_balances(state: Households, balance: Column, change: Column) -> None:
    short = balance < 0
    if short.any():
        row = np.flatnonzero(short)[0]
        has, owes = yuan(state.balance_fen[row]), yuan(-change[row])
        said = f"户 {state.roll.codes[row]} 余额 {has} 元，应扣 {owes} 元，不足 {yuan(-balance[row])} 元"
        raise Refused(f"{said}（共 {int(short.sum())} 户不足），须写明由谁垫付")
    closed = (state.status >= LOST) & (balance != 0)
    if closed.any():
        raise Refused(f"户 {state.roll.codes[closed][0]} 已灭失或注销，不能再记账")
