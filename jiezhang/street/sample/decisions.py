"""What the owners of a compound decide: standing rules, each repair and work by a resolution, one that does not carry.

Which procedure goes with which matter goes round with the compounds, so that four of them show every one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.approval.procedure import Procedure
from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.fund_register import Project, TreasuryBond
from jiezhang.domain.levy import REFUNDED, SPENT
from jiezhang.domain.period import Month

from .deciding import proposed_on, proposers
from .economy import Economy
from .events import some_day, whole, yuan
from .fund_matters import FundLife, Matter, Payment, Row
from .fund_projects import SETTLED
from .levies import PlannedLevy
from .officers import Officers
from .rulebook import procedure_for
from .standing import standing_rules
from .wishes import Wish
from .works import Work

_REPAIRS: Final = (
    ("three_reviews_two_publications", "street_supervises_tenders"),
    ("two_seals", "one_proposal_three_reviews"),
    ("four_steps", "community_keeps_finances"),
    ("street_supervises_tenders", "three_reviews_two_publications"),
)
"""One line for each compound of four: the procedures of its repairs in turn."""
_WORKS: Final = ("community_keeps_finances", "four_steps", "two_seals", "one_proposal_three_reviews")
_BONDS: Final = "owners_vote"
_LEVY: Final = "two_seals"
_OBJECTED, _FAILED, _EMERGENCY = 0, 1, 2
"""Which compound of four has an owner's objection, a vote that does not carry, an emergency."""

_CAUSES: Final = {"roof": "leak", "outer_walls": "facade", "drains": "drain", "lifts": "lift", "fire": "fire"}
"""What is repaired → the city's word for what may be repaired at once."""
_EMERGENCY_DAYS: Final = 25
"""So long before it is paid, an emergency is confirmed."""
_BOND_DAYS: Final = (20, 40)
_TERM_DAYS: Final = 365
_OBJECTION: Final = ("预算偏高，请公布测算依据", "已公布工程量清单和三家报价的对比，预算按最低价编制")
_NEVER_BUILT: Final = "增设小区健身步道"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is decided, and the registers and rows that name the decisions."""

    wishes: tuple[Wish, ...]
    life: FundLife
    works: tuple[Work, ...]
    levy: PlannedLevy | None


@dataclass(frozen=True, slots=True)
class _Draft:
    """A wish before it has its number; `about` is the project, bond, work or levy it is of."""

    wish: Wish
    about: Project | TreasuryBond | Work | PlannedLevy | None = None


@dataclass(frozen=True, slots=True)
class _Compound:
    seed: int
    code: str
    officers: Officers
    turn: int
    rng: Random


def plan_decisions(
    seed: int,
    code: str,
    officers: Officers,
    economy: Economy,
    index: int,
    first: Month,
    months: int,
    life: FundLife,
    works: tuple[Work, ...],
    levy: PlannedLevy | None,
) -> Decisions:
    """The wishes of the compound `code`, number `index`; `life`, `works` and `levy` with their resolutions' numbers."""
    rng = Random(f"{seed}:{code}:decisions")  # noqa: S311
    own = _Compound(seed, code, officers, (index - 1) % len(_REPAIRS), rng)
    drafts = [
        *_repairs(own, life),
        *_bonds(own, life),
        *_works(own, works),
        *_failed(own, economy, first, months),
        *_levies(own, levy),
    ]
    drafts = _numbered(own, drafts)
    codes = {id(draft.about): draft.wish for draft in drafts}
    projects = {one.code: _decided(one, codes[id(one)]) for one in life.projects}
    bonds = tuple(
        one.model_copy(update={"decision": codes[id(one)].code}) if id(one) in codes else one for one in life.bonds
    )
    life = replace(
        life,
        projects=tuple(projects.values()),
        bonds=bonds,
        matters=tuple(_with_project(matter, projects, drafts) for matter in life.matters),
    )
    wishes = (*standing_rules(rng, economy, officers, first, months), *(draft.wish for draft in drafts))
    works = tuple(_with_code(work, codes[id(work)]) for work in works)
    return Decisions(wishes, life, works, _raised(levy, codes[id(levy)]) if levy is not None else None)


def _numbered(own: _Compound, drafts: list[_Draft]) -> list[_Draft]:
    """By the day they are proposed, each with the number of its year."""
    found, counts = [], dict[int, int]()
    for draft in sorted(drafts, key=lambda draft: _proposed(own, draft.wish)):
        year = _proposed(own, draft.wish).year
        counts[year] = counts.get(year, 0) + 1
        resolution = draft.wish.resolution.model_copy(update={"code": f"R{year}-{counts[year]:02d}"})
        found.append(replace(draft, wish=replace(draft.wish, resolution=resolution)))
    return found


def _proposed(own: _Compound, wish: Wish) -> date:
    procedure = procedure_for(wish.resolution.procedure, wish.resolution.matter)
    return proposed_on(wish, procedure, wish.dice(own.seed, own.code))


def _decided(project: Project, wish: Wish) -> Project:
    return project.model_copy(update={"decision": wish.code, "decided": wish.approved})


def _with_code(work: Work, wish: Wish) -> Work:
    return replace(work, resolution=wish.code, payment=_payment_number(wish, 1))


def _raised(levy: PlannedLevy, wish: Wish) -> PlannedLevy:
    return levy.decided_by(wish.code, sealed=bool(_payment_number(wish, 1)))


