"""One compound's fund as everybody's papers see it: loaded through the gate, replayed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.applicable import Applied, applicable, value_of
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.roll import LOST
from jiezhang.households.fund import FundFiles, FundReplay, replay_fund
from jiezhang.households.identity import Identity, identity
from jiezhang.households.line import below_line
from jiezhang.households.rules.view import VIEW_KEY, FundView
from reports.revenue_share import RevenueShare, revenue_share

from .checking import faults_of


@dataclass(frozen=True, slots=True, eq=False)
class FundOffice:
    """A compound's ledger, the files beside it, and the street it is of."""

    street: Street
    ledger: Ledger
    files: FundFiles

    def replay(self, until: date | None = None) -> FundReplay:
        """Everybody's account at the end of `until`; `Refused` for a day before the books."""
        start = self.ledger.compound.start
        if until is not None and until < start:
            raise Refused(f"{until} 在建账日 {start} 之前，没有分户账")
        known = _view(self.ledger).replayed
        if until is None and known is not None:
            return known
        return replay_fund(self.files, self.ledger.entries, until)

    def rules(self, on: date) -> list[Applied]:
        """The rules that apply to the compound on a day."""
        return applicable(read_packs(self.street.city), self.ledger.compound.kind, on)


def open_fund(street: StreetFolder, folder: CompoundFolder) -> FundOffice:
    """The fund of a compound; `Refused` when its books have errors or it has no register of households."""
    about = read_street(street)
    ledger = load_ledger(folder, about.city)
    _refuse_faults(ledger)
    files = _view(ledger).files
    if not files.register.dwellings:
        raise Refused("小区还没有户册，没有分户账", str(folder.register / "dwellings.csv"))
    return FundOffice(about, ledger, files)


def _view(ledger: Ledger) -> FundView:
    """What the rules of the fund looked at when the ledger was loaded; its books have no errors."""
    view = ledger.options[VIEW_KEY]
    assert isinstance(view, FundView), "a register that can't be read is an error of the books"
    return view


def _refuse_faults(ledger: Ledger) -> None:
    faults = faults_of(ledger)
    if faults:
        said = f"账簿有 {len(faults)} 处错误，改正以后才能编制：{faults[0].message}"
        raise Refused(said, faults[0].file, faults[0].line)


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The identity of one compound's fund on a day."""

    code: str
    name: str
    households: int
    below_line: int
    identity: Identity
    advance_fen: int
    """备用金 (1201), which the identity counts with the bank's money though no bank holds it."""


def fund_balances(
    street: StreetFolder, folders: Sequence[CompoundFolder], on: date | None = None
) -> list[FundBalance]:
    """The identity of every compound that has a register of households, at the end of `on`."""
    found = []
    for office in _offices(street, folders):
        state = office.replay(on).state
        standing = int(((state.status < LOST) & ~state.roll.seller).sum())
        below = below_line(state, line_percent(office.rules(on or state.as_of)))
        compound = office.ledger.compound
        advance = _advance(office.ledger.entries, state.as_of)
        found.append(FundBalance(compound.code, compound.name, standing, len(below), identity(state), advance))
    return found


def _advance(entries: Sequence[data.Directive], until: date) -> int:
    """What stands on 1201 at the end of a day, in fen."""
    return sum(
        to_fen(number)
        for entry in entries
        if isinstance(entry, data.Transaction) and entry.flag == POSTED and entry.date <= until
        for name, number in named_legs(entry)
        if name.fund_kind == "W" and name.subject.code == "1201"
    )


def revenue_shares(
    street: StreetFolder, folders: Sequence[CompoundFolder], on: date | None = None
) -> list[RevenueShare]:
    """What each compound's public revenue owes its fund, at the end of `on`, or of the books."""
    city = read_street(street).city
    found = []
    for folder in folders:
        ledger = load_ledger(folder, city)
        _refuse_faults(ledger)
        files = _view(ledger).files
        until = on or max(entry.date for entry in ledger.entries if isinstance(entry, data.Transaction))
        state = replay_fund(files, ledger.entries, until).state if files.register.dwellings else None
        compound = ledger.compound
        applied = applicable(read_packs(city), compound.kind, until)
        found.append(
            revenue_share(
                ledger.entries, applied, state, code=compound.code, name=compound.name, start=compound.start, on=until
            )
        )
    return found


def line_percent(applied: Sequence[Applied]) -> int:
    """The percentage of its first deposit below which an account has to be topped up (165号令 2008 art. 17)."""
    percent = value_of(applied, "fund.renew_below_percent", Decimal)
    return int(percent) if percent is not None else 30


def keeps_households(folder: CompoundFolder) -> bool:
    """Whether a compound has households, or ought to: batch files are of somebody."""
    return bool(read_fund_files(folder).register.dwellings) or (folder.path / "batches").exists()


def _offices(street: StreetFolder, folders: Sequence[CompoundFolder]) -> Iterator[FundOffice]:
    """Those that keep a fund by household."""
    for folder in folders:
        if keeps_households(folder):
            yield open_fund(street, folder)
