"""专款专用: the fund pays only for registered projects on common parts after warranty, decided, contracted, accepted.

Sources: 165号令 2008 art. 2, 3, 18 (repair, renewal and alteration of common parts after warranty, nothing else),
art. 22-24 (plan, consent of the owners concerned, contract, payment to the contractor), art. 25 (never payable);
民法典 2021 art. 278, 281. What exceeds the budget by the city's limit has to be applied for anew (e.g.
杭州市物业管理条例 2021 art. 72).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from beancount.core import data

from jiezhang.domain.booking import named_legs
from jiezhang.domain.fund_register import Project
from jiezhang.domain.household_events import RepairDetailed
from jiezhang.domain.money import to_fen, yuan
from jiezhang.domain.problem import Finding, Refused, finding
from jiezhang.domain.roll import dwellings_in
from jiezhang.domain.rule_words import NEVER_PAYABLE
from jiezhang.domain.scope import parse_scope

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


@dataclass(frozen=True, slots=True)
class Payment:
    """What a voucher pays for a project. `cost_fen` is the whole of it, with what others paid beside the fund: a
    budget is of the whole work. `payee` is `None` and `scope` empty where nothing is said yet."""

    day: date
    cost_fen: int
    payee: str | None = None
    scope: str = ""


def payment_of(entry: data.Transaction) -> Payment:
    """The payment of a voucher with legs on 5001 (nothing, when it has none)."""
    legs = [number for name, number in named_legs(entry) if name.fund_kind == "W" and name.subject.code == "5001"]
    try:
        total = fen_in(entry.meta, "apportion-total") if "apportion" in entry.meta else None
    except Refused:
        total = None  # household_identity reports it
    cost = int(sum(legs) * 100) if total is None else total
    return Payment(entry.date, cost, entry.payee or "", str(entry.meta.get("apportion", "")))


def _repairs(view: FundView, projects: Mapping[str, Project]) -> Iterator[Finding]:
    limit = budget_limit(view.entries)
    paid: defaultdict[str, int] = defaultdict(int)
    for entry, _ in view.posted("5001"):
        project = projects.get(str(entry.meta.get("project", "")))
        if project is None:
            named = entry.meta.get("project")
            said = f"维修项目 {named} 没有登记在 projects.csv" if named else "维修支出须用 project 写明维修项目"
            yield finding(RULE, said, entry)
            continue
        payment = payment_of(entry)
        wrong = payment_fault(project, payment, paid[project.code], limit)
        paid[project.code] += payment.cost_fen
        if wrong:
            yield finding(RULE, wrong, entry)


def budget_limit(entries: Sequence[data.Directive]) -> tuple[Decimal, str]:
    """The percentage of a budget that needs a new application, and the article in brackets; 100 where none is set."""
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type == BUDGET_DIRECTIVE:
            percent, article = (value.value for value in entry.values)
            return percent, f"（{article}）"
    return Decimal(100), ""


def payment_fault(project: Project, payment: Payment, paid_fen: int, limit: tuple[Decimal, str]) -> str:
    """Why `payment` may not be made for `project`, `paid_fen` having been paid before; empty when it may.

    `limit` as `budget_limit` gives it.
    """
    if project.cause != "wear":
        return f"维修项目 {project.code} {NEVER_PAYABLE[project.cause]}费用，不得从维修资金列支（165号令第25条）"
    if project.warranty_until is None:
        return f"维修项目 {project.code} 没有登记保修期，维修资金只用于保修期满之后（165号令第18条）"
    if payment.day <= project.warranty_until:
        return f"维修项目 {project.code} 在保修期内（至 {project.warranty_until}），应由建设单位承担（165号令第18条）"
    demanded = {"业主决定": project.decision, "决定日期": project.decided, "预算": project.budget_yuan}
    demanded |= {"施工单位": project.contractor, "合同": project.contract}
    missing = [word for word, given in demanded.items() if not given]
    if missing:
        return f"维修项目 {project.code} 没有登记{'、'.join(missing)}，不能支付（165号令第22至23条）"
    if project.decided is not None and payment.day < project.decided:
        return f"维修项目 {project.code} 于 {project.decided} 才经业主决定，不能在此之前支付"
    if payment.payee is not None and payment.payee != project.contractor:
        return f"收款人“{payment.payee}”不是维修项目 {project.code} 的施工单位“{project.contractor}”（165号令第22条）"
    if payment.scope and payment.scope != project.scope:
        return f"凭证的分摊范围 {payment.scope} 与维修项目 {project.code} 登记的 {project.scope} 不同"
    after = paid_fen + payment.cost_fen
    return _before_acceptance(project, payment.day, after) or _over_budget(project, after, limit)


def _over_budget(project: Project, paid_fen: int, limit: tuple[Decimal, str]) -> str:
    percent, article = limit
    budget = to_fen(project.budget_yuan)
    if paid_fen <= budget or paid_fen < budget * percent / 100:
        return ""
    over = f"{yuan(paid_fen)} 元，预算 {project.budget_yuan} 元"
    return f"维修项目 {project.code} 累计支付 {over}：超出部分须重新申报{article}"


def _before_acceptance(project: Project, day: date, paid_fen: int) -> str:
    if project.accepted is not None and day >= project.accepted:
        return ""
    may = to_fen(project.budget_yuan) * project.prepay_percent // 100
    if paid_fen <= may:
        return ""
    said = f"验收前最多预付预算的 {project.prepay_percent}%，即 {yuan(may)} 元，累计支付 {yuan(paid_fen)} 元"
    return f"维修项目 {project.code} 还没有验收：{said}"


def _out_of_scope(view: FundView) -> Iterator[Finding]:
    """Detailed repairs of dwellings that the project does not concern."""
    projects = {project.code: project for _, project in view.files.register.projects}
    for booked in view.replayed.journal if view.replayed is not None else ():
        entry = booked.entry
        project = projects.get(str(entry.meta.get("project", ""))) if entry is not None else None
        if entry is None or project is None or not isinstance(booked.event, RepairDetailed):
            continue
        assert view.replayed is not None
        roll = view.replayed.state.roll
        try:
            concerned = dwellings_in(roll, parse_scope(project.scope), np.zeros(len(roll), dtype=np.int64))
        except Refused:
            continue  # dwelling_known reports it
        concerned |= roll.seller & np.isin(roll.building, roll.building[concerned])
        outside = np.flatnonzero((booked.change_fen != 0) & ~concerned)
        if len(outside):
            said = f"户 {roll.codes[outside[0]]} 不在维修项目 {project.code} 登记的范围 {project.scope} 里"
            yield finding(RULE, said, entry)


def _others(view: FundView) -> Iterator[Finding]:
    yield from _out_of_scope(view)
    for line, project in view.files.register.projects:
        if project.accepted and project.decided and project.accepted < project.decided:
            said = f"维修项目 {project.code} 的验收日期早于业主决定的日期"
            yield view.finding(RULE, Refused(said, PROJECTS_FILE, line))
