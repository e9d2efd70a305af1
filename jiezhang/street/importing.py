"""Import for a whole street: read and prove every file, try every ledger, and only then write anything."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from importers.plain_table import ColumnMap
from importers.registry import read_statements
from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.edit import apply
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked, office_of, read_opens
from jiezhang.book.registers import read_contracts, read_rules, read_street
from jiezhang.book.write import write_all
from jiezhang.close.directory import KnownAccount, find_account, known_accounts
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.importing import FileCount, plan_import
from jiezhang.close.keeping import Note, kept_name, note_bytes, note_name
from jiezhang.close.making import imported_by
from jiezhang.domain.people import MAKERS, cashier_of, known_person, refuse_without
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.statement import Statement

from .parallel import Progress, run, silent

LITTER = ("Thumbs.db", "desktop.ini")

NAME_BYTES_MAX = 200
"""What every disk takes, with room for the name of the note and of the temporary file."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: how many files it read, how many of them were kept anew, and counts for each statement."""

    files: int
    kept: int
    counts: tuple[FileCount, ...]


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file to import; `place` is its path without the folders that say nothing about it: those above the street."""

    path: Path
    place: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and its statements; or why it was refused."""

    file: GivenFile
    statements: tuple[Statement, ...] = ()
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A statement, the account it is of, the file it came in and how its columns were read."""

    path: Path
    statement: Statement
    known: KnownAccount
    column_map: ColumnMap | None


@dataclass(frozen=True, slots=True)
class _Task:
    """The statements of one compound."""

    folder: CompoundFolder
    city: str
    placed: tuple[_Placed, ...]
    maker: str = ""
    cashier: str = ""


@dataclass(frozen=True, slots=True)
class _Staged:
    """New contents of ledger files, the bank's files to keep, notes about them, all by relative path; or why not."""

    changes: dict[str, bytes]
    kept: dict[str, bytes]
    notes: dict[str, bytes]
    counts: tuple[FileCount, ...]
    refused: Refused | None = None


