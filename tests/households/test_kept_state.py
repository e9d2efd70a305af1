"""A state kept as bytes: what it looks like, and what is not taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from little_fund import BANK, deposits, dwelling, voucher

from jiezhang.domain.fund_register import Building, Change, FundRegister, TreasuryBond
from jiezhang.domain.problem import Refused
from jiezhang.households.fund import FundFiles, replay_fund
from jiezhang.households.keeping import read_state, state_bytes
from jiezhang.households.state import same

START = date(2026, 1, 1)
HOMES = (dwelling("B01-1-101"), dwelling("B01-1-102", "50.00"), dwelling("B02-1-101", nature="public"))
SPLIT = Change(code="BG1", date=date(2026, 3, 1), kind="split", dwellings="B01-1-101",
               into="B01-1-101A=60.00,B01-1-101B=40.00")  # fmt: skip
BOND = TreasuryBond.model_validate(
    {"code": "GZ1", "kind": "treasury", "market": "primary", "matures": "2027-01-01", "opening_cost_yuan": "1.00"}
)
SELLER = Building.model_validate({"code": "B02", "dwellings": 1, "area_m2": "100.00", "seller_deposit_yuan": "5.00"})


def register(*changes: Change) -> FundRegister:
    return FundRegister(
        START, HOMES, buildings=((2, SELLER),), changes=tuple(enumerate(changes, 2)), bonds=((2, BOND),)
    )


def kept(day: date, *changes: Change) -> bytes:
    paid = voucher(
        date(2026, 2, 1), [(BANK, 1000), (deposits("B01"), -1000)], household="B01-1-101", deposit="first"
    )
    replayed = replay_fund(FundFiles(register(*changes)), [paid], day)
    assert replayed.faults == ()
    return state_bytes(replayed.state)


FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


def test_it_is_plain_text_and_whole_numbers() -> None:
    content = kept(FEBRUARY)
    assert content.endswith(b"}\n")
    assert json.loads(content) == {
        "format": 1,
        "as_of": "2026-02-28",
        "codes": ["B01-1-101", "B01-1-102", "B02-1-101", "B02/S"],
        "columns": {
            "status": [0, 0, 0, 0],
            "balance_fen": [1000, 0, 0, 0],
            "first_deposit_fen": [1000, 0, 0, 500],
            "deposited_fen": [1000, 0, 0, 500],
            "year_deposit_fen": [1000, 0, 0, 0],
            "jishu": [27_000, 0, 0, 0],
        },
        "controls": {"bank_fen": 1000, "bonds_fen": 0, "payable_fen": 0, "undistributed_fen": 0, "unexplained_fen": 0},
        "buildings": {"B01": 1000, "B02": 0},
        "bonds": [{"ref": "GZ1", "cost_fen": 100, "matures": "2027-01-01", "kind": "treasury", "market": "primary"}],
    }


def test_a_change_yet_to_come_does_not_show() -> None:
    assert kept(FEBRUARY, SPLIT) == kept(FEBRUARY)
    assert kept(MARCH, SPLIT) != kept(MARCH)


@pytest.mark.parametrize("day", [FEBRUARY, MARCH])
def test_it_is_read_back(day: date) -> None:
    content = kept(day, SPLIT)
    read = read_state(content, register(SPLIT))
    assert state_bytes(read) == content
    assert same(read, read_state(content, register(SPLIT)))
    assert len(read.roll) == 6


def no_register_of_that_roll(told: dict[str, Any]) -> None:
    for column in (told["codes"], *told["columns"].values()):
        del column[1]


SPOILT = "保存的分户账写坏了，须从凭证重新计算"
FAULTS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda told: told.update(format=2), SPOILT),
    (lambda told: told.update(extra=1), SPOILT),
    (lambda told: told.pop("bonds"), SPOILT),
    (lambda told: told.update(as_of="2026-02-30"), SPOILT),
    (lambda told: told.update(as_of=None), SPOILT),
    (lambda told: told["columns"].pop("jishu"), SPOILT),
    (lambda told: told["columns"]["jishu"].pop(), SPOILT),
    (lambda told: told["columns"]["balance_fen"].__setitem__(0, 10.0), SPOILT),
    (lambda told: told["columns"]["balance_fen"].__setitem__(0, True), SPOILT),
    (lambda told: told["columns"]["balance_fen"].__setitem__(0, 10**30), SPOILT),
    (lambda told: told["controls"].update(bank_fen="1000"), SPOILT),
    (lambda told: told["bonds"][0].update(cost_fen=1.5), SPOILT),
    (lambda told: told["bonds"][0].update(colour="red"), SPOILT),
    (lambda told: told["codes"].__setitem__(0, "B01-1-999"), "名册里没有户 B01-1-999"),
    (lambda told: told["codes"].__setitem__(1, "B01-1-101"), "明细里户 B01-1-101 出现了两次"),
    (lambda told: told["buildings"].update(B09=0), "保存的分户账里有名册没有的幢"),
    (no_register_of_that_roll, "保存的分户账里没有户 B01-1-102，与名册不符"),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_what_is_not_taken_back(spoil: Callable[[dict[str, Any]], Any], message: str) -> None:
    told = json.loads(kept(FEBRUARY))
    spoil(told)
    with pytest.raises(Refused) as refused:
        read_state(json.dumps(told).encode(), register())
    assert refused.value.message == message


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"null", b"{", b"1"])
def test_bytes_that_are_no_state(content: bytes) -> None:
    with pytest.raises(Refused, match=SPOILT):
        read_state(content, register())
