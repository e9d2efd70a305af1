"""Whether a commit can be made: asked before an act changes the books, and of the files alone, without git."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from jiezhang.domain.problem import Refused

WAIT_SECONDS = 3.0
"""How long somebody else's git may have its index locked, as `git status` has for a moment."""

_HEAD, _BRANCH = "ref: refs/heads/", "refs/heads"
_HALF_DONE = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
_STEP_SECONDS = 0.05
_NOT_IN_A_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(^|/)\.|\.lock(/|$)|\.$|/$|^/|^@?$")
"""What `git check-ref-format` refuses in the name of a branch."""


def refuse_unready(git: Path) -> None:
    """`Refused` when no commit could be made in the repository `git`; whoever asks holds our lock on it."""
    branch = refuse_no_branch(git)
    if any((git / name).exists() for name in _HALF_DONE):
        raise Refused("街道的版本库里有没有做完的合并、变基或拣选，请先做完", str(git.parent))
    if not wait_until_free(git, branch):
        raise Refused("街道的版本库被别的 git 占着，没有办：过一会再办，一直这样的请管理电脑的人查看", str(git))
    for place in _written(git, branch):
        if not os.access(place, os.W_OK):
            raise Refused("街道的版本库写不进去，没有办：请管理电脑的人查看权限", str(place))


def refuse_no_branch(git: Path) -> Path:
    """The branch that is checked out, as a file's place in `git`, whether it has a commit or not."""
    try:
        head = (git / "HEAD").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Refused("街道的版本库不在了", str(git)) from None
    if not head.startswith(_HEAD) or not is_ref_name(head.removeprefix(_HEAD)):
        raise Refused("街道的版本库不在任何分支上，请先切回分支", str(git.parent))
    return git / _BRANCH / head.removeprefix(_HEAD)


def is_ref_name(name: str) -> bool:
    """Whether git would make a branch or a tag of that name, which leads to no other folder."""
    return _NOT_IN_A_NAME.search(name) is None


def wait_until_free(git: Path, branch: Path) -> bool:
    """Whether nobody else's git is at work, soon."""
    locks = [git / "index.lock", git / "HEAD.lock", branch.with_name(f"{branch.name}.lock")]
    end = time.monotonic() + WAIT_SECONDS
    while any(lock.exists() for lock in locks):
        if time.monotonic() > end:
            return False
        time.sleep(_STEP_SECONDS)
    return True


def _written(git: Path, branch: Path) -> list[Path]:
    """Folders and files that a commit writes to, as far as they are there; somebody who ran git by another account
    may have left any of them unwritable."""
    objects = [git / "objects" / f"{number:02x}" for number in range(256)]
    logs = [git / "logs" / "HEAD", git / "logs" / branch.relative_to(git)]
    places = [git, git / "objects", branch.parent, *objects, *logs, git / "COMMIT_EDITMSG"]
    return [place for place in places if place.exists()]
