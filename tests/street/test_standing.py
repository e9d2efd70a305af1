"""Where a compound stands: the value says what the books, the sealed figures and the procedures say."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from beancount.core import data

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.book.seal_files import read_months
from jiezhang.close.attesting import Word
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.booking import is_opening
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion
from jiezhang.domain.statement import references
from jiezhang.domain.tri_party.figures import FundFigures
from jiezhang.street.booking import complete_rows, post_street, review_street
from jiezhang.street.standing import compound_standing, months_with_work, reconciled
from jiezhang.street.standing_value import CompoundStanding, MonthStanding, Pile, count, due_day, oldest
from tests.web import little_street as little
from tests.web.sealed_street import NEXT, SEALED, close, copy_of, make_sealed, present, sign, sign_all


@pytest.fixture(scope="module")
def sealed_once(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    return make_sealed(tmp_path_factory.mktemp("sealed") / "street")


@pytest.fixture
def sealed(sealed_once: StreetFolder, tmp_path: Path) -> StreetFolder:
    """2026-07 sealed, 2026-08 booked."""
    return copy_of(sealed_once, tmp_path / "sealed")


def of(street: StreetFolder, code: str = "C0001") -> CompoundStanding:
    return compound_standing(street.compound(code), read_street(street).city)


def test_a_sealed_month_and_one_that_is_booked(sealed: StreetFolder) -> None:
    found = of(sealed)
    assert (found.closed, found.first_open, found.faults) == (SEALED, NEXT, 0)
    entries = load_ledger(sealed.compound("C0001"), read_street(sealed).city).entries
    posted = Counter(
        Month.of(one.date) for one in entries if isinstance(one, data.Transaction) and not is_opening(one)
    )
    assert {one.month: (one.posted, one.unposted, one.verdict, one.state) for one in found.months} == {
        SEALED: (posted[SEALED], 0, "agreed", "closed"),
        NEXT: (posted[NEXT], 0, "agreed", "open"),
    }
    assert found.state_of(SEALED.shift(-1)) == "closed"
    assert found.state_of(NEXT.shift(3)) == "open"


def test_money_and_flows_are_those_that_the_parties_sign(sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    figures = read_months(sealed.compound("C0001")).presented[str(NEXT)].figures
    found = of(sealed)
    assert {one.fund: one.balance_fen for one in found.balances} == {one.fund: held(one) for one in figures.funds}
    sealed_month = read_months(sealed.compound("C0001")).seal_of(SEALED)
    assert sealed_month is not None
    assert {one.fund: one.at_end_of(SEALED) for one in found.balances} == {
        one.fund: held(one) for one in sealed_month.figures.funds
    }
    assert all(one.at_end_of(NEXT) == one.balance_fen for one in found.balances)
    flows = {one.fund: (one.income_fen, one.expense_fen) for one in found.flows if one.month == NEXT}
    assert flows == {
        one.fund[0]: (one.income_fen, one.expense_fen) for one in figures.funds if one.income_fen or one.expense_fen
    }


def held(fund: FundFigures) -> int:
    return fund.money_fen + fund.bonds_fen + fund.advance_fen


def test_the_parties_one_after_the_other(sealed: StreetFolder) -> None:
    def month() -> tuple[object, ...]:
        found = of(sealed)
        shown = found.month(NEXT)
        assert shown is not None
        return found.closed, shown.state, shown.missing, [one.persons for one in shown.parties if one.persons]

    present(sealed, "C0001")
    seen = [month()]
    sign(sealed, "B01", "bank")
    seen.append(month())
    sign_all(sealed)
    seen.append(month())
    close(sealed)
    seen.append(month())
    assert seen == [
        (SEALED, "presented", ("bank", "auditor", "community"), []),
        (SEALED, "presented", ("auditor", "community"), [("B01",)]),
        (SEALED, "presented", (), [("B01",), ("A01",), ("S01",)]),
        (NEXT, "closed", (), []),
    ]


def test_each_bank_speaks_of_its_own_accounts(sealed: StreetFolder) -> None:
    """B01 is registered for one of the compound's banks: the others are waited for."""
    present(sealed, "C0001")
    figures = read_months(sealed.compound("C0001")).presented[str(NEXT)].figures
    everybody = {one.bank for fund in figures.funds for one in fund.accounts}
    bank = figures.funds[0].accounts[0].bank

    def awaited() -> tuple[bool, set[str]]:
        shown = of(sealed).month(NEXT)
        assert shown is not None
        return next((one.is_in, set(one.banks)) for one in shown.parties if one.party == "bank")

    about = read_street(sealed)
    people = [one.model_copy(update={"banks": (bank,)}) if one.id == "B01" else one for one in about.people]
    sealed.toml.write_bytes(toml_bytes(about.model_copy(update={"people": tuple(people)})))
    present(sealed, "C0001")
    assert awaited() == (False, everybody)
    own = tuple(one.account for fund in figures.funds for one in fund.accounts if one.bank == bank)
    sign(sealed, "B01", "bank", Word(checked=7, accounts=own))
    others = [one for fund in figures.funds for one in fund.accounts if one.bank != bank]
    waits = {one.bank for one in others if parse_account(one.account).is_bank}
    assert awaited() == (not waits, waits)
    assert waits


