"""The packs that ship: they load, each value has its article, and they say what the law says."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import pytest

from jiezhang.book.rulepacks import pack_names, parse_pack, read_packs
from jiezhang.domain.applicable import applicable, stops, unverified
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import CompoundKind
from jiezhang.domain.rule_catalogue import CATALOGUE
from jiezhang.domain.rule_values import Share, Span
from jiezhang.domain.rulepack import RulePack, holders_in_force

TODAY = date(2026, 11, 1)
HALF_OR_MORE, MORE_THAN_HALF = Share(Fraction(1, 2), False), Share(Fraction(1, 2), True)
FIFTH = Share(Fraction(1, 5), False)
TWO_THIRDS, THREE_QUARTERS = Share(Fraction(2, 3), False), Share(Fraction(3, 4), False)
PACKS = [parse_pack((resources.files("rules") / f"{name}.toml").read_text("utf-8"), name) for name in pack_names()]


def test_which_packs_there_are() -> None:
    assert pack_names() == [
        "beijing", "hangzhou", "huzhou", "jiaxing", "lishui", "national", "ningbo", "qingyuan", "quanzhou", "shanghai",
        "shaoxing", "taizhou", "wenzhou",
    ]  # fmt: skip


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_value_traces_to_an_article_and_a_source(pack: RulePack) -> None:
    assert pack.rules
    for rule in pack.every_rule():
        assert rule.source
        assert re.search(r"第\d+条", rule.article) or not rule.verified, rule.key


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_what_was_not_read_is_not_verified(pack: RulePack) -> None:
    """A source that says so itself, from memory or from somebody's program, can't carry a verified value."""
    for rule in pack.every_rule():
        doubtful = re.search("凭记忆|不是条文|没有见到|待核实", rule.article + rule.source)
        assert doubtful is None or not rule.verified, rule.key
        assert doubtful is not None or rule.verified or "地方相同" in rule.source, rule.key


@pytest.mark.parametrize("name", [name for name in pack_names() if name != "national"])
def test_a_city_s_own_rules_are_of_that_city(name: str) -> None:
    city = read_packs(name)[1]
    assert all(rule.article.startswith(city.name) for rule in city.every_rule())


FACTS: list[tuple[str, str, CompoundKind, str, object, bool, str]] = [
    # city, day, kind of compound, key, value, verified, article
    ("national", "2026-11-01", "commercial", "fund.first_deposit_percent", Span(Decimal(5), Decimal(8)), True, "第7条"),
    ("national", "2026-11-01", "commercial", "fund.renew_below_percent", 30, True, "第17条"),
    ("national", "2026-11-01", "commercial", "fund.publish_every", "year", True, "第30条"),
    ("national", "2026-11-01", "commercial", "fund.bonds_only_treasury", True, True, "第26条"),
    ("national", "2026-11-01", "commercial", "fund.yield_basis", "area", False, "财会〔2020〕7号"),
    ("national", "2026-11-01", "commercial", "fund.rolls_in",
     ("deposit_interest", "bond_yield", "operating", "salvage"), False, "第27条"),
    ("national", "2026-11-01", "commercial", "fund.negative_list",
     ("builder_duty", "utility_lines", "person_damage", "service_contract"), True, "第25条"),
    ("national", "2020-12-31", "commercial", "vote.fund_use", TWO_THIRDS, True, "第22条"),
    ("national", "2021-01-01", "commercial", "vote.fund_use", MORE_THAN_HALF, True, "民法典第278条"),
    ("national", "2020-12-31", "commercial", "vote.counted_over", "all", True, "第22条"),
    ("national", "2021-01-01", "commercial", "vote.counted_over", "taking_part", True, "民法典第278条"),
    ("national", "2026-11-01", "commercial", "vote.fund_raise", THREE_QUARTERS, True, "民法典第278条"),
    ("national", "2026-11-01", "commercial", "revenue.parking_is_common", "on_common_land", True, "民法典第275条"),
    ("hangzhou", "2026-11-01", "commercial", "fund.settlement_audit_above_yuan", 30000, True, "第72条"),
    ("hangzhou", "2026-11-01", "commercial", "fund.over_budget_percent", 110, True, "第72条"),
    ("hangzhou", "2022-02-28", "commercial", "fund.renew_below_percent", 30, True, "令第165号）第17条"),
    ("hangzhou", "2022-03-01", "commercial", "fund.renew_below_percent", 30, True, "杭州市物业管理条例（2021）第71条"),
    ("hangzhou", "2026-11-01", "commercial", "revenue.share_stops_at", "first_deposit", True, "第60条"),
    ("hangzhou", "2026-11-01", "commercial", "revenue.publish_every", "half_year", True, "第30条"),
    ("hangzhou", "2026-11-01", "commercial", "posting.days_min", 15, True, "第30条"),
    ("hangzhou", "2026-11-01", "commercial", "holders.G", ("assembly", "committee", "manager"), True, "第60条"),
    ("huzhou", "2026-11-01", "commercial", "revenue.share_to_fund", HALF_OR_MORE, True, "第45条"),
    ("huzhou", "2026-11-01", "commercial", "revenue.share_of", "balance", True, "第45条"),
    ("huzhou", "2026-11-01", "commercial", "revenue.share_period", "quarter", True, "第45条"),
    ("huzhou", "2026-11-01", "commercial", "fund.emergency_limit_percent", 10, True, "第47条"),
    ("shanghai", "2026-11-01", "commercial", "revenue.share_to_fund", MORE_THAN_HALF, True, "第51条"),
    ("shanghai", "2026-11-01", "commercial", "revenue.share_of", "income", True, "第51条"),
    ("shanghai", "2026-11-01", "commercial", "revenue.publish_every", "quarter", True, "第66条"),
    ("shanghai", "2026-11-01", "commercial", "fund.publish_every", "half_year", True, "第66条"),
    ("shanghai", "2026-11-01", "commercial", "fund.renew_default_percent", 50, True, "第65条"),
    ("shanghai", "2026-11-01", "commercial", "posting.audit_days_min", 30, True, "第67条"),
    ("shanghai", "2026-11-01", "commercial", "revenue.parking_is_common", "on_common_land", True, "民法典第275条"),
    ("shanghai", "2026-11-01", "resettlement", "revenue.parking_is_common", "all", True, "第43条"),
    ("beijing", "2026-11-01", "commercial", "revenue.share_to_fund", HALF_OR_MORE, True, "第74条"),
    ("beijing", "2026-11-01", "commercial", "revenue.share_when", "below_renew_line", True, "第74条"),
    ("beijing", "2026-11-01", "commercial", "fund.renew_to", "current_standard", True, "第83条"),
    ("beijing", "2026-11-01", "commercial", "holders.W", ("fund_authority", "assembly"), True, "第84条"),
    ("beijing", "2026-11-01", "commercial", "revenue.audit_when", ("owners_decide",), True, "第34条"),
    # who may hold an account
    ("lishui", "2026-11-01", "commercial", "holders.G", ("assembly", "committee"), True, "第15条"),
    ("huzhou", "2026-11-01", "commercial", "holders.G", ("assembly", "committee", "neighbourhood"), True, "第45条"),
    ("ningbo", "2026-11-01", "commercial", "holders.G", ("assembly", "committee", "manager"), True, "第28条、第66条"),
    ("wenzhou", "2026-11-01", "commercial", "holders.G",
     ("assembly", "committee", "neighbourhood", "manager", "street"), True, "第20条"),
    ("shaoxing", "2026-11-01", "commercial", "holders.G", ("assembly", "committee", "manager"), False, "第19条"),
    ("taizhou", "2026-11-01", "commercial", "holders.G", ("assembly", "committee", "manager"), False, "第45条"),
    ("jiaxing", "2026-11-01", "commercial", "holders.G",
     ("assembly", "committee", "neighbourhood", "manager"), False, "第30条"),
    ("qingyuan", "2026-11-01", "commercial", "holders.G", ("assembly", "committee"), False, "第57条"),
    # a committee's decision: more than half, but half is enough in 绍兴
    ("hangzhou", "2026-11-01", "commercial", "approval.committee_agrees", MORE_THAN_HALF, True, "第29条"),
    ("lishui", "2026-11-01", "commercial", "approval.committee_agrees", MORE_THAN_HALF, True, "第19条"),
    ("ningbo", "2026-11-01", "commercial", "approval.committee_agrees", MORE_THAN_HALF, True, "第33条"),
    ("shanghai", "2026-11-01", "commercial", "approval.committee_agrees", MORE_THAN_HALF, True, "第26条"),
    ("shaoxing", "2026-11-01", "commercial", "approval.committee_agrees", HALF_OR_MORE, True, "第21条"),
    ("hangzhou", "2026-11-01", "commercial", "approval.members_sign", True, True, "第29条"),
    ("lishui", "2026-11-01", "commercial", "approval.no_proxy", True, True, "第19条"),
    ("huzhou", "2026-11-01", "commercial", "approval.announced_before_days", 3, True, "第16条"),
    ("hangzhou", "2026-11-01", "commercial", "approval.decision_published_in_days", 3, True, "第29条"),
    ("national", "2026-11-01", "commercial", "approval.report_to_community", True, True, "（2018修订）第20条"),
    ("hangzhou", "2026-11-01", "commercial", "approval.report_to_community", True, True, "第29条"),
    ("jiaxing", "2026-11-01", "commercial", "approval.report_to_community", True, True, "（2018修订）第20条"),
    ("national", "2026-11-01", "commercial", "approval.meeting_notice_days", 15, True, "第14条"),
    ("lishui", "2026-11-01", "commercial", "approval.emergency_publish_in_days", 15, True, "第47条"),
    ("taizhou", "2026-11-01", "commercial", "approval.emergency_publish", True, True, "第52条"),
    ("hangzhou", "2026-11-01", "commercial", "approval.handover_in_days", 10, True, "第34条"),
    ("hangzhou", "2026-11-01", "commercial", "approval.member_handover_in_days", 7, True, "第34条"),
    ("shaoxing", "2026-11-01", "commercial", "approval.member_handover_in_days", 3, True, "第17条"),
    ("huzhou", "2026-11-01", "commercial", "approval.over_limit_filed", True, False, "手册"),
    ("quanzhou", "2026-11-01", "commercial", "approval.bids_min", 3, False, "东湖"),
    ("wenzhou", "2026-11-01", "commercial", "approval.tenders_supervised_by", "street", False, "龙港"),
    # seals
    ("hangzhou", "2026-11-01", "commercial", "seal.assembly_kept_by", ("committee", "neighbourhood"), True, "第27条"),
    ("hangzhou", "2026-11-01", "commercial", "seal.committee_kept_by", ("committee", "neighbourhood"), True, "第27条"),
    ("hangzhou", "2026-11-01", "commercial", "seal.log_every", "half_year", True, "第30条"),
    ("taizhou", "2026-11-01", "commercial", "seal.assembly_kept_by", ("designated",), True, "第24条"),
    ("taizhou", "2026-11-01", "commercial", "seal.needs_decision", True, True, "第24条"),
    ("quanzhou", "2026-11-01", "commercial", "seal.assembly_kept_by", ("neighbourhood",), False, "东湖"),
    ("quanzhou", "2026-11-01", "commercial", "seal.both_on_major", True, False, "东湖"),
    # audits that owners ask for
    ("lishui", "2026-11-01", "commercial", "vote.owners_may_demand_audit", FIFTH, True, "第23条"),
    ("lishui", "2026-11-01", "commercial", "vote.demand_audit_counted", "both", True, "第23条"),
    ("jiaxing", "2026-11-01", "commercial", "vote.owners_may_demand_audit", FIFTH, True, "第21条"),
    ("jiaxing", "2026-11-01", "commercial", "vote.demand_audit_counted", "either", True, "第21条"),
    ("shaoxing", "2026-11-01", "commercial", "vote.owners_may_propose_audit", FIFTH, True, "第23条"),
    ("jiaxing", "2026-11-01", "commercial", "revenue.audit_when",
     ("term_end", "officer_leaves", "owners_ask", "owners_decide", "own_rules"), True, "第21条"),
    # money of the new cities
    ("shaoxing", "2026-11-01", "commercial", "revenue.books_kept_by", ("street",), True, "第23条"),
    ("taizhou", "2026-11-01", "commercial", "revenue.books_kept_by", ("committee", "street", "agency"), True, "第23条"),
    ("wenzhou", "2026-11-01", "commercial", "revenue.books_kept_by", ("neighbourhood",), False, "龙港"),
    ("lishui", "2026-11-01", "commercial", "revenue.pre_service_share", Share(Fraction(7, 10), False), True, "第44条"),
    ("taizhou", "2026-11-01", "commercial", "revenue.pre_service_share", Share(Fraction(1), False), True, "第45条"),
    ("taizhou", "2026-11-01", "commercial", "revenue.pre_service_in_workdays", 15, True, "第45条"),
    ("shaoxing", "2026-11-01", "commercial", "revenue.pre_service_cost_percent", 30, True, "第49条"),
    ("qingyuan", "2026-11-01", "commercial", "revenue.share_to_fund", Share(Fraction(1), False), False, "第58条"),
    ("ningbo", "2026-11-01", "commercial", "revenue.forbidden", ("invest", "lend", "guarantee"), True, "第65条"),
    ("ningbo", "2026-11-01", "commercial", "revenue.spending_decided_by", "assembly", True, "第64条"),
    ("lishui", "2026-11-01", "commercial", "revenue.publish_by", "march", True, "第44条"),
    ("lishui", "2026-11-01", "commercial", "fund.over_budget_percent", 120, True, "第46条"),
    ("lishui", "2026-11-01", "commercial", "fund.over_budget_yuan", 10000, True, "第46条"),
    ("lishui", "2026-11-01", "commercial", "fund.low_balance_emergency_only", True, True, "第46条"),
    ("shaoxing", "2026-11-01", "commercial", "fund.emergency_reserve_percent", 5, True, "第51条"),
    ("shaoxing", "2026-11-01", "commercial", "posting.workdays_min", 5, True, "第9条"),
    # not before the day they came into force: the nation's then
    ("lishui", "2019-06-30", "commercial", "fund.renew_below_percent", 30, True, "令第165号）第17条"),
    ("lishui", "2019-07-01", "commercial", "fund.renew_below_percent", 30, True, "丽水市物业管理条例（2019）第46条"),
    ("ningbo", "2022-03-31", "commercial", "revenue.mainly_to_fund", True, True, "物业管理条例（2018修订）第54条"),
    ("ningbo", "2022-04-01", "commercial", "revenue.mainly_to_fund", True, True, "宁波市"),
    ("taizhou", "2021-04-30", "commercial", "fund.warranty_over", True, True, "令第165号）第2条"),
    ("taizhou", "2021-05-01", "commercial", "fund.warranty_over", True, True, "台州市"),
]  # fmt: skip


@pytest.mark.parametrize(("city", "day", "kind", "key", "value", "verified", "article"), FACTS)
def test_what_applies_where(
    city: str, day: str, kind: CompoundKind, key: str, value: object, verified: bool, article: str
) -> None:
    applied = applicable(read_packs(city), kind, date.fromisoformat(day))
    [one] = [one for one in applied if one.key == key]
    assert (one.rule.value, one.rule.verified) == (value, verified)
    assert article in one.rule.article


@pytest.mark.parametrize("city", pack_names())
@pytest.mark.parametrize("kind", ["commercial", "old", "resettlement"])
def test_nothing_unverified_stops(city: str, kind: CompoundKind) -> None:
    applied = applicable(read_packs(city), kind, TODAY)
    assert "fund.yield_basis" in {one.key for one in unverified(applied)}
    assert "fund.yield_basis" not in stops(applied)
    assert all(rule.verified for rule in stops(applied).values())


DATED = {
    "jiaxing": "2022-03-01",
    "lishui": "2019-07-01",
    "ningbo": "2022-04-01",
    "shaoxing": "2021-01-01",
    "taizhou": "2021-05-01",
    "wenzhou": "2017-05-01",
}
"""City → the day its ordinance came into force, by its last article."""


@pytest.mark.parametrize("city", DATED)
def test_what_was_read_is_in_force_from_the_day_the_ordinance_gives(city: str) -> None:
    assert {str(rule.in_force) for rule in read_packs(city)[1].every_rule() if rule.verified} == {DATED[city]}


@pytest.mark.parametrize("city", ["qingyuan", "quanzhou"])
def test_a_city_whose_text_was_not_read_stops_nobody(city: str) -> None:
    pack = read_packs(city)[1]
    assert [rule.key for rule in pack.every_rule() if rule.verified] == []
    assert stops(applicable(read_packs(city), "commercial", TODAY)) == stops(
        applicable(read_packs("national"), "commercial", TODAY)
    )


@pytest.mark.parametrize("city", ["hangzhou", "huzhou", "lishui", "wenzhou", "ningbo"])
def test_no_account_of_public_revenue_is_ever_a_person_s(city: str) -> None:
    applied = applicable(read_packs(city), "commercial", TODAY)
    assert "person" not in stops(applied)["holders.G"].value


@pytest.mark.parametrize("city", pack_names())
@pytest.mark.parametrize("day", ["2008-02-01", "2021-01-01", "2021-05-01", "2022-03-01", "2026-11-01"])
def test_holders_agree_with_what_ledgers_are_given(city: str, day: str) -> None:
    """The main file of a ledger is written from `holders_in_force`; the rules must say the same."""
    on = date.fromisoformat(day)
    applied = [one.rule for one in applicable(read_packs(city), "commercial", on) if one.key.startswith("holders.")]
    given = holders_in_force(read_packs(city), on)
    assert [(rule.key, rule.value, rule.article, rule.verified) for rule in applied] == [
        (f"holders.{holders.fund}", holders.allowed, holders.article, holders.verified) for holders in given
    ]


def test_every_key_is_set_somewhere_with_a_value_of_its_form() -> None:
    used = {rule.key for pack in PACKS for rule in pack.every_rule()}
    assert used == set(CATALOGUE)


PACK = """\
name = "某市"

