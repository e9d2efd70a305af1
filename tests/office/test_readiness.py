"""An act that could not be committed is refused before it changes anything; what a `.gitignore` hides is committed."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.office import git_run, readiness
from jiezhang.office.acts import Acts
from jiezhang.office.git_run import GitFailed
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import Asked, Operation, OperationLog
from jiezhang.office.repository import Repository, open_repository
from tests.conftest import PEOPLE, snapshot


def now() -> datetime:
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acts:
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 0.2)
    home = open_home(street, tmp_path / "home")
    acts = Acts(home, street, OperationLog(home), open_repository(street, now(), home))
    act(acts, "先前")
    return acts


def act(acts: Acts, text: str, compound: str | None = "C0007", name: str = "note.txt") -> str:
    def write() -> str:
        (acts.street.path / "C0007" / name).write_text(text, "utf-8")
        return text

    return acts.carry_out(PEOPLE[0], "complete", compound, f"写{text}", write, now, told=str)


def ended(acts: Acts) -> list[Operation]:
    return [row for row in acts.log.search(Asked(), None) if row.phase != "begin"]


def git(acts: Acts, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=acts.street.path, capture_output=True, check=True, text=True)
    return done.stdout


def touch(name: str) -> Callable[[Acts], object]:
    def obstruct(acts: Acts) -> None:
        (acts.street.path / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
        (acts.street.path / ".git" / name).write_text(git(acts, "rev-parse", "HEAD"), "utf-8")

    return obstruct


def lock_out(name: str) -> Callable[[Acts], object]:
    """As when somebody ran git by another account; whoever tests may be allowed everything, so we go by the mode."""

    def obstruct(acts: Acts) -> None:
        (acts.street.path / ".git" / name).chmod(0o500)

    return obstruct


def by_mode(path: Path, mode: int) -> bool:
    assert mode == os.W_OK
    return bool(path.stat().st_mode & 0o200)


def lost(acts: Acts, what: str) -> None:
    """An object that is gone, as after a fault of the disk."""
    name = git(acts, "rev-parse", what).strip()
    (acts.street.path / ".git/objects" / name[:2] / name[2:]).unlink()


BUSY, HALF = "街道的版本库被别的 git 占着，没有办", "街道的版本库里有没有做完的合并、变基或拣选"
UNWRITABLE = "街道的版本库写不进去，没有办"
OBSTACLES = [
    (touch("index.lock"), BUSY),
    (touch("HEAD.lock"), BUSY),
    (touch("refs/heads/main.lock"), BUSY),
    (touch("MERGE_HEAD"), HALF),
    (touch("CHERRY_PICK_HEAD"), HALF),
    (touch("REVERT_HEAD"), HALF),
    (touch("rebase-merge/head-name"), HALF),
    (touch("rebase-apply/head-name"), HALF),
    (lambda acts: (acts.street.path / ".git/HEAD").write_text("ref: refs/heads/../../x"), "街道的版本库不在任何分支上"),
    (lambda acts: lost(acts, "HEAD"), "街道的版本库现在存不进去，没有办"),
    (lambda acts: lost(acts, "HEAD^{tree}"), "街道的版本库现在存不进去，没有办"),
    (lambda acts: lost(acts, "HEAD:C0007/register"), "街道的版本库现在存不进去，没有办"),
    (lambda acts: (acts.street.path / ".git/config").write_text("[core"), "街道的版本库现在存不进去，没有办"),
    (lambda acts: git(acts, "checkout", "-q", "--detach"), "街道的版本库不在任何分支上，请先切回分支"),
    (lambda acts: (acts.street.path / ".git").rename(acts.street.path.parent / "away"), "街道的版本库不在了"),
    (lambda acts: (acts.street.path / ".git/index").write_bytes(b"no index"), "街道的版本库现在存不进去，没有办"),
    (lambda acts: git(acts, "init", "-q", "C0007/another"), "这里另有一个版本库，里面的文件存不进街道的版本库"),
    (lock_out("."), UNWRITABLE),
    (lock_out("objects"), UNWRITABLE),
    (lambda acts: lock_out(f"objects/{git(acts, 'rev-parse', 'HEAD')[:2]}")(acts), UNWRITABLE),
    (lock_out("refs/heads"), UNWRITABLE),
    (lock_out("logs/HEAD"), UNWRITABLE),
    (lock_out("COMMIT_EDITMSG"), UNWRITABLE),
]


@pytest.mark.parametrize("compound", ["C0007", None])
@pytest.mark.parametrize(("obstruct", "said"), OBSTACLES)
def test_what_cannot_be_committed_is_not_done(
    acts: Acts, obstruct: Callable[[Acts], object], said: str, compound: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", by_mode)
    obstruct(acts)
    before, rows = snapshot(acts.street.path / "C0007"), ended(acts)
    with pytest.raises(Refused, match=said):
        act(acts, "不该写的", compound)
    assert snapshot(acts.street.path / "C0007") == before
    assert ended(acts) == rows


def test_another_git_that_ends_soon_is_waited_for(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 10)
    lock = acts.street.path / ".git/index.lock"
    lock.touch()
    threading.Timer(0.3, lock.unlink).start()
    act(acts, "一")
    assert acts.verify() == []


def test_a_branch_left_while_the_act_went_on(acts: Acts) -> None:
    """Nothing is committed where nobody would find it, and who asked is told that it is done."""

    def leave() -> None:
        (acts.street.path / "C0007/note.txt").write_text("一", "utf-8")
        git(acts, "checkout", "-q", "--detach")

    with pytest.raises(Refused, match="已经办了，只是没有存入版本库：不要再办一次"):
        acts.carry_out(PEOPLE[0], "complete", "C0007", "写", leave, now)
    git(acts, "checkout", "-q", "main")
    act(acts, "二")
    assert git(acts, "log", "--format=%an", "-3").splitlines()[:2] == ["K01 代理会计"] * 2
    assert acts.verify() == []


FLAGS = ["--skip-worktree", "--assume-unchanged"]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_file_that_git_was_told_not_to_look_at_is_committed(acts: Acts, flag: str) -> None:
    git(acts, "update-index", flag, "C0007/note.txt")
    act(acts, "一")
    newest = acts.log.newest()
    assert newest is not None and newest.commit_id == git(acts, "rev-parse", "HEAD").strip()
    assert git(acts, "show", "HEAD:C0007/note.txt") == "一"


@pytest.mark.parametrize("flag", FLAGS)
def test_what_was_changed_by_hand_behind_it_is_nobodys(acts: Acts, flag: str) -> None:
    git(acts, "update-index", flag, "C0007/note.txt")
    (acts.street.path / "C0007/note.txt").write_text("手写", "utf-8")
    act(acts, "一", name="other.txt")
    assert git(acts, "log", "--format=%an", "-2").splitlines() == ["K01 代理会计", "jiezhang"]
    assert git(acts, "show", "HEAD^:C0007/note.txt") == "手写"


def test_a_sparse_checkout_hides_nothing(acts: Acts) -> None:
    (acts.street.path / "sub").mkdir()
    git(acts, "sparse-checkout", "set", "sub")
    (acts.street.path / "C0007").mkdir(exist_ok=True)
    act(acts, "一", None, "new.txt")
    assert git(acts, "show", "HEAD:C0007/new.txt") == "一"


@pytest.mark.parametrize("said", ["working-tree-encoding=nonsense", "working-tree-encoding=UTF-16LE", "text eol=crlf",
                                  "ident", "text filter=x"])  # fmt: skip
def test_bytes_are_kept_as_they_are(acts: Acts, said: str) -> None:
    text = "$Id$ 一二\n三\r\n"
    git(acts, "config", "filter.x.clean", "tr a-z A-Z")
    git(acts, "config", "filter.x.required", "true")
    (acts.street.path / ".gitattributes").write_text(f"*.txt {said}\n", "utf-8")
    (acts.street.path / ".git/info/attributes").write_text(f"*.txt {said}\n", "utf-8")

    def write() -> None:
        (acts.street.path / "C0007/note.txt").write_bytes(text.encode())

    acts.carry_out(PEOPLE[0], "complete", None, "写", write, now)
    words = ["git", "cat-file", "blob", "HEAD:C0007/note.txt"]
    assert subprocess.run(words, cwd=acts.street.path, capture_output=True, check=True).stdout == text.encode()


def test_staged_and_taken_back_by_hand_holds_nobody_up(acts: Acts) -> None:
    """The index has another state than the last commit, and the folder has not."""
    act(acts, "一")
    (acts.street.path / "C0007/note.txt").write_text("手写", "utf-8")
    git(acts, "add", "C0007/note.txt")
    (acts.street.path / "C0007/note.txt").write_text("一", "utf-8")
    act(acts, "二")
    assert acts.verify() == []


def test_what_an_act_costs_in_calls_of_git(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = git_run.run
    monkeypatch.setattr(git_run, "run", lambda *said: asked.append(said[2][0]) or run(*said))
    act(acts, "一", name="new.txt")
    ready = ["ls-tree", "ls-files", "status"]
    assert asked == [*ready, "ls-files", "add", "status", "commit", "rev-parse"]
    asked.clear()
    acts.carry_out(PEOPLE[0], "complete", "C0007", "看过", lambda: None, now)
    assert asked == [*ready, "ls-files", "add", "status"]


@pytest.mark.parametrize("ignoring", [".gitignore", "C0007/.gitignore", ".git/info/exclude"])
@pytest.mark.parametrize("compound", ["C0007", None])
def test_what_is_ignored_is_committed(acts: Acts, ignoring: str, compound: str | None) -> None:
    act(acts, "先", compound)
    with (acts.street.path / ignoring).open("a", encoding="utf-8") as file:
        file.write("\nnew*\n*.beancount\n")
    act(acts, "一", compound, "new 新.txt")
    newest = acts.log.newest()
    assert newest is not None and newest.commit_id
    assert git(acts, "-c", "core.quotePath=false", "show", "--format=", "--name-only").strip() == "C0007/new 新.txt"
    act(acts, "二", compound, "new 新.txt")
    assert git(acts, "show", "HEAD:C0007/new 新.txt") == "二"
    assert acts.verify() == []


def test_what_is_ignored_and_a_killed_act_left_is_committed(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    (acts.street.path / ".gitignore").write_text("new*\n", "utf-8")
    with monkeypatch.context() as patched, pytest.raises(Refused, match="不要再办一次"):
        patched.setattr(Repository, "commit", lambda *_: (_ for _ in ()).throw(GitFailed("disk full")))
        act(acts, "一", name="new.txt")
    assert acts.settle(now) == 1
    assert git(acts, "show", "HEAD:C0007/new.txt") == "一"
