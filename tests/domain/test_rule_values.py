from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.rule_catalogue import CATALOGUE, SECTIONS, section
from jiezhang.domain.rule_values import (
    Count,
    Days,
    Flag,
    Form,
    OneOf,
    PartOf,
    Percent,
    PercentSpan,
    Share,
    SomeOf,
    Yuan,
)

WORDS = {"a": "甲", "b": "乙"}


@pytest.mark.parametrize(
    ("form", "written", "shown"),
    [
        (Percent("首期交存额"), 30, "首期交存额的 30%"),
        (Percent(), Decimal("2.5"), "2.5%"),
        (Percent("预算", high=1000), 110, "预算的 110%"),
        (PercentSpan("造价"), [5, 8], "造价的 5%–8%"),
        (Yuan(), 30000, "30,000.00 元"),
        (Yuan(), Decimal("0.5"), "0.50 元"),
        (Days(), 90, "90 日"),
        (Count("家"), 3, "3 家"),
        (PartOf(percent=True), "≥50%", "不低于 50%"),
        (PartOf("售房款中", percent=True), ">50%", "售房款中超过 50%"),
        (PartOf("全体业主中"), "≥2/3", "全体业主中不低于 2/3"),
        (PartOf(), ">1/2", "超过 1/2"),
        (OneOf(WORDS), "b", "乙"),
        (SomeOf(WORDS), ["b", "a"], "乙；甲"),
        (Flag("须审", "不要求"), True, "须审"),
        (Flag("须审", "不要求"), False, "不要求"),
    ],
)
def test_what_a_pack_writes(form: Form, written: object, shown: str) -> None:
    assert form.show(form.read(written)) == shown


@pytest.mark.parametrize(
    ("form", "written", "said"),
    [
        (Percent(), 101, "应是 0 到 100 之间的百分数"),
        (Percent(), -1, "百分数"),
        (Percent(), "30", "百分数"),
        (Percent(), True, "百分数"),
        (Percent(), 30.0, "百分数"),  # a binary float never gets in
        (Percent(), Decimal("NaN"), "百分数"),
        (PercentSpan(), [8, 5], "先小后大"),
        (PercentSpan(), [5], "两个百分数"),
        (PercentSpan(), 5, "两个百分数"),
        (PercentSpan(), [5, "8"], "两个百分数"),
        (Yuan(), Decimal("0.005"), "最多两位小数"),
        (Yuan(), -1, "不为负"),
        (Yuan(), 10**12, "金额"),
        (Days(), 0, "应是 1 到 366 的整数"),
        (Days(), 367, "整数"),
        (Days(), Decimal("1.5"), "整数"),
        (Days(), True, "整数"),
        (Count("家"), 0, "应是 1 到 366 的整数（家）"),
        (Count("家"), True, "整数（家）"),
        (Count("家"), Decimal(3), "整数（家）"),
        (PartOf(), "2/3", "应写成“≥2/3”的样子"),
        (PartOf(), "≥50%", "应写成“≥2/3”的样子"),
        (PartOf(percent=True), "≥1/2", "应写成“≥50%”的样子"),
        (PartOf(percent=True), "≥101%", "的样子"),
        (PartOf(), "≥3/2", "的样子"),
        (PartOf(), "≥1/0", "的样子"),
        (PartOf(), 2, "的样子"),
        (OneOf(WORDS), "c", "只能是 a、b"),
        (OneOf(WORDS), 1, "只能是"),
        (SomeOf(WORDS), [], "至少一个"),
        (SomeOf(WORDS), "a", "一串文字"),
        (SomeOf(WORDS), ["a", 1], "一串文字"),
        (SomeOf(WORDS), ["a", "a"], "只能写一次"),
        (SomeOf(WORDS), ["c"], "只能是 a、b"),
        (Flag(), 1, "true 或 false"),
        (Flag(), "true", "true 或 false"),
    ],
)
def test_anything_else_is_refused(form: Form, written: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        form.read(written)


@pytest.mark.parametrize(
    ("share", "part", "whole", "enough"),
    [
        (Share(Fraction(2, 3), False), 2, 3, True),  # 三分之二以上 includes the number
        (Share(Fraction(2, 3), False), 199, 300, False),
        (Share(Fraction(1, 2), True), 1, 2, False),  # 过半数 does not
        (Share(Fraction(1, 2), True), Decimal("50.01"), 100, True),
        (Share(Fraction(3, 4), False), Decimal("61875.00"), Decimal("82500.00"), True),
        (Share(Fraction(3, 4), False), Decimal("61874.99"), Decimal("82500.00"), False),
    ],
)
def test_whether_a_share_is_reached(share: Share, part: Decimal | int, whole: Decimal | int, enough: bool) -> None:
    assert share.met(part, whole) is enough


@given(
    st.integers(0, 10**12),
    st.integers(1, 99).flatmap(lambda n: st.tuples(st.just(n), st.integers(n + 1, 100))),
    st.booleans(),
)
def test_the_least_is_enough_and_a_fen_less_is_not(whole_fen: int, part: tuple[int, int], exceeded: bool) -> None:
    share = Share(Fraction(*part), exceeded)
    least = share.least_fen(whole_fen)
    assert share.met(least, whole_fen)
    assert not share.met(least - 1, whole_fen)


def test_the_catalogue_is_in_sections_and_says_each_title_once() -> None:
    assert {section(key) for key in CATALOGUE} == set(SECTIONS.values())
    titles = [subject.title for subject in CATALOGUE.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(("ending", "form"), [("_percent", Percent | PercentSpan), ("_yuan", Yuan), ("_days", Days)])
def test_a_unit_in_a_key_is_the_unit_of_its_value(ending: str, form: type) -> None:
    for key, subject in CATALOGUE.items():
        if key.endswith((ending, f"{ending}_min")) or f"{ending}_" in key:
            assert isinstance(subject.form, form), key
