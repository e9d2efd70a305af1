"""Whether an office can work: its street, its database, its repository, and nobody who never lets go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.problem import Refused

from .database import connect
from .flocks import held_since
from .home import OfficeHome
from .readiness import refuse_unready
from .unstored import unstored

HELD_SECONDS_MAX = 300
_ANSWER_MS = 1_000


def ailments(street: StreetFolder, home: OfficeHome, now: datetime) -> tuple[str, ...]:
    """One sentence for each thing that is wrong; none when the office can work. No path, and nothing of the books:
    anybody may ask."""
    return tuple(_found(street, home, now))


def _found(street: StreetFolder, home: OfficeHome, now: datetime) -> Iterator[str]:
    if not _readable(street):
        yield "街道文件夹读不出来"
    if not _answers(home):
        yield "登录数据库没有回答"
    try:
        refuse_unready(street.path / ".git")
    except Refused as refused:
        yield refused.message
    if unstored(home):
        yield "有文件存不进版本库：请管理电脑的人用 jiezhang log verify 查看"
    if _stuck(home, now):
        yield "有一件事办了五分钟还没有办完，后面的都在等"


def _readable(street: StreetFolder) -> bool:
    try:
        read_street(street)
        street.compounds()
    except (Refused, OSError):
        return False
    return True


def _answers(home: OfficeHome) -> bool:
    """Whether the database can be read, and written soon."""
    if not home.database.is_file():  # which connecting would make anew, with nobody in it
        return False
    try:
        with closing(connect(home)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {_ANSWER_MS}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM accounts")
            connection.execute("ROLLBACK")
    except (Refused, sqlite3.Error, OSError):
        return False
    return True


def _stuck(home: OfficeHome, now: datetime) -> bool:
    try:
        since = [held_since(file) for file in home.locks.iterdir()]
    except OSError:
        return True
    return any(one is not None and now.timestamp() - one > HELD_SECONDS_MAX for one in since)
