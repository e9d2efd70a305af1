"""Years by chance: after every single event the identity holds, and the naive model agrees on every household."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from histories import History, histories
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.problem import Refused
from jiezhang.households.fund import FundFiles, replay_fund
from jiezhang.households.identity import identity
from jiezhang.households.keeping import read_state, state_bytes
from jiezhang.households.replay import apply, replay
from jiezhang.households.state import Households, same

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
HISTORIES = settings(max_examples=1000 if LONG else 60)


def money(state: Households) -> dict[str, int]:
    return {str(code): int(fen) for code, fen in zip(state.roll.codes, state.balance_fen, strict=True) if fen}


@HISTORIES
@given(histories())
def test_identity_and_naive_model_after_every_event(history: History) -> None:
    state = history.start()
    for step in history.steps:
        for event in history.of(step):
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
@given(histories())
def test_ledger_and_register_together_are_the_events_one_by_one(history: History) -> None:
    whole = replay_fund(history.files, history.vouchers)
    assert whole.faults == ()
    assert same(whole.state, replay(history.start(), history.events))
    assert len(whole.journal) == len(history.events)
    changes = [booked.change_fen for booked in whole.journal]
    assert np.array_equal(sum(changes, np.zeros(len(whole.state.roll), np.int64)), whole.state.balance_fen)


@HISTORIES
@given(histories(), st.integers(0, 30))
def test_replay_from_the_middle_is_replay_from_the_start(history: History, cut: int) -> None:
    events = history.events
    middle = replay(history.start(), events[:cut])
    frozen = [getattr(middle, name).copy() for name in ("balance_fen", "jishu")]
    assert same(replay(middle, events[cut:]), replay(history.start(), events))
    assert all(np.array_equal(was, getattr(middle, name)) for was, name in zip(frozen, ("balance_fen", "jishu"),
                                                                               strict=True))


@HISTORIES
@given(histories(), st.integers(0, 400))
def test_replay_from_a_kept_state_is_replay_from_the_start(history: History, place: int) -> None:
    """Any day of the history is kept as bytes and read back, by then the register knows more."""
    days = sorted({event.date for event in history.events})
    day = days[place % len(days)]
    known = tuple(row for row in history.register.changes if row[1].date <= day)
    before = FundFiles(FundRegister(history.register.start, history.dwellings, changes=known), history.batches)
    kept = state_bytes(replay_fund(before, history.vouchers, day).state)
    assert kept == state_bytes(replay_fund(history.files, history.vouchers, day).state)
    read = read_state(kept, history.register)
    assert state_bytes(read) == kept
    later = replay_fund(history.files, history.vouchers, since=read)
    assert later.faults == ()
    assert same(later.state, replay_fund(history.files, history.vouchers).state)


@HISTORIES
@given(histories(), st.randoms(use_true_random=False))
def test_order_of_the_register_changes_nobodys_balance(history: History, chance: st.DataObject) -> None:
    shuffled = list(history.dwellings)
    chance.shuffle(shuffled)
    other = replace(history, dwellings=tuple(shuffled))
    assert same(replay(history.start(), history.events), replay(other.start(), history.events))


@HISTORIES
@given(histories(), st.integers(0, 30), st.sampled_from([-1, 1]))
def test_a_fen_on_one_building_is_refused(history: History, place: int, fen: int) -> None:
    """The control side of one voucher a fen off: that voucher is refused, in that building."""
    events = history.events
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
    before = replay(history.start(), events[:at])
    with pytest.raises(Refused):
        apply(before, replace(events[at], movement=wrong))
