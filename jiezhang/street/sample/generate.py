"""All files of a planned street, and what each row in them was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion

from .bank_files import render_statement
from .fund_month import first_accounts
from .plan import PlannedCompound, PlannedStreet
from .truth import MonthTruth, month_truth, opening_balances


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A bank's file of one account and month; `name` is unique within its compound-month."""

    compound: str
    account: str
    month: Month
    name: str
    data: bytes


def truths(planned: PlannedCompound, seed: int, first_month: Month, months: int) -> Iterator[MonthTruth]:
    """The compound's months in order, each beginning where the one before ended."""
    balances: Mapping[str, Decimal] = opening_balances(planned)
    households = first_accounts(planned)
    for count in range(months):
        truth = month_truth(planned, first_month.shift(count), seed, balances, households)
        balances, households = truth.closing, truth.fund.state
        yield truth


def files_of(planned: PlannedCompound, truth: MonthTruth) -> Iterator[SampleFile]:
    """The files of one compound-month, one for each account."""
    for account, statement in truth.statements.items():
        name, data = render_statement(planned.layout(account), statement, truth.month)
        yield SampleFile(planned.compound.code, account, truth.month, name, data)


def sample_files(planned: PlannedStreet, seed: int, months: int) -> Iterator[SampleFile]:
    """The files of every compound for the first `months` months, compound by compound, month by month."""
    for compound in planned.compounds:
        for truth in truths(compound, seed, planned.first_month, months):
            yield from files_of(compound, truth)


def completions(
    planned: PlannedStreet, seed: int, months: int
) -> Iterator[tuple[str, Month, tuple[Completion, ...]]]:
    """(compound code, month, completions of every row) in the order of `sample_files`."""
    for compound in planned.compounds:
        for truth in truths(compound, seed, planned.first_month, months):
            yield compound.compound.code, truth.month, truth.completions
