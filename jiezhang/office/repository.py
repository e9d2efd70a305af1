"""The street's repository: every act a commit by who did it. Through the `git` command, never through a shell, and
without any configuration but ours.

One process at a time runs git, under a lock in the office home that the git child inherits: a server that is killed
leaves no git running that another would not wait for. What a killed git leaves behind (`index.lock`) is known by a
mark in the lock's file, and taken away by whoever holds the lock next.
"""

from __future__ import annotations

import os
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
from .home import OfficeHome, claim, open_home
from .operation_log import HISTORY, NOBODY, OperationLog
from .readiness import refuse_no_branch, refuse_unready, wait_until_free
from .trailers import ACT, Commit, citations_in

_NOBODY = ("jiezhang", "jiezhang@street.invalid")
_SETTINGS = (
    "core.hooksPath=/dev/null", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null", "core.fsmonitor=false",
    "core.autocrlf=false", "core.quotePath=false", "core.fsync=all", "core.fsyncMethod=batch", "gc.auto=0",
    "maintenance.auto=false", "commit.gpgSign=false", "core.editor=false", "advice.addIgnoredFile=false",
    "log.showSignature=false", "submodule.recurse=false", "core.commitGraph=false",
    "i18n.logOutputEncoding=UTF-8", "i18n.commitEncoding=UTF-8",
)  # fmt: skip
_IGNORED = (".lock", ".*.tmp", ".staging-*")
"""What a writer has beside the books while it writes. No `.gitignore` hides anything else from us."""
_BUSY = b"busy"


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
            wait_until_free(self.git, refuse_no_branch(self.git))
            new = self._untracked(paths, handle)
            self._run(["add", "--all", "--", *paths], handle)
            if new:  # of which a `.gitignore` may hide some from `add`
                self._run(["update-index", "--add", "--remove", "-z", "--stdin"], handle, said="\0".join(new))
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
        ends = [one.phase for one in citations_in(said) if (one.number, one.digest) == (number, digest)]
        return (said.splitlines()[0], ends[0]) if ends else ("", "")

    def history(self) -> list[Commit]:
        """Every commit of the branch, the newest first; none where there is no repository."""
        if not self.git.exists():
            return []
        with self.alone() as handle:
            said = self._run(["log", "--format=%H %P%n%B%x00"], handle) if self._has_commit(handle) else ""
        found = (one.lstrip("\n").partition("\n") for one in said.split("\0") if one.strip("\n"))
        return [Commit(ids.split()[0], tuple(ids.split()[1:]), citations_in(body)) for ids, _, body in found]

    def refuse_unready(self) -> None:
        """`Refused` when no commit could be made now, or the street is another home's."""
        with self.alone():
            refuse_unready(self.git)
            claim(self.git, self.home)

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

    @property
    def git(self) -> Path:
        return self.street / ".git"

    def _unlock(self) -> None:
        for left in (*self.git.glob("*.lock"), *(self.git / "refs").rglob("*.lock")):
            left.unlink(missing_ok=True)

    def _changed(self, paths: Sequence[str], handle: int) -> bool:
        tracked = ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all", "--", *paths]
        return bool(self._run(tracked, handle)) or bool(self._untracked(paths, handle))

    def _untracked(self, paths: Sequence[str], handle: int) -> list[str]:
        """Files that no commit has yet, whatever a `.gitignore` says of them."""
        known = [f"--exclude={name}" for name in _IGNORED]
        said = self._run(["ls-files", "-z", "--others", *known, "--", *paths], handle)
        found = [name for name in said.split("\0") if name]
        for name in found:
            if name.endswith("/"):
                raise Refused("这里另有一个版本库，里面的文件存不进街道的版本库，请先移走", str(self.street / name))
        return found

    def _run(self, command: Sequence[str], handle: int, more: dict[str, str] | None = None, said: str = "") -> str:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603 - words of ours, and paths that are taken literally
                ["git", *settings, "--literal-pathspecs", *command],  # noqa: S607 - git is where the system has it
                cwd=self.street, env=self._environment() | (more or {}), input=said.encode(errors="surrogateescape"),
                capture_output=True, check=False, pass_fds=(handle,),
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
            "GIT_DIR": str(self.git),
            "GIT_WORK_TREE": str(self.street),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": os.devnull,
            "GIT_AUTHOR_NAME": _NOBODY[0],
            "GIT_AUTHOR_EMAIL": _NOBODY[1],
            "GIT_COMMITTER_NAME": _NOBODY[0],
            "GIT_COMMITTER_EMAIL": _NOBODY[1],
        }

    def open(self, now: datetime) -> None:
        """Make the repository where there is none, with all there is as its first commit; the log keeps where the
        history began."""
        with self.alone() as handle:
            if not (self.git / "HEAD").is_file():
                self._run(["init", "--quiet", "--initial-branch=main", "--template="], handle)
            self._ignore(self.git)
            refuse_unready(self.git)
            claim(self.git, self.home)
            if not (self.git / "index").exists() and self._has_commit(handle):
                self._run(["read-tree", "HEAD"], handle)  # as after a restore: what is there is as it was committed
            first = not self._has_commit(handle)
        if first:
            self.commit(["."], None, "接管街道文件夹时的全部内容", now)
        self._begin_history(now)

    def _begin_history(self, now: datetime) -> None:
        log = OperationLog(self.home)
        with self.alone() as handle:
            if not log.has(HISTORY):
                head = self._run(["rev-parse", "HEAD"], handle).strip()
                count = self._run(["rev-list", "--count", "HEAD"], handle).strip()
                content = f"从此每件事存一个版本，此前已有 {count} 个"
                log.append(NOBODY, HISTORY, content, lambda: now, commit_id=head)

    def _ignore(self, git: Path) -> None:
        file = git / "info" / "exclude"
        there = file.read_text("utf-8") if file.is_file() else ""
        missing = [name for name in _IGNORED if name not in there.splitlines()]
        if missing:
            file.parent.mkdir(exist_ok=True)
            file.write_text("\n".join([*there.splitlines(), *missing, ""]), "utf-8")

    def _has_commit(self, handle: int) -> bool:
        try:
            self._run(["rev-parse", "--quiet", "--verify", "HEAD"], handle)
        except GitFailed:
            return False
        return True


def open_repository(street: StreetFolder, now: datetime, home: OfficeHome | None = None) -> Repository:
    """The repository at the street's top; made, with a first commit, when there is none."""
    repository = Repository(street.path.resolve(), home or open_home(street))
    repository.open(now)
    return repository