def _with_project(matter: Matter, projects: dict[str, Project], drafts: list[_Draft]) -> Matter:
    if not isinstance(matter, Payment):
        return matter
    wish = next(draft.wish for draft in drafts if draft.wish.resolution.project == matter.project.code)
    number = _payment_number(wish, 2 if matter.part == SETTLED else 1)
    return replace(matter, project=projects[matter.project.code], number=number)


def _payment_number(wish: Wish, number: int) -> str:
    """`P1` where the procedure wants payments sealed."""
    procedure = procedure_for(wish.resolution.procedure, wish.resolution.matter)
    return f"P{number}" if procedure.payment_seals else ""


def _repairs(own: _Compound, life: FundLife) -> Iterator[_Draft]:
    bills = [matter for matter in life.matters if isinstance(matter, Payment)]
    dearest = max((project.budget_yuan for project in life.projects), default=None)
    for count, project in enumerate(life.projects):
        cause = _CAUSES.get(project.object, "") if own.turn == _EMERGENCY and not count else ""
        matter = "emergency" if cause else "fund_use"
        wanted = "emergency" if cause else _REPAIRS[(own.turn + count // 2) % len(_REPAIRS)][count % 2]
        procedure = procedure_for(wanted, matter)
        parts = [bill for bill in bills if bill.project.code == project.code]
        settled = bool(parts) and parts[-1].part in ("", SETTLED)
        paid = parts[-1].day if settled else None
        price = yuan(Decimal(sum(bill.total_fen for bill in parts)).scaleb(-2)) if settled else project.budget_yuan
        assert project.decided is not None
        approved = paid - timedelta(days=_EMERGENCY_DAYS) if cause and paid is not None else project.decided
        resolution = _resolution(
            own, procedure, project.name, approved, matter=matter, fund="W", subjects="5001",
            budget_yuan=project.budget_yuan, scope=project.scope, project=project.code, cause=cause,
            supplier=_named(procedure, matter, project.budget_yuan, project.contractor),
        )  # fmt: skip
        objected = own.turn == _OBJECTED and project.budget_yuan == dearest
        yield _Draft(
            Wish(
                resolution, approved, project.contractor, price, project.accepted, paid,
                objection=_OBJECTION if objected else None,
            ),
            project,
        )  # fmt: skip


def _bonds(own: _Compound, life: FundLife) -> Iterator[_Draft]:
    """Those bought while the books run."""
    known = {bond.code: bond for bond in life.bonds}
    for matter in life.matters:
        if isinstance(matter, Row) and matter.event.other == "1101" and matter.event.amount < 0:
            bond, day = known[matter.event.whose.bond], matter.day
            approved = day - timedelta(days=own.rng.randrange(*_BOND_DAYS))
            resolution = _resolution(
                own, procedure_for(_BONDS, "fund_use"), f"购买国债 {bond.code}", approved, matter="fund_use", fund="W",
                subjects="1101", budget_yuan=-matter.event.amount, papers="",
            )  # fmt: skip
            yield _Draft(Wish(resolution, approved, paid=day), bond)


def _works(own: _Compound, works: tuple[Work, ...]) -> Iterator[_Draft]:
    for count, work in enumerate(works):
        procedure = procedure_for(_WORKS[(own.turn + count) % len(_WORKS)], "other")
        budget = whole(work.amount_yuan + 49, 100)
        resolution = _resolution(
            own, procedure, work.what, work.decided, matter="other", fund="G", subjects=work.subject,
            budget_yuan=budget, supplier=_named(procedure, "other", budget, work.contractor),
        )  # fmt: skip
        wish = Wish(resolution, work.decided, work.contractor, work.amount_yuan, work.accepted, work.day)
        yield _Draft(wish, work)


def _failed(own: _Compound, economy: Economy, first: Month, months: int) -> Iterator[_Draft]:
    """Too few take part; nothing is built and nothing is paid."""
    if own.turn != _FAILED or months < 2:
        return
    day = some_day(own.rng, first.shift(1), 20)
    budget = whole(max(8_000, economy.yearly_yuan // 4), 1000)
    resolution = _resolution(
        own, procedure_for("four_steps", "other"), _NEVER_BUILT, day, matter="other", fund="G", subjects="5102",
        budget_yuan=budget, supplier="示例市政管道工程有限公司",
    )  # fmt: skip
    yield _Draft(Wish(resolution, day, resolution.supplier, budget, fails=True))


def _levies(own: _Compound, levy: PlannedLevy | None) -> Iterator[_Draft]:
    if levy is None:
        return
    resolution = _resolution(
        own, procedure_for(_LEVY, "fund_raise"), "加装电梯：集资、建造", levy.decided, matter="fund_raise",
        fund=levy.levy.code, subjects=f"{SPENT} {REFUNDED}", budget_yuan=levy.total_yuan, scope=levy.levy.scope,
        supplier=levy.contractor, ends=levy.levy.ends,
    )  # fmt: skip
    yield _Draft(Wish(resolution, levy.decided, levy.contractor, levy.cost_yuan, levy.accepted, levy.paid), levy)


def _named(procedure: Procedure, matter: str, budget_yuan: Decimal, contractor: str) -> str:
    """The contractor, unless a tender has to find them."""
    tendered = any(step.kind == "bids" and step.asked_of(matter, budget_yuan) for step in procedure.steps)
    return "" if tendered else contractor


def _resolution(own: _Compound, procedure: Procedure, title: str, day: date, **terms: object) -> Resolution:
    return Resolution.model_validate(
        {
            "code": "R",
            "procedure": procedure.code,
            "title": title,
            "by": proposers(procedure, own.officers),
            "starts": day,
            "ends": day + timedelta(days=_TERM_DAYS),
            **terms,
        }
    )
