"""Closing a month for a whole street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import seal_name
from jiezhang.book.write import write_all
from jiezhang.close.closing import plan_seal
from jiezhang.close.presenting import made_again
from jiezhang.domain.people import POSTERS, by_id, known_person, refuse_without
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes, seal_digest

from .parallel import Progress, run, silent
from .presenting import making_of, presented_of


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month that was closed: its seal's digest, and who has not signed though it was allowed."""

    code: str
    seal: MonthSeal
    digest: str


def close_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    actor: str,
    today: date,
    progress: Progress = silent,
) -> list[ClosedMonth]:
    """Seal `month` for each of `folders`; `ManyRefused`, and none sealed, when one can't be."""
    about = read_street(street)
    person = known_person(about, actor, str(street.toml))
    for folder in folders:
        refuse_without(person, POSTERS, folder.code, "封月")
    with exclusive(*folders):
        job = partial(_draft, street=about, month=month, actor=actor, today=today)
        drafts = run(job, folders, "封月", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        closed = []
        for folder, seal in zip(folders, drafts, strict=True):
            assert isinstance(seal, MonthSeal)
            write_all(folder.path, {seal_name(month): seal_bytes(seal)})
            closed.append(ClosedMonth(folder.code, seal, seal_digest(seal)))
        return closed


def _draft(folder: CompoundFolder, street: Street, month: Month, actor: str, today: date) -> MonthSeal | Refused:
    try:
        making = making_of(folder, street, today)
        presented = presented_of(making.ledger, month)
        now = made_again(making, presented.figures)
        seal = plan_seal(presented, now, by_id(street.people), actor, folder.path.name)
        try_changes(making.ledger, street.city, {seal_name(month): seal_bytes(seal)})
        return seal
    except Refused as refused:
        return refused