def import_files(
    street: StreetFolder,
    paths: Sequence[Path],
    actor: str,
    *,
    account: str = "",
    column_map: ColumnMap | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """Import statement files and folders of them, all or none, as person `actor`, who makes the vouchers proposed.

    `account` names the account (number) for files that do not; no row may be later than `today`. `ManyRefused` with a
    sentence for each file that can't be read, proven or placed, or each ledger that would not take it; then not a byte
    has changed.
    """
    files = files_below(street, paths)
    folders = street.compounds()
    reads = run(partial(read_file, column_map=column_map), files, "读取对账单", progress)
    _raise_refused([read.refused or _too_late(read, today) for read in reads])
    tasks = _made(street, _place(street, folders, reads, account, column_map), actor)
    with exclusive(*(task.folder for task in tasks)):
        staged = run(_stage, tasks, "试记账", progress)
        _raise_refused([item.refused for item in staged])
        # The bank's files come last: a file that is kept has been booked and can be read, wherever the power failed.
        for task, item in zip(tasks, staged, strict=True):
            write_all(task.folder.path, {**item.changes, **item.notes, **item.kept})
    counts = tuple(count for item in staged for count in item.counts)
    return ImportReport(len(files), sum(len(item.kept) for item in staged), counts)


def files_below(street: StreetFolder, paths: Sequence[Path]) -> list[GivenFile]:
    """Every file named or below a named folder, litter left out; the same bytes in one folder count once.

    In two folders they may be of two compounds.
    """
    found: dict[tuple[Path, str], GivenFile] = {}
    for path in paths:
        if not path.exists():
            raise Refused("没有这个文件或文件夹", str(path))
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_symlink() and not file.exists():
                raise Refused("这个链接指向的文件不存在", str(file))
            if file.is_file() and not _is_litter(file.relative_to(path)):
                _refuse_name(file)
                digest = digest_of(file)
                place = GivenFile(file, _place_of(file, path, street), digest)
                found.setdefault((file.parent.resolve(), digest), place)
    return list(found.values())


def _is_litter(file: Path) -> bool:
    """Whether a file is hidden, or one that Windows or an open Excel leaves in a folder."""
    return file.name in LITTER or file.name.startswith("~$") or any(part.startswith(".") for part in file.parts)


def _place_of(file: Path, given: Path, street: StreetFolder) -> Path:
    """Where `file` is, from the street's folder or else from the folder `given`: the rest is how a disk is kept."""
    full, root = file.absolute(), street.path.absolute()
    return full.relative_to(root if full.is_relative_to(root) else given.absolute().parent)


def _refuse_name(file: Path) -> None:
    try:
        file.name.encode()
    except UnicodeEncodeError:
        raise Refused("文件名不是 UTF-8 编码，请改名后再导入", str(file)) from None


def digest_of(path: Path) -> str:
    """A file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(file: GivenFile, column_map: ColumnMap | None = None) -> ReadFile:
    """The statements of `file`, or why it was refused."""
    try:
        return ReadFile(file, read_statements(file.path, column_map))
    except Refused as refused:
        return ReadFile(file, refused=_at(file.path, refused))


def _too_late(read: ReadFile, today: date | None) -> Refused | None:
    """Why a file with rows of days to come can't be a statement."""
    late = [row for statement in read.statements for row in statement.rows if today is not None and row.date > today]
    return Refused(f"流水日期 {late[0].date} 在今天之后", str(read.file.path), late[0].line) if late else None


def _at(path: Path, refused: Refused) -> Refused:
    """`refused` with the file's whole path: many a bank's files have one name."""
    same = refused.file == path.name or refused.file.startswith(f"{path.name}/")
    return Refused(refused.message, str(path.parent / refused.file), refused.line) if same else refused


def _place(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    reads: Sequence[ReadFile],
    account: str,
    column_map: ColumnMap | None,
) -> list[_Task]:
    """Statements grouped by compound; `ManyRefused` when any file belongs to nobody."""
    accounts = [known for folder in folders for known in known_accounts(folder.code, read_opens(folder))]
    grouped: defaultdict[str, list[_Placed]] = defaultdict(list)
    refusals: list[Refused | None] = []
    for read in reads:
        for statement in read.statements:
            try:
                known = find_account(statement, read.file.place, accounts, account)
                grouped[known.compound].append(_Placed(read.file.path, statement, known, column_map))
            except Refused as refused:
                refusals.append(Refused(refused.message, str(read.file.path)))
    _raise_refused(refusals)
    city = read_street(street).city
    by_code = {folder.code: folder for folder in folders}
    return [_Task(by_code[code], city, tuple(grouped[code])) for code in sorted(grouped)]


def _made(street: StreetFolder, tasks: Sequence[_Task], actor: str) -> list[_Task]:
    """The tasks with who makes their vouchers, and the compound's cashier; `Refused` when `actor` may not."""
    known = read_street(street)
    person = known_person(known, actor, str(street.toml))
    for task in tasks:
        refuse_without(person, MAKERS, task.folder.code, "导入、制单")
    return [replace(task, maker=actor, cashier=cashier_of(known.people, task.folder.code)) for task in tasks]


def _raise_refused(refusals: Sequence[Refused | None]) -> None:
    found = [refused for refused in refusals if refused is not None]
    if found:
        raise ManyRefused(found)


def _stage(task: _Task) -> _Staged:
    """What one compound's import would write."""
    try:
        ledger = load_unlocked(task.folder, task.city)
        folder = ledger.folder
        plan = plan_import(
            ledger.entries,
            [(item.known.account, item.statement) for item in task.placed],
            read_contracts(folder),
            read_rules(folder),
            FundDesk(ledger.entries, read_fund_files(folder)),
            office_of(ledger),
        )
        changes = apply(folder, plan.changes, imported_by(plan.additions, task.maker, task.cashier))
        if changes:
            try_changes(ledger, task.city, changes)
        kept, notes = _files_to_keep(folder, task.placed)
        return _Staged(changes, kept, notes, plan.counts)
    except Refused as refused:
        source = next((item.path for item in task.placed if refused.file == item.statement.source), None)
        return _Staged({}, {}, {}, (), _at(source, refused) if source else refused)


def _files_to_keep(folder: CompoundFolder, placed: Sequence[_Placed]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The bank's own files not kept yet, under the month of their last row; and the notes to stand beside files."""
    known = {digest_of(path): path.relative_to(folder.path).as_posix() for path in folder.kept_files()}
    by_digest: defaultdict[str, list[_Placed]] = defaultdict(list)
    for item in placed:
        by_digest[item.statement.sha256].append(item)
    kept: dict[str, bytes] = {}
    notes: dict[str, bytes] = {}
    for digest, items in by_digest.items():
        note = _note(items)
        name = known.get(digest)
        if name is None:
            content = _content(items[0].path, digest)
            name = _free_name(folder, items, note, kept)
            kept[name] = content
        if note and not (folder.path / note_name(name)).exists():
            notes[note_name(name)] = note
    return kept, notes


def _content(path: Path, digest: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refused("文件在读取过程中被改动", str(path))
    return content


def _note(items: Sequence[_Placed]) -> bytes:
    """What must be known besides the file to read it again; nothing when it says all itself."""
    number = next((item.known.number for item in items if not item.statement.account_no), "")
    columns = items[0].column_map
    return note_bytes(Note(sha256=items[0].statement.sha256, account=number, columns=columns)) if (
        number or columns
    ) else b""


def _free_name(folder: CompoundFolder, items: Sequence[_Placed], note: bytes, kept: dict[str, bytes]) -> str:
    path = items[0].path
    days = [_last_day(item.statement) for item in items]
    last = max((day for day in days if day is not None), default=None)
    if last is None:
        raise Refused("文件里没有流水，也没有起止日期，无需导入", str(path))
    for number in range(1, 10_000):
        name = f"statements/{Month.of(last)}/{kept_name(path.name, number)}"
        if len(Path(name).name.encode()) > NAME_BYTES_MAX:
            raise Refused("文件名太长，请改短后再导入", str(path))
        left = folder.path / note_name(name)  # its writer was killed before the file came
        if name not in kept and not (folder.path / name).exists() and (
            not left.exists() or left.read_bytes() == note
        ):
            return name
    raise Refused("同名文件太多", str(path))


def _last_day(statement: Statement) -> date | None:
    if statement.rows:
        return statement.rows[-1].date
    return statement.period[1] if statement.period else None
