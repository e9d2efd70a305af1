"""A made-up compound's month, and random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from hypothesis import strategies as st
from statement_writer import Book

from jiezhang.domain.statement import StatementRow

_MARCH = """
2026-03-02 09:12:30    358.92 | 财付通支付科技有限公司 | 1000107101 | 停车费T+1结算 | 0301 243300133 | settlement
2026-03-05 14:03:11   -500.00 | 安行电梯工程有限公司 | 6222000000000000101 | 三月维保 | 一号楼电梯 | normal
2026-03-06 10:00:00    -80.00 | 青禾绿化有限公司 | 6222000000000000102 | 绿化养护 | 补植 | normal
2026-03-06 10:00:05     80.00 | 青禾绿化有限公司 | 6222000000000000102 | 退汇 | 户名不符 | reversal
2026-03-10 16:20:00    150.00 | 李某 | 6222********0103 | 公共车位费 | 2幢301 | normal
2026-03-10 16:20:00    150.00 | 李某 | 6222********0103 | 公共车位费 | 2幢302 | normal
2026-03-18 08:30:00  12000.00 | 江南（示例）传媒有限公司 | 6222000000000000104 | 电梯广告费 | 二季度 | normal
2026-03-21 03:00:01      3.27 |  |  | 结息 |  | interest
2026-03-31 23:58:00     -2.50 |  |  | 手续费 | 网银服务费 | fee
2026-03-31 23:58:00     -2.50 |  |  | 手续费 | 网银服务费 | fee
"""
"""Two equal fees in one second, a transfer and its reversal, two equal payments, a platform's lump, interest."""


def book_of(text: str, opening: str = "10000.00") -> Book:
    """A book from lines `date time amount | name | account | summary | remark | kind`."""
    rows, balance = [], Decimal(opening)
    for number, line in enumerate(text.strip().splitlines(), 1):
        head, name, account, summary, remark, kind = (part.strip() for part in line.split("|"))
        day, clock, amount = head.split()
        balance += Decimal(amount)
        rows.append(
            StatementRow(
                *(0, date.fromisoformat(day), clock, Decimal(amount), balance, name, account, summary, remark),
                serial=f"SN2026{number:06d}",
                kind=kind,
            )
        )
    return Book("3301000000000000017", "长吴公寓业主大会", Decimal(opening), tuple(rows), _month(rows[0].date))


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


MARCH = book_of(_MARCH)

_WORDS = st.text("甲乙丙丁春夏秋冬东西南北AB12（）()-·、,，'\"<>&", min_size=1, max_size=12)
_NUMBERS = st.text("0123456789", min_size=8, max_size=19)
_AMOUNTS = st.integers(-(10**9), 10**9).filter(bool).map(lambda fen: Decimal(fen).scaleb(-2))
_GAPS = st.integers(1, 86_400 * 3).map(lambda seconds: timedelta(seconds=seconds))
_START = datetime.fromisoformat("2026-01-01")
_DAY_GAPS = st.integers(1, 5).map(lambda days: timedelta(days=days))


@st.composite
def books(draw: st.DrawFn, whole_days: bool = False, min_rows: int = 1) -> Book:
    """Any month of an account; no words that mark a row's kind, no two rows at one moment (of one day)."""
    amounts = draw(st.lists(_AMOUNTS, min_size=min_rows, max_size=12))
    opening = draw(_AMOUNTS)
    gaps = draw(st.lists(_DAY_GAPS if whole_days else _GAPS, min_size=len(amounts), max_size=len(amounts)))
    moments = list(accumulate(gaps, initial=_START))[1:]
    balances = list(accumulate(amounts, initial=opening))[1:]
    words = draw(st.lists(st.tuples(_WORDS, _WORDS, _WORDS, _NUMBERS), min_size=len(amounts), max_size=len(amounts)))
    rows = tuple(
        StatementRow(
            *(0, at.date(), f"{at:%H:%M:%S}", amount, balance, name, f"9{account}"),
            *(summary, remark, f"S{number}", "normal"),
        )
        for number, (at, amount, balance, (name, summary, remark, account)) in enumerate(
            zip(moments, amounts, balances, words, strict=True)
        )
    )
    last = rows[-1].date
    return Book("1" + draw(_NUMBERS), "长吴公寓业主大会", opening, rows, (date(2026, 1, 1), last))


def sold(number: str, at: str, amount: str, **other: str) -> StatementRow:
    """A sale, without balance, as a trade bill has it."""
    day, clock = at.split()
    row = StatementRow(0, date.fromisoformat(day), clock, Decimal(amount), None, serial=number)
    return replace(row, **other)  # type: ignore[arg-type]
