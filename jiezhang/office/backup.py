"""Backup and restore: the street and the office's database as they were at one moment, in one tar file.

`street/` holds the street with its repository, `home/` what the office keeps beside it, `manifest.json`, last, the
digest of every file. The file holds the secrets of sign-in accounts: readable by nobody but its owner.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from jiezhang.book.commit import exclusive
from jiezhang.book.layout import StreetFolder
from jiezhang.book.write import LOCK_NAME
from jiezhang.domain.problem import Refused

from .acts import Acts
from .database import connect
from .git_run import GitFailed
from .git_safe import keep_history_only
from .home import IDENTITY, OfficeHome
from .operation_log import Clock, OperationLog, Who
from .repository import Repository
from .unstored import UNSTORED

MANIFEST = "manifest.json"
FORMAT = 1
_STREET, _HOME, _DATABASE = "street", "home", "home/office.sqlite"
_LIVING = ("office.sqlite", "office.sqlite-wal", "office.sqlite-shm", IDENTITY, UNSTORED)
"""What of the office home is not copied as a file: the database is read by SQLite itself, and what is restored is
another home."""
_GIT = ".git"
_SCRATCH = ".jiezhang-"
_BLOCK = 1 << 20
_DEPTH_MAX = 100
"""Folders in each other; no office has as many, and what walks through them has an end."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds; `last`, of one just made, its last row of the log as `log verify --kept` takes it."""

    files: int
    bytes: int
    made: str
    last: str = ""


