"""What only a street sees: one bank account registered twice, money that goes from compound to compound."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jiezhang.book.create import create_compound
from jiezhang.book.layout import StreetFolder
from jiezhang.street.checking import check_street
from jiezhang.street.importing import import_files
from jiezhang.street.sample.files_icbc import history_detail
from tests.conftest import MAKER, new_compound, statement

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
    folder = street.compound("C0007")
    path, kept = folder.path / "2026/2026-09.beancount", folder.statements / "2026-09" / f"{day}.csv"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(f"{day}", "utf-8")
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    row = ROW.format(
        day=day, number=number, amount=f"{amount}.00", fen=amount * 100, other=f"{-amount}.00", digest=digest
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


# ---------------------------------------------------------------- the bank's own files


@pytest.fixture
def imported(street: StreetFolder, tmp_path: Path) -> StreetFolder:
    """C0007 with two rows of September booked from a kept file, and a shorter file of the same days kept too."""
    whole = statement([("3", "900.00", "广告费"), ("4", "-20.00", "手续费")])
    for name, rows in (("whole.xlsx", whole.rows), ("first.xlsx", whole.rows[:1])):
        (tmp_path / name).write_bytes(history_detail(replace(whole, rows=rows)))
        import_files(street, [tmp_path / name], MAKER)
    return street


def test_kept_files_are_those_that_were_booked(imported: StreetFolder) -> None:
    assert len(imported.compound("C0007").kept_files()) == 2
    assert said(imported) == []


LOST = (
    r"C0007/2026/2026-09.beancount：第 \d+ 行："
    r"statements 里没有这笔流水的对账单原件（指纹 \w{12}…），原件丢失或已被改动"
)
FOREIGN = "C0007/statements/2026-09/{}：对账单原件没有入账，或入账后已被改动"


def test_a_kept_file_that_is_gone(imported: StreetFolder) -> None:
    (imported.compound("C0007").statements / "2026-09/whole.xlsx").unlink()
    (found,) = said(imported)
    assert re.fullmatch(LOST, found)


OTHER_ROWS = history_detail(statement([("3", "900.01", "广告费"), ("4", "-20.00", "手续费")]))


@pytest.mark.parametrize("how", [lambda was: OTHER_ROWS, lambda was: was[:99]])
def test_a_kept_file_that_was_changed(imported: StreetFolder, how: Callable[[bytes], bytes]) -> None:
    path = imported.compound("C0007").statements / "2026-09/whole.xlsx"
    path.write_bytes(how(path.read_bytes()))
    lost, foreign = said(imported)
    assert re.fullmatch(LOST, lost)
    assert foreign == FOREIGN.format("whole.xlsx")


def test_a_file_among_the_kept_ones_that_nobody_booked(imported: StreetFolder) -> None:
    other = statement([("9", "1.00", "广告费")])
    (imported.compound("C0007").statements / "2026-09/other.xlsx").write_bytes(history_detail(other))
    assert said(imported) == [FOREIGN.format("other.xlsx")]


def test_another_digest_in_the_ledger(imported: StreetFolder) -> None:
    path = imported.compound("C0007").path / "2026/2026-09.beancount"
    text = path.read_text("utf-8")
    at = text.index("source-sha256") + len('source-sha256: "')
    path.write_text(text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :], "utf-8")
    (found,) = said(imported)
    assert re.fullmatch(LOST, found)
