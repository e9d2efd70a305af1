"""What a correction between households may be: the reverse of what one posted voucher booked, and no more of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from beancount.core import data

from jiezhang.domain.household_events import (
    Correction,
    DepositKind,
    Event,
    FirstDeposit,
    HandedOver,
    Opening,
    Refund,
    RepairDetailed,
    TopUp,
)
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.shares import Column

from .fund import Booked, FundReplay

_DETAILED = (Opening, HandedOver, FirstDeposit, TopUp, Refund, RepairDetailed)
"""Vouchers that say themselves whose money it is; what a rule shared is put right in the rule's own ground."""


def voucher_named(entries: Iterable[data.Directive], text: str) -> str:
    """`2026-09/记-0012` for the voucher `text`, which may leave the month out where only one month has the number."""
    month, _, number = text.rpartition("/")
    months = sorted(
        {
            str(Month.of(entry.date))
            for entry in entries
            if isinstance(entry, data.Transaction) and entry.meta.get("voucher") == number
        }
    )
    found = [one for one in months if month in ("", one)]
    if not found:
        raise Refused(f"账簿里没有凭证 {text}")
    if len(found) > 1:
        raise Refused(f"凭证 {text} 有几个月都有，请写成 {found[-1]}/{number} 的样子")
    return f"{found[0]}/{number}"


def corrected(replay: FundReplay, named: str) -> Booked | None:
    """What voucher `named` booked to households itself; `None` when it did not."""
    month, _, number = named.rpartition("/")
    for booked in replay.journal:
        entry = booked.entry
        if entry is not None and entry.meta.get("voucher") == number and str(Month.of(entry.date)) == month:
            return booked if isinstance(booked.event, _DETAILED) else None
    return None


def deposit_of(event: Event) -> DepositKind | None:
    """Which kind of deposit an event is of, when it is of one."""
    if isinstance(event, FirstDeposit):
        return "first"
    if isinstance(event, TopUp):
        return "top-up"
    return event.deposit if isinstance(event, Refund) else None


def open_to_correct(replay: FundReplay, named: str, before: Booked | None = None) -> Column:
    """What voucher `named` booked to each household and no correction (ahead of `before`) has taken back, in fen."""
    original = corrected(replay, named)
    left: Column = np.zeros(len(replay.state.roll), dtype=np.int64)
    if original is None:
        return left
    left = original.change_fen.copy()
    for booked in replay.journal:
        if booked is before:
            break
        if isinstance(booked.event, Correction) and booked.event.corrects == named:
            left += np.where(np.sign(booked.change_fen) == -np.sign(original.change_fen), booked.change_fen, 0)
    return left


def correction_fault(replay: FundReplay, booked: Booked) -> str:
    """Why a correction in the journal is not the reverse of its voucher; empty when it is."""
    event = booked.event
    assert isinstance(event, Correction)
    original = corrected(replay, event.corrects)
    if original is None or original.event.date > event.date:
        return f"更正的凭证 {event.corrects} 不在账上、没有按户记账，或晚于更正"
    left = open_to_correct(replay, event.corrects, booked)
    reversing = np.sign(booked.change_fen) == -np.sign(left)
    taken = np.where(reversing, np.abs(booked.change_fen), 0)
    if (taken > np.abs(left)).any() or int(taken.sum()) * 2 != int(np.abs(booked.change_fen).sum()):
        return f"更正的金额超过凭证 {event.corrects} 记在那一户、还没有更正的数"
    if event.deposit != deposit_of(original.event):
        return f"凭证 {event.corrects} 是交存的，更正须写同一种交存；不是交存的不写"
    return ""
