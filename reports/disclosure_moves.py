"""The postings of one compound's public revenue (fund G), read from the ledger's directives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core.data import Posting, Transaction

from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.booking import POSTED, is_opening
from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.money import CURRENCY, ZERO, exact
from jiezhang.domain.problem import Refused

_FUND = "G" + FUND_NAMES["G"]


@dataclass(frozen=True, slots=True)
class Move:
    """One posting of fund G: `amount` in yuan with the ledger's sign (debit positive)."""

    day: date
    account: AccountName
    amount: Decimal
    contract: str
    voucher: str
    posted: bool
    opening: bool


def moves_of(entry: Transaction, compound: str) -> Iterator[Move]:
    """The fund's postings of one transaction, proven to sum to zero; `Refused` when they do not."""
    voucher = str(entry.meta.get("voucher", ""))
    found = [
        Move(
            entry.date,
            account,
            _yuan(entry, posting),
            str((posting.meta or {}).get("contract") or entry.meta.get("contract") or ""),
            voucher,
            entry.flag == POSTED,
            is_opening(entry),
        )
        for posting in entry.postings
        if (account := fund_account(posting.account, compound)) is not None
    ]
    left = balance(found)
    if left:
        raise _refused(entry, f"{_called(entry)}在公共收益内借贷不平，相差 {left} 元")
    yield from found


def fund_account(name: str, compound: str) -> AccountName | None:
    """The parsed account when it belongs to fund G of `compound` (`C0007`), else `None`."""
    if f":{_FUND}:" not in name:
        return None
    account = parse_account(name)
    return account if account.compound == compound else None


def _yuan(entry: Transaction, posting: Posting) -> Decimal:
    units = posting.units
    if units is None or not isinstance(units.number, Decimal) or units.currency != CURRENCY:
        raise _refused(entry, f"{_called(entry)}有一行不是人民币金额")
    try:
        return exact(units.number)
    except ValueError as wrong:
        raise _refused(entry, f"{_called(entry)}的{wrong}") from None


def _called(entry: Transaction) -> str:
    number = entry.meta.get("voucher")
    return f"凭证 {number} " if number else f"{entry.date} 的流水“{entry.narration or ''}”"


def _refused(entry: Transaction, message: str) -> Refused:
    return Refused(message, str(entry.meta.get("filename", "")), int(entry.meta.get("lineno", 0)))


def balance(moves: Iterable[Move]) -> Decimal:
    """Sum of the amounts, never minus zero."""
    return sum((m.amount for m in moves), ZERO) + 0
