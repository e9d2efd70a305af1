"""Party sheets (对账回单) for auditor, community, owners and bank: made from the books, written, read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.registers import read_filled, table_bytes
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.corrections import REF_KEY, voucher_name
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.figures import AccountFigures, Paper
from jiezhang.domain.tri_party.sheet import PartySheet, SheetRow, sheet_of
from jiezhang.domain.tri_party.side import HeldFile, Movement, Side

from .bank_files import kept_files
from .directory import known_accounts

NO_FUND = "-"
"""Under which papers stand that are of no fund: records of resolutions."""

_BOM = b"\xef\xbb\xbf"
"""By which Excel knows that a CSV file is UTF-8."""


def statement_files(
    folder: CompoundFolder, entries: Sequence[data.Directive], month: Month
) -> tuple[HeldFile, ...]:
    """The bank's files kept under `month`."""
    kept = kept_files(folder, known_accounts(folder.code, entries)).files
    return tuple(file for file in kept if file.path.split("/")[1:2] == [str(month)])


def audit_side(
    vouchers: Sequence[data.Transaction], accounts: Sequence[AccountFigures], files: Sequence[HeldFile] = ()
) -> Side:
    """What the book has for an auditor: each bank leg of `vouchers`, or of one without any its first posting."""
    legs = [leg for entry in vouchers for leg in _legs(entry)]
    return Side(tuple(legs), *_balances(accounts), tuple(files))


def community_side(
    papers: Sequence[Paper], accounts: Sequence[AccountFigures], files: Sequence[HeldFile] = ()
) -> Side:
    """What the book has for a community: payments, records and publications under their fund."""
    moves = [
        Movement(one.ref, one.day, one.amount_fen, one.fund or NO_FUND, one.fund or NO_FUND, one.text) for one in papers
    ]
    return Side(tuple(moves), *_balances(accounts), tuple(files))


def bank_side_of(accounts: Sequence[AccountFigures]) -> Side:
    """What the book has for the bank's confirmation (询证回函): balances."""
    return Side((), *_balances(accounts), ())


def sheet_bytes(rows: Sequence[SheetRow]) -> bytes:
    """A sheet as a CSV file that Excel opens rightly."""
    return _BOM + table_bytes(rows, SheetRow)


def read_sheet(path: Path, month: Month) -> PartySheet:
    """A sheet that was filled in, as Excel saves it: CSV in UTF-8 or GB18030, or Unicode text (UTF-16, tabs).

    `Refused` with the line that can't be used.
    """
    return sheet_of(read_filled(path, SheetRow), path.name, month)


def _balances(accounts: Sequence[AccountFigures]) -> tuple[Mapping[str, int | None], Mapping[str, int | None]]:
    return {one.account: one.opening_fen for one in accounts}, {one.account: one.closing_fen for one in accounts}


def _legs(entry: data.Transaction) -> Iterator[Movement]:
    """The voucher's legs on dedicated accounts, named by the voucher's number; numbered where one has several."""
    banked = bank_legs(entry) or [leg for leg in entry.postings if leg.meta and REF_KEY in leg.meta]
    name = voucher_name(entry)
    text = " ".join(filter(None, (entry.payee, entry.narration)))
    file = Path(str(entry.meta.get("filename", ""))).name
    seen: Counter[str] = Counter()
    for leg in banked or entry.postings[:1]:
        if leg.units is None or leg.units.number is None:
            continue
        seen[leg.account] += 1
        ref = name if seen[leg.account] == 1 else f"{name}#{seen[leg.account]}"
        fund = parse_account(leg.account).fund
        line = int(entry.meta.get("lineno", 0))
        yield Movement(ref, entry.date, to_fen(leg.units.number), leg.account, fund, text, file, line)
