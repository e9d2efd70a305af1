"""Who may take a step: roles, joint reviews, majorities, and nobody in two capacities."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

import pytest

from jiezhang.book.registers import toml_bytes
from jiezhang.domain.approval.procedure import Step
from jiezhang.domain.approval.signers import signers_fault
from jiezhang.domain.register import Person, Street
from tests.approval.office import COMPOUND, START, office

NAME = "“示例”第2步“审议”"


def step(**who: Any) -> Step:
    return Step.model_validate({"code": "review", "title": "审议", "kind": "review", "article": "第1条", **who})


EITHER = step(by=["branch", "community"])
JOINTLY = step(jointly=["committee", "firm"])
MAJORITY = step(majority_of="committee")
BOTH = step(jointly=["committee", "firm"], majority_of="committee")
WITH_MORE = step(by=["auditor"], jointly=["committee"])
C1, C2, C3, C4, C5 = (f"COMMITTEE-{number}" for number in range(1, 6))

FEW = "业主委员会全体 5 人，只有 {} 人同意，须超过半数（第1条）"


@pytest.mark.parametrize(
    ("asked", "signed", "message"),
    [
        (EITHER, "BRANCH-1", ""),
        (EITHER, "COMMUNITY-2", ""),
        (EITHER, "BRANCH-1,COMMUNITY-1", ""),
        (EITHER, "FIRM-1", f"{NAME}须由小区党支部、社区（居委会）办，FIRM-1 物业服务企业甲不是（第1条）"),
        (EITHER, "BRANCH-1,FIRM-1", f"{NAME}须由小区党支部、社区（居委会）办，FIRM-1 物业服务企业甲不是（第1条）"),
        (EITHER, "BRANCH-X", f"{NAME}须由小区党支部、社区（居委会）办，BRANCH-X 别区小区党支部不是（第1条）"),
        (EITHER, "K99", f"{NAME}的签名人 K99 没有登记在 street.toml（第1条）"),
        (EITHER, "BRANCH-1,BRANCH-1", f"{NAME}的签名人有重复（第1条）"),
        (JOINTLY, f"{C1},FIRM-1", ""),
        (JOINTLY, f"FIRM-2,{C1},FIRM-1", ""),
        (JOINTLY, C1, f"{NAME}须业主委员会、物业服务企业会同办理，缺物业服务企业（第1条）"),
        (JOINTLY, "FIRM-1", f"{NAME}须业主委员会、物业服务企业会同办理，缺业主委员会（第1条）"),
        (MAJORITY, f"{C1},{C2},{C3}", ""),
        (MAJORITY, f"{C1},{C2},{C3},{C4},{C5}", ""),
        (MAJORITY, f"{C1},{C2}", f"{NAME}：{FEW.format(2)}"),
        (MAJORITY, C1, f"{NAME}：{FEW.format(1)}"),
        (BOTH, f"{C1},{C2},{C3},FIRM-1", ""),
        (BOTH, f"{C1},{C2},FIRM-1", f"{NAME}：{FEW.format(2)}"),
        (BOTH, f"{C1},{C2},{C3}", f"{NAME}须业主委员会、物业服务企业会同办理，缺物业服务企业（第1条）"),
        (WITH_MORE, f"{C1},AUDITOR-1", ""),
        (WITH_MORE, "AUDITOR-1", f"{NAME}须业主委员会会同办理，缺业主委员会（第1条）"),
    ],
)
def test_who_may_take_a_step(asked: Step, signed: str, message: str) -> None:
    hats: dict[str, str] = {}
    assert signers_fault(asked, signed, START, office(), hats, NAME) == message
    assert set(hats) == (set() if message else set(signed.split(","))), "a step that was not taken leaves no trace"


def test_nobody_is_a_majority_of_a_committee_without_members() -> None:
    """A role for the whole street makes nobody a member of one compound's committee."""
    people = {"A1": Person(id="A1", name="甲", roles=("committee",))}
    files = office().__class__(COMPOUND, people)
    said = signers_fault(MAJORITY, "A1", START, files, {}, NAME)
    assert said == f"{NAME}：业主委员会全体 0 人，只有 0 人同意，须超过半数（第1条）"


