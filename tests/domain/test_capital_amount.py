"""Amounts in capitals: the examples of 会计基础工作规范 art. 52 and of the banks, and every amount there and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.capital_amount import capital, parse_capital
from jiezhang.domain.money import from_fen


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10.00", "壹拾元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100050000.00", "壹亿零伍万元整"),
        ("1000500.00", "壹佰万零伍佰元整"),
        ("10001000.00", "壹仟万壹仟元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.00", "零元整"),
        ("-350.00", "负叁佰伍拾元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_as_the_norm_writes_them(amount: str, words: str) -> None:
    assert capital(Decimal(amount)) == words
    assert parse_capital(words) == Decimal(amount)


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_there_and_back(fen: int) -> None:
    assert parse_capital(capital(from_fen(fen))) == from_fen(fen)


@given(st.integers(0, 10**14 - 1))
def test_no_two_zeros_side_by_side(fen: int) -> None:
    assert "零零" not in capital(from_fen(fen))


@pytest.mark.parametrize("text", ["", "元整", "壹佰元", "壹佰元整整", "一百元整", "壹佰零元整", "伍分整"])
def test_other_writings_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="不是大写金额"):
        parse_capital(text)


@pytest.mark.parametrize(("amount", "said"), [("1000000000000.00", "太大"), ("0.001", "两位小数")])
def test_what_can_not_be_written(amount: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        capital(Decimal(amount))
