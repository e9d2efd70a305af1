"""The bank's own files as a compound keeps them: under which name, and with what the bookkeeper said about them.

A file that does not say whose it is, or which of its columns is what, is kept with a note beside it
(`信用社9月.csv` and `信用社9月.csv.toml`), so that reconciling can read it again as it was read when it was booked.
"""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from importers.plain_table import ColumnMap, PlainTableImporter
from importers.registry import identify, statements_of
from importers.source import load_source
from jiezhang.book.registers import toml_bytes
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement

NOTE = ".toml"
"""Ends the name of every note, and of no kept file."""

_SUFFIXES = {".xls", ".xlsx", ".csv", ".txt", ".zip", ".gz", ".xml", ".sta", ".mt940", ".940"}


class Note(BaseModel):
    """What was said of the file with the digest `sha256`: whose it is (account number), how its columns are read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    account: str = ""
    columns: ColumnMap | None = None


def kept_name(name: str, number: int = 1) -> str:
    """The name under which a file called `name` is kept, `number` counting files of one name.

    A stranger chose `name`: only letters, digits, `-`, `_` and dots inside it stay, and only the ending of a bank's
    file. Every other character becomes `_`, so that a number in the name, by which some files tell their account,
    begins and ends where it did.
    """
    path = PurePosixPath(unicodedata.normalize("NFC", name))
    known = path.suffix.lower() in _SUFFIXES
    stem, suffix = (path.stem, path.suffix) if known else (path.name.replace(".", "_"), ".dat")
    safe = "".join(ch if ch.isalnum() or ch in "-_." else "_" for ch in stem)
    counted = f"-{number}" if number > 1 else ""
    return f"{safe.lstrip('.') or '_'}{counted}{suffix}"


def note_name(kept: str) -> str:
    """Where the note about the kept file `kept` stands."""
    return kept + NOTE


def note_bytes(note: Note) -> bytes:
    """A note as TOML."""
    plain = f'sha256 = "{note.sha256}"\naccount = "{note.account}"\n'.encode()
    return plain + (b"\n[columns]\n" + toml_bytes(note.columns) if note.columns else b"")


def read_kept(path: Path) -> tuple[tuple[Statement, ...], str]:
    """The statements of a kept file, read as they were when booked, and the account number they were said to be of.

    The number is empty when nobody had to say. `Refused` like any statement, or when note and file do not belong
    together.
    """
    source = load_source(path)
    note = _read_note(path.with_name(note_name(path.name)))
    if note is None:
        return statements_of(source), ""
    if note.sha256 != source.sha256:
        raise Refused(f"与旁边的说明（{note_name(path.name)}）不是一起保存的，其中一个已被改动", str(path))
    return statements_of(source, note.columns), note.account


def read_unproven(path: Path) -> tuple[tuple[Statement, ...], str]:
    """`read_kept` of a file that was changed after it was booked: what it says now, proven or not."""
    source = load_source(path)
    note = _read_note(path.with_name(note_name(path.name)))
    columns = note.columns if note is not None else None
    importer = identify(source) if columns is None else PlainTableImporter(column_map=columns)
    return importer.read(source), note.account if note is not None else ""


def _read_note(path: Path) -> Note | None:
    if not path.is_file():
        return None
    try:
        return Note.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        raise Refused(f"旁边的说明（{path.name}）写坏了", str(path)) from None