TWO_ROLES = Person(id="T1", name="两职", roles=("branch", "firm", "community"), compounds=(COMPOUND.code,))


@pytest.mark.parametrize(
    ("worn", "asked", "message", "then"),
    [
        ("", EITHER, "", "branch"),
        ("branch", EITHER, "", "branch"),
        ("community", EITHER, "", "community"),
        ("firm", EITHER,
         f"{NAME}：T1 两职已以“物业服务企业”身份办过这项决议，不能再以“小区党支部”身份办（第1条）", "firm"),
        ("branch", step(by=["firm"]),
         f"{NAME}：T1 两职已以“小区党支部”身份办过这项决议，不能再以“物业服务企业”身份办（第1条）", "branch"),
        ("branch", step(by=["firm", "branch"]), "", "branch"),
    ],
)  # fmt: skip
def test_one_capacity_in_one_resolution(worn: str, asked: Step, message: str, then: str) -> None:
    files = office().__class__(COMPOUND, {"T1": TWO_ROLES})
    hats = {"T1": worn} if worn else {}
    assert (signers_fault(asked, "T1", START, files, hats, NAME), hats["T1"]) == (message, then)


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        (None, None, ""),
        (0, 0, ""),
        (-1, None, ""),
        (None, 1, ""),
        (1, None, f"{NAME}的签名人 C1 甲在 {START} 不在任（第1条）"),
        (None, -1, f"{NAME}的签名人 C1 甲在 {START} 不在任（第1条）"),
    ],
)
def test_only_those_in_office_on_the_day(since: int | None, until: int | None, message: str) -> None:
    """Days before or after the day it was signed; the first and the last day count."""
    days = {name: START + timedelta(days=number) for name, number in (("since", since), ("until", until))
            if number is not None}  # fmt: skip
    one = Person.model_validate({"id": "C1", "name": "甲", "roles": ("branch",), "compounds": (COMPOUND.code,), **days})
    files = office().__class__(COMPOUND, {"C1": one})
    assert signers_fault(EITHER, "C1", START, files, {}, NAME) == message


def test_a_committee_elected_anew_changes_nothing_of_the_old_ones_decisions() -> None:
    """Of five, three signed; two years later seven others serve, and of them four must sign."""
    later = START + timedelta(days=730)
    old = {who: one.model_copy(update={"until": later - timedelta(days=1)}) if "committee" in one.roles else one
           for who, one in office().people.items()}  # fmt: skip
    new = [Person(id=f"N{n}", name=f"新{n}", roles=("committee",), compounds=(COMPOUND.code,), since=later)
           for n in range(1, 8)]  # fmt: skip
    files = office().__class__(COMPOUND, {**old, **{one.id: one for one in new}})
    assert signers_fault(MAJORITY, f"{C1},{C2},{C3}", START, files, {}, NAME) == ""
    assert signers_fault(MAJORITY, "N1,N2,N3,N4", later, files, {}, NAME) == ""
    said = signers_fault(MAJORITY, "N1,N2,N3", later, files, {}, NAME)
    assert said == f"{NAME}：业主委员会全体 7 人，只有 3 人同意，须超过半数（第1条）"
    assert signers_fault(MAJORITY, f"{C1},N2,N3,N4", later, files, {}, NAME).endswith("不在任（第1条）")


def test_who_left_is_written_down_and_read_again() -> None:
    left = Person(id="C1", name="甲", roles=("committee",), compounds=(COMPOUND.code,), since=START, until=START)
    street = Street(name="长吴街道", city="hangzhou", people=(left, TWO_ROLES))
    assert Street.model_validate(tomllib.loads(toml_bytes(street).decode())) == street
