"""One compound's row of the street's board, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Verdict
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from jiezhang.street.board import STATE_NAMES, State
from jiezhang.street.read_model import Kept
from jiezhang.street.standing_value import CompoundStanding, StepStanding

from .addresses import compound_page

Kind = Literal["good", "wait", "over", "bad"]
Trouble = Literal["late", "unclosed", "unstated", "unreconciled", "unposted", "broken", "unpublished", "unreadable"]

TROUBLES: Mapping[Trouble, str] = {
    "late": "逾期未封月", "unclosed": "当月未封月", "unstated": "缺对账单", "unreconciled": "对账未相符",
    "unposted": "有未过账", "broken": "违反规则", "unpublished": "待公开", "unreadable": "读不出来",
}  # fmt: skip
"""What a street head looks for, in this order."""

_STATE_KINDS: Mapping[State, Kind] = {"closed": "good", "presented": "wait", "open": "over"}
_VERDICTS: Mapping[Verdict, tuple[Kind, str]] = {
    "agreed": ("good", "相符"), "unchecked": ("wait", "未核对"), "different": ("bad", "不符"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a colour."""

    kind: Kind
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One compound; `address` is empty where the viewer may not look. Counts are of all months; `state`, `verdict` and
    `unstated` of the month shown. `owed`: publications to be made, of decisions and of the month shown; `late_since`:
    the oldest month that is overdue."""

    code: str
    name: str
    community: str
    community_name: str
    address: str
    state: Word
    missing: str = ""
    days_late: int = 0
    late_since: str = ""
    unposted: int = 0
    unposted_note: str = ""
    verdict: Word = field(default=Word("over", "—"))
    unstated: int = 0
    faults: int = 0
    fault: str = ""
    owed: int = 0
    owed_note: str = ""
    balances: Mapping[str, int] = field(default_factory=dict)
    """In fen by the fund's letter, at the end of the month shown."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """The same as a person reads them."""
    is_stale: bool = False
    wrong: str = ""
    troubles: tuple[Trouble, ...] = ()


def board_row(
    code: str, kept: Kept, communities: Mapping[str, str], viewer: Person, month: Month, today: date
) -> BoardRow:
    """The row of compound `code` on the board of `month`."""
    address, standing = compound_page(viewer, code, month, today), kept.standing
    if standing is None:
        word = Word("bad", TROUBLES["unreadable"]) if kept.wrong else Word("over", "整理中")
        troubles: tuple[Trouble, ...] = ("unreadable",) if kept.wrong else ()
        return BoardRow(code, code, "", "", address, word, is_stale=kept.is_stale, wrong=kept.wrong, troubles=troubles)
    state = standing.state_of(month)
    found = standing.month(month)
    owed = [one for one in standing.steps if one.kind == "publication" and one.is_ready(today)]
    hanging = [f"{month} 公示表还没有登记张贴"] if standing.is_unpublished(month, today) else []
    balances = _balances(standing, month)
    return BoardRow(
        code=code,
        name=standing.name,
        community=standing.community,
        community_name=communities.get(standing.community, standing.community),
        address=address,
        state=Word(_STATE_KINDS[state], STATE_NAMES[state]),
        missing="、".join(PARTY_NAMES[party] for party in found.missing) if found is not None else "",
        days_late=standing.days_late(today),
        late_since=f"{standing.first_open} 未封月" if standing.days_late(today) else "",
        unposted=standing.unposted,
        unposted_note="，".join(f"{one.month}：{one.unposted} 笔" for one in standing.months if one.unposted),
        verdict=_verdict(standing, month),
        unstated=len(found.unstated) if found is not None else 0,
        faults=standing.faults,
        fault=standing.fault,
        owed=len(owed) + len(hanging),
        owed_note="；".join((*hanging, *(_owed(one, today) for one in owed))),
        balances=balances,
        shown={fund: yuan(fen) for fund, fen in balances.items()},
        is_stale=kept.is_stale,
        wrong=kept.wrong,
        troubles=tuple(_troubles(standing, month, today, len(owed) + len(hanging), kept.wrong)),
    )


def _verdict(standing: CompoundStanding, month: Month) -> Word:
    found = standing.month(month)
    if found is None:
        return Word("over", "—") if _is_before(standing, month) else Word("wait", "没有对账单")
    kind, text = _VERDICTS[found.verdict]
    if found.unstated:
        return Word(kind, text, f"缺 {len(found.unstated)} 个账户的对账单")
    return Word(kind, text)


def _is_before(standing: CompoundStanding, month: Month) -> bool:
    """Whether nothing is known of `month` because it is over and done, or before the books."""
    return month < standing.first_open


def _troubles(standing: CompoundStanding, month: Month, today: date, owed: int, wrong: str) -> Iterator[Trouble]:
    found, is_closed = standing.month(month), standing.state_of(month) == "closed"
    expected = not is_closed and month >= standing.start
    if standing.days_late(today):
        yield "late"
    if expected:
        yield "unclosed"
        if (found is None and not _is_before(standing, month)) or (found is not None and found.unstated):
            yield "unstated"
        if found is None or found.verdict != "agreed":
            yield "unreconciled"
    if standing.unposted:
        yield "unposted"
    if standing.faults:
        yield "broken"
    if owed:
        yield "unpublished"
    if wrong:
        yield "unreadable"


def _owed(step: StepStanding, today: date) -> str:
    late = f"，逾期 {step.days_late(today)} 天" if step.days_late(today) else ""
    return f"{step.resolution} {step.name}{late}"


def _balances(standing: CompoundStanding, month: Month) -> dict[str, int]:
    """At the end of `month` by the fund's letter: a compound may have several levies. None before its books begin."""
    found: defaultdict[str, int] = defaultdict(int)
    for one in standing.balances if month >= standing.start else ():
        found[one.fund[0]] += one.at_end_of(month)
    return dict(found)
