"""The street's read model: where every compound stands, without loading a ledger, also right after a restart.

Reading looks at the files' signatures and never computes; what changed is shown with its old figures, as stale, until
`refresh` has made it anew. It is kept for display and never trusted for anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from os import cpu_count
from pathlib import Path
from threading import Lock
from time import monotonic

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.messages import failure
from jiezhang.book.registers import read_street
from jiezhang.book.signature import of_compound, of_street
from jiezhang.domain.problem import Refused

from .kept_standings import KeptRow, KeptStandings
from .parallel import CHUNK, run
from .standing import compound_standing
from .standing_value import CompoundStanding

LOOK_SECONDS = 1
"""How long what was seen of the files holds: many people look at the same street at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a compound. `standing` is `None` while nothing was made yet; `is_stale`: files changed since;
    `wrong`: the sentence why the newest files can't be read."""

    standing: CompoundStanding | None
    is_stale: bool
    wrong: str


class ReadModel:
    """Of one street; any thread may ask. `kept` is a folder that may be deleted at any time."""

    def __init__(self, street: StreetFolder, kept: Path, look_seconds: int = LOOK_SECONDS) -> None:
        self._street, self._store, self._look_seconds = street, KeptStandings(kept), look_seconds
        self._rows: dict[str, KeptRow] = {}
        self._stored: tuple[int, int, int] | None = None
        self._seen: tuple[int | float, dict[CompoundFolder, str]] | None = None
        self._lock, self._refreshing = Lock(), Lock()

    def standings(self) -> Mapping[str, Kept]:
        """Every compound of the street by code, in order. `Refused` when this is no street."""
        with self._lock:
            seen = self._look()
            self._reread()
            return {folder.code: self._kept(folder.code, digest) for folder, digest in seen.items()}

    def look_again(self) -> None:
        """Look at the files before the next answer: somebody just changed one."""
        with self._lock:
            self._seen = None

    def refresh(self, limit_seconds: int) -> int:
        """Make anew what is stale, what was never made first, in worker processes; how many are left.

        It ends soon after `limit_seconds`, and at once while another thread is at it. `Refused` when the street's own
        data can't be read.
        """
        if not self._refreshing.acquire(blocking=False):
            return len(self._stale())
        try:
            until = monotonic() + limit_seconds
            self.look_again()
            left = self._stale()
            city = read_street(self._street).city
            at_once = CHUNK * 2 * (cpu_count() or 1)
            while left and monotonic() < until:
                some, left = left[:at_once], left[at_once:]
                self._keep(run(partial(_made, city=city), some))
            return len(left)
        finally:
            self._refreshing.release()

    def _stale(self) -> list[tuple[CompoundFolder, str]]:
        """What is to be made, with the digest of its files now."""
        with self._lock:
            seen = self._look()
            self._reread()
            found = [(folder, digest) for folder, digest in seen.items() if self._kept(folder.code, digest).is_stale]
            return sorted(found, key=lambda one: one[0].code in self._rows)

    def _kept(self, code: str, digest: str) -> Kept:
        row = self._rows.get(code)
        return Kept(None, True, "") if row is None else Kept(row.standing, row.seen != digest, row.wrong)

    def _look(self) -> dict[CompoundFolder, str]:
        now = monotonic()
        if self._seen is None or now - self._seen[0] >= self._look_seconds:
            self._seen = now, _digests(self._street)
        return self._seen[1]

    def _reread(self) -> None:
        """What another process, or this one before it was restarted, has kept."""
        state = self._store.state()
        if state != self._stored:
            self._rows |= {row.code: row for row in self._store.read()}
            self._stored = state

    def _keep(self, rows: Sequence[KeptRow]) -> None:
        """An older standing stays where the files can't be read now."""
        with self._lock:
            before = {code: row.standing for code, row in self._rows.items()}
            new = [
                row if not row.wrong else KeptRow(row.code, row.seen, before.get(row.code), row.wrong) for row in rows
            ]
            self._rows |= {row.code: row for row in new}
            self._store.write(new)
            self._stored = self._store.state()


def _digests(street: StreetFolder) -> dict[CompoundFolder, str]:
    folders, common = street.compounds(), repr(of_street(street))
    return {
        folder: sha256(f"{common}{of_compound(folder, beside=True)}".encode()).hexdigest() for folder in folders
    }


def _made(one: tuple[CompoundFolder, str], city: str) -> KeptRow:
    folder, digest = one
    try:
        return KeptRow(folder.code, digest, compound_standing(folder, city), "")
    except Refused as refused:
        return KeptRow(folder.code, digest, None, refused.message)
    except OSError as wrong:  # a file that went away while it was read: its digest is another by now
        return KeptRow(folder.code, digest, None, f"读不出文件（{failure(wrong)}）")
