"""What still waits in `inbox/` when a month is to be closed: a statement that nobody imported is not in the seal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import read_opens
from jiezhang.close.directory import find_account, known_accounts
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement

from .importing import GivenFile, digest_of, files_below, read_file
from .parallel import Progress, run, silent

_CODE = re.compile(r"(?<![0-9A-Za-z])C[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files that were not imported, by path from the street's folder: by compound those that speak of the month; and
    those that nobody can tell whose they are, each with the reason."""

    statements: Mapping[str, Sequence[Path]]
    unknown: tuple[Refused, ...] = ()


def waiting_statements(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, progress: Progress = silent
) -> Waiting:
    """What waits for `folders` in the street's inbox. Imported files may stay there: those are told by their bytes."""
    codes = {folder.code for folder in folders}
    given = files_below(street, [street.inbox]) if street.inbox.is_dir() else []
    fresh = [file for file in not_imported(street, given) if not codes_of(file) or codes_of(file) & codes]
    if not fresh:
        return Waiting({})
    accounts = [known for one in street.compounds() for known in known_accounts(one.code, read_opens(one))]
    found: dict[str, list[Path]] = {}
    unknown = []
    for read in run(read_file, fresh, "查看收件夹", progress):
        place = read.file.place
        if read.refused is not None:
            unknown.append(Refused(read.refused.message, str(place)))
        for statement in (one for one in read.statements if _speaks_of(one, month)):
            try:
                owner = find_account(statement, place, accounts)
            except Refused as refused:
                unknown.append(Refused(refused.message, str(place)))
            else:
                found.setdefault(owner.compound, []).append(place)
    return Waiting({code: paths for code, paths in found.items() if code in codes}, tuple(unknown))


def codes_of(file: GivenFile) -> set[str]:
    """The compounds that the file's folders and name name."""
    return {code for part in file.place.parts for code in _CODE.findall(part)}


def not_imported(street: StreetFolder, given: Sequence[GivenFile]) -> list[GivenFile]:
    """Files that no compound has kept; of one whose path names a compound, that this one has not."""
    sizes = {file.path.stat().st_size for file in given}
    kept = {
        (digest_of(path), folder.code)
        for folder in (street.compounds() if given else ())
        for path in folder.kept_files()
        if path.stat().st_size in sizes
    }
    everywhere = {digest for digest, _ in kept}
    return [
        file
        for file in given
        if not (
            any((file.sha256, code) in kept for code in codes_of(file)) if codes_of(file) else file.sha256 in everywhere
        )
    ]


def _speaks_of(statement: Statement, month: Month) -> bool:
    if any(month.contains(row.date) for row in statement.rows):
        return True
    first, last = statement.period or (month.next.first_day, month.next.first_day)
    return first <= month.last_day and last >= month.first_day
