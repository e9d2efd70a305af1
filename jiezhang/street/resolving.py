"""Records of resolutions in a compound's books: added one at a time, under the folder's lock, and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jiezhang.book.cells import from_options
from jiezhang.book.commit import commit, exclusive
from jiezhang.book.documents import read_document
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked, office_of
from jiezhang.book.messages import in_chinese
from jiezhang.book.office_files import VOTES
from jiezhang.book.record_text import RESOLUTIONS, with_record
from jiezhang.book.registers import read_street, read_toml
from jiezhang.close.recording import path_of, plan_record, step_for
from jiezhang.domain.approval.path import STEP_KINDS
from jiezhang.domain.approval.path_value import Path as ResolutionPath
from jiezhang.domain.approval.records import KINDS, AnyRecord, Resolution
from jiezhang.domain.approval.rules import UNREADABLE
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.problem import Refused
from reports.resolution import resolution_paper
from reports.resolution_value import ResolutionPaper

Draft = tuple[AnyRecord, Mapping[str, bytes]]
"""A record to add, and the files that come with it, by their path in the compound's folder."""
Make = Callable[[OfficeView], Draft]
"""What to add, given what is recorded already."""


@dataclass(frozen=True, slots=True)
class Days:
    """The day of a record, and the last day it may be of: today."""

    on: date
    today: date


def readable_office(ledger: Ledger) -> OfficeView:
    """The office's view of a loaded ledger; `Refused` when a file beside the books could not be read."""
    view = office_of(ledger)
    if view is None:
        wrong = next(error for error in ledger.errors if getattr(error, "rule", "") == UNREADABLE)
        raise Refused(in_chinese(wrong.message), str(wrong.source["filename"]), int(wrong.source["lineno"]))
    return view


def read_office(street: StreetFolder, folder: CompoundFolder) -> OfficeView:
    """The office's view of one compound."""
    return readable_office(load_ledger(folder, read_street(street).city))


def add_record(
    street: StreetFolder,
    folder: CompoundFolder,
    kind: str,
    make: Make,
    days: Days,
) -> tuple[OfficeView, ResolutionPath]:
    """Add the record that `make` gives, after the files that come with it; the view before, the path after.

    `Refused`, and nothing written, when the record would break its procedure or bring any error into the books.
    """
    city = read_street(street).city
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        view = readable_office(ledger)
        record, files = make(view)
        ballots = {name: content for name, content in files.items() if name.startswith(VOTES + "/")}
        planned = plan_record(view, kind, days.on, record, days.today, ballots)
        text = with_record((ledger.folder.path / RESOLUTIONS).read_bytes(), planned.text)
        commit(ledger, city, {**files, RESOLUTIONS: text})
    return view, planned.path


def add(
    street: StreetFolder,
    folder: CompoundFolder,
    kind: str,
    fields: Mapping[str, Any],
    days: Days,
    document: Path | None = None,
) -> ResolutionPaper:
    """Add a record of `kind` from its fields; a step that is not given is the next one that such a record takes.

    `document` is kept in `documents/` and fixed by its digest. Returns the resolution as it is then.
    """
    name, digest, content = _document(document) if document is not None else ("", None, b"")

    def make(view: OfficeView) -> Draft:
        given = {**fields, **({"document": digest} if digest else {})}
        if kind in STEP_KINDS:
            given["step"] = step_for(path_of(view, str(fields["code"])), kind, fields.get("step"))
        return from_options(KINDS[kind], given), {name: content} if name else {}

    view, path = add_record(street, folder, kind, make, days)
    return resolution_paper(view, path, days.today)


def fields_in(path: Path) -> dict[str, Any]:
    """The fields of a resolution written as TOML."""
    return read_toml(path, Resolution).model_dump(exclude_none=True)


def read_paper(street: StreetFolder, folder: CompoundFolder, code: str, day: date) -> ResolutionPaper:
    """What is known of one resolution; `Refused` when there is none."""
    view = read_office(street, folder)
    path = view.paths.get(code)
    if path is None:
        raise Refused(f"小区 {folder.code} 没有决议 {code}")
    return resolution_paper(view, path, day)


def read_papers(street: StreetFolder, folders: Sequence[CompoundFolder], day: date) -> list[ResolutionPaper]:
    """Every resolution of `folders`, by compound and code."""
    found = []
    for folder in folders:
        view = read_office(street, folder)
        found += [resolution_paper(view, view.paths[code], day) for code in sorted(view.paths)]
    return found


def _document(path: Path) -> tuple[str, str, bytes]:
    """Where a document is kept, its digest, its bytes."""
    content = read_document(path)
    digest = hashlib.sha256(content).hexdigest()
    return f"documents/{digest[:12]}-{path.name}", digest, content
