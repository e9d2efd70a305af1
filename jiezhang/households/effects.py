"""What each kind of event does to the columns: `effect(event, state)` gives the change of balances, and the state with
all other columns as they are afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

import numpy as np

from jiezhang.domain.apportion import Apportionment, apportion
from jiezhang.domain.household_events import (
    BondBought,
    BondRedeemed,
    Correction,
    DepositKind,
    Detail,
    Event,
    FirstDeposit,
    HandedOver,
    HouseLost,
    LossPaid,
    Opening,
    OwnerChange,
    PooledIncome,
    Rearranged,
    Refund,
    RepairApportioned,
    RepairDetailed,
    TopUp,
    Unexplained,
    YieldBasis,
    YieldDistribution,
)
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import ABSENT, LOST, SOLD, UNSOLD, rows_of
from jiezhang.domain.scope import Scope
from jiezhang.domain.shares import Column, split_column

from . import bonds
from .state import Households, sealed

Effect = tuple[Households, Column]


@singledispatch
def effect(event: Event, state: Households) -> Effect:
    """The state with everything but balances and controls changed, and the change of balances. `Refused` as it says.

    Income that is nobody's yet, payments of what is owed, and unexplained rows touch no household.
    """
    assert isinstance(event, PooledIncome | LossPaid | Unexplained), f"no effect for {type(event).__name__}"
    return state, _nothing(state)


def proposed_repair(state: Households, scope: Scope, total_fen: int) -> Apportionment:
    """How a repair that costs `total_fen` would be shared today, shortfalls and all, before anybody approves it."""
    return apportion(
        total_fen,
        scope,
        state.roll,
        status=state.status,
        balance_fen=state.balance_fen,
        deposited_fen=state.deposited_fen,
    )


def yield_weights(state: Households, basis: YieldBasis) -> Column:
    """What yield is shared by on the day of `state`: 积数 in fen times days, or 0.01 m² of those that have an account.

    `Refused` for areas where a selling unit has money, which has none.
    """
    if basis == "jishu":
        return state.jishu
    if (state.roll.seller & (state.balance_fen > 0)).any():
        raise Refused("有售房单位的资金，收益只能按积数分配，不能按面积分配")
    has_account = (state.balance_fen > 0) | (state.deposited_fen > 0)
    weights: Column = np.where(has_account & (state.status < LOST), state.roll.area_dm2, 0)
    return weights


def _nothing(state: Households) -> Column:
    return np.zeros(len(state.roll), dtype=np.int64)


def _column(state: Households, detail: Detail, sign: int) -> Column:
    """`detail` as a column. `sign`: 1 when no line may be negative, -1 when none may be positive, 0 for either."""
    rows = rows_of(state.roll, [code for code, _ in detail])
    change = _nothing(state)
    change[rows] = [fen for _, fen in detail]
    wrong = change * sign < 0
    if wrong.any():
        code, fen = state.roll.codes[wrong][0], change[wrong][0]
        raise Refused(f"明细里户 {code} 的金额 {yuan(fen * sign)} 方向相反，更正须另用更正凭证")
    return change


@effect.register
def _first_deposit(event: FirstDeposit, state: Households) -> Effect:
    return _deposited(state, _column(state, event.detail, 1), "first")


@effect.register
def _top_up(event: TopUp, state: Households) -> Effect:
    return _deposited(state, _column(state, event.detail, 1), "top-up")


@effect.register
def _correction(event: Correction, state: Households) -> Effect:
    change = _column(state, event.detail, 0)
    if not event.deposit:
        return state, change
    # An earlier year's deposit does not become this year's by being put right, or it could be paid back.
    earlier = event.corrects[:4].isdigit() and int(event.corrects[:4]) < event.date.year
    after, moved = _deposited(state, change, event.deposit)
    return (replace(after, year_deposit_fen=state.year_deposit_fen) if earlier else after), moved


@effect.register
def _handed_over(event: HandedOver, state: Households) -> Effect:
    return state, _column(state, event.detail, 1)


@effect.register
def _repair_detailed(event: RepairDetailed, state: Households) -> Effect:
    return state, _column(state, event.detail, -1)


@effect.register
def _bond_bought(event: BondBought, state: Households) -> Effect:
    return bonds.bought(state, event), _nothing(state)


@effect.register
def _bond_redeemed(event: BondRedeemed, state: Households) -> Effect:
    return bonds.redeemed(state, event), _nothing(state)


@effect.register
def _opened(event: Opening, state: Households) -> Effect:
    controls = state.controls
    begun = [controls.bank_fen, controls.bonds_fen, controls.payable_fen, controls.undistributed_fen]
    if any(begun) or controls.buildings_fen.any() or state.balance_fen.any():
        raise Refused("分户账已有业务，不能再记期初余额")
    held = sum(bond.cost_fen for bond in state.bonds)
    if held != event.movement.bonds_fen:
        said = f"期初国债投资 {yuan(event.movement.bonds_fen)} 元"
        raise Refused(f"{said}，bonds.csv 登记的期初买价合计 {yuan(held)} 元，两者应相等")
    return state, _column(state, event.detail, 1)


def _deposited(state: Households, change: Column, kind: DepositKind) -> Effect:
    """Sums of what was paid in, moved by `change` (negative for refunds and corrections)."""
    first = state.first_deposit_fen + change if kind == "first" else state.first_deposit_fen
    paid = state.deposited_fen + change
    for column in (first, paid):
        if (column < 0).any():
            raise Refused(f"户 {state.roll.codes[column < 0][0]} 退回的金额多于它的交存金额")
    this_year = np.maximum(state.year_deposit_fen + change, 0)
    after = replace(
        state, first_deposit_fen=sealed(first), deposited_fen=sealed(paid), year_deposit_fen=sealed(this_year)
    )
    return after, change


@effect.register
def _refunded(event: Refund, state: Households) -> Effect:
    change = _column(state, event.detail, -1)
    over = -change > state.year_deposit_fen
    if over.any():
        code, paid = state.roll.codes[over][0], yuan(state.year_deposit_fen[over][0])
        raise Refused(f"户 {code} 本年交存 {paid} 元，退回 {yuan(-change[over][0])} 元：只能退回本年的交存")
    return _deposited(state, change, event.deposit)


@effect.register
def _repaired(event: RepairApportioned, state: Households) -> Effect:
    proposal = proposed_repair(state, event.scope, event.total_fen)
    charge, short = proposal.charge_fen.copy(), proposal.short_fen
    rows = rows_of(state.roll, [code for code, _ in event.covered_by])
    needless = rows[short[rows] == 0]
    if len(needless):
        raise Refused(f"户 {state.roll.codes[needless[0]]} 的余额足够分摊，不用别人垫付")
    charge[rows] -= short[rows]
    return state, -charge


@effect.register
def _distributed(event: YieldDistribution, state: Households) -> Effect:
    total = event.movement.buildings_fen
    held = state.controls.undistributed_fen
    if not 0 < total <= held:
        raise Refused(f"待分配累计收益有 {yuan(held)} 元，不能分配 {yuan(total)} 元")
    return replace(state, jishu=sealed(_nothing(state))), split_column(total, yield_weights(state, event.basis))


@effect.register
def _lost(event: HouseLost, state: Households) -> Effect:
    """The account closes; yield it earned but did not get is lost to it, so distribute first."""
    row = state.row(event.household)
    held, paid = int(state.balance_fen[row]), -event.movement.buildings_fen
    if state.status[row] >= LOST:
        raise Refused(f"户 {event.household} 已经按灭失处理过，或已注销")
    if held != paid:
        raise Refused(f"户 {event.household} 余额 {yuan(held)} 元，房屋灭失须全部退还，凭证写的是 {yuan(paid)} 元")
    change, status, jishu = _nothing(state), state.status.copy(), state.jishu.copy()
    change[row], status[row], jishu[row] = -held, LOST, 0
    return replace(state, status=sealed(status), jishu=sealed(jishu)), change


@effect.register
def _sold(event: OwnerChange, state: Households) -> Effect:
    row = state.row(event.household)
    if state.status[row] >= LOST:
        raise Refused(f"户 {event.household} 已灭失或注销，不能过户")
    if state.status[row] != UNSOLD:
        return state, _nothing(state)
    status = state.status.copy()
    status[row] = SOLD
    return replace(state, status=sealed(status)), _nothing(state)


@effect.register
def _rearranged(event: Rearranged, state: Households) -> Effect:
    """Every column of the old dwellings, summed, goes to the new ones by floor area; a fen left to the earlier code."""
    old, new = rows_of(state.roll, event.sources), np.sort(rows_of(state.roll, event.made))
    if (state.status[old] >= LOST).any():
        code = state.roll.codes[old][state.status[old] >= LOST][0]
        raise Refused(f"户 {code} 已灭失或注销，不能再分户、合户或改号")
    if (state.status[new] != ABSENT).any():
        raise Refused(f"户 {state.roll.codes[new][state.status[new] != ABSENT][0]} 已经存在，新户号不得与现有的相同")
    both = np.concatenate([old, new])
    if any(len(set(kept.tolist())) > 1 for kept in (state.roll.building[both], state.roll.public[both])):
        raise Refused("分户、合户只能在同一幢里，商品住宅与已售公有住房之间也不行")
    if len(set(state.status[old].tolist())) > 1:
        raise Refused("合户的各户须都已售或都未售")
    areas = state.roll.area_dm2
    if int(areas[old].sum()) != int(areas[new].sum()):
        said = f"{int(areas[old].sum()) / 100:.2f} ㎡，变更后 {int(areas[new].sum()) / 100:.2f} ㎡"
        raise Refused(f"变更前面积合计 {said}，两者应相等")
    status = state.status.copy()
    status[new], status[old] = status[old][0], ABSENT
    after = replace(
        state,
        status=sealed(status),
        first_deposit_fen=_handed_on(state.first_deposit_fen, old, new, areas),
        deposited_fen=_handed_on(state.deposited_fen, old, new, areas),
        year_deposit_fen=_handed_on(state.year_deposit_fen, old, new, areas),
        jishu=_handed_on(state.jishu, old, new, areas),
    )
    return after, _handed_on(state.balance_fen, old, new, areas) - state.balance_fen


def _handed_on(column: Column, old: Column, new: Column, areas: Column) -> Column:
    after = column.copy()
    total = int(column[old].sum())
    after[old] = 0
    after[new] = split_column(total, areas[new])
    return sealed(after)
