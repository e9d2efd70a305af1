"""Who may take a step: roles, joint reviews, the majority of a committee, and nobody in two capacities.

Sources: 会计法 2024 art. 25(1); 财会〔2024〕11号 art. 16 (经办、审核、审批 are different people); 民法典 2021 art. 281,
282 (whose the money is); the step's own article.
"""

from __future__ import annotations

from datetime import date

from ..applicable import stop_value, stops
from ..chart import CHART, FUND_NAMES
from ..people import has_role, in_office, members, named, role_names
from ..problem import Refused
from ..scope import COMPOUND, parse_scope
from .files import OfficeFiles
from .procedure import MATTERS, Procedure, Step
from .records import Resolution

_EMERGENCY_REPAIRS = (("W", "5001"), ("G", "5101"))
"""Fund and subjects of what may be decided without a vote because it can't wait: a repair, and nothing else."""


def signers_fault(step: Step, by: str, day: date, files: OfficeFiles, hats: dict[str, str], name: str) -> str:
    """Why the persons in `by` (joined by commas) may not take `step` on `day`; empty when they may.

    `hats` says in which role each person has acted for this resolution; those of `step` are added when all is well.
    A committee elected anew changes nothing of what the one before it signed.
    """
    compound, people = files.compound.code, files.people
    signers = by.split(",")
    if len(set(signers)) < len(signers):
        return f"{name}的签名人有重复（{step.article}）"
    roles: dict[str, str] = {}
    for signer in signers:
        if signer not in people:
            return f"{name}的签名人 {signer} 没有登记在 street.toml（{step.article}）"
        if has_role(people[signer], step.who, compound) and not in_office(people[signer], day):
            return f"{name}的签名人 {named(people, signer)}在 {day} 不在任（{step.article}）"
        able = [role for role in step.who if has_role(people[signer], [role], compound)]
        if not able:
            return f"{name}须由{role_names(step.who)}办，{named(people, signer)}不是（{step.article}）"
        role = hats[signer] if hats.get(signer) in able else able[0]
        if hats.get(signer, role) != role:
            said = f"已以“{role_names([hats[signer]])}”身份办过这项决议，不能再以“{role_names([role])}”身份办"
            return f"{name}：{named(people, signer)}{said}（{step.article}）"
        roles[signer] = role
    missing = [role for role in step.jointly if role not in roles.values()]
    if missing:
        return f"{name}须{role_names(step.jointly)}会同办理，缺{role_names(missing)}（{step.article}）"
    if step.majority_of:
        everybody = members(people.values(), step.majority_of, compound, day)
        signed = [signer for signer, role in roles.items() if role == step.majority_of and people[signer] in everybody]
        if 2 * len(signed) <= len(everybody):
            said = f"全体 {len(everybody)} 人，只有 {len(signed)} 人同意，须超过半数"
            return f"{name}：{role_names([step.majority_of])}{said}（{step.article}）"
    hats.update(roles)
    return ""


def proposal_fault(
    resolution: Resolution, procedure: Procedure, files: OfficeFiles, day: date, hats: dict[str, str]
) -> str:
    """Why a resolution may not be proposed like that; empty when it may."""
    name = f"“{procedure.name}”第1步“{procedure.steps[0].title}”"
    article = procedure.steps[0].article
    if resolution.matter not in procedure.matters:
        return f"程序“{procedure.name}”不能用来决定“{MATTERS[resolution.matter]}”（{procedure.source}）"
    if resolution.fund == "W" and resolution.matter in ("other", "standing"):
        return f"动用维修资金不能按“{MATTERS[resolution.matter]}”决定，须作为“使用维修资金”由业主表决（民法典第278条）"
    said = _terms_fault(resolution, article)
    if said:
        return said
    if resolution.matter == "standing":
        if resolution.each_max_yuan is None:
            return f"议事规则授权 {resolution.code} 没有写每笔限额（{article}）"
    elif resolution.budget_yuan <= 0:
        return f"决议 {resolution.code} 没有写预算（{article}）"
    if resolution.matter == "emergency":
        said = _cause_fault(resolution, files, day, article)
        if said:
            return said
    return signers_fault(procedure.steps[0], resolution.by, day, files, hats, name)


def _terms_fault(resolution: Resolution, article: str) -> str:
    """What is wrong with what a resolution says, whatever it is about."""
    if resolution.ends < resolution.starts:
        return f"决议 {resolution.code} 的终止日期早于起始日期（{article}）"
    if resolution.each_max_yuan is not None and resolution.each_max_yuan <= 0:
        return f"决议 {resolution.code} 的每笔限额须大于零（{article}）"
    kind = resolution.fund[0]
    unknown = [code for code in resolution.subjects.split() if code not in CHART[kind]]
    if unknown:
        return f"决议 {resolution.code} 的科目 {unknown[0]} 不在{FUND_NAMES[kind]}的科目表里（{article}）"
    return _scope_fault(resolution, article)


def _scope_fault(resolution: Resolution, article: str) -> str:
    """Whom it concerns is who votes: money that is not shared by scope concerns everybody."""
    try:
        scope = parse_scope(resolution.scope)
    except Refused as refused:
        return f"决议 {resolution.code} 的{refused.message}（{article}）"
    if scope == COMPOUND:
        return ""
    if resolution.fund == "G":
        said = "公共收益属于全体业主，范围只能写 compound"
        return f"决议 {resolution.code} 动用公共收益：{said}（民法典第282条）"
    if resolution.fund == "W" and resolution.subjects != "5001":
        said = "只有 5001 按范围分摊，其他科目的范围只能写 compound"
        return f"决议 {resolution.code} 动用维修资金：{said}（民法典第281条）"
    return ""


def _cause_fault(resolution: Resolution, files: OfficeFiles, day: date, article: str) -> str:
    if (resolution.fund, resolution.subjects) not in _EMERGENCY_REPAIRS:
        said = "只能用于维修：维修资金的 5001，或公共收益的 5101"
        return f"应急维修 {resolution.code} {said}（{article}）"
    applied = files.rules_on(day)
    causes = stop_value(applied, "fund.emergency_causes", tuple)
    if not resolution.cause:
        return f"应急维修 {resolution.code} 没有写明情形（{article}）"
    if causes is not None and resolution.cause not in causes:
        article = stops(applied)["fund.emergency_causes"].article
        return f"应急维修 {resolution.code} 的情形“{resolution.cause}”不在可以应急的情形之列（{article}）"
    return ""
