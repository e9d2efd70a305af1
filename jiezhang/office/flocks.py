"""Locks between processes and threads, as files of the office home; let go when their holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiezhang.book import write


@contextmanager
def flock(file: Path, *, shared: bool = False) -> Iterator[int]:
    """Hold the lock `file` as `write.flock` does, and keep since when."""
    with write.flock(file, shared=shared, mode=0o600) as handle:
        os.utime(handle)  # for `held_since`
        yield handle


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
