"""专款专用: the fund pays only for registered projects on common parts after warranty, decided, contracted, accepted.

Sources: 165号令 2008 art. 2, 3, 18 (repair, renewal and alteration of common parts after warranty, nothing else),
art. 22-24 (plan, consent of the owners concerned, contract, payment to the contractor), art. 25 (never payable);
民法典 2021 art. 278, 281. What exceeds the budget by the city's limit has to be applied for anew (e.g.
杭州市物业管理条例 2021 art. 72).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.fund_register import Project
from jiezhang.domain.money import to_fen, yuan
from jiezhang.domain.problem import Finding, Refused, finding
from jiezhang.domain.rule_words import NEVER_PAYABLE

from ..details import fen_in
from .view import FundView

RULE = "fund_purpose"
BUDGET_DIRECTIVE = "jiezhang-over-budget"
"""`custom "jiezhang-over-budget" 110 "article"`: from this percentage of the budget on, apply anew."""

PROJECTS_FILE = "register/projects.csv"


def find(view: FundView) -> list[Finding]:
    """Payments from the fund that no registered project allows; income or expense that stands for something else."""
    projects = {project.code: project for _, project in view.files.register.projects}
    return [*_repairs(view, projects), *_others(view)]


def _repairs(view: FundView, projects: Mapping[str, Project]) -> Iterator[Finding]:
    limit, article = budget_limit(view.entries)
    paid: defaultdict[str, int] = defaultdict(int)
    for entry, legs in view.posted("5001"):
        spent = sum(fen for _, fen in legs)
        project = projects.get(str(entry.meta.get("project", "")))
        if project is None:
            named = entry.meta.get("project")
            said = f"维修项目 {named} 没有登记在 projects.csv" if named else "维修支出须用 project 写明维修项目"
            yield finding(RULE, said, entry)
            continue
        spent = _with_others(entry, spent)
        wrong = payment_fault(project, entry, paid[project.code], spent)
        paid[project.code] += spent
        ceiling = to_fen(project.budget_yuan) * limit / 100
        if not wrong and paid[project.code] > to_fen(project.budget_yuan) and paid[project.code] >= ceiling:
            over = f"{yuan(paid[project.code])} 元，预算 {project.budget_yuan} 元"
            wrong = f"维修项目 {project.code} 累计支付 {over}：超出部分须重新申报{article}"
        if wrong:
            yield finding(RULE, wrong, entry)


def _with_others(entry: data.Transaction, spent_fen: int) -> int:
    """What the contractor got, with what others paid beside the fund: a budget is of the whole work."""
    try:
        total = fen_in(entry.meta, "apportion-total")
    except Refused:
        total = None  # household_identity reports it
    return spent_fen if total is None else total


def budget_limit(entries: Sequence[data.Directive]) -> tuple[Decimal, str]:
    """The percentage of a budget that needs a new application, and the article in brackets; 100 where none is set."""
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type == BUDGET_DIRECTIVE:
            percent, article = (value.value for value in entry.values)
            return percent, f"（{article}）"
    return Decimal(100), ""


def payment_fault(project: Project, entry: data.Transaction, paid_fen: int, spent_fen: int) -> str:
    """Why `spent_fen` may not be paid for `project` on the entry's day, `paid_fen` having been paid; empty if so."""
    if project.cause != "wear":
        return f"维修项目 {project.code} {NEVER_PAYABLE[project.cause]}费用，不得从维修资金列支（165号令第25条）"
    if project.warranty_until is None:
        return f"维修项目 {project.code} 没有登记保修期，维修资金只用于保修期满之后（165号令第18条）"
    if entry.date <= project.warranty_until:
        return f"维修项目 {project.code} 在保修期内（至 {project.warranty_until}），应由建设单位承担（165号令第18条）"
    demanded = {"业主决定": project.decision, "决定日期": project.decided, "预算": project.budget_yuan}
    demanded |= {"施工单位": project.contractor, "合同": project.contract}
    missing = [word for word, given in demanded.items() if not given]
    if missing:
        return f"维修项目 {project.code} 没有登记{'、'.join(missing)}，不能支付（165号令第22至23条）"
    if project.decided is not None and entry.date < project.decided:
        return f"维修项目 {project.code} 于 {project.decided} 才经业主决定，不能在此之前支付"
    if entry.payee and entry.payee != project.contractor:
        return f"收款人“{entry.payee}”不是维修项目 {project.code} 的施工单位“{project.contractor}”（165号令第22条）"
    if str(entry.meta.get("apportion", project.scope)) != project.scope:
        return f"凭证的分摊范围 {entry.meta['apportion']} 与维修项目 {project.code} 登记的 {project.scope} 不同"
    return _before_acceptance(project, entry, paid_fen + spent_fen)


def _before_acceptance(project: Project, entry: data.Transaction, paid_fen: int) -> str:
    if project.accepted is not None and entry.date >= project.accepted:
        return ""
    may = to_fen(project.budget_yuan) * project.prepay_percent // 100
    if paid_fen <= may:
        return ""
    said = f"验收前最多预付预算的 {project.prepay_percent}%，即 {yuan(may)} 元，累计支付 {yuan(paid_fen)} 元"
    return f"维修项目 {project.code} 还没有验收：{said}"


def _others(view: FundView) -> Iterator[Finding]:
    for entry, _ in view.posted("5901"):
        if not entry.meta.get("decision"):
            yield finding(RULE, "维修资金的其他支出须用 decision 写明依据，不得挪作他用（165号令第18条）", entry)
    for line, project in view.files.register.projects:
        if project.accepted and project.decided and project.accepted < project.decided:
            said = f"维修项目 {project.code} 的验收日期早于业主决定的日期"
            yield view.finding(RULE, Refused(said, PROJECTS_FILE, line))
