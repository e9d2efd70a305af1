"""Apportionment: the worked examples of the law and of a pocket calculator, as a table; exactness by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jiezhang.domain.apportion import Apportionment, apportion
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling
from jiezhang.domain.roll import LOST, SOLD, UNSOLD, Roll, roll_of
from jiezhang.domain.scope import Scope, parse_scope
from jiezhang.domain.shares import Column, largest_remainder, split_column


def home(line: str) -> Dwelling:
    """`B01-1-101 89.53 public unsold`; the last two may be left out."""
    code, area, *rest = line.split()
    building, stair, room = code.split("-")
    return Dwelling.model_validate(
        {"code": code, "building": building, "stair": stair, "room": room, "area_m2": area,
         "nature": "public" if "public" in rest else "commercial", "status": "unsold" if "unsold" in rest else "sold"}
    )


def column(roll: Roll, values: dict[str, int]) -> Column:
    return np.array([values.get(str(code), 0) for code in roll.codes], dtype=np.int64)


def share_out(
    total_fen: int, homes: Sequence[str], scope: str = "compound", paid: dict[str, int] | None = None,
    balance: dict[str, int] | None = None, lost: Sequence[str] = (),
) -> Apportionment:
    roll = roll_of([home(line) for line in homes])
    status = np.where(np.isin(roll.codes, list(lost)), LOST, np.where(roll.unsold, UNSOLD, SOLD)).astype(np.int64)
    return apportion(
        total_fen, parse_scope(scope), roll, status=status, balance_fen=column(roll, balance or {}),
        deposited_fen=column(roll, paid or {}),
    )


EQUAL = ["B01-1-101 100.00", "B01-1-102 100.00", "B01-1-103 100.00"]
ODD = ["B01-1-101 89.53", "B01-1-102 120.07", "B01-1-103 143.98"]
MIXED = ["B01-1-101 100.00", "B01-1-102 100.00", "B01-2-101 50.00 public", "B01-2-102 50.00 public"]
PAID = {"B01-2-101": 200_000, "B01-2-102": 200_000, "B01/S": 600_000}
WHOLE = [*EQUAL, "B02-1-101 60.00", "B02-2-101 60.00", "B02-2-102 30.00"]

ODD_MIXED = ["B01-1-101 89.53", "B01-1-102 120.07", "B01-2-101 57.31 public", "B01-2-102 62.48 public"]
ODD_PAID = {"B01-2-101": 123_456, "B01-2-102": 130_144, "B01/S": 380_400}
SMALL = ["B01-1-101 10.00", "B01-1-102 30.00"]

WORKED = [
    # 民法典 art. 283: by area; what is left over goes to the earlier code
    (100_000, EQUAL, "compound", {}, "B01-1-101 33334, B01-1-102 33333, B01-1-103 33333"),
    (1, EQUAL, "compound", {}, "B01-1-101 1, B01-1-102 0, B01-1-103 0"),
    (-100_000, EQUAL, "compound", {}, "B01-1-101 -33334, B01-1-102 -33333, B01-1-103 -33333"),
    (0, EQUAL, "compound", {}, "B01-1-101 0, B01-1-102 0, B01-1-103 0"),
    # 100000 x 8953 / 35358 = 25321.00…; x 12007 = 33958.36…; x 14398 = 40720.62…, which gets the fen
    (100_000, ODD, "compound", {}, "B01-1-101 25321, B01-1-102 33958, B01-1-103 40721"),
    # a fen that two remainders claim alike goes to the earlier code, however much smaller its area: 0.5 and 1.5
    (2, SMALL, "compound", {}, "B01-1-101 1, B01-1-102 1"),
    (3, SMALL, "compound", {}, "B01-1-101 1, B01-1-102 2"),  # 0.75 and 2.25
    # codes are compared character by character: 1001 comes before 101
    (1, ["B01-1-101 50.00", "B01-1-1001 50.00"], "compound", {}, "B01-1-1001 1, B01-1-101 0"),
    # scopes
    (30_000, WHOLE, "building:B02", {}, "B02-1-101 12000, B02-2-101 12000, B02-2-102 6000"),
    (30_000, WHOLE, "stair:B02/2", {}, "B02-2-101 20000, B02-2-102 10000"),
    (30_000, WHOLE, "dwellings:B02-1-101,B01-1-102", {}, "B01-1-102 18750, B02-1-101 11250"),
    # 165号令 art. 20(2): 4,000.00 paid by owners, 6,000.00 by the selling unit: 40 : 60, then owners by area
    (100_000, MIXED[2:], "compound", PAID, "B01-2-101 20000, B01-2-102 20000, B01/S 60000"),
    # art. 20(3): 900.00 by area is 600.00 commercial and 300.00 public, of which the selling unit bears 180.00
    (90_000, MIXED, "compound", PAID, "B01-1-101 30000, B01-1-102 30000, B01-2-101 6000, B01-2-102 6000, B01/S 18000"),
    # the same over odd areas: 1,000.00 x 209.60/329.39 = 636.3278 and the rest 363.6722, so 636.33 and 363.67;
    # commercial 27180.64 and 36452.36; public 2 : 3 is 14546.8 and 21820.2, the owners' 6959.58 and 7587.42
    (100_000, ODD_MIXED, "compound", ODD_PAID,
     "B01-1-101 27181, B01-1-102 36452, B01-2-101 6960, B01-2-102 7587, B01/S 21820"),
    # what the contractor pays back is shared the same way
    (-100_000, ODD_MIXED, "compound", ODD_PAID,
     "B01-1-101 -27181, B01-1-102 -36452, B01-2-101 -6960, B01-2-102 -7587, B01/S -21820"),
    # one public dwelling alone: the ratio is still that of its whole building (art. 11, 20(2))
    (10_000, ODD_MIXED, "dwellings:B01-2-102", ODD_PAID, "B01-2-102 4000, B01/S 6000"),
    # a fen between the natures: 200 : 100 of 0.01 is commercial's
    (1, MIXED, "compound", PAID, "B01-1-101 1, B01-1-102 0, B01-2-101 0, B01-2-102 0, B01/S 0"),
    # the selling unit paid nothing in: owners bear it all
    (90_000, MIXED[2:], "compound", {"B01-2-101": 1}, "B01-2-101 45000, B01-2-102 45000, B01/S 0"),
    # art. 21: unsold commercial housing, the developer; unsold public housing, the housing unit, by area
    (30_000, [*EQUAL[:2], "B01-1-103 100.00 unsold"], "compound", {},
     "B01-1-101 10000, B01-1-102 10000, B01-1-103 10000 developer"),
    (40_000, [*MIXED[2:], "B01-2-103 100.00 public unsold"], "compound", PAID,
     "B01-2-101 4000, B01-2-102 4000, B01-2-103 20000 housing_unit, B01/S 12000"),
    # and both in one building: 500.00 is 125.00 each by area for the two unsold, the sold, and the public part
    (50_000, ["B01-1-101 50.00", "B01-1-102 50.00 unsold", "B01-2-101 50.00 public", "B01-2-102 50.00 public unsold"],
     "compound", {"B01-2-101": 100_000, "B01/S": 300_000},
     "B01-1-101 12500, B01-1-102 12500 developer, B01-2-101 3125, B01-2-102 12500 housing_unit, B01/S 9375"),
]


@pytest.mark.parametrize(("total", "homes", "scope", "paid", "expected"), WORKED)
def test_worked_examples(total: int, homes: list[str], scope: str, paid: dict[str, int], expected: str) -> None:
    lines = list(share_out(total, homes, scope, paid).lines())
    payers = {"household": "", "seller": ""}
    said = [f"{line.code} {line.share_fen} {payers.get(line.payer, line.payer)}".strip() for line in lines]
    assert ", ".join(said) == expected
    assert sum(line.share_fen for line in lines) == total


def test_two_buildings_share_the_selling_units_part_by_what_was_paid_for_each() -> None:
    homes = ["B01-1-101 50.00 public", "B02-1-101 50.00 public"]
    result = share_out(10_000, homes, paid={"B01-1-101": 100, "B02-1-101": 100, "B01/S": 100, "B02/S": 300})
    assert {line.code: line.share_fen for line in result.lines()} == {
        "B01-1-101": 1667, "B01/S": 1667, "B02-1-101": 1666, "B02/S": 5000
    }


def test_shortfalls_are_shown_and_not_covered() -> None:
    homes = [*EQUAL[:2], "B01-1-103 100.00 unsold"]
    result = share_out(30_000, homes, balance={"B01-1-101": 4_000, "B01-1-102": 10_000, "B01-1-103": 5})
    assert [(x.code, x.before_fen, x.after_fen, x.short_fen) for x in result.lines()] == [
        ("B01-1-101", 4_000, -6_000, 6_000),
        ("B01-1-102", 10_000, 0, 0),
        ("B01-1-103", 0, 0, 0),  # the developer pays in cash, whatever lies on the account
    ]
    assert (result.cash_fen, int(result.charge_fen.sum())) == (10_000, 20_000)


def test_a_lost_house_bears_nothing() -> None:
    result = share_out(100, EQUAL, lost=["B01-1-102"])
    assert [line.code for line in result.lines()] == ["B01-1-101", "B01-1-103"]


@pytest.mark.parametrize(
    ("homes", "scope", "lost", "message"),
    [
        (EQUAL, "building:B09", [], "分摊范围“building:B09”里没有房屋"),
        (EQUAL, "stair:B01/9", [], "分摊范围“stair:B01/9”里没有房屋"),
        (EQUAL, "dwellings:B01-1-109", [], "名册里没有户 B01-1-109"),
        (EQUAL, "dwellings:B01-1-101,B01-1-101", [], "分摊范围“dwellings:B01-1-101,B01-1-101”里有重复的户"),
        (EQUAL, "dwellings:B01-1-101", ["B01-1-101"], "户 B01-1-101 已灭失或注销，不能分摊"),
        (MIXED, "compound", [], "售后公有住房的业主和售房单位都没有交存记录，无法按交存比例分摊"),
        ([*EQUAL, EQUAL[0]], "compound", [], "户 B01-1-101 登记了两次"),
        (EQUAL, "B01", [], "分摊范围“B01”应写成 compound、building:幢、stair:幢/单元 或 dwellings:户,户"),
    ],
)
def test_refused(homes: list[str], scope: str, lost: list[str], message: str) -> None:
    with pytest.raises(Refused) as refused:
        share_out(100, homes, scope, lost=lost)
    assert refused.value.message == message


def test_zero_area_is_refused() -> None:
    """The register already refuses it; so does whoever makes a roll another way."""
    roll = roll_of([home("B01-1-101 1.00").model_copy(update={"area_m2": 0}), home("B01-1-102 1.00")])
    nothing = np.zeros(len(roll), dtype=np.int64)
    with pytest.raises(Refused, match="户 B01-1-101 没有建筑面积，无法分摊"):
        apportion(1, Scope("compound"), roll, status=nothing, balance_fen=nothing, deposited_fen=nothing)


# ---------------------------------------------------------------- largest remainder

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)
TOTALS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize("split", [largest_remainder, lambda t, w: split_column(t, np.array(w, dtype=np.int64))])
def test_nothing_to_share_by_is_refused(split) -> None:  # type: ignore[no-untyped-def]
    for weights in ([], [0, 0]):
        with pytest.raises(Refused, match="分摊的基数合计为零，无法分摊"):
            split(100, weights)


@given(TOTALS, WEIGHTS)
def test_shares_add_up_and_are_within_a_fen_of_fair(total: int, weights: list[int]) -> None:
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    assert all(abs(share * whole - total * weight) < whole for share, weight in zip(shares, weights, strict=True))


@given(TOTALS, WEIGHTS)
def test_a_negative_total_is_the_mirror_image(total: int, weights: list[int]) -> None:
    assert largest_remainder(-total, weights) == [-share for share in largest_remainder(total, weights)]


@given(TOTALS, WEIGHTS)
def test_equal_weights_differ_by_the_earlier_getting_the_fen(total: int, weights: list[int]) -> None:
    shares = largest_remainder(abs(total), weights)
    for place, (share, weight) in enumerate(zip(shares, weights, strict=True)):
        later = [s for s, w in zip(shares[place:], weights[place:], strict=True) if w == weight]
        assert all(share - 1 <= other <= share for other in later)


@given(TOTALS, st.lists(st.integers(0, 2**62), min_size=1, max_size=30).filter(any))
@example(total=2**40, weights=[2**40, 2**40 + 1, 3])  # product beyond 64 bits
@example(total=10**6, weights=[2**62, 2**62, 2**62])  # sum beyond 64 bits
@example(total=0, weights=[2**62, 2**62, 2**62])
def test_the_column_is_the_same_to_the_fen(total: int, weights: list[int]) -> None:
    assert split_column(total, np.array(weights, dtype=np.int64)).tolist() == largest_remainder(total, weights)


# ---------------------------------------------------------------- scopes

CODES = st.from_regex(r"\A[A-Z0-9][A-Za-z0-9-]{0,6}\Z")
SCOPES = st.one_of(
    st.just(Scope("compound")),
    st.builds(Scope, st.just("building"), CODES),
    st.builds(Scope, st.just("stair"), CODES, CODES),
    st.lists(CODES, min_size=1, max_size=5, unique=True).map(lambda c: Scope("dwellings", dwellings=tuple(sorted(c)))),
)


@given(SCOPES)
def test_a_scope_survives_the_ledger(scope: Scope) -> None:
    assert parse_scope(str(scope)) == scope
