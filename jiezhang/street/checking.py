"""All rules over a street: every compound's ledger loaded through the gate, and what only a street can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jiezhang.book import registers
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.messages import in_chinese
from jiezhang.close.completing import waiting
from jiezhang.close.directory import KnownAccount, known_accounts
from jiezhang.domain.problem import Refused
from jiezhang.domain.rules import dedicated_accounts

from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: where, what, and by which rule (`gate`, `beancount`, or a rule's name)."""

    file: str
    line: int
    message: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.file}：第 {self.line} 行：" if self.line else f"{self.file}："
        return f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class CompoundCheck:
    """What was found in one compound. `advice` never stops anything: rules not yet verified (待核实)."""

    code: str
    name: str
    transactions: int
    waiting: int
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...]
    accounts: tuple[KnownAccount, ...] = ()


def check_street(
    street: StreetFolder, folders: Sequence[CompoundFolder], progress: Progress = silent
) -> list[CompoundCheck]:
    """Check `folders` of `street`, one result for each, in order."""
    city = registers.read_street(street).city
    checks = run(partial(check_compound, city=city), folders, "检查账簿", progress)
    return _with_shared_numbers(checks, {folder.code: folder.path.name for folder in folders})


def check_compound(folder: CompoundFolder, city: str) -> CompoundCheck:
    """Everything wrong with one compound's files and books."""
    try:
        ledger = load_ledger(folder, city)
        for name, model in registers.TABLES.items():
            registers.read_table(ledger.folder.register / name, model)
    except Refused as refused:
        fault = Fault(_relative(refused.file, folder.path), refused.line, refused.message, "gate")
        return CompoundCheck(folder.code, folder.path.name, 0, 0, (fault,), ())
    return CompoundCheck(
        code=folder.code,
        name=ledger.compound.name,
        transactions=sum(hasattr(entry, "postings") for entry in ledger.entries),
        waiting=len(waiting(ledger.entries)),
        faults=faults_of(ledger),
        advice=tuple(_fault(error, folder) for error in dedicated_accounts.advise(ledger.entries)),
        accounts=tuple(known_accounts(folder.code, ledger.entries)),
    )


def faults_of(ledger: Ledger) -> tuple[Fault, ...]:
    """The errors of a loaded ledger, in Chinese."""
    return tuple(_fault(error, ledger.folder) for error in ledger.errors)


def _fault(error: Any, folder: CompoundFolder) -> Fault:
    source = error.source or {}
    file = _relative(str(source.get("filename", folder.path)), folder.path)
    rule = str(getattr(error, "rule", "beancount"))
    return Fault(file, int(source.get("lineno", 0)), in_chinese(error.message), rule)


def _relative(file: str, folder: Path) -> str:
    """`file` as seen from the street's folder."""
    path, street = Path(file).absolute(), folder.resolve().parent
    return path.relative_to(street).as_posix() if path.is_relative_to(street) else file


def _with_shared_numbers(checks: Sequence[CompoundCheck], folders: Mapping[str, str]) -> list[CompoundCheck]:
    """Add a fault where one bank account is registered by two compounds (专户: one account, one compound, one fund)."""
    owners: defaultdict[tuple[str, str], list[KnownAccount]] = defaultdict(list)
    for check in checks:
        for account in check.accounts:
            owners[account.bank, account.number].append(account)
    found: defaultdict[str, list[Fault]] = defaultdict(list)
    for (_, number), accounts in owners.items():
        for account in accounts[1:]:
            if account.compound != accounts[0].compound:
                said = f"银行账号 {number} 已由小区 {accounts[0].compound} 登记，一个专户只能属于一个小区"
                where = f"{folders[account.compound]}/accounts.beancount"
                found[account.compound].append(Fault(where, account.line, said, dedicated_accounts.RULE))
    return [
        CompoundCheck(
            check.code, check.name, check.transactions, check.waiting,
            (*check.faults, *found[check.code]), check.advice, check.accounts,
        )
        for check in checks
    ]
