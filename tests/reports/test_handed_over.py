"""接管转入: a fund taken over later, on every paper of the fund."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from little_fund import BANK, YIELD, batch_meta, owned, voucher
from nature_books import HOMES
from paper_books import COMPOUND, STREET, Books
from paper_checks import check_pages, texts

from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from reports.fund_flows import DEPOSITS
from reports.fund_publication import FundPublication, fund_publication
from reports.fund_statements import fund_statements
from reports.household_statement import HouseholdStatement, household_statements
from reports.render.fund_publication_pdf import lay_out, render_pdf
from reports.render.fund_publication_xlsx import render_xlsx
from reports.render.household_statement_xlsx import render_xlsx as statements_xlsx
from reports.render.household_words import came_words

BROUGHT = {"B01-1-101": 100_000, "B02-1-101": 60_000, "B02-1-102": 40_000, "B02/S": 20_000}
MARCH = Month(2026, 3)


def taken_over(undistributed: int = 5_000) -> Books:
    """On 2026-03-10 2,200.00 arrive with everybody's balance, and what was not distributed; then a top-up of 10.00."""
    books = Books(HOMES)
    legs = [
        (BANK, 220_000 + undistributed), (owned("B01"), -100_000), (owned("B02"), -60_000),
        (owned("B02", public=True), -60_000),
    ]  # fmt: skip
    pooled = (("3101", undistributed),) if undistributed else ()
    meta: dict[str, Any] = {"handover": True, **batch_meta((*pooled, *BROUGHT.items()), books.model.batches)}
    books.add(voucher(date(2026, 3, 10), [*legs, *([(YIELD, -undistributed)] if undistributed else [])], **meta))
    books.add(books.model.deposit(date(2026, 3, 20), {"B01-1-101": 1_000}, first=False))
    return books


def published(books: Books, first: date = date(2026, 3, 1)) -> FundPublication:
    return fund_publication(
        books.files, books.entries, street=STREET, compound=COMPOUND, first=first, last=MARCH.last_day
    )


def statements(books: Books) -> dict[str, HouseholdStatement]:
    found = household_statements(
        books.files, books.entries, street=STREET, compound=COMPOUND, first=date(2026, 1, 1), last=MARCH.last_day
    )
    return {one.home.code: one for one in found}


@pytest.mark.parametrize("undistributed", [0, 5_000])
def test_it_is_published_by_itself_and_explains_the_balance(undistributed: int) -> None:
    value = published(taken_over(undistributed))
    keys = {"top-up": 1_000, "received": 220_000} | ({"received-yield": undistributed} if undistributed else {})
    assert value.flows.by_key == keys
    assert value.holds and (value.flows.opening_fen, value.flows.closing_fen) == (0, sum(keys.values()))
    assert sum(line.deposit_fen for line in value.flows.accounts) == value.flows.sum_of(DEPOSITS) == 221_000
    said = "".join(texts(render_pdf(value)))
    for words in ("接管转入2,200.00", "续交10.00", "交存、接管转入合计2,210.00", "“交存”含接管转入"):
        assert words in said
    assert ("接管转入的待分配收益50.00" in said) is bool(undistributed)
    check_pages(lay_out(value))
    assert render_xlsx(value) == render_xlsx(value)


def test_after_the_period_it_is_part_of_the_opening() -> None:
    value = published(taken_over(), first=date(2026, 3, 11))
    assert (value.flows.opening_fen, value.flows.by_key) == (225_000, {"top-up": 1_000})
    assert "接管" not in "".join(texts(render_pdf(value)))


def test_every_household_s_statement_says_it() -> None:
    books = taken_over()
    found = statements(books)
    line = found["B02-1-102"].lines[0]
    assert (line.kind, line.what, line.change_fen) == ("received", "接管转入", 40_000)
    assert line.how == "原管理单位移交的本户余额。"
    assert came_words(found["B01-1-101"]) == ["交存 10.00", "接管转入 1,000.00"]
    assert {code: one.closing_fen for code, one in found.items()} == BROUGHT | {"B01-1-101": 101_000}
    assert all(one.deposits_fen == one.closing_fen and not one.other_fen for one in found.values())
    sheet = openpyxl.load_workbook(io.BytesIO(statements_xlsx(list(found.values()))), data_only=True)["各户"]
    assert "交存、接管转入" in [cell.value for cell in sheet[4]]


def test_the_statements_have_it_straight_in_the_net_assets() -> None:
    """No income: it credits 3001, 3002 and 3101, and stands in 净资产变动表 under 其他变动."""
    books = taken_over()
    value = fund_statements(
        books.entries, street=STREET, compound=COMPOUND, month=MARCH, dwellings=books.homes, replay=books.replay()
    )
    other = {key: value.net_assets.cell("other", key).amount for key in ("3001", "3002", "3101", "total")}
    assert other == {
        "3001": Decimal("1600.00"), "3002": Decimal("600.00"), "3101": Decimal("50.00"), "total": Decimal("2250.00"),
    }  # fmt: skip
    assert value.income.cell("income", "year:total").amount == Decimal("10.00")
    assert not value.failing
    claims = value.balance_sheet.cell("claims", "end:total").amount
    assert yuan(int(claims * 100)) == "2,260.00"
