"""Locks between processes and threads, as files of the office home; let go when their holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: set[int] = set()
"""Handles of the locks this process holds."""


def _let_go() -> None:
    """A worker forked while a lock is held shares it, and would keep it after its parent was killed."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def flock(file: Path, *, shared: bool = False) -> Iterator[int]:
    """Hold the lock `file`, alone or with others that share it; gives its handle, which a child may be handed on."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _held.add(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        os.utime(handle)  # since when, for `held_since`
        yield handle
    finally:
        _held.discard(handle)
        os.close(handle)


def held_since(file: Path) -> int | float | None:
    """When the lock `file` was taken by who has it alone now, in seconds of the epoch; `None` when nobody has."""
    handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.fstat(handle).st_mtime
    finally:
        os.close(handle)
    return None
