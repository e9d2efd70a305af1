"""Step 4, reconcile: the bank's files are read again and compared with the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.corrections import CORRECTION_KEY, is_correction
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Entry, Pair, Reconciliation, match
from jiezhang.domain.statement import references
from jiezhang.domain.text import clean

from .bank_side import StoredStatement, covers, merge
from .directory import KnownAccount, find_account, known_accounts
from .keeping import NOTE, read_kept

Party = tuple[str, str]
"""Whom money came from or went to: name and account number, as import writes them; either may be empty."""


@dataclass(frozen=True, slots=True)
class BookRow:
    """A movement in the book, the digest of the file it was booked from, and whom the book names; nobody, where one
    voucher is of several rows: money moved between the compound's own accounts, and each bank names the other."""

    entry: Entry
    digest: str
    party: Party | None
    source_row: int = 0
    """The row's line in the bank's file."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A kept file that can't be used: its path below the compound, why, and the account number in it where it is of
    none of the compound's accounts."""

    path: str
    message: str
    number: str = ""


def read_stored(folder: CompoundFolder, accounts: Sequence[KnownAccount], month: Month) -> tuple[
    dict[str, list[StoredStatement]], list[str]
]:
    """The bank's kept files that may hold rows of `month`, by ledger account, and sentences about unreadable ones.

    A file is kept under the month of its last row, so files of earlier months hold none of this month's rows; but the
    newest earlier one is read for accounts that did not move.
    """
    stored, unread = read_files(folder, accounts, kept_paths(folder, month))
    return stored, [f"{one.path}：{one.message}" for one in unread]


def read_files(
    folder: CompoundFolder, accounts: Sequence[KnownAccount], paths: Sequence[Path]
) -> tuple[dict[str, list[StoredStatement]], list[Unread]]:
    """The statements in kept files by ledger account, and the files that can't be used."""
    by_account: dict[str, list[StoredStatement]] = {account.account: [] for account in accounts}
    unread = []
    for path in paths:
        name, number = path.relative_to(folder.path).as_posix(), ""
        try:
            statements, account = read_kept(path)
            for statement in statements:
                number = statement.account_no or account
                known = find_account(statement, Path(name), accounts, account)
                by_account[known.account].append((name, statement))
        except Refused as refused:
            unread.append(Unread(name, refused.message, number))
    return by_account, unread


def kept_paths(folder: CompoundFolder, month: Month | None = None) -> list[Path]:
    """The kept files without notes; with a `month` those that may hold rows of it, and of the newest one before."""
    if not folder.statements.is_dir():
        return []
    months = sorted(path.name for path in folder.statements.iterdir() if path.is_dir())
    earlier = [name for name in months if month is not None and name < str(month)]
    return sorted(
        path
        for name in months
        if name not in earlier[:-1]
        for path in (folder.statements / name).iterdir()
        if path.is_file() and path.suffix != NOTE and not path.name.startswith(".")
    )


def reconcile(
    folder: CompoundFolder, entries: Sequence[data.Directive], month: Month
) -> list[Reconciliation]:
    """One reconciliation for each dedicated account of the compound that was open in `month`."""
    known = known_accounts(folder.code, entries)
    stored, warnings = read_stored(folder, known, month)
    accounts = [account for account in known if account.opened <= month.last_day]
    return [
        reconcile_account(entries, account.account, stored[account.account], month, warnings) for account in accounts
    ]


def reconcile_account(
    entries: Sequence[data.Directive],
    account: str,
    stored: Sequence[StoredStatement],
    month: Month,
    warnings: Sequence[str] = (),
) -> Reconciliation:
    """Compare `account` in the ledger with its statements over `month`."""
    book = book_rows(entries, account, month)
    bank = merge(stored)
    digests = {statement.sha256 for _, statement in stored}
    pairs = match(
        [row.entry for row in bank.rows if month.contains(row.entry.date)], [row.entry for row in book]
    )
    wrong = _missing_files(book, digests) + tuple(said for _, said in named_otherwise(pairs, book, stored))
    absent = () if covers(stored, month) else (f"没有 {month} 的对账单",)
    return Reconciliation(
        account=account,
        month=month,
        bank_balance=bank.balance_at(month.last_day),
        book_balance=book_balance(entries, account, month.next.first_day),
        pairs=pairs,
        warnings=absent + tuple(warnings) + wrong + bank.contradictions,
        is_covered=not absent,
    )


