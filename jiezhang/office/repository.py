"""The street's repository: every act a commit by who did it. Through the `git` command, never through a shell, and
without any configuration but ours.

One process at a time runs git, under a lock in the office home that the git child inherits: a server that is killed
leaves no git running that another would not wait for. What a killed git leaves behind (`index.lock`) is known by a
mark in the lock's file, and taken away by whoever holds the lock next.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jiezhang.book.layout import StreetFolder
from jiezhang.book.write import write_atomically
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person

from . import git_run
from .flocks import flock
from .git_run import GitFailed
from .home import OfficeHome, claim, open_home
from .operation_log import HISTORY, NOBODY, OperationLog
from .readiness import refuse_no_branch, refuse_unready, wait_until_free
from .trailers import ACT, Commit, citations_in
from .unstored import below, is_readable, note_unstored

_IGNORED = (".lock", ".*.tmp", ".staging-*")
"""What a writer has beside the books while it writes. No `.gitignore` hides anything else from us."""
_BYTES_AS_THEY_ARE = "* -text -filter -ident -working-tree-encoding"
"""The last line of `.git/info/attributes`, which goes before any `.gitattributes` of the street."""
_BUSY = b"busy"
_SOME_FAILED = 1
"""How `git add` ends when it could not take some of the files."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What the next commit takes of `paths`: the files `names`. `unstored` git cannot take, `fresh` of them since
    somebody last looked."""

    paths: tuple[str, ...]
    names: tuple[str, ...]
    unstored: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()

    @property
    def pathspecs(self) -> tuple[str, ...]:
        """What to commit, in as few words as will do."""
        if self.unstored:
            return self.names
        return tuple(path for path in self.paths if any(below(name, path) for name in self.names))


@dataclass(frozen=True, slots=True)
class Repository:
    """A street's repository; `open_repository` makes it."""

    street: Path
    home: OfficeHome

    def stage(self, paths: Sequence[str]) -> Staged:
        """Make what changed below `paths` (relative to the street) ready for a commit. A file that git cannot take
        holds up no other; `GitFailed` when it is not the file's own fault."""
        with self.alone() as handle:
            if not paths:
                return Staged((), ())
            new = self._untracked(paths, handle)
            wait_until_free(self.git, refuse_no_branch(self.git))
            self._add(["--", *paths], handle)
            names, left = self._staged(paths, handle, new)
            if left:  # hidden by a `.gitignore`, or what keeps `add` from taking the others
                said = "\0".join(left)
                failed = self._add(["--force", "--pathspec-from-file=-", "--pathspec-file-nul"], handle, said)
                if failed is not None and failed.code != _SOME_FAILED:
                    raise failed
                names, left = self._staged(paths, handle, new)
                self._fail_unless_own_fault(left, handle)
            return Staged(tuple(paths), names, left, note_unstored(self.home, paths, left))

    def commit(self, staged: Staged, author: Person | None, message: str, now: datetime) -> str:
        """Commit what `stage` made ready, by `author`, or by nobody known; its id, or "" when that is nothing. What
        others staged elsewhere stays staged."""
        if not staged.names:
            return ""
        with self.alone() as handle, tempfile.TemporaryFile() as listed:
            name, mail = (f"{author.id} {author.name}", f"{author.id}@street.invalid") if author else git_run.NOBODY
            when = now.astimezone(UTC).isoformat(timespec="seconds")
            dated = {
                "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when,
            }  # fmt: skip
            wait_until_free(self.git, refuse_no_branch(self.git))
            listed.write("\0".join(staged.pathspecs).encode(errors="surrogateescape"))
            listed.seek(0)
            self._run(
                ["commit", "--quiet", "--no-verify", "--cleanup=whitespace", "--file=-", "--only",
                 f"--pathspec-from-file=/dev/fd/{listed.fileno()}", "--pathspec-file-nul"],
                handle, listed.fileno(), more=dated, said=message,
            )  # fmt: skip
            return self._run(["rev-parse", "HEAD"], handle).strip()

    def changed(self, paths: Sequence[str]) -> bool:
        """Whether something below `paths` is not as the last commit has it."""
        with self.alone() as handle:
            found = bool(paths) and bool(self._untracked(paths, handle) or any(self._tracked(paths, handle)))
            if not found:
                note_unstored(self.home, paths, ())
            return found

    def commit_of(self, number: int, digest: str) -> tuple[str, str]:
        """The commit that names the row `number` of the operation log, and how its act ended; both "" if none does."""
        begins = f"{ACT}: {number} {digest} "
        with self.alone() as handle:
            said = self._run(["log", "-1", "--format=%H%n%B", f"--grep=^{begins}"], handle)
        ends = [one.phase for one in citations_in(said) if (one.number, one.digest) == (number, digest)]
        return (said.splitlines()[0], ends[0]) if ends else ("", "")

    def history(self) -> list[Commit]:
        """Every commit of the branch, the newest first."""
        with self.alone() as handle:
            said = self._run(["log", "--format=%H %P%n%B%x00"], handle) if self._has_commit(handle) else ""
        found = (one.lstrip("\n").partition("\n") for one in said.split("\0") if one.strip("\n"))
        return [Commit(ids.split()[0], tuple(ids.split()[1:]), citations_in(body)) for ids, _, body in found]

    def damage(self) -> list[str]:
        """What `git fsck` has to say of every object there is; nothing when all are what their names say.

        Asked while others go on, and once more with nobody at work if that found anything.
        """
        if not self._fsck():
            return []
        with self.alone() as handle:
            return self._fsck(handle)

    def refuse_unready(self) -> None:
        """`Refused` when no commit could be made now, or the street is another home's; `GitFailed` when a folder of
        the last commit is gone."""
        with self.alone() as handle:
            refuse_unready(self.git)
            claim(self.git, self.home)
            self._keep_lines()
            self._run(["ls-tree", "-r", "-d", "--name-only", "HEAD"], handle)

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

    def _tracked(self, paths: Sequence[str], handle: int) -> tuple[list[str], list[str]]:
        """Files of which the index has another state than the last commit, and the folder another than the index."""
        asked = ["--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=all"]
        said = [one for one in self._run(["status", *asked, "--", *paths], handle).split("\0") if one]
        return [one[3:] for one in said if one[0] != " "], [one[3:] for one in said if one[1] != " "]

    def _untracked(self, paths: Sequence[str], handle: int) -> list[str]:
        """Files that no commit has yet, whatever a `.gitignore` says of them. What somebody told git not to look at
        is looked at again."""
        known = [f"--exclude={name}" for name in _IGNORED]
        said = self._run(["ls-files", "-z", "-v", "--cached", "--others", *known, "--", *paths], handle)
        tagged = [(one[0], one[2:]) for one in said.split("\0") if one]
        for flag, names in (
            ("--no-assume-unchanged", [name for tag, name in tagged if tag.islower()]),
            ("--no-skip-worktree", [name for tag, name in tagged if tag in "Ss"]),
        ):
            if names:
                self._run(["update-index", flag, "-z", "--stdin"], handle, said="\0".join(names))
        found = [name for tag, name in tagged if tag == "?"]
        for name in found:
            if name.endswith("/"):
                raise Refused("这里另有一个版本库，里面的文件存不进街道的版本库，请先移走", str(self.street / name))
        return found

    def _add(self, which: Sequence[str], handle: int, said: str = "") -> GitFailed | None:
        """Have git take what it can; what it said if that was not all."""
        try:
            self._run(["add", "--all", "--ignore-errors", *which], handle, said=said)
        except GitFailed as failed:
            if failed.killed:
                raise
            return failed
        return None

    def _staged(self, paths: Sequence[str], handle: int, new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the index has for the next commit, and what it still has not, of the `new` files and of the others."""
        names, left = self._tracked(paths, handle)
        there = [name for name in new if name not in set(names) and os.path.lexists(self.street / name)]
        return tuple(names), tuple(sorted({*left, *there}))

    def _fail_unless_own_fault(self, left: Sequence[str], handle: int) -> None:
        """`GitFailed` when it cannot keep the content either of a file that can be read, as on a disk that is full."""
        files = [self.street / name for name in left]
        readable = [file for file in files if not file.is_symlink() and is_readable(file)]
        if readable:
            largest = max(readable, key=lambda file: file.stat().st_size)
            self._run(["hash-object", "-w", "--no-filters", "--", str(largest)], handle)

    def _fsck(self, *handles: int) -> list[str]:
        command = ["fsck", "--full", "--no-dangling", "--no-reflogs", "--no-progress"]
        code, given, complained = git_run.run(self.street, self.home.path, command, handles, {}, "")
        lines = re.sub(r"\n[ \t]+", " ", f"{given}\n{complained}").splitlines()
        said = [one for one in lines if one and not one.startswith(("notice:", "warning", "hint:"))]
        return (said or [str(code)]) if code else []

    def _run(self, command: Sequence[str], *handles: int, more: dict[str, str] | None = None, said: str = "") -> str:
        code, given, complained = git_run.run(self.street, self.home.path, command, handles, more or {}, said)
        if code:
            raise GitFailed(f"git {command[0]}: {complained or code}", code)
        return given

    def open(self, now: datetime) -> None:
        """Make the repository where there is none, with all there is as its first commit; the log keeps where the
        history began."""
        try:
            self._open(now)
        except GitFailed as failed:
            raise Refused(f"街道的版本库读不出来：{failed}", str(self.git)) from failed

    def _open(self, now: datetime) -> None:
        with self.alone() as handle:
            if self.git.exists() and not self.git.is_dir():
                refuse_no_branch(self.git)
            if not (self.git / "HEAD").is_file():
                self._run(["init", "--quiet", "--initial-branch=main", "--template="], handle)
            refuse_unready(self.git)
            claim(self.git, self.home)
            self._keep_lines()
            if not (self.git / "index").exists() and self._has_commit(handle):
                self._run(["read-tree", "HEAD"], handle)  # as after a restore: what is there is as it was committed
            first = not self._has_commit(handle)
        if first:
            self.commit(self.stage(["."]), None, "接管街道文件夹时的全部内容", now)
        self._begin_history(now)

    def _begin_history(self, now: datetime) -> None:
        log = OperationLog(self.home)
        with self.alone() as handle:
            if not log.has(HISTORY):
                head = self._run(["rev-parse", "HEAD"], handle).strip()
                count = self._run(["rev-list", "--count", "HEAD"], handle).strip()
                content = f"从此每件事存一个版本，此前已有 {count} 个"
                log.append(NOBODY, HISTORY, content, lambda: now, commit_id=head)

    def _keep_lines(self) -> None:
        """Have git leave a writer's files alone, and take every other byte for byte."""
        for name, wanted in (("exclude", _IGNORED), ("attributes", (_BYTES_AS_THEY_ARE,))):
            file = self.git / "info" / name
            lines = [line.encode() for line in wanted]
            there = file.read_bytes().splitlines() if file.is_file() else []
            if there[-len(lines) :] != lines:
                write_atomically(file, b"\n".join([*(one for one in there if one not in lines), *lines, b""]))

    def _has_commit(self, handle: int) -> bool:
        """Whether the branch has a commit yet; `GitFailed` when it has something else."""
        try:
            self._run(["rev-parse", "--quiet", "--verify", "HEAD"], handle)
        except GitFailed as failed:
            if failed.code != 1 or refuse_no_branch(self.git).exists():
                raise
            return False
        return True


def open_repository(street: StreetFolder, now: datetime, home: OfficeHome | None = None) -> Repository:
    """The repository at the street's top; made, with a first commit, when there is none."""
    repository = Repository(street.path.resolve(), home or open_home(street))
    repository.open(now)
    return repository
