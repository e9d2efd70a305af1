"""Everybody's account in one compound's maintenance fund on one day, as columns.

The control sums come from the ledger's control accounts, the columns from details and rules: two sets of numbers that
never feed each other, so that comparing them (`identity`) means something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from jiezhang.domain.household_events import Bond, Movement
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling
from jiezhang.domain.roll import ABSENT, SOLD, UNSOLD, Roll, roll_of, rows_of
from jiezhang.domain.shares import Column


@dataclass(frozen=True, slots=True, eq=False)
class Controls:
    """What the ledger's control accounts say, in fen. `bank_fen` holds 1001 and 1201; `buildings_fen` is a column."""

    buildings_fen: Column
    bank_fen: int = 0
    bonds_fen: int = 0
    payable_fen: int = 0
    undistributed_fen: int = 0
    unexplained_fen: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Households:
    """State at the end of `as_of`; columns are as long as `roll` and read-only.

    `first_deposit_fen` is what the 30 % line is measured by; `deposited_fen` all that was ever paid in, less refunds;
    `year_deposit_fen` the part of it in the calendar year of `as_of`; `jishu` fen times days since the last
    distribution of yield, up to the start of `as_of`.
    """

    roll: Roll
    as_of: date
    status: Column
    balance_fen: Column
    first_deposit_fen: Column
    deposited_fen: Column
    year_deposit_fen: Column
    jishu: Column
    controls: Controls
    bonds: tuple[Bond, ...] = ()

    def row(self, code: str) -> int:
        """The row of one account; `Refused` when it is not on the roll."""
        return int(rows_of(self.roll, [code])[0])


COLUMNS = ("status", "balance_fen", "first_deposit_fen", "deposited_fen", "year_deposit_fen", "jishu")


def sealed(column: Column) -> Column:
    """`column`, which must be new, made read-only."""
    column.setflags(write=False)
    return column


def new_households(
    dwellings: Iterable[Dwelling],
    on: date,
    first_deposits: Mapping[str, int] | None = None,
    later: Iterable[Dwelling] = (),
) -> Households:
    """Empty accounts on the day `on`, before any event.

    `later` are dwellings that a split, merge or renumbering makes after `on`.

    `first_deposits`: code (a dwelling's, or a seller's as `B01/S`) → fen paid in before these books began. What is paid
    later comes as events. The order of `dwellings` does not matter. `Refused` for a code that is not on the roll.
    """
    made = tuple(later)
    roll = roll_of((*dwellings, *made))
    status = np.where(roll.unsold, UNSOLD, SOLD).astype(np.int64)
    if made:
        status[rows_of(roll, [dwelling.code for dwelling in made])] = ABSENT
    first = np.zeros(len(roll), dtype=np.int64)
    if first_deposits:
        first[rows_of(roll, tuple(first_deposits))] = list(first_deposits.values())
    zero = sealed(np.zeros(len(roll), dtype=np.int64))
    sealed(first)
    return Households(
        roll=roll,
        as_of=on,
        status=sealed(status),
        balance_fen=zero,
        first_deposit_fen=first,
        deposited_fen=first,
        year_deposit_fen=zero,
        jishu=zero,
        controls=Controls(sealed(np.zeros(len(roll.buildings), dtype=np.int64))),
    )


def accrued(state: Households, day: date) -> Households:
    """`state` carried forward to `day`: 积数 grow with each day that money lay there; a new year starts its sums."""
    if day < state.as_of:
        raise Refused(f"业务日期 {day} 早于分户账已记到的日期 {state.as_of}")
    if day == state.as_of:
        return state
    days = (day - state.as_of).days
    paid = state.year_deposit_fen if day.year == state.as_of.year else sealed(np.zeros_like(state.year_deposit_fen))
    return replace(state, as_of=day, jishu=sealed(state.jishu + state.balance_fen * days), year_deposit_fen=paid)


def moved(controls: Controls, movement: Movement, buildings: Column) -> Controls:
    """`controls` after `movement`, whose buildings are given as the column `buildings`."""
    return Controls(
        sealed(controls.buildings_fen + buildings),
        controls.bank_fen + movement.bank_fen,
        controls.bonds_fen + movement.bonds_fen,
        controls.payable_fen + movement.payable_fen,
        controls.undistributed_fen + movement.undistributed_fen,
        controls.unexplained_fen + movement.unexplained_fen,
    )


def same(one: Households, other: Households) -> bool:
    """Whether two states agree in every figure."""
    figures = ("bank_fen", "bonds_fen", "payable_fen", "undistributed_fen", "unexplained_fen")
    return (
        (one.as_of, one.bonds) == (other.as_of, other.bonds)
        and np.array_equal(one.roll.codes, other.roll.codes)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)
        and np.array_equal(one.controls.buildings_fen, other.controls.buildings_fen)
        and all(getattr(one.controls, name) == getattr(other.controls, name) for name in figures)
    )
