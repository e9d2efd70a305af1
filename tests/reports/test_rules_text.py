from __future__ import annotations

from datetime import date

import pytest

from jiezhang.book.rulepacks import pack_names, read_packs
from jiezhang.domain.applicable import applicable
from jiezhang.domain.rulepack import Rule, RulePack
from reports.rules import render_text

DAY = date(2026, 10, 31)
NATION = RulePack(
    name="全国",
    rules=(
        Rule(
            key="fund.renew_below_percent",
            value=30,
            article="某办法第17条",
            source="公报",
            in_force=date(2008, 2, 1),
            verified=True,
        ),
    ),
)
CITY = RulePack(
    name="某市",
    rules=(
        Rule(
            key="fund.renew_below_percent",
            value=40,
            article="某市条例第9条",
            source="新闻",
            words="不足百分之四十的",
            in_force=date(2020, 5, 1),
            until=date(2030, 4, 30),
            verified=False,
            applies_to=("old", "resettlement"),
            note="只见到报道",
        ),
        Rule(
            key="posting.days_min",
            value=15,
            article="某市条例第10条",
            source="公报",
            in_force=date(2020, 5, 1),
            verified=True,
        ),
    ),
)


def test_each_rule_with_its_reason() -> None:
    assert render_text(applicable([NATION, CITY], "old", DAY)) == """\
【维修资金】
续交线（低于此数须续交）：首期交存额的 40%（待核实）
    条文  某市条例第9条
    原文  “不足百分之四十的”
    来源  新闻
    施行  2020-05-01 起，至 2030-04-30 止
    适用  老旧小区、安置小区
    核实  待核实，只提醒；能阻止的仍是全国“首期交存额的 30%”（某办法第17条）
    说明  只见到报道
    理由  某市的规定：本地规定先于全国规定
    未用  全国“首期交存额的 30%”（某办法第17条），2008-02-01 起（本地规定先于全国规定）

【公示】
公示至少张贴：15 日
    条文  某市条例第10条
    来源  公报
    施行  2020-05-01 起
    核实  已核实
    理由  只有某市规定了这一项

共 2 条，其中 1 条待核实：只提醒，不作为阻止的依据。
"""


def test_an_article_that_names_its_own_doubt_is_not_marked_twice() -> None:
    doubtful = NATION.rules[0].model_copy(update={"verified": False, "article": "户名由各地规定，待核实"})
    text = render_text(applicable([NATION.model_copy(update={"rules": (doubtful,)}), CITY], "old", DAY))
    assert "（户名由各地规定，待核实），2008-02-01 起" in text
    assert "待核实，待核实" not in text


def test_a_compound_of_another_kind_falls_under_the_nation_s() -> None:
    text = render_text(applicable([NATION, CITY], "commercial", DAY))
    assert "首期交存额的 30%\n" in text
    assert "40%" not in text
    assert "其中 0 条待核实" in text


@pytest.mark.parametrize("city", pack_names())
def test_every_pack_can_be_shown(city: str) -> None:
    applied = applicable(read_packs(city), "commercial", DAY)
    text = render_text(applied)
    assert text.count("    条文  ") == text.count("    来源  ") == text.count("    核实  ") == len(applied)
    assert "待核实，待核实" not in text
    assert text.count("    未用  ") == sum(len(one.displaced) for one in applied)
