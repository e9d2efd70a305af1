"""The office's database: one SQLite file that several processes read and write at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from jiezhang.book.write import lock
from jiezhang.domain.problem import Refused

from . import accounts_schema, log_schema
from .home import OfficeHome

SCHEMAS: tuple[str, ...] = (*accounts_schema.CREATE, *log_schema.CREATE)
"""Every table, index and trigger, in the order they are made."""

VERSION = 2
"""Goes up by one with every change of `SCHEMAS`."""

SINCE: Mapping[int, tuple[str, ...]] = {
    1: ("DROP TABLE failures", *accounts_schema.GUESSING),  # guesses are forgotten within a day in any case
}
"""By version: what makes the next one of a database."""

BUSY_SECONDS = 10


def make_private(file: Path) -> None:
    """Make `file` where there is none. One that is there is never opened: closing any handle of it would drop every
    lock that this process's connections hold on it, and another process would take the database for its own."""
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def connect(home: OfficeHome) -> sqlite3.Connection:
    """A new connection, for one thread; the caller closes it. Nothing is in a transaction until BEGIN is said.

    `Refused` when the file is no such database, or a newer program wrote it.
    """
    make_private(home.database)
    connection = sqlite3.connect(home.database, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        _make_tables(connection, home)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        raise Refused("不是街账的登录数据库，或已损坏，请用备份恢复", str(home.database)) from None
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading(home: OfficeHome) -> Iterator[sqlite3.Connection]:
    """A connection for a few questions, closed afterwards."""
    with closing(connect(home)) as connection:
        yield connection


@contextmanager
def writing(home: OfficeHome) -> Iterator[sqlite3.Connection]:
    """One transaction that has the database's writer's lock from its first word: all of it is kept, or nothing."""
    with closing(connect(home)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            raise Refused("登录数据库一直被别的程序占用，请稍后再试", str(home.database)) from None
        yield connection
        connection.execute("COMMIT")  # what closes without it is rolled back


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _make_tables(connection: sqlite3.Connection, home: OfficeHome) -> None:
    version = _version(connection)
    if version > VERSION:
        raise Refused("登录数据库是更新版本的街账写的，请升级程序", str(home.database))
    if version == VERSION:
        return
    with lock(home.path):  # for SQLite does not wait when several turn on its journal at once
        connection.execute("PRAGMA journal_mode = WAL")
        version = _version(connection)
        made = SCHEMAS if version == 0 else [one for old in range(version, VERSION) for one in SINCE[old]]
        if version == VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")
        for statement in made:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
