"""Step 1, import: statements become waiting transactions, each row once, each closing balance asserted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.booking import bank_legs, entries_from_statement, row_key
from jiezhang.domain.money import show
from jiezhang.domain.problem import Refused
from jiezhang.domain.proposal import apply_proposal, propose
from jiezhang.domain.register import BookingRule, Contract
from jiezhang.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of one statement's rows."""

    source: str
    account: str
    rows: int
    new: int
    proposed: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do to one ledger."""

    additions: tuple[data.Directive, ...]
    changes: tuple[Change, ...]
    counts: tuple[FileCount, ...]


def plan_import(
    entries: Sequence[data.Directive],
    statements: Sequence[tuple[str, Statement]],
    contracts: Sequence[Contract],
    rules: Sequence[BookingRule],
) -> ImportPlan:
    """Which entries to add for `statements` (pairs of ledger account and statement), whatever order they come in.

    A row already in the ledger, or in an earlier statement of the same call, is not added again. `Refused` when an
    account's balance after the import is not the statement's: rows are missing in between.
    """
    state = _Accounts(entries)
    additions: list[data.Directive] = []
    changes: list[Change] = []
    counts = []
    for account, statement in sorted(statements, key=_order):
        fresh = [
            entry
            for entry in entries_from_statement(statement, account)
            if not isinstance(entry, data.Transaction) or state.is_new(entry)
        ]
        rows = [entry for entry in fresh if isinstance(entry, data.Transaction)]
        proposed = [_with_proposal(entry, contracts, rules) for entry in rows]
        state.add(rows)
        state.refuse_gap(account, statement, rows)
        closing = [entry for entry in fresh if isinstance(entry, data.Balance)]
        stale = state.replace_closing(closing, rows)
        changes += [Change(old, None) for old in stale.stored]
        overtaken = {id(entry) for entry in stale.added}
        additions = [entry for entry in additions if id(entry) not in overtaken]
        additions += proposed + stale.needed
        counts.append(
            FileCount(
                source=statement.source,
                account=account,
                rows=len(statement.rows),
                new=len(rows),
                proposed=sum("proposed-by" in entry.meta for entry in proposed),
            )
        )
    return ImportPlan(tuple(additions), tuple(changes), tuple(counts))


def _order(pair: tuple[str, Statement]) -> tuple[str, date, date, str]:
    account, statement = pair
    days = [row.date for row in statement.rows] or [date.min]
    return account, days[0], days[-1], statement.sha256


def _with_proposal(
    entry: data.Transaction, contracts: Sequence[Contract], rules: Sequence[BookingRule]
) -> data.Transaction:
    proposal = propose(entry, contracts, rules)
    return entry if proposal is None else apply_proposal(entry, proposal)


@dataclass(frozen=True, slots=True)
class _Stale:
    """Closing balances overtaken by later rows of the same day, and the ones now needed."""

    stored: list[data.Balance]
    added: list[data.Balance]
    needed: list[data.Directive]


class _Accounts:
    """What is known of each account while statements are taken in one after the other."""

    def __init__(self, entries: Sequence[data.Directive]) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._moves: defaultdict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        self._closings: defaultdict[str, dict[date, data.Balance]] = defaultdict(dict)
        self._stored: set[int] = set()
        for entry in entries:
            if isinstance(entry, data.Transaction):
                self._add(entry)
            elif isinstance(entry, data.Balance):
                self._closings[entry.account][entry.date] = entry
                self._stored.add(id(entry))

    def _add(self, entry: data.Transaction) -> None:
        self._keys.update(row_key(leg) for leg in bank_legs(entry))
        for posting in entry.postings:
            if posting.units is not None and posting.units.number is not None:
                self._moves[posting.account].append((entry.date, posting.units.number))

    def add(self, rows: Sequence[data.Transaction]) -> None:
        for entry in rows:
            self._add(entry)

    def is_new(self, entry: data.Transaction) -> bool:
        return all(row_key(leg) not in self._keys for leg in bank_legs(entry))

    def balance(self, account: str, before: date) -> Decimal:
        """Book balance at the start of day `before`."""
        return sum((number for day, number in self._moves[account] if day < before), Decimal("0.00"))

    def refuse_gap(self, account: str, statement: Statement, rows: Sequence[data.Transaction]) -> None:
        """`Refused` unless the book agrees with the statement after its last row."""
        last = statement.rows[-1] if statement.rows else None
        if not rows or last is None or last.balance is None:
            return
        day = last.date + timedelta(days=1)
        book = self.balance(account, day)
        if book != last.balance:
            raise Refused(
                f"“{account}”导入后 {last.date} 账面余额 {show(book)}，对账单余额 {show(last.balance)}："
                f"{statement.rows[0].date} 以前的对账单可能还没有导入，或账簿里有对账单没有的分录",
                statement.source,
                last.line,
            )

    def replace_closing(self, closing: Sequence[data.Balance], rows: Sequence[data.Transaction]) -> _Stale:
        """Drop closing balances whose last day got more rows; keep one closing balance for each account and day."""
        stored: list[data.Balance] = []
        added: list[data.Balance] = []
        needed: list[data.Directive] = []
        days = {(leg.account, entry.date) for entry in rows for leg in bank_legs(entry)}
        for account, day in days:
            old = self._closings[account].get(day + timedelta(days=1))
            if old is not None and old.amount.number != self.balance(account, old.date):
                (stored if id(old) in self._stored else added).append(old)
                del self._closings[account][old.date]
        for entry in closing:
            if entry.date not in self._closings[entry.account] and entry.amount.number == self.balance(
                entry.account, entry.date
            ):
                self._closings[entry.account][entry.date] = entry
                needed.append(entry)
        return _Stale(stored, added, needed)
