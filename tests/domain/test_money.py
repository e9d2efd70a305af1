from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.money import exact, is_exact, parse_yuan, show, to_fen


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,000.00", "12000.00"),
        ("  358.92 ", "358.92"),
        ("￥1，000", "1000.00"),
        ("-33.5", "-33.50"),
        ("33.50-", "-33.50"),
        ("+31070.11", "31070.11"),
        ("－８０．００", "-80.00"),
        ("0", "0.00"),
    ],
)
def test_what_banks_write(text: str, amount: str) -> None:
    assert parse_yuan(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", " ", "-", "--", "—"])
def test_empty_cells(text: str) -> None:
    assert parse_yuan(text) is None


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12元", "1e5", "NaN", "Infinity", "1.005", "٣"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="金额"):
        parse_yuan(text)


@given(st.integers(-(10**13), 10**13))
def test_what_we_show_reads_back(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert parse_yuan(show(amount)) == amount
    assert to_fen(amount) == fen


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_exact_changes_no_value(amount: Decimal) -> None:
    if is_exact(amount):
        assert exact(amount) == amount
    else:
        with pytest.raises(ValueError, match="两位小数"):
            exact(amount)
