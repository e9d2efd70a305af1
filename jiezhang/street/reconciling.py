"""Reconciliation for a whole street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Reconciliation

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
