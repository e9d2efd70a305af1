"""Owners' votes: the blank ballot sheet, and the ballots kept with the books."""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from datetime import date
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.messages import failure
from jiezhang.book.office_files import VOTES
from jiezhang.book.write import write_atomically
from jiezhang.close.ballots import blank_ballots, electors_of, kept_ballots
from jiezhang.close.recording import path_of, step_for
from jiezhang.domain.approval.records import Vote
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.approval.voting import count_votes
from jiezhang.domain.problem import Refused
from reports.resolution import tally_line
from reports.resolution_value import TallyLine

from .resolving import Days, Draft, add_record, read_office


def write_blank(street: StreetFolder, folder: CompoundFolder, code: str, day: date, out: Path) -> int:
    """Write a ballot sheet of everybody who has a vote on `day`; how many lines it has."""
    if out.exists():
        raise Refused("文件已经存在，请换一个名字", str(out))
    view = read_office(street, folder)
    electors = electors_of(path_of(view, code).resolution, day, view.files)
    write_atomically(out, BOM_UTF8 + blank_ballots(electors).encode())
    return len(electors)


def add_vote(
    street: StreetFolder, folder: CompoundFolder, code: str, step: str | None, sheet: Path, days: Days
) -> TallyLine:
    """Keep the ballots of a filled sheet and record the vote; what it came to.

    A line without a choice is no ballot. `Refused` at the line of `sheet` that is wrong, and nothing is written.
    """
    try:
        content = sheet.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(sheet)) from None
    in_lines, kept = kept_ballots(content, str(sheet))
    digest = hashlib.sha256(kept).hexdigest()

    def make(view: OfficeView) -> Draft:
        path = path_of(view, code)
        count_votes(path.resolution, days.on, in_lines, str(sheet), view.files)
        name = _free_name(view, code)
        return Vote(code=code, step=step_for(path, "vote", step), ballots=name, sha256=digest), {name: kept}

    view, path = add_record(street, folder, "vote", make, days)
    taken = path.records[-1].record
    return tally_line(path, taken.step, days.on, kept, view.files)


def _free_name(view: OfficeView, code: str) -> str:
    """The ballots' file: one for each vote, so that no record's file is ever written over."""
    taken = {one.record.ballots for one in view.records if isinstance(one.record, Vote)}
    names = (f"{VOTES}/{code}{end}.csv" for end in ("", *(f"-{number}" for number in range(2, len(taken) + 3))))
    return next(name for name in names if name not in taken)
