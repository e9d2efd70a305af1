"""Whose statement is this? The register of all dedicated accounts of a street, and the search in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from beancount.core import data

from jiezhang.domain.money import CURRENCY
from jiezhang.domain.problem import Refused
from jiezhang.domain.rules.dedicated_accounts import statement_accounts
from jiezhang.domain.statement import Statement

_CODE = re.compile(r"C\d{4}")
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
        )
        for entry, _ in statement_accounts(list(entries))
    ]


def find_account(statement: Statement, path: Path, accounts: Sequence[KnownAccount], chosen: str = "") -> KnownAccount:
    """The account `statement` belongs to; `Refused` when there is none, or more than one, or another's name on it.

    `chosen` is an account number the bookkeeper gave for a file that names none.
    """
    file = str(path)
    if statement.currency != CURRENCY:
        raise Refused(f"对账单币种是 {statement.currency}，账簿只记 {CURRENCY}", file)
    number = statement.account_no or chosen
    found = [account for account in accounts if account.number == number] if number else _guess(
        statement, path, accounts
    )
    if not found:
        if number:
            raise Refused(f"账号 {number} 没有登记在任何小区", file)
        raise Refused("文件里没有账号，也没有哪个登记账户与它相符，请用 --account 指明", file)
    if len(found) > 1:
        raise Refused(f"文件里没有账号，有 {len(found)} 个登记账户可能与它相符，请用 --account 指明", file)
    if statement.holder and _bare(statement.holder) != _bare(found[0].holder):
        raise Refused(f"对账单户名“{statement.holder}”与登记户名“{found[0].holder}”不符", file)
    return found[0]


def _guess(statement: Statement, path: Path, accounts: Sequence[KnownAccount]) -> list[KnownAccount]:
    """Accounts at the file's bank, in the compound its folder names, whose last digits the file name ends with."""
    bank = re.split(r"[._]", statement.layout)[0]
    found = [account for account in accounts if bank in _ANY_BANK or account.bank == bank]
    codes = {code for part in path.parts for code in _CODE.findall(part)}
    if codes:
        found = [account for account in found if account.compound in codes]
    named = [account for account in found if account.number[-4:] in path.stem]
    return named if len(found) > 1 and named else found


def _bare(holder: str) -> str:
    return re.sub(r"\s", "", holder).replace("（", "(").replace("）", ")")
