"""Guessing is slowed down: a person at one place, a place, and a person from wherever are counted, each with its lock.

Somebody who guesses from a place of their own locks nobody but themselves. Who guesses from many places at once meets
the count by person alone, which does not hold where that person signed in before: at the office they go on working. A
place is an address, of IPv6 its network (/64), for whoever has one has all of its addresses.

A failure is counted before the password is looked at, and taken back when it was right: so a hundred guesses at the
same moment, by however many processes, count like a hundred one after the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

Kind = Literal["here", "place", "person"]
"""`here`: a person at a place; `place`: whoever it tries; `person`: from wherever."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing; all are forgotten `forget_seconds` after the last. No lock is longer than
    `longest_seconds`."""

    free: int
    forget_seconds: int
    longest_seconds: int


LIMITS: Mapping[Kind, Limit] = {
    "here": Limit(5, 24 * 3600, 15 * 60),
    "place": Limit(20, 3600, 15 * 60),  # a whole office may stand behind one address
    "person": Limit(20, 24 * 3600, 15 * 60),
}
FIRST_LOCK_SECONDS = 30
KNOWN_SECONDS = 90 * 24 * 3600
"""For how long a place is known where a person got in."""
NAME_MAX = 64
_IPV6_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Tried:
    """Who somebody says to be, and from which place; fit to be stored."""

    person: str
    place: str

    def counted(self) -> dict[Kind, tuple[str, str]]:
        """Under which names a failure is counted. A try from no place is of the person alone, nearby and anywhere."""
        here: dict[Kind, tuple[str, str]] = {"here": (self.person, self.place), "person": (self.person, "")}
        return {**here, "place": ("", self.place)} if self.place else here


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted try: what `forgive` needs to take it back. `before`: until when it was locked before this try."""

    kind: Kind
    name: tuple[str, str]
    locked_until: int
    before: int


def tried(person: str, address: str) -> Tried:
    """What is counted when `person` is tried from `address`."""
    return Tried(_storable(person), _storable(place_of(address)))


def place_of(address: str) -> str:
    """The place an address belongs to; what is no address stands for itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _IPV6_NETWORK_BITS), strict=False))


def lock_seconds(kind: Kind, count: int) -> int:
    """For how long `count` failures lock."""
    over = count - LIMITS[kind].free
    return 0 if over < 0 else min(FIRST_LOCK_SECONDS << min(over, 20), LIMITS[kind].longest_seconds)


def locked_until(connection: sqlite3.Connection, who: Tried, now: int) -> int:
    """Until when `who` is locked; 0 when they are not."""
    counted = who.counted()
    if _is_known(connection, who, now):
        del counted["person"]
    found = (_row(connection, kind, name, now)[1] for kind, name in counted.items())
    return max((until for until in found if until > now), default=0)


def count_failure(connection: sqlite3.Connection, who: Tried, now: int) -> tuple[Attempt, ...]:
    """Count a failure of `who`; within a writing transaction."""
    for kind, limit in LIMITS.items():  # or names nobody has would fill the disk
        connection.execute("DELETE FROM failures WHERE kind = ? AND last < ?", (kind, now - limit.forget_seconds))
    return tuple(_count(connection, kind, name, now) for kind, name in who.counted().items())


def _count(connection: sqlite3.Connection, kind: Kind, name: tuple[str, str], now: int) -> Attempt:
    count, before = _row(connection, kind, name, now)
    lasts = lock_seconds(kind, count + 1)
    attempt = Attempt(kind, name, now + lasts if lasts else before, before)
    connection.execute(
        "INSERT OR REPLACE INTO failures (kind, person, place, count, last, locked_until) VALUES (?, ?, ?, ?, ?, ?)",
        (kind, *name, count + 1, now, attempt.locked_until),
    )
    return attempt


def forgive(connection: sqlite3.Connection, attempts: tuple[Attempt, ...]) -> None:
    """Take back a count that turned out to be no failure, and the lock it brought, if none came after."""
    for attempt in attempts:
        connection.execute(
            "UPDATE failures SET count = max(count - 1, 0),"
            " locked_until = CASE locked_until WHEN ? THEN ? ELSE locked_until END"
            " WHERE kind = ? AND person = ? AND place = ?",
            (attempt.locked_until, attempt.before, attempt.kind, *attempt.name),
        )


def got_in(connection: sqlite3.Connection, who: Tried, now: int) -> None:
    """`who` begins at nothing where they are, and is known there from now on. What others guessed elsewhere stays
    counted."""
    connection.execute("DELETE FROM failures WHERE kind = 'here' AND (person, place) = (?, ?)", (who.person, who.place))
    connection.execute("DELETE FROM places WHERE last < ?", (now - KNOWN_SECONDS,))
    if who.place:
        connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", (who.person, who.place, now))


def forget(connection: sqlite3.Connection, person: str) -> None:
    """A person whose password was set anew, or whom the office lets in again, begins at nothing everywhere."""
    connection.execute("DELETE FROM failures WHERE person = ?", (person,))


def _row(connection: sqlite3.Connection, kind: Kind, name: tuple[str, str], now: int) -> tuple[int, int]:
    found = connection.execute(
        "SELECT count, locked_until FROM failures WHERE kind = ? AND person = ? AND place = ? AND last >= ?",
        (kind, *name, now - LIMITS[kind].forget_seconds),
    ).fetchone()
    return (found[0], found[1]) if found else (0, 0)


def _is_known(connection: sqlite3.Connection, who: Tried, now: int) -> bool:
    found = connection.execute(
        "SELECT 1 FROM places WHERE person = ? AND place = ? AND last >= ?",
        (who.person, who.place, now - KNOWN_SECONDS),
    )
    return found.fetchone() is not None


def _storable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:NAME_MAX]
