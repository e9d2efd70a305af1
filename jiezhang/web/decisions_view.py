"""The page 决议 as a value: every resolution with what comes next and what was paid, and one of them in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from beancount.core import data

from jiezhang.domain.approval.path_value import Path, hanging_until
from jiezhang.domain.approval.records import KIND_NAMES
from jiezhang.domain.approval.spending import RESOLUTION_KEY, all_payments, payable_fault
from jiezhang.domain.approval.spent import Spent
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.money import to_fen, yuan
from jiezhang.domain.period import Month
from jiezhang.domain.register import Street
from reports.render.resolution_text import tally_lines
from reports.resolution import resolution_paper
from reports.resolution_value import STATUS_NAMES, ResolutionPaper, StepLine
from reports.seal_register import SealLine, seal_register

BIDDERS = "投标人"
"""Who takes the only step that names nobody: handing in bids."""

Mark = Literal["good", "wait", "bad", "over"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a resolution stands: a mark of one colour, its word, and a sentence; who may take the next step."""

    mark: Mark
    word: str
    sentence: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One resolution in the list; amounts as a person reads them, `left` empty where there is no budget."""

    code: str
    title: str
    procedure: str
    verified: bool
    proposed: date
    budget: str
    paid: str
    left: str
    is_over: bool
    """Whether more was paid than the budget."""
    standing: Standing
    owed: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A standing rule (议事规则授权), what it allows and how much of it one month used; limits empty where none."""

    code: str
    title: str
    subjects: str
    each: str
    month_limit: str
    count_limit: str
    used: str
    count: int
    left: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the procedure; `who` may take it, while nobody has."""

    line: StepLine
    status: str
    mark: Mark | Literal[""]
    who: str


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """One resolution in full. `seals` are those set on it, `wrong_at` the place of its first wrong record."""

    paper: ResolutionPaper
    standing: Standing
    steps: tuple[StepShown, ...]
    records: tuple[tuple[date, str, str], ...]
    tallies: tuple[tuple[str, ...], ...]
    seals: tuple[SealLine, ...]
    wrong_at: str


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """Everything the list shows. `misread`: how many records can't be read; the rules say which."""

    decisions: tuple[DecisionRow, ...]
    rules: tuple[RuleRow, ...]
    misread: int


def decisions_view(view: OfficeView, month: Month, day: date) -> DecisionsView:
    """All resolutions as of `day`, the newest first, and the standing rules with what `month` used."""
    citing, spent = _citing(view.entries), Spent()
    for payment in all_payments(view.entries):
        spent.add(payment)
    papers = {
        code: resolution_paper(replace(view, entries=citing.get(code, ())), path, day)
        for code, path in view.paths.items()
    }
    newest = sorted(view.paths.values(), key=lambda path: (path.opened.day, path.code), reverse=True)
    rules = sorted((path for path in newest if _is_rule(path)), key=lambda path: path.code)
    return DecisionsView(
        tuple(_row(path, papers[path.code], day) for path in newest if not _is_rule(path)),
        tuple(_rule(path, papers[path.code], spent, month, day) for path in rules),
        len(view.misread),
    )


def decision_shown(view: OfficeView, path: Path, street: Street, day: date) -> DecisionShown:
    """One resolution as of `day`."""
    paper = resolution_paper(replace(view, entries=_citing(view.entries).get(path.code, ())), path, day)
    return DecisionShown(
        paper=paper,
        standing=standing_of(path, paper, day),
        steps=tuple(_step(step, path) for step in paper.steps),
        records=tuple((line.day, KIND_NAMES[line.kind], line.said) for line in paper.records),
        tallies=tuple(tuple(tally_lines(tally)) for tally in paper.tallies),
        seals=_seals(view, path, street),
        wrong_at=_place(path),
    )


def standing_of(path: Path, paper: ResolutionPaper, day: date) -> Standing:
    """Where a resolution stands at the end of `day`."""
    if path.fault is not None:
        return Standing("bad", "记录有误", paper.fault)
    if path.ended:
        return Standing("over", "已终止", path.ended)
    if path.approved is None:
        following = next((step for step in paper.steps if step.status == "next"), None)
        assert following is not None, "what is not approved has a next step"
        until = hanging_until(path, day)
        said = f"公开到 {until}，期满以后才能办" if until else f"最迟 {following.due}" if following.due else ""
        return Standing("wait", f"待办：{following.title}", said, following.who or BIDDERS)
    if day > path.resolution.ends:
        return Standing("over", "期限已过", f"{path.resolution.ends} 到期")
    wrong = payable_fault(path, day)
    return Standing("wait", "暂不能支付", wrong) if wrong else Standing("good", "可以支付", f"{path.approved} 办完")


def _citing(entries: Iterable[data.Directive]) -> Mapping[str, Sequence[data.Directive]]:
    """The transactions that name each resolution."""
    found: defaultdict[str, list[data.Directive]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry, data.Transaction) and RESOLUTION_KEY in entry.meta:
            found[str(entry.meta[RESOLUTION_KEY])].append(entry)
    return found


def _is_rule(path: Path) -> bool:
    return path.resolution.matter == "standing"


def _row(path: Path, paper: ResolutionPaper, day: date) -> DecisionRow:
    return DecisionRow(
        code=paper.code,
        title=paper.title,
        procedure=paper.procedure,
        verified=paper.verified,
        proposed=path.opened.day,
        budget=yuan(paper.budget_fen),
        paid=yuan(paper.paid_fen),
        left=yuan(paper.left_fen),
        is_over=paper.left_fen < 0,
        standing=standing_of(path, paper, day),
        owed=paper.owed,
    )


def _rule(path: Path, paper: ResolutionPaper, spent: Spent, month: Month, day: date) -> RuleRow:
    given, used = path.resolution, spent.month[path.code, month]
    limit = to_fen(given.month_max_yuan) if given.month_max_yuan is not None else None
    return RuleRow(
        code=path.code,
        title=given.title,
        subjects=given.subjects,
        each=yuan(to_fen(given.each_max_yuan)) if given.each_max_yuan is not None else "",
        month_limit=yuan(limit) if limit is not None else "",
        count_limit=str(given.count_max or ""),
        used=yuan(used),
        count=spent.count[path.code, month],
        left=yuan(limit - used) if limit is not None else "",
        standing=standing_of(path, paper, day),
    )


def _step(step: StepLine, path: Path) -> StepShown:
    marks: Mapping[str, Mark] = {"done": "good", "hanging": "wait", "next": "wait", "owed": "wait", "not_asked": "over"}
    if step.status in ("next", "later") and (path.ended or path.fault is not None):
        return StepShown(step, "", "", "")  # it will never be taken
    who = step.who if step.status in ("next", "owed", "later") else ""
    return StepShown(step, STATUS_NAMES[step.status], marks.get(step.status, ""), who)


def _seals(view: OfficeView, path: Path, street: Street) -> tuple[SealLine, ...]:
    """Every seal set on the resolution and its payments, as the register of seal use has them."""
    days = [one.day for one in view.records if one.record.code == path.code and one.kind == "seal"]
    if not days:
        return ()
    register = seal_register(view, street, view.files.compound, Month.of(min(days)), Month.of(max(days)))
    return tuple(line for line in register.lines if line.resolution == path.code)


def _place(path: Path) -> str:
    if path.fault is None:
        return ""
    meta = path.fault[1].entry.meta
    return f"{str(meta['filename']).rpartition('/')[2]} 第 {meta['lineno']} 行"
