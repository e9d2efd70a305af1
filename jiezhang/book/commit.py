"""Putting a change in place: tried on a copy, loaded through the gate, and only then written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from beancount.core import data

from jiezhang.domain.chain import CHAIN_FILE
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.month_seal import SEALS

from .layout import CompoundFolder, below
from .load import Ledger, load_unlocked
from .messages import in_chinese
from .office_files import PROCEDURES
from .write import lock, write_all

_STAGING = ".staging-"
_RULED = ("register/", "batches/", "votes/", f"{SEALS}/", CHAIN_FILE)
"""What the rules read beside the ledger."""


@contextmanager
def exclusive(*folders: CompoundFolder) -> Iterator[None]:
    """Hold the locks of all `folders`, taken in order of code; what a killed writer left behind is swept away."""
    with ExitStack() as stack:
        for folder in sorted(folders, key=lambda folder: folder.code):
            stack.enter_context(lock(folder.path))
            for left in folder.path.glob(_STAGING + "*"):
                shutil.rmtree(left, ignore_errors=True)
            for left in below(folder.path):
                if left.name.startswith(".") and left.name.endswith(".tmp"):
                    left.unlink(missing_ok=True)
        yield


def try_changes(before: Ledger, city: str, changes: Mapping[str, bytes]) -> Ledger:
    """The ledger as it would be after `changes` (relative path → bytes); nothing outside a scratch copy is written.

    `Refused` with the first new error when the change would bring one.
    """
    scratch = Path(tempfile.mkdtemp(prefix=_STAGING, dir=before.folder.path))
    try:
        copy = CompoundFolder(scratch / before.folder.path.name)
        copy_office(before.folder.path.parent, scratch)
        for name in ("main.beancount", *before.folder.ledger_files(), *_beside(before.folder)):
            target = copy.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(before.folder.path / name, target)
        for name, content in changes.items():
            if name.endswith(".beancount") or name.startswith(_RULED):
                (copy.path / name).parent.mkdir(parents=True, exist_ok=True)
                (copy.path / name).write_bytes(content)
        after = load_unlocked(copy, city)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _refuse_new_errors(before, after)
    return after


def copy_office(street: Path, place: Path) -> None:
    """What the rules read of the street, copied beside a draft of a compound's folder."""
    for name in ("street.toml", "rulepacks.csv"):
        if (street / name).is_file():
            shutil.copyfile(street / name, place / name)
    if (street / PROCEDURES).is_dir():
        shutil.copytree(street / PROCEDURES, place / PROCEDURES)


def _beside(folder: CompoundFolder) -> Iterator[str]:
    for place in _RULED:
        if not place.endswith("/") and (folder.path / place).is_file():
            yield place
        for path in sorted((folder.path / place).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield place + path.name


def commit(before: Ledger, city: str, changes: Mapping[str, bytes]) -> None:
    """Try `changes` and write them; the caller holds the folder's lock."""
    if changes:
        try_changes(before, city, changes)
        write_all(before.folder.path, changes)


def _refuse_new_errors(before: Ledger, after: Ledger) -> None:
    known = Counter(error.message for error in before.errors)
    fresh = [error for error in after.errors if not _is_of_document(error) and not _take(known, error.message)]
    if fresh:
        source: dict[str, Any] = fresh[0].source or {}
        file = os.path.relpath(source.get("filename", ""), after.folder.path) if source else ""
        more = f"（另有 {len(fresh) - 1} 处）" if len(fresh) > 1 else ""
        said = f"这样入账会使账簿出错：{_which(fresh[0].entry)}{in_chinese(fresh[0].message)}{more}"
        raise Refused(said, str(before.folder.path / file))


def _is_of_document(error: Any) -> bool:
    """What a `document` names is not in the scratch copy; nor does any change bring or take one."""
    return isinstance(error.entry, data.Document)


def _which(entry: object) -> str:
    """The voucher by its words: its line in a file that was never written would mislead."""
    return f"{entry.date}“{entry.narration}”：" if isinstance(entry, data.Transaction) else ""


def _take(known: Counter[str], message: str) -> bool:
    known[message] -= 1
    return known[message] >= 0
