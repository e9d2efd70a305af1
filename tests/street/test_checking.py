"""What only a street sees: one bank account registered twice, money that goes from compound to compound."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiezhang.book.create import create_compound
from jiezhang.book.layout import StreetFolder
from jiezhang.street.checking import check_street
from tests.conftest import new_compound

ROW = """
2026-09-{day:02d} ! "邻居业主大会" "往来款"
  counterparty-account: "{number}"
  Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021  {amount} CNY
    bank-ref: "A{day}/{fen}"
    source-sha256: "{digest}"
    source-row: {day}
  Liabilities:C0007长吴公寓:G公共收益:2999待查款项  {other} CNY
"""


@pytest.fixture
def two(street: StreetFolder) -> StreetFolder:
    """C0007长吴公寓 and C0008邻居, whose accounts have other numbers."""
    create_compound(street, new_compound("C0008", "邻居"))
    return street


def said(street: StreetFolder, *codes: str) -> list[str]:
    """What is wrong with the compounds named (all, when none is), as the command prints it."""
    chosen = [folder for folder in street.compounds() if not codes or folder.code in codes]
    return [str(fault) for check in check_street(street, chosen) for fault in check.faults]


def change(street: StreetFolder, file: str, old: str, new: str) -> None:
    path: Path = street.path / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def pay(street: StreetFolder, day: int, amount: int, number: str) -> None:
    path = street.compound("C0007").path / "2026/2026-09.beancount"
    row = ROW.format(
        day=day, number=number, amount=f"{amount}.00", fen=amount * 100, other=f"{-amount}.00", digest="0" * 64
    )
    path.write_text(path.read_text("utf-8") + row, "utf-8")


def test_two_compounds_of_which_nothing_is_shared(two: StreetFolder) -> None:
    assert said(two) == []


@pytest.mark.parametrize("codes", [(), ("C0007",), ("C0008",)])
@pytest.mark.parametrize("written", ['bank-account: "1202000000000013021"', 'bank-account: "1202-0000 00000013021"'])
def test_one_account_in_two_compounds(two: StreetFolder, codes: tuple[str, ...], written: str) -> None:
    change(two, "C0008/accounts.beancount", 'bank: "icbc"', 'bank: "abc"')
    change(two, "C0008/accounts.beancount", 'bank-account: "1202000000000013022"', written)
    found = said(two, *codes)
    owners = {"C0007": "C0008", "C0008": "C0007"}
    assert len(found) == len(codes or owners)
    for code, line in zip(codes or sorted(owners), found, strict=True):
        assert line.startswith(f"{code}/accounts.beancount：第 ")
        assert line.endswith(f"已由小区 {owners[code]} 登记，一个专户只能属于一个小区")


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([(2, -300, "1202000000000013022")], 1),  # the neighbour's
        ([(2, -300, "1202-000000000013022")], 1),
        ([(2, 300, "1202000000000013022")], 1),
        ([(2, -300, "1202000000000013022"), (3, 200, "1202000000000013022")], 2),
        ([(2, -300, "1202000000000013022"), (3, 300, "1202000000000013022")], 0),  # came back
        ([(2, -300, "1202000000000013021")], 0),  # its own
        ([(2, -300, "9900000000000000001")], 0),  # a stranger's
    ],
)
def test_money_does_not_go_from_compound_to_compound(
    two: StreetFolder, rows: list[tuple[int, int, str]], wrong: int
) -> None:
    for day, amount, number in rows:
        pay(two, day, amount, number)
    found = said(two, "C0007")
    assert len(found) == wrong
    for line in found:
        assert line.startswith("C0007/2026/2026-09.beancount：第 ")
        assert "对方账号 1202000000000013022 是小区 C0008 的专户：小区之间不得往来" in line


def test_a_neighbour_whose_accounts_cannot_be_read_is_said_so(two: StreetFolder) -> None:
    """Whether the number is shared is not known then, and that must not look like a pass."""
    path = two.compound("C0008").path / "accounts.beancount"
    path.write_text(path.read_text("utf-8") + "\npushtag #x\n", "utf-8")
    found = said(two, "C0007")
    assert len(found) == 1
    assert found[0].startswith("C0008/accounts.beancount：第 ")
