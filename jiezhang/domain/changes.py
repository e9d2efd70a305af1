"""Dated changes of dwellings as events of the household ledger, and the dwellings that they make.

A sale passes the balance on with the house (165号令 2008 art. 28). A lost house (art. 29) has its voucher; here it only
says from when the dwelling is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .fund_register import Change, FundRegister
from .household_events import Event, OwnerChange, Rearranged
from .problem import NotOnRegister, Refused
from .register import Dwelling

CHANGES_FILE = "register/changes.csv"

_COUNTS = {"split": (1, 2), "merge": (2, 1), "renumber": (1, 1)}
"""How many dwellings a change takes, and makes: exactly where it is one, at least where it is two."""


def change_fault(change: Change, start: date) -> str:
    """What is wrong with a change by itself, as a sentence; empty when nothing is."""
    if change.date <= start:
        return f"变更 {change.code} 的日期应在建账日 {start} 之后，建账以前的情况直接登记在 dwellings.csv"
    if change.kind in ("sale", "loss"):
        if len(change.sources) != 1 or change.into:
            return f"变更 {change.code}：过户、灭失一次写一户，不填新户号"
        if change.kind == "sale" and not change.owner:
            return f"变更 {change.code}：过户须写明新业主的代号"
        return ""
    if any(area <= 0 for _, area in change.made):
        return f"变更 {change.code}：新户的面积须大于零"
    takes, makes = _COUNTS[change.kind]
    if not _fits(len(change.sources), takes) or not _fits(len(change.made), makes):
        return f"变更 {change.code} 的户数不对：分户一变多，合户多变一，改户号一变一"
    return ""


def _fits(count: int, wanted: int) -> bool:
    return count >= wanted if wanted > 1 else count == wanted


def dwellings_made(register: FundRegister) -> list[Dwelling]:
    """The dwellings that changes make, like the first of those they come from but for code, area and room.

    `Refused` with the line in `changes.csv` for a change that is wrong, or of a dwelling nobody knows.
    """
    known = {dwelling.code: dwelling for dwelling in register.dwellings}
    made: list[Dwelling] = []
    gone: dict[str, str] = {}
    for line, change in sorted(register.changes, key=lambda numbered: numbered[1].date):
        wrong = change_fault(change, register.start)
        if wrong:
            raise Refused(wrong, CHANGES_FILE, line)
        for code in change.sources:
            if code not in known:
                raise NotOnRegister(f"变更 {change.code}：名册里没有户 {code}", CHANGES_FILE, line)
            if code in gone:
                raise Refused(f"变更 {change.code}：户 {code} 已由变更 {gone[code]} 注销或灭失", CHANGES_FILE, line)
            if change.kind != "sale":
                gone[code] = change.code
        origin = known[change.sources[0]]
        for code, area in change.made:
            if code in known:
                raise Refused(f"变更 {change.code}：户号 {code} 已经用过，不得重用", CHANGES_FILE, line)
            new = origin.model_copy(update={"code": code, "room": code.rpartition("-")[2], "area_m2": area})
            known[code] = new
            made.append(new)
    return made


def change_events(register: FundRegister) -> list[Event]:
    """The changes as events, in order of date; losses are not among them."""
    found: list[Event] = []
    for line, change in sorted(register.changes, key=lambda numbered: numbered[1].date):
        place = {"date": change.date, "file": CHANGES_FILE, "line": line}
        if change.kind == "sale":
            found.append(OwnerChange(household=change.sources[0], **place))  # type: ignore[arg-type]
        elif change.kind != "loss":
            codes = tuple(code for code, _ in change.made)
            found.append(Rearranged(sources=change.sources, made=codes, **place))  # type: ignore[arg-type]
    return found


def owners_of(register: FundRegister, code: str) -> list[tuple[date, str]]:
    """(since, pseudonym) of a dwelling's owners, the first since the books began or since the dwelling was made."""
    origin: Sequence[tuple[date, str]] = [
        (register.start, dwelling.owner) for dwelling in register.dwellings if dwelling.code == code
    ]
    history = list(origin)
    for _, change in sorted(register.changes, key=lambda numbered: numbered[1].date):
        if code in (made for made, _ in change.made):
            history = [(change.date, change.owner or owner_on(register, change.sources[0], change.date))]
        elif change.kind == "sale" and change.sources == (code,):
            history.append((change.date, change.owner))
    return history


def owner_on(register: FundRegister, code: str, day: date) -> str:
    """The pseudonym of whoever owns a dwelling at the end of `day`; empty when nobody is registered."""
    return next((owner for since, owner in reversed(owners_of(register, code)) if since <= day), "")
