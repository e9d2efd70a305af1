"""Reconciliation for a whole street, with the bank and with the other parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_months
from jiezhang.book.write import write_atomically
from jiezhang.close.legs import Asking, blank_for, leg_of
from jiezhang.close.party_sheets import read_sheet, sheet_bytes
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Reconciliation
from jiezhang.domain.tri_party.differences import Party
from reports.legs import Leg

from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class CompoundReconciliation:
    """One compound's accounts, or why its ledger can't be loaded."""

    code: str
    accounts: tuple[Reconciliation, ...]
    refused: Refused | None = None

    @property
    def is_clean(self) -> bool:
        return self.refused is None and all(account.is_clean for account in self.accounts)


def reconcile_street(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, progress: Progress = silent
) -> list[CompoundReconciliation]:
    """Reconcile every dedicated account of `folders` over `month`."""
    city = read_street(street).city
    return run(partial(_one, city=city, month=month), folders, "与银行核对", progress)


def _one(folder: CompoundFolder, city: str, month: Month) -> CompoundReconciliation:
    try:
        ledger = load_ledger(folder, city)
        return CompoundReconciliation(folder.code, tuple(reconcile(ledger.folder, ledger.entries, month)))
    except Refused as refused:
        return CompoundReconciliation(folder.code, (), refused)


@dataclass(frozen=True, slots=True)
class CompoundLeg:
    """One compound's leg, or why it can't be made."""

    code: str
    leg: Leg | None
    refused: Refused | None = None

    @property
    def is_clean(self) -> bool:
        return self.leg is not None and not self.leg.differences


def reconcile_party(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    party: Party,
    today: date,
    sheet: Path | None = None,
    progress: Progress = silent,
) -> list[CompoundLeg]:
    """The leg with `party` for each of `folders`; a `sheet` is of one compound, and every party but the bank needs it.

    `Refused` when the sheet is missing or can't be read; a compound whose ledger can't be loaded is among the answers.
    """
    if sheet is not None:
        _one_compound(folders)
        read_sheet(sheet, month)  # what is wrong with it is said before anything is compared
    elif party != "bank":
        raise Refused("这一方的核对要有对账回单：用 --sheet 给出填好的回单，或用 --blank 生成空白回单")
    city = read_street(street).city
    work = partial(_one_leg, city=city, month=month, party=party, today=today, sheet=sheet)
    return run(work, folders, "三方核对", progress)


def write_blank(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, party: Party, path: Path
) -> int:
    """Write the party's empty sheet to `path`; the number of lines. `Refused` when there is a file already."""
    folder = _one_compound(folders)
    if path.exists():
        raise Refused("文件已经存在，请换一个名字", str(path))
    rows = blank_for(load_ledger(folder, read_street(street).city), Asking(party, month))
    write_atomically(path, sheet_bytes(rows))
    return len(rows)


def _one_compound(folders: Sequence[CompoundFolder]) -> CompoundFolder:
    if len(folders) != 1:
        raise Refused("一份对账回单只属于一个小区，请用 --compound 指明小区")
    return folders[0]


def _one_leg(
    folder: CompoundFolder, city: str, month: Month, party: Party, today: date, sheet: Path | None
) -> CompoundLeg:
    try:
        ledger = load_ledger(folder, city)
        months = read_months(ledger.folder)
        last = months.last if months.closed is not None and months.closed < month else None
        asking = Asking(
            party, month, today, last.open_after() if last else (), last.figures.files if last else ()
        )
        filled = read_sheet(sheet, month) if sheet is not None else None
        return CompoundLeg(folder.code, leg_of(ledger, asking, filled))
    except Refused as refused:
        return CompoundLeg(folder.code, None, refused)
