"""The whole fund of one compound replayed: its ledger, register and batch files in, everybody's account out.

A voucher that can't be goes into `faults` and is left out on both sides, so that what follows is still checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import merge

from beancount.core import data

from jiezhang.domain.changes import change_events, dwellings_made
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.household_events import (
    Bond,
    BondBought,
    BondRedeemed,
    Event,
    RepairApportioned,
    YieldDistribution,
)
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import NotOnRegister, Refused
from jiezhang.domain.roll import roll_of, seller_code
from jiezhang.domain.shares import Column

from .batch import shares_digest
from .from_ledger import read_event
from .replay import apply
from .state import Households, accrued, new_households

SHARES_KEY = "shares-sha256"
"""Metadata of a voucher shared by rule: the digest of what everybody got."""

IDENTITY, KNOWN, BONDS = "household_identity", "dwelling_known", "bonds"
"""The rules (plugins) that a fault of the replay belongs to."""


@dataclass(frozen=True, slots=True)
class FundFiles:
    """What lies beside the ledger: the register, and batch files by what a voucher's `batch` says."""

    register: FundRegister
    batches: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Booked:
    """One event as it was applied; `entry` is its voucher, `None` for a change of the register."""

    event: Event
    entry: data.Transaction | None
    change_fen: Column


@dataclass(frozen=True, slots=True)
class FundFault:
    """Why a voucher or a line of the register could not be; `entry` is `None` for the register."""

    rule: str
    refused: Refused
    entry: data.Transaction | None


@dataclass(frozen=True, slots=True, eq=False)
class FundReplay:
    """The accounts after the last event; `journal` holds every event in order."""

    state: Households
    journal: tuple[Booked, ...]
    faults: tuple[FundFault, ...]


def begin(register: FundRegister) -> Households:
    """Empty accounts on the first day of the books. `Refused` when the register contradicts itself."""
    made = dwellings_made(register)
    deposits = {d.code: to_fen(d.first_deposit_yuan) for d in register.dwellings if d.first_deposit_yuan}
    roll = roll_of(register.dwellings)
    sellers = {seller_code(b.code): to_fen(b.seller_deposit_yuan) for _, b in register.buildings}
    on_roll = {code: fen for code, fen in sellers.items() if fen and code in set(roll.codes[roll.seller].tolist())}
    state = new_households(register.dwellings, register.start, deposits | on_roll, made)
    held = tuple(
        Bond(bond.code, to_fen(bond.opening_cost_yuan), bond.matures, bond.kind, bond.market)
        for _, bond in register.bonds
        if bond.opening_cost_yuan
    )
    return replace(state, bonds=held)


def replay_fund(
    files: FundFiles,
    entries: Iterable[data.Directive],
    until: date | None = None,
    since: Households | None = None,
) -> FundReplay:
    """Every voucher of fund W and every change of the register in order of date, changes first; to the end of `until`.

    `since` is the state at the end of a day, as kept with a sealed month: only what comes later is read and applied.
    `Refused` when the register contradicts itself, so that there is nothing to replay against.
    """
    state = begin(files.register) if since is None else since
    journal: list[Booked] = []
    faults: list[FundFault] = []
    first = None if since is None else since.as_of + timedelta(days=1)
    for event, entry in _in_order(files, entries, faults, first):
        if until is not None and event.date > until:
            break
        try:
            after = apply(state, event)
            _check_shares(state, after, event, entry)
        except Refused as refused:
            faults.append(FundFault(_rule_of(refused, event), refused, entry))
            continue
        journal.append(Booked(event, entry, after.balance_fen - state.balance_fen))
        state = after
    if until is not None and until > state.as_of:
        state = accrued(state, until)
    return FundReplay(state, tuple(journal), tuple(faults))


def _check_shares(before: Households, after: Households, event: Event, entry: data.Transaction | None) -> None:
    """A rule gives everybody now what it gave when the voucher was posted."""
    stated = entry.meta.get(SHARES_KEY) if entry is not None else None
    if stated is None or not isinstance(event, RepairApportioned | YieldDistribution):
        return
    change = after.balance_fen - before.balance_fen
    if shares_digest(after.roll.codes.tolist(), change.tolist()) != stated:
        said = "分到各户的结果与过账时的不同：过账以后，有更早日期的凭证、变更或名册改动了它"
        raise Refused(said, event.file, event.line)


def _in_order(
    files: FundFiles, entries: Iterable[data.Directive], faults: list[FundFault], first: date | None
) -> Iterator[tuple[Event, data.Transaction | None]]:
    """Events from the day `first` on."""
    changes: Sequence[tuple[Event, data.Transaction | None]] = [
        (event, None) for event in change_events(files.register) if first is None or event.date >= first
    ]
    later = entries if first is None else (entry for entry in entries if entry.date >= first)
    return merge(changes, _read(files, later, faults), key=lambda pair: pair[0].date)


def _read(
    files: FundFiles, entries: Iterable[data.Directive], faults: list[FundFault]
) -> Iterator[tuple[Event, data.Transaction]]:
    for entry in entries:
        if not isinstance(entry, data.Transaction):
            continue
        try:
            event = read_event(entry, files.batches)
        except Refused as refused:
            faults.append(FundFault(_rule_of(refused, None), refused, entry))
            continue
        if event is not None:
            yield event, entry


def _rule_of(refused: Refused, event: Event | None) -> str:
    if isinstance(refused, NotOnRegister):
        return KNOWN
    return BONDS if isinstance(event, BondBought | BondRedeemed) else IDENTITY
