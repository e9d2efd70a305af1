"""A small street for tests: one compound that banks with ICBC, made by the same code that makes real ones."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jiezhang.book.create import NewCompound, create_compound, create_street
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.domain.fund_register import Building
from jiezhang.domain.register import (
    Asset,
    BookingRule,
    Compound,
    Contract,
    DedicatedAccount,
    Dwelling,
    Person,
    Street,
)
from jiezhang.domain.statement import Statement, StatementRow
from tests.decisions import COMMITTEE, allow_small_payments

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

NAME = "C0007长吴公寓"
G_BANK = f"Assets:{NAME}:G公共收益:1002银行存款-工行3021"
WECHAT = f"Assets:{NAME}:G公共收益:1012支付平台待结算-微信"
W_BANK = f"Assets:{NAME}:W维修资金:1001银行存款-建行4417"
G_EQUITY = f"Equity:{NAME}:G公共收益:3001公共收益结余"
W_EQUITY = f"Equity:{NAME}:W维修资金:3001商品住宅维修资金"

HOMES = tuple(
    Dwelling(
        code=f"01-1-{room}", building="01", stair="1", room=room, area_m2=Decimal("100.00"), owner=f"Y{room}",
        deposit_rate_yuan=Decimal("1500.00"), first_deposit_yuan=Decimal("150000.00"),
    )
    for room in ("101", "102", "201", "202")
)  # fmt: skip


PEOPLE = (
    Person(id="K01", name="代理会计", roles=("bookkeeper",)),
    Person(id="F01", name="街道复核员", roles=("reviewer",)),
    Person(id="T01", name="街道负责人", roles=("street_head",)),
    COMMITTEE,
)
"""Maker, reviewer, poster, and who decides on small payments."""
MAKER, REVIEWER, POSTER = "K01", "F01", "T01"


def account(path: str, fund: str = "G公共收益") -> str:
    """`Income:4002电梯广告` as the full account of the test compound."""
    root, subject = path.split(":", 1)
    return f"{root}:{NAME}:{fund}:{subject}"


def new_compound(code: str = "C0007", name: str = "长吴公寓") -> NewCompound:
    component = code + name
    accounts = [
        (G_BANK, "icbc", "1202000000000013021", "长吴公寓业主大会", "assembly"),
        (WECHAT, "wechat", "1900000007", "长吴公寓业主大会", "assembly"),
        (W_BANK, "ccb", "3300000000000004417", "长吴公寓业主大会", "assembly"),
    ]
    own = int(code[1:])
    return NewCompound(
        compound=Compound(
            code=code, name=name, community="SQ01", kind="commercial", start=date(2026, 9, 1), contact="电话 000-0000"
        ),
        accounts=[
            DedicatedAccount(
                account=account.replace(NAME, component),
                bank=bank,
                number=str(int(number) - 7 + own),
                holder=holder.replace("长吴公寓", name),
                holder_kind=kind,  # type: ignore[arg-type]
            )
            for account, bank, number, holder, kind in accounts
        ],
        opening=[
            (G_BANK.replace(NAME, component), Decimal("10000.00")),
            (G_EQUITY.replace(NAME, component), Decimal("-10000.00")),
            (W_BANK.replace(NAME, component), Decimal("500000.00")),
            (W_EQUITY.replace(NAME, component) + ":01", Decimal("-500000.00")),
        ],
        dwellings=HOMES,
        buildings=[
            Building(code="01", dwellings=4, area_m2=Decimal("400.00"), first_deposit_yuan=Decimal("600000.00"))
        ],
        household_opening=tuple((home.code, 12_500_000) for home in HOMES),
        assets=[Asset(code="ZC-001", kind="lift_ad", name="电梯轿厢广告位")],
        contracts=[
            Contract(
                code="HT-0003", asset="ZC-001", counterparty="示例传媒有限公司", subject="4002",
                start=date(2026, 1, 1), end=date(2026, 12, 31), amount_yuan=Decimal("900.00"), cycle="month",
            )
        ],
        rules=[
            BookingRule(code="GZ-01", account="1002银行存款", direction="in", words="结息", subject="4101"),
            BookingRule(code="GZ-02", account="1002银行存款", direction="out", words="手续费", subject="5108"),
        ],
    )


@pytest.fixture(scope="session")
def street_once(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    """What `street` is a copy of; nobody changes it."""
    path = tmp_path_factory.mktemp("once") / "street"
    folder = create_street(path, Street(name="长吴街道", city="hangzhou", people=PEOPLE))
    allow_small_payments(create_compound(folder, new_compound()))
    return folder


@pytest.fixture
def street(street_once: StreetFolder, tmp_path: Path) -> StreetFolder:
    """A street with the one compound C0007, books opened on 2026-09-01."""
    return StreetFolder(Path(shutil.copytree(street_once.path, tmp_path / "street")))


@pytest.fixture
def compound(street: StreetFolder) -> CompoundFolder:
    return street.compound("C0007")


Rows = Sequence[tuple[str, str, str]]
"""(day of September 2026 or ISO date, amount, summary)."""


def statement(
    rows: Rows,
    opening: str = "10000.00",
    counterparty: str = "示例传媒有限公司",
    source: str = "sep.xlsx",
    number: str = "1202000000000013021",
) -> Statement:
    """A proven statement of the G bank account."""
    balance = Decimal(opening)
    found = []
    for line, (day, amount, summary) in enumerate(rows, start=3):
        balance += Decimal(amount)
        when = date.fromisoformat(day) if "-" in day else date(2026, 9, int(day))
        found.append(StatementRow(line, when, "10:00:00", Decimal(amount), balance, counterparty, "6200", summary))
    return Statement(
        "icbc.history_detail", source, hashlib.sha256(source.encode()).hexdigest(), number, "", "CNY", tuple(found),
        Decimal(opening), balance,
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every byte below `folder`, locks apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture
def unchanged(street: StreetFolder) -> Callable[[], bool]:
    """Call it to learn whether every byte of the street is as it was at the start."""
    before = snapshot(street.path)
    return lambda: snapshot(street.path) == before
