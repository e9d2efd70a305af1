"""What public revenue owes the maintenance fund, by the packs of cities that say how much."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest
from beancount.core import data
from beancount.parser import parser

from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.applicable import applicable
from reports.revenue_share import RevenueShare, revenue_share

G = "C0007长吴公寓:G公共收益"
SHORT = {
    "BANK": f"Assets:{G}:1002银行存款-工行3021",
    "RENT": f"Income:{G}:4001车位场地",
    "COST": f"Expenses:{G}:5001经营成本",
    "LAMP": f"Expenses:{G}:5107水电",
    "FUND": f"Expenses:{G}:5201转入维修资金",
    "OWN": f"Equity:{G}:3001公共收益结余",
}
YEAR = """
    2026-01-01 * "期初"
      BANK  100.00 CNY
      OWN  -100.00 CNY
    2026-02-10 * "停车费"
      BANK  1000.00 CNY
      RENT -1000.00 CNY
    2026-03-05 * "管理费"
      BANK  -199.99 CNY
      COST   199.99 CNY
    2026-03-06 * "电费"
      BANK  -300.00 CNY
      LAMP   300.00 CNY
    2026-05-05 * "补充维修资金"
      BANK  -250.00 CNY
      FUND   250.00 CNY
    2026-06-30 * "停车费"
      BANK   800.00 CNY
      RENT  -800.00 CNY
    2026-07-20 * "补充维修资金"
      BANK  -300.00 CNY
      FUND   300.00 CNY
    2026-07-21 ! "还没有过账"
      BANK  -900.00 CNY
      FUND   900.00 CNY
    """


def entries(text: str = YEAR) -> list[data.Directive]:
    lines = []
    for line in dedent(text).splitlines():
        word = line.split()[0] if line.split() else ""
        lines.append(line.replace(word, SHORT.get(word, word), 1) if word else line)
    found, errors, _ = parser.parse_string("\n".join(lines))
    assert not errors
    return list(found)


def shares(city: str, on: date, text: str = YEAR) -> RevenueShare:
    applied = applicable(read_packs(city), "commercial", on)
    return revenue_share(
        entries(text), applied, None, code="C0007", name="长吴公寓", start=date(2026, 1, 1), on=on
    )


def rows(found: RevenueShare) -> list[tuple[str, int, int, int, int]]:
    """(end, base, due, paid, days late) in fen."""
    return [(str(p.last), p.base_fen, p.due_fen, p.paid_fen, p.days_late) for p in found.periods]


@pytest.mark.parametrize(
    ("city", "on", "expected"),
    [
        # 上海 art. 51: quarterly, more than 50 % of the income less its cost: 800.01 / 2 = 400.005 → 400.01.
        ("shanghai", date(2026, 7, 31), [
            ("2026-03-31", 80_001, 40_001, 40_001, 111),  # 250.00 in May, the last 150.01 on 20 July
            ("2026-06-30", 80_000, 40_001, 14_999, 31),
        ]),
        # 湖州 art. 45: quarterly, at least 50 % of the account's balance; transfers count after the quarter's end.
        ("huzhou", date(2026, 7, 31), [
            ("2026-03-31", 60_001, 30_001, 30_001, 111),
            ("2026-06-30", 115_001, 57_501, 24_999, 31),
        ]),
        ("huzhou", date(2026, 4, 10), [("2026-03-31", 60_001, 30_001, 0, 10)]),
        ("huzhou", date(2026, 3, 31), []),  # the quarter is not over
        # 北京 art. 74 names no period: by the year, which is not over.
        ("beijing", date(2026, 7, 31), []),
        # 杭州 art. 60 names no part.
        ("hangzhou", date(2026, 7, 31), []),
    ],
)  # fmt: skip
def test_shares(city: str, on: date, expected: list[tuple[str, int, int, int, int]]) -> None:
    assert rows(shares(city, on)) == expected


def test_a_city_without_a_number_shows_what_was_transferred() -> None:
    found = shares("hangzhou", date(2026, 7, 31))
    assert found.rule is None
    assert found.transferred_fen == 55_000
    assert found.short_fen == 0


def test_the_rule_comes_with_its_article() -> None:
    found = shares("huzhou", date(2026, 7, 31))
    assert found.rule is not None
    assert "第45条" in found.rule.rule.article
    assert found.short_fen == 57_501 - 24_999
