"""Whether the owners decided: participation and consent, by area and by heads (民法典 2021 art. 278)."""

from __future__ import annotations

from datetime import date

from ..applicable import stop_value, stops
from ..problem import Refused
from ..rule_values import Share
from ..scope import parse_scope
from .electorate import Count, Tally, electors_on, matter_key, read_ballots, tally, within
from .files import OfficeFiles
from .records import Resolution

QUORUM = "vote.taking_part"


def count_votes(resolution: Resolution, day: date, content: bytes, file: str, files: OfficeFiles) -> Tally:
    """The tally of a ballot file among the owners whom the resolution concerns; `Refused` with the file's line."""
    if files.register is None:
        raise Refused("没有户册，不能计算表决结果", file)
    electors = within(electors_on(files.register, day), parse_scope(resolution.scope))
    if not electors:
        raise Refused("决议的范围里没有业主，不能表决", file)
    return tally(electors, read_ballots(content, file), file)


def majority_fault(resolution: Resolution, found: Tally, files: OfficeFiles, day: date) -> str:
    """Why the vote did not carry; empty when it did. Area and heads must both suffice."""
    applied = files.rules_on(day)
    binding = stops(applied)
    key = matter_key(resolution.matter)
    quorum, needed = stop_value(applied, QUORUM, Share), stop_value(applied, key, Share)
    of_all = stop_value(applied, "vote.counted_over", str) == "all"
    if needed is None or (quorum is None and not of_all):
        return "规则包没有已核实的表决比例"
    for word, part, whole in _both(found.took_part, found.everybody):
        if quorum is not None and not quorum.met(part, whole):
            return f"参与表决的{word}不足：{_shown(word, part)}，全体 {_shown(word, whole)}，{binding[QUORUM].article}"
    for word, part, whole in _both(found.agreed, found.everybody if of_all else found.took_part):
        if not needed.met(part, whole):
            over = "全体" if of_all else "参与表决"
            said = f"同意的{word}不足：{_shown(word, part)}，{over} {_shown(word, whole)}"
            return f"{said}，{binding[key].article}"
    return ""


def _both(one: Count, other: Count) -> list[tuple[str, int, int]]:
    return [("面积", one.area_dm2, other.area_dm2), ("人数", one.heads, other.heads)]


def _shown(word: str, number: int) -> str:
    return f"{number} 人" if word == "人数" else f"{number // 100}.{number % 100:02d} ㎡"
