"""Made-up books of a maintenance fund, a line for each voucher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from beancount import loader
from beancount.core.data import Directive

from jiezhang.domain.accounts import account_name
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound, Dwelling, Street
from reports.fund_statements import FundStatements, fund_statements

STREET = Street.model_validate({"name": "示例区云溪街道办事处", "city": "example"})
COMPOUND = Compound(code="C0007", name="长吴公寓", community="S01", kind="old", start=date(2025, 11, 1))
FUND = "W维修资金"
BANK = account_name(COMPOUND.component, FUND, "1001", "建行4417")
HEAD = f"""option "operating_currency" "CNY"
option "tolerance_multiplier" "0"
plugin "beancount.plugins.auto_accounts"
2025-11-01 open {BANK}
  bank-account: "3300000000000004417"
  holder: "长吴公寓业主大会"
"""


def account(short: str) -> str:
    """`4001:B01` or `1001-建行4417` as the full account of the test compound; `1001` is the bank account."""
    if short == "1001":
        return BANK
    subject, _, sub = short.partition(":")
    code, _, detail = subject.partition("-")
    return account_name(COMPOUND.component, FUND, code, detail) + (f":{sub}" if sub else "")


def voucher(day: str, legs: str, *metas: str, flag: str = "*", number: str = "记-0001") -> str:
    """`1001 500.00 | 4001:B01 -500.00 nature=public` as a transaction; `metas` are lines under its head."""
    lines = [f'{day} {flag} "一笔"', f'  voucher: "{number}"', *(f"  {meta}" for meta in metas)]
    for leg in legs.split("|"):
        short, amount, *words = leg.split()
        lines.append(f"  {account(short)}  {amount} CNY")
        lines += [f'    {key}: "{value}"' for key, _, value in (word.partition("=") for word in words)]
    return "\n".join(lines) + "\n"


def dwelling(building: str, nature: str, room: str = "101") -> Dwelling:
    return Dwelling.model_validate({
        "code": f"{building}-1-{room}", "building": building, "stair": "1", "room": room, "area_m2": "60.00",
        "nature": nature,
    })


def load(*vouchers: str) -> list[Directive]:
    entries, errors, _ = loader.load_string(HEAD + "\n".join(vouchers), dedent=False)
    assert not errors, errors
    return list(entries)


def made(
    *vouchers: str, month: str = "2026-09", dwellings: Sequence[Dwelling] = (), bank: dict[str, Decimal] | None = None
) -> FundStatements:
    """The statements of books that hold `vouchers`."""
    return fund_statements(
        load(*vouchers), street=STREET, compound=COMPOUND, month=Month.parse(month), dwellings=dwellings,
        bank_balances=bank,
    )


def row(statements: FundStatements, form: Any, key: str) -> dict[str, str]:
    """Column → figure of the cells of one row that are not zero."""
    found = statements.form(form)
    line = next(line for line in found.lines if line.key == key)
    return {c.key: str(cell.amount) for c, cell in zip(found.columns, line.cells, strict=True) if cell.amount}


BOTH = (dwelling("01", "commercial"), dwelling("02", "public"), dwelling("03", "commercial"),
        dwelling("03", "public", "102"))
"""Building 01 all commercial, 02 all public, 03 mixed."""

YEAR = (
    voucher("2025-11-01", "1001 1000.00 | 3001 -800.00 | 3002 -150.00 | 3101 -50.00", "opening: TRUE"),
    voucher("2025-12-05", "1001 30.00 | 4001:B01 -30.00"),
    voucher("2025-12-21", "1001 7.00 | 4101 -7.00"),
    voucher("2026-01-10", "1001 200.00 nature=public | 4001:B02 -200.00"),
    voucher("2026-02-01", "1101 400.00 | 1001 -400.00"),
    voucher("2026-03-21", "1001 5.25 | 4101 -5.25"),
    voucher("2026-05-06", "5001:B01 120.10 nature=commercial | 1001 -120.10"),
    voucher("2026-06-30", "3101 40.00 | 3001 -32.00 | 3002 -8.00", number="记-0009"),
    voucher("2026-08-01", "1001 412.00 | 1101 -400.00 | 4102 -12.00"),
    voucher("2026-09-02", "5101:B02 60.00 | 2001 -60.00"),
    voucher("2026-09-09", "1001 18.00 | 4201 -18.00"),
    voucher("2026-09-10", "4001:B02 20.00 | 1001 -20.00"),
    voucher("2026-09-11", "5901 1.50 | 1001 -1.50"),
    voucher("2026-09-30", "1001 3.00 | 2999 -3.00", flag="!"),
    voucher("2026-10-01", "1001 9999.00 | 4901 -9999.00"),
)
"""Two years of a compound with both natures, each kind of event at least once, small enough to add up by hand."""
