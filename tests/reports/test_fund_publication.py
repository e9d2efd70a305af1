"""维修资金公示表: everything on it ties, to the fen, and to a plain recount of the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.data import Transaction
from histories import History, histories
from hypothesis import given, settings
from hypothesis import strategies as st
from little_fund import BANK, SUSPENSE, voucher
from paper_books import COMPOUND, HOMES, STREET, Books, estate, year
from paper_checks import check_formulas, check_pages, sheets, texts

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.fund_register import Change
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused
from jiezhang.street.fund_view import open_fund
from reports.fund_flows import DEPOSITS, USES, YIELDS
from reports.fund_publication import FundPublication, fund_publication
from reports.render.fund_publication_pdf import lay_out, render_pdf
from reports.render.fund_publication_xlsx import render_xlsx

Q1, Q3 = date(2026, 4, 1), date(2026, 9, 30)
GANZHI = StreetFolder(Path(__file__).parents[2] / "ledgers" / "ganzhi")


def published(
    books: Books, first: date = Q1, last: date = Q3, bank: dict[str, Decimal] | None = None
) -> FundPublication:
    return fund_publication(
        books.files, books.entries, street=STREET, compound=COMPOUND, first=first, last=last, bank_balances=bank
    )


def ties(value: FundPublication) -> None:
    flows, found = value.flows, value.identity
    assert flows.closing_fen == found.households_fen + found.undistributed_fen
    for line in flows.accounts:
        moved = line.deposit_fen + line.yield_fen - line.use_fen + line.other_fen
        assert line.opening_fen + moved == line.closing_fen
    sums = {name: sum(getattr(line, f"{name}_fen") for line in flows.accounts)
            for name in ("opening", "deposit", "yield", "use", "other", "closing")}  # fmt: skip
    assert sums["opening"] == flows.opening_households_fen
    assert sums["closing"] == found.households_fen == found.buildings_fen
    assert sums["deposit"] == flows.sum_of(DEPOSITS)
    assert sums["yield"] == flows.distributed_fen
    assert sums["use"] == -flows.by_key.get("repair", 0) == sum(p.paid_fen for p in value.projects)
    owed = found.households_fen + found.undistributed_fen + found.payable_fen + found.unexplained_fen
    assert sum(bank.book_fen for bank in value.banks) + found.bonds_fen == owed
    assert value.holds


def test_the_year_by_hand() -> None:
    value = published(year())
    ties(value)
    assert {key: yuan(fen) for key, fen in value.flows.by_key.items()} == {
        "top-up": "2,000.00", "refund": "-10.00", "4201": "3,000.00", "repair": "-20,652.03",
    }  # fmt: skip
    assert (yuan(value.flows.opening_fen), yuan(value.flows.closing_fen)) == ("30,182.10", "14,520.07")
    roof, road = value.projects
    assert (roof.code, roof.scope, yuan(roof.paid_fen), yuan(roof.outside_fen), roof.per_m2_yuan) == (
        "WX-01", "B01幢", "19,438.78", "7,906.89", Decimal("91.15"),
    )  # fmt: skip
    assert roof.vouchers == ("2026-04 记-0001", "2026-07 记-0001") and roof.households == 4
    assert (road.scope, road.households, road.area_dm2, road.per_m2_yuan) == ("全小区", 6, 40_000, Decimal("10.00"))


def test_what_was_paid_before_the_period_counts_as_paid_in_all() -> None:
    value = published(year(), first=date(2026, 7, 1))
    roof = value.projects[0]
    assert (yuan(roof.paid_fen), yuan(roof.paid_all_fen)) == ("9,150.72", "19,438.78")
    assert [p.code for p in published(year(), first=date(2026, 8, 1)).projects] == ["WX-02"]


def test_the_first_period_begins_with_the_opening() -> None:
    value = published(year(), first=date(2026, 1, 1), last=date(2026, 3, 31))
    ties(value)
    assert (value.flows.opening_fen, value.projects) == (0, ())
    assert {key: yuan(fen) for key, fen in value.flows.by_key.items()} == {"first": "29,750.00", "4101": "432.10"}


@settings(max_examples=60)
@given(histories(), st.integers(0, 500), st.integers(0, 900))
def test_any_history(history: History, start: int, days: int) -> None:
    first = date(2026, 1, 1) + timedelta(days=start)
    entries = history.vouchers
    value = fund_publication(
        history.files, entries, street=STREET, compound=COMPOUND, first=first, last=first + timedelta(days=days)
    )
    assert not value.faults
    ties(value)


@settings(max_examples=30)
@given(histories(), st.integers(1, 400))
def test_two_periods_are_one(history: History, cut: int) -> None:
    """What a period leaves is what the next begins with, and the flows add up."""
    start, middle, end = date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=cut), date(2029, 12, 31)

    def made(first: date, last: date) -> FundPublication:
        return fund_publication(
            history.files, history.vouchers, street=STREET, compound=COMPOUND, first=first, last=last
        )

    one, two, whole = made(start, middle - timedelta(days=1)), made(middle, end), made(start, end)
    assert (one.flows.closing_fen, one.identity.households_fen) == (
        two.flows.opening_fen, two.flows.opening_households_fen,
    )  # fmt: skip
    for keys in (DEPOSITS, YIELDS, USES, ("returned", "corrected")):
        assert one.flows.sum_of(keys) + two.flows.sum_of(keys) == whole.flows.sum_of(keys)


@pytest.mark.parametrize("first", [date(2026, 7, 1), date(2026, 8, 1)])
@pytest.mark.parametrize("code", [folder.path.name for folder in GANZHI.compounds()])
def test_the_example_street_against_a_plain_recount(code: str, first: date) -> None:
    """From the first day of the books on, too: the opening is what there was before."""
    office = open_fund(GANZHI, GANZHI.compound(code))
    compound, last = office.ledger.compound, date(2026, 9, 30)
    value = fund_publication(
        office.files, office.ledger.entries, street=office.street, compound=compound, first=first, last=last
    )
    ties(value)
    flows: defaultdict[str, Decimal] = defaultdict(Decimal)
    bank = Decimal(0)
    for entry in office.ledger.entries:
        if isinstance(entry, Transaction) and entry.date <= last and entry.flag == "*":
            for posting in entry.postings:
                if ":W维修资金:" in posting.account and posting.units is not None:
                    amount, subject = posting.units.number or Decimal(0), posting.account.split(":")[3][:4]
                    bank += amount if subject == "1001" else 0
                    flows[subject] += amount if entry.date >= first else 0
    by_key = value.flows.by_key
    assert value.flows.opening_fen > 0
    assert value.flows.sum_of(DEPOSITS) - by_key.get("received", 0) == -flows["4001"] * 100
    assert -by_key.get("repair", 0) == flows["5001"] * 100
    for subject in ("4101", "4102", "4201", "4301", "4901"):
        assert by_key.get(subject, 0) == -flows[subject] * 100
    assert sum(line.book_fen for line in value.banks) == bank * 100
    check_pages(lay_out(value))


def test_splits_lost_houses_and_corrections_stand_under_other() -> None:
    change = Change(code="BG-1", date=date(2026, 5, 9), kind="split", dwellings="B01-2-101",
                    into="B01-2-101A=60.00,B01-2-101B=40.00")  # fmt: skip
    books = Books(changes=(change,))
    model = books.model
    books.add(model.deposit(date(2026, 1, 5), {home.code: 100_000 for home in HOMES}, first=True))
    books.add(model.correct(date(2026, 4, 7), "B01-1-101", "B01-1-102", 500))
    books.add(model.lose(date(2026, 6, 7), "B02-1-102", at_once=False))
    value = published(books)
    ties(value)
    other = {line.code: line.other_fen for line in value.flows.accounts if line.other_fen}
    assert other == {
        "B01-1-101": -500, "B01-1-102": 500, "B01-2-101": -100_000, "B01-2-101A": 60_000, "B01-2-101B": 40_000,
        "B02-1-102": -100_000,
    }  # fmt: skip
    assert value.flows.by_key == {"returned": -100_000} and value.identity.payable_fen == 100_000
    said = "".join(texts(render_pdf(value)))
    assert "“其他”是分户、合户" in said and "应付房屋灭失返还资金1,000.00" in said
    standing = [line.code for line in value.flows.accounts if line.is_household]
    assert standing == ["B01-1-101", "B01-1-102", "B01-2-101A", "B01-2-101B", "B01-2-102", "B02-1-101"]
    assert [line.code for line in value.flows.accounts if not line.is_household] == ["B01-2-101", "B02-1-102", "B02/S"]
    assert "户数是2026年9月30日现有的房屋，下面另列售房单位账1个、本期已灭失或因分户、合户、改户号停用的2户。" in said
    assert "B01幢5" in said and "B02幢1" in said and "合计6" in said


def test_who_stands_is_who_stood_at_the_end_of_the_period() -> None:
    change = Change(code="BG-1", date=date(2026, 5, 9), kind="merge", dwellings="B01-1-101,B01-1-102",
                    into="B01-1-101H=150.00")  # fmt: skip
    books = Books(changes=(change,))
    books.add(books.model.deposit(date(2026, 1, 5), {home.code: 100_000 for home in HOMES}, first=True))

    def households(last: date) -> int:
        return sum(line.is_household for line in published(books, last=last).flows.accounts)

    assert (households(date(2026, 5, 8)), households(date(2026, 5, 9)), households(date(2026, 9, 30))) == (6, 5, 5)


@pytest.mark.parametrize("count", range(1, 12))
def test_the_note_on_projects_is_on_the_page_of_their_sum(count: int) -> None:
    value = published(year())
    pages = texts(render_pdf(replace(value, projects=value.projects[:1] * count)))
    [page] = [text for text in pages if "每平方米是总费用" in text]
    total = value.projects[0].paid_fen * count
    assert f"合计{yuan(total)}" in page


@pytest.mark.parametrize(
    ("stated", "verdict", "said"),
    [
        (None, "unchecked", "银行未核对"),
        (Decimal("14520.07"), "agreed", "银行一致"),
        (Decimal("14520.08"), "different", "银行不一致"),
    ],
)
def test_the_banks_own_figure(stated: Decimal | None, verdict: str, said: str) -> None:
    value = published(year(), bank=None if stated is None else {BANK: stated})
    assert value.bank_check == verdict
    text = texts(render_pdf(value))
    assert said in text[0]
    assert ("未提供" in text[0]) is (stated is None)
    assert ("0.01" in text[1]) is (verdict == "different")


def test_accounts_of_other_funds_are_passed_over() -> None:
    bank = {BANK: Decimal("14520.07"), "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021": Decimal("9.00")}
    assert [line.account.full for line in published(year(), bank=bank).banks] == [BANK]


def test_a_waiting_row_makes_it_a_draft_and_stands_by_itself() -> None:
    books = year()
    waiting = voucher(date(2026, 9, 29), [(BANK, 700), (SUSPENSE, -700)])._replace(flag="!")
    books.entries.append(waiting)
    value = published(books)
    ties(value)
    assert (value.waiting, value.identity.unexplained_fen) == (1, 700)
    said = texts(render_pdf(value))
    assert "草稿：还有1笔银行流水待处理" in said[0]
    assert "待查款项7.00" in "".join(said) and "相符，一分不差" in "".join(said)


def test_a_voucher_that_could_not_be_replayed_shows() -> None:
    """A repair nobody's account holds enough for: the bank paid it, the accounts did not."""
    books = year()
    entry = books.add(books.model.repair_detailed(date(2026, 9, 25), {"B02-1-101": 100}))
    books.entries[-1] = entry._replace(meta={**entry.meta, "household": "B09-9-909", "batch": None})
    value = published(books)
    assert value.faults == 1 and not value.holds
    said = texts(render_pdf(value))
    assert "1张凭证没有记入分户账" in said[0] and "账目不符" in said[0]
    assert "≠" in "".join(said) and "相差-1.00元，须查明" in "".join(said)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 9, 1), date(2026, 8, 31), "公示期间的起日 2026-09-01 晚于止日 2026-08-31"),
        (date(2025, 1, 1), date(2025, 12, 31), "长吴公寓自 2026-01-01 起建账，没有到 2025-12-31 为止的公示表"),
    ],
)
def test_periods_that_cannot_be(first: date, last: date, said: str) -> None:
    with pytest.raises(Refused, match=said):
        published(year(), first, last)


