"""A compound with both natures, one of its buildings of both; the naive model of tests/households writes the books.

    2026-12-01  first deposits          B01-1-101 1000.00, B02-1-101 600.00 (商品住宅); B02-1-102 400.00, the selling
                                        unit of B02 200.00 (公有住房)
    2026-12-21  interest 30.00
    2027-01-01  22.00 of it distributed by 积数, as the deposits: 16.00 to 商品住宅, 6.00 to 公有住房
    2027-02-10  repair of B02, 100.00   by area: 60.00 to 商品住宅, 40.00 to 公有住房, of it 26.67 to the owner by 2:1
    2027-03-05  B02-1-102 is lost       400.00 + 4.00 - 26.67 = 377.33 owed
    2027-03-10  bonds 427.00            a fifth of 2135.00
    2027-03-31  a row of 5.00 waits
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from little_fund import BANK, dwelling
from paper_books import COMPOUND, STREET, Books, project

from jiezhang.domain.period import Month
from reports.fund_statements import FundStatements, fund_statements

HOMES = (
    dwelling("B01-1-101", "100.00"), dwelling("B02-1-101", "60.00"), dwelling("B02-1-102", "40.00", nature="public"),
)
MARCH = Month(2027, 3)


def mixed_books() -> Books:
    books = Books(HOMES, (project(scope="building:B02"),))
    model, day = books.model, date
    first = {"B01-1-101": 100_000, "B02-1-101": 60_000, "B02-1-102": 40_000, "B02/S": 20_000}
    books.add(model.deposit(day(2026, 12, 1), first, first=True))
    books.add(model.income(day(2026, 12, 21), "4101", 3_000))
    books.add(model.distribute(day(2027, 1, 1), 2_200, "jishu"))
    books.add(model.repair(day(2027, 2, 10), "building:B02", 10_000), project="WX-01")
    books.add(model.lose(day(2027, 3, 5), "B02-1-102", at_once=False))
    books.add(model.buy(day(2027, 3, 10), "T1", 42_700, day(2028, 3, 10)))
    waiting = books.add(model.odd(day(2027, 3, 31), 500))
    books.entries[-1] = waiting._replace(flag="!")
    return books


def stated(books: Books, month: Month = MARCH, **more: Any) -> FundStatements:
    """The statements of `books` with their replay; `more` goes to `fund_statements`."""
    with_replay = {"replay": books.replay(month.last_day), "dwellings": books.homes, "projects": books.projects}
    return fund_statements(books.entries, street=STREET, compound=COMPOUND, month=month, **(with_replay | more))


def mixed() -> FundStatements:
    return stated(mixed_books(), bank_balances={BANK: Decimal("1708.00")})
