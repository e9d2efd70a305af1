"""Where a compound stands, made from its loaded ledger: the value behind every desk and the street's board."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.load import Ledger, load_ledger, office_of
from jiezhang.close.directory import known_accounts
from jiezhang.close.reconciling import kept_paths, read_files, reconcile_account
from jiezhang.close.reviewing import State, kept_apart, state_of
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.approval.spending import RESOLUTION_KEY
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED, is_opening, named_legs
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Reconciliation, worst
from jiezhang.domain.tri_party.months import MonthFiles

from .asking import read_questions
from .checking import faults_of
from .posting import posted_months, read_postings
from .standing_parties import open_differences, party_words
from .standing_steps import steps_of, under_way
from .standing_value import CompoundStanding, Flow, FundBalance, MonthStanding, Pile, QuestionStanding

MONTHS_SHOWN = 3
"""The newest months are looked at whether anything waits in them or not."""
FLOW_MONTHS = 12


def compound_standing(folder: CompoundFolder, city: str) -> CompoundStanding:
    """Load the ledger of `folder` and say where it stands; `Refused` when the gate does not let it load."""
    ledger = load_ledger(folder, city)
    standing = standing_of(ledger, reconciled(ledger, months_with_work(ledger)))
    return standing.model_copy(update={"questions": _questions(folder), "published": _published(folder)})


def _published(folder: CompoundFolder) -> tuple[Month, ...]:
    """None where the file can't be read, which the check says."""
    try:
        return posted_months(read_postings(folder))
    except Refused:
        return ()


def _questions(folder: CompoundFolder) -> tuple[QuestionStanding, ...]:
    """Those not closed; none where the file can't be read, which the check says."""
    try:
        found = read_questions(folder).values()
    except Refused:
        return ()
    return tuple(
        QuestionStanding(
            code=one.code, about=one.first.about, asker=one.asker, state=one.state, since=one.since, due=one.due
        )
        for one in found
        if one.state != "closed"
    )


def months_with_work(ledger: Ledger) -> list[Month]:
    """The newest months with vouchers or statements, those with something unposted or before the parties, and the one
    to be closed next; oldest first."""
    transactions = [one for one in ledger.entries if isinstance(one, data.Transaction) and not is_opening(one)]
    months = _files(ledger)
    kept = {path.parent.name for path in kept_paths(ledger.folder)}
    seen = {Month.of(one.date) for one in transactions} | {month for name in kept if (month := _month(name))}
    unposted = {Month.of(one.date) for one in transactions if one.flag != POSTED}
    presented = {Month.parse(name) for name in months.presented}
    following = months.closed.next if months.closed else Month.of(ledger.compound.start)
    return sorted({*sorted(seen)[-MONTHS_SHOWN:], *unposted, *presented, following})


def reconciled(ledger: Ledger, months: Sequence[Month]) -> dict[Month, list[Reconciliation]]:
    """As `close.reconciling.reconcile` for each of `months`, oldest first, with each kept file read once."""
    folder, known = ledger.folder, known_accounts(ledger.folder.code, ledger.entries)
    stored, unread = read_files(folder, known, kept_paths(folder, months[0]))
    found = {}
    for month in months:
        names = {path.relative_to(folder.path).as_posix() for path in kept_paths(folder, month)}
        warnings = [f"{one.path}：{one.message}" for one in unread if one.path in names]
        found[month] = [
            reconcile_account(
                ledger.entries,
                one.account,
                [kept for kept in stored[one.account] if kept[0] in names],
                month,
                warnings,
            )
            for one in known
            if one.opened <= month.last_day
        ]
    return found


def standing_of(ledger: Ledger, reconciliations: Mapping[Month, Sequence[Reconciliation]]) -> CompoundStanding:
    """Where the compound of a loaded ledger stands; its months are those of `reconciliations`."""
    office, faults = office_of(ledger), faults_of(ledger)
    transactions = [one for one in ledger.entries if isinstance(one, data.Transaction) and not is_opening(one)]
    by_month: defaultdict[Month, list[data.Transaction]] = defaultdict(list)
    for one in transactions:
        by_month[Month.of(one.date)].append(one)
    deciders = _deciders(office) if office is not None else {}
    return CompoundStanding(
        code=ledger.compound.code,
        name=ledger.compound.name,
        community=ledger.compound.community,
        start=Month.of(ledger.compound.start),
        closed=_files(ledger).closed,
        months=tuple(
            _month_standing(month, by_month[month], reconciliations[month], deciders, office)
            for month in sorted(reconciliations, reverse=True)
        ),
        faults=len(faults),
        fault=faults[0].message if faults else "",
        resolutions=len(under_way(office)) if office is not None else 0,
        steps=steps_of(office) if office is not None else (),
        balances=_balances(ledger.entries),
        flows=_flows(transactions),
    )


