"""Vouchers of the fund that no bank row brings, registers taken over, and changes: proposed, posted, proven."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jiezhang.book.create import create_compound, create_street
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Street
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from jiezhang.street.checking import check_street
from jiezhang.street.fund_booking import add_changes, correct, distribute, lose, take_register
from jiezhang.street.household_opening import HouseholdLists
from tests.conftest import MAKER, NAME, PEOPLE, W_BANK, W_EQUITY, new_compound, snapshot
from tests.desk import review_and_post_all

CITY = "hangzhou"
YIELD = f"Equity:{NAME}:W维修资金:3101待分配累计收益"
HEADER = "code,date,kind,dwellings,into,owner,note\n"


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    """C0007 with 500,000.00 of four households and 100.01 of undistributed yield."""
    folder = create_street(tmp_path / "street", Street(name="长吴街道", city=CITY, people=PEOPLE))
    new = new_compound()
    opening = [(name, amount) for name, amount in new.opening if "W维修资金" not in name]
    opening += [
        (W_BANK, Decimal("500100.01")), (f"{W_EQUITY}:01", Decimal("-500000.00")), (YIELD, Decimal("-100.01")),
    ]  # fmt: skip
    create_compound(folder, replace(new, opening=opening))
    return folder


@pytest.fixture
def compound(street: StreetFolder) -> CompoundFolder:
    return street.compound("C0007")


def balances(folder: CompoundFolder) -> dict[str, str]:
    """Everybody's balance in yuan, once posted; the identity holds and no rule objects."""
    ledger = load_ledger(folder, CITY)
    assert [error.message for error in ledger.errors] == []
    state = replay_fund(read_fund_files(folder), ledger.entries).state
    assert identity(state).holds
    pairs = zip(state.roll.codes.tolist(), state.balance_fen.tolist(), strict=True)
    return {code: str(Decimal(fen).scaleb(-2)) for code, fen in pairs}


def post(street: StreetFolder, month: str = "2026-09") -> None:
    review_and_post_all(street, street.compounds(), Month.parse(month))


def changes(tmp_path: Path, *rows: str) -> Path:
    sheet = tmp_path / "变更.csv"
    sheet.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    return sheet


def test_yield_is_given_to_the_fen(street: StreetFolder, compound: CompoundFolder) -> None:
    distribute(street, compound, MAKER, date(2026, 9, 21), None, None)
    assert balances(compound)["01-1-101"] == "125000.00"  # it waits
    post(street)
    assert balances(compound) == {
        "01-1-101": "125025.01", "01-1-102": "125025.00", "01-1-201": "125025.00", "01-1-202": "125025.00",
    }  # fmt: skip


def test_more_than_there_is_cannot_be_given(street: StreetFolder, compound: CompoundFolder) -> None:
    before = snapshot(street.path)
    with pytest.raises(Refused, match=r"待分配累计收益有 100\.01 元，不能分配 100\.02 元"):
        distribute(street, compound, MAKER, date(2026, 9, 21), 10_002, "area")
    assert snapshot(street.path) == before


def test_a_lost_house(street: StreetFolder, compound: CompoundFolder, tmp_path: Path) -> None:
    """What it earned is given out first: its account closes."""
    add_changes(street, compound, changes(tmp_path, "B-1,2026-09-10,loss,01-1-202,,,火灾"))
    with pytest.raises(Refused, match=r"还有待分配收益 100\.01 元，其中有这一户的，请先分配再返还"):
        lose(street, compound, MAKER, date(2026, 9, 12), "01-1-202")
    distribute(street, compound, MAKER, date(2026, 9, 11), None, None)
    post(street)
    lose(street, compound, MAKER, date(2026, 9, 12), "01-1-202")
    post(street)
    assert balances(compound)["01-1-202"] == "0.00"


@pytest.mark.parametrize("day", ["", "2026-09-13"])
def test_a_lost_house_is_registered_first(
    street: StreetFolder, compound: CompoundFolder, tmp_path: Path, day: str
) -> None:
    if day:
        add_changes(street, compound, changes(tmp_path, f"B-1,{day},loss,01-1-202,,,火灾"))
    with pytest.raises(Refused, match="户 01-1-202 没有登记灭失，或登记的日期在 2026-09-12 之后，请先登记变更"):
        lose(street, compound, MAKER, date(2026, 9, 12), "01-1-202")


def test_nothing_is_given_twice(street: StreetFolder, compound: CompoundFolder) -> None:
    distribute(street, compound, MAKER, date(2026, 9, 21), None, None)
    with pytest.raises(Refused, match="没有待分配的收益"):
        distribute(street, compound, MAKER, date(2026, 9, 21), None, None)


