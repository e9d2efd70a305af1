"""Every household's code proves its balance in the total that was sealed, and nobody else's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger, office_of
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_salt
from jiezhang.close.household_proofs import SealedHouseholds, sealed_households
from jiezhang.domain.history.household_proof import verify
from jiezhang.domain.history.wire import from_base32
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.verifying import trust_from
from tests.tri_party.sealed_street import run, sealed_street

AUGUST = Month(2026, 8)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    return sealed_street(tmp_path_factory.mktemp("codes") / "street")


@pytest.fixture(scope="module")
def sealed(street: StreetFolder) -> SealedHouseholds:
    folder = street.compound("C0001")
    ledger = load_ledger(folder, read_street(street).city)
    office, salt = office_of(ledger), read_salt(folder)
    assert office is not None and salt is not None
    seal = office.files.months.seal_of(AUGUST)
    assert seal is not None
    return sealed_households(ledger, seal, salt)


def test_every_balance_is_in_the_total_that_fund_balance_prints(street: StreetFolder, sealed: SealedHouseholds) -> None:
    trust = trust_from(street)
    found = [verify(sealed.code(name), trust) for name in sealed.tree.places]
    assert {one.result for one in found} == {"ok"}
    facts = [one.facts for one in found if one.facts is not None]
    assert len({one.total_fen for one in facts}) == 1
    assert sum(one.balance_fen for one in facts) == facts[0].total_fen
    printed = run(street, "fund", "balance", "--compound", "C0001", "--on", "2026-08-31").output
    assert f"{Decimal(facts[0].total_fen) / 100:,.2f}" in printed


def test_a_code_is_small_enough_to_print(sealed: SealedHouseholds) -> None:
    assert max(len(from_base32(sealed.code(name))) for name in sealed.tree.places) < 1500


def test_no_two_codes_show_the_same_salt(sealed: SealedHouseholds) -> None:
    salts = [sealed.tree.proof(name).salt for name in sealed.tree.places]
    assert len(set(salts)) == len(salts)


def test_a_stranger_and_an_open_month_have_no_code(street: StreetFolder, sealed: SealedHouseholds) -> None:
    with pytest.raises(Refused, match="2026-08 的各户余额里没有户 99-9-999"):
        sealed.code("99-9-999")
    ran = run(street, "attest", "proof", "2026-09", "--compound", "C0001", "--household", "01-1-101")
    assert (ran.exit_code, ran.output) == (2, "C0001：2026-09 还没有封月，封月以后才有凭码\n")


def test_the_printed_statement_carries_the_code_of_its_last_month(street: StreetFolder, tmp_path: Path) -> None:
    said = {}
    for month in ("2026-08", "2026-09"):
        given = (month, "--compound", "C0001", "--household", "01-1-101", "--out", str(tmp_path / month))
        assert run(street, "fund", "statement", *given).exit_code == 0
        with pypdfium2.PdfDocument(next((tmp_path / month).glob("*.pdf"))) as document:
            said[month] = "".join(page.get_textpage().get_text_range() for page in document)
    assert {month: "扫码核对" in text for month, text in said.items()} == {"2026-08": True, "2026-09": False}


def test_a_code_checks_on_the_command_line_and_in_plain_words(street: StreetFolder, tmp_path: Path) -> None:
    code = run(street, "attest", "proof", "2026-08", "--compound", "C0001", "--household", "01-1-101").output.strip()
    (tmp_path / "凭码.txt").write_text(f"HTTPS://EXAMPLE.CN/CHECK#{code}\n", "utf-8")
    ran = run(street, "verify", str(tmp_path / "凭码.txt"))
    assert ran.exit_code == 0
    assert "凭码成立：C0001 户 01-1-101 在 2026-08 月底的余额" in ran.output
    wrong = code.replace(code[300], "A" if code[300] != "A" else "B", 1)
    assert run(street, "verify", "--code", wrong).exit_code == 1
