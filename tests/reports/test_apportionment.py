"""The 分摊清册: what it prints is what the books did, and it says who pays what nobody's account holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from histories import History, histories
from hypothesis import given, settings
from paper_books import COMPOUND, START, STREET, Books, estate, project, year
from paper_checks import check_formulas, check_pages, sheets, texts

from jiezhang.domain.household_events import RepairApportioned
from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.households.fund import FundFiles, FundReplay, replay_fund
from reports.apportionment import REPAIRS, ApportionmentList, apportionment_of, proposed_apportionment, repair_voucher
from reports.fund_paper import reading_order, scope_words
from reports.render.apportionment_pdf import lay_out, render_pdf
from reports.render.apportionment_xlsx import render_xlsx


def booked(books: Books, month: int, number: str = "记-0001") -> ApportionmentList:
    replay = books.replay()
    event = repair_voucher(replay, Month(2026, month), number)
    return apportionment_of(books.files, replay, event, street=STREET, compound=COMPOUND)


def proposed(total_fen: int, scope: str = "compound", covered: dict[str, str] | None = None) -> ApportionmentList:
    state = year().replay().state
    return proposed_apportionment(state, project(scope=scope), total_fen, covered, street=STREET, compound=COMPOUND)


def shown(value: ApportionmentList) -> list[str]:
    return [
        f"{x.code} {x.payer} {yuan(x.share_fen)} {yuan(x.before_fen)} {yuan(x.after_fen)} {yuan(x.short_fen)}"
        for x in value.lines
    ]


def test_a_building_with_an_unsold_dwelling() -> None:
    """12,345.67 over 300 m²: the fen over goes to the largest remainder."""
    value = booked(year(), 4)
    assert shown(value) == [
        "B01-1-101 household 3,629.63 5,733.00 2,103.37 0.00",
        "B01-1-102 household 2,543.21 4,017.00 1,473.79 0.00",
        "B01-2-101 household 4,115.22 6,500.00 2,384.78 0.00",
        "B01-2-102 developer 2,057.61 0.00 0.00 0.00",
    ]
    assert (value.whole.account_fen, value.whole.outside_fen) == (1_028_806, 205_761)
    assert value.voucher == "2026-04 记-0001" and value.project is not None and value.project.code == "WX-01"


def test_natures_payers_and_who_covers() -> None:
    value = booked(year(), 9)
    assert [(one.name, yuan(one.share_fen), yuan(one.outside_fen)) for one in value.by_payer] == [
        ("业主分户账", "2,981.48", "2,286.75"), ("售房单位账", "518.52", "0.00"), ("开发建设单位", "500.00", "500.00"),
    ]  # fmt: skip
    assert [(line.code, line.covered_by) for line in value.short] == [
        ("B01-1-101", "业主"), ("B01-1-102", "业主"), ("B01-2-101", "业主"),
    ]  # fmt: skip
    assert not value.uncovered


def check(files: FundFiles, replay: FundReplay) -> int:
    """Every repair of the books: shares add up, and what accounts paid is the journal's change. Returns how many."""
    found = 0
    for event in replay.journal:
        if not isinstance(event.event, REPAIRS):
            continue
        value = apportionment_of(files, replay, event, street=STREET, compound=COMPOUND)
        roll = replay.state.roll
        paid = np.zeros(len(roll), dtype=np.int64)
        for line in value.lines:
            paid[replay.state.row(line.code)] = line.account_fen
        assert np.array_equal(paid, -event.change_fen)
        assert sum(line.share_fen for line in value.lines) == value.total_fen
        if isinstance(event.event, RepairApportioned):
            assert value.total_fen == event.event.total_fen and not value.uncovered
        for sums in (value.by_building, value.by_payer):
            assert sum(one.share_fen for one in sums) == value.total_fen
            assert sum(one.account_fen for one in sums) == int(-event.change_fen.sum())
        found += 1
    return found


@settings(max_examples=40)
@given(histories())
def test_any_history(history: History) -> None:
    """Splits, merges, sales and lost houses between the repairs."""
    check(history.files, replay_fund(history.files, history.vouchers))


def test_the_year_and_the_estate() -> None:
    assert check(year().files, year().replay()) == 3
    small = estate(160, 4)
    assert check(small.files, small.replay()) == 1


def test_two_repairs_on_one_day_come_one_after_the_other() -> None:
    books = year()
    for _ in range(2):
        books.add(books.model.repair(date(2026, 9, 29), "building:B02", 1_000), project="WX-01")
    one, two = booked(books, 9, "记-0003"), booked(books, 9, "记-0004")
    assert [line.after_fen for line in one.lines] == [line.before_fen for line in two.lines]
    assert one.lines[0].before_fen > one.lines[0].after_fen


def test_a_repair_shared_by_agreement() -> None:
    books = Books()
    books.add(books.model.deposit(date(2026, 1, 5), {"B01-1-101": 500_000, "B02-1-101": 300_000}, first=True))
    books.add(books.model.repair_detailed(date(2026, 2, 5), {"B01-1-101": 12_345, "B02-1-101": 1}))
    value = booked(books, 2)
    assert shown(value) == [
        "B01-1-101 household 123.45 5,000.00 4,876.55 0.00", "B02-1-101 household 0.01 3,000.00 2,999.99 0.00",
    ]  # fmt: skip
    assert value.scope is None and scope_words(value.scope) == "凭证明细列明的各户"
    assert "约定明细" in texts(render_pdf(value))[0]


