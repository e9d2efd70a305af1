"""Laying a month before the three parties: whether it is ready, and its figures.

Nothing that is laid before them may change afterwards: each step makes the figures anew and compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.load import Ledger, office_of
from jiezhang.book.sealed_files import changed_since, file_faults, sealed_files
from jiezhang.domain.applicable import stop_value
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.chain import Link
from jiezhang.domain.money import yuan
from jiezhang.domain.people import serves
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.differences import KIND_NAMES, LEGS, PARTY_NAMES, TOLERATED, Difference, carried
from jiezhang.domain.tri_party.figures import AccountFigures, KnownKey, KnownPerson, MonthFigures
from jiezhang.domain.tri_party.funds import fund_faults
from jiezhang.domain.tri_party.months import MonthFiles

from .bank_leg import bank_view, figures_of, view_differences
from .completing import waiting
from .month_figures import book_figures

REQUIRED = ("bank", "auditor", "community")
"""Whose signatures a month needs, unless a verified rule of the pack names fewer."""
SIGNED_BY = "seal.signed_by"
_MAY_CHANGE = "register/"


@dataclass(frozen=True, slots=True)
class Making:
    """What figures are made from: the loaded ledger, its street, the compound's secret; the months sealed so far and
    the chain of posted vouchers."""

    street: Street
    ledger: Ledger
    salt: bytes
    today: date
    months: MonthFiles
    chain: Sequence[Link]

    @property
    def folder(self) -> CompoundFolder:
        return self.ledger.folder


def making_from(street: Street, ledger: Ledger, salt: bytes, today: date) -> Making:
    """As the ledger's own folder has it now."""
    files = _office(ledger).files
    return Making(street, ledger, salt, today, files.months, files.chain)


def _office(ledger: Ledger) -> OfficeView:
    office = office_of(ledger)
    assert office is not None, "a register that can't be read is an error of the books"
    return office


def not_ready(making: Making, month: Month) -> list[str]:
    """Why `month` can't be laid before anybody yet, one sentence each."""
    ledger, months = making.ledger, making.months
    start = Month.of(ledger.compound.start)
    said = []
    if months.seal_of(month) is not None:
        return [f"{month} 已经封月"]
    if month < start:
        said.append(f"{month} 在建账的 {start} 之前")
    if making.today <= month.last_day:
        said.append(f"{month} 还没有过完，月末以后才能报送")
    if months.closed is not None and month != months.closed.next:
        said.append(f"上一个封月的是 {months.closed}，须按月依次封月")
    left = [entry for entry in waiting(ledger.entries) if entry.date <= month.last_day]
    if left:
        first = min(left, key=lambda entry: entry.date)
        said.append(f"还有 {len(left)} 笔没有过账，最早的是 {first.date}“{first.narration}”")
    unmade = {link.voucher for link in making.chain} - {_link_name(entry) for entry in ledger.entries}
    if unmade:
        said.append(f"凭证链上有 {len(unmade)} 张凭证不在账簿里")
    return said


def _link_name(entry: data.Directive) -> str:
    if not isinstance(entry, data.Transaction):
        return ""
    return "期初" if entry.meta.get("opening") is True else str(entry.meta.get("voucher", ""))


def required_parties(making: Making, month: Month) -> tuple[str, ...]:
    """Whose signatures the month needs: all three, or those that a verified rule of the pack names."""
    named = stop_value(_office(making.ledger).files.rules_on(month.last_day), SIGNED_BY, tuple) or REQUIRED
    return tuple(party for party in REQUIRED if party in named)


def make_figures(making: Making, month: Month) -> MonthFigures:
    """The figures of `month` as they are now; `Refused` when a sealed file was changed that nobody may change."""
    ledger, months = making.ledger, making.months
    sealed = {one.path: one.sha256 for one in months.last.figures.files} if months.last else {}
    view = bank_view(ledger.folder, ledger.entries, month, sealed)
    found = view_differences(view, ledger.entries, month, making.today)
    accounts = figures_of(view, ledger.entries, month)
    book = book_figures(ledger, month, accounts, making.salt, making.chain)
    return MonthFigures(
        street=making.street.name,
        compound=ledger.compound.code,
        name=ledger.compound.name,
        month=str(month),
        funds=book.funds,
        vouchers=book.vouchers,
        households=book.households,
        records=book.records,
        records_sha256=book.records_sha256,
        directives=book.directives,
        directives_sha256=book.directives_sha256,
        changes=book.changes,
        differences=carried(found, months.open_differences, month),
        late=book.late,
        papers=book.papers,
        changed=_changed(making),
        files=sealed_files(ledger.folder, month),
        people=known_people(making.street, ledger.compound.code),
        keys=known_keys(making),
        required=required_parties(making, month),
        previous=months.previous,
    )


