"""A compound's files as text, taken apart far enough to put a fen wrong and to say whose figure stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

_POSTING = re.compile(r"  \w+:C[0-9]{4}[^:]*:([GW])[^:]*:([0-9]{4})[^: ]*(?::([0-9]+))? +(-?[0-9]+\.[0-9]{2}) CNY")
_BALANCE = re.compile(r"[0-9-]{10} balance \w+:C[0-9]{4}[^:]*:([GW])\S+ +(-?[0-9]+\.[0-9]{2}) CNY")
_META = re.compile(r' +([a-z0-9-]+): "?([^"]*)"?')
AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")


@dataclass
class Figure:
    """A line of a file that belongs to a fund; `meta` has the line numbers (from 0) of what is told of it."""

    file: str
    line: int
    fund: str
    subject: str = ""
    building: str = ""
    meta: dict[str, int] = field(default_factory=dict)


@dataclass
class Voucher:
    """An entry with its postings, from line `line` to before line `end` (from 0); a `balance` has one figure."""

    file: str
    line: int
    end: int
    words: str
    meta: dict[str, int]
    legs: list[Figure]

    @property
    def funds(self) -> set[str]:
        return {leg.fund for leg in self.legs}


class Books:
    """One compound's books before anything is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.code = folder, folder.name
        self.texts = {
            path.relative_to(folder).as_posix(): path.read_text("utf-8").split("\n")
            for place in ("2026/*.beancount", "register/*.csv", "batches/*.csv")
            for path in sorted(folder.glob(place))
        }
        found = [one for name in self.texts if name.endswith(".beancount") for one in self._entries(name)]
        self.vouchers = [one for one in found if one.words != "balance"]
        self.balances = [one for one in found if one.words == "balance"]
        self.kept = {path.name: path for path in sorted(folder.glob("statements/*/*"))}

    def _entries(self, name: str) -> Iterator[Voucher]:
        lines = self.texts[name]
        starts = [at for at, line in enumerate(lines) if re.match(r"[0-9]{4}-", line)]
        for start in starts:
            end = next(at for at in range(start, len(lines)) if not lines[at].strip())
            balance = _BALANCE.match(lines[start])
            words = "balance" if balance else lines[start][11:]
            made = Voucher(name, start, end, words, {}, [Figure(name, start, balance[1])] if balance else [])
            for at in range(start + 1, end):
                if posting := _POSTING.match(lines[at]):
                    made.legs.append(Figure(name, at, posting[1], posting[2], posting[3] or ""))
                elif told := _META.match(lines[at]):
                    (made.legs[-1].meta if lines[at].startswith("    ") else made.meta)[told[1]] = at
            yield made

    # ------------------------------------------------------------------ changing
    def with_fen(self, changes: Mapping[tuple[str, int], int]) -> dict[str, list[str]]:
        """The texts with so many fen more in the last amount of each line (file, line from 0)."""
        texts: dict[str, list[str]] = {}
        for (name, at), fen in changes.items():
            lines = texts.setdefault(name, list(self.texts[name]))
            *_, last = AMOUNT.finditer(lines[at])
            more = Decimal(last[0]) + Decimal(fen).scaleb(-2)
            lines[at] = f"{lines[at][: last.start()]}{more}{lines[at][last.end() :]}"
        return texts

    def rows(self, name: str) -> int:
        return len(self._rows(name)) - 1

    def _rows(self, name: str) -> list[list[str]]:
        """The rows below the header, and the header last."""
        header, *rows = [line.split(",") for line in self.texts[name] if line]
        return [*rows, header]

    def with_cell(self, name: str, row: int, column: str, fen: int) -> dict[str, list[str]]:
        """The table with 0.01 times `fen` more in one cell."""
        cells = list(self._rows(name)[row])
        place = self._rows(name)[-1].index(column)
        cells[place] = str(Decimal(cells[place]) + Decimal(fen).scaleb(-2))
        lines = list(self.texts[name])
        lines[row + 1] = ",".join(cells)
        return {name: lines}

    # ------------------------------------------------------------------ whose is it
    def funds_at(self, file: str, line: int) -> set[str]:
        """The funds of what stands at `line` (from 1; 0 is the file as a whole) of `file`, relative to the folder."""
        if file.startswith("batches/") or file in (f"register/{name}.csv" for name in OF_THE_FUND):
            return {"W"}
        if file.startswith("statements/"):
            return {"W" if Path(file).name.startswith("3300") else "G"}
        for one in (*self.vouchers, *self.balances):
            if one.file == file and one.line < line <= one.end:
                leg = next((leg for leg in one.legs if leg.line == line - 1), None)
                return {leg.fund} if leg else one.funds
        return set()


OF_THE_FUND = ("dwellings", "buildings", "changes", "projects", "bonds")
