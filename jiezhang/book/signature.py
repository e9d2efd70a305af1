"""What a compound's files look like from outside: two equal signatures, and nothing has to be read again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jiezhang.domain.chain import CHAIN_FILE
from jiezhang.domain.postings import POSTINGS_FILE
from jiezhang.domain.questions import QUESTIONS_FILE
from jiezhang.domain.tri_party.month_seal import SEALS

from .layout import CompoundFolder, StreetFolder
from .office_files import PROCEDURES, VOTES
from .pack_log import LOG

FileSeen = tuple[str, int, int, int]
"""Path below the street's folder, time, size, inode."""

Signature = tuple[FileSeen, ...]


def signature(folder: CompoundFolder) -> Signature:
    """Of every file a load of the compound's ledger reads, those of the street with them."""
    return tuple(sorted((*of_street(StreetFolder(folder.path.parent)), *of_compound(folder))))


def of_street(street: StreetFolder) -> Signature:
    """Of the street's own files, which every compound's ledger is read with."""
    place = str(street.path)
    found = [_seen(street.path / name, name) for name in (street.toml.name, LOG)]
    found += _in_folder(place, PROCEDURES, ".toml")
    return tuple(sorted(one for one in found if one is not None))


def of_compound(folder: CompoundFolder, *, beside: bool = False) -> Signature:
    """Of the compound's own files that a load reads; with `beside`, of what the desks show beside it too."""
    place, name = str(folder.path.parent), folder.path.name
    found = [*_in_folder(place, name, ".beancount"), _seen(folder.path / CHAIN_FILE, f"{name}/{CHAIN_FILE}")]
    for below, ending in (("register", ""), ("batches", ".csv"), (VOTES, ".csv"), (SEALS, "")):
        found += _in_folder(place, f"{name}/{below}", ending)
    for year in _folders(folder.path):
        if year.startswith("20"):
            found += _in_folder(place, f"{name}/{year}", ".beancount")
    if beside:
        found += [_seen(folder.path / one, f"{name}/{one}") for one in (QUESTIONS_FILE, POSTINGS_FILE)]
        for month in _folders(folder.statements):
            found += _in_folder(place, f"{name}/{folder.statements.name}/{month}")
    return tuple(sorted(one for one in found if one is not None))


def _in_folder(place: str, name: str, ending: str = "") -> Iterator[FileSeen]:
    """What lies in the folder `name` below `place`, hidden files apart: they are a writer's scratch, or a lock."""
    try:
        with os.scandir(f"{place}/{name}") as entries:
            for one in entries:
                if one.name.endswith(ending) and not one.name.startswith("."):
                    try:
                        stat = one.stat()
                    except OSError:
                        continue  # the gate says what is missing
                    yield f"{name}/{one.name}", stat.st_mtime_ns, stat.st_size, stat.st_ino
    except OSError:
        return


def _folders(path: Path) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return [one.name for one in entries if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return []


def _seen(path: Path, name: str) -> FileSeen | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return name, stat.st_mtime_ns, stat.st_size, stat.st_ino
