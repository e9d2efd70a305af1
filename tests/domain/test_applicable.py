"""Which of several rules applies: a table, and any order of writing gives the same answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jiezhang.domain.applicable import Applied, applicable, stop_value, stops, unverified, value_of
from jiezhang.domain.register import CompoundKind
from jiezhang.domain.rule_catalogue import CATALOGUE
from jiezhang.domain.rulepack import Holders, Rule, RulePack

KEY = "fund.renew_below_percent"
DAY = date(2026, 10, 31)


def rule(value: int, in_force: str = "2008-02-01", **others: Any) -> Rule:
    given = {"key": KEY, "article": "某办法第1条", "source": "虚构", "verified": True, **others}
    return Rule(value=value, in_force=date.fromisoformat(in_force), **given)


def packs(nation: list[Rule], city: list[Rule] | None = None) -> list[RulePack]:
    return [RulePack(name="全国", rules=tuple(nation)), RulePack(name="某市", rules=tuple(city or ()))]


OLD, NEW = rule(10), rule(20, "2021-01-01")
ENDED = rule(25, "2021-01-01", until=date(2026, 10, 30))
LAST_DAY = rule(26, "2021-01-01", until=DAY)
FUTURE = rule(40, "2026-11-01")
TODAY = rule(45, "2026-10-31")
FOR_OLD_COMPOUNDS = rule(50, "2010-01-01", applies_to=("old",))
FOR_OTHERS = rule(60, "2025-01-01", applies_to=("resettlement", "commercial"))
HEARSAY = rule(70, "2022-01-01", verified=False)


@pytest.mark.parametrize(
    ("nation", "city", "chosen", "displaced", "stop"),
    [
        # in force        of the city          chosen  displaced, best first         may stop
        ([OLD],             [],                  10, [],                             10),
        ([OLD, NEW],        [],                  20, [(10, "newer")],                20),
        ([NEW],             [OLD],               10, [(20, "city")],                 10),
        ([OLD, NEW],        [FOR_OLD_COMPOUNDS], 50, [(20, "city"), (10, "city")],   50),
        ([OLD, FOR_OLD_COMPOUNDS, NEW], [],      50, [(20, "kind"), (10, "kind")],   50),
        ([OLD, FOR_OTHERS], [],                  10, [],                             10),
        ([FOR_OLD_COMPOUNDS], [NEW],             20, [(50, "city")],                 20),
        ([OLD, ENDED],      [],                  10, [],                             10),
        ([OLD, LAST_DAY],   [],                  26, [(10, "newer")],                26),
        ([OLD, FUTURE],     [FUTURE],            10, [],                             10),
        ([OLD, TODAY],      [],                  45, [(10, "newer")],                45),
        ([HEARSAY],         [],                  70, [],                             None),
        ([OLD],             [HEARSAY],           70, [(10, "city")],                 10),
        ([OLD, HEARSAY],    [],                  70, [(10, "newer")],                10),
        ([HEARSAY],         [NEW],               20, [(70, "city")],                 20),
    ],
)  # fmt: skip
def test_precedence(
    nation: list[Rule], city: list[Rule], chosen: int, displaced: list[tuple[int, str]], stop: int | None
) -> None:
    applied = applicable(packs(nation, city), "old", DAY)
    assert [one.rule.value for one in applied] == [chosen]
    assert [(other.candidate.rule.value, other.ground) for other in applied[0].displaced] == displaced
    assert value_of(applied, KEY, Decimal) == chosen
    assert stop_value(applied, KEY, Decimal) == stop


def test_nothing_applies_before_the_first_rule() -> None:
    applied = applicable(packs([NEW], [FUTURE]), "old", date(2020, 12, 31))
    assert applied == []
    assert value_of(applied, KEY, Decimal) is None
    assert stop_value(applied, KEY, Decimal) is None


def test_holders_are_rules_too() -> None:
    holders = Holders(
        fund="W", allowed=("assembly",), article="某条例第2条", source="虚构", in_force=date(2020, 1, 1), verified=True
    )
    applied = applicable([RulePack(name="全国", holders=(holders,))], "old", DAY)
    assert value_of(applied, "holders.W", tuple) == ("assembly",)


def test_a_key_nobody_declared_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="not in the catalogue"):
        value_of([], "fund.renew_bellow_percent", Decimal)
    with pytest.raises(AssertionError, match="is not a str"):
        value_of(applicable(packs([OLD]), "old", DAY), KEY, str)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (rule(1), rule(2), True),
        (rule(1), rule(1, verified=False), True),
        (rule(1), rule(2, "2008-02-02"), False),
        (rule(1), rule(2, applies_to=("old",)), False),
        (rule(1, applies_to=("old",)), rule(2, applies_to=("commercial", "old")), True),
        (rule(1, applies_to=("old",)), rule(2, applies_to=("commercial",)), False),
        (rule(1), rule(2, key="fund.over_budget_percent"), False),
    ],
)
def test_two_rules_that_cannot_be_told_apart_are_refused(first: Rule, second: Rule, clash: bool) -> None:
    try:
        RulePack(name="某市", rules=(first, second))
    except ValidationError as wrong:
        assert clash and "分不出用哪一条" in str(wrong)
    else:
        assert not clash


KEYS = [key for key, subject in CATALOGUE.items() if key.endswith("_percent") and not key.endswith("deposit_percent")]
KINDS: list[CompoundKind] = ["commercial", "old", "resettlement"]
DAYS = st.integers(0, 12).map(lambda n: date(2020, 1, 1) + timedelta(days=30 * n))
SOME_RULES = st.lists(
    st.builds(
        lambda key, value, start, lasts, verified, kind: Rule(
            key=key,
            value=value,
            article="某办法第1条",
            source="虚构",
            in_force=start,
            until=None if lasts is None else start + timedelta(days=lasts),
            verified=verified,
            applies_to=() if kind is None else (kind,),
        ),
        st.sampled_from(KEYS),
        st.integers(0, 100),
        DAYS,
        st.none() | st.integers(0, 200),
        st.booleans(),
        st.none() | st.sampled_from(KINDS),
    ),
    max_size=12,
    unique_by=lambda rule: (rule.key, rule.in_force, rule.applies_to),
)


@given(SOME_RULES, SOME_RULES, st.sampled_from(KINDS), DAYS, st.data())
def test_the_order_of_writing_does_not_matter(
    nation: list[Rule], city: list[Rule], kind: CompoundKind, day: date, data: st.DataObject
) -> None:
    applied = applicable(packs(nation, city), kind, day)
    shuffled = packs(data.draw(st.permutations(nation)), data.draw(st.permutations(city)))
    assert applicable(shuffled, kind, day) == applied


@given(SOME_RULES, SOME_RULES, st.sampled_from(KINDS), DAYS)
def test_one_rule_for_each_key_in_force_and_nothing_lost(
    nation: list[Rule], city: list[Rule], kind: CompoundKind, day: date
) -> None:
    applied = applicable(packs(nation, city), kind, day)
    live = [one for one in [*nation, *city] if one.in_force_on(day) and one.covers(kind)]
    assert {one.key for one in applied} == {one.key for one in live}
    assert sum(1 + len(one.displaced) for one in applied) == len(live)
    assert all(naive(nation, city, one.key, kind, day) == one.rule for one in applied)


@given(SOME_RULES, SOME_RULES, st.sampled_from(KINDS), DAYS)
def test_an_unverified_rule_never_stops(
    nation: list[Rule], city: list[Rule], kind: CompoundKind, day: date
) -> None:
    applied = applicable(packs(nation, city), kind, day)
    binding = stops(applied)
    assert all(one.verified for one in binding.values())
    assert {one.key for one in applied} - set(binding) <= {one.key for one in unverified(applied)}
    without_hearsay = packs([r for r in nation if r.verified], [r for r in city if r.verified])
    assert binding == {one.key: one.rule for one in applicable(without_hearsay, kind, day)}


def naive(nation: list[Rule], city: list[Rule], key: str, kind: CompoundKind, day: date) -> Rule:
    """The same law told step by step."""
    for pack in (city, nation):
        live = [r for r in pack if r.key == key and r.in_force_on(day) and r.covers(kind)]
        special = [r for r in live if r.applies_to]
        if live:
            return max(special or live, key=lambda r: r.in_force)
    raise AssertionError(key)


def test_applied_compares_by_value() -> None:
    applied: list[Applied] = applicable(packs([OLD]), "old", DAY)
    assert applied == applicable(packs([rule(10)]), "old", DAY)
    assert applied != applicable(packs([rule(11)]), "old", DAY)
