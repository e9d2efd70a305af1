"""A resolution's path as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from jiezhang.domain.approval.electorate import Count
from jiezhang.domain.money import yuan

from ..resolution_value import STATUS_NAMES, ResolutionPaper, StepLine, TallyLine


def render_text(paper: ResolutionPaper) -> str:
    """Heading, terms, each step, votes, bids, payments, what is owed, and why it stands still."""
    mark = "" if paper.verified else "（待核实）"
    lines = [f"{paper.code}　{paper.title}　{paper.state}", f"    程序：{paper.procedure}{mark}　{paper.source}"]
    lines += [f"    {label}：{value}" for label, value in paper.terms]
    lines += [_step(step) for step in paper.steps]
    for tally in paper.tallies:
        lines += [f"    {line}" for line in tally_lines(tally)]
    lines += [
        f"    报价：“{bid.supplier}”{'密封' if bid.price_fen is None else yuan(bid.price_fen) + ' 元'}"
        f"{'，中选' if bid.chosen else ''}"
        for bid in paper.bids
    ]
    lines += [f"    异议 {number} 还没有答复" for number in paper.objections]
    lines += _payments(paper)
    if paper.fault:
        lines.append(f"    有误：{paper.fault}")
    return "\n".join(lines) + "\n"


def render_list(papers: Sequence[ResolutionPaper]) -> str:
    """A line for each resolution."""
    return "".join(
        f"{paper.compound}　{paper.code}　{paper.title}　{paper.procedure}　{paper.state}"
        f"　预算 {yuan(paper.budget_fen)}，已付 {yuan(paper.paid_fen)}\n"
        for paper in papers
    )


def tally_lines(one: TallyLine) -> list[str]:
    """The shares of a vote, and whether it carried."""
    tally = one.tally
    parts = (("参与", tally.took_part, tally.everybody), ("同意", tally.agreed, one.base))
    said = [f"{word}：{_share(part, whole)}" for word, part, whole in parts]
    return [
        f"{one.day} 表决　全体 {_count(tally.everybody)}　" + "　".join(said),
        f"法定：{one.asked}",
        f"表决结果：{'没有通过（' + one.failed + '）' if one.failed else '通过'}",
    ]


def _count(count: Count) -> str:
    return f"{count.area_dm2 // 100}.{count.area_dm2 % 100:02d} ㎡ {count.heads} 人"


def _share(part: Count, whole: Count) -> str:
    return f"{_count(part)}（面积 {_percent(part.area_dm2, whole.area_dm2)}，人数 {_percent(part.heads, whole.heads)}）"


def _percent(part: int, whole: int) -> str:
    """Never rounded up: 66.66 % is not two thirds."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _step(step: StepLine) -> str:
    said = f"    {step.number}. [{STATUS_NAMES[step.status]}] {step.title}"
    if step.status in ("done", "hanging") and step.day is not None:
        return f"{said}　{step.day}　{step.by}"
    due = f"　最迟 {step.due}" if step.due else ""
    who = f"　由{step.who}" if step.status in ("next", "owed") and step.who else ""
    return f"{said}{who}{due}　{step.article}" if step.status != "not_asked" else said


def _payments(paper: ResolutionPaper) -> list[str]:
    lines = []
    for payment in paper.payments:
        number = payment.voucher or ("待过账" if not payment.posted else "")
        sealed = f"　{'、'.join(payment.seals)}" if payment.seals else ""
        lines.append(f"    付款：{payment.day} {number}　{payment.payee} {yuan(payment.fen)} 元{sealed}")
    if paper.payments:
        left = f"，余 {yuan(paper.left_fen)} 元" if paper.budget_fen else ""
        budget = f"，预算 {yuan(paper.budget_fen)} 元" if paper.budget_fen else ""
        lines.append(f"    已付 {yuan(paper.paid_fen)} 元{budget}{left}")
    return lines
