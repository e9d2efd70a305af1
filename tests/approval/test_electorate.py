"""Who may vote on a day, and what ballots come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jiezhang.domain.approval.electorate import (
    BUILDER,
    Ballot,
    Count,
    Elector,
    Tally,
    electors_on,
    matter_key,
    read_ballots,
    shown,
    tally,
    within,
)
from jiezhang.domain.approval.procedure import MATTERS
from jiezhang.domain.fund_register import Change, FundRegister
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling
from jiezhang.domain.rule_catalogue import CATALOGUE
from jiezhang.domain.rule_values import Share
from jiezhang.domain.scope import parse_scope

FILE = "votes/R1.csv"

# Who may vote


def home(code: str, area: str = "100.00", owner: str = "", status: str = "sold") -> Dwelling:
    building, stair, room = code.split("-")
    return Dwelling.model_validate({
        "code": code, "building": building, "stair": stair, "room": room, "area_m2": area, "status": status,
        "owner": owner,
    })  # fmt: skip


HOMES = (home("01-1-101", owner="甲"), home("01-1-102", "80.50", "乙"), home("02-1-101"), home("02-2-201", "60.00", "",
         "unsold"), home("02-2-202", "60.00", "", "unsold"))  # fmt: skip

CHANGES = [
    ("G1", "2026-03-01", "sale", "01-1-102", "", "甲"),
    ("G2", "2026-04-01", "split", "01-1-101", "01-1-101A=60.00,01-1-101B=40.00", ""),
    ("G3", "2026-05-01", "sale", "01-1-101B", "", "丙"),
    ("G4", "2026-06-01", "loss", "02-1-101", "", ""),
    ("G5", "2026-07-01", "sale", "02-2-201", "", "丁"),
    ("G6", "2026-08-01", "split", "02-2-201", "02-2-201A=30.00,02-2-201B=30.00", ""),
    ("G7", "2026-09-01", "merge", "01-1-102,01-1-101A", "01-1-103=140.50", ""),
    ("G8", "2026-10-01", "renumber", "02-2-202", "02-2-299=60.00", ""),
]
REGISTER = FundRegister(
    start=date(2026, 1, 1),
    dwellings=HOMES,
    changes=tuple(
        (line, Change.model_validate({"code": code, "date": day, "kind": kind, "dwellings": homes, "into": into,
                                      "owner": owner}))
        for line, (code, day, kind, homes, into, owner) in enumerate(CHANGES, start=2)
    ),
)  # fmt: skip

B = BUILDER
UNKNOWN = "<02-1-101>"


def test_the_order_of_lines_in_the_register_does_not_matter() -> None:
    """What comes later in time may stand above what came before."""
    turned = replace(REGISTER, changes=REGISTER.changes[::-1])
    for day in (date(2026, month, 15) for month in range(1, 12)):
        assert electors_on(turned, day) == electors_on(REGISTER, day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-28", "01-1-101 甲 | 01-1-102 乙 | 02-1-101 ? | 02-2-201 * | 02-2-202 *"),
        ("2026-03-01", "01-1-101 甲 | 01-1-102 甲 | 02-1-101 ? | 02-2-201 * | 02-2-202 *"),
        ("2026-04-01", "01-1-101A 甲 | 01-1-101B 甲 | 01-1-102 甲 | 02-1-101 ? | 02-2-201 * | 02-2-202 *"),
        ("2026-05-01", "01-1-101A 甲 | 01-1-101B 丙 | 01-1-102 甲 | 02-1-101 ? | 02-2-201 * | 02-2-202 *"),
        ("2026-06-01", "01-1-101A 甲 | 01-1-101B 丙 | 01-1-102 甲 | 02-2-201 * | 02-2-202 *"),
        ("2026-07-01", "01-1-101A 甲 | 01-1-101B 丙 | 01-1-102 甲 | 02-2-201 丁 | 02-2-202 *"),
        ("2026-08-01", "01-1-101A 甲 | 01-1-101B 丙 | 01-1-102 甲 | 02-2-201A 丁 | 02-2-201B 丁 | 02-2-202 *"),
        ("2026-09-01", "01-1-101B 丙 | 01-1-103 甲 | 02-2-201A 丁 | 02-2-201B 丁 | 02-2-202 *"),
        ("2026-10-01", "01-1-101B 丙 | 01-1-103 甲 | 02-2-201A 丁 | 02-2-201B 丁 | 02-2-299 *"),
    ],
)
def test_who_votes_on_a_day(day: str, expected: str) -> None:
    """`*` is the builder, one head however many; `?` is an owner nobody has written down, a head of their own."""
    names = {B: "*", UNKNOWN: "?"}
    found = electors_on(REGISTER, date.fromisoformat(day))
    assert " | ".join(f"{one.code} {names.get(one.owner, one.owner)}" for one in found) == expected


def test_area_is_the_registered_one() -> None:
    found = {one.code: one.area_dm2 for one in electors_on(REGISTER, date(2026, 9, 1))}
    assert found["01-1-103"] == 14050 and found["02-2-202"] == 6000 and sum(found.values()) == 30050


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ("compound", "01-1-101 01-1-102 02-1-101 02-2-201 02-2-202"),
        ("building:01", "01-1-101 01-1-102"),
        ("stair:02/2", "02-2-201 02-2-202"),
        ("stair:01/2", ""),
        ("dwellings:02-1-101,01-1-101", "01-1-101 02-1-101"),
        ("building:09", ""),
    ],
)
def test_whom_a_scope_concerns(scope: str, codes: str) -> None:
    found = within(electors_on(REGISTER, date(2026, 1, 1)), parse_scope(scope))
    assert " ".join(one.code for one in found) == codes


# Ballots

ELECTORS = [Elector(f"H{number}", "01", "1", area * 100, owner) for number, (area, owner) in enumerate(
    [(100, "甲"), (50, "乙"), (50, "乙"), (70, "丙"), (30, BUILDER), (30, BUILDER)], start=1)]  # fmt: skip

WORD = {"+": "agree", "-": "against", "0": "abstain"}


def ballots(text: str) -> list[tuple[int, Ballot]]:
    """`H1+ H2-`: agree, against; `0` abstains."""
    words = enumerate(text.split(), start=2)
    return [(line, Ballot.model_validate({"dwelling": word[:-1], "choice": WORD[word[-1]]})) for line, word in words]


@pytest.mark.parametrize(
    ("cast", "took_part", "agreed", "why"),
    [
        ("", (0, 0), (0, 0), "nobody"),
        ("H1+", (100, 1), (100, 1), ""),
        ("H2+ H3+", (100, 1), (100, 1), "an owner of two dwellings is one head"),
        ("H2+", (50, 1), (50, 1), "who votes with one of two takes part as a head, and agrees as one"),
        ("H2+ H3-", (100, 1), (50, 0), "who splits the vote does not agree as a head"),
        ("H2+ H30", (100, 1), (50, 0), "nor who abstains with one of them"),
        ("H5+ H6+", (60, 1), (60, 1), "what the builder has not sold is one head"),
        ("H1- H4-", (170, 2), (0, 0), ""),
        ("H1+ H2+ H3+ H4+ H5+ H6+", (330, 4), (330, 4), "everybody"),
    ],
)
def test_what_ballots_come_to(cast: str, took_part: tuple[int, int], agreed: tuple[int, int], why: str) -> None:
    found = tally(ELECTORS, ballots(cast), FILE)
    assert found == Tally(Count(33000, 4), *(Count(area * 100, heads) for area, heads in (took_part, agreed))), why


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"dwelling,choice\nH9,agree\n", 2, "户 H9 在表决日没有表决权，或不在表决范围内"),
        (b"dwelling,choice\nH1,agree\nH1,agree\n", 3, "户 H1 投了两次票"),
        (b"dwelling,choice\n\nH1,agree\n\nH1,against\n", 5, "户 H1 投了两次票"),
        ("dwelling,choice,proxy\nH1,agree,张三\n".encode(), 2, "户 H1 委托表决，须写明受托人和委托书的指纹"),
        (b"dwelling,choice,power_sha256\nH1,agree," + b"a" * 64 + b"\n", 2,
         "户 H1 委托表决，须写明受托人和委托书的指纹"),
        (b"dwelling,choice\nH1,yes\n", 2, "表决票写法不对：choice 只能是 agree、against、abstain"),
        (b"dwelling,choice\nH1\n", 2, "表决票写法不对：choice 只能是 agree、against、abstain"),
        (b"dwelling,choice\nH1,agree,x\n", 2, "表决票写法不对：choice 只能是 agree、against、abstain"),
        (b"dwelling,choice,name\nH1,agree,x\n", 1, "表决票文件的表头应是 dwelling,choice,proxy,power_sha256"),
        (b"", 1, "表决票文件的表头应是 dwelling,choice,proxy,power_sha256"),
        (b"\xff\xfe", 0, "表决票文件不是 UTF-8 编码的 CSV"),
        (b'dwelling,choice\n"H1,agree\n', 0, "表决票文件不是 UTF-8 编码的 CSV"),
    ],
)  # fmt: skip
def test_ballots_that_are_refused(content: bytes, line: int, message: str) -> None:
    with pytest.raises(Refused) as refused:
        tally(ELECTORS, read_ballots(content, FILE), FILE)
    assert (refused.value.message, refused.value.file, refused.value.line) == (message, FILE, line)


def test_a_ballot_file_as_a_spreadsheet_writes_it() -> None:
    content = "\ufeffdwelling,choice,proxy,power_sha256\r\nH1,agree,张三," + "a" * 64 + "\r\nH2,against,,\r\n"
    found = read_ballots(content.encode(), FILE)
    assert [(line, one.dwelling, one.choice, one.proxy) for line, one in found] == [
        (2, "H1", "agree", "张三"), (3, "H2", "against", "")]  # fmt: skip


def test_every_matter_has_a_majority_in_the_catalogue() -> None:
    assert {matter_key(matter) for matter in MATTERS} <= set(CATALOGUE)
    assert matter_key("standing") == matter_key("emergency") == "vote.other"


def test_a_count_as_an_office_reads_it() -> None:
    assert shown(Count(30050, 4)) == {"面积": "300.50 ㎡", "人数": "4 人"}
    assert shown(Count(5, 1)) == {"面积": "0.05 ㎡", "人数": "1 人"}


# Against a naive model


def naive(electors: Sequence[Elector], choices: dict[str, str]) -> Tally:
    """Owner by owner, with the dwellings in a list, and every sum spelt out."""
    owners: dict[str, list[Elector]] = {}
    for one in electors:
        owners.setdefault(one.owner, []).append(one)
    heads = took_heads = agreed_heads = area = took_area = agreed_area = 0
    for held in owners.values():
        heads += 1
        cast = [choices[one.code] for one in held if one.code in choices]
        took_heads += bool(cast)
        agreed_heads += bool(cast) and all(choice == "agree" for choice in cast)
        for one in held:
            area += one.area_dm2
            took_area += one.area_dm2 if one.code in choices else 0
            agreed_area += one.area_dm2 if choices.get(one.code) == "agree" else 0
    return Tally(Count(area, heads), Count(took_area, took_heads), Count(agreed_area, agreed_heads))


@st.composite
def votes(draw: st.DrawFn) -> tuple[list[Elector], dict[str, str]]:
    """Up to twelve dwellings of up to five owners, and who of them cast what."""
    count = draw(st.integers(1, 12))
    electors = [
        Elector(f"H{number}", "01", "1", draw(st.integers(1, 30000)), draw(st.sampled_from("甲乙丙丁戊")))
        for number in range(count)
    ]
    cast = draw(st.lists(st.sampled_from([one.code for one in electors]), unique=True))
    return electors, {code: draw(st.sampled_from(["agree", "against", "abstain"])) for code in cast}


def cast_in(order: Sequence[str], choices: dict[str, str]) -> list[tuple[int, Ballot]]:
    return [(line, Ballot.model_validate({"dwelling": code, "choice": choices[code]}))
            for line, code in enumerate(order, start=2)]  # fmt: skip


@given(votes(), st.data())
def test_the_tally_is_the_naive_one_in_any_order(
    vote: tuple[list[Elector], dict[str, str]], data: st.DataObject
) -> None:
    electors, choices = vote
    order = data.draw(st.permutations(list(choices)))
    found = tally(data.draw(st.permutations(electors)), cast_in(order, choices), FILE)
    assert found == naive(electors, choices)
    for bigger, smaller in ((found.everybody, found.took_part), (found.took_part, found.agreed)):
        assert bigger.area_dm2 >= smaller.area_dm2 >= 0 and bigger.heads >= smaller.heads >= 0
    assert found.everybody.heads == len({one.owner for one in electors})


@given(votes(), st.data(), st.sampled_from([Share(Fraction(1, 2), True), Share(Fraction(3, 4), False),
                                            Share(Fraction(2, 3), False)]))  # fmt: skip
def test_one_more_who_agrees_never_turns_consent_into_refusal(
    vote: tuple[list[Elector], dict[str, str]], data: st.DataObject, share: Share
) -> None:
    electors, choices = vote
    silent = [one.code for one in electors if one.code not in choices]
    assume(silent)
    more = {**choices, data.draw(st.sampled_from(silent)): "agree"}
    before, after = (tally(electors, cast_in(list(cast), cast), FILE) for cast in (choices, more))

    def consented(found: Tally) -> bool:
        part, whole = found.agreed, found.took_part
        return share.met(part.area_dm2, whole.area_dm2) and share.met(part.heads, whole.heads)

    assume(before.took_part.heads)
    assert consented(after) or not consented(before)
    assert after.took_part.area_dm2 > before.took_part.area_dm2


@given(votes())
def test_splitting_an_owners_dwelling_leaves_heads_as_they_were(vote: tuple[list[Elector], dict[str, str]]) -> None:
    """Two dwellings of one owner with one will count as the one dwelling they were."""
    electors, choices = vote
    first, *rest = electors
    half = first.area_dm2 // 2
    halves = [Elector(first.code + end, "01", "1", area, first.owner)
              for end, area in (("A", half), ("B", first.area_dm2 - half))]  # fmt: skip
    split = {code: choice for code, choice in choices.items() if code != first.code}
    if first.code in choices:
        split |= dict.fromkeys((halves[0].code, halves[1].code), choices[first.code])
    whole, parts = (tally(who, cast_in(list(cast), cast), FILE)
                    for who, cast in ((electors, choices), ([*halves, *rest], split)))  # fmt: skip
    assert whole == parts


def test_area_in_square_metres_is_exact() -> None:
    """0.29 m² is 29 of a hundredth: a binary float would make it 28."""
    register = FundRegister(start=date(2026, 1, 1), dwellings=(home("01-1-101", "0.29", "甲"),))
    assert Decimal("0.29") * 100 == electors_on(register, date(2026, 1, 1))[0].area_dm2 == 29
