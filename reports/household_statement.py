"""The household statement (分户对账单): what one account had, what came in, what went out, what is left, and why.

165号令 2008 art. 30: each 分户账's deposits, use, yields and balance are published at least once a year, and an owner
may ask for a 复核. The identity that always holds, in fen:

    opening + deposits + yields − repairs + other = opening + in − out = closing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from beancount.core import data

from jiezhang.domain.household_events import Opening
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Street
from jiezhang.domain.roll import LOST, Roll, rows_of
from jiezhang.domain.shares import Column
from jiezhang.households.fund import Booked, FundFiles, begin
from jiezhang.households.replay import apply
from jiezhang.households.state import Households, accrued

from .fund_paper import reading_order
from .household_account import (
    RENEW_LINE_PERCENT,
    Home,
    RenewLine,
    homes_of,
    proven_replay,
    renew_lines,
    waiting_vouchers,
)
from .household_lines import LineKind, StatementLine, tell
from .issuer import Issuer, issuer_of

__all__ = ["HouseholdStatement", "StatementLine", "household_statements"]


@dataclass(frozen=True, slots=True)
class HouseholdStatement:
    """One account from `first` to `last`, both days counted. All amounts in fen."""

    issuer: Issuer
    home: Home
    first: date
    """Not before the first day of the books."""
    last: date
    first_deposit_fen: int
    """What the 30 % line is measured by, at the end of `last`."""
    opening_fen: int
    """Before the first voucher of `first`; a compound's opening balances (期初余额) count as before."""
    lines: tuple[StatementLine, ...]
    line: RenewLine
    waiting: int
    """Vouchers of the whole compound's fund not posted by `last`, which no household's account has yet."""
    code: str = ""
    """What the QR code to check the balance with says: an address, # and the proof. Empty: nothing to scan."""

    @property
    def in_fen(self) -> int:
        return sum(line.in_fen for line in self.lines)

    @property
    def out_fen(self) -> int:
        return sum(line.out_fen for line in self.lines)

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.in_fen - self.out_fen

    @property
    def deposits_fen(self) -> int:
        """交存, less what was paid back, and what was taken over from the fund's keeper before (接管转入)."""
        return self._sum("deposit") + self._sum("received")

    @property
    def yields_fen(self) -> int:
        return self._sum("yield")

    @property
    def spent_fen(self) -> int:
        """What repairs took; positive."""
        return -self._sum("repair")

    @property
    def other_fen(self) -> int:
        """Corrections, splits, merges, losses, signed."""
        return self._sum("other") + self._sum("moved") + self._sum("lost")

    def came_fen(self, kind: LineKind) -> int:
        """What lines of one kind brought in."""
        return sum(line.in_fen for line in self.lines if line.kind == kind)

    def went_fen(self, kind: LineKind) -> int:
        """What lines of one kind took out; positive."""
        return sum(line.out_fen for line in self.lines if line.kind == kind)

    def _sum(self, kind: LineKind) -> int:
        return self.came_fen(kind) - self.went_fen(kind)


def household_statements(
    files: FundFiles,
    entries: Iterable[data.Directive],
    *,
    street: Street,
    compound: Compound,
    first: date,
    last: date,
    codes: Sequence[str] | None = None,
    line_percent: int = RENEW_LINE_PERCENT,
    proofs: Mapping[str, str] | None = None,
) -> list[HouseholdStatement]:
    """The statements of the accounts `codes`, in that order; of all by default, selling units' too.

    All come by building, stair and room, without accounts that were closed, or not yet opened, through the whole time.
    `proofs`: the text of the code to scan by household; who is not in it gets none. `Refused` when the ledger of
    households has a fault, when a code is unknown, or the days are wrong.
    """
    if first > last:
        raise Refused(f"起始日期 {first} 晚于截止日期 {last}")
    directives = list(entries)
    replay = proven_replay(files, directives, compound, last)
    state, first = replay.state, max(first, files.register.start)
    wanted = None if codes is None else rows_of(state.roll, codes).tolist()
    account = _accounts(files, replay.journal, first, wanted)
    if wanted is None:
        open_ = state.status < LOST
        wanted = [row for row in _in_reading_order(state.roll) if open_[row] or row in account.lines]
    issuer, waiting = issuer_of(street, compound), waiting_vouchers(directives, last)
    homes = homes_of(files.register, state, wanted, last)
    made = [
        HouseholdStatement(
            issuer, home, first, last, int(state.first_deposit_fen[row]), int(account.opening_fen[row]),
            tuple(account.lines.get(row, ())), line, waiting, (proofs or {}).get(home.code, ""),
        )
        for row, home, line in zip(wanted, homes, renew_lines(state, wanted, line_percent), strict=True)
    ]
    for row, statement in zip(wanted, made, strict=True):
        assert statement.closing_fen == int(state.balance_fen[row]), f"{statement.home.code} does not tie"
    return made


def _in_reading_order(roll: Roll) -> list[int]:
    codes, places = roll.codes.tolist(), roll.building.tolist()
    return sorted(range(len(roll)), key=lambda row: reading_order(roll.buildings[places[row]], codes[row]))


@dataclass(frozen=True, slots=True, eq=False)
class _Accounts:
    opening_fen: Column
    lines: dict[int, list[StatementLine]]


def _accounts(files: FundFiles, journal: Iterable[Booked], first: date, wanted: Sequence[int] | None) -> _Accounts:
    """Opening balances and lines by row. The journal is walked once, each event with the accounts as it met them."""
    projects = {project.code: project.name for _, project in files.register.projects}
    state = begin(files.register)
    opening = np.zeros(len(state.roll), dtype=np.int64)
    lines: defaultdict[int, list[StatementLine]] = defaultdict(list)
    chosen = None if wanted is None else frozenset(wanted)
    for booked in journal:
        before, state = state, apply(state, booked.event)
        if booked.event.date < first or isinstance(booked.event, Opening):
            opening += booked.change_fen
            continue
        for row, line in _lines(booked, before, state, projects, chosen):
            lines[row].append(line)
    return _Accounts(opening, dict(lines))


def _lines(
    booked: Booked, before: Households, after: Households, projects: dict[str, str], chosen: frozenset[int] | None
) -> Iterable[tuple[int, StatementLine]]:
    event = booked.event
    told = tell(booked, accrued(before, event.date), projects)
    if told is None:
        assert not booked.change_fen.any(), f"{type(event).__name__} moved a household and is not told"
        return
    voucher = str(booked.entry.meta.get("voucher", "")) if booked.entry else ""
    change, balance = booked.change_fen.tolist(), after.balance_fen.tolist()
    touched = {*np.flatnonzero(booked.change_fen).tolist(), *told.rows}
    for row in sorted(touched if chosen is None else touched & chosen):
        yield row, StatementLine(
            event.date, told.kind, told.what, told.how(row), voucher, change[row], balance[row]
        )
