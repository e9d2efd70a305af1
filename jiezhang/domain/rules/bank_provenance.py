"""银行来源: each leg on a bank's or platform's account names its statement row, once, with the row's own amount.

Source: 会计法 2024 art. 17 (books, vouchers and bank must agree); 财会〔2024〕12号 art. 21(2) (no duplicate booking).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from beancount.core import data

from ..accounts import parse_account
from ..booking import is_opening
from ..money import to_fen
from ..problem import Finding, finding

RULE = "bank_provenance"
_KEYS = ("bank-ref", "source-sha256", "source-row")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FEN = re.compile(r"/(-?[0-9]+)(#[0-9]+)?$")
"""The amount at a reference's end; the serial before it is the bank's own and may hold anything."""


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Statement legs without provenance, with a row already booked, with another amount; a second or late opening."""
    del options
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    found = _openings(transactions)
    seen: dict[tuple[str, str], data.Posting] = {}
    for entry in transactions:
        if is_opening(entry):
            continue
        for posting in entry.postings:
            if _has_statement(posting.account):
                wrong = _leg(posting, seen)
                if wrong:
                    found.append(finding(RULE, wrong, entry, posting.meta))
    return found


def _has_statement(account: str) -> bool:
    try:
        return parse_account(account).has_statement
    except ValueError:
        return False


def _leg(posting: data.Posting, seen: dict[tuple[str, str], data.Posting]) -> str:
    meta = posting.meta or {}
    missing = [key for key in _KEYS if key not in meta]
    if missing:
        return f"银行分录没有注明对账单来源（缺 {'、'.join(missing)}），须由导入产生"
    if not _DIGEST.fullmatch(str(meta["source-sha256"])):
        return f"银行分录的对账单指纹“{meta['source-sha256']}”写法不对"
    ref = str(meta["bank-ref"])
    before = seen.setdefault((posting.account, ref), posting)
    if before is not posting and before.meta is not None:
        place = f"{before.meta['filename'].rsplit('/', 1)[-1]} 第 {before.meta['lineno']} 行"
        return f"对账单流水 {ref} 已在 {place} 入账，不得重复入账"
    stated = _FEN.search(ref)
    number = posting.units.number if posting.units is not None else None
    if number is None or number.as_tuple().exponent != -2 or not stated or stated[1] != str(to_fen(number)):
        return f"银行分录金额 {number} 与对账单流水 {ref} 的金额不符"
    return ""


def _openings(transactions: Sequence[data.Transaction]) -> list[Finding]:
    openings = [entry for entry in transactions if is_opening(entry)]
    first = min((entry.date for entry in transactions), default=date.min)
    found = [finding(RULE, "期初余额只能有一笔", entry) for entry in openings[1:]]
    if openings and openings[0].date != first:
        found.append(finding(RULE, f"期初余额须是账簿的第一笔，但 {first} 已有业务", openings[0]))
    return found
