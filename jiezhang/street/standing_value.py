"""Where a compound stands (小区近况), as a value: all that desks and the street's board show of it without its ledger.

Nothing in it depends on the day it is looked at: lateness is asked for with the day, so that a value stays true until
one of the compound's files changes. It is for display; whoever acts does so on the books themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from jiezhang.domain.canonical import Value
from jiezhang.domain.period import Month
from jiezhang.domain.questions import State as QuestionState
from jiezhang.domain.reconciliation import Verdict
from jiezhang.domain.tri_party.differences import Party

from .board import CLOSE_BY_DAY, POSTING_DAY, State

SCHEMA = 5
"""Goes up by one with every change of these values, or of what they mean: what was kept before is made anew."""

StepState = Literal["next", "owed", "payment"]
"""The first step not done; one that is owed after the payment; seals on one payment."""


class Pile(Value):
    """Vouchers or rows that wait for the same step, from which the same people (`apart`) are kept."""

    count: int
    oldest: date
    apart: tuple[str, ...] = ()


class PartyWord(Value):
    """What a party did with a presented month. `is_in`: its part is done; `persons` have signed, or refused; `banks`
    have not yet spoken of an account of theirs; `waits`: why it can't agree before somebody else has."""

    party: Party
    word: str
    persons: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    is_in: bool = False
    is_required: bool = True
    has_refused: bool = False
    waits: str = ""


class MonthStanding(Value):
    """One month. `accounts` are all dedicated ones open by then, `unstated` those without a statement for it."""

    month: Month
    waiting: tuple[Pile, ...] = ()
    entered: tuple[Pile, ...] = ()
    reviewed: tuple[Pile, ...] = ()
    posted: int = 0
    accounts: int = 0
    unstated: tuple[str, ...] = ()
    verdict: Verdict = "unchecked"
    state: State = "open"
    parties: tuple[PartyWord, ...] = ()
    differences: int = 0
    """How many are open."""

    @property
    def unposted(self) -> int:
        """Everything of the month that is not posted yet."""
        return count(self.waiting) + count(self.entered) + count(self.reviewed)

    @property
    def missing(self) -> tuple[Party, ...]:
        """The required parties that are not in, while the month is before them."""
        if self.state != "presented":
            return ()
        return tuple(one.party for one in self.parties if one.is_required and not one.is_in)


class StepStanding(Value):
    """What a resolution waits for. `roles`: any of these may take it; `seals` are still to be set, `keepers` have their
    keys. `after`: the last day of a publication before it; `ends`: the resolution's own last day."""

    resolution: str
    title: str
    state: StepState
    kind: str
    step: str
    name: str
    roles: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    due: date | None = None
    after: date | None = None
    ends: date | None = None
    objections: int = 0
    """How many objections of owners are not answered, which stop it."""

    def is_ready(self, today: date) -> bool:
        """Whether it can be taken on `today`: nothing hangs before it, no objection is open, it is not over."""
        if self.objections or (self.after is not None and today <= self.after):
            return False
        return self.state == "owed" or self.ends is None or today <= self.ends

    def days_late(self, today: date) -> int:
        """How many days after its last day `today` is; 0 where it is in time, or has none."""
        return max(0, (today - self.due).days) if self.due is not None else 0


class QuestionStanding(Value):
    """A question that is not closed. `since`: since when it waits for whoever is next; `due`: the last day for the
    office's answer."""

    code: str
    about: str
    asker: str
    state: QuestionState
    since: date
    due: date


class FundBalance(Value):
    """What a fund (`G公共收益`) holds by its posted vouchers: money, bonds, advances. `changes`: by how much in each
    month, oldest first."""

    fund: str
    balance_fen: int
    changes: tuple[tuple[Month, int], ...] = ()

    def at_end_of(self, month: Month) -> int:
        """What it held at the end of `month`."""
        return self.balance_fen - sum(fen for changed, fen in self.changes if changed > month)


class Flow(Value):
    """One fund's (its letter's) posted income and expense of one month."""

    month: Month
    fund: str
    income_fen: int
    expense_fen: int


class CompoundStanding(Value):
    """Where one compound stands. `months` are those with work, newest first; `closed` is the last one closed."""

    code: str
    name: str
    community: str
    start: Month
    closed: Month | None = None
    months: tuple[MonthStanding, ...] = ()
    faults: int = 0
    fault: str = ""
    """The first sentence."""
    resolutions: int = 0
    """How many are under way."""
    steps: tuple[StepStanding, ...] = ()
    questions: tuple[QuestionStanding, ...] = ()
    published: tuple[Month, ...] = ()
    """The months whose public statement somebody has recorded to hang on the notice board."""
    balances: tuple[FundBalance, ...] = ()
    flows: tuple[Flow, ...] = ()
    """Of the newest twelve months that have any, oldest first."""

    @property
    def first_open(self) -> Month:
        """The month that is closed next."""
        return self.closed.next if self.closed is not None else self.start

    def month(self, month: Month) -> MonthStanding | None:
        """What is known of `month`; `None` where nothing was to be done in it."""
        return next((one for one in self.months if one.month == month), None)

    def state_of(self, month: Month) -> State:
        """Closed, before the parties, or open."""
        if self.closed is not None and month <= self.closed:
            return "closed"
        found = self.month(month)
        return found.state if found is not None else "open"

    def days_late(self, today: date) -> int:
        """How many days after its due day the oldest month that is not closed is; 0 when it is in time."""
        return max(0, (today - due_day(self.first_open)).days)

    def is_unpublished(self, month: Month, today: date) -> bool:
        """Whether the public statement of `month` is there to be hung up, and nobody recorded that it was."""
        if month in self.published or month < self.start or today <= month.last_day:
            return False
        if self.closed is not None and month <= self.closed:
            return True
        found = self.month(month)
        return found is not None and found.posted > 0 and not found.unposted

    @property
    def unposted(self) -> int:
        """Rows and vouchers of every month that are not posted yet."""
        return sum(one.unposted for one in self.months)


def count(piles: Sequence[Pile], person: str = "") -> int:
    """How many are in `piles`; of those that `person` is not kept from, when one is given."""
    return sum(pile.count for pile in piles if not person or person not in pile.apart)


def oldest(piles: Sequence[Pile], person: str = "") -> date | None:
    """The day of the oldest, likewise."""
    return min((pile.oldest for pile in piles if not person or person not in pile.apart), default=None)


def due_day(month: Month) -> date:
    """By when `month` should be closed."""
    return month.next.first_day.replace(day=CLOSE_BY_DAY)


def posting_due(month: Month) -> date:
    """By when the public statement of `month` should hang on the board."""
    return month.next.first_day.replace(day=POSTING_DAY)
