"""The example street: every household's statement of every quarter, against the ledger's own postings and its bank."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from beancount.core.data import Transaction

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from reports.balance_certificate import balance_certificate
from reports.household_statement import HouseholdStatement, household_statements
from reports.render.household_statement_pdf import render_pdf
from reports.render.household_statement_xlsx import render_xlsx

STREET = StreetFolder(Path(__file__).parents[2] / "ledgers" / "ganzhi")
OF_BUILDINGS = ("3001", "3002", "4001", "5001", "5101")


@pytest.fixture(scope="module", params=[folder.path.name for folder in STREET.compounds()])
def made(request: pytest.FixtureRequest) -> tuple[str, list[HouseholdStatement]]:
    folder, street = STREET.compound(request.param), read_street(STREET)
    loaded = load_ledger(folder, street.city)
    last = max(entry.date for entry in loaded.entries if isinstance(entry, Transaction))
    return request.param, household_statements(
        read_fund_files(folder), loaded.entries, street=street, compound=loaded.compound, first=date(1990, 1, 1),
        last=last,
    )


def test_all_closing_balances_are_what_the_control_accounts_say(made: tuple[str, list[HouseholdStatement]]) -> None:
    code, statements = made
    folder = STREET.compound(code)
    entries = load_ledger(folder, read_street(STREET).city).entries
    control = Decimal(0)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) and entry.flag == "*" else ():
            _, _, fund, subject, *_ = f"{posting.account}:".split(":")
            control -= posting.units.number if fund.startswith("W") and subject.startswith(OF_BUILDINGS) else 0
    assert Decimal(sum(s.closing_fen for s in statements)).scaleb(-2) == control
    found = identity(replay_fund(read_fund_files(folder), entries).state)
    assert (found.holds, found.households_fen) == (True, sum(s.closing_fen for s in statements))


def test_every_household_of_the_register_has_one_statement(made: tuple[str, list[HouseholdStatement]]) -> None:
    code, statements = made
    dwellings = read_fund_files(STREET.compound(code)).register.dwellings
    assert len({s.home.code for s in statements}) == len(statements)
    assert {d.code for d in dwellings} <= {s.home.code for s in statements}
    owners = {d.owner for d in dwellings if d.owner}
    assert owners
    assert not owners & {s.home.owner for s in statements}, "a pseudonym is printed in full"


def test_a_certificate_is_the_closing_balance(made: tuple[str, list[HouseholdStatement]]) -> None:
    code, statements = made
    folder, street = STREET.compound(code), read_street(STREET)
    loaded = load_ledger(folder, street.city)
    for statement in [s for s in statements if "/" not in s.home.code and not s.home.status][::97]:
        proof = balance_certificate(
            read_fund_files(folder), loaded.entries, street=street, compound=loaded.compound,
            code=statement.home.code, day=statement.last,
        )
        assert (proof.balance_fen, proof.line, len(proof.accounts)) == (statement.closing_fen, statement.line, 1)


def test_all_can_be_printed(made: tuple[str, list[HouseholdStatement]]) -> None:
    _, statements = made
    assert render_pdf(statements).count(b"/Type /Page\n") >= len(statements)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(statements)), read_only=True)
    assert [sheet.max_row for sheet in book] == [5 + len(statements), 4 + sum(len(s.lines) for s in statements)]
