"""Bank against book, row by row: every kind of difference has its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.close.reconciling import reconcile_account
from jiezhang.domain.booking import entries_from_statement
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Entry, Pair, Reconciliation, Verdict, match, worst
from jiezhang.domain.statement import Statement, StatementRow
from reports.reconciliation import as_data, render_text

SEPTEMBER = Month.parse("2026-09")


def entry(day: int, amount: str, ref: str, text: str = "x") -> Entry:
    return Entry(f"{ref}/{int(Decimal(amount) * 100)}", date(2026, 9, day), Decimal(amount), text, "f", day)


BANK = [entry(1, "100.00", "A"), entry(2, "-30.00", "B"), entry(2, "-30.00", "C"), entry(9, "5.00", "D")]


@pytest.mark.parametrize(
    ("book", "statuses"),
    [
        (BANK, ["matched"] * 4),
        (BANK[:-1], ["matched"] * 3 + ["bank_only"]),
        ([*BANK, entry(20, "7.00", "E")], ["matched"] * 4 + ["book_only"]),
        ([*BANK[:3], entry(9, "5.01", "D")], ["matched"] * 3 + ["amount_differs"]),
        ([*BANK[:3], replace(BANK[3], amount=Decimal("5.01"))], ["matched"] * 3 + ["amount_differs"]),
        ([*BANK[:3], replace(BANK[3], amount=Decimal("-5.00"))], ["matched"] * 3 + ["amount_differs"]),
        ([*BANK[:3], replace(BANK[3], date=date(2026, 9, 11))], ["matched"] * 3 + ["date_differs"]),
        ([*BANK[:3], entry(11, "5.00", "没有")], ["matched"] * 3 + ["date_differs"]),
        ([*BANK[:3], entry(25, "5.00", "没有")], ["matched"] * 3 + ["bank_only", "book_only"]),
        ([*BANK, BANK[3]], ["matched"] * 3 + ["book_only", "matched"]),
        ([], ["bank_only"] * 4),
    ],
)
def test_differences_have_names(book: list[Entry], statuses: list[str]) -> None:
    assert [pair.status for pair in match(BANK, book)] == statuses


def value(book: list[Entry], bank: list[Entry] = BANK) -> Reconciliation:
    opening = Decimal("1000.00")
    return Reconciliation(
        "Assets:账户",
        SEPTEMBER,
        opening + sum((one.amount for one in bank), Decimal(0)),
        opening + sum((one.amount for one in book), Decimal(0)),
        match(bank, book),
    )


entries = st.lists(
    st.tuples(st.integers(1, 28), st.sampled_from(["1.00", "-1.00", "2.50", "30.00"]), st.sampled_from("ABCDEF")),
    max_size=8,
    unique_by=lambda row: row[2],
).map(lambda rows: [entry(*row) for row in rows])


@given(entries, entries)
def test_every_row_is_named_once_and_the_adjusted_balances_agree(bank: list[Entry], book: list[Entry]) -> None:
    found = value(book, bank)
    assert sorted(p.bank.ref for p in found.pairs if p.bank) == sorted(e.ref for e in bank)
    assert sorted(p.book.ref for p in found.pairs if p.book) == sorted(e.ref for e in book)
    assert found.adjusted_bank == found.adjusted_book
    assert found.is_clean == (sorted(bank, key=str) == sorted(book, key=str))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "agreed"),
        ({"book_balance": Decimal("1.00")}, "different"),
        ({"warnings": ("文件已被改动",)}, "different"),
        ({"pairs": match(BANK, BANK[:-1])}, "different"),
        ({"pairs": match(BANK, BANK[:-1]), "bank_balance": None}, "different"),  # a row differs, whatever is missing
        ({"bank_balance": None}, "unchecked"),  # a platform that states no balance
        ({"bank_balance": None, "warnings": ("没有 2026-09 的对账单",), "is_covered": False}, "unchecked"),
        ({"pairs": (), "warnings": ("没有 2026-09 的对账单",), "is_covered": False}, "unchecked"),  # carried over
    ],
)
def test_what_may_be_said_of_an_account(changes: dict[str, Any], verdict: Verdict) -> None:
    assert replace(value(BANK), **changes).verdict == verdict


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], "unchecked"),
        (["agreed", "agreed"], "agreed"),
        (["agreed", "unchecked"], "unchecked"),
        (["unchecked", "different", "agreed"], "different"),
    ],
)
def test_accounts_together_are_no_better_than_the_worst(verdicts: list[Verdict], said: Verdict) -> None:
    assert worst(verdicts) == said


def test_the_statement_shows_each_difference_with_its_place() -> None:
    text = render_text(value([*BANK[:2], entry(9, "5.01", "D"), entry(20, "7.00", "E", "手工")]))
    for word in ("银行已记、账未记", "账已记、银行未记", "更正账面金额", "手工（f 第 20 行，流水 E/700）", "1,052.00"):
        assert word in text
    assert as_data(value(BANK))["clean"] is True
    assert as_data(value(BANK[:1]))["different"][0]["status"] == "bank_only"


def test_no_statement_is_not_a_clean_statement() -> None:
    nothing = replace(value([]), bank_balance=None, pairs=(), warnings=("没有 2026-09 的对账单",))
    assert not nothing.is_clean
    assert nothing.adjusted_bank is None
    assert "银行对账单余额                     无" in render_text(nothing)


ROW = StatementRow(
    line=2, date=date(2026, 9, 1), time="", amount=Decimal("-40000.00"), balance=Decimal("60000.00"),
    counterparty="真实收款人", counterparty_account="6222 01", serial="S1",
)  # fmt: skip
FILE = Statement("icbc.history_detail", "a.csv", "ab" * 32, "13021", "", "CNY", (ROW,))
OTHER_FORMAT = replace(FILE, source="b.xlsx", sha256="cd" * 32, rows=(replace(ROW, counterparty_account=""),))
REF = "S1@20260901/-4000000"
BANK_ACCOUNT = "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021"


@pytest.mark.parametrize(
    ("payee", "number", "files", "warnings"),
    [
        ("真实收款人", "6222 01", (FILE,), ()),
        ("真实收款人", "", (FILE, OTHER_FORMAT), ()),
        ("示例工程公司", "6222 01", (FILE,), (f"流水 {REF} 的对方户名账上写“示例工程公司”，对账单是“真实收款人”",)),
        (None, "6222 01", (FILE,), (f"流水 {REF} 的对方户名账上写“”，对账单是“真实收款人”",)),
        ("真实收款人", "6222 99", (FILE,), (f"流水 {REF} 的对方账号账上写“6222 99”，对账单是“6222 01”",)),
        ("示例工程公司", "", (FILE, OTHER_FORMAT),
         (f"流水 {REF} 的对方户名账上写“示例工程公司”，对账单是“真实收款人”",
          f"流水 {REF} 的对方账号账上写“”，对账单是“6222 01”")),
    ],
)  # fmt: skip
def test_who_was_paid_is_what_the_bank_says(
    payee: str | None, number: str, files: tuple[Statement, ...], warnings: tuple[str, ...]
) -> None:
    (made, _) = entries_from_statement(FILE, BANK_ACCOUNT)
    assert isinstance(made, data.Transaction)
    meta = {key: text for key, text in made.meta.items() if key != "counterparty-account"}
    changed = made._replace(payee=payee, meta={**meta, **({"counterparty-account": number} if number else {})})
    stored = [(file.source, file) for file in files]
    found = reconcile_account([changed], BANK_ACCOUNT, stored, SEPTEMBER)
    assert [pair.status for pair in found.pairs] == ["matched"]
    assert found.warnings == warnings
    assert not (found.warnings and found.is_clean)


def test_pairs_are_values() -> None:
    assert Pair("matched", BANK[0], BANK[0]) == Pair("matched", BANK[0], BANK[0])
