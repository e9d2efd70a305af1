"""A compound's books from what the office has: a table of its dedicated accounts and a trial balance for each fund."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import StringConstraints

from importers.source import load_source
from jiezhang.book.create import NewCompound, create_compound
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_numbered
from jiezhang.domain.accounts import account_name
from jiezhang.domain.chart import BANK_SUBJECTS, FUND_NAMES
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, DedicatedAccount, HolderKind, Name, Row
from jiezhang.domain.trial_balance import opening_balances, parse_trial_balance

PLATFORM_NAMES = {"wechat": "微信", "alipay": "支付宝"}


class AccountRow(Row):
    """One line of the table of dedicated accounts (专户表). `name` is short, e.g. 工行; its last four digits follow."""

    fund: Literal["G", "W"]
    bank: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")]
    name: Name
    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z@.-]{4,40}$")]
    holder: Name
    holder_kind: HolderKind


def new_compound(
    street: StreetFolder, compound: Compound, accounts: Path, openings: dict[str, Path], slug: str = ""
) -> CompoundFolder:
    """Open a compound's books. `openings` gives the trial balance file of each fund (`G`, `W`); `Refused` as ever."""
    dedicated = [_dedicated(compound, row, accounts, line) for line, row in read_numbered(accounts, AccountRow)]
    balances: list[tuple[str, Decimal]] = []
    for kind, path in openings.items():
        fund = kind + FUND_NAMES[kind]
        own = [account.account for account in dedicated if f":{fund}:" in account.account]
        rows = parse_trial_balance(_cells(path), str(path))
        balances += opening_balances(rows, compound.component, fund, own, str(path))
    return create_compound(street, NewCompound(compound, dedicated, balances, slug=slug))


def _dedicated(compound: Compound, row: AccountRow, file: Path, line: int) -> DedicatedAccount:
    fund = row.fund + FUND_NAMES[row.fund]
    if row.bank in PLATFORM_NAMES:
        if row.fund != "G":
            raise Refused(f"{PLATFORM_NAMES[row.bank]}只能收公共收益，不能是维修资金的专户", str(file), line)
        code, detail = "1012", PLATFORM_NAMES[row.bank]
    else:
        code = next(code for kind, code in BANK_SUBJECTS if kind == row.fund)
        detail = row.name + row.number[-4:]
    return DedicatedAccount(
        account=account_name(compound.component, fund, code, detail),
        bank=row.bank,
        number=row.number,
        holder=row.holder,
        holder_kind=row.holder_kind,
    )


def _cells(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    sheets = load_source(path).sheets
    return [(row.line, row.cells) for row in sheets[0] if not row.is_blank]
