"""Completing and posting for a whole street."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jiezhang.book.commit import commit, exclusive, try_changes
from jiezhang.book.edit import apply
from jiezhang.book.fund_files import batch_name, read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked
from jiezhang.book.registers import read_completions, read_contracts, read_street, table_bytes
from jiezhang.book.write import write_all, write_atomically
from jiezhang.close.completing import blank_completions, plan_completions, waiting
from jiezhang.close.fund_desk import FundDesk, is_complete
from jiezhang.close.posting import plan_posting
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Completion

from .checking import faults_of
from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class PostingCount:
    """How many vouchers were posted for a compound, and how many rows of the month still wait for a person."""

    code: str
    posted: int
    left: int


def complete_street(street: StreetFolder, sheet: Path, progress: Progress = silent) -> int:
    """Carry out a completion sheet (补录表); how many rows it completed.

    Rows whose other account is empty are left alone. A refusal leaves everything as it was.
    """
    by_code: defaultdict[str, list[tuple[int, Completion]]] = defaultdict(list)
    for line, completion in read_completions(sheet):
        if not completion.other_account:
            continue
        by_code[completion.account.partition(":")[2][:5]].append((line, completion))
    folders = {folder.code: folder for folder in street.compounds()}
    for code, items in by_code.items():
        if code not in folders:
            raise Refused(f"街道里没有小区 {code}", str(sheet), items[0][0])
    city = read_street(street).city
    with exclusive(*(folders[code] for code in by_code)):
        tasks = [(folders[code], tuple(by_code[code])) for code in sorted(by_code)]
        drafts = run(partial(_stage, city=city, sheet=str(sheet)), tasks, "试补录", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        for (folder, _), draft in zip(tasks, drafts, strict=True):
            assert not isinstance(draft, Refused)
            write_all(folder.path, draft)
    return sum(len(items) for items in by_code.values())


def _stage(
    task: tuple[CompoundFolder, Sequence[tuple[int, Completion]]], city: str, sheet: str
) -> dict[str, bytes] | Refused:
    """What completing would write in one compound."""
    folder, completions = task
    try:
        ledger = load_unlocked(folder, city)
        changes = _completed(ledger, completions, sheet, Path(sheet).parent)
        try_changes(ledger, city, changes)
        return changes
    except Refused as refused:
        return refused


def write_blank_sheet(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, sheet: Path, progress: Progress = silent
) -> int:
    """Write a completion sheet of the rows of `month` nobody knows yet, for a person to fill in; how many there are."""
    if sheet.exists():
        raise Refused("文件已经存在，请换一个名字", str(sheet))
    city = read_street(street).city
    found = run(partial(_blank, city=city, month=month), folders, "找待查明的流水", progress)
    rows = [row for rows in found for row in rows]
    write_atomically(sheet, BOM_UTF8 + table_bytes(rows, Completion))
    return len(rows)


def _blank(folder: CompoundFolder, city: str, month: Month) -> list[Completion]:
    return blank_completions(load_ledger(folder, city).entries, month)


def complete_rows(folder: CompoundFolder, city: str, completions: Sequence[Completion]) -> None:
    """Complete rows of one compound; `Refused` leaves everything as it was."""
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        numbered = list(enumerate(completions, start=1))
        commit(ledger, city, _completed(ledger, numbered, "", None))


def _completed(
    ledger: Ledger, completions: Sequence[tuple[int, Completion]], sheet: str, beside: Path | None
) -> dict[str, bytes]:
    """The files that completing changes; batch files named in the sheet are read `beside` it and kept."""
    contracts = {contract.code for contract in read_contracts(ledger.folder)}
    files = read_fund_files(ledger.folder)
    batches = _batches(completions, files.batches, sheet, beside)
    desk = FundDesk(ledger.entries, files, batches)
    changes = plan_completions(ledger.entries, completions, sheet, contracts, desk)
    kept = {batch_name(name): content for name, content in batches.items()}
    return {**kept, **apply(ledger.folder, changes, ())}


def _batches(
    completions: Sequence[tuple[int, Completion]], kept: Mapping[str, bytes], sheet: str, beside: Path | None
) -> dict[str, bytes]:
    """The batch files that `completions` name; `Refused` for one that is not there, or kept with another content."""
    found: dict[str, bytes] = {}
    for line, completion in completions:
        if not completion.batch:
            continue
        try:
            name = batch_name(completion.batch)
        except Refused as refused:
            raise Refused(refused.message, sheet, line) from None
        path = beside / completion.batch if beside is not None else None
        content = path.read_bytes() if path is not None and path.is_file() else kept.get(name)
        if content is None:
            raise Refused(f"找不到批量明细文件“{completion.batch}”，应与补录表放在一起", sheet, line)
        if kept.get(name, content) != content:
            raise Refused(f"批量明细文件“{completion.batch}”已经用过，内容不同，请换一个名字", sheet, line)
        found[completion.batch] = content
    return found


def post_street(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, progress: Progress = silent
) -> list[PostingCount]:
    """Post every complete row of `month` in `folders`, or, when one of their books has errors, none anywhere."""
    city = read_street(street).city
    with exclusive(*folders):
        drafts = run(partial(_draft_posting, city=city, month=month), folders, "过账", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        counts = []
        for folder, draft in zip(folders, drafts, strict=True):
            assert not isinstance(draft, Refused)
            write_all(folder.path, draft[0])
            counts.append(draft[1])
    return counts


def post_rows(
    folder: CompoundFolder, city: str, month: Month, only: Collection[tuple[str, str]] = ()
) -> PostingCount:
    """Post the complete rows of `month` in one compound, or only those of the statement rows named."""
    with exclusive(folder):
        draft = _draft_posting(folder, city, month, only)
        if isinstance(draft, Refused):
            raise draft
        write_all(folder.path, draft[0])
    return draft[1]


def _draft_posting(
    folder: CompoundFolder, city: str, month: Month, only: Collection[tuple[str, str]] = ()
) -> tuple[dict[str, bytes], PostingCount] | Refused:
    """What posting would write in one compound. Posted is for ever, so nothing is posted into books with errors."""
    try:
        ledger = load_unlocked(folder, city)
        faults = faults_of(ledger)
        if faults:
            said = f"账簿有 {len(faults)} 处错误，改正以后才能过账：{faults[0].message}"
            return Refused(said, faults[0].file, faults[0].line)
        changes = plan_posting(ledger.entries, month, only)
        contents = apply(ledger.folder, changes, ())
        if contents:
            try_changes(ledger, city, contents)
    except Refused as refused:
        return refused
    left = [entry for entry in waiting(ledger.entries) if month.contains(entry.date) and not is_complete(entry)]
    return contents, PostingCount(folder.code, len(changes), len(left))
