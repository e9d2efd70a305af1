"""Whose statement is this? The register of all dedicated accounts of a street, and the search in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from beancount.core import data

from jiezhang.domain.money import CURRENCY
from jiezhang.domain.problem import Refused
from jiezhang.domain.rules.dedicated_accounts import bare_number, statement_accounts
from jiezhang.domain.statement import Statement

_CODE = re.compile(r"(?<![0-9A-Za-z])C[0-9]{4}(?![0-9])")
_DIGITS = re.compile(r"[0-9]{4,}")
_ANY_BANK = {"mt940", "camt053", "plain"}
"""Formats that any bank may send."""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """A dedicated account as its `open` registers it."""

    compound: str
    account: str
    bank: str
    number: str
    holder: str
    line: int = 0
    """Where its `open` stands in `accounts.beancount`."""
    opened: date = date.min
    """The day of its `open`."""


def known_accounts(compound: str, entries: Iterable[data.Directive]) -> list[KnownAccount]:
    """The dedicated accounts of one ledger; `compound` is its code."""
    return [
        KnownAccount(
            compound,
            entry.account,
            str(entry.meta.get("bank", "")),
            str(entry.meta.get("bank-account", "")),
            str(entry.meta.get("holder", "")),
            int(entry.meta.get("lineno", 0)),
            entry.date,
        )
        for entry, _ in statement_accounts(list(entries))
    ]


def taken(owner: KnownAccount) -> Refused:
    """Why no other compound may register `owner`'s number."""
    return Refused(f"银行账号 {owner.number} 已由小区 {owner.compound} 登记，一个专户只能属于一个小区")


def find_account(statement: Statement, path: Path, accounts: Sequence[KnownAccount], chosen: str = "") -> KnownAccount:
    """The account `statement` belongs to; `Refused` when there is none, or more than one, or another's name on it.

    `path` is where the file lies in the street, or in the folder the bookkeeper named: its names may tell whose it is.
    `chosen` is an account number the bookkeeper gave for a file that names none.
    """
    file = str(path)
    if statement.currency != CURRENCY:
        raise Refused(f"对账单币种是 {statement.currency}，账簿只记 {CURRENCY}", file)
    number = statement.account_no or chosen
    found = _registered(number, accounts) if number else _guess(statement, path, accounts)
    if not found:
        if number:
            raise Refused(f"账号 {number} 没有登记在任何小区", file)
        raise Refused("文件里没有账号，也没有哪个登记账户与它相符，请用 --account 指明", file)
    if len(found) > 1 and number:
        owners = "、".join(f"“{account.account}”" for account in found)
        raise Refused(f"账号 {number} 登记了 {len(found)} 次（{owners}），一个专户只能登记一次", file)
    if len(found) > 1:
        raise Refused(f"文件里没有账号，有 {len(found)} 个登记账户可能与它相符，请用 --account 指明", file)
    _refuse_contradiction(statement, found[0], chosen, file)
    if statement.holder and _bare(statement.holder) != _bare(found[0].holder):
        raise Refused(f"对账单户名“{statement.holder}”与登记户名“{found[0].holder}”不符", file)
    return found[0]


def _refuse_contradiction(statement: Statement, found: KnownAccount, chosen: str, file: str) -> None:
    """`Refused` when what the file says of itself is not what it was given as, or what the register says."""
    if chosen and statement.account_no and bare_number(chosen) != bare_number(statement.account_no):
        raise Refused(f"文件里的账号 {statement.account_no} 与 --account 指明的 {chosen} 不符", file)
    bank = _family(statement)
    if bank not in _ANY_BANK and found.bank not in (bank, "other"):
        raise Refused(f"文件是“{bank}”的格式，账号 {found.number} 登记的却是“{found.bank}”", file)


def _family(statement: Statement) -> str:
    """The bank whose layout it is: `icbc` of `icbc.printed`, `wechat` of `wechat_fund`."""
    return re.split(r"[._]", statement.layout)[0]


def _registered(number: str, accounts: Sequence[KnownAccount]) -> list[KnownAccount]:
    return [account for account in accounts if bare_number(account.number) == bare_number(number)]


def _guess(statement: Statement, path: Path, accounts: Sequence[KnownAccount]) -> list[KnownAccount]:
    """Accounts at the file's bank, in the compound its folder names, that a number in the file name is the end of."""
    bank = _family(statement)
    found = [account for account in accounts if bank in _ANY_BANK or account.bank == bank]
    codes = {code for part in path.parts for code in _CODE.findall(part)}
    if codes:
        found = [account for account in found if account.compound in codes]
    numbers = tuple(_DIGITS.findall(path.stem))
    named = [account for account in found if numbers and bare_number(account.number).endswith(numbers)]
    return named if len(found) > 1 and named else found


def _bare(holder: str) -> str:
    return re.sub(r"\s", "", holder).replace("（", "(").replace("）", ")")
