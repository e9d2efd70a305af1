"""A fen wrong anywhere is found, and nobody else is blamed for it: a few of the faults of `make faults`, same code."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.street.checking import CompoundCheck, check_street
from jiezhang.street.checking import Fault as Found
from tests.faults.fen_books import Books
from tests.faults.fen_faults import CLASSES, Fault
from tests.faults.fen_street import make_street
from tests.faults.one_fen import judge, outcomes, table

SEED, EACH = 7, 3


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    return make_street(tmp_path_factory.mktemp("fen") / "street")


def test_the_street_is_clean(clean: StreetFolder) -> None:
    assert [check.faults for check in check_street(clean, clean.compounds())] == [(), (), ()]


def test_every_fen_is_found_and_nobody_else_is_blamed(clean: StreetFolder) -> None:
    found = outcomes(clean.path, SEED, range(EACH * len(CLASSES)))
    bad = [one for one in found if not one.caught or one.wrong]
    assert not bad, f"{table(found)}\n{bad[:5]}"
    assert {one.kind for one in found} == set(CLASSES)


BOOK, LIST = "C0001/2026/2026-07.beancount", "C0001/register/dwellings.csv"
"""Line 7 is the bank's figure of public revenue in the opening, line 9 that of the fund."""


@pytest.mark.parametrize(
    ("file", "line", "said", "right"),
    [
        (BOOK, 9, "余额不符", True),
        (BOOK, 7, "余额不符", False),
        (BOOK, 3, "借贷不平", True),
        (BOOK, 3, "“W维修资金”内借贷不平", True),
        (BOOK, 3, "“G公共收益”内借贷不平", False),
        (BOOK, 1, "借贷不平", False),
        (BOOK, 0, "借贷不平", False),
        (LIST, 2, "面积不符", True),
        ("C0001/register/contracts.csv", 2, "不符", False),
        ("C0001/main.beancount", 1, "不符", False),
        (BOOK.replace("C0001", "C0002"), 9, "余额不符", False),
    ],
)
def test_who_is_blamed(clean: StreetFolder, file: str, line: int, said: str, right: bool) -> None:
    fault, books = Fault("", "C0001", "W", {}), Books(clean.compound("C0001").path)
    check = CompoundCheck(file[:5], "", 0, 0, (Found(file, line, said, "rule"),), ())
    outcome = judge(fault, books, [check])
    assert (outcome.wrong == ()) == right
    assert outcome.caught == (file[:5] == "C0001")


def test_nothing_found_is_not_caught(clean: StreetFolder) -> None:
    fault, books = Fault("", "C0001", "W", {}), Books(clean.compound("C0001").path)
    assert not judge(fault, books, check_street(clean, [clean.compound("C0001")])).caught


def test_the_faults_are_put_back(clean: StreetFolder, tmp_path: Path) -> None:
    """Twice the same faults, the same outcome: nothing of the first is left for the second."""
    numbers = list(range(len(CLASSES)))
    assert outcomes(clean.path, SEED, numbers + numbers)[: len(numbers)] == outcomes(clean.path, SEED, numbers)
