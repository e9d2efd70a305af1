"""银行来源: each leg on a bank's or platform's account names its statement row, once, with the row's own amount.

Where the bank stated the balance after a row (`bank-balance`), those of a day lead from the book's balance of the day
before to the book's balance at the day's end.

Source: 会计法 2024 art. 17 (books, vouchers and bank must agree); 财会〔2024〕12号 art. 21(2) (no duplicate booking).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from beancount.core import data

from ..accounts import parse_account
from ..booking import is_opening
from ..corrections import REF_KEY, correction_faults, is_correction
from ..money import ZERO, show, to_fen
from ..problem import Finding, finding

RULE = "bank_provenance"
_KEYS = ("bank-ref", "source-sha256", "source-row")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FEN = re.compile(r"/(-?[0-9]+)(#[0-9]+)?$")
"""The amount at a reference's end; the serial before it is the bank's own and may hold anything."""


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Statement legs without provenance, with a row already booked, with another amount; a balance the bank stated
    that does not follow; a correction that is no pair; a second or late opening."""
    del options
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    found = _openings(transactions)
    seen: dict[tuple[str, str], data.Posting] = {}
    accounts: defaultdict[str, list[_Placed]] = defaultdict(list)
    for entry in transactions:
        for posting in entry.postings:
            if _has_statement(posting.account):
                if is_correction(entry):
                    continue  # a true pair moves nothing, and is checked as a whole
                accounts[posting.account].append((entry, posting))
                wrong = "" if is_opening(entry) else _leg(posting, seen)
                if wrong:
                    found.append(finding(RULE, wrong, entry, posting.meta))
    found += [
        finding(RULE, wrong, entry)
        for entry, wrong in correction_faults(transactions)
        if any(_has_statement(posting.account) for posting in entry.postings)
    ]
    return found + [wrong for placed in accounts.values() for wrong in _balances(placed)]


_Placed = tuple[data.Transaction, data.Posting]


def _balances(placed: Sequence[_Placed]) -> Iterator[Finding]:
    """The leg of the first day on which the stated balances of an account do not follow, if there is one.

    The ledger has not the bank's order within a day, and some files begin with the newest row. In whatever order, each
    row begins where another ended, the first where the day began, the last ends where the day ended: so as many rows
    begin at a balance as end there. A day that has rows without a balance says nothing.
    """
    begins = ZERO
    for _, group in groupby(placed, key=lambda pair: pair[0].date):
        day = list(group)
        begins += sum((_number(posting) for entry, posting in day if is_opening(entry)), ZERO)
        rows = [pair for pair in day if not is_opening(pair[0])]
        ends = begins + sum((_number(posting) for _, posting in rows), ZERO)
        known = [(*pair, stated) for pair in rows if (stated := _stated(pair[1])) is not None]
        begin_at = Counter([ends, *(stated - _number(posting) for _, posting, stated in known)])
        end_at = Counter([begins, *(stated for _, _, stated in known)])
        if len(known) == len(rows) and begin_at != end_at:
            loose = {balance for balance in begin_at | end_at if begin_at[balance] != end_at[balance]}
            entry, posting, stated = max(
                known, key=lambda row: (row[2] in loose) + (row[2] - _number(row[1]) in loose)
            )
            said = f"银行写的余额 {show(stated)} 接不上：{entry.date} 账面从 {show(begins)} 到 {show(ends)}"
            yield finding(RULE, said, entry, posting.meta)
            return
        begins = ends


def _stated(posting: data.Posting) -> Decimal | None:
    stated = (posting.meta or {}).get("bank-balance")
    return stated if isinstance(stated, Decimal) else None


def _number(posting: data.Posting) -> Decimal:
    number = posting.units.number if posting.units is not None else None
    return number if isinstance(number, Decimal) else ZERO


def _has_statement(account: str) -> bool:
    try:
        return parse_account(account).has_statement
    except ValueError:
        return False


def _leg(posting: data.Posting, seen: dict[tuple[str, str], data.Posting]) -> str:
    meta = posting.meta or {}
    if REF_KEY in meta:
        return f"{REF_KEY} 只用于红字注销和订正的凭证"
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
    balance = meta.get("bank-balance", ZERO)
    if not isinstance(balance, Decimal) or balance.as_tuple().exponent != -2:
        return f"银行分录的余额“{balance}”写法不对，应写到分"
    return ""


def _openings(transactions: Sequence[data.Transaction]) -> list[Finding]:
    openings = [entry for entry in transactions if is_opening(entry)]
    first = min((entry.date for entry in transactions), default=date.min)
    found = [finding(RULE, "期初余额只能有一笔", entry) for entry in openings[1:]]
    if openings and openings[0].date != first:
        found.append(finding(RULE, f"期初余额须是账簿的第一笔，但 {first} 已有业务", openings[0]))
    return found