def _files(ledger: Ledger) -> MonthFiles:
    office = office_of(ledger)
    return office.files.months if office is not None else MonthFiles()


def _month(name: str) -> Month | None:
    try:
        return Month.parse(name)
    except ValueError:
        return None  # a folder that import did not make


def _month_standing(
    month: Month,
    entries: Sequence[data.Transaction],
    reconciliations: Sequence[Reconciliation],
    deciders: Mapping[str, frozenset[str]],
    office: OfficeView | None,
) -> MonthStanding:
    states: defaultdict[State, list[data.Transaction]] = defaultdict(list)
    for entry in entries:
        states[state_of(entry)].append(entry)
    months = office.files.months if office is not None else MonthFiles()
    closed, presented = months.seal_of(month) is not None, months.presented.get(str(month))
    return MonthStanding(
        month=month,
        waiting=_piles(states["waiting"], "waiting", {}),
        entered=_piles(states["entered"], "entered", deciders),
        reviewed=_piles(states["reviewed"], "reviewed", deciders),
        posted=len(states["posted"]),
        accounts=len(reconciliations),
        unstated=tuple(one.account for one in reconciliations if not one.is_covered),
        verdict=worst(one.verdict for one in reconciliations),
        state="closed" if closed else "presented" if presented is not None else "open",
        parties=party_words(presented, office.files.people) if office is not None and presented is not None else (),
        differences=open_differences(months, month, office.files.people) if office is not None else 0,
    )


def _piles(
    entries: Sequence[data.Transaction], state: State, deciders: Mapping[str, frozenset[str]]
) -> tuple[Pile, ...]:
    """Who had the part before, who has the money, and who decided on a payment, is kept from the next step."""
    apart = [_apart(entry, state, deciders) for entry in entries]
    counted = Counter(apart)
    oldest: dict[tuple[str, ...], date] = {}
    for entry, people in zip(entries, apart, strict=True):
        oldest[people] = min(entry.date, oldest.get(people, entry.date))
    return tuple(Pile(count=counted[people], oldest=oldest[people], apart=people) for people in sorted(counted))


def _apart(entry: data.Transaction, state: State, deciders: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    own = set(kept_apart(entry, state))
    return tuple(sorted(own | deciders.get(str(entry.meta.get(RESOLUTION_KEY, "")), frozenset())))


def _deciders(office: OfficeView) -> dict[str, frozenset[str]]:
    """By resolution, who signed a step of it or keeps a seal that is on it."""
    keepers = {key.code: key.keeper for _, key in office.files.keys}
    return {
        code: frozenset(path.hats)
        | {keepers[one.record.key] for one in path.records if one.kind == "seal" and one.record.key in keepers}
        for code, path in office.paths.items()
    }


def _balances(entries: Iterable[data.Directive]) -> tuple[FundBalance, ...]:
    moved: defaultdict[str, defaultdict[Month, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for entry in entries:
        if isinstance(entry, data.Transaction) and entry.flag == POSTED:
            for name, number in named_legs(entry):
                if name.root == "Assets":
                    moved[name.fund][Month.of(entry.date)] += number
        elif isinstance(entry, data.Open) and (fund := _fund_of(entry.account)):
            moved.setdefault(fund, defaultdict(lambda: ZERO))  # no money yet: it holds nothing, which is said
    return tuple(
        FundBalance(
            fund=fund,
            balance_fen=_fen(sum(months.values(), ZERO)),
            changes=tuple((month, fen) for month in sorted(months) if (fen := _fen(months[month]))),
        )
        for fund, months in sorted(moved.items())
    )


def _fund_of(account: str) -> str:
    """The fund of a dedicated account; empty for any other."""
    try:
        name = parse_account(account)
    except ValueError:
        return ""  # account_names reports it
    return name.fund if name.has_statement else ""


def _flows(transactions: Iterable[data.Transaction]) -> tuple[Flow, ...]:
    income: defaultdict[tuple[Month, str], Decimal] = defaultdict(lambda: ZERO)
    expense: defaultdict[tuple[Month, str], Decimal] = defaultdict(lambda: ZERO)
    for entry in transactions:
        if entry.flag == POSTED:
            for name, number in named_legs(entry):
                if name.root == "Income":
                    income[Month.of(entry.date), name.fund_kind] -= number
                elif name.root == "Expenses":
                    expense[Month.of(entry.date), name.fund_kind] += number
    keys = sorted({*income, *expense})
    newest = sorted({month for month, _ in keys})[-FLOW_MONTHS:]
    return tuple(
        Flow(month=key[0], fund=key[1], income_fen=_fen(income[key]), expense_fen=_fen(expense[key]))
        for key in keys
        if key[0] in newest
    )


def _fen(amount: Decimal) -> int:
    """In fen; what is not exact is a mistake in the book, which is told, and no reason to show nothing."""
    return int(amount.scaleb(2).to_integral_value(ROUND_HALF_EVEN))
