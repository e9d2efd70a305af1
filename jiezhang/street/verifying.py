"""`verify`: a street's folder, one compound's, one PDF, one household's proof; offline, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.messages import failure
from jiezhang.book.registers import read_street, read_toml, toml_bytes
from jiezhang.close.verifying import Verified, VerifyFault, verify_compound
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.receipt import SignedReceipt, is_receipt
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.signing import trust_of

from .parallel import Progress, run, silent

_BYTES_MAX = 1024 * 1024

Kept = SignedCheckpoint | SignedReceipt
"""What a party keeps outside the street."""


def verify_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    trust: Trust,
    kept: Sequence[Kept],
    authorities: Sequence[bytes] = (),
    progress: Progress = silent,
) -> list[Verified]:
    """Verify every compound of `folders`, and that each of which anything was `kept` is still there; nothing is
    written."""
    job = partial(_one, street=street, trust=trust, kept=tuple(kept), authorities=tuple(authorities))
    found = run(job, folders, "验证封月", progress)
    notes = Counter(one.compound for one in kept)
    gone = VerifyFault(street.path.name, "各方留存了这个小区的存证，街道却没有这个小区的文件夹")
    missing = sorted(set(notes) - {folder.code for folder in street.compounds()})
    return found + [Verified(code, (), 0, 0, 0, notes[code], (gone,)) for code in missing]


def _one(
    folder: CompoundFolder, street: StreetFolder, trust: Trust, kept: Sequence[Kept],
    authorities: Sequence[bytes],
) -> Verified:  # fmt: skip
    return verify_compound(street, folder, trust, kept, authorities)


def read_trust(path: Path | None, street: StreetFolder | None) -> Trust:
    """The keys to believe: of the file that the verifier keeps, or else those of the street's own list.

    `Refused` when there is neither.
    """
    if path is not None:
        return read_toml(path, Trust)
    if street is None:
        raise Refused("须用 --trust 指明信任的公钥文件（各方和业主各自留存的那一份）")
    return trust_from(street)


def trust_from(street: StreetFolder, required: Sequence[str] = ("bank", "auditor", "community")) -> Trust:
    """The keys in the street's own list of people; `Refused` when they can't be a trust."""
    return trust_among(read_street(street), str(street.toml), required)


def trust_among(people: Street, file: str, required: Sequence[str] = ()) -> Trust:
    """The keys of a street's `people`; `Refused`, naming the list's `file`, when they can't be a trust."""
    try:
        return trust_of(people, required)
    except ValueError as wrong:
        said = str(wrong).splitlines()
        raise Refused(f"人员名单里的公钥不能用来验证：{said[2].strip() if len(said) > 2 else said[0]}",
                      file) from None  # fmt: skip


def read_kept(paths: Sequence[Path]) -> list[Kept]:
    """The checkpoints and receipts that a party kept: files, or folders of them (`*.txt`). `Refused` for a file that
    is neither."""
    found: list[Kept] = []
    for path in paths:
        files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
        if not files:
            raise Refused("文件夹里没有存证（*.txt）", str(path))
        found += [kept_of(read_text(file), str(file)) for file in files]
    return found


def kept_of(text: str, file: str = "") -> Kept:
    """The checkpoint or the receipt that `text` is; `Refused` when it is neither."""
    return SignedReceipt.parse(text, file) if is_receipt(text) else SignedCheckpoint.parse(text, file)


def read_text(path: Path) -> str:
    """A small text file; `Refused` when it can't be read."""
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise Refused("文件太大，不是存证或凭码", str(path))
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None


def trust_bytes(trust: Trust) -> bytes:
    """The file that a verifier keeps."""
    return toml_bytes(trust)


def shown_time(seconds: int) -> str:
    """POSIX seconds as Beijing time."""
    return datetime.fromtimestamp(seconds, timezone(timedelta(hours=8))).strftime("%Y-%m-%d %H:%M")
