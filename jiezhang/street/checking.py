"""All rules over a street: every compound's ledger loaded through the gate, and what only a street can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from beancount.core import data

from jiezhang.book import registers
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, office_of, read_opens
from jiezhang.book.messages import in_chinese
from jiezhang.close.attaching import document_faults
from jiezhang.close.completing import waiting
from jiezhang.close.directory import KnownAccount, known_accounts, taken
from jiezhang.close.originals import missing_originals
from jiezhang.domain.approval.rules import levies, vouchers
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.invoices import cited_invoices
from jiezhang.domain.problem import Finding, Refused
from jiezhang.domain.register import Asset, Contract
from jiezhang.domain.rules import dedicated_accounts, separate_funds
from jiezhang.domain.rules.dedicated_accounts import bare_number

from .asking import read_questions
from .parallel import Progress, run, silent
from .posting import read_postings


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
class Invoice:
    """An invoice that a compound has booked, and where."""

    number: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class CompoundCheck:
    """What was found in one compound. `advice` never stops anything: rules not yet verified (待核实)."""

    code: str
    name: str
    transactions: int
    waiting: int
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...]
    invoices: tuple[Invoice, ...] = ()


def check_street(
    street: StreetFolder, folders: Sequence[CompoundFolder], progress: Progress = silent
) -> list[CompoundCheck]:
    """Check `folders` of `street`, one result for each, in order.

    Whose account a number is can only be told by all compounds together, so their openings are always read.
    """
    city = registers.read_street(street).city
    accounts, unread = _all_accounts(street)
    known = _by_number(accounts)
    checks = run(partial(check_compound, city=city, known=known), folders, "检查账簿", progress)
    asked = {folder.code for folder in folders}
    missing = tuple(fault for code, fault in unread.items() if code not in asked)
    twice = _invoices_twice(checks)
    return [replace(check, faults=(*check.faults, *twice.get(check.code, ()), *missing)) for check in checks]


def check_compound(
    folder: CompoundFolder, city: str, known: Mapping[str, Sequence[KnownAccount]] = MappingProxyType({})
) -> CompoundCheck:
    """Everything wrong with one compound's files and books; `known` are the street's accounts by `bare_number`."""
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
        faults=(
            *faults_of(ledger),
            *_unknown_assets(ledger.folder),
            *_missing_originals(ledger),
            *_changed_documents(ledger),
            *_wrong_questions(ledger.folder),
            *_wrong_postings(ledger.folder),
            *_shared_numbers(ledger, known),
            *_between_compounds(ledger, known),
        ),
        advice=tuple(_fault(error, folder) for error in _advice(ledger)),
        invoices=tuple(_invoices(ledger)),
    )


def _advice(ledger: Ledger) -> list[Finding]:
    office = office_of(ledger)
    return [*dedicated_accounts.advise(ledger.entries), *(levies.advise(office) if office is not None else ())]


def faults_of(ledger: Ledger) -> tuple[Fault, ...]:
    """The errors of a loaded ledger, in Chinese."""
    return tuple(_fault(error, ledger.folder) for error in ledger.errors)


def _unknown_assets(folder: CompoundFolder) -> Iterator[Fault]:
    """Contracts about an asset that the register of assets does not have."""
    assets = {asset.code for asset in registers.read_table(folder.register / "assets.csv", Asset)}
    file = folder.register / "contracts.csv"
    for line, contract in registers.read_numbered(file, Contract):
        if contract.asset not in assets:
            said = f"合同 {contract.code} 的资产 {contract.asset} 没有登记在 assets.csv"
            yield Fault(_relative(str(file), folder.path), line, said, "registers")


def _missing_originals(ledger: Ledger) -> Iterator[Fault]:
    for refused in missing_originals(ledger.folder, ledger.entries):
        yield Fault(_relative(refused.file, ledger.folder.path), refused.line, refused.message, "statements")


def _changed_documents(ledger: Ledger) -> Iterator[Fault]:
    for refused in document_faults(ledger.folder, ledger.entries):
        yield Fault(_relative(refused.file, ledger.folder.path), refused.line, refused.message, "documents")


def _wrong_questions(folder: CompoundFolder) -> Iterator[Fault]:
    try:
        read_questions(folder)
    except Refused as refused:
        yield Fault(_relative(refused.file, folder.path), refused.line, refused.message, "questions")


def _wrong_postings(folder: CompoundFolder) -> Iterator[Fault]:
    try:
        read_postings(folder)
    except Refused as refused:
        yield Fault(_relative(refused.file, folder.path), refused.line, refused.message, "postings")


def _invoices(ledger: Ledger) -> Iterator[Invoice]:
    transactions = [entry for entry in ledger.entries if isinstance(entry, data.Transaction)]
    for number, entry in cited_invoices(transactions):
        file = _relative(str(entry.meta["filename"]), ledger.folder.path)
        yield Invoice(number, file, int(entry.meta["lineno"]))


def _invoices_twice(checks: Sequence[CompoundCheck]) -> dict[str, list[Fault]]:
    """By compound, the invoices that one of the compounds before has booked too (财会〔2024〕11号 art. 25)."""
    seen: dict[str, str] = {}
    found: defaultdict[str, list[Fault]] = defaultdict(list)
    for check in checks:
        for invoice in check.invoices:
            other = seen.setdefault(invoice.number, check.code)
            if other != check.code:
                said = f"发票 {invoice.number} 小区 {other} 已经入账：共同的费用须用原始凭证分割单，各编各的号"
                found[check.code].append(Fault(invoice.file, invoice.line, said, vouchers.RULE))
    return found


def _fault(error: Any, folder: CompoundFolder) -> Fault:
    source = error.source or {}
    file = _relative(str(source.get("filename", folder.path)), folder.path)
    rule = str(getattr(error, "rule", "beancount"))
    return Fault(file, int(source.get("lineno", 0)), in_chinese(error.message), rule)


def _relative(file: str, folder: Path) -> str:
    """`file` as seen from the street's folder."""
    path, street = Path(file).absolute(), folder.resolve().parent
    return path.relative_to(street).as_posix() if path.is_relative_to(street) else file


