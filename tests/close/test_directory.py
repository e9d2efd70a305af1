"""Whose statement is it: by number, however it was written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiezhang.close.directory import KnownAccount, find_account
from jiezhang.domain.problem import Refused
from tests.conftest import G_BANK, W_BANK, statement

ONE = KnownAccount("C0007", G_BANK, "icbc", "1202-0000-0000-0013021", "长吴公寓业主大会")
SAME = KnownAccount("C0008", W_BANK, "ccb", "1202000000000013021", "邻居业主大会")
OTHER = KnownAccount("C0008", W_BANK, "ccb", "3300000000000004417", "邻居业主大会")
FILE = Path("工行9月.csv")
ROWS = statement([("1", "900.00", "广告费")])


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert find_account(ROWS, FILE, [OTHER, ONE]) == ONE


def test_a_number_that_two_compounds_registered_is_nobodys() -> None:
    with pytest.raises(Refused, match=r"账号 1202000000000013021 登记了 2 次（.*），一个专户只能登记一次"):
        find_account(ROWS, FILE, [ONE, SAME])


def test_a_number_nobody_registered() -> None:
    with pytest.raises(Refused, match="账号 1202000000000013021 没有登记在任何小区"):
        find_account(ROWS, FILE, [OTHER])
