"""The street's board of a month: which compound, which leg, what is missing, how late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_compound, read_street
from jiezhang.book.seal_files import read_months
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.attestation import VERDICT_NAMES, Signed
from jiezhang.domain.tri_party.differences import LEGS, Party
from jiezhang.domain.tri_party.signing import (
    banks_named,
    missing_parties,
    scope_fault,
    short_accounts,
    signed_fault,
    unconfirmed,
)

State = Literal["closed", "presented", "open"]
STATE_NAMES: dict[State, str] = {"closed": "已封月", "presented": "待签署", "open": "未报送"}

CLOSE_BY_DAY = 15
"""Ours: a month is closed by the 15th of the next, the day of the street's public meeting (龙港, news, 待核实)."""

POSTING_DAY = 10
"""The day of the next month a public statement goes on the notice board unless the office says otherwise."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One compound's month. `legs` says what each party did, in words; `missing` are required and not in yet;
    `late_days` counts from the 15th of the next month, 0 when closed or not late."""

    code: str
    name: str
    month: Month
    state: State
    legs: tuple[tuple[Party, str], ...]
    missing: tuple[Party, ...]
    open_differences: int
    late_days: int


def board(street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, today: date) -> list[BoardRow]:
    """The rows of `folders`, in order. It reads `seals/` only, no ledger, so that a whole street is quick."""
    people = by_id(read_street(street).people)
    due = month.next.first_day.replace(day=CLOSE_BY_DAY)
    return [_row(folder, month, people, max(0, (today - due).days)) for folder in folders]


def _row(folder: CompoundFolder, month: Month, people: Mapping[str, Person], late: int) -> BoardRow:
    name, months = read_compound(folder).name, read_months(folder)
    seal, presented = months.seal_of(month), months.presented.get(str(month))
    if seal is not None:
        # a sealed month's signatures were checked when it was closed, and are at every load
        legs, left = _legs(seal.signed, {}), len(seal.open_after())
        return BoardRow(folder.code, name, month, "closed", legs, (), left, 0)
    if presented is None:
        return BoardRow(folder.code, name, month, "open", tuple((party, "") for party in LEGS), (), 0, late)
    faults = {
        id(one): signed_fault(one, presented.figures, people) or scope_fault(one, presented.figures, people)
        for one in presented.signed
    }
    counting = [one for one in presented.signed if not faults[id(one)]]
    stated = [found for one in counting for found in one.attestation.differences]
    left = sum(not one.closed for one in (*presented.figures.differences, *stated))
    missing = missing_parties(counting, presented.figures.required)
    banks = unconfirmed(presented.figures, counting, banks_named(people, folder.code))
    if banks and "bank" in presented.figures.required:
        missing = ("bank", *missing)
    legs = _legs(presented.signed, faults, banks)
    return BoardRow(folder.code, name, month, "presented", legs, missing, left, late)


def _legs(
    signed: Sequence[Signed], faults: Mapping[int, str], banks: Sequence[str] = ()
) -> tuple[tuple[Party, str], ...]:
    """`banks`: accounts that no bank has confirmed yet."""
    more = f"，缺 {short_accounts(banks)}" if banks else ""
    return tuple((party, _said(party, signed, faults) + (more if party == "bank" else "")) for party in LEGS)


def _said(party: Party, signed: Sequence[Signed], faults: Mapping[int, str]) -> str:
    of_party = [one for one in signed if one.attestation.party == party]
    words = ["作废" if faults.get(id(one)) else VERDICT_NAMES[one.attestation.verdict] for one in of_party]
    return "、".join(dict.fromkeys(words)) or "未签"
