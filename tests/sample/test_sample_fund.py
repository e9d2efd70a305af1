"""The maintenance fund's life: believable, within what the law lets it pay, to the fen what the books make of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.domain.household_events import Rearranged
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.scope import parse_scope
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from jiezhang.households.line import below_line
from jiezhang.households.state import accrued, same
from jiezhang.street.booking import complete_street, post_street, review_street
from jiezhang.street.importing import import_files
from jiezhang.street.sample.events import Event
from jiezhang.street.sample.fund_matters import Distributed
from jiezhang.street.sample.fund_month import first_accounts
from jiezhang.street.sample.generate import truths
from jiezhang.street.sample.officers import private_key
from jiezhang.street.sample.plan import PlannedCompound, plan_street
from jiezhang.street.sampling import write_sample
from tests.conftest import MAKER, REVIEWER

SEED = 3
FIRST = Month(2026, 4)
MONTHS = 12
COMPOUNDS = plan_street(SEED, 12, 150, MONTHS, FIRST, MONTHS).compounds
YEARS = {one.compound.code: tuple(truths(one, SEED, FIRST, MONTHS)) for one in COMPOUNDS}
EACH = pytest.mark.parametrize("planned", COMPOUNDS, ids=YEARS)


def payments(planned: PlannedCompound) -> Iterator[Event]:
    return (row for truth in YEARS[planned.compound.code] for row in truth.fund.rows if row.other == "5001")


def test_a_year_of_twelve_compounds_has_everything() -> None:
    kinds = Counter(change.kind for one in COMPOUNDS for change in one.life.changes)
    rows = [row for year in YEARS.values() for truth in year for row in truth.fund.rows]
    subjects = Counter(row.other for row in rows)
    assert kinds.keys() == {"sale", "split", "merge", "renumber", "loss"}
    assert subjects.keys() == {"4001", "4101", "4201", "4301", "1101", "5001", "2001"}
    assert {row.whose.deposit for row in rows if row.other == "4001"} == {"first", "top-up"}
    assert any(row.other == "4001" and row.amount < 0 for row in rows)
    vouchers = Counter(type(v).__name__ for year in YEARS.values() for truth in year for v in truth.fund.vouchers)
    assert vouchers == {"Lost": 1, "Corrected": 3, "Distributed": 25}


@EACH
def test_projects_are_decided_contracted_accepted_and_paid_in_that_order(planned: PlannedCompound) -> None:
    projects = {one.code: one for one in planned.life.projects}
    paid: Counter[str] = Counter()
    for row in payments(planned):
        project = projects[row.whose.project]
        assert project.warranty_until is not None
        assert project.decided is not None
        assert project.accepted is not None
        assert project.warranty_until < project.decided < row.day
        assert (project.decision, project.contract) != ("", "")
        assert row.counterparty == project.contractor
        paid[project.code] += to_fen(-row.amount + (row.whose.paid_outside or 0))
        if row.day < project.accepted:
            assert 0 < paid[project.code] <= to_fen(project.budget_yuan) * project.prepay_percent // 100
    assert len(paid) >= 2
    assert all(fen <= to_fen(projects[code].budget_yuan) for code, fen in paid.items())


@EACH
def test_repairs_cost_what_repairs_cost(planned: PlannedCompound) -> None:
    roll = first_accounts(planned).roll
    for project in planned.life.projects:
        scope = parse_scope(project.scope)
        place = {"compound": len(roll.buildings)}.get(scope.kind, 1)
        assert project.budget_yuan % 100 == 0
        assert 100 <= project.budget_yuan <= 150_000 * place


def test_some_pay_the_contractor_beside_the_fund() -> None:
    rows = [row for one in COMPOUNDS for row in payments(one)]
    beside = [row for row in rows if row.whose.paid_outside]
    assert 0 < len(beside) < len(rows)
    assert any(row.whose.covered for row in beside)
    assert any(not row.whose.covered for row in beside)  # of unsold dwellings


@EACH
def test_batches_are_what_the_bank_collected_and_bring_their_payers_above_the_line(planned: PlannedCompound) -> None:
    before = first_accounts(planned)
    for truth in YEARS[planned.compound.code]:
        collected = [row for row in truth.fund.rows if row.whose.batch]
        assert [row.whose.batch for row in collected] == list(truth.fund.batches)
        for row in collected:
            lines = [line.split(",") for line in truth.fund.batches[row.whose.batch].decode().splitlines()[1:]]
            assert sum(Decimal(amount) for _, amount in lines) == row.amount
            assert {code for code, _ in lines}.isdisjoint(below_line(truth.fund.state))
            assert len(below_line(before)) > len(below_line(truth.fund.state))
        before = truth.fund.state


@EACH
def test_yield_is_given_out_once_a_year_and_before_a_house_is_gone(planned: PlannedCompound) -> None:
    given = [matter.day for matter in planned.life.matters if isinstance(matter, Distributed)]
    gone = [change.date for change in planned.life.changes if change.kind == "loss"]
    days = ["2026-12-31", "2027-03-31", *(f"{day - timedelta(days=1)}" for day in gone)]
    assert [f"{day}" for day in given] == sorted(days)
    for truth in YEARS[planned.compound.code]:
        if any(truth.month.contains(day) for day in given):
            assert truth.fund.state.controls.undistributed_fen == 0


def test_a_house_gone_after_a_years_last_quarter_has_its_yield_given_out_once() -> None:
    first = Month(2026, 12)
    *_, lost = plan_street(SEED, 4, 150, 3, first, 3).compounds
    given = Counter(matter.day for matter in lost.life.matters if isinstance(matter, Distributed))
    assert "loss" in {change.kind for change in lost.life.changes}
    assert given == {first.last_day: 1}
    assert all(identity(truth.fund.state).holds for truth in truths(lost, SEED, first, 3))


@EACH
def test_every_months_accounts_add_up_to_the_bank(planned: PlannedCompound) -> None:
    for truth in YEARS[planned.compound.code]:
        assert identity(truth.fund.state).holds
        assert truth.fund.state.controls.bank_fen == to_fen(truth.closing[planned.fund_bank.account])


@pytest.mark.parametrize("booked", [0, 1])
def test_what_only_an_office_can_book_is_not_told_of_months_it_has_not_booked(booked: int) -> None:
    for one in plan_street(SEED, 12, 150, 6, FIRST, booked).compounds:
        told = [truth for truth in truths(one, SEED, FIRST, 6) if truth.month >= FIRST.shift(booked)]
        assert not any(truth.fund.vouchers for truth in told)
        assert not any(change.kind == "loss" for change in one.life.changes)
        assert not any(row.other == "2001" for truth in told for row in truth.fund.rows)


@pytest.mark.parametrize(
    ("seed", "compounds", "dwellings", "months", "booked"),
    [
        (1, 4, 4, 3, 3),
        (2, 4, 24, 4, 2),
        (3, 3, 9, 10, 10),
        (4, 4, None, 2, 1),
    ],
)
def test_the_books_come_to_the_same_accounts(
    seed: int, compounds: int, dwellings: int | None, months: int, booked: int, tmp_path: Path
) -> None:
    """The sample's own accounts against those replayed from what was imported, completed and posted."""
    street = StreetFolder(tmp_path / "street")
    size = {"compounds": compounds, "months": months, "booked": booked}
    write_sample(street.path, **size, dwellings=dwellings, first_month=FIRST, seed=seed)
    if booked < months:
        import_files(street, [street.inbox], MAKER)
    for month in (FIRST.shift(count) for count in range(booked, months)):
        complete_street(street, street.path / f"completions/{month}.csv", MAKER)
        review_street(street, street.compounds(), month, REVIEWER)
        post_street(street, street.compounds(), month, "K02", key=private_key(seed, "K02"))
    planned = plan_street(seed, compounds, dwellings, months, FIRST, booked).compounds
    for ledger, one in zip(load_street(street), planned, strict=True):
        assert ledger.errors == []
        replayed = replay_fund(read_fund_files(ledger.folder), ledger.entries)
        *_, last = truths(one, seed, FIRST, months)
        assert replayed.faults == ()
        end = max(replayed.state.as_of, last.fund.state.as_of)
        assert same(accrued(replayed.state, end), accrued(last.fund.state, end))
        rearranged = [done.event for done in replayed.journal if isinstance(done.event, Rearranged)]
        assert sum(len(event.made) for event in rearranged) == sum(len(change.made) for change in one.life.changes)
