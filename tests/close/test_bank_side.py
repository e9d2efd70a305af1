"""All of a bank's files as one: each row once, in the bank's order, contradictions told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jiezhang.close.bank_side import merge
from jiezhang.domain.statement import Statement
from tests.conftest import statement

WHOLE = statement([("1", "100.00", "a"), ("2", "-30.00", "b"), ("2", "-30.00", "b"), ("9", "5.00", "c")])


def piece(start: int, end: int, **changes: object) -> Statement:
    rows = WHOLE.rows[start:end]
    assert rows[0].balance is not None
    opens = rows[0].balance - rows[0].amount
    return replace(WHOLE, rows=rows, opening=opens, closing=rows[-1].balance, **changes)  # type: ignore[arg-type]


def bill(given: Statement) -> Statement:
    rows = tuple(replace(row, balance=None) for row in given.rows)
    return replace(given, rows=rows, opening=None, closing=None)


@pytest.mark.parametrize(
    "files",
    [
        [WHOLE],
        [WHOLE, WHOLE],
        [piece(0, 2), piece(1, 4)],
        [piece(1, 4), piece(0, 2)],
        [piece(0, 3), WHOLE, piece(3, 4)],
    ],
)
def test_pieces_make_the_whole(files: list[Statement]) -> None:
    side = merge([(f"{number}.xlsx", file) for number, file in enumerate(files)])
    assert [row.entry.amount for row in side.rows] == [row.amount for row in WHOLE.rows]
    assert side.contradictions == ()
    assert side.balance_at(date(2026, 9, 8)) == Decimal("10040.00")
    assert side.balance_at(date(2026, 9, 30)) == WHOLE.closing


def test_within_a_day_the_files_order_counts_and_no_clock() -> None:
    late, early = WHOLE.rows[1], replace(WHOLE.rows[2], time="09:00:00")
    odd = replace(WHOLE, rows=(WHOLE.rows[0], replace(late, time="23:00:00"), early, WHOLE.rows[3]))
    assert merge([("a", odd)]).balance_at(date(2026, 9, 2)) == early.balance


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([piece(0, 1), piece(3, 4)], "中间缺对账单"),
        (
            [piece(0, 2), replace(piece(0, 2), rows=tuple(replace(row, serial="S") for row in WHOLE.rows[:2]))],
            "像是同一笔流水，编号却不同，可能重复入账",
        ),
        (
            [
                replace(piece(0, 1), rows=(replace(WHOLE.rows[0], serial="S"),)),
                replace(piece(0, 1), rows=(replace(WHOLE.rows[0], serial="S", balance=Decimal("1.00")),)),
            ],
            "是同一笔流水，余额却不同",
        ),
    ],
)
def test_contradictions(files: list[Statement], said: str) -> None:
    side = merge([(f"{number}.xlsx", file) for number, file in enumerate(files)])
    assert any(said in sentence for sentence in side.contradictions)


def test_a_bill_beside_a_statement_takes_nothing_from_its_balances() -> None:
    numbered = replace(WHOLE, rows=tuple(replace(row, serial=f"S{row.line}") for row in WHOLE.rows))
    side = merge([("a-bill.csv", bill(numbered)), ("b-statement.csv", numbered)])
    assert len(side.rows) == 4
    assert side.balance_at(date(2026, 9, 30)) == WHOLE.closing


def test_nothing_is_known_without_files() -> None:
    assert merge([]).balance_at(date(2026, 9, 30)) is None