def test_who_refused_is_not_in(sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, "B01", "bank", Word(refusal="余额不对"))
    shown = of(sealed).month(NEXT)
    assert shown is not None
    assert [(one.is_in, one.has_refused, one.word) for one in shown.parties if one.party == "bank"] == [
        (False, True, "拒绝签署")
    ]


def test_a_statement_that_is_gone(sealed: StreetFolder) -> None:
    folder = sealed.compound("C0001")
    before = of(sealed).month(NEXT)
    assert before is not None and before.unstated == ()
    for path in (folder.statements / str(NEXT)).iterdir():
        path.unlink()
    after = of(sealed).month(NEXT)
    assert after is not None
    assert len(after.unstated) == after.accounts > 0
    assert after.verdict == "different"  # the book cites files that are not there


def test_reconciled_as_reconcile_does(sealed: StreetFolder) -> None:
    for folder in sealed.compounds():
        ledger = load_ledger(folder, read_street(sealed).city)
        months = months_with_work(ledger)
        assert reconciled(ledger, months) == {month: reconcile(folder, ledger.entries, month) for month in months}


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return little.make_street(tmp_path / "little", "C0001")


def complete_cleaning(folder: CompoundFolder) -> None:
    """The payment of 350 yuan, under the standing rule that the committee decided on."""
    row = Completion(
        account=little.bank("C0001"), bank_ref=references(little.ROWS)[1],
        other_account=little.subject("C0001", "Expenses", "5001经营成本"), resolution="R2026-00",
    )  # fmt: skip
    complete_rows(folder, little.CITY, [row], little.MAKER)


def test_rows_on_their_way(street: StreetFolder) -> None:
    """Three rows; the first is entered when it is imported, for a contract says what it is."""
    folder, october = street.compound("C0001"), Month(2026, 10)

    def month() -> MonthStanding:
        found = of(street).month(october)
        assert found is not None
        return found

    def piles() -> tuple[int, int, int, int]:
        now = month()
        return count(now.waiting), count(now.entered), count(now.reviewed), now.posted

    seen = [piles()]
    complete_cleaning(folder)
    seen.append(piles())
    assert month().waiting == (Pile(count=1, oldest=date(2026, 10, 9), apart=()),)
    assert month().entered == (
        Pile(count=1, oldest=date(2026, 10, 3), apart=(little.MAKER,)),
        Pile(count=1, oldest=date(2026, 10, 5), apart=(little.MAKER, "Y01")),
    )
    review_street(street, [folder], october, little.REVIEWER)
    seen.append(piles())
    who = (little.REVIEWER, little.POSTER, "Y01")
    assert [count(month().reviewed, one) for one in who] == [0, 2, 1]
    post_street(street, [folder], october, little.POSTER)
    seen.append(piles())
    assert seen == [(2, 1, 0, 0), (1, 2, 0, 0), (1, 0, 2, 0), (1, 0, 0, 2)]


def test_what_counts_of_piles() -> None:
    piles = (Pile(count=2, oldest=date(2026, 10, 5), apart=("K01",)), Pile(count=3, oldest=date(2026, 10, 7)))
    assert [(count(piles, who), oldest(piles, who)) for who in ("", "K01", "K02")] == [
        (5, date(2026, 10, 5)), (3, date(2026, 10, 7)), (5, date(2026, 10, 5)),
    ]  # fmt: skip
    assert (count(()), oldest(())) == (0, None)


def test_faults_are_told_and_hide_nothing(street: StreetFolder) -> None:
    folder = street.compound("C0001")
    path = folder.path / little.MONTH_FILE
    wrong = '\n2026-10-12 * "多收"\n  {}  0.004 CNY\n  {}  -0.004 CNY\n'
    legs = little.bank("C0001"), little.subject("C0001", "Income", "4901其他")
    path.write_text(path.read_text("utf-8") + wrong.format(*legs), "utf-8")
    found = of(street)
    assert found.faults > 1
    assert found.fault == "金额 0.004 须写到分（两位小数）"
    assert [(one.balance_fen, found.months[0].posted) for one in found.balances] == [(10_000_00, 1)]


def test_late_by_the_day_it_is_asked(street: StreetFolder) -> None:
    found = of(street)
    assert found.first_open == Month(2026, 9)
    assert due_day(found.first_open) == date(2026, 10, 15)
    assert [found.days_late(date(2026, 10, day)) for day in (1, 15, 16, 31)] == [0, 0, 1, 16]


def test_it_comes_back_from_text(sealed: StreetFolder, street: StreetFolder) -> None:
    little.resolve(street)
    for found in (of(sealed), of(street)):
        assert CompoundStanding.model_validate_json(found.model_dump_json()) == found
