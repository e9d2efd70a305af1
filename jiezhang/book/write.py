"""Writing: all of a file or nothing of it, one writer at a time.

A file is written to a temporary neighbour, flushed to the disk and renamed over the old one. Several files are put in
place in the order given, each step leaving a street that loads.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LOCK_NAME = ".lock"

_trying: ContextVar[bool] = ContextVar("trying", default=False)


class WouldWriteError(Exception):
    """A trial came to where it would write."""


@contextmanager
def trying() -> Iterator[None]:
    """Within it this thread writes nothing: what would raises `WouldWriteError` instead, everything before it done."""
    before = _trying.set(True)
    try:
        yield
    finally:
        _trying.reset(before)


_held: set[int] = set()
"""Handles of the locks this process holds."""


def _let_go() -> None:
    """A worker forked while a lock is held shares it, and would keep it after its parent was killed."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def lock(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder's lock: readers share it, a writer has it alone. Released when the process dies."""
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        if not shared:
            raise
        yield  # a folder nobody can write to needs no lock against writers
        return
    _held.add(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        _held.discard(handle)
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`: whatever happens, the file is the old one or the new one."""
    if _trying.get():
        raise WouldWriteError(path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_all(folder: Path, changes: Mapping[str, bytes]) -> None:
    """Write files by their path relative to `folder`, in the mapping's order."""
    if _trying.get():
        raise WouldWriteError(folder.name)
    for name, content in changes.items():
        write_atomically(folder / name, content)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
