"""Who may change which rule pack: the street's log of adoptions, read as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from jiezhang.domain.pack_log import (
    PackAdoption,
    adopted,
    approve,
    check_log,
    current,
    founding,
    propose,
    waiting,
)
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person

OLD, NEW, NEWER = "0" * 64, "1" * 64, "2" * 64
DAY = date(2026, 11, 2)

PEOPLE = {
    person.id: person
    for person in (
        Person(id="K01", name="代理会计1号", roles=("bookkeeper",)),
        Person(id="K02", name="代理会计2号", roles=("bookkeeper",), compounds=("C0001",)),
        Person(id="F01", name="街道复核员", roles=("reviewer",)),
        Person(id="F02", name="片区复核员", roles=("reviewer",), compounds=("C0001",)),
        Person(id="T01", name="街道负责人", roles=("street_head",)),
        Person(id="A01", name="专业审计员", roles=("auditor",)),
        Person(id="L01", name="离任复核员", roles=()),
        Person(id="X01", name="杂务", roles=("gardener",)),
    )
}

Line = tuple[str, str, str, str]
"""(pack, sha256, proposed_by, approved_by)."""

FOUNDED: tuple[Line, ...] = (("hangzhou", OLD, "建账", "建账"), ("national", OLD, "建账", "建账"))


def log_of(*lines: Line) -> list[PackAdoption]:
    return [
        PackAdoption(day=DAY, pack=pack, sha256=sha256, proposed_by=proposed, approved_by=approved, reason="修订")
        for pack, sha256, proposed, approved in lines
    ]


def numbered(lines: Sequence[Line]) -> list[tuple[int, PackAdoption]]:
    return list(enumerate(log_of(*lines), start=2))


def test_a_new_street_adopts_what_there_is() -> None:
    log = founding({"national": NEW, "hangzhou": OLD}, DAY)
    assert [(row.pack, row.sha256, row.reason) for row in log] == [
        ("hangzhou", OLD, "建账时采用"),
        ("national", NEW, "建账时采用"),
    ]
    assert all(row.is_founding for row in log)
    assert current(log) == {"hangzhou": OLD, "national": NEW}


@pytest.mark.parametrize(
    ("lines", "counts", "asked"),
    [
        # a proposal alone changes nothing
        ([("hangzhou", NEW, "K01", "")], {"hangzhou": OLD, "national": OLD}, {"hangzhou": NEW}),
        ([("hangzhou", NEW, "K01", ""), ("hangzhou", NEW, "K01", "F01")], {"hangzhou": NEW, "national": OLD}, {}),
        # a newer proposal takes the place of an older one
        ([("hangzhou", NEW, "K01", ""), ("hangzhou", NEWER, "F01", "")],
         {"hangzhou": OLD, "national": OLD}, {"hangzhou": NEWER}),
        # back to what it was is a change like any other
        ([("hangzhou", NEW, "K01", "F01"), ("hangzhou", OLD, "K01", "F01")], {"hangzhou": OLD, "national": OLD}, {}),
        # a pack the street did not begin with
        ([("procedures/four_steps", NEW, "K01", "T01")],
         {"hangzhou": OLD, "national": OLD, "procedures/four_steps": NEW}, {}),
    ],
)  # fmt: skip
def test_what_counts(lines: list[Line], counts: dict[str, str], asked: dict[str, str]) -> None:
    log = log_of(*FOUNDED, *lines)
    check_log(numbered([*FOUNDED, *lines]), tuple(PEOPLE.values()), "rulepacks.csv")
    assert current(log) == counts
    assert {pack: row.sha256 for pack, row in waiting(log).items()} == asked


def test_whoever_left_has_approved_all_the_same() -> None:
    """A person who has no roles any more; and one of another office now, whose row does not count any more."""
    check_log(numbered([*FOUNDED, ("hangzhou", NEW, "K01", "L01")]), tuple(PEOPLE.values()), "rulepacks.csv")
    superseded = [*FOUNDED, ("hangzhou", NEW, "K01", "A01"), ("hangzhou", NEWER, "K01", "F01")]
    check_log(numbered(superseded), tuple(PEOPLE.values()), "rulepacks.csv")


ALONE = "规则包 hangzhou 由 F01 一个人提出、批准，须由两个人办理"
FIRST = "“建账”只能写在最前面，每个规则包一次，以后的改动须由两个人提出、批准"
HEADS = "须是负责全街道的街道复核员、街道负责人"
ANY = "须是负责全街道的代理会计、街道复核员、街道负责人"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("hangzhou", NEW, "F01", "F01"), ALONE),
        (("hangzhou", NEW, "F01", "F09"), "人员 F09 没有登记在街道的人员名单里"),
        (("hangzhou", NEW, "K09", ""), "人员 K09 没有登记在街道的人员名单里"),
        (("hangzhou", NEW, "建账", "F01"), "人员 建账 没有登记在街道的人员名单里"),
        (("hangzhou", NEW, "F01", "K01"), f"K01（代理会计）不能批准规则包的改动，{HEADS}"),
        (("hangzhou", NEW, "K01", "F02"), f"F02（街道复核员）不能批准规则包的改动，{HEADS}"),
        (("hangzhou", NEW, "K02", "F01"), f"K02（代理会计）不能提出规则包的改动，{ANY}"),
        (("hangzhou", NEW, "A01", "F01"), f"A01（专业审计）不能提出规则包的改动，{ANY}"),
        (("hangzhou", NEW, "X01", "F01"), f"X01（gardener）不能提出规则包的改动，{ANY}"),
        (("hangzhou", NEW, "建账", "建账"), FIRST),
    ],
)
def test_a_row_that_one_person_alone_could_have_written(line: Line, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_log(numbered([*FOUNDED, line]), tuple(PEOPLE.values()), "rulepacks.csv")
    assert (refused.value.message, refused.value.file, refused.value.line) == (said, "rulepacks.csv", 4)


def test_founding_rows_come_first() -> None:
    lines: list[Line] = [*FOUNDED, ("hangzhou", NEW, "K01", "F01"), ("shanghai", NEW, "建账", "建账")]
    with pytest.raises(Refused, match=FIRST) as refused:
        check_log(numbered(lines), tuple(PEOPLE.values()), "rulepacks.csv")
    assert refused.value.line == 5


def test_a_proposal_and_its_approval_are_two_rows() -> None:
    log = log_of(*FOUNDED)
    asked = propose(log, "hangzhou", NEW, PEOPLE["K01"], date(2026, 11, 2), "条例修订", "街发〔2026〕12号")
    assert (asked.approved_by, asked.day) == ("", date(2026, 11, 2))
    log.append(asked)
    agreed = approve(log, "hangzhou", NEW, PEOPLE["F01"], date(2026, 11, 3))
    assert (agreed.proposed_by, agreed.approved_by, agreed.day) == ("K01", "F01", date(2026, 11, 3))
    assert (agreed.reason, agreed.document) == ("条例修订", "街发〔2026〕12号")
    log.append(agreed)
    assert adopted(log)["hangzhou"] == agreed
    assert waiting(log) == {}


PENDING: tuple[Line, ...] = (*FOUNDED, ("hangzhou", NEW, "F01", ""))


@pytest.mark.parametrize(
    ("lines", "act", "by", "sha256", "said"),
    [
        (FOUNDED, "propose", "K01", OLD, "规则包 hangzhou 没有改动，不用提出"),
        (FOUNDED, "propose", "A01", NEW, f"A01（专业审计）不能提出规则包的改动，{ANY}"),
        (FOUNDED, "propose", "K02", NEW, f"K02（代理会计）不能提出规则包的改动，{ANY}"),
        (FOUNDED, "propose", "L01", NEW, f"L01（没有角色）不能提出规则包的改动，{ANY}"),
        (PENDING, "propose", "K01", NEW, "规则包 hangzhou 的改动已由 F01 提出，等待批准"),
        (FOUNDED, "approve", "F01", NEW, "规则包 hangzhou 没有待批准的改动，请先用 jiezhang packs propose 提出"),
        (PENDING, "approve", "F01", NEW, "规则包 hangzhou 的改动由 F01 提出，不能由同一个人批准"),
        (PENDING, "approve", "T01", NEWER, "规则包 hangzhou 提出以后又有改动，须重新提出"),
        (PENDING, "approve", "K01", NEW, f"K01（代理会计）不能批准规则包的改动，{HEADS}"),
        (PENDING, "approve", "F02", NEW, f"F02（街道复核员）不能批准规则包的改动，{HEADS}"),
    ],
)
def test_what_is_refused(lines: Sequence[Line], act: str, by: str, sha256: str, said: str) -> None:
    log = log_of(*lines)
    with pytest.raises(Refused) as refused:
        if act == "propose":
            propose(log, "hangzhou", sha256, PEOPLE[by], DAY, "修订")
        else:
            approve(log, "hangzhou", sha256, PEOPLE[by], DAY)
    assert refused.value.message == said


def test_a_proposal_changed_since_may_be_made_again() -> None:
    row = propose(log_of(*PENDING), "hangzhou", NEWER, PEOPLE["K01"], DAY, "再改")
    assert row.sha256 == NEWER


def test_each_pack_is_founded_once() -> None:
    people = tuple(PEOPLE.values())
    three: list[Line] = [*FOUNDED, ("wenzhou", OLD, "建账", "建账")]
    check_log(numbered(three), people, "rulepacks.csv")
    with pytest.raises(Refused) as refused:
        check_log(numbered([FOUNDED[0], FOUNDED[0]]), people, "rulepacks.csv")
    assert (refused.value.message, refused.value.line) == (FIRST, 3)


def test_a_row_that_no_longer_counts_asks_nobody_for_a_role() -> None:
    rows: list[Line] = [*FOUNDED, ("hangzhou", NEW, "X01", "F01"), ("hangzhou", NEWER, "K01", "F01")]
    check_log(numbered(rows), tuple(PEOPLE.values()), "rulepacks.csv")


def test_several_parts_are_named() -> None:
    several = Person(id="X02", name="杂务", roles=("gardener", "auditor"))
    with pytest.raises(Refused) as refused:
        propose(log_of(*FOUNDED), "hangzhou", NEW, several, DAY, "修订")
    assert (refused.value.message, refused.value.file, refused.value.line) == (
        f"X02（gardener、专业审计）不能提出规则包的改动，{ANY}", "", 0
    )  # fmt: skip
    assert propose(log_of(*FOUNDED), "hangzhou", NEW, PEOPLE["K01"], DAY, "修订").document == ""
