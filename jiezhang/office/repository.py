"""The street's repository: every act a commit by who did it. Through the `git` command, never through a shell, and
without any configuration but ours.

One process at a time runs git, under a lock in the office home that the git child inherits: a server that is killed
leaves no git running that another would not wait for. What a killed git leaves behind (`index.lock`) is known by a
mark in the lock's file, and taken away by whoever holds the lock next.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person

from .flocks import flock
from .home import OfficeHome, open_home

ACT = "Operation"
"""The trailer of a commit that names the begun row of the operation log, and how the act ended: `Operation: 12
<digest> done`."""

_NOBODY = ("jiezhang", "jiezhang@street.invalid")
_SETTINGS = (
    "core.hooksPath=/dev/null", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null", "core.fsmonitor=false",
    "core.autocrlf=false", "core.quotePath=false", "core.fsync=all", "core.fsyncMethod=batch", "gc.auto=0",
    "maintenance.auto=false", "commit.gpgSign=false", "core.editor=false", "advice.addIgnoredFile=false",
)  # fmt: skip
_IGNORED = (".lock", ".*.tmp", ".staging-*")
"""What a writer has beside the books while it writes."""
_BUSY = b"busy"
_CITED = re.compile(rf"^{ACT}: ([0-9]+) ([0-9a-f]{{64}}) [a-z]+$", re.MULTILINE)


class GitFailed(Exception):
    """Git could not do what was asked; says what it said. One that was killed may have left its locks."""

    def __init__(self, message: str, *, killed: bool = False) -> None:
        super().__init__(message)
        self.killed = killed


@dataclass(frozen=True, slots=True)
class Repository:
    """A street's repository; `open_repository` makes it."""

    street: Path
    home: OfficeHome

    def commit(self, paths: Sequence[str], author: Person | None, message: str, now: datetime) -> str:
        """Commit what changed below `paths` (relative to the street), by `author`, or by nobody known; its id, or ""
        when nothing changed. What others staged elsewhere stays staged."""
        with self.alone() as handle:
            if not paths or not self._changed(paths, handle):
                return ""
            name, mail = (f"{author.id} {author.name}", f"{author.id}@street.invalid") if author else _NOBODY
            when = now.astimezone(UTC).isoformat(timespec="seconds")
            dated = {
                "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when,
            }  # fmt: skip
            self._run(["add", "--all", "--", *paths], handle)
            self._run(
                ["commit", "--quiet", "--no-verify", "--cleanup=whitespace", "--file=-", "--only", "--", *paths],
                handle, dated, message,
            )  # fmt: skip
            return self._run(["rev-parse", "HEAD"], handle).strip()

    def changed(self, paths: Sequence[str]) -> bool:
        """Whether something below `paths` is not as the last commit has it."""
        with self.alone() as handle:
            return bool(paths) and self._changed(paths, handle)

    def commit_of(self, number: int, digest: str) -> tuple[str, str]:
        """The commit that names the row `number` of the operation log, and how its act ended; both "" if none does."""
        begins = f"{ACT}: {number} {digest} "
        with self.alone() as handle:
            said = self._run(["log", "-1", "--format=%H%n%B", f"--grep=^{begins}"], handle)
        ends = [line.removeprefix(begins) for line in said.splitlines() if line.startswith(begins)]
        return (said.splitlines()[0], ends[0]) if ends else ("", "")

    def cited(self) -> list[tuple[int, str]]:
        """Number and digest of every row of the operation log that a commit names."""
        with self.alone() as handle:
            said = self._run(["log", "--format=%B%x00"], handle) if self._has_commit(handle) else ""
        return [(int(number), digest) for number, digest in _CITED.findall(said)]

    @contextmanager
    def alone(self) -> Iterator[int]:
        """Hold the repository's lock; what a git that was killed left locked is free again."""
        with flock(self.home.locks / "repository") as handle:
            if os.pread(handle, len(_BUSY), 0) == _BUSY:
                self._unlock()
            os.pwrite(handle, _BUSY, 0)
            left_locked = True
            try:
                yield handle
                left_locked = False
            except (GitFailed, Refused) as failed:
                left_locked = isinstance(failed, GitFailed) and failed.killed
                raise
            finally:
                if not left_locked:
                    os.ftruncate(handle, 0)

    def _unlock(self) -> None:
        git = self.street / ".git"
        for left in (*git.glob("*.lock"), *(git / "refs").rglob("*.lock")):
            left.unlink(missing_ok=True)

    def _changed(self, paths: Sequence[str], handle: int) -> bool:
        return bool(self._run(["status", "--porcelain", "--untracked-files=all", "--", *paths], handle))

    def _run(self, command: Sequence[str], handle: int, more: dict[str, str] | None = None, said: str = "") -> str:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603 - words of ours, and paths that are taken literally
                ["git", *settings, "--literal-pathspecs", *command],  # noqa: S607 - git is where the system has it
                cwd=self.street, env=self._environment() | (more or {}), input=said.encode(), capture_output=True,
                check=False, pass_fds=(handle,),
            )  # fmt: skip
        except FileNotFoundError:
            raise Refused("没有找到 git 命令，请先安装 git") from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip() or str(done.returncode)
            raise GitFailed(f"git {command[0]}: {said}", killed=done.returncode < 0)
        return done.stdout.decode(errors="surrogateescape")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home.path),
            "LC_ALL": "C.UTF-8",
            "GIT_DIR": str(self.street / ".git"),
            "GIT_WORK_TREE": str(self.street),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": _NOBODY[0],
            "GIT_AUTHOR_EMAIL": _NOBODY[1],
            "GIT_COMMITTER_NAME": _NOBODY[0],
            "GIT_COMMITTER_EMAIL": _NOBODY[1],
        }

    def open(self, now: datetime) -> None:
        """Make the repository where there is none, with all there is as its first commit."""
        git = self.street / ".git"
        with self.alone() as handle:
            if not (git / "HEAD").is_file():
                self._run(["init", "--quiet", "--initial-branch=main", "--template="], handle)
            self._ignore(git)
            if not self._has_branch(handle):
                raise Refused("街道的版本库不在任何分支上，请先切回分支", str(self.street))
            if (git / "MERGE_HEAD").exists():
                raise Refused("街道的版本库里有没有做完的合并，请先做完", str(self.street))
            first = not self._has_commit(handle)
        if first:
            self.commit(["."], None, "接管街道文件夹时的全部内容", now)

    def _ignore(self, git: Path) -> None:
        file = git / "info" / "exclude"
        there = file.read_text("utf-8") if file.is_file() else ""
        missing = [name for name in _IGNORED if name not in there.splitlines()]
        if missing:
            file.parent.mkdir(exist_ok=True)
            file.write_text("\n".join([*there.splitlines(), *missing, ""]), "utf-8")

    def _has_branch(self, handle: int) -> bool:
        return self._holds(["symbolic-ref", "--quiet", "HEAD"], handle)

    def _has_commit(self, handle: int) -> bool:
        return self._holds(["rev-parse", "--quiet", "--verify", "HEAD"], handle)

    def _holds(self, question: Sequence[str], handle: int) -> bool:
        try:
            self._run(question, handle)
        except GitFailed:
            return False
        return True


def open_repository(street: StreetFolder, now: datetime, home: OfficeHome | None = None) -> Repository:
    """The repository at the street's top; made, with a first commit, when there is none."""
    repository = Repository(street.path.resolve(), home or open_home(street))
    repository.open(now)
    return repository
