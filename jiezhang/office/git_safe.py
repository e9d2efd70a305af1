"""A repository of somebody else's making, made safe to ask git of: its history is kept, and nothing that could have git
run a program or read a file elsewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from jiezhang.domain.problem import Refused

from .readiness import is_ref_name, refuse_no_branch

_HISTORY = frozenset({"HEAD", "packed-refs", "refs", "objects", "logs"})
_SETTINGS = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
"""
"""As `git init` writes them."""
_ID = "[0-9a-f]{40}(?:[0-9a-f]{24})?"
_REF = re.compile(rf"(?:{_ID}|ref: refs/(?P<name>.+))\n?")
_PACKED = re.compile(rf"#.*|\^{_ID}|{_ID} refs/(?P<name>.+)")


def keep_history_only(git: Path, backup: Path) -> None:
    """Take away the settings, hooks, filters, index and borrowed objects of the repository `git` out of `backup`,
    which nobody has asked anything of yet. It is without an index afterwards. `Refused` when a branch leads
    elsewhere."""
    _refuse_leading_elsewhere(git, backup)
    for path in git.iterdir():
        if path.name not in _HISTORY:
            _remove(path)
    for name in ("alternates", "http-alternates"):
        (git / "objects" / "info" / name).unlink(missing_ok=True)
    (git / "config").write_text(_SETTINGS, "utf-8")


def _refuse_leading_elsewhere(git: Path, backup: Path) -> None:
    """Names of branches become names of files, whatever git asks of itself."""
    try:
        refuse_no_branch(git)
        refs = [file.read_text("utf-8") for file in (git / "refs").rglob("*") if file.is_file()]
        packed = (git / "packed-refs").read_text("utf-8").splitlines() if (git / "packed-refs").exists() else []
    except (Refused, OSError, UnicodeDecodeError):
        raise Refused("备份里的版本库读不懂，不能恢复", str(backup)) from None
    for found in (*(_REF.fullmatch(one) for one in refs), *(_PACKED.fullmatch(one) for one in packed)):
        if found is None or not is_ref_name(found["name"] or "main"):
            raise Refused("备份里的版本库读不懂，不能恢复", str(backup))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
