"""The fund's desk: the ledger and the files beside it as they stand, and what a row of the fund is still asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from beancount.core import data

from jiezhang.domain.accounts import is_suspense, parse_account, sibling
from jiezhang.domain.booking import POSTED, WAITING, bank_legs, row_key
from jiezhang.domain.money import to_fen
from jiezhang.domain.roll import by_building
from jiezhang.domain.shares import Column
from jiezhang.households.fund import FundFiles, replay_fund
from jiezhang.households.movements import BY_BUILDING
from jiezhang.households.rules.fund_purpose import payment_of
from jiezhang.households.state import Households

OF_HOUSEHOLDS = BY_BUILDING | {"2001", "1101"}
"""Subjects of fund W whose voucher says more than its account."""


@dataclass(frozen=True, slots=True)
class FundDesk:
    """What a person at the fund's desk has: the ledger, the files beside it, and batch files just handed in (by name).

    Batches that are used are kept under `batches/`.
    """

    entries: Sequence[data.Directive] = ()
    files: FundFiles | None = None
    handed_in: Mapping[str, bytes] = field(default_factory=dict)

    def state(self, entry: data.Transaction) -> Households:
        """Everybody's account at the end of the entry's day without it, complete rows counted as if they were posted.

        A month is completed in one sheet and posted later: what was paid in on the 3rd counts for a repair on the 9th.
        """
        assert self.files is not None
        own = {row_key(leg) for leg in bank_legs(entry)}
        others = [_as_if_posted(other) for other in self.entries if not (own and own & _rows(other))]
        return replay_fund(replace(self.files, batches=self.batches), others, entry.date).state

    @property
    def batches(self) -> Mapping[str, bytes]:
        """Those kept, and those just handed in by the name they will be kept under."""
        kept = self.files.batches if self.files is not None else {}
        return {**kept, **{f"batches/{name}": content for name, content in self.handed_in.items()}}


def as_if_posted(entries: Sequence[data.Directive]) -> list[data.Directive]:
    """The ledger as it will be once its complete rows are posted."""
    return [_as_if_posted(entry) for entry in entries]


def _rows(entry: data.Directive) -> set[tuple[str, str]]:
    return {row_key(leg) for leg in bank_legs(entry)} if isinstance(entry, data.Transaction) else set()


def _as_if_posted(entry: data.Directive) -> data.Directive:
    return entry._replace(flag=POSTED) if isinstance(entry, data.Transaction) and is_complete(entry) else entry


def is_complete(entry: data.Transaction) -> bool:
    """Whether every leg is known: nothing of it stands on the suspense account, or in the fund without its building."""
    return not any(is_suspense(posting.account) or needs_household(posting.account) for posting in entry.postings)


def needs_household(account: str) -> bool:
    """Whether `account` is one of the fund's control accounts without its building: nobody said whose money it is."""
    try:
        name = parse_account(account)
    except ValueError:
        return False  # account_names reports it
    return name.fund_kind == "W" and name.subject.code in BY_BUILDING and not name.subs


def is_of_households(account: str) -> bool:
    """Whether a voucher on `account` says whose money it is, or which bond."""
    name = parse_account(account)
    return name.fund_kind == "W" and name.subject.code in OF_HOUSEHOLDS


def payments_for(project: str, day: date, entries: Sequence[data.Directive]) -> list[data.Transaction]:
    """The vouchers of `entries` that paid for a project by the end of `day`."""
    return [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and entry.meta.get("project") == project
        and entry.date <= day
    ]


def paid_for(project: str, payment: data.Transaction, desk: FundDesk) -> int:
    """What was paid for a project by the day of `payment`, without it; fen."""
    found = payments_for(project, payment.date, as_if_posted(desk.entries))
    return sum(payment_of(entry).cost_fen for entry in found if not _rows(entry) & _rows(payment))


def proposed_count(entries: Sequence[data.Directive], until: date) -> int:
    """How many vouchers that no bank row brought wait to be posted, until a day."""
    return sum(
        isinstance(entry, data.Transaction)
        and entry.flag == WAITING
        and entry.date <= until
        and not bank_legs(entry)
        for entry in entries
    )


def bank_fen(entry: data.Transaction) -> int:
    """What the bank's side of `entry` moved, in positive."""
    return sum(to_fen(leg.units.number) for leg in bank_legs(entry) if leg.units and leg.units.number is not None)


def legs_by_building(account: str, state: Households, change: Column) -> list[tuple[str, int]]:
    """`change` on `account`, building by building: (account, fen), those without any left out."""
    sums = zip(state.roll.buildings, by_building(state.roll, change).tolist(), strict=True)
    return [(f"{plain_account(account)}:{name}", fen) for name, fen in sums if fen]


def legs_by_nature(account: str, state: Households, change: Column) -> list[tuple[str, int]]:
    """`change` on 3001 (商品住宅) and 3002 (已售公有住房) beside `account`, building by building."""
    return [
        leg
        for code, mask in (("3001", ~state.roll.public), ("3002", state.roll.public))
        for leg in legs_by_building(sibling(account, code), state, np.where(mask, change, 0))
    ]


def plain_account(account: str) -> str:
    """An account of the ledger without its building."""
    return ":".join(account.split(":")[:4])
