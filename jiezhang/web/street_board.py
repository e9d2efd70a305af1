"""The street's board on the page 三方: rows kept as long as their files stay what they are.

A signature with its draw takes hundredths of a second to verify, and a street has a thousand: what was verified once
is not verified again before its files change, and one request verifies for `SECONDS` at most.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from os import scandir
from pathlib import Path
from threading import Lock
from time import monotonic

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from jiezhang.domain.tri_party.month_seal import SEALS
from jiezhang.street.board import STATE_NAMES, BoardRow, State, board

SECONDS = 1
KEPT_MAX = 8192
_AT_ONCE = 16
"""How many compounds are read between two looks at the clock."""

_Key = tuple[CompoundFolder, Month, date]
_Files = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One compound: where its page is, and its row or the sentence why its seals can't be read."""

    code: str
    row: BoardRow | None
    wrong: str

    @property
    def slug(self) -> str:
        """The address of the compound's books: what `ledgers.slug_of` says, which can't be imported from here."""
        return self.code.lower()

    @property
    def missing(self) -> str:
        """`银行、社区`."""
        return "、".join(PARTY_NAMES[party] for party in self.row.missing) if self.row else ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """The street's month in groups: those whose seals can't be read, before the parties, not presented, closed. `left`:
    how many were not looked at yet, since the request's time was over."""

    total: int
    groups: tuple[tuple[str, tuple[BoardLine, ...]], ...]
    left: int

    @property
    def closed(self) -> int:
        return sum(line.row is not None and line.row.state == "closed" for _, lines in self.groups for line in lines)


class Board:
    """The rows of every street this program serves; any thread may ask."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._known: OrderedDict[_Key, tuple[_Files, BoardLine]] = OrderedDict()
        self._lock = Lock()

    def view(
        self, street: StreetFolder, month: Month, today: date, shown: Callable[[str], bool] = lambda _: True
    ) -> BoardView:
        """As much of the board of the compounds `shown` as the time of one request allows; the next one goes on."""
        folders = [folder for folder in street.compounds() if shown(folder.code)]
        files = {folder: _files(folder, street) for folder in folders}
        until = monotonic() + self._seconds
        lines = {folder: line for folder in folders if (line := self._kept((folder, month, today), files[folder]))}
        new = [folder for folder in folders if folder not in lines]
        while new:
            some, new = new[:_AT_ONCE], new[_AT_ONCE:]
            for folder, line in zip(some, _lines(street, some, month, today), strict=True):
                lines[folder] = line
                self._keep((folder, month, today), files[folder], line)
            if monotonic() > until:
                break
        return BoardView(len(folders), _groups([lines[folder] for folder in folders if folder in lines]), len(new))

    def _kept(self, key: _Key, files: _Files) -> BoardLine | None:
        with self._lock:
            seen, line = self._known.get(key, ((), None))
            return line if line is not None and seen == files else None

    def _keep(self, key: _Key, files: _Files, line: BoardLine) -> None:
        with self._lock:
            self._known[key] = files, line
            self._known.move_to_end(key)
            while len(self._known) > KEPT_MAX:
                self._known.popitem(last=False)


def _lines(street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, today: date) -> list[BoardLine]:
    """A row for each; when one of them can't be read, each is asked for itself."""
    try:
        return [BoardLine(row.code, row, "") for row in board(street, folders, month, today)]
    except Refused as refused:
        if len(folders) > 1:
            return [line for folder in folders for line in _lines(street, [folder], month, today)]
        (folder,) = folders
        return [BoardLine(folder.code, None, refused.message)]


def _groups(lines: Sequence[BoardLine]) -> tuple[tuple[str, tuple[BoardLine, ...]], ...]:
    """What needs somebody first; a group without a compound is left out."""
    order: tuple[State, ...] = ("presented", "open", "closed")
    found = [("读不出来", tuple(line for line in lines if line.row is None))]
    for state in order:
        found.append((STATE_NAMES[state], tuple(line for line in lines if line.row and line.row.state == state)))
    return tuple((name, group) for name, group in found if group)


def _files(folder: CompoundFolder, street: StreetFolder) -> _Files:
    """Name, time and size of everything the board reads of a compound."""
    found = [_seen(street.toml), _seen(folder.register / "compound.toml")]
    try:
        with scandir(folder.path / SEALS) as entries:
            found += [(one.path, (stat := one.stat()).st_mtime_ns, stat.st_size) for one in entries]
    except OSError:
        pass  # no month was presented yet
    return tuple(sorted(found))


def _seen(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return str(path), 0, 0  # reading it says what is wrong
    return str(path), stat.st_mtime_ns, stat.st_size