[[rules]]
key = "fund.renew_below_percent"
value = 30
article = "某市条例第1条"
source = "虚构"
in_force = 2020-01-01
verified = true

[[rules]]
key = "posting.days_min"
value = 15
article = "某市条例第2条"
source = "虚构"
in_force = 2020-01-01
verified = true
"""


@pytest.mark.parametrize(
    ("was", "becomes", "line", "said"),
    [
        ('key = "posting.days_min"', 'key = "posting.days"', 12, "规则目录里没有“posting.days”"),
        ('key = "posting.days_min"', 'key = "holders.G"', 12, "专户户名“holders.G”须写在 [[holders]] 里"),
        ("value = 15", 'value = "15"', 13, "规则“posting.days_min”的值不对：应是 1 到 366 的整数（日）"),
        ("value = 30\n", "value = 130\n", 5, "规则“fund.renew_below_percent”的值不对：应是 0 到 100 之间的百分数"),
        ("value = 15\n", "", 11, "规则包的“value”没有填写"),
        ("value = 15\n", "value = 15\nunit = 1\n", 14, "规则包里没有“unit”这一项"),
        ("第2条", "第二条", 11, "规则“posting.days_min”写明已核实，却没有写第几条"),
        ('article = "某市条例第2条"', "article = 2", 14, "规则包的“article”写法不对"),
        ('source = "虚构"\nin_force = 2020-01-01\nverified = true\n\n', "", 3, "规则包的“source”没有填写"),
        ('posting.days_min"\nvalue = 15', 'fund.renew_below_percent"\nvalue = 15', 11,
         "规则“fund.renew_below_percent”有两条都从 2020-01-01 起生效，分不出用哪一条"),
        ("verified = true\n\n", "verified = true\nuntil = 2019-12-31\n\n", 3,
         "规则“fund.renew_below_percent”的终止日期 2019-12-31 早于生效日期 2020-01-01"),
        ("verified = true\n\n", 'verified = true\napplies_to = ["new"]\n\n', 10, "规则包的“applies_to”写法不对"),
        ('name = "某市"', "", 1, "规则包的“name”没有填写"),
        ('name = "某市"', 'name = "某市"\nholder = 1', 2, "规则包里没有“holder”这一项"),
        ("value = 15", "value = ", 13, "TOML 写法有误"),
    ],
)  # fmt: skip
def test_a_wrong_pack_is_refused_with_its_line(was: str, becomes: str, line: int, said: str) -> None:
    assert was in PACK
    with pytest.raises(Refused) as refused:
        parse_pack(PACK.replace(was, becomes, 1), "rules/某市.toml")
    assert (refused.value.file, refused.value.line, refused.value.message) == ("rules/某市.toml", line, said)


def test_the_pack_those_are_made_from_is_right() -> None:
    assert [rule.value for rule in parse_pack(PACK, "rules/某市.toml").rules] == [Decimal(30), 15]
