"""What happened: every month proves itself, follows the last, and is as the office's rules expect it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from beancount.core.data import Transaction

from jiezhang.domain.accounts import parse_account
from jiezhang.domain.booking import bank_legs, entries_from_statement, row_key
from jiezhang.domain.period import Month
from jiezhang.domain.proposal import propose
from jiezhang.domain.statement import StatementRow, prove, references
from jiezhang.street.sample.generate import truths
from jiezhang.street.sample.parking import FEE_RATE
from jiezhang.street.sample.plan import PlannedCompound, plan_street
from jiezhang.street.sample.truth import MonthTruth, in_transit_account, opening_balances

SEED = 11
FIRST = Month(2026, 1)
MONTHS = 12
COMPOUNDS = plan_street(SEED, 17, None, MONTHS, FIRST).compounds
YEARS = {one.compound.code: tuple(truths(one, SEED, FIRST, MONTHS)) for one in COMPOUNDS}
EACH = pytest.mark.parametrize("planned", COMPOUNDS, ids=YEARS)
TRANSIT = "1012支付平台待结算-在途"


def rows_of(truth: MonthTruth) -> list[tuple[str, str, StatementRow]]:
    """(account, bank-ref, row) in the order of the completions."""
    return [
        (account, ref, row)
        for account, statement in truth.statements.items()
        for ref, row in zip(references(statement.rows), statement.rows, strict=True)
    ]


@EACH
def test_every_statement_proves_itself_and_follows_the_last(planned: PlannedCompound) -> None:
    balances = opening_balances(planned)
    for truth in YEARS[planned.compound.code]:
        for account, statement in truth.statements.items():
            assert prove(statement) == []
            assert statement.rows
            assert statement.opening == balances[account]
            assert all(truth.month.contains(row.date) and row.amount for row in statement.rows)
        balances = dict(truth.closing)


@EACH
def test_every_row_has_its_completion_in_its_own_fund(planned: PlannedCompound) -> None:
    contracts = {contract.code for contract in planned.contracts} | {""}
    for truth in YEARS[planned.compound.code]:
        assert [(c.account, c.bank_ref) for c in truth.completions] == [key[:2] for key in rows_of(truth)]
        for completion in truth.completions:
            own, other = parse_account(completion.account), parse_account(completion.other_account)
            assert (own.compound, own.fund) == (other.compound, other.fund)
            assert own.full != other.full
            assert completion.narration
            assert completion.contract in contracts or other.root == "Expenses"  # registered are those that earn


@EACH
def test_money_in_transit_is_what_left_the_platform_and_has_not_arrived(planned: PlannedCompound) -> None:
    waiting = Decimal(0)
    for truth in YEARS[planned.compound.code]:
        days: defaultdict[date, Decimal] = defaultdict(Decimal)
        for completion, (_, _, row) in zip(truth.completions, rows_of(truth), strict=True):
            if completion.other_account.endswith(TRANSIT):
                days[row.date] -= row.amount
        for day in sorted(days):
            waiting += days[day]
            assert waiting >= 0
        assert waiting == truth.closing[in_transit_account(planned)]


def test_at_most_month_ends_money_is_in_transit() -> None:
    ends = [truth.closing[in_transit_account(one)] for one in COMPOUNDS for truth in YEARS[one.compound.code]]
    assert sum(end > 0 for end in ends) > len(ends) // 4


@EACH
def test_each_payout_arrives_the_day_after_in_one_lump(planned: PlannedCompound) -> None:
    year = [
        (account, row)
        for truth in YEARS[planned.compound.code]
        for completion, (account, _, row) in zip(truth.completions, rows_of(truth), strict=True)
        if completion.other_account.endswith(TRANSIT)
    ]
    bank = planned.public_bank.account
    last = FIRST.shift(MONTHS - 1).last_day
    paid_out = Counter((row.date + timedelta(days=1), -row.amount) for account, row in year if account != bank)
    arrived = Counter((row.date, row.amount) for account, row in year if account == bank)
    assert arrived == Counter({key: count for key, count in paid_out.items() if key[0] <= last})


@EACH
def test_fees_are_six_in_a_thousand_of_their_sale(planned: PlannedCompound) -> None:
    for truth in YEARS[planned.compound.code]:
        for account in planned.platforms:
            rows = truth.statements[account.account].rows
            for sale, fee in pairwise(rows):
                if fee.kind == "fee":
                    assert sale.kind == "normal"
                    assert abs(sale.amount * FEE_RATE + fee.amount) <= Decimal("0.005")
                    assert (sale.date, sale.time) == (fee.date, fee.time)


@EACH
def test_rules_and_contracts_propose_all_rows_but_those_left_to_a_person(planned: PlannedCompound) -> None:
    for truth in YEARS[planned.compound.code]:
        wanted = {(c.account, c.bank_ref): c for c in truth.completions}
        for account, statement in truth.statements.items():
            entries = [one for one in entries_from_statement(statement, account) if isinstance(one, Transaction)]
            for entry in entries:
                ref = row_key(bank_legs(entry)[0])
                proposal, completion = propose(entry, planned.contracts, planned.rules), wanted[ref]
                if ref in truth.by_hand:
                    assert proposal is None or completion.contract
                else:
                    assert proposal is not None, (entry.payee, entry.narration)
                    assert (proposal.account, proposal.contract) == (completion.other_account, completion.contract)
                    assert proposal.narration in ("", completion.narration)


@EACH
def test_transfers_to_the_maintenance_fund_have_two_sides(planned: PlannedCompound) -> None:
    found = 0
    for truth in YEARS[planned.compound.code]:
        rows = {(account, ref): row for account, ref, row in rows_of(truth)}
        for one in truth.completions:
            assert bool(one.join_account) == ("5201" in one.other_account)
            if one.join_account:
                sent, got = rows[one.account, one.bank_ref], rows[one.join_account, one.join_ref]
                assert sent.amount == -got.amount < 0
                assert sent.date == got.date
                found += 1
    assert 1 <= found <= 4


@EACH
def test_interest_comes_on_the_21st_of_each_quarters_last_month_in_both_funds(planned: PlannedCompound) -> None:
    days = Counter(
        (account.split(":")[2], row.date)
        for truth in YEARS[planned.compound.code]
        for account, _, row in rows_of(truth)
        if row.kind == "interest"
    )
    assert set(days.values()) == {1}
    assert {f"{day:%m-%d}" for _, day in days} == {"03-21", "06-21", "09-21", "12-21"}
    assert len(days) == 8


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [
        ("bank rows a month", 12, 60),
        ("platform rows a month", 12, 125),
        ("rows a month", 30, 200),
        ("rows for a person a month", 3, 12),
        ("income to plan, percent", 75, 125),
        ("parking to income, percent", 30, 75),
        ("expenses to income, percent", 40, 85),
        ("closing to yearly income, percent", 20, 200),
    ],
)
@EACH
def test_figures_are_believable(planned: PlannedCompound, figure: str, low: int, high: int) -> None:
    assert all(low <= value <= high for value in figures(planned)[figure])


def figures(planned: PlannedCompound) -> dict[str, Sequence[Decimal | int]]:
    year = YEARS[planned.compound.code]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for truth in year:
        for completion, (_, _, row) in zip(truth.completions, rows_of(truth), strict=True):
            other = parse_account(completion.other_account)
            if other.fund_kind == "G" and other.subject.code != "5201":
                sums[other.root] += row.amount
                sums[other.subject.code] += row.amount
    bank = planned.public_bank.account
    counts = [{account: len(one.rows) for account, one in truth.statements.items()} for truth in year]
    income = sums["Income"]
    return {
        "bank rows a month": [count[bank] for count in counts],
        "platform rows a month": [sum(count[one.account] for one in planned.platforms) for count in counts],
        "rows a month": [sum(count.values()) for count in counts],
        "rows for a person a month": [sum(":J01" not in account for account, _ in truth.by_hand) for truth in year],
        "income to plan, percent": [100 * income / planned.economy.yearly_yuan],
        "parking to income, percent": [100 * sums["4001"] / income],
        "expenses to income, percent": [-100 * sums["Expenses"] / income],
        "closing to yearly income, percent": [100 * year[-1].closing[bank] / income],
    }


def test_the_street_has_every_oddity_a_bank_file_can_have() -> None:
    rows = [row for year in YEARS.values() for truth in year for _, _, row in rows_of(truth)]
    kinds = Counter(row.kind for row in rows)
    fees = Counter((row.date, row.time, row.amount, row.counterparty) for row in rows if row.kind == "fee")
    assert kinds.keys() == {"normal", "reversal", "interest", "fee", "settlement", "refund"}
    assert any(count > 1 and amount == -5 for (_, _, amount, _), count in fees.items())
    assert any("<b>" in row.remark + row.summary for row in rows)
    assert any("㙍" in row.counterparty for row in rows)
    assert any("䶮" in row.counterparty for row in rows)


def test_contracts_are_paid_on_time_late_or_never() -> None:
    said = [c for year in YEARS.values() for truth in year for c in truth.completions]
    receipts = Counter(c.contract for c in said if c.contract and ":4" in c.other_account)
    late = [
        row
        for year in YEARS.values()
        for truth in year
        for completion, (_, _, row) in zip(truth.completions, rows_of(truth), strict=True)
        if completion.contract in receipts and f"{row.date:%Y年%m月}" not in row.summary + row.remark
    ]
    assert sum(receipts.values()) > 300
    assert len(late) > 25


@pytest.mark.parametrize(
    ("dwellings", "months", "first"),
    [(4, 36, "2023-11"), (12, 24, "2024-02"), (2400, 14, "2025-12")],
)
def test_no_account_is_ever_overdrawn(dwellings: int, months: int, first: str) -> None:
    street = plan_street(5, 4, dwellings, months, Month.parse(first))
    closings = [truth.closing for one in street.compounds for truth in truths(one, 5, street.first_month, months)]
    assert len(closings) == 4 * months
    assert min(amount for closing in closings for amount in closing.values()) >= 0
