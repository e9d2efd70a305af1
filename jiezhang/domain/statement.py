"""A bank's or payment platform's statement (对账单), the same value whatever file it came in."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import to_fen
from .text import clean


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row. `amount` in yuan, positive when money came in to our account, negative when it went out."""

    line: int
    """Where the row stands in the file, counted from 1 as a person counts rows or lines."""
    date: date
    time: str
    """`HH:MM:SS`, or empty when the file gives none."""
    amount: Decimal
    balance: Decimal | None
    """Balance after this row, or `None` when the file gives none."""
    counterparty: str = ""
    counterparty_account: str = ""
    summary: str = ""
    remark: str = ""
    serial: str = ""
    """The bank's own number of the row, or empty."""
    kind: str = "normal"
    """normal, reversal (冲正、退汇), interest (结息), fee (手续费), settlement (提现), refund (退款)."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts and sums (yuan, both positive) the file itself states; `None` where it doesn't."""

    count_in: int | None = None
    sum_in: Decimal | None = None
    count_out: int | None = None
    sum_out: Decimal | None = None
    count: int | None = None
    net: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Rows oldest first, of one account in one currency, with everything the file says about itself."""

    layout: str
    """Which importer and variant read it, e.g. `icbc.history_detail`."""
    source: str
    """File name, without folders."""
    sha256: str
    """Digest of the file's bytes, lower-case hex."""
    account_no: str
    """Own account number, or empty when the file doesn't give it."""
    holder: str
    currency: str
    rows: tuple[StatementRow, ...]
    opening: Decimal | None = None
    """Balance before the first row, as stated by the file or derived from the first row."""
    closing: Decimal | None = None
    totals: Totals | None = None
    period: tuple[date, date] | None = None
    """First and last day the file says it covers."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """Why a statement does not prove itself: a sentence and the line it happened at (0: the file as a whole)."""

    line: int
    message: str


def prove(statement: Statement) -> list[Unproven]:
    """Check every figure the statement gives against its rows; an empty list means proven.

    Running balance of every row, opening + rows = closing, stated counts and sums, and that there was something to
    check every yuan against (balances, both ends, or sums of both directions; a count alone proves no amount): a file
    that cannot prove itself is not imported.
    """
    wrong = _running_balance(statement) + _stated_totals(statement)
    if statement.opening is not None and statement.closing is not None and not wrong:
        net = sum((row.amount for row in statement.rows), Decimal(0))
        if statement.opening + net != statement.closing:
            wrong.append(Unproven(0, f"期初 {statement.opening} 加本期净额 {net} 不等于期末 {statement.closing}"))
    if not wrong and not _has_evidence(statement):
        wrong.append(Unproven(0, "文件里既没有余额也没有合计，无法证明是否完整"))
    return wrong


def balances_after(statement: Statement) -> tuple[Decimal | None, ...]:
    """The balance after each row: as stated, or, when the file states both its ends, as they imply; `None` else."""
    running = statement.opening if statement.closing is not None else None
    found: list[Decimal | None] = []
    for row in statement.rows:
        running = row.balance if row.balance is not None else None if running is None else running + row.amount
        found.append(running)
    return tuple(found)


def _running_balance(statement: Statement) -> list[Unproven]:
    before = statement.opening
    for row in statement.rows:
        if row.balance is None:
            before = None if before is None else before + row.amount
            continue
        if before is not None and before + row.amount != row.balance:
            return [
                Unproven(row.line, f"余额不连续：上一余额 {before} 加本行 {row.amount} 应为 "
                                   f"{before + row.amount}，文件写的是 {row.balance}")
            ]
        before = row.balance
    return []


def _stated_totals(statement: Statement) -> list[Unproven]:
    stated = statement.totals
    if stated is None:
        return []
    amounts = [row.amount for row in statement.rows]
    into, out = [a for a in amounts if a > 0], [-a for a in amounts if a < 0]
    checks = [
        ("收入笔数", stated.count_in, len(into)),
        ("收入合计", stated.sum_in, sum(into, Decimal(0))),
        ("支出笔数", stated.count_out, len(out)),
        ("支出合计", stated.sum_out, sum(out, Decimal(0))),
        ("总笔数", stated.count, len(amounts)),
        ("净额", stated.net, sum(amounts, Decimal(0))),
    ]
    return [
        Unproven(0, f"{name}不符：文件合计写 {said}，逐行相加为 {found}")
        for name, said, found in checks
        if said is not None and said != found
    ]


def _has_evidence(statement: Statement) -> bool:
    has_balance = bool(statement.rows) and all(row.balance is not None for row in statement.rows)
    has_ends = statement.opening is not None and statement.closing is not None
    totals = statement.totals or Totals()
    has_sums = totals.net is not None or (totals.sum_in is not None and totals.sum_out is not None)
    return has_balance or has_ends or has_sums


def references(rows: tuple[StatementRow, ...]) -> list[str]:
    """The reference (`bank-ref`) of each row, unique within its account and the same in every file it appears in.

    The bank's serial and the day where there is a serial (banks begin again at 1), else a digest of what every export
    of the row has in common: day, amount and balance after it (time, counterparty and summary when there is no
    balance); then the amount in fen. Rows that still agree are numbered in order: two equal fees on one day are two.
    """
    seen: Counter[str] = Counter()
    refs = []
    for row in rows:
        base = f"{_serial(row) or _digest(row)}/{to_fen(row.amount)}"
        seen[base] += 1
        refs.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return refs


def _serial(row: StatementRow) -> str:
    return f"{clean(row.serial)}@{row.date:%Y%m%d}" if row.serial else ""


def _digest(row: StatementRow) -> str:
    what = [row.date.isoformat(), str(row.amount), str(row.balance)]
    if row.balance is None:
        what += [row.time, row.counterparty_account, row.counterparty, row.summary]
    return "h" + hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]
