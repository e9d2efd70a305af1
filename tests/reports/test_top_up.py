"""续交通知 and 续交名册: who is below the line, what is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from histories import History, histories
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_books import COMPOUND, HOMES, STREET, Books, estate
from paper_checks import check_formulas, check_pages, sheets, texts

from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.applicable import Applied, applicable
from jiezhang.domain.fund_register import Change
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import LOST
from jiezhang.households.fund import replay_fund
from reports.fund_paper import dwelling_words, fund_accounts
from reports.render.flow import BOTTOM
from reports.render.top_up_list_pdf import lay_out
from reports.render.top_up_list_pdf import render_pdf as render_list
from reports.render.top_up_list_xlsx import render_xlsx
from reports.render.top_up_notice_pdf import notice_page
from reports.render.top_up_notice_pdf import render_pdf as render_notices
from reports.top_up import TopUpList, TopUpNotices, top_up_list, top_up_notices

ON = date(2026, 4, 1)


def rules(city: str = "hangzhou", on: date = ON) -> list[Applied]:
    return applicable(read_packs(city), "old", on)


def low() -> Books:
    """After a repair of B01 three households have less than 30 % left: 29.99 %, 0 %, 10 %; B02 is untouched."""
    books = Books(changes=(Change(code="BG-1", date=date(2026, 5, 9), kind="renumber", dwellings="B01-2-101",
                                  into="B01-2-101A=100.00"),))  # fmt: skip
    model = books.model
    books.add(model.deposit(date(2026, 1, 5), {home.code: 1_000_000 for home in HOMES[:3]}, first=True))
    books.add(model.deposit(date(2026, 1, 6), {"B02-1-101": 500_000, "B02/S": 100}, first=True))
    taken = {"B01-1-101": 700_001, "B01-1-102": 1_000_000, "B01-2-101": 900_000}
    books.add(model.repair_detailed(date(2026, 3, 5), taken))
    return books


def notices(city: str = "hangzhou", books: Books | None = None, on: date = ON, **given: Any) -> TopUpNotices:
    books = books or low()
    return top_up_notices(
        books.replay(on).state, books.files.register, rules(city, on), on, street=STREET, compound=COMPOUND,
        accounts=fund_accounts(books.entries, COMPOUND.code, on), **given,
    )


def asked(value: TopUpNotices) -> dict[str, str]:
    return {n.dwelling.code: "—" if n.due_fen is None else yuan(n.due_fen) for n in value.notices}


def test_who_is_below_the_line() -> None:
    value = notices(to_percent=Decimal(60))
    assert [(n.dwelling.code, yuan(n.balance_fen), yuan(n.line_fen)) for n in value.notices] == [
        ("B01-1-101", "2,999.99", "3,000.00"), ("B01-1-102", "0.00", "3,000.00"),
        ("B01-2-101", "1,000.00", "3,000.00"),
    ]  # fmt: skip
    assert (value.below_percent, value.line.article) == (Decimal(30), "杭州市物业管理条例（2021）第71条")


def test_exactly_at_the_line_nothing_is_asked() -> None:
    books = low()
    books.add(books.model.deposit(date(2026, 3, 6), {"B01-1-101": 1}, first=False))
    assert list(asked(notices(books=books))) == ["B01-1-102", "B01-2-101"]


@pytest.mark.parametrize(
    ("city", "given", "ground", "due"),
    [
        ("hangzhou", {}, "open", ["—", "—", "—"]),
        ("hangzhou", {"to_percent": Decimal(60)}, "decided", ["3,000.01", "6,000.00", "5,000.00"]),
        ("hangzhou", {"to_percent": Decimal("33.333")}, "decided", ["333.31", "3,333.30", "2,333.30"]),
        ("hangzhou", {"standard_yuan": Decimal("70.00")}, "open", ["—", "—", "—"]),
        ("shanghai", {}, "default", ["2,000.01", "5,000.00", "4,000.00"]),
        ("shanghai", {"to_percent": Decimal(30)}, "decided", ["0.01", "3,000.00", "2,000.00"]),
        ("beijing", {}, "open", ["—", "—", "—"]),
        ("beijing", {"standard_yuan": Decimal("70.00")}, "standard", ["3,174.01", "4,326.00", "6,000.00"]),
        ("beijing", {"standard_yuan": Decimal("20.00")}, "standard", ["0.00", "1,236.00", "1,000.00"]),
    ],
)
def test_what_is_asked_for(city: str, given: dict[str, Any], ground: str, due: list[str]) -> None:
    """88.20, 61.80 and 100.00 m²."""
    value = notices(city, **given)
    assert value.target.ground == ground
    assert list(asked(value).values()) == due


def test_the_days_to_pay_in() -> None:
    assert (notices("shanghai").pay_in_days, notices("hangzhou").pay_in_days) == (90, None)


def test_a_decision_below_the_line_is_refused() -> None:
    with pytest.raises(Refused, match="决定补到首期交存额的 20%，低于续交线 30%，补了仍须续交"):
        notices(to_percent=Decimal(20))


def test_without_a_rule_there_is_no_notice() -> None:
    books = low()
    with pytest.raises(Refused, match="没有适用的续交线规定，不能发续交通知"):
        top_up_notices(books.replay(ON).state, books.files.register, [], ON, street=STREET, compound=COMPOUND)


def after(books: Books, value: TopUpNotices, on: date) -> TopUpList:
    return top_up_list(value, books.replay(on), on)


def rows(value: TopUpList) -> list[str]:
    return [
        f"{row.code} {yuan(row.due_fen or 0)} {yuan(row.paid_fen)} {yuan(row.arrears_fen)}" for row in value.rows
    ]


def test_the_list_follows_payments_refunds_and_new_codes() -> None:
    books = low()
    value = notices(books=books, to_percent=Decimal(60))
    model = books.model
    books.add(model.deposit(ON, {"B01-1-102": 7}, first=False))  # on the day itself: the notice knows of it
    books.add(model.deposit(date(2026, 4, 20), {"B01-1-101": 300_001, "B01-1-102": 600_000}, first=False))
    books.add(model.refund(date(2026, 4, 21), "B01-1-102", 100_000))
    books.add(model.deposit(date(2026, 5, 5), {"B01-2-101": 123_400}, first=False))
    assert rows(after(books, value, date(2026, 4, 20))) == [
        "B01-1-101 3,000.01 3,000.01 0.00", "B01-1-102 6,000.00 6,000.00 0.00", "B01-2-101 5,000.00 0.00 5,000.00",
    ]  # fmt: skip
    later = after(books, value, date(2026, 6, 1))
    assert rows(later) == [
        "B01-1-101 3,000.01 3,000.01 0.00", "B01-1-102 6,000.00 5,000.00 1,000.00",
        "B01-2-101A 5,000.00 1,234.00 3,766.00",
    ]  # fmt: skip
    assert [row.code for row in later.in_arrears] == ["B01-1-102", "B01-2-101A"]
    assert (later.due_fen, later.paid_fen, later.arrears_fen) == (1_400_001, 923_401, 476_600)


def test_what_is_missing_to_the_line_is_known_before_anybody_decides() -> None:
    """0.01 + 3,000.00 + 2,000.00; on the list's day less what was paid since, and nothing for who is above the line."""
    books = low()
    value = notices(books=books)
    assert (value.to_line_fen, value.due_fen) == (500_001, 0)
    assert after(books, value, ON).to_line_fen == 500_001
    assert "续交金额还没有决定；距续交线还差5,000.01元" in texts(render_list(after(books, value, ON)))[0]
    books.add(books.model.deposit(date(2026, 4, 20), {"B01-1-101": 300_001, "B01-1-102": 100_000}, first=False))
    assert [row.to_line_fen for row in after(books, value, date(2026, 4, 20)).rows] == [0, 200_000, 200_000]
    assert after(books, value, date(2026, 4, 20)).to_line_fen == 400_000
    assert notices(to_percent=Decimal(60)).to_line_fen == 500_001


