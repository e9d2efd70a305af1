"""Who may vote on a day, and what a vote came to: by area and by heads.

Sources: 民法典 2021 art. 278 (both of participation and of consent are counted by area and by heads); 最高人民法院
建筑物区分所有权司法解释 (2020 修正) art. 8, 9: the area is the registered one, and an owner of several dwellings is
one head, as is the builder with what is not sold yet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationError

from ..changes import dwellings_made, owner_on
from ..fund_register import FundRegister
from ..problem import Refused
from ..register import Code, Row, Text
from ..scope import Scope
from .procedure import MATTERS

BUILDER = "<开发建设单位>"


class Ballot(Row):
    """One line of `votes/R2026-07.csv`. A proxy is named, and its written power fixed by its digest (业主委托)."""

    dwelling: Code
    choice: Literal["agree", "against", "abstain"]
    proxy: Text = ""
    power_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


@dataclass(frozen=True, slots=True)
class Elector:
    """A dwelling on a day: its floor area in 0.01 m², and who has its vote."""

    code: str
    building: str
    stair: str
    area_dm2: int
    owner: str


@dataclass(frozen=True, slots=True)
class Count:
    """Area in 0.01 m², and heads."""

    area_dm2: int
    heads: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All electors, those who took part, those who agreed."""

    everybody: Count
    took_part: Count
    agreed: Count


def electors_on(register: FundRegister, day: date) -> list[Elector]:
    """Everybody who has a vote at the end of `day`, by code; changes of that day have happened.

    Before the books begin it is as the register has it then: standing rules are voted on before.
    """
    gone = {
        code
        for _, change in register.changes
        if change.date <= day and change.kind != "sale"
        for code in change.sources
    }
    made_later = {
        code for _, change in register.changes if change.date > day for code, _ in change.made
    }
    changed = {code for _, change in register.changes for code in (*change.sources, *(made for made, _ in change.made))}
    found = []
    for dwelling in (*register.dwellings, *dwellings_made(register)):
        if dwelling.code in gone or dwelling.code in made_later:
            continue
        sold = dwelling.status == "sold"
        owner = dwelling.owner if sold else BUILDER
        if dwelling.code in changed and (sold or _sold_by(register, dwelling.code, day)):
            owner = owner_on(register, dwelling.code, max(day, register.start))
        area = int(dwelling.area_m2 * 100)
        found.append(
            Elector(dwelling.code, dwelling.building, dwelling.stair, area, owner or f"<{dwelling.code}>")
        )
    return sorted(found, key=lambda elector: elector.code)


def _sold_by(register: FundRegister, code: str, day: date) -> bool:
    """Whether a dwelling registered as unsold, or the one it was made of, was sold by then."""
    for _, change in register.changes:
        if change.date > day:
            continue
        if change.kind == "sale" and change.sources == (code,):
            return True
        if code in (made for made, _ in change.made) and _sold_by(register, change.sources[0], day):
            return True
    return False


def within(electors: Iterable[Elector], scope: Scope) -> list[Elector]:
    """Those of `electors` whom `scope` concerns."""
    return [
        one
        for one in electors
        if scope.kind == "compound"
        or (scope.kind == "dwellings" and one.code in scope.dwellings)
        or (scope.kind == "building" and one.building == scope.building)
        or (scope.kind == "stair" and (one.building, one.stair) == (scope.building, scope.stair))
    ]


def read_ballots(content: bytes, file: str) -> list[tuple[int, Ballot]]:
    """The ballots of a file, each with its line; `Refused` naming `file` and line where one is wrong."""
    try:
        lines = [f"{line}\n" for line in content.decode("utf-8-sig").split("\n")]
        rows = list(csv.reader(lines, strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Refused("表决票文件不是 UTF-8 编码的 CSV", file) from None
    header = [name.strip() for name in rows[0]] if rows else []
    if not {"dwelling", "choice"} <= set(header) or not set(header) <= set(Ballot.model_fields):
        raise Refused("表决票文件的表头应是 dwelling,choice,proxy,power_sha256", file, 1)
    found: list[tuple[int, Ballot]] = []
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            found.append((line, Ballot.model_validate(dict(zip(header, cells, strict=True)))))
        except (ValidationError, ValueError):
            raise Refused("表决票写法不对：choice 只能是 agree、against、abstain", file, line) from None
    return found


def tally(electors: Sequence[Elector], ballots: Sequence[tuple[int, Ballot]], file: str) -> Tally:
    """What the ballots come to. An owner of several dwellings is one head; who splits their dwellings' votes took
    part, and agrees by heads only when every one of them does.

    `Refused` at the line of a dwelling without a vote, of a second ballot, or of a proxy without a written power.
    """
    by_code = {one.code: one for one in electors}
    seen: dict[str, Ballot] = {}
    for line, ballot in ballots:
        if ballot.dwelling not in by_code:
            raise Refused(f"户 {ballot.dwelling} 在表决日没有表决权，或不在表决范围内", file, line)
        if ballot.dwelling in seen:
            raise Refused(f"户 {ballot.dwelling} 投了两次票", file, line)
        if bool(ballot.proxy) != bool(ballot.power_sha256):
            raise Refused(f"户 {ballot.dwelling} 委托表决，须写明受托人和委托书的指纹", file, line)
        seen[ballot.dwelling] = ballot
    agreeing = [by_code[code] for code, ballot in seen.items() if ballot.choice == "agree"]
    not_all = {by_code[code].owner for code, ballot in seen.items() if ballot.choice != "agree"}
    return Tally(
        _count(electors),
        _count([by_code[code] for code in seen]),
        Count(sum(one.area_dm2 for one in agreeing), len({one.owner for one in agreeing} - not_all)),
    )


def _count(electors: Sequence[Elector]) -> Count:
    return Count(sum(one.area_dm2 for one in electors), len({one.owner for one in electors}))


def matter_key(matter: str) -> str:
    """The catalogue's key of the majority that a matter needs; what owners need not decide is decided as 其他事项."""
    assert matter in MATTERS
    return f"vote.{matter}" if matter in ("fund_use", "fund_raise", "rebuild", "operate") else "vote.other"


def shown(count: Count) -> Mapping[str, str]:
    """Area and heads as an office reads them."""
    return {"面积": f"{count.area_dm2 // 100}.{count.area_dm2 % 100:02d} ㎡", "人数": f"{count.heads} 人"}
