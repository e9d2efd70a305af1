"""Step 1, import: statements become waiting transactions, each row once, each closing balance asserted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import entries_from_statement
from jiezhang.domain.proposal import apply_proposal, propose
from jiezhang.domain.register import BookingRule, Contract
from jiezhang.domain.statement import Statement, balances_after

from .booked import Booked
from .citing import Citing
from .completing import NO_FUND
from .fund_desk import FundDesk
from .fund_legs import known_household


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
    desk: FundDesk = NO_FUND,
    office: OfficeView | None = None,
) -> ImportPlan:
    """Which entries to add for `statements` (pairs of ledger account and statement), whatever order they come in.

    A row already in the ledger, or in an earlier statement of the same call, is not added again. `Refused` when the
    statement and the book do not agree at the end of every day the statement speaks of, or a row is there twice.
    A payment that a rule knows is only proposed where a standing rule of `office` allows it.
    """
    booked, citing = Booked(entries), Citing(office, entries)
    additions: list[data.Directive] = []
    changes: list[Change] = []
    counts = []
    for account, statement in sorted(statements, key=_order):
        made = entries_from_statement(statement, account)
        fresh = booked.take(account, statement, [entry for entry in made if isinstance(entry, data.Transaction)])
        proposed = [
            known_household(_with_proposal(entry, contracts, rules, citing), entry.narration or "", desk)
            for entry in fresh
        ]
        stale = booked.close(account, statement, [entry for entry in made if isinstance(entry, data.Balance)])
        changes += [Change(old, None) for old in stale.stored]
        overtaken = {id(entry) for entry in stale.added}
        additions = [entry for entry in additions if id(entry) not in overtaken]
        additions += [*proposed, *stale.needed]
        counts.append(
            FileCount(
                source=statement.source,
                account=account,
                rows=len(statement.rows),
                new=len(fresh),
                proposed=sum("proposed-by" in entry.meta for entry in proposed),
            )
        )
    return ImportPlan(tuple(additions), tuple(changes), tuple(counts))


def _order(pair: tuple[str, Statement]) -> tuple[str, date, bool, date, str]:
    """By account and day; of files that begin together, those with balances first, for they can be checked."""
    account, statement = pair
    days = [row.date for row in statement.rows] or [date.min]
    has_balance = None not in balances_after(statement)
    return account, days[0], not has_balance, days[-1], statement.sha256


def _with_proposal(
    entry: data.Transaction, contracts: Sequence[Contract], rules: Sequence[BookingRule], citing: Citing
) -> data.Transaction:
    proposal = propose(entry, contracts, rules)
    if proposal is None:
        return entry
    return citing.proposed(apply_proposal(entry, proposal)) or entry
