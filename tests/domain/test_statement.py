"""A statement proves itself, and each row has one reference wherever it appears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.statement import Statement, StatementRow, Totals, prove, references
from tests.conftest import statement

SEPTEMBER = statement([("1", "100.00", "甲"), ("2", "-30.00", "乙"), ("2", "-30.00", "乙"), ("9", "5.00", "结息")])


def changed(index: int, **fields: object) -> Statement:
    rows = list(SEPTEMBER.rows)
    rows[index] = replace(rows[index], **fields)  # type: ignore[arg-type]
    return replace(SEPTEMBER, rows=tuple(rows))


def bare(given: Statement) -> Statement:
    rows = tuple(replace(row, balance=None) for row in given.rows)
    return replace(given, rows=rows, opening=None, closing=None)


def test_a_good_statement_is_proven() -> None:
    assert prove(SEPTEMBER) == []


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        (changed(1, amount=Decimal("-30.01")), 4, "余额不连续"),
        (changed(1, amount=Decimal("30.00")), 4, "余额不连续"),
        (changed(3, balance=Decimal("1.00")), 6, "余额不连续"),
        (replace(SEPTEMBER, rows=SEPTEMBER.rows[1:]), 4, "余额不连续"),
        (replace(SEPTEMBER, rows=SEPTEMBER.rows[:1] + SEPTEMBER.rows[:1]), 3, "余额不连续"),
        (replace(SEPTEMBER, rows=SEPTEMBER.rows[:-1]), 0, "不等于期末"),
        (replace(SEPTEMBER, closing=Decimal("1.00")), 0, "不等于期末"),
        (replace(SEPTEMBER, totals=Totals(count_in=3)), 0, "收入笔数不符"),
        (replace(SEPTEMBER, totals=Totals(sum_out=Decimal("60.01"))), 0, "支出合计不符"),
        (replace(SEPTEMBER, totals=Totals(count=5)), 0, "总笔数不符"),
        (replace(SEPTEMBER, totals=Totals(net=Decimal("1.00"))), 0, "净额不符"),
        (bare(SEPTEMBER), 0, "无法证明"),
        (replace(bare(SEPTEMBER), totals=Totals()), 0, "无法证明"),
        (replace(bare(SEPTEMBER), totals=Totals(count=4)), 0, "无法证明"),
        (replace(bare(SEPTEMBER), totals=Totals(count_in=2, sum_in=Decimal("105.00"))), 0, "无法证明"),
    ],
)
def test_what_does_not_prove_itself(wrong: Statement, line: int, said: str) -> None:
    found = prove(wrong)
    assert found, said
    assert said in found[0].message
    assert found[0].line == line


def test_totals_alone_prove_a_bill_without_balances() -> None:
    both = Totals(count_in=2, sum_in=Decimal("105.00"), sum_out=Decimal("60.00"))
    assert prove(replace(bare(SEPTEMBER), totals=both)) == []


rows = st.lists(
    st.builds(
        StatementRow,
        line=st.just(1),
        date=st.dates(date(2026, 9, 1), date(2026, 9, 5)),
        time=st.sampled_from(["", "10:00:00"]),
        amount=st.sampled_from([Decimal("2.00"), Decimal("-2.00"), Decimal("3.50")]),
        balance=st.none() | st.just(Decimal("7.00")),
        summary=st.sampled_from(["手续费", "停车"]),
        serial=st.sampled_from(["", "A1", "A2"]),
    ),
    max_size=12,
).map(tuple)


@given(rows)
def test_references_are_unique_and_stay_the_same(given: tuple[StatementRow, ...]) -> None:
    refs = references(given)
    assert len(set(refs)) == len(given)
    assert references(given[: len(given) // 2]) == refs[: len(given) // 2]


def test_two_equal_fees_on_one_day_are_two() -> None:
    assert len(set(references(SEPTEMBER.rows))) == 4
    assert len(set(references(bare(SEPTEMBER).rows))) == 4
