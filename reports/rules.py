"""Which rule applies, and why: each value with its article, source, dates, and whether it was verified."""

from __future__ import annotations

from collections.abc import Sequence

from jiezhang.domain.applicable import Applied, Candidate, Displaced, Ground
from jiezhang.domain.rule_catalogue import CATALOGUE, section
from jiezhang.domain.rulepack import Rule

KIND_NAMES = {"commercial": "商品房小区", "old": "老旧小区", "resettlement": "安置小区"}

_GROUNDS: dict[Ground, str] = {
    "city": "本地规定先于全国规定",
    "kind": "专为这类小区定的先于一般的",
    "newer": "新规定先于旧规定",
}


def render_text(applied: Sequence[Applied]) -> str:
    """The rules that apply, under their headings, in the order given; a last line counts what is 待核实."""
    lines: list[str] = []
    heading = ""
    for one in applied:
        if section(one.key) != heading:
            heading = section(one.key)
            lines += ["", f"【{heading}】"] if lines else [f"【{heading}】"]
        lines += _rule(one)
    pending = sum(not one.rule.verified for one in applied)
    lines += ["", f"共 {len(applied)} 条，其中 {pending} 条待核实：只提醒，不作为阻止的依据。"]
    return "\n".join(lines) + "\n"


def _rule(one: Applied) -> list[str]:
    rule = one.rule
    fields = [
        ("条文", rule.article),
        ("原文", rule.words and f"“{rule.words}”"),
        ("来源", rule.source),
        ("施行", _dates(rule)),
        ("适用", _kinds(rule)),
        ("核实", _verified(one)),
        ("说明", rule.note),
        ("理由", _reason(one)),
        *(("未用", _displaced(other)) for other in one.displaced),
    ]
    mark = "" if rule.verified else "（待核实）"
    return [
        f"{CATALOGUE[one.key].title}：{rule.shown()}{mark}",
        *(f"    {name}  {text}" for name, text in fields if text),
    ]


def _dates(rule: Rule) -> str:
    return f"{rule.in_force} 起" + (f"，至 {rule.until} 止" if rule.until else "")


def _kinds(rule: Rule) -> str:
    return "、".join(KIND_NAMES[kind] for kind in rule.applies_to)


def _verified(one: Applied) -> str:
    if one.rule.verified:
        return "已核实"
    if one.binding is None:
        return "待核实，只提醒，不阻止"
    return f"待核实，只提醒；能阻止的仍是{_named(one.binding)}"


def _reason(one: Applied) -> str:
    if not one.displaced:
        return f"只有{one.chosen.pack}规定了这一项"
    grounds = dict.fromkeys(other.ground for other in one.displaced)
    return f"{one.chosen.pack}的规定：" + "，".join(_GROUNDS[ground] for ground in grounds)


def _displaced(other: Displaced) -> str:
    return f"{_named(other.candidate)}，{_dates(other.candidate.rule)}（{_GROUNDS[other.ground]}）"


def _named(candidate: Candidate) -> str:
    article = candidate.rule.article  # some name what is doubtful about themselves
    mark = "" if candidate.rule.verified or "待核实" in article else "，待核实"
    return f"{candidate.pack}“{candidate.rule.shown()}”（{article}{mark}）"
