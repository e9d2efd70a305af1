"""The street's board: every compound in a row, its troubles counted, found, sorted; totals and charts that add up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from standings import (
    AUGUST,
    OCTOBER,
    SEPTEMBER,
    STREET,
    TODAY,
    WHO,
    Markup,
    kept,
    month,
    parties,
    pile,
    rendered,
    standing,
    step,
)

from jiezhang.domain.period import Month
from jiezhang.street.read_model import Kept
from jiezhang.street.standing_value import CompoundStanding, Flow, FundBalance
from jiezhang.web.desks.board_rows import TROUBLES
from jiezhang.web.desks.charts import HEIGHT, WIDTH, month_chart, shares
from jiezhang.web.desks.street_view import StreetView, street_view

BANK = "Assets:C0001小区:G公共收益:1002银行存款-工行3021"
PUBLISH = step(kind="publication", state="owed", name="每半年公布收支", roles=("committee",))
SIX = kept(
    standing("C0001", month(), closed=SEPTEMBER),
    standing("C0002", month(state="presented", parties=parties("B01")), community="SQ2"),
    standing("C0003", month(waiting=(pile(2),), entered=(pile(3),), verdict="different", unstated=(BANK,))),
    standing("C0004", month(), closed=SEPTEMBER, faults=2, fault="付款没有决议", steps=(PUBLISH,)),
    standing("C0005", month(AUGUST), closed=None, community="SQ2"),
) | {"C0006": Kept(None, False, "主文件读不出来"), "C0007": Kept(None, True, "")}


def view_of(known: Mapping[str, Kept] = SIX, person: str = "T01", today: date = TODAY, **query: str) -> StreetView:
    return street_view(known, STREET, WHO[person], query, today)


def codes(view: StreetView) -> list[str]:
    return [row.code for row in view.rows]


def test_the_month_before_is_shown_unless_another_is_asked_for() -> None:
    assert [view_of(today=day).month for day in (date(2026, 10, 1), date(2027, 1, 5))] == [SEPTEMBER, Month(2026, 12)]
    assert view_of(month="2026-08").month == AUGUST
    assert {row.code: row.state.text for row in view_of(month="2026-08").rows} == {
        "C0001": "已封月", "C0002": "已封月", "C0003": "已封月", "C0004": "已封月", "C0005": "未报送",
        "C0006": "读不出来", "C0007": "整理中",
    }  # fmt: skip


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"month": "x"}, {"community": "SQ9"}, {"trouble": "x"}, {"sort": "x", "turn": "2"}]
)
def test_what_makes_no_sense_is_not_asked(query: dict[str, str]) -> None:
    assert view_of(SIX, **query) == view_of()


EXPECTED = {
    "late": {"C0002", "C0003", "C0005"},
    "unclosed": {"C0002", "C0003", "C0005"},
    "unstated": {"C0003", "C0005"},
    "unreconciled": {"C0003", "C0005"},
    "unposted": {"C0003"},
    "broken": {"C0004"},
    "unpublished": {"C0004"},
    "unreadable": {"C0006"},
}


def test_every_trouble_is_expected() -> None:
    assert set(EXPECTED) == set(TROUBLES)


@pytest.mark.parametrize("trouble", EXPECTED)
def test_troubles_are_counted_and_found(trouble: str) -> None:
    counted = {one.name: one.count for one in view_of().troubles}
    found = view_of(SIX, trouble=trouble)
    assert set(codes(found)) == EXPECTED[trouble]
    assert counted[TROUBLES[trouble]] == len(EXPECTED[trouble])  # type: ignore[index]
    assert found.total == len(SIX)


@pytest.mark.parametrize(
    ("one", "asked", "owed"),
    [
        (standing("C0001", month(), published=(AUGUST,)), "2026-09", 1),
        (standing("C0001", month(), published=(AUGUST,)), "2026-08", 0),
        (standing("C0001", month(), published=()), "2026-08", 1),  # sealed, and older than what is looked at
        (standing("C0001", month(waiting=(pile(1),)), published=()), "2026-09", 0),
        (standing("C0001", month(), published=()), "2026-10", 0),  # not over
        (standing("C0004", month(), published=(), steps=(PUBLISH,)), "2026-09", 2),
    ],
)
def test_the_statement_of_the_month_shown_that_does_not_hang(one: CompoundStanding, asked: str, owed: int) -> None:
    view = view_of(kept(one), month=asked)
    (row,) = view.rows
    assert (row.owed, "unpublished" in row.troubles) == (owed, bool(owed))
    assert row.owed_note.startswith(f"{asked} 公示表还没有登记张贴" if owed else "")
    assert f"{owed} 项" in rendered("board.html", view) or not owed


def test_a_community_has_its_own_board() -> None:
    found = view_of(SIX, community="SQ2")
    assert (codes(found), found.total, found.unposted) == (["C0005", "C0002"], 2, 0)
    assert [(one.name, one.count, one.is_chosen) for one in found.communities] == [
        ("全部社区", 7, False), ("一社区", 3, False), ("二社区", 2, True),
    ]  # fmt: skip


def test_a_row() -> None:
    rows = {row.code: row for row in view_of().rows}
    worst = rows["C0003"]
    late = (worst.unposted, worst.unposted_note, worst.days_late, worst.late_since)
    assert late == (5, "2026-09：5 笔", 5, "2026-09 未封月")
    assert (worst.verdict.text, worst.verdict.note) == ("不符", "缺 1 个账户的对账单")
    assert rows["C0002"].missing == "专业审计、社区"
    assert (rows["C0005"].days_late, rows["C0005"].late_since, rows["C0005"].verdict.text) == (
        35, "2026-08 未封月", "没有对账单",
    )  # fmt: skip
    assert (rows["C0004"].faults, rows["C0004"].owed_note) == (2, "R2026-01 每半年公布收支")
    assert rows["C0001"].shown == {"G": "1,000.00"}


def test_totals() -> None:
    found = view_of()
    assert (found.total, found.closed, found.updating, found.unposted) == (7, 2, 1, 5)
    assert found.balances == (("公共收益", "5,000.00"),)
    assert [(one.name, one.count) for one in found.states] == [
        ("已封月", 2), ("待签署", 1), ("未报送", 2), ("读不出来", 1), ("整理中", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "C0003", "C0007"),
        ({"sort": "code"}, "C0001", "C0007"),
        ({"sort": "code", "turn": "1"}, "C0007", "C0001"),
        ({"sort": "late"}, "C0005", "C0007"),
        ({"sort": "unposted"}, "C0003", "C0007"),
        ({"sort": "unposted", "turn": "1"}, "C0001", "C0003"),
        ({"sort": "faults"}, "C0004", "C0007"),
        ({"sort": "owed"}, "C0004", "C0007"),
        ({"sort": "state"}, "C0006", "C0004"),
        ({"sort": "verdict"}, "C0003", "C0007"),
        ({"sort": "G"}, "C0001", "C0007"),
    ],
)
def test_sorted(query: dict[str, str], first: str, last: str) -> None:
    found = view_of(SIX, **query)
    assert (codes(found)[0], codes(found)[-1]) == (first, last)
    assert sorted(codes(found)) == sorted(SIX)


def test_a_second_click_turns_it_round_and_keeps_what_is_chosen() -> None:
    def heads(**query: str) -> dict[str, tuple[dict[str, str], str]]:
        return {
            one.key: (dict(parse_qsl(urlsplit(one.address).query)), one.turned) for one in view_of(SIX, **query).columns
        }

    assert heads(trouble="late")["faults"] == ({"trouble": "late", "sort": "faults"}, "")
    assert heads(sort="faults")["faults"] == ({"sort": "faults", "turn": "1"}, "descending")
    assert heads(sort="faults", turn="1")["faults"] == ({"sort": "faults"}, "ascending")
    assert heads(sort="code")["code"][1] == "ascending"
    assert "J" not in heads()


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("T01", "/c0001/extension/MonthPage/?month=2026-09"),
        ("S01", "/c0001/extension/MonthPage/?month=2026-09"),
        ("B01", "/jiezhang/c0001/parties?month=2026-09"),
        ("K02", ""),
    ],
)
def test_who_may_not_look_gets_no_link(person: str, address: str) -> None:
    assert [row.address for row in view_of(SIX, person).rows if row.code == "C0001"] == [address]


def test_charts_add_up_the_street() -> None:
    def flows(*amounts: tuple[Month, int, int]) -> tuple[Flow, ...]:
        return tuple(Flow(month=when, fund="G", income_fen=came, expense_fen=went) for when, came, went in amounts)

    known = kept(
        standing("C0001", flows=flows((AUGUST, 100_00, 10_00), (SEPTEMBER, 200_00, 0))),
        standing("C0002", flows=flows((SEPTEMBER, 50_00, 5_00), (OCTOBER, 7_00, 0)), community="SQ2"),
    )
    (chart,) = view_of(known).charts
    assert chart.figures == (("2026-08", "100.00", "10.00"), ("2026-09", "250.00", "5.00"))
    (chart,) = view_of(known, community="SQ2").charts
    assert chart.figures == (("2026-09", "50.00", "5.00"),)
    assert view_of().charts == ()


YEAR = [Month(2026, 9).shift(back) for back in range(-11, 1)]


@pytest.mark.parametrize(
    ("amounts", "unit", "labels"),
    [
        ((250_00, 5_00), "元", {"0", "250", "500"}),
        ((12_345_67, 9_000_00), "万元", {"0", "1", "2"}),
        ((3_00, -45_00), "元", {"-50", "0", "2.5", "5"}),
        ((0, 0), "元", {"0", "50", "100"}),
        ((999_999_999_999_99, 1), "万元", {"0", "50,000,000", "100,000,000"}),
    ],
)
def test_a_chart_fits_its_canvas(amounts: tuple[int, int], unit: str, labels: set[str]) -> None:
    chart = month_chart("甲", YEAR, {YEAR[0]: amounts, YEAR[-1]: amounts})
    assert (chart.unit, {line.text for line in chart.lines}) == (unit, labels)
    assert len(chart.bars) == 4
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height < HEIGHT and bar.height >= 0 for bar in chart.bars)
    heights = [bar.height for bar in chart.bars[:2]]
    assert (heights[0] > heights[1]) == (abs(amounts[0]) > abs(amounts[1]))


def test_parts_make_a_whole() -> None:
    found = shares([("good", "甲", 3), ("wait", "乙", 0), ("bad", "丙", 4)], 1000)
    assert [(one.name, one.x, one.width) for one in found] == [("甲", 0, 428), ("丙", 428, 572)]
    assert shares([("good", "甲", 0)], 1000) == ()


def test_the_page_shows_every_row_and_needs_no_script() -> None:
    view = view_of(SIX | kept(standing("C0008", flows=(Flow(month=SEPTEMBER, fund="W", income_fen=1, expense_fen=2),))))
    found = Markup(rendered("board.html", view))
    assert found.forbidden == []
    assert {row.address for row in view.rows if row.address} <= set(found.addresses)
    assert {one.address for one in (*view.columns, *view.troubles, *view.months, *view.communities)} <= set(
        found.addresses
    )
    assert found.tags.count("svg") == 2
    assert found.tags.count("rect") == sum(map(len, (view.states, view.charts[0].bars)))


def test_names_are_shown_as_text() -> None:
    one = standing("C0001", name="<script>甲</script>", faults=1, fault="<img onerror=1>", steps=(PUBLISH,))
    found = Markup(rendered("board.html", view_of(kept(one))))
    assert found.forbidden == []
    assert "img" not in found.tags


def test_a_filter_that_finds_nothing_says_so() -> None:
    page = rendered("board.html", view_of(kept(standing("C0001", closed=SEPTEMBER)), trouble="late"))
    assert "没有这样的小区" in page


def test_a_street_without_compounds() -> None:
    assert view_of({}).rows == ()
    assert "0 / 0" in rendered("board.html", view_of({}))


def test_what_a_fund_held_at_the_end_of_the_month_shown() -> None:
    """And not what it holds today; before the books there is nothing to be said."""
    changes = ((AUGUST, 500_00), (SEPTEMBER, 300_00), (OCTOBER, 100_00))
    fund = FundBalance(fund="G公共收益", balance_fen=900_00, changes=changes)
    known = kept(standing("C0001", month(), balances=(fund,)))
    found = {}
    for asked in ("2026-07", "2026-08", "2026-09", "2026-10"):
        view = view_of(known, month=asked)
        said = rendered("board.html", view).partition('class="jz-sums">')[2].partition("</p>")[0]
        found[asked] = (dict(view.rows[0].shown), re.sub("<[^>]+>", "", said))
    assert found == {
        "2026-07": ({}, "到今天为止未过账合计 0 笔。"),
        "2026-08": ({"G": "500.00"}, "2026-08-31 账面结存：公共收益 500.00 元。到今天为止未过账合计 0 笔。"),
        "2026-09": ({"G": "800.00"}, "2026-09-30 账面结存：公共收益 800.00 元。到今天为止未过账合计 0 笔。"),
        "2026-10": ({"G": "900.00"}, "到今天为止账面结存：公共收益 900.00 元。到今天为止未过账合计 0 笔。"),
    }
    assert "“逾期”“未过账”“违反规则”说的是到今天为止的各个月份" in rendered("board.html", view_of(known))
