"""What a person can record of a resolution now, and what a form has to ask for it: the next step, an objection.

The table says what is asked; whether what is said will do, only the engine knows (`path`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ..applicable import stop_value
from ..chart import FUND_NAMES
from ..duties.may import may
from ..people import has_role
from ..register import Person
from .owed import duties_owed
from .path_value import Path, hanging_until
from .procedure import MATTERS, Procedure, Step
from .view import OfficeView

AskedKind = Literal["text", "long", "day", "choice", "many", "file"]
TurnKind = Literal["resolution", "stage", "publication", "filing", "objection", "answer"]

ANSWERERS = ("committee", "community", "street")
"""Who answers an owner's objection: not the owner who made it."""

PAPERS = (("contract", "合同"), ("invoice", "发票"), ("acceptance", "验收单"))
_KINDS: dict[str, TurnKind] = {
    "review": "stage", "duty": "stage", "publication": "publication", "filing": "filing",
}  # fmt: skip
"""Steps taken by a form: seals are set with keys, ballots and bids are files and envelopes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to fill in: the record's field `name`. `many`: several of `choices`, joined by `joined`."""

    name: str
    label: str
    kind: AskedKind = "text"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    joined: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A record that somebody can make now: of a resolution's step, where it is of one. `signs`: it is their
    signature."""

    kind: TurnKind
    title: str
    asked: tuple[Asked, ...]
    step: str = ""
    signs: bool = True


def turns_of(view: OfficeView, path: Path, person: Person, day: date) -> tuple[Turn, ...]:
    """What `person` can record of the resolution on `day`."""
    compound = view.files.compound.code
    if path.fault is not None or path.ended or not may(person, "decide", compound, day):
        return ()
    steps = (_step_turn(view, path, step, person, day) for step in _open_steps(view, path, day))
    return tuple(turn for turn in (*steps, *_answers(path, person, compound, day), _objection(path)) if turn)


def proposal_of(view: OfficeView, person: Person, day: date) -> Turn | None:
    """What a person who may propose has to say; `None` for who may not."""
    compound = view.files.compound.code
    mine = [one for one in view.files.procedures.values() if has_role(person, one.steps[0].who, compound, day)]
    if not mine or not may(person, "decide", compound, day):
        return None
    return Turn("resolution", "提议", tuple(_terms(view, mine, person, day)))


def next_code(view: OfficeView, day: date) -> str:
    """`R2026-08`, the first number of the year that no resolution has."""
    numbers = (f"R{day.year}-{number:02d}" for number in range(1, len(view.paths) + 2))
    return next(code for code in numbers if code not in view.paths)


def next_objection(path: Path) -> str:
    """`YY2`, the first number that no objection to the resolution has."""
    used = {one.record.number for one in path.records if one.kind == "objection"}
    return next(code for code in (f"YY{number}" for number in range(1, len(used) + 2)) if code not in used)


def _open_steps(view: OfficeView, path: Path, day: date) -> Iterator[Step]:
    """The next step, unless something keeps it waiting; what is owed after a payment."""
    step = path.next_step()
    if step is not None and not path.objections and hanging_until(path, day) is None:
        yield step
    yield from (owed.step for owed in duties_owed(view, view.entries) if owed.path is path)


def _step_turn(view: OfficeView, path: Path, step: Step, person: Person, day: date) -> Turn | None:
    kind = _KINDS.get(step.kind)
    if kind is None or not has_role(person, step.who, view.files.compound.code, day):
        return None
    with_others = _others(view, step, person, day)
    if kind == "publication":
        until = Asked("until", f"公开到哪一天（至少 {step.days_min} 日）", "day", required=True)
        return Turn(kind, step.title, (until, Asked("place", "贴在哪里", required=True)), step.code)
    if kind == "filing":
        return Turn(kind, step.title, (Asked("number", "备案编号", required=True),), step.code)
    signed = (Asked("document", "签字的原件", "file"), *with_others)
    if step.kind == "duty":
        return Turn(kind, step.title, (Asked("opinion", "意见", "long"), *signed), step.code)
    outcome = Asked("outcome", "结果", "choice", True, (("agree", "同意"), ("reject", "否决")), "agree")
    bidders = tuple((name, f"{name}（报价 {price} 元）") for name, price in path.prices.items())
    supplier = Asked("supplier", "选定的单位", "choice" if bidders else "text", False, (("", "—"), *bidders))
    asked = (outcome, Asked("opinion", "意见", "long"), *((supplier,) if step.awards or bidders else ()), *signed)
    return Turn(kind, step.title, asked, step.code)


def _others(view: OfficeView, step: Step, person: Person, day: date) -> tuple[Asked, ...]:
    """Who else can sign on the same paper, where one signature is not enough."""
    if not step.jointly and not step.majority_of:
        return ()
    compound = view.files.compound.code
    others = _persons(one for one in view.files.people.values() if has_role(one, step.who, compound, day))
    left = tuple(one for one in others if one[0] != person.id)
    return (Asked("by", "一同签字的人（附原件）", "many", False, left, joined=","),) if left else ()


def _persons(people: Iterable[Person]) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, f"{one.id} {one.name}") for one in people)


def _objection(path: Path) -> Turn | None:
    if path.approved is not None:
        return None
    asked = (Asked("text", "业主说了什么", "long", required=True), Asked("by", "哪一户提出的"))
    return Turn("objection", "登记业主异议", asked, signs=False)


def _answers(path: Path, person: Person, compound: str, day: date) -> Iterator[Turn]:
    if path.objections and has_role(person, ANSWERERS, compound, day):
        numbers = tuple((number, number) for number in path.objections)
        asked = (Asked("number", "异议", "choice", True, numbers), Asked("answer", "怎样答复", "long", required=True))
        yield Turn("answer", "答复业主异议", asked)


def _terms(view: OfficeView, mine: list[Procedure], person: Person, day: date) -> Iterator[Asked]:
    matters = tuple((code, name) for code, name in MATTERS.items() if any(code in one.matters for one in mine))
    levies = tuple((levy.code, f"{levy.code} {levy.name}") for _, levy in view.files.levies)
    yield Asked("code", "编号", required=True, value=next_code(view, day))
    yield Asked("procedure", "程序", "choice", True, tuple((one.code, one.name) for one in mine))
    yield Asked("title", "要办什么", required=True)
    yield Asked("matter", "事项", "choice", True, matters)
    yield Asked("fund", "资金", "choice", True, (*((code, FUND_NAMES[code]) for code in ("G", "W")), *levies))
    yield Asked("subjects", "科目，多个用空格隔开", required=True)
    yield Asked("budget_yuan", "预算（元）")
    yield Asked("scope", "范围（全小区、幢:01、单元:01/2，或 户:01-1-101,01-1-102）", required=True, value="全小区")
    yield Asked("supplier", "只能付给谁（由比选决定的不填）")
    yield Asked("project", "维修项目编号")
    yield Asked("starts", "从哪天起可以支付", "day", required=True)
    yield Asked("ends", "到哪天为止", "day", required=True)
    yield Asked("each_max_yuan", "每笔最多（元），议事规则授权才填")
    yield Asked("count_max", "每月最多几笔，议事规则授权才填")
    yield Asked("month_max_yuan", "每月最多（元），议事规则授权才填")
    yield Asked("papers", "付款须附", "many", False, PAPERS, " ".join(code for code, _ in PAPERS), " ")
    if any(code == "emergency" for code, _ in matters):
        causes = stop_value(view.files.rules_on(day), "fund.emergency_causes", tuple) or ()
        choices = (("", "—"), *((cause, cause) for cause in causes))
        yield Asked("cause", "应急维修的情形", "choice" if causes else "text", False, choices)
    yield Asked("document", "签字的原件", "file")
    found = [asked for one in mine for asked in _others(view, one.steps[0], person, day)]
    others = dict.fromkeys(choice for asked in found for choice in asked.choices)
    yield from (replace(asked, choices=tuple(others)) for asked in found[:1])
