"""The bank's kept files as both sides of a leg have them: those that the book cites, and those that lie there now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.rules.dedicated_accounts import bare_number
from jiezhang.domain.tri_party.side import HeldFile

from .bank_side import StoredStatement
from .directory import KnownAccount, find_account
from .keeping import read_unproven
from .reconciling import BookRow, Unread, kept_paths, read_files


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Statements by ledger account, what can't be proven read as it stands; every kept file, once for each account."""

    stored: Mapping[str, Sequence[StoredStatement]]
    files: tuple[HeldFile, ...]


def kept_files(folder: CompoundFolder, accounts: Sequence[KnownAccount]) -> KeptFiles:
    """Every file in `statements/` read again."""
    paths = kept_paths(folder)
    stored, unread = read_files(folder, accounts, paths)
    changed = [_unproven(folder, one, accounts, stored) for one in unread]
    digests = {path.relative_to(folder.path).as_posix(): _digest(path) for path in paths}
    faults = {one.path for one in changed}
    by_account = {one.account: one for one in accounts}
    found = [
        HeldFile(name, digests[name], by_account[account].number, account)
        for account, statements in stored.items()
        for name in dict.fromkeys(name for name, _ in statements)
        if name not in faults
    ]
    found += [HeldFile(one.path, digests[one.path], one.number, one.account, one.fault) for one in changed]
    return KeptFiles(stored, tuple(sorted(found, key=lambda file: (file.path, file.account))))


def _unproven(
    folder: CompoundFolder, unread: Unread, accounts: Sequence[KnownAccount], stored: dict[str, list[StoredStatement]]
) -> HeldFile:
    """A file that could not be used. What it says, though it proves nothing, is put among the `stored`, so that it can
    be told what was changed."""
    if unread.number and bare_number(unread.number) not in {bare_number(one.number) for one in accounts}:
        return HeldFile(unread.path, "", unread.number, fault=unread.message)
    try:
        statements, chosen = read_unproven(folder.path / unread.path)
        owners = [find_account(one, Path(unread.path), accounts, chosen) for one in statements]
    except Refused:
        return HeldFile(unread.path, "", fault=unread.message)
    for owner, statement in zip(owners, statements, strict=True):
        known = stored[owner.account]
        if not any(name == unread.path for name, _ in known):
            known.append((unread.path, statement))
    first = owners[0] if owners else None
    if first is None:
        return HeldFile(unread.path, "", fault=unread.message)
    return HeldFile(unread.path, "", first.number, first.account, unread.message)


def cited_files(
    entries: Sequence[data.Directive],
    accounts: Sequence[KnownAccount],
    rows: Mapping[str, Sequence[BookRow]],
    kept: Sequence[HeldFile],
    sealed: Mapping[str, str],
) -> tuple[HeldFile, ...]:
    """The files that the book cites. The book knows their digests only; where a file was is told by `sealed` (path →
    digest), or by what lies there in its place: a file that nobody cites, kept under the month of its last row."""
    spare = _spare(entries, kept)
    digests = {file.sha256 for file in kept}
    places = {digest: path for path, digest in sealed.items()}
    found = []
    for account in accounts:
        for digest, day in _cited(entries, account.account, rows[account.account]).items():
            path = places.get(digest, "")
            if not path and digest not in digests:
                path = next(_in_place(spare, account, Month.of(day)), "")
                spare = [file for file in spare if file.path != path]
            found.append(HeldFile(path, digest, account.number, account.account))
    cited = {file.sha256 for file in found}
    whole = [HeldFile(path, digest) for path, digest in sealed.items() if digest not in cited]
    return (*found, *whole)


def _cited(entries: Sequence[data.Directive], account: str, rows: Sequence[BookRow]) -> dict[str, date]:
    """Digest → the last day of a row that cites it; files without rows of their own are cited by closing balances."""
    found: dict[str, date] = {}
    for row in rows:
        if row.digest:
            found[row.digest] = max(row.entry.date, found.get(row.digest, date.min))
    for entry in entries:
        if isinstance(entry, data.Balance) and entry.account == account and "source-sha256" in entry.meta:
            found.setdefault(str(entry.meta["source-sha256"]), entry.date)
    return found


def _spare(entries: Sequence[data.Directive], kept: Sequence[HeldFile]) -> list[HeldFile]:
    """Kept files that nothing cites, and further copies of one that is."""
    cited = {
        str(meta["source-sha256"])
        for entry in entries
        for meta in ([leg.meta for leg in entry.postings] if isinstance(entry, data.Transaction) else [entry.meta])
        if meta and "source-sha256" in meta
    }
    first: dict[str, str] = {}
    for file in sorted(kept, key=lambda file: (not _is_named(file), file.path)):
        first.setdefault(file.sha256, file.path)
    return [file for file in kept if first[file.sha256] != file.path or file.sha256 not in cited]


def _is_named(file: HeldFile) -> bool:
    """Whether the file's name has the end of its account's number, as banks name them: of two copies the true one."""
    return bool(file.number) and file.number[-4:] in file.path.rpartition("/")[2]


def _in_place(spare: Sequence[HeldFile], account: KnownAccount, month: Month) -> Iterator[str]:
    """Paths of spare files of `month`: of the account itself first, then unreadable ones, then another's."""
    there = [file for file in spare if file.path.split("/")[1:2] == [str(month)]]
    ranks = (account.account, "")
    yield from (
        file.path
        for file in sorted(there, key=lambda file: ranks.index(file.account) if file.account in ranks else len(ranks))
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
