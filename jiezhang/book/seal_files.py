"""`seals/` on disk: one folder without folders in it, every file named by its month.

`2026-10.json` the seal · `2026-10-figures.json` and `2026-10-checkpoint.txt` what was laid before the parties ·
`2026-10-sign-B01.json` what a party signed · `2026-10-evidence-B01.csv` the sheet it filled in ·
`2026-10-explanations.csv` what the office says to differences · `salt.txt` the secret behind households' commitments.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from jiezhang.domain.canonical import MONTH_PATTERN, Value, canonical_bytes
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Row, Text
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.month_seal import SEALS, MonthSeal, seal_bytes
from jiezhang.domain.tri_party.months import MonthFiles, Presented

from .layout import CompoundFolder
from .messages import failure
from .registers import read_table

SALT = f"{SEALS}/salt.txt"
_SEAL_NAME = re.compile(rf"{MONTH_PATTERN}\.json")
_FIGURES_NAME = re.compile(rf"(?P<month>{MONTH_PATTERN})-figures\.json")
_BYTES_MAX = 64 * 1024 * 1024

ValueType = TypeVar("ValueType", bound=Value)


class Explanation(Row):
    """`seals/2026-10-explanations.csv`: what the office says to a difference (its id)."""

    code: Text
    explanation: Text
    person: Text = ""


def seal_name(month: Month) -> str:
    """`seals/2026-10.json`."""
    return f"{SEALS}/{month}.json"


def figures_name(month: Month) -> str:
    """`seals/2026-10-figures.json`."""
    return f"{SEALS}/{month}-figures.json"


def checkpoint_name(month: Month) -> str:
    """`seals/2026-10-checkpoint.txt`."""
    return f"{SEALS}/{month}-checkpoint.txt"


def signed_name(month: Month, person: str) -> str:
    """`seals/2026-10-sign-B01.json`."""
    return f"{SEALS}/{month}-sign-{person}.json"


def evidence_name(month: Month, person: str) -> str:
    """`seals/2026-10-evidence-B01.csv`."""
    return f"{SEALS}/{month}-evidence-{person}.csv"


def explanations_name(month: Month) -> str:
    """`seals/2026-10-explanations.csv`."""
    return f"{SEALS}/{month}-explanations.csv"


def statement_name(month: Month) -> str:
    """`seals/2026-10-statement.pdf`: the 三方对账单 as it was signed."""
    return f"{SEALS}/{month}-statement.pdf"


def value_bytes(value: Value) -> bytes:
    """A value's file."""
    return canonical_bytes(value) + b"\n"


def read_months(folder: CompoundFolder) -> MonthFiles:
    """Everything of `seals/`; `Refused` with the file when one is not what the program writes."""
    place = folder.path / SEALS
    if place.is_symlink():
        raise Refused("封月文件夹不得是链接", str(place))
    if not place.is_dir():
        return MonthFiles()
    names = sorted(path.name for path in place.iterdir())
    seals = tuple(_read(place / name, MonthSeal) for name in names if _SEAL_NAME.fullmatch(name))
    for name, seal in zip((n for n in names if _SEAL_NAME.fullmatch(n)), seals, strict=True):
        if name != f"{seal.figures.month}.json":
            raise Refused(f"文件名与所封的月份 {seal.figures.month} 不符", str(place / name))
    closed = {seal.figures.month for seal in seals}
    signed: defaultdict[str, list[Path]] = defaultdict(list)
    for name in names:
        if "-sign-" in name and name.endswith(".json"):
            signed[name[:7]].append(place / name)
    presented = {}
    for name in names:
        found = _FIGURES_NAME.fullmatch(name)
        month = found["month"] if found else ""
        if month and month not in closed:
            presented[month] = _presented(folder, Month.parse(month), signed[month])
    return MonthFiles(seals, presented)


def _presented(folder: CompoundFolder, month: Month, signed: list[Path]) -> Presented:
    figures = _read(folder.path / figures_name(month), MonthFigures)
    if figures.month != str(month):
        raise Refused(f"文件名与所报的月份 {figures.month} 不符", str(folder.path / figures_name(month)))
    place = folder.path / checkpoint_name(month)
    note = _bytes(place).decode("utf-8", errors="replace") if place.exists() else ""  # a presenting that was cut short
    return Presented(figures, note, tuple(_read(path, Signed) for path in signed), read_explanations(folder, month))


def read_explanations(folder: CompoundFolder, month: Month) -> dict[str, str]:
    """What the office says to differences, by id; nothing where it said nothing yet."""
    path = folder.path / explanations_name(month)
    return {row.code: row.explanation for row in read_table(path, Explanation)} if path.is_file() else {}


def explanations_digest(folder: CompoundFolder, month: Month) -> bytes:
    """The digest of what the office said to differences; of nothing where it said nothing."""
    path = folder.path / explanations_name(month)
    return hashlib.sha256(_bytes(path) if path.exists() else b"").digest()


def read_salt(folder: CompoundFolder) -> bytes | None:
    """The 32 secret bytes behind households' commitments; `None` where no month was presented yet."""
    path = folder.path / SALT
    if not path.exists():
        return None
    text = _bytes(path).decode("ascii", errors="replace")
    if not re.fullmatch(r"[0-9a-f]{64}\n", text):
        raise Refused("盐值文件应是 64 位十六进制，文件已损坏", str(path))
    return bytes.fromhex(text[:-1])


def _read(path: Path, model: type[ValueType]) -> ValueType:
    """A value from its file, which holds exactly the bytes that the program writes of it."""
    content = _bytes(path)
    try:
        value = model.model_validate_json(content)
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise Refused(f"不是程序写的封月文件，或已被改动（{where or '写法'}）", str(path)) from None
    written = seal_bytes(value) if isinstance(value, MonthSeal) else value_bytes(value)
    if written != content:
        raise Refused("封月文件的写法被改动过：内容相同，字节不同", str(path))
    return value


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _BYTES_MAX:
            raise Refused("封月文件不能是链接、文件夹，也不能太大", str(path))
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
