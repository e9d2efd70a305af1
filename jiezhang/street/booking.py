"""Completing, reviewing and posting for a whole street."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from beancount.core import data

from jiezhang.book.commit import commit, exclusive, try_changes
from jiezhang.book.edit import Change, apply
from jiezhang.book.fund_files import batch_name, read_fund_files
from jiezhang.book.keys import Key
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked, office_of
from jiezhang.book.office_files import chain_bytes, read_chain
from jiezhang.book.registers import read_completions, read_contracts, read_street, table_bytes
from jiezhang.book.write import write_all, write_atomically
from jiezhang.close.completing import blank_completions, plan_completions, waiting
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.making import changes_by
from jiezhang.close.posting import plan_links, plan_posting
from jiezhang.close.reviewing import Rows, plan_review, state_of
from jiezhang.domain.approval.unfinished import unfinished
from jiezhang.domain.chain import CHAIN_FILE
from jiezhang.domain.people import MAKERS, POSTERS, REVIEWERS, known_person, refuse_without, somebody_signs
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Completion, Person

from .checking import faults_of
from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class PostingCount:
    """How many vouchers were posted for a compound; how many rows of the month nobody knows yet, and how many are
    still to be reviewed."""

    code: str
    posted: int
    left: int
    unreviewed: int


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """How many vouchers were reviewed in a compound, and how many rows of the month nobody knows yet."""

    code: str
    reviewed: int
    left: int


def complete_street(street: StreetFolder, sheet: Path, actor: str, progress: Progress = silent) -> int:
    """Carry out a completion sheet (补录表) that person `actor` filled in; how many rows it completed.

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
    _allowed(street, actor, MAKERS, by_code, "制单")
    with exclusive(*(folders[code] for code in by_code)):
        tasks = [(folders[code], tuple(by_code[code])) for code in sorted(by_code)]
        drafts = run(partial(_stage, city=city, sheet=str(sheet), actor=actor), tasks, "试补录", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        for (folder, _), draft in zip(tasks, drafts, strict=True):
            assert not isinstance(draft, Refused)
            write_all(folder.path, draft)
    return sum(len(items) for items in by_code.values())


def _stage(
    task: tuple[CompoundFolder, Sequence[tuple[int, Completion]]], city: str, sheet: str, actor: str
) -> dict[str, bytes] | Refused:
    """What completing would write in one compound."""
    folder, completions = task
    try:
        ledger = load_unlocked(folder, city)
        changes = _completed(ledger, completions, actor, sheet, Path(sheet).parent)
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


def complete_rows(folder: CompoundFolder, city: str, completions: Sequence[Completion], actor: str) -> None:
    """Complete rows of one compound, as person `actor` says; `Refused` leaves everything as it was."""
    _allowed(StreetFolder(folder.path.parent), actor, MAKERS, [folder.code], "制单")
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        numbered = list(enumerate(completions, start=1))
        commit(ledger, city, _completed(ledger, numbered, actor, "", None))


def _completed(
    ledger: Ledger, completions: Sequence[tuple[int, Completion]], actor: str, sheet: str, beside: Path | None
) -> dict[str, bytes]:
    """The files that completing changes; batch files named in the sheet are read `beside` it and kept."""
    contracts = {contract.code for contract in read_contracts(ledger.folder)}
    files = read_fund_files(ledger.folder)
    batches = _batches(completions, files.batches, sheet, beside)
    desk = FundDesk(ledger.entries, files, batches)
    changes = plan_completions(ledger.entries, completions, sheet, contracts, desk, office_of(ledger))
    kept = {batch_name(name): content for name, content in batches.items()}
    return {**kept, **apply(ledger.folder, changes_by(changes, actor), ())}


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


def review_street(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, actor: str, progress: Progress = silent
) -> list[ReviewCount]:
    """Review every entered voucher of `month` in `folders` as person `actor`, all or none."""
    city = read_street(street).city
    _allowed(street, actor, REVIEWERS, [folder.code for folder in folders], "复核")
    with exclusive(*folders):
        drafts = run(partial(_draft_review, city=city, month=month, actor=actor), folders, "复核", progress)
        return _written(folders, drafts)


def review_rows(
    folder: CompoundFolder, city: str, month: Month, actor: str, only: Rows = ()
) -> ReviewCount:
    """Review the entered vouchers of `month` in one compound, or only those of the statement rows named."""
    _allowed(StreetFolder(folder.path.parent), actor, REVIEWERS, [folder.code], "复核")
    with exclusive(folder):
        return _written_one(folder, _draft_review(folder, city, month, actor, only))


def _draft_review(
    folder: CompoundFolder, city: str, month: Month, actor: str, only: Rows = ()
) -> tuple[dict[str, bytes], ReviewCount] | Refused:
    try:
        ledger = load_unlocked(folder, city)
        changes = plan_review(ledger.entries, month, actor, only)
        contents = apply(ledger.folder, changes, ())
        if contents:
            try_changes(ledger, city, contents)
    except Refused as refused:
        return refused
    left = [entry for entry in waiting(ledger.entries) if month.contains(entry.date) and state_of(entry) == "waiting"]
    return contents, ReviewCount(folder.code, len(changes), len(left))


_Count = TypeVar("_Count")


def _written(
    folders: Sequence[CompoundFolder], drafts: Sequence[tuple[dict[str, bytes], _Count] | Refused]
) -> list[_Count]:
    """What the drafts counted, once all of them are written; `ManyRefused`, and nothing written, when one can't be."""
    refused = [draft for draft in drafts if isinstance(draft, Refused)]
    if refused:
        raise ManyRefused(refused)
    counts = []
    for folder, draft in zip(folders, drafts, strict=True):
        assert not isinstance(draft, Refused)
        write_all(folder.path, draft[0])
        counts.append(draft[1])
    return counts


def _written_one(folder: CompoundFolder, draft: tuple[dict[str, bytes], _Count] | Refused) -> _Count:
    if isinstance(draft, Refused):
        raise draft
    return _written([folder], [draft])[0]


def _allowed(street: StreetFolder, actor: str, roles: Sequence[str], codes: Iterable[str], doing: str) -> Person:
    """The person `actor`; `Refused` unless they have one of `roles` for every compound."""
    person = known_person(read_street(street), actor, str(street.toml))
    for code in codes:
        refuse_without(person, roles, code, doing)
    return person


def post_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    actor: str,
    progress: Progress = silent,
    key: Key | None = None,
) -> list[PostingCount]:
    """Post every reviewed row of `month` in `folders`, or, when one of their books has errors, none anywhere.

    `actor` is the poster, `key` theirs: who has a public key in `street.toml` signs.
    """
    city = read_street(street).city
    person = _allowed(street, actor, POSTERS, [folder.code for folder in folders], "记账")
    _refuse_key(street, person, key)
    with exclusive(*folders):
        drafts = run(partial(_draft_posting, city=city, month=month, actor=actor, key=key), folders, "过账", progress)
        return _written(folders, drafts)


