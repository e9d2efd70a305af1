"""Standings kept between two runs of the server, in one SQLite file that may be deleted at any time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from .standing_value import SCHEMA, CompoundStanding

Result = TypeVar("Result")

NAME = "standings.sqlite"
BUSY_SECONDS = 10
_CREATE = (
    "CREATE TABLE IF NOT EXISTS made_by (program TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS standings (code TEXT PRIMARY KEY, seen TEXT NOT NULL, value TEXT, wrong TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One compound: the digest of the files it was made from, and its standing or why there is none."""

    code: str
    seen: str
    standing: CompoundStanding | None
    wrong: str


class KeptStandings:
    """The file in a folder. What another version of the program wrote, or nobody can read, is thrown away."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def state(self) -> tuple[int, int, int]:
        """Changes with every change of the file, whichever process made it."""
        try:
            stat = self.path.stat()
        except OSError:
            return 0, 0, 0
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def read(self) -> list[KeptRow]:
        """Every row that is a standing."""
        rows = self._do(
            lambda connection: connection.execute("SELECT code, seen, value, wrong FROM standings").fetchall()
        )
        return [row for one in rows if (row := _row(*one)) is not None]

    def write(self, rows: Sequence[KeptRow]) -> None:
        """Put `rows` in the place of those of the same compounds."""
        given = [
            (row.code, row.seen, row.standing.model_dump_json() if row.standing is not None else None, row.wrong)
            for row in rows
        ]

        def put(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR REPLACE INTO standings VALUES (?, ?, ?, ?)", given)
            connection.execute("COMMIT")

        self._do(put)

    def _do(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            with closing(self._connect()) as connection:
                return act(connection)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # no database at all, or a broken one: making it anew only costs time
            self.path.unlink(missing_ok=True)
            with closing(self._connect()) as connection:
                return act(connection)

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():  # one that is there is never opened and closed: that would drop SQLite's locks
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        program = f"{version('jiezhang')} {SCHEMA}"
        if _made_by(connection) == program:
            return
        connection.execute("BEGIN IMMEDIATE")
        if _made_by(connection) != program:
            connection.execute("DROP TABLE IF EXISTS standings")
            connection.execute("DROP TABLE IF EXISTS made_by")
            for statement in _CREATE:
                connection.execute(statement)
            connection.execute("INSERT INTO made_by VALUES (?)", (program,))
        connection.execute("COMMIT")


def _made_by(connection: sqlite3.Connection) -> str:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'made_by'").fetchone():
        return ""
    found = connection.execute("SELECT program FROM made_by").fetchone()
    return str(found[0]) if found else ""


def _row(code: str, seen: str, value: str | None, wrong: str) -> KeptRow | None:
    try:
        standing = CompoundStanding.model_validate_json(value) if value is not None else None
    except ValidationError:
        return None
    if standing is not None and standing.code != code:
        return None
    return KeptRow(code, seen, standing, wrong)
