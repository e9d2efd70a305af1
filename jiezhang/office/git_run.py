"""Running the `git` command in the street's repository: never through a shell, and without any configuration but ours
where it could change what is kept."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from jiezhang.domain.problem import Refused

NOBODY = ("jiezhang", "jiezhang@street.invalid")
_SETTINGS = (
    "core.hooksPath=/dev/null", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null", "core.fsmonitor=false",
    "core.autocrlf=false", "core.quotePath=false", "core.fsync=all", "core.fsyncMethod=batch", "gc.auto=0",
    "maintenance.auto=false", "commit.gpgSign=false", "core.editor=false", "advice.addIgnoredFile=false",
    "advice.graftFileDeprecated=false",
    "log.showSignature=false", "submodule.recurse=false", "core.commitGraph=false", "core.multiPackIndex=false",
    "i18n.logOutputEncoding=UTF-8", "i18n.commitEncoding=UTF-8",
    "core.protectNTFS=false", "core.protectHFS=false",  # or git refuses names such as `git~1`, which are files here
    "core.sparseCheckout=false", "index.sparse=false",
)  # fmt: skip


class GitFailed(Exception):
    """Git could not do what was asked; says what it said, and with which code it ended."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code

    @property
    def killed(self) -> bool:
        """Whether it was killed, and may have left its locks."""
        return self.code < 0


def run(
    street: Path, home: Path, command: Sequence[str], handles: Sequence[int], more: Mapping[str, str], said: str,
) -> tuple[int, str, str]:  # fmt: skip
    """How `git` ended in `street`, what it gave and what it complained of; the child inherits `handles`."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        done = subprocess.run(  # noqa: S603 - words of ours, and paths that are taken literally
            ["git", *settings, "--literal-pathspecs", *command],  # noqa: S607 - git is where the system has it
            cwd=street, env=_environment(street, home) | dict(more), input=said.encode(errors="surrogateescape"),
            capture_output=True, check=False, pass_fds=handles,
        )  # fmt: skip
    except FileNotFoundError:
        raise Refused("没有找到 git 命令，请先安装 git") from None
    given = done.stdout.decode(errors="surrogateescape")
    return done.returncode, given, done.stderr.decode(errors="replace").strip()


def _environment(street: Path, home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_DIR": str(street / ".git"),
        "GIT_WORK_TREE": str(street),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_AUTHOR_NAME": NOBODY[0],
        "GIT_AUTHOR_EMAIL": NOBODY[1],
        "GIT_COMMITTER_NAME": NOBODY[0],
        "GIT_COMMITTER_EMAIL": NOBODY[1],
    }
