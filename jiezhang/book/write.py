"""Writing: all of a file or nothing of it, one writer at a time.

A file is written to a temporary neighbour, flushed to the disk and renamed over the old one. Several files are put in
place in the order given, each step leaving a street that loads.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
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
def flock(file: Path, *, shared: bool = False, mode: int = 0o644) -> Iterator[int]:
    """Hold the lock `file`, alone or with others that share it; gives its handle, which a child may be handed on.
    Released when the process dies."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    _held.add(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield handle
    finally:
        _held.discard(handle)
        os.close(handle)


@contextmanager
def lock(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder's lock: readers share it, a writer has it alone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(flock(folder / LOCK_NAME, shared=shared))
        except OSError as failed:  # a folder nobody can write to needs no lock against writers
            if not shared or failed.errno == errno.ENOLCK:
                raise
        yield


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


def move_all(moves: Mapping[Path, Path]) -> None:
    """Move files to where nothing is yet, in the mapping's order; a folder left empty stays."""
    if _trying.get():
        raise WouldWriteError(next(iter(moves)).name)
    for source, target in moves.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    for folder in {path.parent for move in moves.items() for path in move}:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