def made_again(making: Making, figures: MonthFigures) -> MonthFigures:
    """`figures`, laid before the parties, made anew: the same as long as nothing of theirs has changed.

    The office goes on meanwhile: vouchers of the next month are posted, originals are attached, people are added. None
    of that is theirs; but what they named must all be there as it was.
    """
    month = figures.period
    size = figures.vouchers.tree_size
    made = make_figures(replace(making, chain=making.chain[:size]), month)
    faults = [*file_faults(making.folder, figures.files, month), *_missing(figures.people, made.people)]
    faults += _missing(figures.keys, made.keys)
    if faults:
        return made
    return made.model_copy(update={"files": figures.files, "people": figures.people, "keys": figures.keys})


def _missing(then: Sequence[object], now: Sequence[object]) -> list[object]:
    return [one for one in then if one not in now]


def known_people(street: Street, compound: str) -> tuple[KnownPerson, ...]:
    """Everybody who serves the compound, by id."""
    return tuple(
        KnownPerson(id=person.id, name=person.name, roles=person.roles, key=person.key)
        for person in sorted(street.people, key=lambda person: person.id)
        if serves(person, compound)
    )


def known_keys(making: Making) -> tuple[KnownKey, ...]:
    """The keys of the compound's seals, in the register's order."""
    return tuple(
        KnownKey(
            code=key.code, seal=key.seal, keeper=key.keeper, public=key.public, starts=key.starts, ended=key.ended
        )
        for _, key in _office(making.ledger).files.keys
    )


def _changed(making: Making) -> tuple[str, ...]:
    last = making.months.last
    if last is None:
        return ()
    changed = changed_since(making.folder, last.figures.files, last.month)
    for name in changed:
        if not name.startswith(_MAY_CHANGE):
            raise Refused(f"{last.month} 封月以后被改动过，须先恢复原样", f"{making.folder.path.name}/{name}")
    return changed


def figure_faults(figures: MonthFigures) -> list[str]:
    """Why these figures can't be signed by anybody, one sentence each."""
    said = [fault for fund in figures.funds for fault in fund_faults(fund)]
    accounts = [account for fund in figures.funds for account in fund.accounts]
    if accounts and all(account.bank_closing_fen is None and not account.bank_rows for account in accounts):
        said.append(f"{figures.month} 一份对账单也没有导入")
    timing = _timing(figures.differences)
    for fund in figures.funds:
        said += [fault for one in fund.accounts for fault in _account_fault(one, timing.get(one.account, 0))]
    return said + mistakes(figures.differences)


def mistakes(differences: Sequence[Difference]) -> list[str]:
    """Open differences that no explanation makes good, whoever found them: the books, or what the party says, must be
    put right. One sentence each."""
    return [
        f"{PARTY_NAMES[one.party]}核对：{KIND_NAMES[one.kind]}，{one.text}"
        for one in differences
        if not one.closed and one.kind not in TOLERATED
    ]


def _timing(differences: Sequence[Difference]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in differences:
        if one.kind == "timing" and one.party == "bank" and not one.closed:
            sums[one.account] = sums.get(one.account, 0) + one.amount_fen
    return sums


def _account_fault(one: AccountFigures, timing_fen: int) -> list[str]:
    """The bank's balance is the book's once what is on its way is counted, or the bank states none."""
    if one.bank_closing_fen is None or one.bank_closing_fen == one.closing_fen + timing_fen:
        return []
    short = one.account.split(":")[-1]
    return [f"{short} 银行余额 {yuan(one.bank_closing_fen)} 元，账面余额 {yuan(one.closing_fen)} 元，不符"]


def unexplained(differences: Sequence[Difference], explanations: Mapping[str, str]) -> list[str]:
    """Open differences that nobody explained; one sentence each."""
    return [
        f"{one.id} {PARTY_NAMES[one.party]}：{KIND_NAMES[one.kind]}还没有说明"
        for one in differences
        if not one.closed and not explanations.get(one.id, one.explanation)
    ]


def parties_named(parties: Sequence[str]) -> str:
    """`银行、社区`."""
    return "、".join(PARTY_NAMES[party] for party in LEGS if party in parties)
