"""The bank's leg: its kept files read again, and its own confirmation (询证回函), against the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import match
from jiezhang.domain.statement import Statement
from jiezhang.domain.tri_party.comparing import compare
from jiezhang.domain.tri_party.differences import Difference, Kind
from jiezhang.domain.tri_party.figures import AccountFigures
from jiezhang.domain.tri_party.side import HeldFile, Movement, Side

from .bank_files import cited_files, kept_files
from .bank_side import BankSide, StoredStatement, covers, merge
from .directory import KnownAccount, known_accounts
from .reconciling import BookRow, book_balance, book_rows, named_otherwise

FILE_KINDS: frozenset[Kind] = frozenset({"edited_file", "missing_file", "other_account"})
_NOTHING: Mapping[str, str] = {}
_NO_BALANCES: Mapping[str, int | None] = {}


@dataclass(frozen=True, slots=True)
class BankView:
    """Both sides of the bank's leg as they are on the disk, of every month: accounts, the book's rows, the bank's
    statements and what they come to together, by ledger account; the files on both sides."""

    accounts: tuple[KnownAccount, ...]
    rows: Mapping[str, Sequence[BookRow]]
    stored: Mapping[str, Sequence[StoredStatement]]
    banks: Mapping[str, BankSide]
    cited: tuple[HeldFile, ...]
    kept: tuple[HeldFile, ...]


def bank_view(
    folder: CompoundFolder,
    entries: Sequence[data.Directive],
    month: Month,
    sealed: Mapping[str, str] = _NOTHING,
) -> BankView:
    """The accounts that were open in `month`. `sealed`: path below the compound → digest of the files sealed before."""
    known = known_accounts(folder.code, entries)
    files = kept_files(folder, known)
    accounts = tuple(account for account in known if account.opened <= month.last_day)
    rows = {account.account: book_rows(entries, account.account) for account in accounts}
    stored = {account.account: files.stored[account.account] for account in accounts}
    statements = {path: digest for path, digest in sealed.items() if path.startswith("statements/")}
    return BankView(
        accounts=accounts,
        rows=rows,
        stored=stored,
        banks={account: merge(statements) for account, statements in stored.items()},
        cited=cited_files(entries, accounts, rows, files.files, statements),
        kept=files.files,
    )


def account_figures(
    folder: CompoundFolder, entries: Sequence[data.Directive], month: Month
) -> tuple[AccountFigures, ...]:
    """What each dedicated account that was open in `month` did by the book and by the bank, in fen."""
    return figures_of(bank_view(folder, entries, month), entries, month)


def figures_of(view: BankView, entries: Sequence[data.Directive], month: Month) -> tuple[AccountFigures, ...]:
    """`account_figures` of a view."""
    return tuple(_figures(view, account, entries, month) for account in view.accounts)


def _figures(
    view: BankView, account: KnownAccount, entries: Sequence[data.Directive], month: Month
) -> AccountFigures:
    name, bank = account.account, view.banks[account.account]
    booked = [row.entry.amount for row in view.rows[name] if month.contains(row.entry.date)]
    closing = to_fen(book_balance(entries, name, month.next.first_day))
    came, went = _both_ways(booked)
    found = AccountFigures(
        account=name, bank=account.bank, number=account.number, opening_fen=closing - came + went,
        came_fen=came, went_fen=went, closing_fen=closing, rows=len(booked),
    )  # fmt: skip
    if not covers(view.stored[name], month):
        return found
    stated = [row.entry.amount for row in bank.rows if month.contains(row.entry.date)]
    came, went = _both_ways(stated)
    return found.model_copy(
        update={
            "bank_opening_fen": _fen(bank.balance_at(month.first_day - timedelta(days=1))),
            "bank_came_fen": came,
            "bank_went_fen": went,
            "bank_closing_fen": _fen(bank.balance_at(month.last_day)),
            "bank_rows": len(stated),
        }
    )


def bank_differences(
    folder: CompoundFolder,
    entries: Sequence[data.Directive],
    month: Month,
    today: date | None = None,
    *,
    confirmed: Mapping[str, int | None] = _NO_BALANCES,
    sealed: Mapping[str, str] = _NOTHING,
) -> tuple[Difference, ...]:
    """Every difference between bank and book at the end of `month`; ids are empty, `since` is `month`.

    `confirmed`: closing balances (fen) by account of the bank's own confirmation, which stand for the statements'.
    `sealed`: path → digest of files that were sealed with a month before.
    """
    return view_differences(bank_view(folder, entries, month, sealed), entries, month, today, confirmed)


def view_differences(
    view: BankView,
    entries: Sequence[data.Directive],
    month: Month,
    today: date | None = None,
    confirmed: Mapping[str, int | None] = _NO_BALANCES,
) -> tuple[Difference, ...]:
    """`bank_differences` of a view."""
    held = held_side(view, month)
    held = replace(held, closings={**held.closings, **confirmed})
    return differences_of(view, compare("bank", book_side(view, entries, month), held, month, today), month)


def differences_of(view: BankView, found: Sequence[Difference], month: Month) -> tuple[Difference, ...]:
    """What comparing `found`, and what only the bank's files can tell: that they contradict each other, and whom the
    bank names. Where a file is known to be wrong, that it contradicts another is no second difference."""
    faulty = {one.account for one in found if one.kind in FILE_KINDS}
    told = [one for account in view.accounts if account.account not in faulty for one in _faults(view, account, month)]
    broken = {one.account for one in told if one.kind == "missing_file"}
    kept = [one for one in found if not (one.kind == "forged_closing" and one.account in broken)]
    names = [one for account in view.accounts for one in _names(view, account, month)]
    return (*kept, *told, *names)


def book_side(view: BankView, entries: Sequence[data.Directive], month: Month) -> Side:
    """What the book has of the accounts."""
    closings = {a.account: to_fen(book_balance(entries, a.account, month.next.first_day)) for a in view.accounts}
    moves = tuple(_booked(name, row) for name, rows in view.rows.items() for row in rows)
    now = {name: sum(m.amount_fen for m in moves if m.account == name and month.contains(m.day)) for name in closings}
    openings = {name: closing - now[name] for name, closing in closings.items()}
    return Side(moves, openings, closings, view.cited)


def held_side(view: BankView, month: Month) -> Side:
    """What the bank's files say of the accounts; of one that no statement of the month speaks of, no balance."""
    moves, openings, closings = [], {}, {}
    digests = {file.path: file.sha256 for file in view.kept}
    reached = [month.last_day]
    for account in view.accounts:
        name = account.account
        reach = {path: _reach(path, statement) for path, statement in view.stored[name]}
        moves += [
            Movement(
                row.entry.ref, row.entry.date, to_fen(row.entry.amount), name, parse_account(name).fund,
                row.entry.text, row.entry.file, row.entry.line, digests[row.entry.file], row.entry.line,
                reach[row.entry.file],
            )
            for row in view.banks[name].rows
            if row.entry.date >= account.opened
        ]  # fmt: skip
        reached += reach.values()
        if covers(view.stored[name], month):
            bank = view.banks[name]
            openings[name] = _fen(bank.balance_at(month.first_day - timedelta(days=1)))
            closings[name] = _fen(bank.balance_at(month.last_day))
    return Side(tuple(moves), openings, closings, view.kept, max(reached))


