"""Keeping the books of a sample street's past months: the steps of the month, compound by compound, written once.

The steps are those an office takes, by the same pure functions (`plan_completions`, `plan_posting`, the fund's
vouchers), one month after the other; but between them the ledger stays in memory, and only what comes out at the end
goes through the gate and to the disk. Loading it anew for every step of every month would take most of the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from beancount.core import data

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.edit import Change, apply
from jiezhang.book.fund_files import batch_name, read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_unlocked, office_of
from jiezhang.book.office_files import chain_bytes, read_chain
from jiezhang.book.registers import read_contracts, read_street
from jiezhang.book.write import write_all
from jiezhang.close import fund_vouchers
from jiezhang.close.completing import plan_completions, waiting
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.making import changes_by, made_by
from jiezhang.close.posting import Sign, plan_links, plan_posting
from jiezhang.close.reviewing import plan_review
from jiezhang.domain.chain import CHAIN_FILE, Link
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion
from jiezhang.households.fund import FundFiles, replay_fund

from .parallel import Progress, run, silent
from .sample.fund_matters import Corrected, Distributed, Lost, Voucher
from .sample.fund_month import yield_basis
from .sample.plan import MAKER, POSTER, REVIEWER


@dataclass(frozen=True, slots=True)
class Papers:
    """What a person adds to a month's bank rows: the sheet's lines, batch files by name, vouchers without a row."""

    by_hand: tuple[Completion, ...]
    batches: Mapping[str, bytes]
    vouchers: tuple[Voucher, ...]


def keep_books(
    street: StreetFolder, papers: Mapping[str, Mapping[Month, Papers]], sign: Sign, progress: Progress = silent
) -> None:
    """Complete and post every month of `papers` (by compound), whose rows have been imported.

    `sign` is the poster's signature; it stands on the last link of each month.
    """
    city = read_street(street).city
    tasks = [(folder, papers[folder.code]) for folder in street.compounds()]
    run(partial(_keep, city=city, sign=sign), tasks, "补录过账", progress)


def _keep(task: tuple[CompoundFolder, Mapping[Month, Papers]], city: str, sign: Sign) -> None:
    folder, papers = task
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        batches = {batch_name(name): text for one in papers.values() for name, text in one.batches.items()}
        book = _Book(ledger, batches, sign)
        for month in sorted(papers):
            _month(book, month, papers[month])
        changes = {**batches, CHAIN_FILE: chain_bytes(folder, book.links), **book.contents()}
        try_changes(ledger, city, changes)
        write_all(folder.path, changes)


class _Book:
    """A ledger in memory. `entries` is as it would be loaded had everything been written so far."""

    def __init__(self, ledger: Ledger, batches: Mapping[str, bytes], sign: Sign) -> None:
        kept = read_fund_files(ledger.folder)
        self.folder = ledger.folder
        self.compound = ledger.compound.component
        self.contracts = {contract.code for contract in read_contracts(ledger.folder)}
        self.files = FundFiles(kept.register, {**kept.batches, **batches})
        self.office = office_of(ledger)
        self.entries: list[data.Directive] = list(ledger.entries)
        self.links: list[Link] = []
        self._sign = sign
        self._chain = list(read_chain(ledger.folder))
        self._changed: dict[int, tuple[data.Directive, data.Directive | None]] = {}
        self._origin: dict[int, data.Directive] = {}
        self._added: list[data.Directive] = []

    def change(self, changes: Iterable[Change]) -> None:
        new = {id(change.old): change.new for change in changes}
        for change in changes:
            origin = self._origin.pop(id(change.old), change.old)
            self._changed[id(origin)] = (origin, change.new)
            if change.new is not None:
                self._origin[id(change.new)] = origin
        kept = [new.get(id(entry), entry) for entry in self.entries]
        self.entries = [entry for entry in kept if entry is not None]

    def post(self, month: Month, alone: data.Transaction | None = None) -> None:
        """Review and post what is entered of `month`, or of it the voucher `alone`."""
        for change in (reviewed := plan_review(_only(self.entries, alone), month, REVIEWER)):
            alone = change.new if isinstance(change.new, data.Transaction) and alone is not None else alone
        self.change(reviewed)
        posting = plan_posting(_only(self.entries, alone), month, POSTER)
        self.change(posting)
        made = [change.new for change in posting if isinstance(change.new, data.Transaction)]
        self.links += plan_links([*self._chain, *self.links], made, self._sign)

    def add(self, voucher: data.Transaction) -> data.Transaction:
        """`voucher`, last of its day."""
        at = bisect_right(self.entries, voucher.date, key=lambda entry: entry.date)
        self.entries.insert(at, voucher)
        self._added.append(voucher)
        return voucher

    def contents(self) -> dict[str, bytes]:
        """The new contents of the month files."""
        added = {id(entry) for entry in self._added}
        changes = [Change(old, new) for key, (old, new) in self._changed.items() if key not in added]
        additions = [self._changed[id(entry)][1] for entry in self._added]
        return apply(self.folder, changes, [entry for entry in additions if entry is not None])


def _month(book: _Book, month: Month, papers: Papers) -> None:
    """What is owed from the first day on, then the bank's rows, then what needs the whole month's accounts."""
    for early in (True, False):
        for voucher in papers.vouchers:
            if early == isinstance(voucher, Lost):
                book.post(month, book.add(made_by(_made(book, voucher), MAKER)))
        if early:
            lines = list(enumerate(papers.by_hand, start=2))
            desk = FundDesk(_of_fund(book.entries), book.files, papers.batches)
            said = plan_completions(book.entries, lines, f"{month}.csv", book.contracts, desk, book.office)
            book.change(changes_by(said, MAKER))
            book.post(month)


def _made(book: _Book, voucher: Voucher) -> data.Transaction:
    entries = _of_fund(book.entries)
    about = (entries, book.files, book.compound, voucher.day)
    match voucher:
        case Lost(_, household):
            return fund_vouchers.loss(*about, household)
        case Corrected(_, booked_on, giver, taker, fen):
            wrong = _number_of(entries, booked_on, giver)
            return fund_vouchers.correction(
                *about, corrects=wrong, giver=giver, taker=taker, fen=fen
            )
        case Distributed(day):
            return fund_vouchers.distribution(*about, None, yield_basis(replay_fund(book.files, entries, day).state))


def _number_of(entries: Sequence[data.Directive], day: date, household: str) -> str:
    """The number of the voucher that gave `household` something on `day`."""
    return next(
        f"{Month.of(day)}/{entry.meta['voucher']}"
        for entry in entries
        if entry.date == day and entry.meta.get("household") == household and "voucher" in entry.meta
    )


def _of_fund(entries: Sequence[data.Directive]) -> list[data.Directive]:
    """The maintenance fund's transactions, all that its household ledger reads."""
    return [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and any(":W维修资金:" in posting.account for posting in entry.postings)
    ]


def _only(entries: Sequence[data.Directive], voucher: data.Transaction | None) -> Sequence[data.Directive]:
    """Without what waits but `voucher`, so that it alone is posted, and the rows that wait stay for later."""
    if voucher is None:
        return entries
    rest = {id(entry) for entry in waiting(entries)} - {id(voucher)}
    return [entry for entry in entries if id(entry) not in rest]
