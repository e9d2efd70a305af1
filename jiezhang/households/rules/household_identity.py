"""分户恒等: bank = book = Σ buildings = Σ households + undistributed yield, to the fen, after every voucher.

Sources: 165号令 2008 art. 10-11 (accounts by household under the compound's or building's), art. 30 (the household
accounts are published and checked with the bank); 财会〔2020〕7号 (3001, 3002 tie to the household accounts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from jiezhang.domain.household_events import (
    Correction,
    HouseLost,
    LossPaid,
    Opening,
    RepairApportioned,
    YieldDistribution,
)
from jiezhang.domain.problem import Finding, finding

from ..corrections import correction_fault
from ..fund import IDENTITY, SHARES_KEY
from .view import FundView

RULE = IDENTITY


def find(view: FundView) -> list[Finding]:
    """Vouchers whose details do not add up to their control accounts, or would leave an account below zero; shares
    that are not fixed by their digest; corrections that are not the reverse of what they correct."""
    return [*view.findings(RULE), *_unfixed(view), *_payables(view)]


def _payables(view: FundView) -> Iterator[Finding]:
    """What is owed for a lost house goes to its household alone; what was owed before the books began, to anybody."""
    owed: defaultdict[str, int] = defaultdict(int)
    for booked in view.replayed.journal if view.replayed is not None else ():
        event, moved = booked.event, booked.event.movement.payable_fen
        if isinstance(event, Opening):
            owed[""] += moved
        elif isinstance(event, HouseLost):
            owed[event.household] += moved
        elif isinstance(event, LossPaid) and booked.entry is not None:
            took = min(-moved, owed[event.household])
            owed[event.household] -= took
            owed[""] -= -moved - took
            if owed[""] < 0 or moved > 0:
                said = f"户“{event.household}”没有这么多应返还的资金：应返还多少以房屋灭失的凭证为准"
                yield finding(RULE, said, booked.entry)
                owed[""] = max(owed[""], 0)


def _unfixed(view: FundView) -> Iterator[Finding]:
    if view.replayed is None:
        return
    for booked in view.replayed.journal:
        if booked.entry is None:
            continue
        if isinstance(booked.event, RepairApportioned | YieldDistribution) and SHARES_KEY not in booked.entry.meta:
            yield finding(RULE, "按规则分到各户的凭证须用 shares-sha256 写明结果的指纹，由程序生成", booked.entry)
        elif isinstance(booked.event, Correction):
            wrong = correction_fault(view.replayed, booked)
            if wrong:
                yield finding(RULE, wrong, booked.entry)
