"""Writing a sample street to disk: registers, ledgers and bank files, by the same code that real ones go through."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jiezhang.book.create import NewCompound, NewLevy, create_compound, create_street
from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import table_bytes
from jiezhang.book.write import write_atomically
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion

from .importing import import_files
from .parallel import Progress, run, silent
from .sample.decided import Decided, decide_all
from .sample.demo_ca import credentials_of, demo_ca
from .sample.generate import SampleFile, files_of, truths
from .sample.officers import KEYS_FOLDER, KEYS_NOTE, SIGNING, key_file, organisation_of, signature
from .sample.plan import MAKER, POSTER, PlannedCompound, PlannedStreet, plan_street
from .sample.truth import MonthTruth
from .sample_books import Papers, keep_books
from .sample_seals import seal_months


@dataclass(frozen=True, slots=True)
class SampleCounts:
    compounds: int
    dwellings: int
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Made:
    """One compound's files of all months, by month what a person must add to them, and what its owners decided."""

    code: str
    files: tuple[SampleFile, ...]
    papers: dict[Month, Papers]
    undecided: tuple[Completion, ...]
    decided: Decided
    rows: int


def write_sample(
    path: Path,
    *,
    compounds: int,
    dwellings: int | None,
    months: int,
    booked: int,
    first_month: Month,
    seed: int,
    sealed: int = 0,
    progress: Progress = silent,
) -> SampleCounts:
    """A street at `path`: the first `booked` months imported, completed and posted, the first `sealed` of them signed
    by the three parties and sealed, the rest waiting in `inbox/`.

    Same arguments, same bytes. What a bookkeeper would fill in for a month stands in `completions/2026-04.csv`, and
    beside it the batch files it names; in `completions/refused.csv` what is refused, because nobody decided it. The
    keys that its people sign with are in `example-keys/`.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused("文件夹已经存在而且不是空的", str(path))
    planned = plan_street(seed, compounds, dwellings, months, first_month, booked)
    made = run(
        partial(_make, seed=seed, first_month=first_month, months=months), planned.compounds, "编制对账单", progress
    )
    draft = path.with_name(f".{path.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    street = create_street(draft, planned.street, first_month.first_day)
    _write_keys(draft / KEYS_FOLDER, planned, seed)
    for compound, one in zip(planned.compounds, made, strict=True):
        create_compound(street, _new(compound, one.decided))
    files = [file for one in made for file in one.files]
    first_open = first_month.shift(booked)
    _book(street, [file for file in files if file.month < first_open], made, first_open, seed, progress)
    seal_months(street, [first_month.shift(number) for number in range(sealed)], seed, progress)
    _write_inbox(street.inbox, [file for file in files if file.month >= first_open])
    for month in sorted({file.month for file in files if file.month >= first_open}):
        _write_sheet(draft / "completions", month, [one.papers[month] for one in made])
    undecided = [completion for one in made for completion in one.undecided]
    if undecided:
        write_atomically(draft / "completions" / "refused.csv", table_bytes(undecided, Completion))
    draft.replace(path)
    return SampleCounts(
        compounds, sum(len(one.dwellings) for one in planned.compounds), len(files), sum(one.rows for one in made)
    )


def _make(compound: PlannedCompound, seed: int, first_month: Month, months: int) -> _Made:
    found = list(truths(compound, seed, first_month, months))
    return _Made(
        code=compound.compound.code,
        files=tuple(file for truth in found for file in files_of(compound, truth)),
        papers={
            truth.month: Papers(_by_hand(truth), dict(truth.fund.batches), truth.fund.vouchers) for truth in found
        },
        undecided=tuple(one for truth in found for one in truth.completions if _key(one) in truth.undecided),
        decided=decide_all(compound, seed, found, first_month.shift(months - 1).last_day),
        rows=sum(len(statement.rows) for truth in found for statement in truth.statements.values()),
    )


def _by_hand(truth: MonthTruth) -> tuple[Completion, ...]:
    """Rows no rule knows, and transfers between funds, whose two rows a person must join; none that nobody decided."""
    return tuple(
        completion
        for completion in truth.completions
        if (completion.join_ref or _key(completion) in truth.by_hand) and _key(completion) not in truth.undecided
    )


def _key(completion: Completion) -> tuple[str, str]:
    return completion.account, completion.bank_ref


def _write_keys(folder: Path, planned: PlannedStreet, seed: int) -> None:
    """The private keys of all who sign; only made-up people's may lie here."""
    keepers = {keeper for one in planned.compounds for _, keeper in one.officers.seals.values()}
    signing = {person.id for person in planned.street.people if person.key}
    write_atomically(folder / "README.txt", KEYS_NOTE.encode())
    for person in sorted(keepers | signing):
        write_atomically(folder / f"{person}.pem", key_file(seed, person))
    write_atomically(folder / "demo-ca.pem", demo_ca(str(seed)))
    named = {person.id: person.name for person in planned.street.people}
    for person in sorted(keepers | {one.id for one in planned.street.people if set(one.roles) & set(SIGNING)}):
        key, certificate = credentials_of(str(seed), person, named[person], organisation_of(named[person]))
        write_atomically(folder / f"{person}.cert.pem", certificate)
        write_atomically(folder / f"{person}.cert-key.pem", key)


def _new(planned: PlannedCompound, decided: Decided) -> NewCompound:
    levy = planned.levy
    return NewCompound(
        compound=planned.compound,
        accounts=planned.accounts,
        opening=planned.opening,
        dwellings=planned.dwellings,
        buildings=planned.fund.buildings,
        household_opening=planned.fund.detail,
        changes=planned.life.changes,
        projects=planned.life.projects,
        bonds=planned.life.bonds,
        assets=planned.assets,
        contracts=planned.contracts,
        rules=planned.rules,
        seals=planned.officers.keys,
        records=decided.records,
        votes=decided.votes,
        levies=() if levy is None else (NewLevy(levy.levy, levy.account, levy.dues),),
    )


def _write_sheet(folder: Path, month: Month, papers: list[Papers]) -> None:
    rows = [completion for one in papers for completion in one.by_hand]
    write_atomically(folder / f"{month}.csv", table_bytes(rows, Completion))
    for name, content in (item for one in papers for item in one.batches.items()):
        write_atomically(folder / name, content)


def _book(
    street: StreetFolder,
    files: list[SampleFile],
    made: list[_Made],
    first_open: Month,
    seed: int,
    progress: Progress,
) -> None:
    """Keep the books of the months before `first_open` as an office would."""
    if not files:
        return
    scratch = Path(tempfile.mkdtemp(prefix=".sample-", dir=street.path))
    try:
        _write_inbox(scratch / "inbox", files)
        import_files(street, [scratch / "inbox"], MAKER, progress=progress)
    finally:
        shutil.rmtree(scratch)
    papers = {one.code: {month: said for month, said in one.papers.items() if month < first_open} for one in made}
    keep_books(street, papers, partial(signature, seed, POSTER), progress)


def _write_inbox(inbox: Path, files: list[SampleFile]) -> None:
    for file in files:
        path = inbox / str(file.month) / file.compound / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
