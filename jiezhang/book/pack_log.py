"""The log of rule packs on the disk, and the question the gate asks: does the street work by packs it agreed to?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from jiezhang.domain.pack_log import Numbered, PackAdoption, check_log, current, founding
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street

from .layout import StreetFolder
from .messages import failure
from .registers import read_numbered, read_street, table_bytes
from .rulepacks import shipped, stamp

LOG = "rulepacks.csv"
PROCEDURES = "procedures"


def packs_in_use(street: StreetFolder, city: str) -> dict[str, Path]:
    """Name in the log → file: the nation's pack, the city's, every procedure that ships, and the street's own.

    A street's own procedure never has the name of a shipped one: `read_procedures` refuses that.
    """
    found = {name: shipped() / f"{name}.toml" for name in ("national", city)}
    for folder in (shipped() / PROCEDURES, street.path / PROCEDURES):
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            found[f"{PROCEDURES}/{path.stem}"] = path
    return found


def digests(street: StreetFolder, city: str) -> dict[str, str]:
    """Name in the log → sha256 of the file's text as UTF-8, its lines ended by LF; `Refused` when one can't be read."""
    return {
        name: _digest(path, stamp(path)) if path.is_relative_to(shipped()) else _digest_of(path)
        for name, path in packs_in_use(street, city).items()
    }


def read_log(street: StreetFolder, known: Street) -> Numbered:
    """The rows with their lines, nothing where there is no log; `Refused` when one is wrong, or made by one alone."""
    path = street.path / LOG
    if not path.exists() and not path.is_symlink():
        return []
    rows = read_numbered(path, PackAdoption)
    check_log(rows, known.people, str(path))
    return rows


def check_adopted(street: StreetFolder) -> None:
    """`Refused` unless every pack in use is, to the byte, what two persons agreed to (财会〔2024〕11号 art. 17)."""
    known = read_street(street)
    agreed = current([row for _, row in read_log(street, known)])
    for name, digest in digests(street, known.city).items():
        if name not in agreed:
            said = f"规则包 {name} 还没有采用，须经提出、批准两人办理，请用 jiezhang packs propose / approve"
            raise Refused(said, str(street.path / LOG))
        if agreed[name] != digest:
            said = f"规则包 {name} 有改动，还没有经提出、批准两人办理，请用 jiezhang packs propose / approve"
            raise Refused(said, str(street.path / LOG))


def founding_log(street: StreetFolder, city: str, day: date) -> bytes:
    """The log a new street begins with: all packs as they are, adopted with the opening of the books on `day`."""
    return log_bytes(founding(digests(street, city), day))


def log_bytes(log: Sequence[PackAdoption]) -> bytes:
    """The log's file."""
    return table_bytes(log, PackAdoption)


@lru_cache(maxsize=128)
def _digest(path: Path, _stamp: tuple[int, int]) -> str:
    return _digest_of(path)


def _digest_of(path: Path) -> str:
    if path.is_symlink():
        raise Refused("规则包不得是链接", str(path))
    try:
        return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    except UnicodeDecodeError:
        raise Refused("规则包不是 UTF-8 编码", str(path)) from None