@pytest.mark.parametrize(
    ("month", "number", "said"),
    [
        (4, "记-0009", "2026-04 没有维修资金的凭证 记-0009"),
        (10, "记-0001", "2026-10 没有维修资金的凭证 记-0001"),
        (6, "记-0001", "2026-06 的凭证 记-0001 不是维修支出，没有分摊清册"),
    ],
)
def test_vouchers_without_a_list(month: int, number: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        booked(year(), month, number)


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ({"B02-1-101": "owner"}, "户 B02-1-101 的余额足够分摊，不用别人垫付"),
        ({"B09-1-101": "owner"}, "户 B09-1-101 不在分摊范围里，不用别人垫付"),
    ],
)
def test_needless_covers(covered: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        proposed(400_000, covered=covered)


def test_a_proposal_that_lacks_money_cannot_be_approved() -> None:
    value = proposed(900_000, covered={"B01-1-102": "王建国"})
    assert value.is_proposal and [line.code for line in value.uncovered] == ["B01-1-101", "B01-2-101"]
    said = texts(render_pdf(value))[0]
    assert "不能批准：2户余额不足，共缺4,234.50元" in said
    assert "王**" in said and "王建国" not in said and "征求意见" in said
    assert "B01-1-1011,984.500.001,984.50没有写明" in said


def test_a_proposal_that_can_be_approved_says_so() -> None:
    value = proposed(100_000, "building:B02")
    assert not value.short
    said = texts(render_pdf(value))[0]
    assert "尚未批准、尚未入账" in said and "不能批准" not in said


def test_a_proposal_is_what_the_books_then_do() -> None:
    books = year()
    state = books.replay(date(2026, 4, 9)).state
    before = proposed_apportionment(state, project(), 1_234_567, street=STREET, compound=COMPOUND)
    assert before.lines == booked(books, 4).lines


MADE: dict[str, Callable[[], ApportionmentList]] = {
    "building": lambda: booked(year(), 4),
    "covered": lambda: booked(year(), 9),
    "proposal": lambda: proposed(900_000),
    "estate": lambda: booked(estate(), 4),
    "dwellings": lambda: proposed(10_000, "dwellings:B02-1-101,B02-1-102"),
    "mixed estate": lambda: booked(_mixed(), 4),
}


def _mixed() -> Books:
    """Ninety homes, some public, some unsold: panels that name nature and payer."""
    homes = tuple(
        home.model_copy(update={"nature": "public" if n % 3 else "commercial", "status": "sold" if n % 5 else "unsold"})
        for n, home in enumerate(estate(90, 3).homes)
    )
    books = Books(homes, (project(scope="compound"),))
    paid = {home.code: 700_000 for home in homes if home.status == "sold"} | {"02/S": 3_000_000}
    books.add(books.model.deposit(START, paid, first=True))
    books.add(books.model.repair(date(2026, 4, 10), "compound", 7_654_321), project="WX-01")
    return books


@pytest.fixture(params=MADE, scope="module")
def made(request: pytest.FixtureRequest) -> ApportionmentList:
    return MADE[request.param]()


def test_every_line_and_sum_is_printed(made: ApportionmentList) -> None:
    pages = texts(render_pdf(made))
    said = "".join(pages)
    for line in made.lines:
        name = line.code if line.payer != "seller" else "售房单位"
        assert name in said and yuan(line.share_fen) in said
    for one in (*made.by_building, made.whole):
        assert yuan(one.share_fen) in pages[-1] + pages[-2 if len(pages) > 1 else -1]
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]
    if made.scope and not made.is_proposal:
        assert "余数相同的加给户号在前的" in said


def test_pages_are_in_order(made: ApportionmentList) -> None:
    pages = lay_out(made)
    check_pages(pages)
    if len(made.lines) > 100:
        assert all("分摊前余额" in text for text in texts(render_pdf(made))[:-1]), "each page repeats the head"


def test_the_same_bytes_again(made: ApportionmentList) -> None:
    assert render_pdf(made) == render_pdf(made)
    assert render_xlsx(made) == render_xlsx(made)


def test_the_workbook_adds_up(made: ApportionmentList) -> None:
    data = render_xlsx(made)
    assert check_formulas(data) >= 2 * len(made.lines) - sum(line.in_cash for line in made.lines)
    cells = sheets(data)["各户分摊"]
    codes = [cells[place] for place in sorted((p for p in cells if re.fullmatch(r"A\d+", p)), key=lambda p: int(p[1:]))]
    assert set(codes) >= {line.code for line in made.lines}


def test_reading_order() -> None:
    codes = ["01-1-201", "01-1-1001", "01/S", "02-1-101", "10-1-101", "B2-1-101"]
    assert sorted(codes, key=reading_order) == codes != sorted(codes)


def test_a_role_that_covers_a_shortfall_is_printed_in_full_and_a_person_is_not() -> None:
    covered = {"B01-1-101": "业主", "B01-1-102": "物业服务企业", "B01-2-101": "周一一"}
    value = proposed(900_000, covered=covered)
    names = {line.code: line.covered_by for line in value.short}
    assert {code: names[code] for code in covered} == covered | {"B01-2-101": "周**"}
    said = "".join(texts(render_pdf(value)))
    assert "业**" not in said and "物业服务企业" in said and "周一一" not in said


def test_a_project_nobody_registered_is_called_so() -> None:
    books = year()
    books.projects = ()
    value = booked(books, 4)
    assert value.project is None
    assert "凭证没有写明已登记的项目" in texts(render_pdf(value))[0]

