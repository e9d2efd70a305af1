"""What the view of a project says alike on paper, as text and in data."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..project import LevyState, ProjectReport, Source
from ..resolution import STATUS_NAMES, ResolutionPaper, StepLine
from ..wording import day_name
from .resolution_text import tally_lines

TITLE = "重点项目一览"


def under_title(report: ProjectReport) -> str:
    """`桂花苑　3幢屋面防水　截至2026年10月31日`."""
    return f"{report.issuer.compound_name}　{report.title}　截至{day_name(report.day)}"


def facts_of(report: ProjectReport) -> list[tuple[str, str]]:
    """Label and value."""
    project = f"（{report.project}）" if report.project else ""
    price = f"　合同价 {yuan(report.price_fen)} 元" if report.price_fen is not None else ""
    return [
        ("项　　目", report.title + project),
        ("范　　围", report.scope),
        ("施工单位", (report.supplier or "未定") + price),
        ("合　　同", report.contract or "未登记"),
        ("验　　收", str(report.accepted) if report.accepted else "未验收"),
    ]


def key_figures(report: ProjectReport) -> list[tuple[str, str, int]]:
    """Sign, label, fen."""
    figures = [("", "决定的预算", report.budget_fen), ("－", "资金内已付", report.paid_fen)]
    return [*figures, ("＝", "预算余额", report.left_fen)]


def retention_words(report: ProjectReport) -> str:
    """What is not paid of the price."""
    if report.retained_fen is None:
        return "没有登记合同价，尾款（含质保金）算不出"
    if report.retained_fen < 0:
        return f"已付超过合同价 {yuan(-report.retained_fen)} 元"
    price, paid = yuan(report.price_fen or 0), yuan(report.cost_fen)
    return f"合同价 {price}，已付 {paid}，尾款（含质保金） {yuan(report.retained_fen)} 元"


def source_name(source: Source) -> str:
    """`维修资金 01幢`, `专项集资 J01加装电梯集资`, `资金外支付`."""
    if not source.fund:
        return "资金外支付（开发建设单位等）"
    if source.fund[0] == "J":
        return f"专项集资 {source.fund}"
    return source.fund[1:] + (f" {source.place}幢" if source.place else "")


def levy_words(levy: LevyState) -> str:
    """One levy in a sentence."""
    subsidy = f"，补助 {yuan(levy.subsidy_fen)}" if levy.subsidy_fen else ""
    back = f"，退还业主 {yuan(levy.refunded_fen)}" if levy.refunded_fen else ""
    raised = f"应交 {yuan(levy.due_fen)}，已交 {yuan(levy.raised_fen)}"
    return f"集资 {levy.code} {levy.name}：{raised}{subsidy}{back}，现余 {yuan(levy.left_fen)} 元。"


def decision_words(paper: ResolutionPaper) -> list[str]:
    """What a resolution allowed, how it was voted on, and where it stands."""
    mark = "" if paper.verified else "（待核实）"
    said = [f"{paper.code}“{paper.title}”：{paper.procedure}{mark}，预算 {yuan(paper.budget_fen)} 元，{paper.state}。"]
    terms = dict(paper.terms)
    said.append("　".join(f"{label}：{terms[label]}" for label in ("事项", "资金", "期限") if label in terms))
    for tally in paper.tallies:
        said += tally_lines(tally)
    return said


def result_rows(report: ProjectReport) -> list[tuple[str, str, str, str]]:
    """Resolution, step, status with its day, article: what has to follow the payment (结算、审计、公布)."""
    rows = []
    for paper in report.papers:
        at = next((number for number, step in enumerate(paper.steps) if step.code == "execute"), len(paper.steps))
        after = [step for step in paper.steps[at + 1 :] if step.status != "not_asked"]
        rows += [(paper.code, step.title, _status(step), step.article) for step in after]
    return rows


def _status(step: StepLine) -> str:
    if step.day is not None:
        return f"{STATUS_NAMES[step.status]} {step.day}"
    due = f"，限 {step.due}" if step.due is not None else ""
    return STATUS_NAMES[step.status] + due


def owed_words(report: ProjectReport) -> str:
    """What is still owed, in one sentence."""
    owed = [f"{paper.code} {step.title}" for paper in report.papers for step in paper.owed]
    owed += ["验收"] if report.payments and report.accepted is None else []
    return f"还欠：{'、'.join(owed)}。" if owed else "没有欠办的事项。"
