"""A small made-up street: two compounds, each with one bank account, an opening balance and three waiting rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.create import NewCompound, create_compound, create_street
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked
from jiezhang.close.importing import plan_import
from jiezhang.domain.register import Asset, Community, Compound, Contract, DedicatedAccount, Street
from jiezhang.domain.statement import Statement, StatementRow

CITY = "huzhou"
MONTH_FILE = "2026/2026-10.beancount"
PAGE = "/c0001/extension/MonthPage/"
ORIGIN = {"Origin": "http://localhost"}


def bank(code: str) -> str:
    return f"Assets:{code}甲子花园:G公共收益:1002银行存款-工行3021"


def subject(code: str, root: str, name: str) -> str:
    return f"{root}:{code}甲子花园:G公共收益:{name}"


def row(line: int, day: int, amount: str, balance: str, counterparty: str, summary: str) -> StatementRow:
    return StatementRow(
        line=line,
        date=date(2026, 10, day),
        time=f"0{day}:30:00",
        amount=Decimal(amount),
        balance=Decimal(balance),
        counterparty=counterparty,
        summary=summary,
        serial=f"S{line}",
    )


ROWS = (
    row(2, 3, "1200.00", "11200.00", "示例传媒有限公司", "电梯广告费"),
    row(3, 5, "-350.00", "10850.00", "示例保洁有限公司", "保洁费"),
    row(4, 9, "8.88", "10858.88", "", "结息"),
)


def make_compound(street: StreetFolder, code: str) -> CompoundFolder:
    """One compound's books with `ROWS` waiting."""
    account = bank(code)
    opening = [(account, Decimal("10000.00")), (subject(code, "Equity", "3001公共收益结余"), Decimal("-10000.00"))]
    new = NewCompound(
        compound=Compound(code=code, name="甲子花园", community="SQ1", kind="commercial", start=date(2026, 9, 1)),
        accounts=[
            DedicatedAccount(
                account=account,
                bank="icbc",
                number=f"1205{code[1:]}3021",
                holder="甲子花园业主大会",
                holder_kind="assembly",
            )
        ],
        opening=opening,
        assets=[Asset(code="A1", kind="lift_ad", name="电梯轿厢")],
        contracts=[
            Contract(
                code="HT-01",
                asset="A1",
                counterparty="示例传媒有限公司",
                subject="4002",
                start=date(2026, 1, 1),
                end=date(2026, 12, 31),
                amount_yuan=Decimal("1200.00"),
                cycle="month",
            )
        ],
    )
    folder = create_compound(street, new)
    statement = Statement("icbc.history_detail", "a.csv", "ab" * 32, f"1205{code[1:]}3021", "", "CNY", ROWS)
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        plan = plan_import(ledger.entries, [(account, statement)], new.contracts, ())
        commit(ledger, CITY, apply(ledger.folder, plan.changes, plan.additions))
    return folder


def make_street(path: Path, *codes: str) -> StreetFolder:
    communities = (Community(code="SQ1", name="一社区"),)
    street = create_street(path, Street(name="样例街道", city=CITY, communities=communities))
    for code in codes:
        make_compound(street, code)
    return street
