"""The list of who bears a repair (分摊清册), for a voucher of the books or for a proposal that nobody has approved yet.

Sources: 165号令 2008 art. 20-21, 民法典 2021 art. 283. Amounts in fen, areas in 0.01 m². What a booked list says each
account paid is the change that the replay of the books made to it, not a second reckoning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jiezhang.domain.apportion import Payer
from jiezhang.domain.fund_register import Project
from jiezhang.domain.household_events import RepairApportioned, RepairDetailed
from jiezhang.domain.period import Month
from jiezhang.domain.problem import NotOnRegister, Refused
from jiezhang.domain.register import Compound, Street
from jiezhang.domain.roll import Roll
from jiezhang.domain.scope import Scope, parse_scope
from jiezhang.domain.shares import Column
from jiezhang.households.effects import proposed_repair
from jiezhang.households.fund import Booked, FundFiles, FundReplay, begin
from jiezhang.households.replay import apply
from jiezhang.households.state import Households, accrued

from .fund_paper import PAYERS, coverer_words, reading_order
from .issuer import Issuer, issuer_of

REPAIRS = (RepairApportioned, RepairDetailed)


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One line. `share_fen` is what falls on it; `short_fen` the part its account has not got, for others to cover.

    `before_fen` and `after_fen` are the account's balance, zero for those who pay in cash.
    """

    code: str
    building: str
    area_dm2: int
    public: bool
    payer: Payer
    share_fen: int
    before_fen: int
    short_fen: int
    covered_by: str = ""
    """Who pays what is short, a person's name masked; empty: nobody is named."""

    @property
    def in_cash(self) -> bool:
        return self.payer in ("developer", "housing_unit")

    @property
    def account_fen(self) -> int:
        """What the fund's account pays of it."""
        return 0 if self.in_cash else self.share_fen - self.short_fen

    @property
    def after_fen(self) -> int:
        return self.before_fen - self.account_fen


@dataclass(frozen=True, slots=True)
class ShareSum:
    """Lines added up, `name` what they have in common; `share_fen` = `account_fen` + `outside_fen`."""

    name: str
    households: int
    """Selling units' accounts are none."""
    area_dm2: int
    share_fen: int
    account_fen: int

    @property
    def outside_fen(self) -> int:
        """Paid beside the fund: by developers, and by who covers what accounts lack."""
        return self.share_fen - self.account_fen


@dataclass(frozen=True, slots=True)
class ApportionmentList:
    """The whole list; Σ shares = `total_fen`. `lines` are in reading order."""

    issuer: Issuer
    project: Project | None
    """`None` when the voucher names none that is registered."""
    scope: Scope | None
    """`None` when the shares were agreed otherwise and the voucher lists them."""
    day: date
    voucher: str
    """`2026-08 记-0036`; empty for a proposal."""
    total_fen: int
    lines: tuple[ShareLine, ...]

    @property
    def is_proposal(self) -> bool:
        return not self.voucher

    @property
    def whole(self) -> ShareSum:
        return _sum("合计", self.lines)

    @property
    def by_building(self) -> tuple[ShareSum, ...]:
        return _grouped(self.lines, lambda line: line.building)

    @property
    def by_payer(self) -> tuple[ShareSum, ...]:
        """Who bears it, in the order of `PAYERS`."""
        own = {one.name: one for one in _grouped(self.lines, lambda line: PAYERS[line.payer])}
        return tuple(own[name] for name in PAYERS.values() if name in own)

    @property
    def short(self) -> tuple[ShareLine, ...]:
        """Lines whose account has not got its share."""
        return tuple(line for line in self.lines if line.short_fen)

    @property
    def uncovered(self) -> tuple[ShareLine, ...]:
        """Those of `short` for whom nobody is named; with any, the proposal can't be approved."""
        return tuple(line for line in self.short if not line.covered_by)


def repair_voucher(replay: FundReplay, month: Month, number: str) -> Booked:
    """The event of repair voucher `number` (`记-0036`) of `month`. `Refused` when there is none."""
    for booked in replay.journal:
        entry = booked.entry
        if entry is not None and entry.meta.get("voucher") == number and month.contains(entry.date):
            if not isinstance(booked.event, REPAIRS):
                raise Refused(f"{month} 的凭证 {number} 不是维修支出，没有分摊清册")
            return booked
    raise Refused(f"{month} 没有维修资金的凭证 {number}")


