"""Roles, compounds and terms of office: who may, who may not, and what they are told."""

from __future__ import annotations

from datetime import date

import pytest

from jiezhang.domain.people import (
    by_id,
    cashier_of,
    has_role,
    in_office,
    known_person,
    members,
    named,
    refuse_without,
    role_names,
    serves,
)
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street

OURS, OTHERS = "C0007", "C0008"
EVERYWHERE = Person(id="K01", name="会计甲", roles=("bookkeeper", "reviewer"))
HERE = Person(id="Y01", name="委员甲", roles=("committee",), compounds=(OURS,))
THERE = Person(id="Y02", name="委员乙", roles=("committee",), compounds=(OTHERS,))
TERM = HERE.model_copy(update={"id": "Y03", "since": date(2026, 3, 1), "until": date(2026, 3, 31)})
EVERYBODY = (EVERYWHERE, HERE, THERE, TERM)


@pytest.mark.parametrize(
    ("day", "since", "until", "there"),
    [
        (None, "2026-03-01", "2026-03-31", True),
        ("2026-02-28", "2026-03-01", "2026-03-31", False),
        ("2026-03-01", "2026-03-01", "2026-03-31", True),
        ("2026-03-31", "2026-03-01", "2026-03-31", True),
        ("2026-04-01", "2026-03-01", "2026-03-31", False),
        ("2026-04-01", "2026-03-01", "", True),
        ("2026-02-28", "", "2026-03-31", True),
        ("2026-04-01", "", "2026-03-31", False),
        ("2026-04-01", "", "", True),
    ],
)
def test_a_term_of_office(day: str | None, since: str, until: str, there: bool) -> None:
    first, last = (date.fromisoformat(one) if one else None for one in (since, until))
    person = HERE.model_copy(update={"since": first, "until": last})
    assert in_office(person, date.fromisoformat(day) if day else None) is there


@pytest.mark.parametrize(
    ("person", "roles", "compound", "able"),
    [
        (EVERYWHERE, ("bookkeeper",), OURS, True),
        (EVERYWHERE, ("committee", "reviewer"), OTHERS, True),
        (EVERYWHERE, ("committee",), OURS, False),
        (EVERYWHERE, (), OURS, False),
        (HERE, ("committee",), OURS, True),
        (HERE, ("committee",), OTHERS, False),
        (None, ("committee",), OURS, False),
    ],
)
def test_a_role(person: Person | None, roles: tuple[str, ...], compound: str, able: bool) -> None:
    assert has_role(person, roles, compound) is able


def test_a_role_on_a_day() -> None:
    assert has_role(TERM, ("committee",), OURS)
    assert has_role(TERM, ("committee",), OURS, date(2026, 3, 31))
    assert not has_role(TERM, ("committee",), OURS, date(2026, 4, 1))


def test_for_which_compounds() -> None:
    assert [serves(one, OURS) for one in EVERYBODY] == [True, True, False, True]


def test_members_are_named_for_the_compound() -> None:
    assert [one.id for one in members(EVERYBODY, "committee", OURS)] == ["Y01", "Y03"]
    assert [one.id for one in members(EVERYBODY, "committee", OURS, date(2026, 4, 1))] == ["Y01"]
    assert members(EVERYBODY, "bookkeeper", OURS) == []


def test_names() -> None:
    people = by_id(EVERYBODY)
    assert (named(people, "Y01"), named(people, "Z99")) == ("Y01 委员甲", "Z99")
    assert role_names(("committee", "firm")) == "业主委员会、物业服务企业"


def test_somebody_has_to_be_on_the_list() -> None:
    street = Street(name="长吴街道", city="hangzhou", people=EVERYBODY)
    assert known_person(street, "Y02") == THERE
    with pytest.raises(Refused) as refused:
        known_person(street, "Z99", "street.toml")
    assert str(refused.value) == "street.toml：人员 Z99 没有登记在街道的人员名单里"
    with pytest.raises(Refused) as refused:
        known_person(street, "Z99")
    assert refused.value.file == ""


def test_who_may_not_is_told_who_may() -> None:
    refuse_without(HERE, ["committee"], OURS, "提议")
    with pytest.raises(Refused) as refused:
        refuse_without(HERE, iter(["bookkeeper", "reviewer"]), OURS, "制单")
    assert refused.value.message == "Y01 委员甲不是小区 C0007 的代理会计、街道复核员，不能制单"


def test_a_compound_has_one_cashier_or_none() -> None:
    first, second = (Person(id=code, name="出纳", roles=("cashier",), compounds=(OURS,)) for code in ("C01", "C02"))
    assert cashier_of([HERE, first], OURS) == "C01"
    assert cashier_of([first, second], OURS) == ""
    assert cashier_of([first], OTHERS) == ""
    assert cashier_of([], OURS) == ""