def test_a_lost_house_is_asked_for_nothing() -> None:
    books = low()
    value = notices(books=books, to_percent=Decimal(60))
    books.add(books.model.lose(date(2026, 4, 9), "B01-1-101", at_once=True))
    assert [row.code for row in after(books, value, date(2026, 4, 10)).rows] == ["B01-1-102", "B01-2-101"]


@settings(max_examples=40)
@given(histories(), st.integers(0, 400))
def test_any_history(history: History, days: int) -> None:
    """Nobody above the line is asked, the sums tie, and nothing due or paid is lost by splits and merges."""
    end = history.steps[-1].done.date
    on = min(end, date.fromordinal(date(2026, 1, 1).toordinal() + days))
    state = replay_fund(history.files, history.vouchers, on).state
    value = top_up_notices(
        state, history.register, rules(), on, street=STREET, compound=COMPOUND, to_percent=Decimal(50)
    )
    below = {
        str(code)
        for code, has, first, status, seller in zip(
            state.roll.codes, state.balance_fen, state.first_deposit_fen, state.status, state.roll.seller, strict=True
        )
        if has * 10 < first * 3 and status < LOST and not seller
    }
    assert {n.dwelling.code for n in value.notices} == below
    assert all(n.due_fen is not None and n.balance_fen + n.due_fen >= n.line_fen for n in value.notices)
    later = replay_fund(history.files, history.vouchers, end)
    made = top_up_list(value, later, end)
    lost = any(type(booked.event).__name__ == "HouseLost" for booked in later.journal)
    assert lost or made.due_fen == value.due_fen


