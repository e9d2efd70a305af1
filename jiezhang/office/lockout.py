"""Guessing is slowed down: after some failures a person, or an address, is locked, each time twice as long.

A failure is counted before the password is looked at, and taken back when it was right: so a hundred guesses at the
same moment, by however many processes, count like a hundred one after the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "address"]


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; all are forgotten `forget_seconds` after the last."""

    free: int
    forget_seconds: int


LIMITS: Mapping[Kind, Limit] = {
    "person": Limit(5, 24 * 3600),
    "address": Limit(20, 3600),  # a whole office may stand behind one address
}
FIRST_LOCK_SECONDS = 30
LONGEST_LOCK_SECONDS = 15 * 60
NAME_MAX = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted try: what `forgive` needs to take it back. `before`: until when it was locked before this try."""

    kind: Kind
    name: str
    locked_until: int
    before: int


def names_of(person: str, address: str) -> dict[Kind, str]:
    """Under which names a try is counted, fit to be stored; a try without an address is of the person alone."""
    named: dict[Kind, str] = {"person": person, **({"address": address} if address else {})}
    return {kind: name.encode("utf-8", "replace").decode()[:NAME_MAX] for kind, name in named.items()}


def lock_seconds(kind: Kind, count: int) -> int:
    """For how long `count` failures lock."""
    over = count - LIMITS[kind].free
    return 0 if over < 0 else min(FIRST_LOCK_SECONDS << min(over, 20), LONGEST_LOCK_SECONDS)


def locked_until(connection: sqlite3.Connection, names: Mapping[Kind, str], now: int) -> int:
    """Until when one of `names` is locked; 0 when none is."""
    found = (_row(connection, kind, name, now)[1] for kind, name in names.items())
    return max((until for until in found if until > now), default=0)


def count_failure(connection: sqlite3.Connection, names: Mapping[Kind, str], now: int) -> tuple[Attempt, ...]:
    """Count a failure for each of `names`; within a writing transaction."""
    for kind, limit in LIMITS.items():  # or names nobody has would fill the disk
        connection.execute("DELETE FROM failures WHERE kind = ? AND last < ?", (kind, now - limit.forget_seconds))
    return tuple(_count(connection, kind, name, now) for kind, name in names.items())


def _count(connection: sqlite3.Connection, kind: Kind, name: str, now: int) -> Attempt:
    count, before = _row(connection, kind, name, now)
    lasts = lock_seconds(kind, count + 1)
    attempt = Attempt(kind, name, now + lasts if lasts else before, before)
    connection.execute(
        "INSERT OR REPLACE INTO failures (kind, name, count, last, locked_until) VALUES (?, ?, ?, ?, ?)",
        (kind, name, count + 1, now, attempt.locked_until),
    )
    return attempt


def forgive(connection: sqlite3.Connection, attempts: tuple[Attempt, ...]) -> None:
    """Take back a count that turned out to be no failure, and the lock it brought, if none came after."""
    for attempt in attempts:
        connection.execute(
            "UPDATE failures SET count = max(count - 1, 0),"
            " locked_until = CASE locked_until WHEN ? THEN ? ELSE locked_until END WHERE kind = ? AND name = ?",
            (attempt.locked_until, attempt.before, attempt.kind, attempt.name),
        )


def forget(connection: sqlite3.Connection, person: str) -> None:
    """A person who got in, or whose password was set anew, begins at nothing."""
    connection.execute("DELETE FROM failures WHERE kind = 'person' AND name = ?", (person,))


def _row(connection: sqlite3.Connection, kind: Kind, name: str, now: int) -> tuple[int, int]:
    found = connection.execute(
        "SELECT count, locked_until FROM failures WHERE kind = ? AND name = ? AND last >= ?",
        (kind, name, now - LIMITS[kind].forget_seconds),
    ).fetchone()
    return (found[0], found[1]) if found else (0, 0)
