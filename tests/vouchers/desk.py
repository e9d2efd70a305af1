"""A small office with one posted September: four bank rows, of which three are vouchers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from beancount.core import data

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import apply
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked, office_of
from jiezhang.book.registers import read_contracts, read_rules
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion
from jiezhang.domain.statement import Statement
from jiezhang.street.booking import complete_rows
from jiezhang.street.correcting import Wish, correct_voucher
from tests.conftest import G_BANK, MAKER, account, statement

CITY = "hangzhou"
SEPTEMBER = Month(2026, 9)
MONTH_FILE = "2026/2026-09.beancount"
ROWS = statement([("1", "900.00", "广告费"), ("2", "-30.00", "换灯"), ("9", "5.00", "结息"), ("12", "-7.00", "手续费")])
REPAIR, AUDIT = account("Expenses:5101维修养护"), account("Expenses:5105审计")


def book(folder: CompoundFolder, *statements: tuple[str, Statement], cashier: str = "") -> None:
    """Import statements as the bookkeeper does."""
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        desk = FundDesk(ledger.entries, read_fund_files(folder))
        rules = read_contracts(folder), read_rules(folder)
        plan = plan_import(ledger.entries, statements, *rules, desk, office_of(ledger))
        additions = imported_by(plan.additions, MAKER, cashier)
        commit(ledger, CITY, apply(ledger.folder, plan.changes, additions))


def load(folder: CompoundFolder) -> Ledger:
    """The books, which have no error."""
    ledger = load_ledger(folder, CITY)
    assert [error.message for error in ledger.errors] == []
    return ledger


def errors(folder: CompoundFolder) -> list[str]:
    return [error.message for error in load_ledger(folder, CITY).errors]


def transactions(folder: CompoundFolder) -> list[data.Transaction]:
    return [entry for entry in load_ledger(folder, CITY).entries if isinstance(entry, data.Transaction)]


def ref(folder: CompoundFolder, amount: str) -> str:
    """The reference of the bank row of `amount`."""
    return next(
        row_key(leg)[1]
        for entry in transactions(folder)
        for leg in bank_legs(entry)
        if leg.units is not None and str(leg.units.number) == amount
    )


def complete(folder: CompoundFolder, amount: str, other: str, narration: str = "", actor: str = MAKER) -> None:
    row = Completion(account=G_BANK, bank_ref=ref(folder, amount), other_account=other, narration=narration)
    complete_rows(folder, CITY, [row], actor)


def wish(street: StreetFolder, day: str, wanted: Wish) -> Sequence[data.Transaction]:
    """Ask for a correction."""
    return correct_voucher(street, street.compound("C0007"), MAKER, date.fromisoformat(day), wanted)


def edit(folder: CompoundFolder, old: str, new: str, file: str = MONTH_FILE) -> None:
    """Change a file by hand, in one place."""
    path: Path = folder.path / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


def voucher(folder: CompoundFolder, number: str) -> data.Transaction:
    return next(entry for entry in transactions(folder) if entry.meta.get("voucher") == number)
