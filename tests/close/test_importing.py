"""Import: each row once, whatever the order of files and however often."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from beancount.core import data
from hypothesis import assume, given
from hypothesis import strategies as st

from jiezhang.close.importing import ImportPlan, plan_import
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import BookingRule, Contract
from jiezhang.domain.statement import Statement
from tests.conftest import G_BANK, G_EQUITY, account, new_compound, statement

CONTRACTS = tuple(new_compound().contracts)
RULES = tuple(new_compound().rules)


def opening() -> list[data.Directive]:
    meta = data.new_metadata("2026-09.beancount", 3, {"opening": True})
    postings = [
        data.Posting(name, data.Amount(Decimal(number), "CNY"), None, None, None, None)
        for name, number in ((G_BANK, "10000.00"), (G_EQUITY, "-10000.00"))
    ]
    start = date(2026, 9, 1)
    return [data.Transaction(meta, start, "*", None, "期初余额", frozenset(), frozenset(), postings)]


def plan(entries: list[data.Directive], *statements: Statement) -> ImportPlan:
    contracts: tuple[Contract, ...] = CONTRACTS
    rules: tuple[BookingRule, ...] = RULES
    return plan_import(entries, [(G_BANK, one) for one in statements], contracts, rules)


def after(entries: list[data.Directive], made: ImportPlan) -> list[data.Directive]:
    gone = {id(change.old) for change in made.changes}
    return [entry for entry in entries if id(entry) not in gone] + list(made.additions)


def transactions(entries: list[data.Directive]) -> list[data.Transaction]:
    return [entry for entry in entries if isinstance(entry, data.Transaction)]


def book_balance(entries: list[data.Directive], before: date = date.max) -> Decimal:
    return sum(
        (
            p.units.number
            for e in transactions(entries)
            if e.date < before
            for p in e.postings
            if p.account == G_BANK and p.units is not None and p.units.number is not None
        ),
        Decimal(0),
    )


def test_a_row_becomes_a_waiting_transaction_with_its_provenance() -> None:
    (entry, closing) = plan(opening(), statement([("3", "900.00", "广告费 <b>9月</b>")])).additions
    assert isinstance(entry, data.Transaction)
    assert (entry.flag, entry.payee, entry.narration) == ("!", "示例传媒有限公司", "广告费 ＜b＞9月＜/b＞")
    bank, other = entry.postings
    assert bank.meta is not None
    assert set(bank.meta) >= {"bank-ref", "source-sha256", "source-row"}
    assert other.account == account("Income:4002电梯广告")
    assert entry.meta["proposed-by"] == "HT-0003"
    assert isinstance(closing, data.Balance)
    assert (closing.date, closing.amount.number) == (date(2026, 9, 4), Decimal("10900.00"))


@pytest.mark.parametrize(
    ("amount", "summary", "counterparty", "other", "by"),
    [
        ("900.00", "广告费", "示例传媒有限公司", "Income:4002电梯广告", "HT-0003"),
        ("850.00", "广告费", "示例传媒有限公司", "Income:4002电梯广告", "HT-0003"),
        ("-900.00", "退款", "示例传媒有限公司", "Liabilities:2999待查款项", None),
        ("3.27", "结息", "", "Income:4101利息", "GZ-01"),
        ("-2.50", "网银手续费", "", "Expenses:5108手续费", "GZ-02"),
        ("2.50", "手续费退回", "", "Liabilities:2999待查款项", None),
        ("10.00", "不知道", "某人", "Liabilities:2999待查款项", None),
    ],
)
def test_what_is_proposed(amount: str, summary: str, counterparty: str, other: str, by: str | None) -> None:
    made = plan(opening(), statement([("3", amount, summary)], counterparty=counterparty))
    entry = transactions(list(made.additions))[0]
    assert entry.postings[1].account == account(other)
    assert entry.meta.get("proposed-by") == by


def test_two_contracts_of_one_payer_are_told_apart_by_amount_or_not_at_all() -> None:
    other = CONTRACTS[0].model_copy(update={"code": "HT-0009", "subject": "4003", "amount_yuan": Decimal("400.00")})
    rows = statement([("3", "900.00", "a"), ("4", "400.00", "b"), ("5", "555.00", "c")])
    made = plan_import(opening(), [(G_BANK, rows)], [*CONTRACTS, other], ())
    by = [entry.meta.get("proposed-by") for entry in transactions(list(made.additions))]
    assert by == ["HT-0003", "HT-0009", None]


def test_a_gap_between_statements_is_refused() -> None:
    with pytest.raises(Refused, match="以前的对账单可能还没有导入"):
        plan(opening(), statement([("3", "1.00", "x")], opening="10500.00"))


def test_a_fuller_statement_of_the_same_day_overtakes_the_closing_balance() -> None:
    full = statement([("3", "1.00", "a"), ("4", "2.00", "b"), ("4", "3.00", "c")])
    part = replace(full, rows=full.rows[:2], closing=full.rows[1].balance, sha256="0" * 64)
    first = plan(opening(), part)
    entries = after(opening(), first)
    second = plan(entries, full)
    assert [change.old for change in second.changes] == [e for e in entries if isinstance(e, data.Balance)]
    closings = [e for e in after(entries, second) if isinstance(e, data.Balance)]
    assert [(e.date, e.amount.number) for e in closings] == [(date(2026, 9, 5), Decimal("10006.00"))]


cents = st.integers(-50_000, 50_000).filter(bool).map(lambda fen: Decimal(fen).scaleb(-2))
months = st.lists(
    st.tuples(st.integers(1, 30), cents, st.sampled_from(["结息", "手续费", "往来", "广告"])), min_size=1, max_size=25
).map(lambda rows: statement([(str(day), str(amount), what) for day, amount, what in sorted(rows, key=lambda r: r[0])]))


def split(whole: Statement, cuts: list[int]) -> list[Statement]:
    """`whole` in overlapping pieces, as somebody who downloads too often has them."""
    bounds = sorted({0, len(whole.rows), *(cut % (len(whole.rows) + 1) for cut in cuts)})
    pieces = []
    for number, (start, end) in enumerate(itertools.pairwise(bounds)):
        start = max(0, start - 1)
        rows = whole.rows[start:end]
        assert rows[0].balance is not None
        opens = rows[0].balance - rows[0].amount
        about = {"sha256": f"{number:064x}", "source": f"{number}.xlsx"}
        pieces.append(replace(whole, rows=rows, opening=opens, closing=rows[-1].balance, **about))
    return pieces


@given(months, st.lists(st.integers(0, 30), max_size=4), st.randoms(use_true_random=False))
def test_any_month_in_any_pieces_in_any_order_gives_the_banks_balances(
    whole: Statement, cuts: list[int], shuffle: object
) -> None:
    pieces = split(whole, cuts)
    shuffle.shuffle(pieces)  # type: ignore[attr-defined]
    entries = after(opening(), plan(opening(), *pieces))
    assert book_balance(entries) == whole.closing
    assert len(transactions(entries)) == len(whole.rows) + 1
    last = {row.date: row.balance for row in whole.rows}
    for day, balance in last.items():
        assert book_balance(entries, day.replace(day=day.day) + (date(2026, 1, 2) - date(2026, 1, 1))) == balance
    for closing in (e for e in entries if isinstance(e, data.Balance)):
        assert book_balance(entries, closing.date) == closing.amount.number


@given(months, st.lists(st.integers(0, 30), max_size=4))
def test_import_twice_is_import_once(whole: Statement, cuts: list[int]) -> None:
    # Of two rows alike on one day, a file cut between them has one and not the balance of both: refused, never doubled.
    assume(len({(row.date, row.amount, row.summary) for row in whole.rows}) == len(whole.rows))
    entries = after(opening(), plan(opening(), *split(whole, cuts)))
    again = plan(entries, whole, *split(whole, cuts))
    assert transactions(list(again.additions)) == []
    assert all(not bank_legs(change.old) for change in again.changes if isinstance(change.old, data.Transaction))
    assert book_balance(after(entries, again)) == whole.closing


@given(months, st.lists(st.integers(0, 30), max_size=4))
def test_one_call_or_one_call_for_each_file_is_the_same(whole: Statement, cuts: list[int]) -> None:
    at_once = after(opening(), plan(opening(), *split(whole, cuts)))
    one_by_one = opening()
    for piece in split(whole, cuts):
        one_by_one = after(one_by_one, plan(one_by_one, piece))
    refs = [sorted(str(leg.meta) for e in transactions(x) for leg in bank_legs(e)) for x in (at_once, one_by_one)]
    assert refs[0] == refs[1]
    closings = [sorted((e.date, e.amount) for e in x if isinstance(e, data.Balance)) for x in (at_once, one_by_one)]
    assert closings[0] == closings[1]


def test_another_export_of_a_known_row_is_no_new_row() -> None:
    """Two layouts of one bank differ in times and words; day, amount and balance make the row."""
    full = statement([("3", "900.00", "广告费"), ("3", "-900.00", "退汇")])
    printed = replace(
        full,
        layout="icbc.printed",
        sha256="f" * 64,
        rows=tuple(replace(row, time="", summary="转账", counterparty="") for row in full.rows),
    )
    entries = after(opening(), plan(opening(), full))
    assert transactions(list(plan(entries, printed).additions)) == []


def test_a_row_another_kind_of_file_booked_is_refused() -> None:
    plain = statement([("3", "900.00", "广告费"), ("3", "-900.00", "退汇")])
    numbered = replace(
        plain, sha256="f" * 64, rows=tuple(replace(row, serial=f"S{row.line}") for row in plain.rows)
    )
    entries = after(opening(), plan(opening(), plain))
    with pytest.raises(Refused, match="已由另一种对账单入账，不得重复入账") as refused:
        plan(entries, numbered)
    assert refused.value.line == 3


def with_serials(given: Statement, *serials: str) -> Statement:
    rows = tuple(replace(row, serial=serial) for row, serial in zip(given.rows, serials, strict=True))
    return replace(given, rows=rows)


def test_a_serial_that_comes_back_next_month_is_another_row() -> None:
    september = with_serials(statement([("3", "100.00", "租金")]), "0000001")
    october = with_serials(statement([("2026-10-03", "100.00", "租金")], opening="10100.00"), "0000001")
    entries = after(opening(), plan(opening(), september))
    assert len(transactions(list(plan(entries, replace(october, sha256="f" * 64)).additions))) == 1


def test_a_known_row_with_another_balance_is_refused() -> None:
    booked = with_serials(statement([("3", "100.00", "租金")]), "S1")
    forged = with_serials(statement([("3", "100.00", "租金")], opening="20000.00"), "S1")
    with pytest.raises(Refused, match="已经入账，但余额不同"):
        plan(after(opening(), plan(opening(), booked)), forged)


def test_a_bill_without_balances_cannot_undo_a_proven_closing() -> None:
    booked = statement([("3", "100.00", "租金"), ("4", "50.00", "租金")])
    bill = replace(
        with_serials(statement([("4", "500.00", "多出的一单")]), "T1"),
        opening=None,
        closing=None,
        sha256="f" * 64,
    )
    bill = replace(bill, rows=tuple(replace(row, balance=None) for row in bill.rows))
    with pytest.raises(Refused, match="与已经核对过的余额"):
        plan(after(opening(), plan(opening(), booked)), bill)


def test_a_statement_knows_every_row_of_the_days_between_its_ends() -> None:
    """Two rows that cancel out leave every balance right; they are still rows the bank does not have."""
    bill = with_serials(statement([("5", "70.00", "进"), ("5", "-70.00", "出")]), "X1", "X2")
    bill = replace(bill, opening=None, closing=None, rows=tuple(replace(row, balance=None) for row in bill.rows))
    entries = after(opening(), plan(opening(), bill))
    whole = replace(statement([("3", "1.00", "a"), ("9", "2.00", "b")]), sha256="f" * 64)
    with pytest.raises(Refused, match="这份对账单里没有，请先查明"):
        plan(entries, whole)


def test_a_statement_with_both_ends_is_checked_like_one_with_every_balance() -> None:
    """MT940 states opening and closing only."""
    ends = statement([("3", "900.00", "广告费"), ("4", "-30.00", "修灯")])
    ends = replace(ends, rows=tuple(replace(row, balance=None) for row in ends.rows))
    made = plan(opening(), ends)
    legs = [leg for entry in transactions(list(made.additions)) for leg in bank_legs(entry)]
    assert [(leg.meta or {})["bank-balance"] for leg in legs] == [Decimal("10900.00"), Decimal("10870.00")]
    with pytest.raises(Refused, match="以前的对账单可能还没有导入"):
        plan(opening(), replace(ends, opening=Decimal("1.00"), closing=Decimal("871.00")))
