"""Import for a whole street: read and prove every file, try every ledger, and only then write anything."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from importers.plain_table import ColumnMap
from importers.registry import read_statements
from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked, read_opens
from jiezhang.book.registers import read_contracts, read_rules, read_street
from jiezhang.book.write import write_all
from jiezhang.close.directory import KnownAccount, find_account, known_accounts
from jiezhang.close.importing import FileCount, plan_import
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.statement import Statement

from .parallel import Progress, run, silent

NAME_BYTES_MAX = 200
"""What every disk takes, with room for the name of the temporary file."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: how many files it read, how many of them were kept anew, and counts for each statement."""

    files: int
    kept: int
    counts: tuple[FileCount, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and its statements; or why it was refused."""

    path: Path
    statements: tuple[Statement, ...] = ()
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """The statements of one compound: (path, ledger account, statement)."""

    folder: CompoundFolder
    city: str
    statements: tuple[tuple[Path, str, Statement], ...]


@dataclass(frozen=True, slots=True)
class _Staged:
    """New contents of ledger files, the bank's files to keep, both by relative path; or why not."""

    changes: dict[str, bytes]
    kept: dict[str, bytes]
    counts: tuple[FileCount, ...]
    refused: Refused | None = None


def import_files(
    street: StreetFolder,
    paths: Sequence[Path],
    *,
    account: str = "",
    column_map: ColumnMap | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """Import statement files and folders of them, all or none.

    `account` names the account (number) for files that do not. `ManyRefused` with a sentence for each file that can't
    be read, proven or placed, or each ledger that would not take it; then not a byte has changed.
    """
    files = _expand(paths)
    folders = street.compounds()
    reads = run(partial(_read, column_map=column_map), files, "读取对账单", progress)
    tasks = _place(street, folders, reads, account)
    with exclusive(*(task.folder for task in tasks)):
        staged = run(_stage, tasks, "试记账", progress)
        _raise_refused([item.refused for item in staged])
        # The bank's files come last: a file that is kept has been booked, wherever the power failed.
        for task, item in zip(tasks, staged, strict=True):
            write_all(task.folder.path, {**item.changes, **item.kept})
    counts = tuple(count for item in staged for count in item.counts)
    return ImportReport(len(files), sum(len(item.kept) for item in staged), counts)


def _expand(paths: Sequence[Path]) -> list[Path]:
    """Every file named or below a named folder, hidden ones left out; the same bytes count once."""
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise Refused("没有这个文件或文件夹", str(path))
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_symlink() and not file.exists():
                raise Refused("这个链接指向的文件不存在", str(file))
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts):
                found.setdefault(_digest(file), file)
    return list(found.values())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, column_map: ColumnMap | None) -> _Read:
    try:
        return _Read(path, read_statements(path, column_map))
    except Refused as refused:
        return _Read(path, refused=_at(path, refused))


def _at(path: Path, refused: Refused) -> Refused:
    """`refused` with the file's whole path: many a bank's files have one name."""
    same = refused.file == path.name or refused.file.startswith(f"{path.name}/")
    return Refused(refused.message, str(path.parent / refused.file), refused.line) if same else refused


def _place(
    street: StreetFolder, folders: Sequence[CompoundFolder], reads: Sequence[_Read], account: str
) -> list[_Task]:
    """Statements grouped by compound; `ManyRefused` when any file was refused or belongs to nobody."""
    _raise_refused([read.refused for read in reads])
    accounts = [known for folder in folders for known in known_accounts(folder.code, read_opens(folder))]
    grouped: defaultdict[str, list[tuple[Path, str, Statement]]] = defaultdict(list)
    refusals: list[Refused | None] = []
    for read in reads:
        for statement in read.statements:
            try:
                known: KnownAccount = find_account(statement, read.path, accounts, account)
                grouped[known.compound].append((read.path, known.account, statement))
            except Refused as refused:
                refusals.append(refused)
    _raise_refused(refusals)
    city = read_street(street).city
    by_code = {folder.code: folder for folder in folders}
    return [_Task(by_code[code], city, tuple(grouped[code])) for code in sorted(grouped)]


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
            [(account, statement) for _, account, statement in task.statements],
            read_contracts(folder),
            read_rules(folder),
        )
        changes = apply(folder, plan.changes, plan.additions)
        if changes:
            try_changes(ledger, task.city, changes)
        return _Staged(changes, _files_to_keep(folder, task.statements), plan.counts)
    except Refused as refused:
        source = next((path for path, _, statement in task.statements if refused.file == statement.source), None)
        return _Staged({}, {}, (), _at(source, refused) if source else refused)


def _files_to_keep(folder: CompoundFolder, statements: Sequence[tuple[Path, str, Statement]]) -> dict[str, bytes]:
    """The bank's own files not kept yet, under the month of their last row."""
    known = {_digest(path) for path in folder.statements.glob("*/*") if path.is_file()}
    kept: dict[str, bytes] = {}
    for path, _, statement in statements:
        if statement.sha256 in known:
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != statement.sha256:
            raise Refused("文件在读取过程中被改动", str(path))
        last = statement.rows[-1].date if statement.rows else statement.period[1] if statement.period else None
        if last is None:
            raise Refused("文件里没有流水，也没有起止日期，无需导入", str(path))
        kept[_free_name(folder, Month.of(last), path, content, kept)] = content
    return kept


def _free_name(folder: CompoundFolder, month: Month, path: Path, content: bytes, kept: dict[str, bytes]) -> str:
    for number in range(1, 10_000):
        suffix = f"-{number}" if number > 1 else ""
        name = f"statements/{month}/{path.stem}{suffix}{path.suffix}"
        if len(Path(name).name.encode()) > NAME_BYTES_MAX:
            raise Refused("文件名太长，请改短后再导入", str(path))
        if kept.get(name, content) == content and not (folder.path / name).exists():
            return name
    raise Refused("同名文件太多", str(path))
