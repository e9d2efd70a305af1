"""先决后支: a payment cites the resolution that allows it, and that resolution took every step of its procedure.

Sources: 民法典 2021 art. 278, 281, 282; 物业管理条例 2018 art. 53, 54; 165号令 2008 art. 22, 23; 会计基础工作规范 2019
art. 48; for each step the article its procedure names.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...fund_register import Project
from ...problem import Finding, Refused, finding
from ...text import same_name_key
from ..path import orphans
from ..path_value import Path
from ..spending import all_payments, citing_fault, registered_fault
from ..view import OfficeView

RULE = "approvals"
PROJECTS_FILE = "register/projects.csv"


def find(view: OfficeView) -> list[Finding]:
    """Records that can't be read or break their procedure; payments that nothing allows; projects that say otherwise
    than the resolution they rest on."""
    return [
        *(finding(RULE, wrong.message, wrong.entry) for wrong in view.misread),
        *(
            finding(RULE, "决议的记录须写在 resolutions.beancount 里，一个文件才有先后", one.entry)
            for one in view.records
            if not one.entry.meta["filename"].endswith("resolutions.beancount")
        ),
        *(finding(RULE, path.fault[0], path.fault[1].entry) for path in view.paths.values() if path.fault),
        *(
            finding(RULE, f"决议 {one.record.code} 还没有提议，不能有别的记录", one.entry)
            for one in orphans(view.records, view.paths)
        ),
        *_payments(view),
        *_projects(view),
    ]


def _payments(view: OfficeView) -> Iterator[Finding]:
    for payment in all_payments(view.entries):
        said = citing_fault(payment, view.paths) or registered_fault(payment, view.files.register)
        if said:
            yield finding(RULE, said, payment.entry)


def _projects(view: OfficeView) -> Iterator[Finding]:
    """The register of projects repeats what was decided; it can't change it. What was decided before these books may
    stand in it by another number: nothing is paid on that."""
    register = view.files.register
    for line, project in register.projects if register is not None else ():
        path = view.paths.get(project.decision)
        said = _project_fault(path, project) if path is not None else ""
        if said:
            yield view.refusal(RULE, Refused(f"维修项目 {project.code}：{said}", PROJECTS_FILE, line))


def _project_fault(path: Path, project: Project) -> str:
    resolution = path.resolution
    if resolution.project != project.code:
        return f"决议 {project.decision} 不是为它作的"
    if project.budget_yuan != resolution.budget_yuan:
        return f"预算 {project.budget_yuan} 元与决议 {project.decision} 的 {resolution.budget_yuan} 元不同"
    if project.scope != resolution.scope:
        return f"列支范围 {project.scope} 与决议 {project.decision} 的 {resolution.scope} 不同"
    contractor = project.contractor
    if path.supplier and contractor and same_name_key(contractor) != same_name_key(path.supplier):
        return f"施工单位“{contractor}”与决议 {project.decision} 定下的“{path.supplier}”不同"
    if project.decided is not None and path.approved is not None and project.decided > path.approved:
        return f"决定日期 {project.decided} 晚于决议 {project.decision} 办完的 {path.approved}"
    return ""