def _booked(account: str, row: BookRow) -> Movement:
    entry = row.entry
    return Movement(
        entry.ref, entry.date, to_fen(entry.amount), account, parse_account(account).fund, entry.text, entry.file,
        entry.line, row.digest, row.source_row,
    )  # fmt: skip


def _reach(path: str, statement: Statement) -> date:
    """The last day a kept file speaks of: as it says, or else the end of the month under which it is kept."""
    if statement.period is not None:
        return statement.period[1]
    try:
        return Month.parse(path.split("/")[1]).last_day
    except ValueError:
        return date.max  # somebody's own folder, which says nothing


def _faults(view: BankView, account: KnownAccount, month: Month) -> list[Difference]:
    """Files of one account that contradict each other, shown where a row of the month does."""
    return [
        _difference(account, kind, entry.ref, entry.date, said, month)
        for kind, entry, said in view.banks[account.account].faults
        if month.contains(entry.date)
    ]


def _names(view: BankView, account: KnownAccount, month: Month) -> list[Difference]:
    """Rows of the month of which the book names another party than the bank."""
    book = [row for row in view.rows[account.account] if month.contains(row.entry.date)]
    bank = [row.entry for row in view.banks[account.account].rows if month.contains(row.entry.date)]
    pairs = match(bank, [row.entry for row in book])
    return [
        _difference(account, "renamed", entry.ref, entry.date, f"{said}（{entry.file} 第 {entry.line} 行）", month)
        for entry, said in named_otherwise(pairs, book, view.stored[account.account])
    ]


def _difference(account: KnownAccount, kind: Kind, ref: str, day: date, said: str, month: Month) -> Difference:
    return Difference(
        party="bank", kind=kind, fund=parse_account(account.account).fund, account=account.account, ref=ref, day=day,
        text=said, since=str(month),
    )  # fmt: skip


def _both_ways(amounts: Sequence[Decimal]) -> tuple[int, int]:
    """What came and what went, both positive, in fen."""
    came = sum((amount for amount in amounts if amount > 0), Decimal(0))
    return to_fen(came), to_fen(came - sum(amounts, Decimal(0)))


def _fen(amount: Decimal | None) -> int | None:
    return None if amount is None else to_fen(amount)
