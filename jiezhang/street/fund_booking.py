"""The fund's own writes: vouchers that no bank row brings, a register taken over later, dated changes of dwellings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from beancount.core import data

from importers.source import load_source
from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import Change, apply
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_unlocked
from jiezhang.book.registers import read_street, rows_of, table_bytes
from jiezhang.book.render import render_controls
from jiezhang.book.rulepacks import read_packs
from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import FundDesk, as_if_posted
from jiezhang.close.fund_legs import try_voucher
from jiezhang.close.fund_vouchers import correction, distribution, loss
from jiezhang.close.making import made_by
from jiezhang.domain.applicable import applicable, value_of
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.changes import CHANGES_FILE
from jiezhang.domain.fund_register import Building
from jiezhang.domain.fund_register import Change as DwellingChange
from jiezhang.domain.household_events import YieldBasis
from jiezhang.domain.people import MAKERS, known_person, refuse_without
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling
from jiezhang.households.fund import FundFiles, replay_fund

from .household_opening import HouseholdLists, read_household_lists

Propose = Callable[[Ledger, FundFiles], data.Transaction]


def distribute(
    street: StreetFolder, folder: CompoundFolder, actor: str, day: date, fen: int | None, basis: YieldBasis | None
) -> data.Transaction:
    """Propose giving undistributed yield to every household; the voucher waits (`!`) until it is posted.

    Without `basis` the rule pack decides; where a selling unit has money in the fund, only 积数 can be.
    """
    city = read_street(street).city

    def propose(ledger: Ledger, files: FundFiles) -> data.Transaction:
        rules = applicable(read_packs(city), ledger.compound.kind, day)
        public = any(dwelling.nature == "public" for dwelling in files.register.dwellings)
        ruled = "jishu" if public or value_of(rules, "fund.yield_basis", str) == "jishu" else "area"
        chosen: YieldBasis = basis or ("jishu" if ruled == "jishu" else "area")
        return distribution(ledger.entries, files, ledger.compound.component, day, fen, chosen)

    return _propose(street, folder, actor, propose)


def lose(street: StreetFolder, folder: CompoundFolder, actor: str, day: date, household: str) -> data.Transaction:
    """Propose what is owed for a lost house; the loss must be in `changes.csv`."""
    return _propose(
        street,
        folder,
        actor,
        lambda ledger, files: loss(ledger.entries, files, ledger.compound.component, day, household),
    )


def correct(
    street: StreetFolder,
    folder: CompoundFolder,
    actor: str,
    day: date,
    *,
    corrects: str,
    giver: str,
    taker: str,
    fen: int,
) -> data.Transaction:
    """Propose moving what voucher `corrects` gave to the wrong household."""
    return _propose(
        street,
        folder,
        actor,
        lambda ledger, files: correction(
            ledger.entries,
            files,
            ledger.compound.component,
            day,
            corrects=corrects,
            giver=giver,
            taker=taker,
            fen=fen,
        ),
    )


def withdraw(street: StreetFolder, folder: CompoundFolder, actor: str) -> list[data.Transaction]:
    """Take back every proposed voucher that no bank row brought and that is not posted; which they were."""
    known = read_street(street)
    refuse_without(known_person(known, actor, str(street.toml)), MAKERS, folder.code, "撤回凭证")
    with exclusive(folder):
        ledger = load_unlocked(folder, read_street(street).city)
        found = [entry for entry in waiting(ledger.entries) if not bank_legs(entry)]
        commit(ledger, read_street(street).city, apply(ledger.folder, [Change(entry, None) for entry in found], ()))
    return found


def _propose(street: StreetFolder, folder: CompoundFolder, actor: str, propose: Propose) -> data.Transaction:
    known = read_street(street)
    city = known.city
    refuse_without(known_person(known, actor, str(street.toml)), MAKERS, folder.code, "制单")
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        files = read_fund_files(ledger.folder)
        counted = as_if_posted(ledger.entries)
        voucher = made_by(propose(replace(ledger, entries=counted), files), actor)
        try_voucher(voucher, FundDesk(counted, files))
        if voucher.date < ledger.compound.start:
            raise Refused(f"凭证日期 {voucher.date} 早于建账日 {ledger.compound.start}")
        commit(ledger, city, apply(ledger.folder, (), [voucher]))
    return voucher


def take_register(street: StreetFolder, folder: CompoundFolder, lists: HouseholdLists) -> int:
    """Take over the households of a compound whose books began without them; how many there are.

    Their money comes later, as deposits. `Refused` when there is a register already, or the lists state balances.
    """
    opening, city = read_household_lists(lists), read_street(street).city
    if opening.detail:
        raise Refused("小区已经建账，户册里不能再有余额：余额随专户转入的流水，用批量明细记到户", str(lists.dwellings))
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        if read_fund_files(ledger.folder).register.dwellings:
            raise Refused("小区已有户册，变更须登记在 changes.csv", str(ledger.folder.register / "dwellings.csv"))
        accounts = (ledger.folder.path / "accounts.beancount").read_text("utf-8").rstrip("\n")
        controls = render_controls(ledger.compound, opening.dwellings)
        changes = {
            "accounts.beancount": f"{accounts}\n\n{controls}".encode(),
            "register/dwellings.csv": table_bytes(opening.dwellings, Dwelling),
            "register/buildings.csv": table_bytes(opening.buildings, Building),
        }
        commit(ledger, city, changes)
    return len(opening.dwellings)


def add_changes(street: StreetFolder, folder: CompoundFolder, sheet: Path) -> Sequence[DwellingChange]:
    """Add the dated changes of `sheet` (CSV or XLSX) to the register; all or none."""
    cells = [(row.line, row.cells) for row in load_source(sheet).sheets[0] if not row.is_blank]
    new, city = rows_of(cells, sheet, DwellingChange), read_street(street).city
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        files = read_fund_files(ledger.folder)
        register = files.register
        known = {change.code for _, change in register.changes}
        for line, change in new:
            if change.code in known:
                raise Refused(f"变更编号 {change.code} 已经登记过", str(sheet), line)
        _try_changes(ledger, replace(files, register=replace(register, changes=(*register.changes, *new))), sheet, new)
        rows = [change for _, change in (*register.changes, *new)]
        commit(ledger, city, {"register/changes.csv": table_bytes(rows, DwellingChange)})
    return [change for _, change in new]


def _try_changes(ledger: Ledger, files: FundFiles, sheet: Path, new: Sequence[tuple[int, DwellingChange]]) -> None:
    """`Refused` at the line of `sheet` that cannot be, or that would change what is posted."""
    lines = {line: change.code for line, change in new}
    try:
        faults = replay_fund(files, ledger.entries).faults
    except Refused as refused:
        raise Refused(refused.message, str(sheet), refused.line if refused.line in lines else 0) from None
    for fault in faults:
        if fault.entry is None and fault.refused.file == CHANGES_FILE and fault.refused.line in lines:
            said = f"变更 {lines[fault.refused.line]}：{fault.refused.message}"
            raise type(fault.refused)(said, str(sheet), fault.refused.line)