def _all_accounts(street: StreetFolder) -> tuple[list[KnownAccount], dict[str, Fault]]:
    """The dedicated accounts of every compound, and, by code, why some could not be read."""
    accounts: list[KnownAccount] = []
    unread: dict[str, Fault] = {}
    for folder in street.compounds():
        try:
            accounts += known_accounts(folder.code, read_opens(folder))
        except Refused as refused:
            unread[folder.code] = Fault(_relative(refused.file, folder.path), refused.line, refused.message, "gate")
    return accounts, unread


def _by_number(accounts: Sequence[KnownAccount]) -> dict[str, tuple[KnownAccount, ...]]:
    found: defaultdict[str, list[KnownAccount]] = defaultdict(list)
    for account in accounts:
        if account.number:
            found[bare_number(account.number)].append(account)
    return {number: tuple(owners) for number, owners in found.items()}


def _shared_numbers(ledger: Ledger, known: Mapping[str, Sequence[KnownAccount]]) -> Iterator[Fault]:
    """Accounts that another compound registered too (专户: one account, one compound, one fund)."""
    code = ledger.folder.code
    for account in known_accounts(code, ledger.entries):
        for other in known.get(bare_number(account.number), ()):
            if other.compound != code:
                file = f"{ledger.folder.path.name}/accounts.beancount"
                yield Fault(file, account.line, taken(other).message, dedicated_accounts.RULE)


def _between_compounds(ledger: Ledger, known: Mapping[str, Sequence[KnownAccount]]) -> Iterator[Fault]:
    """Rows whose money went to, or came from, another compound, unless all of it has come back."""
    code = ledger.folder.code
    net: defaultdict[str, Decimal] = defaultdict(Decimal)
    rows: list[tuple[data.Transaction, str, str]] = []
    for entry in ledger.entries:
        if not isinstance(entry, data.Transaction) or "counterparty-account" not in entry.meta:
            continue
        number = bare_number(entry.meta["counterparty-account"])
        owners = {account.compound for account in known.get(number, ())}
        if owners and code not in owners:
            other = min(owners)
            amounts = (leg.units.number for leg in bank_legs(entry) if leg.units is not None)
            net[other] += sum((amount for amount in amounts if amount is not None), Decimal(0))
            rows.append((entry, number, other))
    for entry, number, other in rows:
        if net[other]:
            said = f"对方账号 {number} 是小区 {other} 的专户：小区之间不得往来，差 {net[other]} 须退回"
            file = _relative(str(entry.meta["filename"]), ledger.folder.path)
            yield Fault(file, int(entry.meta["lineno"]), said, separate_funds.RULE)
