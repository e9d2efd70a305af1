"""The fund's register as the household ledger reads it, and everybody's account on the first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from jiezhang.domain.fund_register import FundRegister, Numbered
from jiezhang.domain.household_events import Event, Movement, Opening
from jiezhang.domain.money import to_fen
from jiezhang.domain.register import Row
from jiezhang.domain.roll import by_building
from jiezhang.households.effects import effect
from jiezhang.households.fund import begin
from jiezhang.households.replay import apply
from jiezhang.households.state import Households, accrued

from .fund import PlannedFund
from .fund_matters import FundLife

RowType = TypeVar("RowType", bound=Row)


def register_of(fund: PlannedFund, life: FundLife, start: date) -> FundRegister:
    """What will stand in `register/`, the lines numbered as the files are."""
    return FundRegister(
        start,
        fund.dwellings,
        _numbered(fund.buildings),
        _numbered(life.changes),
        _numbered(life.projects),
        _numbered(life.bonds),
    )


def _numbered(rows: Sequence[RowType]) -> Numbered[RowType]:
    return tuple(enumerate(rows, start=2))


def opened(fund: PlannedFund, life: FundLife, start: date) -> Households:
    """Everybody's account after the opening voucher."""
    bonds = sum(to_fen(bond.opening_cost_yuan) for bond in life.bonds)
    waits = -sum(to_fen(amount) for account, amount in fund.opening if ":3101" in account)
    held = Movement(bank_fen=to_fen(fund.held_yuan) - bonds, bonds_fen=bonds, undistributed_fen=waits)
    return happened(begin(register_of(fund, life, start)), Opening(date=start, movement=held, detail=fund.detail))


def happened(state: Households, event: Event) -> Households:
    """`state` after `event`, with the buildings' side of its movement worked out from whose money it is.

    When the event says of no pool that it moves, the money comes from the bank or goes there. Only for the sample: in a
    real ledger the control accounts come from the vouchers, so that the two sides can differ.
    """
    _, change = effect(event, accrued(state, event.date))
    sums = by_building(state.roll, change).tolist()
    buildings = tuple((name, fen) for name, fen in zip(state.roll.buildings, sums, strict=True) if fen)
    pools = event.movement if event.movement.touched else Movement(bank_fen=sum(sums))
    return apply(state, replace(event, movement=replace(pools, buildings=buildings)))
