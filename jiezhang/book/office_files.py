"""What the rules of approval need beside the books: the street's people and procedures, keys, votes, the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TypeVar

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.procedure import Procedure
from jiezhang.domain.approval.seals import SealKey
from jiezhang.domain.chain import CHAIN_FILE, Link
from jiezhang.domain.fund_register import FundRegister, Numbered
from jiezhang.domain.levy import Levy
from jiezhang.domain.people import by_id
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Row

from .fund_files import read_batches
from .layout import CompoundFolder, StreetFolder
from .messages import failure
from .registers import read_compound, read_numbered, read_street, read_table, read_toml, table_bytes
from .rulepacks import read_packs
from .seal_files import read_months

VOTES = "votes"
PROCEDURES = "procedures"
_BALLOT_BYTES_MAX = 16 * 1024 * 1024

RowType = TypeVar("RowType", bound=Row)


def read_office_files(folder: CompoundFolder, register: FundRegister | None) -> OfficeFiles:
    """Everything of `OfficeFiles`; `Refused` with file and line when one is wrong.

    The street's own data stand in the folder above; a compound without a street has no people and no procedures, so
    that none of its payments is approved.
    """
    street = StreetFolder(folder.path.parent)
    known = read_street(street) if street.toml.exists() else None
    levies = _table(folder.register / "levies.csv", Levy)
    return OfficeFiles(
        compound=read_compound(folder),
        people=by_id(known.people) if known is not None else {},
        procedures=read_procedures(street),
        packs=read_packs(known.city) if known is not None else (),
        keys=read_seal_keys(folder),
        ballots=_ballots(folder),
        chain=read_chain(folder),
        register=register,
        levies=levies,
        batches=read_batches(folder) if levies else {},
        months=read_months(folder),
    )


def read_seal_keys(folder: CompoundFolder) -> Numbered[SealKey]:
    """The keys of the compound's two seals, none where there are none yet."""
    return _table(folder.register / "seals.csv", SealKey)


def read_chain(folder: CompoundFolder) -> tuple[Link, ...]:
    """The links of posted vouchers, none where nothing was posted yet."""
    path = folder.path / CHAIN_FILE
    return tuple(read_table(path, Link)) if path.exists() or path.is_symlink() else ()


def chain_bytes(folder: CompoundFolder, links: Sequence[Link]) -> bytes:
    """The chain with `links` added at its end; what was there stays byte for byte."""
    path = folder.path / CHAIN_FILE
    before = path.read_bytes() if path.exists() else b""
    added = table_bytes(links, Link)
    return before.rstrip(b"\n") + b"\n" + added.partition(b"\n")[2] if before else added


def read_procedures(street: StreetFolder) -> Mapping[str, Procedure]:
    """The procedures that ship with the program, and the street's own; a street may not change a shipped one."""
    found: dict[str, Procedure] = {}
    shipped = resources.files("rules") / PROCEDURES
    with resources.as_file(shipped) as place:
        for path in sorted(place.glob("*.toml")):
            found[path.stem] = _procedure(path)
    own = street.path / PROCEDURES
    for path in sorted(own.glob("*.toml")) if own.is_dir() else ():
        if path.stem in found:
            raise Refused(f"程序 {path.stem} 是随程序来的，街道自己的程序请另取名字", str(path))
        found[path.stem] = _procedure(path)
    return found


def _procedure(path: Path) -> Procedure:
    procedure = read_toml(path, Procedure)
    if procedure.code != path.stem:
        raise Refused(f"程序编号 {procedure.code} 与文件名不符", str(path))
    return procedure


def _table(path: Path, model: type[RowType]) -> Numbered[RowType]:
    return tuple(read_numbered(path, model)) if path.exists() or path.is_symlink() else ()


def _ballots(folder: CompoundFolder) -> dict[str, bytes]:
    place = folder.path / VOTES
    if place.is_symlink():
        raise Refused("表决票文件夹不得是链接", str(place))
    found = {}
    for path in sorted(place.glob("*.csv")) if place.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _BALLOT_BYTES_MAX:
            raise Refused("表决票文件夹里有不能用的文件（链接、文件夹或太大）", str(path))
        try:
            found[f"{VOTES}/{path.name}"] = path.read_bytes()
        except OSError as wrong:
            raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    return found
