"""The page's value: figures, rows, choices and the 余额调节表."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from little_street import bank, subject

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Entry, Pair, Reconciliation
from jiezhang.street.checking import Fault
from jiezhang.web.ledgers import Ledgers
from jiezhang.web.month_view import FAULTS_SHOWN_MAX, MonthView, build_month_view, newest_month
from jiezhang.web.reconciliation_view import reconciled
from jiezhang.web.wording import short_name, where_of

OCTOBER = Month(2026, 10)


def view(street: StreetFolder, month: Month = OCTOBER, faults: int = 0) -> MonthView:
    book = Ledgers(street)["c0001"].book
    return build_month_view(
        compound=book.compound,
        entries=book.entries,
        contracts=(),
        faults=[Fault("a", n, "错", "r") for n in range(faults)],
        reconciliations=(),
        month=month,
        version="v",
    )


def test_figures(street: StreetFolder) -> None:
    figures = {month: view(street, month).accounts[0] for month in (Month(2026, 9), OCTOBER)}
    found = {str(m): (f.opening, f.came, f.went, f.closing, f.posted, f.waiting) for m, f in figures.items()}
    assert found == {
        "2026-09": tuple(map(Decimal, ("10000", "0", "0", "10000", 0, 0))),  # the opening is no receipt
        "2026-10": tuple(map(Decimal, ("10000", "1208.88", "350", "10858.88", 0, 3))),
    }
    assert view(street, Month(2026, 8)).accounts == (), "not open yet"


def test_rows(street: StreetFolder) -> None:
    rows = view(street).rows
    assert [(f"{row.date} {row.time}", str(row.amount), row.other_label, row.proposed_by) for row in rows] == [
        ("2026-10-03 03:30", "1200.00", "4002电梯广告", "HT-01"),
        ("2026-10-05 05:30", "-350.00", "", ""),
        ("2026-10-09 09:30", "8.88", "", ""),
    ]
    assert {row.where for row in rows} == {"公共收益 工行3021"}
    assert [row.is_complete for row in rows] == [True, False, False]


def test_choices_are_of_the_rows_own_fund(street: StreetFolder) -> None:
    found = view(street)
    sets = {one.key: one.groups for one in found.choices}
    assert list(sets) == ["G公共收益-in", "G公共收益-out", "W维修资金-in", "W维修资金-out"]
    assert [row.choices for row in found.rows] == ["G公共收益-in", "G公共收益-out", "G公共收益-in"]
    assert [group.label for group in sets["G公共收益-out"]][:2] == ["支出", "收入"]
    values = {choice.value for group in sets["G公共收益-in"] for choice in group.choices}
    assert subject("C0001", "Income", "4101利息") in values
    assert subject("C0001", "Assets", "1012支付平台待结算-在途") in values
    assert not {bank("C0001"), subject("C0001", "Liabilities", "2999待查款项")} & values
    every = {choice.label for groups in sets.values() for group in groups for choice in group.choices}
    assert not {"3001公共收益结余", "5201转入维修资金", "4201经营"} & every, "no single row belongs there"
    assert "3001商品住宅维修资金" in every
    assert all(":G公共收益:" in value for value in values)


@pytest.mark.parametrize(("faults", "shown", "left"), [(0, 0, 0), (1, 1, 0), (201, FAULTS_SHOWN_MAX, 1)])
def test_faults_are_cut(street: StreetFolder, faults: int, shown: int, left: int) -> None:
    found = view(street, faults=faults)
    assert (len(found.faults), found.faults_left, found.faults_count) == (shown, left, faults)


def test_months(street: StreetFolder) -> None:
    entries = Ledgers(street)["c0001"].book.entries
    assert newest_month(entries, date(2020, 1, 1)) == OCTOBER
    assert newest_month([], date(2020, 1, 31)) == Month(2020, 1)
    found = view(street, Month(2026, 11))
    assert [str(month) for month in found.months] == ["2026-11", "2026-10", "2026-09"]
    assert found.other_months == ((OCTOBER, 3),)


def test_draft_while_public_revenue_waits(street: StreetFolder) -> None:
    found = {month: view(street, Month.parse(month)).is_draft for month in ("2026-09", "2026-10", "2026-11")}
    assert found == {"2026-09": False, "2026-10": True, "2026-11": True}


def moved(day: int, amount: str) -> Entry:
    return Entry("S/1", date(2026, 10, day), Decimal(amount), "电费", "a.csv", day)


def test_reconciliation_statement() -> None:
    """bank 900 + 50 not yet there = 950; book 1000 − 40 not yet booked − 10 wrongly booked = 950."""
    value = Reconciliation(
        account=bank("C0001"),
        month=OCTOBER,
        bank_balance=Decimal("900.00"),
        book_balance=Decimal("1000.00"),
        pairs=(
            Pair("matched", moved(1, "5.00"), moved(1, "5.00")),
            Pair("book_only", None, moved(2, "50.00")),
            Pair("bank_only", moved(3, "-40.00"), None),
            Pair("amount_differs", moved(4, "-30.00"), moved(4, "-20.00")),
        ),
    )
    shown = reconciled(value, "工行")
    assert (shown.not_at_bank, shown.adjusted_bank) == (Decimal("50.00"), Decimal("950.00"))
    assert (shown.not_in_book, shown.adjusted_book) == (Decimal("-50.00"), Decimal("950.00"))
    assert (shown.difference, shown.verdict) == (Decimal("-100.00"), "different")
    assert [(one.status, one.correction) for one in shown.different] == [
        ("账上有、银行无", Decimal("50.00")),
        ("银行有、账上无", Decimal("40.00")),
        ("金额不符", Decimal("10.00")),
    ]
    assert shown.different[2].bank is not None
    assert shown.different[2].bank.place == "a.csv 第 4 行"
    assert dict(shown.counts)["相符"] == 1


@pytest.mark.parametrize(
    ("account", "short", "where"),
    [
        (bank("C0001"), "公共收益 · 1002银行存款-工行3021", "公共收益 工行3021"),
        (
            "Assets:C0001甲子花园:J01加装电梯集资:1002银行存款-工行7788",
            "加装电梯集资 · 1002银行存款-工行7788",
            "加装电梯集资 工行7788",
        ),
        ("Assets:Wrong", "Assets:Wrong", "Assets:Wrong"),
    ],
)
def test_how_accounts_read(account: str, short: str, where: str) -> None:
    assert (short_name(account), where_of(account)) == (short, where)


def test_a_balance_of_an_earlier_statement_is_not_this_months() -> None:
    balance = Decimal("900.00")
    value = Reconciliation(bank("C0001"), OCTOBER, balance, balance, (), ("没有 2026-10 的对账单",), is_covered=False)
    shown = reconciled(value, "工行")
    assert (shown.bank, shown.adjusted_bank, shown.difference, shown.verdict) == (None, None, None, "unchecked")
    assert reconciled(replace(value, is_covered=True, warnings=()), "工行").bank == balance
