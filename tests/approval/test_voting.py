"""Whether the owners decided: participation, then consent, each by area and by heads (民法典 art. 278)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jiezhang.domain.approval.electorate import Count, Tally
from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.approval.voting import count_votes, majority_fault
from jiezhang.domain.fund_register import Change
from jiezhang.domain.problem import Refused
from tests.approval.office import BIG, SMALL, TWO, ballots, office, unanimous

FILE = "votes/R1.csv"
TODAY = date(2026, 6, 1)


def resolution(matter: str, scope: str = "compound") -> Resolution:
    return Resolution.model_validate({
        "code": "R1", "procedure": "four_steps", "title": "示例", "matter": matter, "fund": "G", "subjects": "5101",
        "by": "COMMITTEE-1", "scope": scope, "starts": TODAY, "ends": TODAY,
    })  # fmt: skip


P = "参与表决的"
A = "，民法典第278条"


@pytest.mark.parametrize(
    ("matter", "took_part", "agreed", "message"),
    [
        # all: 900.00 m², 90 heads.     area, heads      area, heads
        ("fund_use", (60000, 60), (30001, 31), ""),
        ("fund_use", (59999, 60), (59999, 60), f"{P}面积不足：599.99 ㎡，全体 900.00 ㎡{A}"),
        ("fund_use", (60000, 59), (60000, 59), f"{P}人数不足：59 人，全体 90 人{A}"),
        ("fund_use", (60000, 60), (30000, 31), f"同意的面积不足：300.00 ㎡，参与表决 600.00 ㎡{A}"),
        ("fund_use", (60000, 60), (30001, 30), f"同意的人数不足：30 人，参与表决 60 人{A}"),
        ("other", (60000, 60), (30001, 31), ""),
        ("other", (60000, 60), (30000, 30), f"同意的面积不足：300.00 ㎡，参与表决 600.00 ㎡{A}"),
        ("standing", (60000, 60), (30001, 31), ""),
        ("fund_raise", (60000, 60), (45000, 45), ""),
        ("fund_raise", (60000, 60), (44999, 45), f"同意的面积不足：449.99 ㎡，参与表决 600.00 ㎡{A}"),
        ("fund_raise", (60000, 60), (45000, 44), f"同意的人数不足：44 人，参与表决 60 人{A}"),
        ("rebuild", (60000, 60), (45000, 45), ""),
        ("rebuild", (60000, 60), (30001, 31), f"同意的面积不足：300.01 ㎡，参与表决 600.00 ㎡{A}"),
        ("operate", (60000, 60), (45000, 45), ""),
        ("operate", (60000, 61), (45000, 45), f"同意的人数不足：45 人，参与表决 61 人{A}"),
        ("other", (0, 0), (0, 0), f"{P}面积不足：0.00 ㎡，全体 900.00 ㎡{A}"),
    ],
)
def test_majorities(matter: str, took_part: tuple[int, int], agreed: tuple[int, int], message: str) -> None:
    found = Tally(Count(90000, 90), Count(*took_part), Count(*agreed))
    assert majority_fault(resolution(matter), found, office(), TODAY) == message


OLD = "，住宅专项维修资金管理办法（建设部、财政部令第165号）第22条"


@pytest.mark.parametrize(
    ("agreed", "message"),
    [
        ((60000, 60), ""),
        ((59999, 60), f"同意的面积不足：599.99 ㎡，全体 900.00 ㎡{OLD}"),
        ((60000, 59), f"同意的人数不足：59 人，全体 90 人{OLD}"),
    ],
)
def test_before_the_civil_code_two_thirds_of_all_had_to_agree(agreed: tuple[int, int], message: str) -> None:
    """165号令 art. 22, until 2020-12-31, knew no quorum of its own."""
    found = Tally(Count(90000, 90), Count(70000, 70), Count(*agreed))
    assert majority_fault(resolution("fund_use"), found, office(), date(2020, 12, 31)) == message
    assert majority_fault(resolution("fund_use"), found, office(), date(2021, 1, 1)) == ""


def test_without_a_verified_share_nothing_is_carried() -> None:
    found = Tally(*(Count(90000, 90),) * 3)
    files = replace(office(), packs=())
    assert majority_fault(resolution("other"), found, files, TODAY) == "规则包没有已核实的表决比例"


def test_a_share_that_is_missing_alone_carries_nothing_either() -> None:
    """There is a quorum, but nobody says how many have to agree."""
    without = tuple(
        pack.model_copy(update={"rules": tuple(rule for rule in pack.rules if rule.key != "vote.other")})
        for pack in office().packs
    )
    found = Tally(*(Count(90000, 90),) * 3)
    files = replace(office(), packs=without)
    assert majority_fault(resolution("other"), found, files, TODAY) == "规则包没有已核实的表决比例"
    assert majority_fault(resolution("fund_use"), found, files, TODAY) == ""


@pytest.mark.parametrize(("lost", "everybody"), [("2026-05-31", (75000, 7)), ("2026-06-02", (80000, 8))])
def test_who_votes_is_who_was_an_owner_on_the_day(lost: str, everybody: tuple[int, int]) -> None:
    gone = {"code": "G1", "date": lost, "kind": "loss", "dwellings": SMALL[0], "into": "", "owner": ""}
    register = office().register
    assert register is not None
    files = replace(office(), register=replace(register, changes=((2, Change.model_validate(gone)),)))
    assert count_votes(resolution("other"), TODAY, ballots({BIG: "agree"}), FILE, files).everybody == Count(*everybody)


def test_only_those_concerned_are_counted() -> None:
    """A repair of three dwellings' roof is theirs to decide, and nobody else's."""
    scope = "dwellings:" + ",".join((SMALL[0], *TWO))
    found = count_votes(resolution("fund_use", scope), TODAY, ballots(dict.fromkeys(TWO, "agree")), FILE, office())
    assert found == Tally(Count(15000, 2), Count(10000, 1), Count(10000, 1))


@pytest.mark.parametrize(
    ("scope", "choices", "register", "message"),
    [
        ("building:09", {}, True, "决议的范围里没有业主，不能表决"),
        (f"dwellings:{SMALL[0]}", {BIG: "agree"}, True, f"户 {BIG} 在表决日没有表决权，或不在表决范围内"),
        ("compound", unanimous(), False, "没有户册，不能计算表决结果"),
        ("everybody", unanimous(), True,
         "分摊范围“everybody”应写成 compound、building:幢、stair:幢/单元 或 dwellings:户,户"),
    ],
)  # fmt: skip
def test_votes_that_cannot_be_counted(scope: str, choices: dict[str, str], register: bool, message: str) -> None:
    files = office() if register else replace(office(), register=None)
    with pytest.raises(Refused) as refused:
        count_votes(resolution("fund_use", scope), TODAY, ballots(choices), FILE, files)
    assert refused.value.message == message


def test_a_share_is_exact() -> None:
    """Two thirds of 100 m² are more than 66.66: no rounding lets a vote through."""
    found = Tally(Count(10000, 3), Count(6666, 3), Count(6666, 3))
    said = majority_fault(resolution("other"), found, office(), TODAY)
    assert said.startswith("参与表决的面积不足") and Decimal("66.66") < Decimal(200) / 3