class _Digesting:
    """A file that is read once, and whose digest is known afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


class _Archive:
    """The tar being written, and the manifest of what is in it."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.manifest: dict[str, dict[str, Any]] = {}

    def add_tree(self, top: Path, name: str, skipped: tuple[str, ...]) -> None:
        """Everything below `top`, as `name/…`; `Refused` for what is neither file nor folder."""
        for path in sorted(top.rglob("*")):
            inside = path.relative_to(top)
            if inside.parts[0] in skipped or inside.parts[0].startswith(_SCRATCH) or path.name == LOCK_NAME:
                continue
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                self._tar.addfile(self._info(f"{name}/{inside.as_posix()}", mode, tarfile.DIRTYPE))
            elif stat.S_ISREG(mode):
                self.add_file(path, f"{name}/{inside.as_posix()}")
            else:
                raise Refused("备份里不能有链接等特殊文件，请先移走", str(path))

    def add_file(self, path: Path, name: str) -> None:
        with path.open("rb") as file:
            known = os.fstat(file.fileno())
            info, reader = self._info(name, known.st_mode), _Digesting(file)
            info.size, info.mtime = known.st_size, int(known.st_mtime)
            self._tar.addfile(info, reader)
        self.manifest[name] = {"bytes": info.size, "sha256": reader.digest.hexdigest()}

    def end(self, made: str) -> None:
        said = {"format": FORMAT, "made": made, "files": self.manifest}
        content = json.dumps(said, ensure_ascii=False, indent=1).encode()
        info = self._info(MANIFEST, 0o600)
        info.size = len(content)
        self._tar.addfile(info, io.BytesIO(content))

    @staticmethod
    def _info(name: str, mode: int, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.type, info.mode = kind, stat.S_IMODE(mode)
        return info


def back_up(acts: Acts, file: Path, who: Who, now_of: Clock) -> Kept:
    """Write a backup to `file`, which must not be there yet: all of one moment, while nobody can change anything.

    The log says so, in the backup too.
    """
    street, home = acts.street, acts.home
    if file.exists() or file.is_symlink():
        raise Refused("文件已经存在，请换一个名字", str(file))
    place = file.absolute().parent.resolve()
    if any(place.is_relative_to(top.resolve()) for top in (street.path, home.path)):
        raise Refused("备份不得放在街道文件夹里，请写到别的磁盘上", str(file))
    with _scratch(place) as scratch:
        draft = scratch / file.name
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with acts.at_rest(now_of), exclusive(*street.compounds()), acts.repository.alone():
            row = acts.log.append(who, "backup", f"备份到 {file.name}", now_of)
            with tarfile.open(draft, "w", format=tarfile.PAX_FORMAT) as tar:
                archive = _Archive(tar)
                archive.add_tree(street.path, _STREET, ())
                archive.add_tree(home.path, _HOME, (*_LIVING, home.locks.name))
                _copy_database(home, scratch / "database")
                archive.add_file(scratch / "database", _DATABASE)
                archive.end(row.time)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.link(draft, file)  # which refuses a name that somebody took meanwhile
    _sync(place)
    total = sum(one["bytes"] for one in archive.manifest.values())
    return Kept(len(archive.manifest), total, row.time, row.shown)


@contextmanager
def _scratch(place: Path) -> Iterator[Path]:
    """A folder beside the place where things go in the end, gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=place))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_database(home: OfficeHome, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(home)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(file: Path, street: StreetFolder, home: OfficeHome, who: Who, now_of: Clock) -> Kept:
    """Put the backup `file` in place: the street in a folder that is empty or not there, and its office home.

    The log goes on with saying so. Of the repository only its history is put back, and none of its settings and
    programs.
    `Refused`, with nothing written, when a place is taken, a name leads elsewhere, or a digest is wrong.
    """
    place = street.path.absolute()
    if place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir()))):
        raise Refused("文件夹已经存在而且不是空的", str(place))
    if home.database.exists():
        raise Refused("这里已有登录账号和操作日志，请用 JIEZHANG_HOME 指明一个空的地方", str(home.path))
    place.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(place.parent) as scratch, _scratch(home.path) as beside:
        kept = _unpack(file, scratch, beside)
        if not (scratch / _STREET / "street.toml").is_file() or not (beside / _DATABASE).is_file():
            raise Refused("不是街账的备份文件，或不完整", str(file))
        if (scratch / _STREET / _GIT).exists():
            keep_history_only(scratch / _STREET / _GIT, file)
            _refuse_unreadable(scratch / _STREET, OfficeHome(scratch / "asked"), file)
        for path in sorted((beside / _HOME).iterdir(), key=lambda path: path.name == home.database.name):
            path.replace(home.path / path.name)
        _sync(home.path)
        (scratch / _STREET).replace(place)
        _sync(place.parent)
    OperationLog(home).append(who, "backup", f"由 {file.name} 恢复（{kept.made} 的备份）", now_of)
    return kept


def _refuse_unreadable(street: Path, asked: OfficeHome, backup: Path) -> None:
    """`Refused` when git cannot tell the history, before anything is in place."""
    asked.locks.mkdir(parents=True)
    try:
        Repository(street, asked).history()
    except GitFailed as failed:
        raise Refused(f"备份里的版本库读不出来，不能恢复：{failed}", str(backup)) from failed


def _unpack(file: Path, street: Path, home: Path) -> Kept:
    """Write what the backup holds below `street` and `home`, and hold it against the manifest."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                top = PurePosixPath(member.name).parts[:1]
                if manifest is not None or member.name in found or not (member.isdir() or member.isreg()):
                    raise Refused("备份里有不该有的内容，不能恢复", str(file))
                if member.name == MANIFEST:
                    manifest = _read_manifest(tar, member, file)
                elif _is_another_repository(member):
                    raise Refused("备份里有不该有的内容，不能恢复", str(file))
                elif top in ((_STREET,), (_HOME,)) and _stays_inside(member.name):
                    _put(tar, member, (street if top == (_STREET,) else home) / member.name, found)
                else:
                    raise Refused("备份里有指向别处的文件名，不能恢复", str(file))
    except (tarfile.TarError, EOFError):
        raise Refused("不是街账的备份文件，或不完整", str(file)) from None
    if manifest is None:
        raise Refused("不是街账的备份文件，或不完整", str(file))
    for name in sorted(manifest["files"].keys() | found.keys()):
        if manifest["files"].get(name) != found.get(name):
            raise Refused(f"备份里的 {name} 与备份时的指纹不符，不能恢复", str(file))
    return Kept(len(found), sum(one["bytes"] for one in found.values()), manifest["made"])


def _stays_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return 1 < len(parts) <= _DEPTH_MAX and ".." not in parts and not name.startswith("/") and "\0" not in name


def _is_another_repository(member: tarfile.TarInfo) -> bool:
    """A repository inside the street's, or a file that names one elsewhere: git would go by its settings."""
    parts = PurePosixPath(member.name).parts
    places = [at for at, part in enumerate(parts) if part.casefold() == _GIT]
    ours = parts[:1] == (_STREET,) and parts[1:2] == (_GIT,) and (len(parts) > 2 or member.isdir())
    return places not in ([], [1]) or (places == [1] and not ours)


def _read_manifest(tar: tarfile.TarFile, member: tarfile.TarInfo, file: Path) -> dict[str, Any]:
    content = tar.extractfile(member)
    try:
        said = json.loads(content.read()) if content is not None else None
    except ValueError:
        said = None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("files"), dict):
        raise Refused("备份的清单读不懂，可能是更新版本的街账做的", str(file))
    return said


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, found: dict[str, dict[str, Any]]) -> None:
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
        return
    content = tar.extractfile(member)
    assert content is not None, "a regular file has content"
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as target:
        os.fchmod(target.fileno(), member.mode & 0o777)
        while block := content.read(_BLOCK):
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    found[member.name] = {"bytes": member.size, "sha256": digest.hexdigest()}
