"""A closed month refuses every write, by the office's commands and by hand; the open month goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from beancount.core import data

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_months
from jiezhang.domain.corrections import voucher_name
from tests.tri_party.sealed_street import contents, run, sealed_street


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return sealed_street(tmp_path / "street")


def found(street: StreetFolder) -> list[str]:
    """What the rules say of C0001."""
    errors = load_ledger(street.compound("C0001"), read_street(street).city).errors
    return [error.message for error in errors if getattr(error, "rule", "") in ("sealed_months", "tri_party")]


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


LATE_RECORD = """
2026-08-20 custom "publication" "S-01" "notice"
  place: "公告栏"
  until: 2026-09-10
  by: "C0001Y1"
"""
NEW_ROW = """
2026-08-12 ! "事后补记"
  maker: "K01"
  Assets:C0001甲子花园:G公共收益:1012支付平台待结算-在途   1.00 CNY
  Equity:C0001甲子花园:G公共收益:3001公共收益结余  -1.00 CNY
"""


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("2026/2026-08.beancount", NEW_ROW, "2026-08 已经封月，不得再记账；更正和补记都记在没有封的月份"),
        (
            "resolutions.beancount",
            LATE_RECORD,
            "已封的月份不得补记、改动或删除",
        ),
        (
            "register/changes.csv",
            "BG9,2026-08-03,sale,01-1-101,,Y99,\n",
            "房屋变更有",
        ),
    ],
)
def test_what_is_dated_into_a_closed_month_is_an_error(street: StreetFolder, file: str, text: str, said: str) -> None:
    assert found(street) == []
    _append(street.compound("C0001").path / file, text)
    assert any(said in one for one in found(street)), found(street)


def test_vouchers_of_closed_months_can_not_change_places(street: StreetFolder) -> None:
    chain = street.compound("C0001").path / "chain.csv"
    lines = chain.read_text("utf-8").splitlines(keepends=True)
    lines[3], lines[4] = lines[4], lines[3]
    chain.write_text("".join(lines), "utf-8")
    assert any("凭证链与封月时不同" in one for one in found(street))


def test_a_seal_can_not_be_taken_away(street: StreetFolder) -> None:
    (street.compound("C0001").path / "seals" / "2026-07.json").unlink()
    assert any("与上一个月的封月文件接不上" in one for one in found(street))


def test_a_late_statement_of_a_closed_month_is_refused(street: StreetFolder) -> None:
    """The bank brings rows of August in November: the balances proven since refuse them, not one byte is written."""
    bank = next(path for path in street.inbox.rglob("*.csv") if "中行" in path.name)
    late = street.path.parent / "late" / bank.name
    late.parent.mkdir()
    late.write_bytes(bank.read_bytes().replace(b"202610", b"202608"))
    before = contents(street)
    ran = run(street, "import", str(late), by="K01")
    assert (ran.exit_code, contents(street) == before) == (2, True), ran.output


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("review", "2026-08"), ""),
        (("post", "2026-08", "--key", "{keys}/K02.pem"), ""),
        (("attest", "present", "2026-08", "--key", "{keys}/K02.pem"), "2026-08 已经封月"),
        (("attest", "sign", "2026-08", "--agree", "--key", "{keys}/B01.pem"), "2026-08 已经封月"),
        (("close", "2026-08"), "2026-08 已经封月"),
    ],
)
def test_no_command_writes_into_a_closed_month(street: StreetFolder, command: tuple[str, ...], said: str) -> None:
    keys = str(street.path / "example-keys")
    people = {"review": "F01", "attest": "K02"}
    by = "B01" if "sign" in command else people.get(command[0], "K02")
    before = contents(street)
    ran = run(street, *(part.format(keys=keys) for part in command), by=by)
    assert said in ran.output
    assert ran.exit_code == (2 if said else 0), ran.output
    assert contents(street) == before


def test_a_correction_goes_into_the_open_month_and_onto_its_statement(street: StreetFolder) -> None:
    """A receipt of August is put right in September: August stays, September's statement lists both vouchers."""
    folder, keys = street.compound("C0001"), str(street.path / "example-keys")
    ledger = load_ledger(folder, read_street(street).city)
    wrong = next(
        voucher_name(entry)
        for entry in ledger.entries
        if isinstance(entry, data.Transaction)
        and entry.date.month == 8
        and any("4001车位场地" in leg.account for leg in entry.postings)
    )
    steps = (
        ("K01", ("correct", wrong, "--compound", "C0001", "--on", "2026-09-30", "--to", "4901其他")),
        ("F01", ("review", "2026-09", "--compound", "C0001")),
        ("K02", ("post", "2026-09", "--compound", "C0001", "--key", f"{keys}/K02.pem")),
        ("K02", ("attest", "present", "2026-09", "--compound", "C0001", "--key", f"{keys}/K02.pem")),
    )
    for by, command in steps:
        ran = run(street, *command, by=by)
        assert ran.exit_code == 0, ran.output
    figures = read_months(folder).presented["2026-09"].figures
    assert [(one.corrects, one.kind) for one in figures.late] == [(wrong, "red"), (wrong, "new")]
    assert run(street, "verify").exit_code == 0


def test_a_closed_months_statement_taken_away_is_named(street: StreetFolder) -> None:
    shutil.rmtree(street.compound("C0001").path / "statements" / "2026-07")
    ran = run(street, "verify")
    assert ran.exit_code == 1
    assert "C0001/statements/2026-07/historydetail3502.xlsx：封月时有的文件现在没有" in ran.output
