"""Years by chance: after every single event the identity holds, and the naive model agrees on every household."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from beancount.core import data
from histories import START, Intention, intentions, play, registers
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.domain.household_events import Event, OwnerChange
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling
from jiezhang.households.from_ledger import read_event
from jiezhang.households.identity import identity
from jiezhang.households.replay import apply, replay
from jiezhang.households.state import Households, new_households, same

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
HISTORIES = settings(max_examples=1000 if LONG else 60)


def read(done: data.Transaction | OwnerChange, batches: dict[str, bytes]) -> list[Event]:
    if isinstance(done, OwnerChange):
        return [done]
    event = read_event(done, batches)
    return [event] if event else []


def events_of(dwellings: list[Dwelling], intended: list[Intention]) -> list[Event]:
    steps, batches = play(dwellings, intended)
    return [event for step in steps for event in read(step.done, batches)]


def money(state: Households) -> dict[str, int]:
    return {str(code): int(fen) for code, fen in zip(state.roll.codes, state.balance_fen, strict=True) if fen}


@HISTORIES
@given(registers(), intentions())
def test_identity_and_naive_model_after_every_event(dwellings: list[Dwelling], intended: list[Intention]) -> None:
    steps, batches = play(dwellings, intended)
    state = new_households(dwellings, START)
    for step in steps:
        for event in read(step.done, batches):
            state = apply(state, event)
        found = identity(state)
        assert found.holds
        assert money(state) == {code: fen for code, fen in step.money.items() if fen}
        first = {str(c): int(f) for c, f in zip(state.roll.codes, state.first_deposit_fen, strict=True) if f}
        assert first == {code: fen for code, fen in step.first.items() if fen}
        assert step.pools == {
            "bank": found.bank_fen, "bonds": found.bonds_fen, "yield": found.undistributed_fen,
            "payable": found.payable_fen, "odd": found.unexplained_fen,
        }


@HISTORIES
@given(registers(), intentions(), st.integers(0, 30))
def test_replay_from_the_middle_is_replay_from_the_start(
    dwellings: list[Dwelling], intended: list[Intention], cut: int
) -> None:
    events = events_of(dwellings, intended)
    middle = replay(new_households(dwellings, START), events[:cut])
    frozen = [getattr(middle, name).copy() for name in ("balance_fen", "jishu")]
    assert same(replay(middle, events[cut:]), replay(new_households(dwellings, START), events))
    assert all(np.array_equal(was, getattr(middle, name)) for was, name in zip(frozen, ("balance_fen", "jishu"),
                                                                               strict=True))


@HISTORIES
@given(registers(), intentions(), st.randoms(use_true_random=False))
def test_order_of_the_register_changes_nobodys_balance(
    dwellings: list[Dwelling], intended: list[Intention], chance: st.DataObject
) -> None:
    events = events_of(dwellings, intended)
    shuffled = list(dwellings)
    chance.shuffle(shuffled)
    assert same(replay(new_households(dwellings, START), events), replay(new_households(shuffled, START), events))


@HISTORIES
@given(registers(), intentions(), st.integers(0, 30), st.sampled_from([-1, 1]))
def test_a_fen_on_one_building_is_refused(
    dwellings: list[Dwelling], intended: list[Intention], place: int, fen: int
) -> None:
    """The control side of one voucher a fen off: that voucher is refused, in that building."""
    events = events_of(dwellings, intended)
    moving = [index for index, event in enumerate(events) if event.movement.buildings]
    if not moving:
        return
    at = moving[place % len(moving)]
    movement = events[at].movement
    (name, was), *rest = movement.buildings
    pool = {"bank_fen": movement.bank_fen + fen} if movement.bank_fen else {
        "undistributed_fen": movement.undistributed_fen + fen
    }
    wrong = replace(movement, buildings=((name, was + fen), *rest), **pool)
    before = replay(new_households(dwellings, START), events[:at])
    with pytest.raises(Refused):
        apply(before, replace(events[at], movement=wrong))
