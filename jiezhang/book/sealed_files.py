"""The files that a month's seal covers, as they are on the disk: digests when it is made, differences ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jiezhang.domain.chain import CHAIN_FILE
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.figures import SealedFile

from .fund_files import BATCHES
from .layout import CompoundFolder, is_month_file
from .office_files import PROCEDURES
from .pack_log import LOG

_BLOCK = 1 << 20
_WHOLE_FOLDERS = (BATCHES, "votes", "documents")
_GROWING = ("accounts.beancount", "resolutions.beancount", CHAIN_FILE)
_IN_KEYS = "seals.csv"
"""A key that ends changes its line, and that is honest; keys are sealed one by one instead."""

Wrong = Literal["gone", "changed", "added"]


@dataclass(frozen=True, slots=True)
class FileFault:
    """A sealed file that is not as it was, by its path in the compound's folder."""

    path: str
    wrong: Wrong


def sealed_files(folder: CompoundFolder, month: Month) -> tuple[SealedFile, ...]:
    """Every file behind the figures of `month`, by path.

    Vouchers up to the month, statements, batches, ballots, originals and the street's own procedures stay as they are;
    registers, openings, resolutions and the chain may grow at their end.
    """
    return tuple(
        _sealed(folder, path, mode) for path, mode in sorted(_covered(folder, month)) if (folder.path / path).is_file()
    )


Mode = Literal["whole", "begins"]


def _covered(folder: CompoundFolder, month: Month) -> Iterator[tuple[str, Mode]]:
    root = folder.path
    yield from ((name, "whole") for name in _month_files(folder, month))
    yield from ((name, "whole") for name in _statements(folder, month))
    for place in _WHOLE_FOLDERS:
        yield from ((f"{place}/{name}", "whole") for name in _names(root / place))
    for name in _names(root / "register"):
        if name != _IN_KEYS:
            yield f"register/{name}", "begins" if name.endswith(".csv") else "whole"
    yield from ((name, "begins") for name in (*_GROWING, f"../{LOG}"))
    yield from ((f"../{PROCEDURES}/{name}", "whole") for name in _names(root.parent / PROCEDURES))


def _names(place: Path) -> list[str]:
    return sorted(path.name for path in place.glob("*") if path.is_file() and not path.name.startswith("."))


def _month_files(folder: CompoundFolder, month: Month) -> list[str]:
    names = (path.relative_to(folder.path).as_posix() for path in folder.path.glob("20*/*.beancount"))
    return sorted(name for name in names if is_month_file(name) and name[5:12] <= str(month))


def _is_later(folder: str, month: Month) -> bool:
    """Whether a folder of `statements/` is a later month's; any other folder's files are sealed with the next month."""
    try:
        return Month.parse(folder) > month
    except ValueError:
        return False


def _statements(folder: CompoundFolder, month: Month) -> list[str]:
    return [
        path.relative_to(folder.path).as_posix()
        for path in folder.kept_files()
        if not _is_later(path.parent.name, month) and not path.name.startswith(".")
    ]


def _sealed(folder: CompoundFolder, name: str, mode: Mode) -> SealedFile:
    path = folder.path / name
    size, digest = _digest(path, None)
    return SealedFile(path=name, mode=mode, bytes=size, sha256=digest)


def _digest(path: Path, length: int | None) -> tuple[int, str]:
    """How many bytes were read, and their digest: all of the file, or its first `length` bytes."""
    found, left = hashlib.sha256(), length
    size = 0
    with path.open("rb") as file:
        while left is None or left > 0:
            block = file.read(_BLOCK if left is None else min(_BLOCK, left))
            if not block:
                break
            size += len(block)
            left = None if left is None else left - len(block)
            found.update(block)
    return size, found.hexdigest()


def file_faults(folder: CompoundFolder, files: Sequence[SealedFile], month: Month) -> list[FileFault]:
    """What is not as `files` say, and what was put into a closed month's folder since."""
    found = [FileFault(one.path, wrong) for one in files for wrong in [_wrong(folder, one)] if wrong is not None]
    known = {one.path for one in files}
    there = (*_statements(folder, month), *_month_files(folder, month))
    found += [FileFault(name, "added") for name in there if name not in known]
    return found


def _wrong(folder: CompoundFolder, one: SealedFile) -> Wrong | None:
    path = folder.path / one.path
    if path.is_symlink() or not path.is_file():
        return "gone"
    try:
        if one.mode == "whole" and path.stat().st_size != one.bytes:
            return "changed"
        return None if _digest(path, one.bytes) == (one.bytes, one.sha256) and _on_a_line(path, one) else "changed"
    except OSError:
        return "gone"


def _on_a_line(path: Path, one: SealedFile) -> bool:
    """Whether what was added begins on a line of its own: else the last sealed line reads differently."""
    if one.mode == "whole" or not one.bytes:
        return True
    with path.open("rb") as file:
        file.seek(one.bytes - 1)
        return file.read(2)[:1] == b"\n" or path.stat().st_size == one.bytes


def changed_since(folder: CompoundFolder, files: Sequence[SealedFile], month: Month) -> tuple[str, ...]:
    """The paths that are not as the seal before says."""
    return tuple(sorted({fault.path for fault in file_faults(folder, files, month)}))
