"""A leg: what a party holds against what the book has, every difference by its name, nothing netted.

Source: 会计法 2024 art. 17 (账实、账证、账账相符), 会计基础工作规范 2019 art. 62.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..period import Month
from .balance_faults import Rests, balance_faults
from .differences import KIND_NAMES, PARTY_NAMES, Difference, Kind, Party
from .file_faults import FileFaults, file_faults
from .pairing import Paired, pair
from .side import HeldFile, Movement, Side

__all__ = ["TIMING_DAYS_MAX", "Compared", "HeldFile", "Movement", "Side", "compare", "compare_rows"]

TIMING_DAYS_MAX = 10
"""How long money may be on its way over a month's end: eight days of holiday, and a working day before and after."""

_KIND_ORDER = list(KIND_NAMES)


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences of a leg in order; the pairs they were found with; the digests of files whose rows could not be
    compared."""

    differences: tuple[Difference, ...]
    paired: Paired
    lost: frozenset[str]


def compare(
    party: Party, book: Side, held: Side, month: Month, today: date | None = None
) -> tuple[Difference, ...]:
    """Every difference that stands at the end of `month`: what was on its way and has arrived is none.

    Both sides may bring every month they know: what was missing before and still is, is found again. Days after
    `today` have not come. Amounts are the party's less the book's; ids are empty, `since` is `month`.
    """
    return compare_rows(party, book, held, month, today).differences


def compare_rows(party: Party, book: Side, held: Side, month: Month, today: date | None = None) -> Compared:
    """`compare`, with the pairs it rests on."""
    files = file_faults(book, held)
    paired = pair(held.movements, book.movements, files.replaced)
    leg = _Leg(party, month, today, held.until, files)
    found = [leg.of_file(kind, file, said) for kind, file, said in files.found]
    for row, entry in paired.pairs:
        found += leg.of_pair(row, entry)
    found += [leg.of_held("doubled", row) for row in paired.held_twice if leg.counts(row)]
    found += [leg.of_held("missing_in_book", row) for row in paired.held if leg.counts(row)]
    booked = [entry for entry in (*paired.book_twice, *paired.book) if entry.day <= month.last_day]
    twice = {id(entry) for entry in paired.book_twice}
    found += [
        leg.of_book("doubled" if id(entry) in twice else "missing_at_party", entry)
        for entry in booked
        if entry.source not in files.lost
    ]
    blind = {entry.account for entry in booked if entry.source in files.lost}
    told = {one.account for one in found if one.day is None or month.contains(one.day)}
    for kind, account, amount_fen, said in balance_faults(book, held, month, _rests(paired, files), blind, told):
        found.append(leg.of_account(kind, account, amount_fen, said))
    return Compared(tuple(sorted(found, key=_order)), paired, files.lost)


def _rests(paired: Paired, files: FileFaults) -> Rests:
    """What wrong amounts in replaced files change a day's sums by: such a file's rows need not add up."""
    moved: Rests = defaultdict(list)
    for row, entry in paired.pairs:
        if entry.source in files.replaced and row.account == entry.account and row.amount_fen != entry.amount_fen:
            moved[row.account].append((row.day, row.amount_fen - entry.amount_fen))
    return moved


def _order(one: Difference) -> tuple[str, date, int, str, int, str]:
    return one.account, one.day or date.min, _KIND_ORDER.index(one.kind), one.ref, one.amount_fen, one.text


@dataclass(frozen=True, slots=True)
class _Leg:
    """Makes the differences of one leg."""

    party: Party
    month: Month
    today: date | None
    until: date | None
    files: FileFaults

    @property
    def name(self) -> str:
        return PARTY_NAMES[self.party]

    def of_pair(self, row: Movement, entry: Movement) -> Iterator[Difference]:
        """What is wrong with a movement that both sides have."""
        kind, amount_fen = self._judged(row, entry)
        if kind is None:
            return
        about = entry if kind in ("timing", "wrong_date") else row
        yield self._made(kind, about, amount_fen, f"{self.name}：{self._words(row, entry)}；账上：{entry}")

    def _judged(self, row: Movement, entry: Movement) -> tuple[Kind | None, int]:
        """The kind and the amount; no kind where both agree at the month's end."""
        end = self.month.last_day
        there, booked = row.day <= end, entry.day <= end
        at_end = there * row.amount_fen - booked * entry.amount_fen
        if not (there or booked or _is_beyond(row)):
            return None, 0
        if self._is_future(row) or self._is_future(entry):
            return "future_dated", at_end
        if row.amount_fen != entry.amount_fen:
            return "wrong_amount", row.amount_fen - entry.amount_fen
        if row.account != entry.account:
            return ("wrong_fund" if row.fund != entry.fund else "wrong_account"), row.amount_fen
        if row.day == entry.day or not (self.month.contains(row.day) or self.month.contains(entry.day)):
            return None, 0
        if Month.of(row.day) == Month.of(entry.day) or abs((row.day - entry.day).days) > TIMING_DAYS_MAX:
            return "wrong_date", at_end
        return ("timing", at_end) if there != booked else (None, 0)

    def _words(self, row: Movement, entry: Movement) -> str:
        """The party's movement, with its account where the book has another."""
        return f"{row.account} {row}" if row.account != entry.account else str(row)

    def counts(self, row: Movement) -> bool:
        """Whether a movement that only the party has is this month's matter."""
        return row.day <= self.month.last_day or _is_beyond(row)

    def of_held(self, kind: Kind, row: Movement) -> Difference:
        """What only the party has."""
        if self._is_future(row):
            return self._made("future_dated", row, row.amount_fen, f"{self.name}：{row}；这一天还没有到")
        said = "已经有过同一笔" if kind == "doubled" else "账上没有"
        return self._made(kind, row, row.amount_fen, f"{self.name}：{row}；{said}")

    def of_book(self, kind: Kind, entry: Movement) -> Difference:
        """What only the book has. A movement that no file vouches for may still be on its way."""
        if self._is_future(entry):
            return self._made("future_dated", entry, -entry.amount_fen, f"账上：{entry}；这一天还没有到")
        if kind == "doubled":
            return self._made(kind, entry, -entry.amount_fen, f"账上：{entry}；已经有过同一笔")
        open_from = None if self.until is None else self.until - timedelta(days=TIMING_DAYS_MAX)
        if not entry.source and open_from is not None and entry.day > open_from:
            said = f"账上：{entry}；{self.name}的记录到 {self.until} 为止，还没有"
            return self._made("timing", entry, -entry.amount_fen, said)
        return self._made(kind, entry, -entry.amount_fen, f"账上：{entry}；{self.name}没有")

    def of_file(self, kind: Kind, file: HeldFile, said: str) -> Difference:
        ref = file.path or file.sha256
        return Difference(
            party=self.party, kind=kind, account=file.account, fund=fund_of(file.account), ref=ref, text=said,
            since=str(self.month),
        )  # fmt: skip

    def of_account(self, kind: Kind, account: str, amount_fen: int, said: str) -> Difference:
        return Difference(
            party=self.party, kind=kind, account=account, fund=fund_of(account), amount_fen=amount_fen,
            text=f"{self.name}：{said}", since=str(self.month),
        )  # fmt: skip

    def _is_future(self, move: Movement) -> bool:
        """Whether its day lies after what its file speaks of, or after today."""
        return _is_beyond(move) or (self.today is not None and move.day > self.today)

    def _made(self, kind: Kind, move: Movement, amount_fen: int, said: str) -> Difference:
        return Difference(
            party=self.party, kind=kind, fund=move.fund, account=move.account, ref=move.ref, day=move.day,
            amount_fen=amount_fen, text=said, since=str(self.month),
        )  # fmt: skip


def _is_beyond(move: Movement) -> bool:
    return move.until is not None and move.day > move.until


def fund_of(account: str) -> str:
    """The fund part of an account name (`G公共收益`); of a fund itself that; empty where there is none."""
    parts = account.split(":")
    return parts[2] if len(parts) > 3 else account if len(parts) == 1 else ""