def test_a_split_a_merge_and_a_new_number(street: StreetFolder, compound: CompoundFolder, tmp_path: Path) -> None:
    add_changes(
        street,
        compound,
        changes(
            tmp_path,
            'B-1,2026-09-05,split,01-1-101,"01-1-101A=33.33,01-1-101B=66.67",,',
            'B-2,2026-09-06,merge,"01-1-102,01-1-201",01-1-102D=200.00,,',
            "B-3,2026-09-07,renumber,01-1-202,01-1-203=100.00,,",
        ),
    )
    assert {code: fen for code, fen in balances(compound).items() if fen != "0.00"} == {
        "01-1-101A": "41662.50", "01-1-101B": "83337.50", "01-1-102D": "250000.00", "01-1-203": "125000.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('B-1,2026-09-05,split,01-1-101,"01-1-101A=33.33,01-1-101B=66.66",,', "合计 100.00 ㎡，变更后 99.99 ㎡"),
        ('B-1,2026-09-05,split,01-1-109,"01-1-101A=33.33,01-1-101B=66.67",,', "名册里没有户 01-1-109"),
        ("B-1,2026-09-05,renumber,01-1-101,01-1-102=100.00,,", "户号 01-1-102 已经用过"),
        ("B-1,2026-09-05,split,01-1-101,01-1-101A=100.00,,", "分户一变多"),
        ("B-1,2026-09-01,sale,01-1-101,,Y9,", "应在建账日 2026-09-01 之后"),
        ("B-1,2026-09-05,sale,01-1-101,,,", "新业主的代号"),
        ('B-1,2026-09-05,split,01-1-101,"01-1-101A=100.00,01-1-101B=0.00",,', "新户的面积须大于零"),
        ("B-1,2026-09-05,move,01-1-101,,,", "只能是 sale"),
    ],
)
def test_a_change_that_cannot_be(
    street: StreetFolder, compound: CompoundFolder, tmp_path: Path, row: str, said: str
) -> None:
    before = snapshot(street.path)
    with pytest.raises(Refused) as refused:
        add_changes(street, compound, changes(tmp_path, row))
    assert said in str(refused.value)
    assert snapshot(street.path) == before


def test_a_change_is_never_registered_twice(street: StreetFolder, compound: CompoundFolder, tmp_path: Path) -> None:
    sheet = changes(tmp_path, "B-1,2026-09-05,sale,01-1-101,,Y9,")
    add_changes(street, compound, sheet)
    with pytest.raises(Refused, match="已经登记过"):
        add_changes(street, compound, sheet)


def test_a_correction_names_a_posted_voucher(street: StreetFolder, compound: CompoundFolder) -> None:
    about = {"giver": "01-1-101", "taker": "01-1-102", "fen": 100}
    with pytest.raises(Refused, match="账簿里没有凭证 记-0009"):
        correct(street, compound, MAKER, date(2026, 9, 21), corrects="记-0009", **about)
    distribute(street, compound, MAKER, date(2026, 9, 21), None, "area")
    post(street)
    with pytest.raises(Refused, match="凭证 2026-09/记-0001 没有按户记账"):  # a rule shared it
        correct(street, compound, MAKER, date(2026, 9, 22), corrects="记-0001", **about)


DWELLINGS = "code,building,stair,room,area_m2,nature,owner,first_deposit_yuan,balance_yuan\n"
BUILDINGS = "code,dwellings,area_m2,first_deposit_yuan,balance_yuan\n"


def lists(tmp_path: Path, dwellings: str, buildings: str) -> HouseholdLists:
    for name, text in (("户册.csv", DWELLINGS + dwellings), ("幢册.csv", BUILDINGS + buildings)):
        (tmp_path / name).write_text(text, "utf-8")
    return HouseholdLists(tmp_path / "户册.csv", tmp_path / "幢册.csv")


def test_a_register_taken_over_later(street: StreetFolder, tmp_path: Path) -> None:
    new = new_compound("C0008", "新吴公寓")
    opening = [(name, amount) for name, amount in new.opening if "W维修资金" not in name]
    bare = replace(new, opening=opening, dwellings=(), buildings=(), household_opening=())
    folder = create_compound(street, bare)
    given = lists(tmp_path, "1-101,1,1,101,88.20,commercial,Y1,8820.00,\n", "1,1,88.20,8820.00,\n")
    assert take_register(street, folder, given) == 1
    [result] = check_street(street, [folder])
    assert result.faults == ()
    with pytest.raises(Refused, match="已有户册"):
        take_register(street, folder, given)


@pytest.mark.parametrize(
    ("building", "said"),
    [
        ("1,2,88.20,8820.00,", "户数控制数 2，户册合计 1"),
        ("1,1,88.21,8820.00,", "面积控制数 88.21，户册合计 88.20"),
        ("1,1,88.20,8820.01,", "首期交存控制数 8820.01，户册合计 8820.00"),
        ("1,1,88.20,8820.00,0.01", "余额控制数 0.01，户册合计 0.00"),
        ("2,1,88.20,8820.00,", "户册里有 1 幢，幢册里没有"),
    ],
)
def test_control_totals_must_hold(street: StreetFolder, tmp_path: Path, building: str, said: str) -> None:
    given = lists(tmp_path, "1-101,1,1,101,88.20,commercial,Y1,8820.00,\n", building + "\n")
    with pytest.raises(ManyRefused) as found:
        take_register(street, street.compound("C0007"), given)
    assert any(said in refused.message for refused in found.value.refusals)


def test_a_batch_is_kept_under_its_digest(compound: CompoundFolder) -> None:
    kept = (compound.path / "batches/opening.csv").read_bytes()
    month = (compound.path / "2026/2026-09.beancount").read_text("utf-8")
    assert hashlib.sha256(kept).hexdigest() in month
