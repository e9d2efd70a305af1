"""A repository of somebody else's making, made safe to ask git of: its history is kept, and nothing that could have git
run a program or read a file elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

_HISTORY = frozenset({"HEAD", "packed-refs", "refs", "objects", "logs"})
_SETTINGS = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
"""
"""As `git init` writes them."""


def keep_history_only(git: Path) -> None:
    """Take away the settings, hooks, filters, index and borrowed objects of the repository `git`, which nobody has
    asked anything of yet. It is without an index afterwards."""
    for path in git.iterdir():
        if path.name not in _HISTORY:
            _remove(path)
    for name in ("alternates", "http-alternates"):
        (git / "objects" / "info" / name).unlink(missing_ok=True)
    (git / "config").write_text(_SETTINGS, "utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
