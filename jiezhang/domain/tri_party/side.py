"""One side of a leg: what the book has, or what a party holds, in the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..money import yuan


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved on `account` (or, of a paper, in `fund`), positive when it came in.

    `file` and `line` are where it stands; `source` (digest) and `row` where it came from, when a bank's file is known:
    of the bank's own movement, the file itself. `until` is the last day that file speaks of.
    """

    ref: str
    day: date
    amount_fen: int
    account: str
    fund: str
    text: str = ""
    file: str = ""
    line: int = 0
    source: str = ""
    row: int = 0
    until: date | None = None

    def __str__(self) -> str:
        words = [self.day.isoformat(), yuan(self.amount_fen), self.text]
        return " ".join(filter(None, words)) + self.place

    @property
    def place(self) -> str:
        """File and line in brackets, or nothing."""
        if not self.file:
            return ""
        return f"（{self.file} 第 {self.line} 行）" if self.line else f"（{self.file}）"


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A bank's file as one side has it. `path` may be empty: the book cites a file by its digest.

    `number` is the account number in it, on the book's side the one it was booked to; `account` that ledger account,
    empty when it is of none. `fault` says why the side can't use it.
    """

    path: str
    sha256: str
    number: str = ""
    account: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """All movements known, of every month, and the balances in fen before and at the end of one month.

    An account that is not in `closings` is not spoken of; one that is there with `None` is, without a balance.
    `until` is the last day that the side's records reach; `None`: it was asked item by item.
    """

    movements: tuple[Movement, ...] = ()
    openings: Mapping[str, int | None] = field(default_factory=dict)
    closings: Mapping[str, int | None] = field(default_factory=dict)
    files: tuple[HeldFile, ...] = ()
    until: date | None = None
