"""BQL's tables of sealed and presented months, by command and in Fava's query box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from little_street import make_street
from sealed_street import AUDITOR, BANK, COMMUNITY, NEXT, close, copy_of, present, remark, sign

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.book.seal_files import read_months
from jiezhang.close.attesting import Word
from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.money import from_fen
from jiezhang.domain.tri_party.figures import NOTHING_BEFORE
from jiezhang.domain.tri_party.month_seal import seal_digest
from jiezhang.street.attesting import explain
from jiezhang.street.querying import query_street
from tests.signed_in import client_as, open_app


@pytest.fixture(scope="module")
def street(sealed_once: StreetFolder, tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    """2026-08 before the parties: the bank confirms, the auditor has a remark, the community refuses."""
    made = copy_of(sealed_once, tmp_path_factory.mktemp("tables") / "street")
    present(made, "C0001")
    sign(made, BANK, "bank")
    sign(made, AUDITOR, "auditor", Word(differences=(remark("收据"),)))
    sign(made, COMMUNITY, "community", Word(refusal="没有看到公示"))
    return made


def ask(street: StreetFolder, query: str) -> list[tuple[Any, ...]]:
    (answer,) = query_street(street, [street.compound("C0001")], query)
    return list(answer.rows)


def test_what_each_party_said(street: StreetFolder) -> None:
    columns = "month, compound, party, verdict, person, time, differences"
    assert ask(street, f"SELECT {columns} FROM #reconciliations WHERE month = '2026-08'") == [
        ("2026-08", "C0001", "bank", "confirmed", "B01", "2026-09-05 09:30:00", 0),
        ("2026-08", "C0001", "auditor", "excepted", "A01", "2026-09-05 09:30:00", 1),
        ("2026-08", "C0001", "community", "refused", "S01", "2026-09-05 09:30:00", 0),
        ("2026-08", "C0001", "owners", "missing", "", "", 0),
    ]
    months = read_months(street.compound("C0001"))
    digests = {canonical_digest(months.seals[0].figures), canonical_digest(months.presented["2026-08"].figures)}
    assert {row[0] for row in ask(street, "SELECT digest FROM #reconciliations")} == digests


def test_the_seals(street: StreetFolder) -> None:
    (seal,) = read_months(street.compound("C0001")).seals
    figures = seal.figures
    query = "SELECT month, digest, tree_size, tree_root, households, total, closed_by, missing, previous FROM #seals"
    assert ask(street, query) == [
        ("2026-07", seal_digest(seal), figures.vouchers.tree_size, figures.vouchers.tree_root, 8,
         from_fen(sum(fund.households_fen for fund in figures.funds)), "K02", "", NOTHING_BEFORE)
    ]  # fmt: skip


def test_a_seal_names_the_one_before_and_who_is_missing(sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    sign(sealed, AUDITOR, "auditor")
    sign(sealed, COMMUNITY, "community")
    close(sealed)
    (first, _, before), (_, missing, previous) = ask(sealed, "SELECT digest, missing, previous FROM #seals")
    assert (before, missing, previous) == (NOTHING_BEFORE, "owners", first)


def test_differences_open_explained_and_settled(sealed: StreetFolder) -> None:
    query = "SELECT id, month, party, kind, amount, since, age, explanation, closed FROM #differences"
    present(sealed, "C0001")
    sign(sealed, AUDITOR, "auditor", Word(differences=(remark("收据"),)))
    row = ("D2026-08-A01-01", "2026-08", "auditor", "exception", from_fen(remark("").amount_fen), "2026-08", 1)
    assert ask(sealed, query) == [(*row, "", "")]
    explain(sealed, sealed.compound("C0001"), NEXT, "K02", "D2026-08-A01-01", "已补")
    assert ask(sealed, query) == [(*row, "已补", "")]
    sign(sealed, AUDITOR, "auditor", Word(differences=(remark("收据"),), closes=("D2026-08-A01-01",)))
    assert ask(sealed, query) == [(*row, "已补", "专业审计（专业审计员）确认已经解决")]


def test_a_signature_that_does_not_count_is_void(sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    about = read_street(sealed)
    people = [one.model_copy(update={"key": ""}) if one.id == BANK else one for one in about.people]
    sealed.toml.write_bytes(toml_bytes(about.model_copy(update={"people": tuple(people)})))
    query = "SELECT verdict FROM #reconciliations WHERE party = 'bank' AND month = '2026-08'"
    assert ask(sealed, query) == [("void",)]


def test_fava_answers_them_too(street: StreetFolder) -> None:
    client = client_as(open_app(street), AUDITOR)
    for table, count in (("reconciliations", 8), ("seals", 1), ("differences", 1)):
        query = {"query_string": f"SELECT count(month) AS found FROM #{table}"}
        answer = client.get("/c0001/api/query", query_string=query)
        assert (answer.status_code, answer.json["data"]["rows"]) == (200, [[count]]), table  # type: ignore[index]


def test_books_without_months_have_empty_tables(tmp_path: Path) -> None:
    little = make_street(tmp_path / "little", "C0001")
    for table in ("reconciliations", "seals", "differences"):
        assert ask(little, f"SELECT * FROM #{table}") == []
