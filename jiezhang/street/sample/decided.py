"""A compound's decisions as files: the records of its resolutions, the ballots they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.records import Entered

from .deciding import Deciding, decide
from .fund_register import register_of
from .plan import PlannedCompound
from .rulebook import packs, procedures
from .truth import MonthTruth
from .wishes import Bill


@dataclass(frozen=True, slots=True)
class Decided:
    """`records` in order of day; `votes` by their path in the compound's folder."""

    records: tuple[Entered, ...] = ()
    votes: Mapping[str, bytes] = field(default_factory=dict)


def decide_all(planned: PlannedCompound, seed: int, months: Iterable[MonthTruth], last: date) -> Decided:
    """Everything decided by the end of `last`, with the seals on what was paid in `months`."""
    bills = [bill for truth in months for bill in _bills(planned, truth)]
    files = OfficeFiles(
        compound=planned.compound,
        packs=packs(),
        register=register_of(planned.fund, planned.life, planned.compound.start),
    )
    records: list[Entered] = []
    votes: dict[str, bytes] = {}
    for wish in planned.wishes:
        procedure = procedures()[wish.resolution.procedure]
        work = Deciding(wish, procedure, planned.officers, files, seed, wish.dice(seed, planned.compound.code))
        records += decide(work, [bill for bill in bills if bill.resolution == wish.code], last)
        votes |= work.votes
    held = {one.record.ballots for one in records if one.kind == "vote"}
    kept = {name: content for name, content in votes.items() if name in held}
    return Decided(tuple(sorted(records, key=lambda one: one.day)), kept)


def _bills(planned: PlannedCompound, truth: MonthTruth) -> list[Bill]:
    return [*_of_fund(planned, truth), *_of_works(planned, truth), *_of_levy(planned, truth)]


def _of_levy(planned: PlannedCompound, truth: MonthTruth) -> list[Bill]:
    return [
        Bill(row.allowed.resolution, row.allowed.payment, row.counterparty, -row.amount, row.day)
        for row in (planned.levy.of(truth.month) if planned.levy is not None else ())
        if row.amount < 0
    ]


def _of_fund(planned: PlannedCompound, truth: MonthTruth) -> list[Bill]:
    decisions = {project.code: project.decision for project in planned.life.projects}
    return [
        Bill(decisions[row.whose.project], row.allowed.payment, row.counterparty, -row.amount, row.day)
        for row in truth.fund.rows
        if row.whose.project
    ]


def _of_works(planned: PlannedCompound, truth: MonthTruth) -> list[Bill]:
    return [
        Bill(work.resolution, work.payment, work.contractor, work.amount_yuan, work.day)
        for work in planned.works
        if truth.month.contains(work.day)
    ]