MADE: dict[str, Callable[[], TopUpNotices]] = {
    "open": lambda: notices(),
    "decided": lambda: notices(to_percent=Decimal(60), pay_by=date(2026, 12, 31)),
    "default": lambda: notices("shanghai"),
    "standard": lambda: notices("beijing", standard_yuan=Decimal("70.00")),
}


@pytest.mark.parametrize(
    ("name", "asks", "sentences"),
    [
        ("open", "距续交线还差", ["由业主约定或共同决定（杭州市物业管理条例（2021）第71条），定下来以后另行通知"]),
        ("decided", "应续交", ["业主已决定补到首期交存额的60%", "请在2026年12月31日以前交款"]),
        ("default", "应续交", ["一次补到首期交存额的50%", "请在收到本通知之日起90日以内交款"]),
        ("standard", "应续交", ["补足到届时适用的交存标准，每平方米70.00元", "交款的期限由业主决定"]),
    ],
)
def test_the_notice_says_it(name: str, asks: str, sentences: list[str]) -> None:
    value = MADE[name]()
    pages = texts(render_notices(value))
    assert len(pages) == len(value.notices)
    due = {"open": "0.01", "decided": "3,000.01", "default": "2,000.01", "standard": "3,174.01"}[name]
    for said in ("B01幢1单元101室", "2,999.99", "小区服务站0500-0000107", "2026年4月1日", asks, due, *sentences):
        assert said in pages[0]
    assert ("********4417" in pages[0]) is (name != "open")
    assert "3300000000000004417" not in pages[0]


def test_an_unverified_rule_is_marked() -> None:
    value = notices(to_percent=Decimal(60))
    doubtful = replace(value, line=replace(value.line, verified=False))
    assert "第71条，待核实）" in texts(render_notices(doubtful))[0]
    assert "待核实" not in texts(render_notices(value))[0]


def test_an_article_that_names_its_own_doubt_is_not_marked_twice() -> None:
    value = notices(to_percent=Decimal(60))
    doubtful = replace(value, line=replace(value.line, verified=False, article="某条例，待核实"))
    assert "（某条例，待核实）" in texts(render_notices(doubtful))[0]


def test_however_long_the_words_a_notice_is_one_page() -> None:
    value = notices("shanghai")
    issuer = replace(value.issuer, contact="很长的地址和电话" * 25, street_contact="另一个很长的地址和电话" * 18)
    page = notice_page(replace(value, issuer=issuer), value.notices[0])
    assert min(text.y for text in page.texts if text.y > 32) > BOTTOM


def lists() -> dict[str, TopUpList]:
    books, homes = low(), estate(160, 4)
    homes.add(homes.model.repair(date(2026, 8, 5), "compound", 100_000_000))
    many = notices(books=homes, on=date(2026, 9, 1), to_percent=Decimal(50))
    assert len(many.notices) > 100
    return {
        "open": after(books, notices(books=books), ON),
        "decided": after(books, notices(books=books, to_percent=Decimal(60)), ON),
        "many": after(homes, many, date(2026, 9, 1)),
    }


@pytest.mark.parametrize("name", ["open", "decided", "many"])
def test_the_list_on_paper_and_in_excel(name: str) -> None:
    value = lists()[name]
    pages = texts(render_list(value))
    for row in value.rows:
        assert row.code in "".join(pages)
    assert ("续交金额还没有决定" in pages[0]) is (name == "open")
    assert ("未定" in "".join(pages)) is (name == "open")
    check_pages(lay_out(value))
    assert render_list(value) == render_list(value)
    data = render_xlsx(value)
    assert data == render_xlsx(value)
    assert check_formulas(data) == len(value.rows) + 3
    cells = sheets(data)["续交名册"]
    total = next(place for place, text in cells.items() if text == "合计").replace("A", "I")
    assert Decimal(str(cells[total])).quantize(Decimal("0.01")) == Decimal(value.arrears_fen).scaleb(-2)


def test_every_home_is_called_by_its_door() -> None:
    assert [dwelling_words(home) for home in HOMES[:2]] == ["B01幢1单元101室", "B01幢1单元102室"]


def test_notices_stay_inside_their_page() -> None:
    for made in MADE.values():
        value = made()
        check_pages([notice_page(value, notice) for notice in value.notices])