def apportionment_of(
    files: FundFiles, replay: FundReplay, booked: Booked, *, street: Street, compound: Compound
) -> ApportionmentList:
    """The list of a repair in `replay.journal`, which was made from `files` (`repair_voucher` finds one)."""
    event, entry = booked.event, booked.entry
    assert isinstance(event, REPAIRS), "only a repair has a list"
    assert entry is not None, "a repair has a voucher"
    state = _before(files, replay, booked)
    if isinstance(event, RepairApportioned):
        scope, total = event.scope, event.total_fen
        lines = _proposed(state, scope, total, dict(event.covered_by))
    else:
        scope, total = None, int(-booked.change_fen.sum())
        lines = _detailed(state, booked.change_fen)
    paid = {str(state.roll.codes[row]): int(-booked.change_fen[row]) for row in np.flatnonzero(booked.change_fen)}
    assert {line.code: line.account_fen for line in lines if line.account_fen} == paid, "the list is not the books'"
    project = _registered(files, str(entry.meta.get("project", "")))
    number = f"{Month.of(entry.date)} {entry.meta.get('voucher', '（无号）')}"
    return _made(issuer_of(street, compound), project, scope, event.date, number, total, lines)


def proposed_apportionment(
    state: Households,
    project: Project,
    total_fen: int,
    covered: Mapping[str, str] | None = None,
    *,
    street: Street,
    compound: Compound,
) -> ApportionmentList:
    """How `project` would be shared if it cost `total_fen` and were paid on the day of `state`.

    `covered`: code → who pays what that account lacks. `Refused` as `apportion` says, and for a cover that is needless
    or of somebody who takes no part.
    """
    scope = parse_scope(project.scope)
    lines = _proposed(state, scope, total_fen, dict(covered or {}))
    return _made(issuer_of(street, compound), project, scope, state.as_of, "", total_fen, lines)


def _made(
    issuer: Issuer, project: Project | None, scope: Scope | None, day: date, voucher: str, total_fen: int,
    lines: Sequence[ShareLine],
) -> ApportionmentList:  # fmt: skip
    assert sum(line.share_fen for line in lines) == total_fen, "the shares are the total"
    ordered = tuple(sorted(lines, key=lambda line: reading_order(line.building, line.code)))
    return ApportionmentList(issuer, project, scope, day, voucher, total_fen, ordered)


def _before(files: FundFiles, replay: FundReplay, booked: Booked) -> Households:
    """Everybody's account when the event came: the journal holds exactly what was applied, in order."""
    state = begin(files.register)
    for earlier in replay.journal:
        if earlier is booked:
            return accrued(state, booked.event.date)
        state = apply(state, earlier.event)
    raise AssertionError("the event is not of this replay")


def _proposed(state: Households, scope: Scope, total_fen: int, covered: Mapping[str, str]) -> list[ShareLine]:
    proposal = proposed_repair(state, scope, total_fen)
    lines = [
        ShareLine(
            code=share.code,
            building=_building(state.roll, share.code),
            area_dm2=share.area_dm2,
            public=bool(state.roll.public[state.row(share.code)]),
            payer=share.payer,
            share_fen=share.share_fen,
            before_fen=share.before_fen,
            short_fen=share.short_fen,
            covered_by=coverer_words(covered.get(share.code, "")),
        )
        for share in proposal.lines()
    ]
    known = {line.code: line for line in lines}
    for code in covered:
        if code not in known:
            raise NotOnRegister(f"户 {code} 不在分摊范围里，不用别人垫付")
        if not known[code].short_fen:
            raise Refused(f"户 {code} 的余额足够分摊，不用别人垫付")
    return lines


def _detailed(state: Households, change_fen: Column) -> list[ShareLine]:
    roll = state.roll
    return [
        ShareLine(
            code=str(roll.codes[row]),
            building=roll.buildings[int(roll.building[row])],
            area_dm2=int(roll.area_dm2[row]),
            public=bool(roll.public[row]),
            payer="seller" if roll.seller[row] else "household",
            share_fen=int(-change_fen[row]),
            before_fen=int(state.balance_fen[row]),
            short_fen=0,
        )
        for row in np.flatnonzero(change_fen)
    ]


def _building(roll: Roll, code: str) -> str:
    return roll.buildings[int(roll.building[np.searchsorted(roll.codes, code)])]


def _registered(files: FundFiles, code: str) -> Project | None:
    return next((project for _, project in files.register.projects if project.code == code), None)


def _sum(name: str, lines: Sequence[ShareLine]) -> ShareSum:
    return ShareSum(
        name,
        sum(line.payer != "seller" for line in lines),
        sum(line.area_dm2 for line in lines),
        sum(line.share_fen for line in lines),
        sum(line.account_fen for line in lines),
    )


def _grouped(lines: Sequence[ShareLine], key: Callable[[ShareLine], str]) -> tuple[ShareSum, ...]:
    groups: dict[str, list[ShareLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return tuple(_sum(name, groups[name]) for name in sorted(groups, key=reading_order))
