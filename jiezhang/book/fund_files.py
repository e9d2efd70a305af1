"""What the maintenance fund keeps beside the ledger: its tables of `register/`, and `batches/`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

from jiezhang.domain.fund_register import Building, Change, FundRegister, Numbered, Project, TreasuryBond
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling, Row
from jiezhang.households.fund import FundFiles

from .layout import CompoundFolder
from .messages import failure
from .registers import read_compound, read_numbered, read_table

BATCHES = "batches"
_BATCH_NAME = re.compile(r"[0-9A-Za-z\u3400-\u9fff_-][0-9A-Za-z\u3400-\u9fff._-]*\.csv")
_BATCH_BYTES_MAX = 16 * 1024 * 1024

RowType = TypeVar("RowType", bound=Row)


def read_fund_files(folder: CompoundFolder) -> FundFiles:
    """The register and batch files of a compound; `Refused` with file (relative to the folder) and line when wrong."""
    try:
        return FundFiles(read_fund_register(folder), read_batches(folder))
    except Refused as refused:
        raise Refused(refused.message, _relative(refused.file, folder), refused.line) from None


def read_fund_register(folder: CompoundFolder) -> FundRegister:
    """The tables of `register/` that the fund needs; those that are not there are empty."""
    return FundRegister(
        start=read_compound(folder).start,
        dwellings=tuple(read_table(folder.register / "dwellings.csv", Dwelling)),
        buildings=_table(folder, "buildings.csv", Building),
        changes=_table(folder, "changes.csv", Change),
        projects=_table(folder, "projects.csv", Project),
        bonds=_table(folder, "bonds.csv", TreasuryBond),
    )


def batch_name(text: str) -> str:
    """What a voucher says for the batch file `text`; `Refused` when a file may not be called so."""
    if not _BATCH_NAME.fullmatch(text):
        raise Refused(f"批量明细文件名“{text}”只能用文字、数字、连字符，以 .csv 结尾")
    return f"{BATCHES}/{text}"


def _table(folder: CompoundFolder, name: str, model: type[RowType]) -> Numbered[RowType]:
    path = folder.register / name
    return tuple(read_numbered(path, model)) if path.exists() or path.is_symlink() else ()


def read_batches(folder: CompoundFolder) -> dict[str, bytes]:
    """Every file of `batches/` by its path from the folder; `Refused` for one that has no business there."""
    found = {}
    place = folder.path / BATCHES
    if place.is_symlink():
        raise Refused("批量明细文件夹不得是链接", str(place))
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if path.is_symlink() or not path.is_file() or not _BATCH_NAME.fullmatch(path.name):
            if path.name.startswith("."):
                continue
            raise Refused("批量明细文件夹里有不认识的文件，请移走或改名", str(path))
        try:
            if path.stat().st_size > _BATCH_BYTES_MAX:
                raise Refused("批量明细文件太大", str(path))
            found[f"{BATCHES}/{path.name}"] = path.read_bytes()
        except OSError as wrong:
            raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    return found


def _relative(file: str, folder: CompoundFolder) -> str:
    path = Path(file)
    return path.relative_to(folder.path).as_posix() if path.is_relative_to(folder.path) else file