def post_rows(
    folder: CompoundFolder, city: str, month: Month, actor: str, only: Rows = (), key: Key | None = None
) -> PostingCount:
    """Post the reviewed rows of `month` in one compound, or only those of the statement rows named."""
    street = StreetFolder(folder.path.parent)
    _refuse_key(street, _allowed(street, actor, POSTERS, [folder.code], "记账"), key)
    with exclusive(folder):
        return _written_one(folder, _draft_posting(folder, city, month, actor, only, key))


def _refuse_key(street: StreetFolder, person: Person, key: Key | None) -> None:
    """`Refused` unless what is posted will be signed by the key registered for the poster, or nobody has one."""
    if not person.key and somebody_signs(read_street(street).people):
        raise Refused(f"街道已有人登记公钥，{person.id} {person.name}没有公钥，不能过账", str(street.toml))
    if person.key and key is None:
        raise Refused(f"{person.id} {person.name}登记了公钥，过账须签名：用 --key 私钥文件，或设环境变量 JIEZHANG_KEY")
    if key is not None and key.public != person.key:
        raise Refused(f"私钥与 {person.id} {person.name}在街道登记的公钥不符")


def _draft_posting(
    folder: CompoundFolder, city: str, month: Month, actor: str, only: Rows = (), key: Key | None = None
) -> tuple[dict[str, bytes], PostingCount] | Refused:
    """What posting would write in one compound. Posted is for ever, so nothing is posted into books with errors.

    The chain is written before the ledger: a posting that a power failure cut short is seen, and finished first.
    """
    try:
        ledger = load_unlocked(folder, city)
        finished = _finish(ledger, city)
        ledger = load_unlocked(folder, city) if finished else ledger
        faults = faults_of(ledger)
        if faults:
            said = f"账簿有 {len(faults)} 处错误，改正以后才能过账：{faults[0].message}"
            return Refused(said, faults[0].file, faults[0].line)
        changes = plan_posting(ledger.entries, month, actor, only)
        contents: dict[str, bytes] = {}
        if changes:
            made = [change.new for change in changes if isinstance(change.new, data.Transaction)]
            links = plan_links(read_chain(ledger.folder), made, key.sign if key is not None else None)
            contents = {CHAIN_FILE: chain_bytes(ledger.folder, links), **apply(ledger.folder, changes, ())}
            try_changes(ledger, city, contents)
    except Refused as refused:
        return refused
    states = [state_of(entry) for entry in waiting(ledger.entries) if month.contains(entry.date)]
    count = PostingCount(folder.code, len(changes) + finished, states.count("waiting"), states.count("entered"))
    return contents, count


def _finish(ledger: Ledger, city: str) -> int:
    """Write the vouchers of a posting that was cut short; how many there were."""
    transactions = [entry for entry in ledger.entries if isinstance(entry, data.Transaction)]
    left = unfinished(transactions, read_chain(ledger.folder))
    if not left:
        return 0
    contents = apply(ledger.folder, [Change(old, new) for old, new in left], ())
    after = try_changes(ledger, city, contents)
    if faults_of(after):
        return 0  # something else is wrong as well, and is told of before anything is posted
    write_all(ledger.folder.path, contents)
    return len(left)
