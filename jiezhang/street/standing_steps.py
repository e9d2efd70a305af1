"""What a compound's resolutions wait for: the next step of each, what is owed after a payment, seals on payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from beancount.core import data

from jiezhang.domain.approval.owed import duties_owed
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.procedure import Step
from jiezhang.domain.approval.seals import KEEPERS
from jiezhang.domain.approval.spending import PAYMENT_KEY, RESOLUTION_KEY
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED

from .standing_value import StepStanding, StepState


def under_way(office: OfficeView) -> list[Path]:
    """The resolutions that still have a step before them until money may be paid."""
    return [path for path in office.paths.values() if _lives(path) and path.next_step() is not None]


def steps_of(office: OfficeView) -> tuple[StepStanding, ...]:
    """Everything that waits, by resolution."""
    found = [_next(office, path, step) for path in under_way(office) if (step := path.next_step()) is not None]
    for owed in duties_owed(office, office.entries):
        if _lives(owed.path):
            found.append(_standing(office, owed.path, owed.step, "owed", due=owed.due))
    for path in office.paths.values():
        found += _payment_seals(office, path)
    return tuple(sorted(found, key=lambda one: one.resolution))


def _lives(path: Path) -> bool:
    """One with a fault waits for nobody: the rules say what is wrong."""
    return path.fault is None and not path.ended


def _next(office: OfficeView, path: Path, step: Step) -> StepStanding:
    last = max((done.day for done in path.done.values()), default=None)
    due = last + timedelta(days=step.within_days) if last is not None and step.within_days is not None else None
    hanging = [done.day for done in path.done.values() if done.records[0].kind == "publication"]
    seals = [seal for seal in step.seals if seal not in _set(path, step)]
    return _standing(office, path, step, "next", seals=seals, due=due, after=max(hanging, default=None))


def _standing(
    office: OfficeView, path: Path, step: Step, state: StepState, *,
    seals: Iterable[str] = (), due: date | None = None, after: date | None = None,
) -> StepStanding:  # fmt: skip
    left = tuple(seals)
    roles = tuple(role for seal in left for role in KEEPERS[seal]) or step.who
    return StepStanding(
        resolution=path.code,
        title=path.resolution.title,
        state=state,
        kind=step.kind,
        step=step.code,
        name=step.title,
        roles=("owner",) if step.kind == "vote" and not roles else roles,
        seals=left,
        keepers=_keepers(office, left),
        due=due,
        after=after,
        ends=path.resolution.ends,
        objections=len(path.objections) if state != "owed" else 0,
    )


def _set(path: Path, step: Step) -> set[str]:
    """The seals of a step that are there already."""
    uses = [one.record for one in path.records if one.kind == "seal"]
    return {use.seal for use in uses if use.payment is None and use.step == step.code}


def _keepers(office: OfficeView, seals: Iterable[str]) -> tuple[str, ...]:
    """Who has a key of one of `seals` that was not ended."""
    wanted = set(seals)
    found = [key.keeper for _, key in office.files.keys if key.seal in wanted and key.ended is None]
    return tuple(dict.fromkeys(found))


def _payment_seals(office: OfficeView, path: Path) -> Iterator[StepStanding]:
    """Payments that a seal was set on, or that a voucher names, and that lack one their procedure asks for."""
    if not _lives(path) or path.procedure is None or path.approved is None or not path.procedure.payment_seals:
        return
    had = {number: set(uses) for number, uses in path.payments.items()}
    for entry in office.entries:
        if isinstance(entry, data.Transaction) and entry.meta.get(RESOLUTION_KEY) == path.code:
            number = str(entry.meta.get(PAYMENT_KEY) or "")
            if entry.flag == POSTED:
                had.pop(number, None)
            elif number:
                had.setdefault(number, set())
    hanging = [done.day for done in path.done.values() if done.records[0].kind == "publication"]
    for number, seals in sorted(had.items()):
        left = tuple(seal for seal in path.procedure.payment_seals if seal not in seals)
        if left:
            yield StepStanding(
                resolution=path.code,
                title=path.resolution.title,
                state="payment",
                kind="seal",
                step=number,
                name=f"付款 {number} 用印",
                roles=tuple(role for seal in left for role in KEEPERS[seal]),
                seals=left,
                keepers=_keepers(office, left),
                after=max(hanging, default=None),
                ends=path.resolution.ends,
                objections=len(path.objections),
            )
