"""What waits for whom, with the address to click: each person's own, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from standings import (
    AUGUST,
    OCTOBER,
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

from jiezhang.street.read_model import Kept
from jiezhang.street.standing_value import CompoundStanding
from jiezhang.web.desks.desk_view import SHOWN, DeskView, desk_view


def desk(person: str, *standings: CompoundStanding, today: date = TODAY) -> dict[str, list[tuple[str, int, str]]]:
    """By group: compound, count, address."""
    view = desk_view(kept(*standings), WHO[person], today)
    return {group.key: [(one.code, one.count, one.address) for one in group.items] for group in view.groups}


VOUCHERS = "/c0001/extension/VouchersPage/?month=2026-09"
MONTH = "/c0001/extension/MonthPage/?month=2026-09"
PARTIES = "/c0001/extension/PartiesPage/?month=2026-09"
BUSY = standing(
    "C0001",
    month(waiting=(pile(2),), entered=(pile(3, date(2026, 9, 4), "K01"), pile(1, date(2026, 9, 2), "F01", "K02")),
          reviewed=(pile(4, date(2026, 9, 5), "F01"), pile(2, date(2026, 9, 1), "K01"))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("K01", {"complete": [("C0001", 2, MONTH)], "post": [("C0001", 4, VOUCHERS)]}),
        ("F01", {"review": [("C0001", 3, VOUCHERS)]}),
        ("T01", {"review": [("C0001", 4, VOUCHERS)], "post": [("C0001", 6, VOUCHERS)]}),
        ("K02", {}),
        ("A01", {}),
        ("B01", {}),
        ("Y01", {}),
    ],
)
def test_vouchers_go_to_who_may_and_had_no_part(person: str, expected: dict[str, object]) -> None:
    assert desk(person, BUSY) == expected


def test_since_when_counts_only_what_is_theirs() -> None:
    view = desk_view(kept(BUSY), WHO["F01"], TODAY)
    assert [item.since for group in view.groups for item in group.items] == [date(2026, 9, 4)]


@pytest.mark.parametrize(
    ("fields", "today", "expected"),
    [
        ({}, TODAY, [("C0001", 1, PARTIES)]),
        ({}, date(2026, 9, 30), []),
        ({"waiting": (pile(1),)}, TODAY, []),
        ({"unstated": ("Assets:C0001小区:G公共收益:1002银行存款-工行3021",)}, TODAY, []),
        ({"state": "presented", "parties": parties()}, TODAY, []),
    ],
)
def test_a_month_that_can_be_presented(
    fields: dict[str, object], today: date, expected: list[tuple[str, int, str]]
) -> None:
    assert desk("K01", standing("C0001", month(**fields)), today=today).get("present", []) == expected


def test_books_with_faults_are_mended_first() -> None:
    found = desk("K01", standing("C0001", faults=3, fault="付款没有决议"))
    assert found == {"faults": [("C0001", 3, MONTH)]}


@pytest.mark.parametrize(
    ("signed", "person", "expected"),
    [
        ((), "B01", {"sign": [("C0001", 1, "/jiezhang/c0001/parties?month=2026-09")]}),
        (("B01",), "B01", {}),
        ((), "A01", {"sign": [("C0001", 1, PARTIES)]}),
        ((), "S01", {"sign": [("C0001", 1, PARTIES)]}),
        ((), "D01", {"sign": [("C0001", 1, PARTIES)]}),
        (("D01",), "D01", {}),
        ((), "K01", {}),
        (("B01", "A01", "S01"), "K01", {"close": [("C0001", 1, PARTIES)]}),
        (("B01", "A01", "S01"), "D01", {"sign": [("C0001", 1, PARTIES)]}),
        ((), "D02", {"key": [("C0001", 1, PARTIES)]}),
    ],
)
def test_a_presented_month(signed: tuple[str, ...], person: str, expected: dict[str, object]) -> None:
    assert desk(person, standing("C0001", month(state="presented", parties=parties(*signed)))) == expected


@pytest.mark.parametrize(
    ("banks", "awaited", "expected"),
    [((), ("icbc",), True), (("icbc",), ("icbc", "ccb"), True), (("ccb",), ("icbc",), False), (("ccb",), (), False)],
)
def test_a_bank_is_waited_for_its_own_accounts(
    banks: tuple[str, ...], awaited: tuple[str, ...], expected: bool
) -> None:
    words = tuple(one.model_copy(update={"banks": awaited}) if one.party == "bank" else one for one in parties())
    clerk = WHO["B01"].model_copy(update={"banks": banks})
    view = desk_view(kept(standing("C0001", month(state="presented", parties=words))), clerk, TODAY)
    assert [group.key for group in view.groups] == ["sign"] * expected


def test_nobody_is_late_without_a_key() -> None:
    one = standing("C0001", month(state="presented", parties=parties()))
    late = {who: desk_view(kept(one), WHO[who], TODAY).late for who in ("D01", "D02")}
    assert late == {"D01": 1, "D02": 0}


def test_a_refusal_goes_back_to_the_office() -> None:
    one = standing("C0001", month(state="presented", parties=parties("A01", "S01", refused="B01")))
    assert [desk(who, one) for who in ("K01", "B01", "A01")] == [{"refused": [("C0001", 1, PARTIES)]}, {}, {}]


DECISION = "/c0001/extension/DecisionsPage/?code=R2026-01"


@pytest.mark.parametrize(
    ("fields", "person", "expected"),
    [
        ({}, "S01", {"decide": DECISION}),
        ({}, "Y01", {}),
        ({"roles": ("bank",)}, "B01", {"decide": "/jiezhang/c0001/decisions?code=R2026-01"}),
        ({"after": TODAY}, "S01", {}),
        ({"after": TODAY - timedelta(1)}, "S01", {"decide": DECISION}),
        ({"objections": 1}, "S01", {}),
        ({"ends": TODAY - timedelta(1)}, "S01", {}),
        ({"seals": ("committee",), "roles": ("committee",), "keepers": ("Y01",)}, "Y01", {"seal": DECISION}),
        ({"seals": ("committee",), "roles": ("committee",), "keepers": ("Y02",)}, "Y01", {}),
        ({"seals": ("assembly",), "roles": ("community",)}, "S01", {"seal": DECISION}),
    ],
)
def test_steps_go_to_whom_they_ask(fields: dict[str, object], person: str, expected: dict[str, str]) -> None:
    found = desk(person, standing("C0001", month(waiting=(pile(1),)), steps=(step(**fields),)))
    assert {key: items[0][2] for key, items in found.items()} == expected


def test_statements_that_are_not_there() -> None:
    known = standing("C0001", month(unstated=("Assets:C0001小区:G公共收益:1002银行存款-工行3021",)))
    silent = standing("C0002", month(AUGUST), closed=None)
    view = desk_view(kept(known, silent), WHO["K01"], TODAY)
    (group,) = (group for group in view.groups if group.key == "statements")
    assert [(one.code, one.what, one.due) for one in group.items] == [
        ("C0001", "2026-09：公共收益 工行3021", date(2026, 10, 15)),
        ("C0002", "2026-09 还没有导入对账单", date(2026, 10, 15)),
    ]
    later = desk_view(kept(silent), WHO["K01"], date(2026, 11, 1))
    assert [one.what for group in later.groups if group.key == "statements" for one in group.items] == [
        "2026-09 至 2026-10 还没有导入对账单（2 份）"
    ]


def test_who_waits_for_another_signature_is_not_late() -> None:
    words = parties()
    waits = {"auditor": "银行还没有签署"}
    told = tuple(one.model_copy(update={"waits": waits.get(one.party, "")}) for one in words)
    item = ("2026-09 三方对账单（专业审计）：银行还没有签署", None)
    for person, said in (("A01", {"bank_first": [item]}), ("B01", {})):
        view = desk_view(kept(standing("C0001", month(state="presented", parties=told))), WHO[person], TODAY)
        found = {one.key: [(item.what, item.due) for item in one.items] for one in view.groups if one.key != "sign"}
        assert (found, view.late) == (said, 0 if said else 1)


def test_a_card_its_heading_and_its_lines_count_the_same() -> None:
    """Statements, not compounds: two accounts of C0001 for September, one of C0002 for two months."""
    accounts = tuple(f"Assets:C0001小区:G公共收益:1002银行存款-工行{number}" for number in (3021, 3022))
    known = standing("C0001", month(unstated=accounts), month(OCTOBER))
    silent = standing("C0002", month(AUGUST), closed=None)
    view = desk_view(kept(known, silent), WHO["K01"], date(2026, 11, 1))
    (group,) = (group for group in view.groups if group.key == "statements")
    assert [(one.code, one.count) for one in group.items] == [("C0001", 2), ("C0002", 2)]
    page = rendered("desk.html", view)
    assert '<b>4 <small>份</small></b>缺对账单' in page
    assert "缺对账单 <small>4 份</small>" in page
    assert page.count("（2 份）</a>") == 2, "each line says how many of them it is"
    known = standing("C0001", month(waiting=(pile(9),)))
    assert ">2026-09：9 笔流水<" in rendered("desk.html", desk_view(kept(known), WHO["K01"], TODAY))


def test_the_oldest_come_first_and_late_is_counted() -> None:
    old = standing("C0002", month(AUGUST), closed=None)
    new = standing("C0001", month(), month(OCTOBER, waiting=(pile(1, date(2026, 10, 2)),)))
    view = desk_view(kept(new, old), WHO["K01"], TODAY)
    groups = {group.key: group for group in view.groups}
    assert [(one.code, one.due, one.days_late) for one in groups["present"].items] == [
        ("C0002", date(2026, 9, 15), 35), ("C0001", date(2026, 10, 15), 5),
    ]  # fmt: skip
    assert view.late == 3  # two to be presented, and a statement of C0002 for September
    assert groups["complete"].total == 1


def test_a_person_sees_their_own_compounds() -> None:
    view = desk_view(kept(*(standing(f"C000{n}", month(waiting=(pile(n),))) for n in (1, 2, 3))), WHO["K02"], TODAY)
    assert (view.compounds, [[one.code for one in group.items] for group in view.groups]) == (1, [["C0002"]])


def test_what_is_not_ready_is_said() -> None:
    known = {**kept(standing("C0001"), stale=("C0001",)), "C0002": Kept(None, True, ""),
             "C0003": Kept(None, False, "主文件读不出来")}  # fmt: skip
    view = desk_view(known, WHO["K01"], TODAY)
    assert (view.updating, view.wrong) == (2, (("C0003", "主文件读不出来"),))
    assert desk_view(known, WHO["B01"], TODAY).wrong == ()
    page = rendered("desk.html", view)
    assert "2 个小区更新中" in page and "主文件读不出来" in page and page.count(">更新中<") == 1


@pytest.mark.parametrize(
    ("person", "fields", "today", "expected"),
    [
        ("S01", {}, TODAY, [("C0001", "2026-09 收支公示表", date(2026, 10, 10), 10)]),
        ("Y01", {}, TODAY, [("C0001", "2026-09 收支公示表", date(2026, 10, 10), 10)]),
        ("K01", {}, TODAY, []),
        ("S01", {}, date(2026, 9, 30), []),
        ("S01", {"waiting": (pile(1),)}, TODAY, []),
        ("S01", {"posted": 0}, TODAY, []),
    ],
)
def test_a_statement_that_nobody_says_hangs_on_the_board(
    person: str, fields: dict[str, object], today: date, expected: list[object]
) -> None:
    view = desk_view(kept(standing("C0001", month(**fields), published=(AUGUST,))), WHO[person], today)
    groups = {group.key: group.items for group in view.groups}
    assert [(one.code, one.what, one.due, one.days_late) for one in groups.get("publish", ())] == expected


def test_an_empty_desk_says_so() -> None:
    assert "现在没有等您办的事" in rendered("desk.html", desk_view(kept(standing()), WHO["Y01"], TODAY))
    nothing = desk_view({"C0001": Kept(None, True, "")}, WHO["Y01"], TODAY)
    assert "正在整理各小区的账簿" in rendered("desk.html", nothing)


def page_of(view: DeskView) -> Markup:
    return Markup(rendered("desk.html", view))


def test_the_page_leads_to_everything_and_needs_no_script() -> None:
    many = [standing(f"C{n:04d}", month(waiting=(pile(1),))) for n in range(1, SHOWN + 4)]
    view = desk_view(kept(*many), WHO["K01"], TODAY)
    found = page_of(view)
    assert found.forbidden == []
    wanted = {item.address for group in view.groups for item in group.items}
    assert len(wanted) == SHOWN + 3
    assert wanted <= set(found.addresses)


def test_names_are_shown_as_text() -> None:
    one = standing("C0001", name="<script>甲</script>", faults=1, fault="<img onerror=1>", steps=(step(title="<b>"),))
    for person in ("K01", "S01"):
        found = page_of(desk_view(kept(one), WHO[person], TODAY))
        assert found.forbidden == []
        assert "img" not in found.tags