MADE: dict[str, Callable[[], FundPublication]] = {
    "year": lambda: published(year(), bank={BANK: Decimal("100.00")}),
    "nothing": lambda: published(Books()),
    "estate": lambda: published(estate()),
}


@pytest.fixture(params=MADE, scope="module")
def made(request: pytest.FixtureRequest) -> FundPublication:
    return MADE[request.param]()


def test_every_account_and_sum_is_on_the_board(made: FundPublication) -> None:
    pages = texts(render_pdf(made))
    said = "".join(pages)
    for line in made.flows.accounts:
        assert ("售房单位" if line.is_seller else line.code) in said
        assert yuan(line.closing_fen) in said
    for project in made.projects:
        assert yuan(project.paid_fen) in pages[0] + pages[1] and project.name in pages[0] + pages[1]
    for words in ("期初结存", "交存合计" if made.flows.sum_of(DEPOSITS) else "交存", "期末结存", "要求复核"):
        assert words in pages[0] + pages[1]
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]


def test_names_and_whole_numbers_are_not(made: FundPublication) -> None:
    said = "".join(texts(render_pdf(made)))
    assert "3300000000000004417" not in said and "****4417" in said


def test_nothing_lies_on_anything(made: FundPublication) -> None:
    check_pages(lay_out(made))


def test_a_thousand_households_stay_on_few_pages() -> None:
    value = MADE["estate"]()
    assert len(value.flows.accounts) == 1176
    assert len(lay_out(value)) <= 15


def test_the_same_bytes_again(made: FundPublication) -> None:
    assert render_pdf(made) == render_pdf(made)
    assert render_xlsx(made) == render_xlsx(made)


def test_the_workbook_adds_up(made: FundPublication) -> None:
    data = render_xlsx(made)
    assert check_formulas(data) >= len(made.flows.accounts) + 7
    assert list(sheets(data)) == ["公示", "各户分户账"]
