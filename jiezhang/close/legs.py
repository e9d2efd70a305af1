"""One compound's leg with one party: the bank from its kept files, the others from the sheet they filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from beancount.core import data

from jiezhang.book.load import Ledger, office_of
from jiezhang.domain.booking import POSTED, is_opening
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.adjusting import adjusted
from jiezhang.domain.tri_party.comparing import compare_rows
from jiezhang.domain.tri_party.differences import Difference, Kind, Party, carried
from jiezhang.domain.tri_party.figures import AccountFigures, SealedFile
from jiezhang.domain.tri_party.sheet import PartySheet, SheetRow, asked_of, blank_sheet, leg_differences
from jiezhang.domain.tri_party.side import Side
from reports.legs import Column, Leg, LegAccount

from .bank_leg import BankView, bank_view, book_side, differences_of, figures_of, held_side
from .month_figures import papers_of
from .party_sheets import NO_FUND, audit_side, bank_side_of, community_side, statement_files

_FROM_CONFIRMATION: frozenset[Kind] = frozenset({"exception", "no_statement"})


@dataclass(frozen=True, slots=True)
class Asking:
    """What a leg is asked about: party and month, the day it is, the differences open after the month before, and the
    files sealed with it."""

    party: Party
    month: Month
    today: date | None = None
    before: tuple[Difference, ...] = ()
    sealed: tuple[SealedFile, ...] = ()


def leg_of(ledger: Ledger, asking: Asking, sheet: PartySheet | None) -> Leg:
    """The leg; only the bank's can be made without a sheet."""
    view = _view(ledger, asking)
    figures = figures_of(view, ledger.entries, asking.month)
    if asking.party == "bank":
        return _bank(ledger, asking, view, figures, sheet)
    assert sheet is not None, "only the bank's own files are kept"
    book = asked_of(side_for(ledger, asking, figures), sheet)
    found = leg_differences(asking.party, book, sheet, asking.month, asking.today)
    numbers = {one.account: one.number for one in figures}
    moved = {move.account for side in (book, sheet.side) for move in side.movements} - {NO_FUND}
    names = sorted({*book.closings, *moved})
    accounts = tuple(
        LegAccount(name, numbers.get(name, ""), _column(book, name, asking.month),
                   _column(sheet.side, name, asking.month))
        for name in names
    )  # fmt: skip
    return Leg(
        ledger.folder.code, asking.month, asking.party, accounts, _aged(asking, found),
        asked=len(sheet.asked), checked=sheet.checked,
    )  # fmt: skip


def blank_for(ledger: Ledger, asking: Asking) -> tuple[SheetRow, ...]:
    """The party's empty sheet for the whole month."""
    figures = figures_of(_view(ledger, asking), ledger.entries, asking.month)
    kind = "item" if asking.party in ("bank", "auditor") else "paper"
    return blank_sheet(side_for(ledger, asking, figures), asking.month, kind)  # type: ignore[arg-type]


def side_for(ledger: Ledger, asking: Asking, figures: Sequence[AccountFigures]) -> Side:
    """What the book has for the party: the auditor all vouchers of the month, the community its papers."""
    if asking.party == "bank":
        return bank_side_of(figures)
    files = statement_files(ledger.folder, ledger.entries, asking.month)
    if asking.party == "auditor":
        return audit_side(month_vouchers(ledger.entries, asking.month), figures, files)
    office = office_of(ledger)
    assert office is not None, "a register that can't be read is an error of the books"
    return community_side(papers_of(office, asking.month), figures, files)


def month_vouchers(entries: Sequence[data.Directive], month: Month) -> tuple[data.Transaction, ...]:
    """The posted vouchers of `month`."""
    return tuple(
        entry
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and month.contains(entry.date)
        and not is_opening(entry)
    )


def _view(ledger: Ledger, asking: Asking) -> BankView:
    sealed = {file.path: file.sha256 for file in asking.sealed if file.mode == "whole"}
    return bank_view(ledger.folder, ledger.entries, asking.month, sealed)


def _bank(
    ledger: Ledger, asking: Asking, view: BankView, figures: Sequence[AccountFigures], sheet: PartySheet | None
) -> Leg:
    """The bank's leg; its own confirmation, where it is given, says the closing balances."""
    month = asking.month
    book, held = book_side(view, ledger.entries, month), held_side(view, month)
    told: list[Difference] = []
    if sheet is not None:
        asked = asked_of(bank_side_of(figures), sheet)
        told = [
            one
            for one in leg_differences("bank", asked, sheet, month, asking.today)
            if one.kind in _FROM_CONFIRMATION
        ]
        held = replace(held, closings={**held.closings, **sheet.side.closings})
    compared = compare_rows("bank", book, held, month, asking.today)
    found = (*differences_of(view, compared.differences, month), *told)
    accounts = tuple(
        LegAccount(
            one.account, one.number, Column(one.opening_fen, one.came_fen, one.went_fen, one.closing_fen),
            Column(
                one.bank_opening_fen, one.bank_came_fen, one.bank_went_fen,
                held.closings.get(one.account, one.bank_closing_fen),
            ),
        )
        for one in figures
    )  # fmt: skip
    return Leg(
        ledger.folder.code, month, "bank", accounts, _aged(asking, found), adjusted(book, held, compared, month),
        len(sheet.asked) if sheet else 0, sheet.checked if sheet else 0,
    )  # fmt: skip


def _aged(asking: Asking, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """The differences under the ids they had, with their age."""
    before = tuple(one for one in asking.before if one.party == asking.party)
    return tuple(one for one in carried(tuple(found), before, asking.month) if not one.closed)


def _column(side: Side, account: str, month: Month) -> Column:
    moved = [one.amount_fen for one in side.movements if one.account == account and month.contains(one.day)]
    came = sum(fen for fen in moved if fen > 0)
    return Column(side.openings.get(account), came, came - sum(moved), side.closings.get(account))
