"""The identity sees a fen anywhere: in a control sum, or on one household."""

from __future__ import annotations

from dataclasses import replace

import pytest
from little_ledger import START, replayed

from jiezhang.households.identity import Difference, identity
from jiezhang.households.state import COLUMNS, Households, same

FIGURES = ("bank_fen", "bonds_fen", "payable_fen", "undistributed_fen", "unexplained_fen")


def off_by_a_fen(state: Households, name: str, row: int = 0) -> Households:
    if name in FIGURES:
        return replace(state, controls=replace(state.controls, **{name: getattr(state.controls, name) + 1}))
    column = getattr(state.controls if name == "buildings_fen" else state, name).copy()
    column[row] += 1
    if name == "buildings_fen":
        return replace(state, controls=replace(state.controls, buildings_fen=column))
    return replace(state, **{name: column})


@pytest.mark.parametrize("name", FIGURES)
def test_a_fen_in_a_control_sum(name: str) -> None:
    (found,) = identity(off_by_a_fen(replayed(START), name)).differences
    assert found.place == ""
    assert found.left_fen - found.right_fen == (1 if name in ("bank_fen", "bonds_fen") else -1)


def test_a_fen_in_a_buildings_control_account() -> None:
    assert identity(off_by_a_fen(replayed(START), "buildings_fen", 1)).differences == (
        Difference("", 310_000, 310_001),
        Difference("B02", 50_001, 50_000),
    )


@pytest.mark.parametrize(("row", "building"), [(0, "B01"), (2, "B01"), (3, "B02"), (5, "B02")])
def test_a_fen_on_a_household(row: int, building: str) -> None:
    (found,) = identity(off_by_a_fen(replayed(START), "balance_fen", row)).differences
    assert (found.place, found.right_fen - found.left_fen) == (building, 1)


def test_a_fen_moved_between_households_of_a_building_shows_only_in_the_replay() -> None:
    """The sums can't see it; that is why household details are digested, and states compared with a replay."""
    state = replayed(START)
    column = state.balance_fen.copy()
    column[:2] += [1, -1]
    moved = replace(state, balance_fen=column)
    assert identity(moved).holds
    assert not same(moved, state)


@pytest.mark.parametrize("name", [*FIGURES, *COLUMNS, "buildings_fen"])
def test_two_states_that_differ_in_one_figure_are_not_the_same(name: str) -> None:
    state = replayed(START)
    assert same(state, replayed(START))
    assert not same(state, off_by_a_fen(state, name))


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_read_only(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(replayed(START), name)[0] = 1