def book_rows(entries: Sequence[data.Directive], account: str, month: Month | None = None) -> list[BookRow]:
    """The account's movements, of one month or of all.

    A correction repeats the bank's row and takes it back: a pair that does so moves nothing, and is left out.
    """
    found = []
    pairs = _cancelling(entries, account, month)
    for entry in entries:
        if isinstance(entry, data.Transaction) and _is_in(month, entry) and entry.meta.get("opening") is not True:
            if is_correction(entry) and (entry.date, entry.meta.get(CORRECTION_KEY)) in pairs:
                continue
            for posting in entry.postings:
                if posting.account == account and posting.units is not None and posting.units.number is not None:
                    meta = posting.meta or entry.meta
                    place = Path(str(meta.get("filename", ""))).name
                    ref = str(meta.get("bank-ref", f"无来源/{place}:{meta.get('lineno', 0)}"))
                    text = " ".join(filter(None, [entry.payee, entry.narration]))
                    moved = Entry(ref, entry.date, posting.units.number, text, place, int(meta.get("lineno", 0)))
                    party = entry.payee or "", str(entry.meta.get("counterparty-account", ""))
                    own = len(bank_legs(entry)) > 1
                    digest, row = str(meta.get("source-sha256", "")), int(meta.get("source-row", 0))
                    found.append(BookRow(moved, digest, None if own else party, row))
    return found


def _is_in(month: Month | None, entry: data.Transaction) -> bool:
    return month is None or month.contains(entry.date)


def _cancelling(
    entries: Sequence[data.Directive], account: str, month: Month | None
) -> set[tuple[date, object]]:
    """Day and corrected voucher of the corrections that leave `account` as it was."""
    moved: defaultdict[tuple[date, object], Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, data.Transaction) and is_correction(entry) and _is_in(month, entry):
            for posting in entry.postings:
                if posting.account == account and posting.units is not None and posting.units.number is not None:
                    moved[entry.date, entry.meta.get(CORRECTION_KEY)] += posting.units.number
    return {key for key, total in moved.items() if not total}


def book_balance(entries: Sequence[data.Directive], account: str, end: date) -> Decimal:
    """The account's balance (yuan) before the day `end`."""
    return sum(
        (
            posting.units.number
            for entry in entries
            if isinstance(entry, data.Transaction) and entry.date < end
            for posting in entry.postings
            if posting.account == account and posting.units is not None and posting.units.number is not None
        ),
        Decimal("0.00"),
    )


def _missing_files(book: Sequence[BookRow], digests: set[str]) -> tuple[str, ...]:
    """Entries whose source file is not among the kept files: it was edited or removed."""
    gone = {row.digest: row.entry for row in reversed(book) if row.digest and row.digest not in digests}
    return tuple(
        f"账上 {entry.file} 第 {entry.line} 行引用的对账单文件（{digest[:12]}…）已被改动或不在"
        for digest, entry in sorted(gone.items())
    )


def named_otherwise(
    pairs: Sequence[Pair], book: Sequence[BookRow], stored: Sequence[StoredStatement]
) -> tuple[tuple[Entry, str], ...]:
    """Rows of which the book names another party than the bank: approvals and seals are of the name in the book.

    Of a row that several files hold, what any of them says will do: one format may leave out what another has.
    """
    known: defaultdict[str, list[Party]] = defaultdict(list)
    for _, statement in stored:
        for ref, row in zip(references(statement.rows), statement.rows, strict=True):
            known[ref].append((clean(row.counterparty), clean(row.counterparty_account)))
    parties = {id(row.entry): row.party for row in book}
    said = []
    for pair in pairs:
        if pair.status != "matched" or pair.bank is None or pair.book is None:
            continue
        party, told = parties[id(pair.book)], known[pair.bank.ref]
        if party is None or party in told:
            continue
        name, number = party
        if name != told[0][0]:
            said.append((pair.book, f"流水 {pair.bank.ref} 的对方户名账上写“{name}”，对账单是“{told[0][0]}”"))
        if number != told[0][1]:
            said.append((pair.book, f"流水 {pair.bank.ref} 的对方账号账上写“{number}”，对账单是“{told[0][1]}”"))
    return tuple(said)


def bank_balances(reconciliations: Iterable[Reconciliation]) -> dict[str, Decimal]:
    """The bank's month-end balance by account, where a statement of that month states one."""
    return {
        item.account: item.bank_balance
        for item in reconciliations
        if item.bank_balance is not None and item.is_covered
    }
