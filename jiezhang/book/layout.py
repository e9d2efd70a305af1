"""Where things are in a street's folder."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused

_COMPOUND_DIR = re.compile(r"C[0-9]{4}(-[a-z0-9-]+)?")
_MONTH_FILE = re.compile(r"([0-9]{4})/([0-9]{4})-([0-9]{2})\.beancount")

FIXED_FILES = ("accounts.beancount", "resolutions.beancount")


def below(folder: Path) -> Iterator[Path]:
    """Every file and folder below `folder`, links not followed.

    Hidden folders are not entered: they are a writer's scratch, and one that was killed may leave a worker that still
    makes and removes them.
    """
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent) / name for name in (*folders, *files))


@dataclass(frozen=True, slots=True)
class CompoundFolder:
    """One compound's folder."""

    path: Path

    @property
    def code(self) -> str:
        return self.path.name[:5]

    @property
    def main(self) -> Path:
        return self.path / "main.beancount"

    @property
    def register(self) -> Path:
        return self.path / "register"

    @property
    def statements(self) -> Path:
        return self.path / "statements"

    def kept_files(self) -> list[Path]:
        """Everything kept in `statements/<month>/`."""
        return sorted(path for path in self.statements.glob("*/*") if path.is_file())

    def month_file(self, day: date) -> str:
        """The path, relative to the folder, of the file that holds the vouchers of `day`."""
        return f"{day.year:04d}/{Month.of(day)}.beancount"

    def ledger_files(self) -> list[str]:
        """Relative paths of all ledger files but the main one; `Refused` for one that has no business here."""
        found = sorted(
            path.relative_to(self.path).as_posix()
            for path in below(self.path)
            if path.name.endswith(".beancount") and not path.name.startswith(".")
        )
        for name in found:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                raise Refused("账簿文件的位置上是一个文件夹，请移走或改名", str(path))
            if path.is_symlink() or not path.is_file() or not path.resolve().is_relative_to(self.path.resolve()):
                raise Refused("账簿文件不得是链接，也不得在小区文件夹之外", str(path))
            if name not in ("main.beancount", *FIXED_FILES) and not is_month_file(name):
                raise Refused("账簿文件夹中有不认识的账簿文件，请移走或改名", str(path))
        for name in ("main.beancount", *FIXED_FILES):
            if name not in found:
                raise Refused("缺少账簿文件", str(self.path / name))
        return [name for name in found if name != "main.beancount"]


def is_month_file(name: str) -> bool:
    """Whether `name` is `2026/2026-10.beancount` of a real month."""
    found = _MONTH_FILE.fullmatch(name)
    return bool(found) and found is not None and found[1] == found[2] and 1 <= int(found[3]) <= 12


@dataclass(frozen=True, slots=True)
class StreetFolder:
    """A street's folder."""

    path: Path

    @property
    def toml(self) -> Path:
        return self.path / "street.toml"

    @property
    def inbox(self) -> Path:
        """Where the bank's files wait to be imported."""
        return self.path / "inbox"

    @property
    def set_aside(self) -> Path:
        """Where files go that were taken out of the inbox."""
        return self.path / "set-aside"

    def compounds(self) -> list[CompoundFolder]:
        """All compounds by code; `Refused` when this is no street or two folders have one code."""
        if not self.toml.is_file():
            raise Refused("这里不是街道文件夹（没有 street.toml），请用 -C 指明", str(self.path))
        folders = [
            CompoundFolder(path)
            for path in sorted(self.path.iterdir())
            if path.is_dir() and not path.is_symlink() and _COMPOUND_DIR.fullmatch(path.name)
        ]
        for before, after in itertools.pairwise(folders):
            if before.code == after.code:
                raise Refused(f"小区编号 {after.code} 重复：{before.path.name}", str(after.path))
        return folders

    def compound(self, code: str) -> CompoundFolder:
        for folder in self.compounds():
            if folder.code == code:
                return folder
        raise Refused(f"街道里没有小区 {code}", str(self.path))
