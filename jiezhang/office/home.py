"""The office's home: where accounts, sessions and the operation log lie. Outside the street's folder, which everybody
at the office reads and copies, and readable by nobody but the one who runs the office."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused

HOME_VARIABLE = "JIEZHANG_HOME"
IDENTITY = "identity"
"""A file of the home: a number that no other home has."""
CLAIM = "jiezhang-home"
"""A file of the street's `.git`: the number of the home whose log and locks the street has."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """A street's office home; `open_home` makes it and judges whether it is safe."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "office.sqlite"

    @property
    def locks(self) -> Path:
        """The folder of the locks that processes take on compounds and on the repository."""
        return self.path / "locks"


def open_home(street: StreetFolder, path: Path | None = None) -> OfficeHome:
    """The home of `street`: `path`, else what JIEZHANG_HOME names, else a folder of the user's own state.

    Made when it is not there. `Refused` when it lies in the street's folder, by whatever way, when others may read it,
    or when the street has another home.
    """
    home = _place(street, path)
    books = street.path.resolve()
    if books == home.resolve() or books in home.resolve().parents:
        raise Refused("登录账号和操作日志不得放在街道文件夹里，请换一个地方（环境变量 JIEZHANG_HOME）", str(home))
    refuse_strange(street, OfficeHome(home))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_mode & _OTHERS:
        raise Refused("存放登录账号的文件夹别人也能打开，请把权限改为 0700（chmod 700）", str(home))
    opened = OfficeHome(home)
    opened.locks.mkdir(mode=0o700, exist_ok=True)
    return opened


def claim(git: Path, home: OfficeHome) -> None:
    """Have the repository `git` belong to `home` if it is nobody's yet; `Refused` when it is another home's."""
    if _made_once(git / CLAIM, own := _made_once(home.path / IDENTITY, token_hex(16))) != own:
        raise _strange(home.path)


def refuse_strange(street: StreetFolder, home: OfficeHome | None) -> None:
    """`Refused` when the street's log and accounts are in another home than `home`, or in one and `home` is none: two
    homes have each its own locks and its own log."""
    try:
        owner = (street.path / ".git" / CLAIM).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return
    file = home.path / IDENTITY if home is not None else None
    if file is None or not file.is_file() or file.read_text("ascii").strip() != owner:
        raise _strange(street.path if home is None else home.path)


def _strange(place: Path) -> Refused:
    return Refused("这个街道的登录账号和操作日志在另一个地方，请用 --home 或环境变量 JIEZHANG_HOME 指明", str(place))


def _made_once(file: Path, content: str) -> str:
    """What `file` holds: `content` if there was none. Of several who make it at once, one does."""
    if not file.exists():
        handle, draft = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)
        try:
            os.write(handle, content.encode())
            os.fsync(handle)
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.close(handle)
            Path(draft).unlink()
    return file.read_text("ascii").strip()


def known_home(street: StreetFolder, path: Path | None = None) -> OfficeHome | None:
    """The home that was opened for `street` before; nothing is made for the asking."""
    home = OfficeHome(_place(street, path))
    return home if home.database.is_file() else None


def _place(street: StreetFolder, path: Path | None) -> Path:
    return Path(path or os.environ.get(HOME_VARIABLE) or _usual(street)).absolute()


def _usual(street: StreetFolder) -> Path:
    """One folder for each street, told apart by where the street lies."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state")
    books = street.path.resolve()
    return state / "jiezhang" / f"{books.name}-{sha256(os.fsencode(books)).hexdigest()[:8]}"
