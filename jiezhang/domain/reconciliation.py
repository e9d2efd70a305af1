"""Bank reconciliation: the statement's rows against the ledger's, row by row, and the 银行存款余额调节表.

Source: 会计法 2024 art. 17, 会计基础工作规范 2019 art. 62, 财会〔2024〕12号 art. 23.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .period import Month

Status = Literal["matched", "bank_only", "book_only", "amount_differs", "date_differs"]

STATUS_NAMES: dict[Status, str] = {
    "matched": "相符",
    "bank_only": "银行有、账上无",
    "book_only": "账上有、银行无",
    "amount_differs": "金额不符",
    "date_differs": "日期不符",
}
DATE_DISTANCE_DAYS_MAX = 5

Verdict = Literal["agreed", "unchecked", "different"]
"""What may be said of an account's month: proven, not proven, proven wrong."""

_WORSE: tuple[Verdict, ...] = ("agreed", "unchecked", "different")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on several accounts together; on none, nothing is proven."""
    return max(verdicts, key=_WORSE.index, default="unchecked")


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement as the bank or as the book has it. `place` is file and line, `ref` the statement row's reference."""

    ref: str
    date: date
    amount: Decimal
    text: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What the comparison says of one movement."""

    status: Status
    bank: Entry | None
    book: Entry | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One account's month. Balances in yuan; `bank_balance` is `None` when no statement reaches the month's end."""

    account: str
    month: Month
    bank_balance: Decimal | None
    book_balance: Decimal
    pairs: tuple[Pair, ...]
    warnings: tuple[str, ...] = ()
    """Sentences about the files: edited, missing."""
    is_covered: bool = True
    """Whether some statement reaches into the month; a balance carried over from an earlier one proves nothing."""

    def of(self, status: Status) -> list[Pair]:
        return [pair for pair in self.pairs if pair.status == status]

    @property
    def adjusted_bank(self) -> Decimal | None:
        """Bank balance plus what the book has and the bank hasn't yet."""
        if self.bank_balance is None:
            return None
        return self.bank_balance + sum((p.book.amount for p in self.pairs if p.book and not p.bank), Decimal(0))

    @property
    def adjusted_book(self) -> Decimal:
        """Book balance plus what the bank has and the book hasn't yet."""
        missing = sum((p.bank.amount for p in self.pairs if p.bank and not p.book), Decimal(0))
        return self.book_balance + missing + sum((amount for _, amount in self.corrections), Decimal(0))

    @property
    def corrections(self) -> list[tuple[Pair, Decimal]]:
        """What each wrong amount in the book must be corrected by."""
        return [
            (pair, pair.bank.amount - pair.book.amount)
            for pair in self.of("amount_differs")
            if pair.bank is not None and pair.book is not None
        ]

    @property
    def is_clean(self) -> bool:
        """Every row matched, both balances equal, no warning."""
        return (
            not self.warnings
            and self.bank_balance == self.book_balance
            and all(pair.status == "matched" for pair in self.pairs)
        )

    @property
    def verdict(self) -> Verdict:
        """Different when a row, a balance or a kept file differs; unchecked while nothing is there to check by."""
        if self.is_clean:
            return "agreed"
        if any(pair.status != "matched" for pair in self.pairs):
            return "different"
        return "unchecked" if self.bank_balance is None or not self.is_covered else "different"


def match(bank: Sequence[Entry], book: Sequence[Entry]) -> tuple[Pair, ...]:
    """Pair each bank row with its book entry.

    First by reference; what is left by the bank's serial (the amount differs); then by amount within a few days (the
    date differs); the rest stands alone.
    """
    pairs: list[Pair] = []
    left: dict[str, Entry] = {}
    for entry in book:
        if entry.ref in left:
            pairs.append(Pair("book_only", None, entry))  # booked twice: a ledger with an error, still reconciled
        else:
            left[entry.ref] = entry
    alone: list[Entry] = []
    for row in bank:
        if row.ref in left:
            booked = left.pop(row.ref)
            pairs.append(Pair(_compare(row, booked), row, booked))
        else:
            alone.append(row)
    pairs += _pair_rest(alone, left)
    return tuple(sorted(pairs, key=_when))


def _compare(row: Entry, entry: Entry) -> Status:
    if row.amount != entry.amount:
        return "amount_differs"
    return "matched" if row.date == entry.date else "date_differs"


def _pair_rest(alone: list[Entry], left: dict[str, Entry]) -> list[Pair]:
    pairs = []
    for row in alone:
        near = [entry for entry in left.values() if _serial(entry) == _serial(row)]
        same = [
            entry
            for entry in left.values()
            if entry.amount == row.amount and 0 < abs((entry.date - row.date).days) <= DATE_DISTANCE_DAYS_MAX
        ]
        found = next(iter(near or same), None)
        if found is None:
            pairs.append(Pair("bank_only", row, None))
        else:
            del left[found.ref]
            status: Status = "amount_differs" if found.amount != row.amount else "date_differs"
            pairs.append(Pair(status, row, found))
    return pairs + [Pair("book_only", None, entry) for entry in left.values()]


def _serial(entry: Entry) -> str:
    return entry.ref.rpartition("/")[0]


def _when(pair: Pair) -> tuple[date, int]:
    entry = pair.bank or pair.book
    assert entry is not None
    return entry.date, entry.line
