"""Adding one record to a resolution: tried on its path first, and not written when it would break the procedure.

A record is never taken back. What was refused was not written; what was written and turns out wrong ends the
resolution, and another is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from jiezhang.book.record_text import record_text
from jiezhang.domain.approval.path import STEP_KINDS, walk_all
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.records import AnyRecord, Entered, Resolution, SealUse, custom_of
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.problem import Refused

_LAST_LINE = 2**31
"""Where a record stands that is not written yet: after every other of its day."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A record that may be added: its text, and the path with it."""

    text: str
    path: Path


def plan_record(
    view: OfficeView,
    kind: str,
    day: date,
    record: AnyRecord,
    today: date,
    ballots: Mapping[str, bytes] | None = None,
) -> Planned:
    """The record as text, and the resolution's path with it.

    `today` is the last day a record may be of; `ballots` are files of `votes/` that come with it. `Refused` with the
    engine's own sentence when the record would be a fault, and when it is dated before the resolution's last record.
    """
    code = record.code
    _refuse_misread(view, code)
    if day > today:
        raise Refused(f"日期 {day} 还没有到，不能先记")
    if not isinstance(record, Resolution):
        path = path_of(view, code)
        last = max(one.day for one in path.records)
        if day < last:
            raise Refused(f"日期 {day} 早于决议 {code} 最后一条记录的 {last}，记录只能依次往后加")
    text, written = record_text(kind, day, record)
    entry = custom_of(kind, day, written)
    entry.meta["lineno"] = _LAST_LINE
    files = replace(view.files, ballots={**view.files.ballots, **(ballots or {})})
    after = walk_all((*view.records, Entered(kind, day, written, entry)), files)[code]
    if after.fault is not None:
        raise Refused(after.fault[0])
    if isinstance(written, SealUse) and written.payment in after.void:
        raise Refused(after.void[written.payment])
    return Planned(text, after)


def _refuse_misread(view: OfficeView, code: str) -> None:
    for wrong in view.misread:
        if wrong.entry.values and wrong.entry.values[0].value == code:
            file, line = str(wrong.entry.meta["filename"]), int(wrong.entry.meta["lineno"])
            raise Refused(f"决议 {code} 已有的记录有误，不能再往下办：{wrong.message}", file, line)


def path_of(view: OfficeView, code: str) -> Path:
    """The path of a resolution that may go on; `Refused` when there is none, or its records are at fault."""
    path = view.paths.get(code)
    if path is None:
        raise Refused(f"没有决议 {code}，先用 resolve new 提议")
    if path.fault is not None:
        said, one = path.fault
        file, line = str(one.entry.meta["filename"]), int(one.entry.meta["lineno"])
        raise Refused(f"决议 {code} 已有的记录有误，不能再往下办：{said}", file, line)
    return path


def step_for(path: Path, kind: str, given: str | None) -> str:
    """The step that a record of `kind` takes: `given`, or else the first one open, before the payment or after it.

    The engine says what is wrong with a step that does not fit.
    """
    if given:
        return given
    todo = [step for step in (*path.before_payment(), *path.after_payment()) if step.code not in path.done]
    fitting = [step for step in todo if step.kind in STEP_KINDS[kind]]
    if not fitting:
        raise Refused(f"决议 {path.code} 没有这样的步骤要办，用 resolve show {path.code} 看还差哪一步")
    return fitting[0].code
