"""A file that git cannot take stops nobody: the office goes on without it, and says so until it is gone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import DoneNotKept, Refused
from jiezhang.office import git_run
from jiezhang.office.acts import Acts
from jiezhang.office.backup import back_up, restore
from jiezhang.office.health import ailments
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import NOBODY, Asked, OperationLog
from jiezhang.office.repository import open_repository
from jiezhang.office.unstored import note_unstored, unstored
from tests.conftest import PEOPLE

ILL = ("有文件存不进版本库：请管理电脑的人用 jiezhang log verify 查看",)
Run = Callable[..., tuple[int, str, str]]


def now() -> datetime:
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path) -> Acts:
    return open_acts(street, tmp_path / "home")


def open_acts(street: StreetFolder, home: Path) -> Acts:
    opened = open_home(street, home)
    OperationLog(opened).newest()
    return Acts(opened, street, OperationLog(opened), open_repository(street, now(), opened))


def put(acts: Acts, *names: str, compound: str | None = None) -> None:
    def write() -> str:
        for name in names:
            (acts.street.path / name).parent.mkdir(exist_ok=True)
            (acts.street.path / name).write_text(name, "utf-8")
        return f"放入 {len(names)} 个"

    acts.carry_out(PEOPLE[0], "complete", compound, "放文件", write, now, told=str)


def take_out(acts: Acts, name: str) -> None:
    acts.carry_out(PEOPLE[0], "complete", None, "移出", (acts.street.path / name).unlink, now)


def committed(acts: Acts) -> list[str]:
    asked = ["git", "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "HEAD"]
    return subprocess.run(asked, cwd=acts.street.path, capture_output=True, check=True, text=True).stdout.splitlines()


def said(acts: Acts) -> list[str]:
    return [fault.message for fault in acts.verify()]


@pytest.mark.parametrize("name", ["git~1", "GIT~1", "git~1 ", "git~1.", "git~1:a.csv", "a\\git~1", ".g\u200cit", "con"])
def test_names_that_git_refuses_for_the_sake_of_other_systems(acts: Acts, tmp_path: Path, name: str) -> None:
    put(acts, f"inbox/{name}")
    assert f"inbox/{name}" in committed(acts) or '"' in "".join(committed(acts))
    put(acts, "inbox/next.csv")
    again = open_acts(acts.street, acts.home.path)
    assert again.settle(now) == 0
    back_up(again, tmp_path / "b.tar", NOBODY, now)
    place = StreetFolder(tmp_path / "again")
    restore(tmp_path / "b.tar", place, other := open_home(place, tmp_path / "other"), NOBODY, now)
    assert not open_repository(place, now(), other).changed(["."])
    assert said(again) == []


def test_a_name_that_git_never_takes_holds_nobody_up(acts: Acts, tmp_path: Path) -> None:
    with pytest.raises(DoneNotKept, match="已经办了，只是没有存入版本库：不要再办一次"):
        put(acts, "inbox/.GIT", "inbox/a.csv")
    last = acts.log.newest()
    assert last is not None
    assert (last.phase, last.result) == ("done", "放入 2 个（没有存入版本库：inbox/.GIT）")
    assert "inbox/a.csv" in committed(acts)
    rows = len(acts.log.search(Asked(), None))
    put(acts, "inbox/b.csv")
    put(acts, "C0007/note.txt", compound="C0007")
    assert len(acts.log.search(Asked(), None)) == rows + 4
    again = open_acts(acts.street, acts.home.path)
    assert again.settle(now) == 0
    back_up(again, tmp_path / "b.tar", NOBODY, now)
    assert said(again) == ["文件“inbox/.GIT”存不进版本库"]
    assert ailments(acts.street, acts.home, now())[-1:] == ILL
    take_out(again, "inbox/.GIT")
    assert not again.repository.changed(["."])
    assert (said(again), unstored(acts.home)) == ([], ())
    assert ILL[0] not in ailments(acts.street, acts.home, now())


def test_what_somebody_put_there_by_hand_holds_nobody_up(acts: Acts) -> None:
    (acts.street.path / "C0007/.Git").write_text("手写", "utf-8")
    put(acts, "C0007/note.txt", compound="C0007")
    assert "C0007/note.txt" in committed(acts)
    rows = acts.log.search(Asked(), None)
    assert [(row.action, row.result) for row in rows if row.action == "outside" and row.phase == "done"] == [
        ("outside", "（没有存入版本库：C0007/.Git）")
    ]


def test_what_a_killed_act_left_that_git_never_takes_is_settled(acts: Acts) -> None:
    """Without it, the row that began the act would stay open for good."""
    begun = acts.log.append(NOBODY, "complete", "放文件", now, phase="begin")
    (acts.street.path / "inbox").mkdir(exist_ok=True)
    (acts.street.path / "inbox/.GIT").write_text("半", "utf-8")
    assert acts.settle(now) == 1
    last = acts.log.newest()
    assert last is not None
    assert (last.of, last.phase, last.commit_id) == (begun.number, "done", "")
    assert last.result.endswith("（没有存入版本库：inbox/.GIT）")
    assert acts.settle(now) == 0


def test_a_tracked_file_that_nobody_can_read(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tests may read everything, so git's answers are those it gives to others."""
    put(acts, "C0007/a.txt", "C0007/b.txt")
    run, bad, kept = git_run.run, acts.street.path / "C0007/a.txt", acts.home.path / "a.txt"

    def unreadable(street: Path, home: Path, command: list[str], handles: object, more: object, given: str) -> object:
        if command[0] != "add":
            return run(street, home, command, handles, more, given)  # type: ignore[arg-type]
        bad.rename(kept)
        subprocess.run(["git", "update-index", "--assume-unchanged", "C0007/a.txt"], cwd=street, check=True)
        try:
            run(street, home, ["add", "--", "C0007/b.txt"], handles, more, "")  # type: ignore[arg-type]
            return 1, "", "unable to index file C0007/a.txt"
        finally:
            subprocess.run(["git", "update-index", "--no-assume-unchanged", "C0007/a.txt"], cwd=street, check=True)
            kept.rename(bad)

    monkeypatch.setattr(git_run, "run", unreadable)
    with pytest.raises(DoneNotKept):
        acts.carry_out(PEOPLE[0], "complete", "C0007", "写", lambda: [
            (acts.street.path / "C0007" / name).write_text("新", "utf-8") for name in ("a.txt", "b.txt")
        ], now)  # fmt: skip
    monkeypatch.undo()
    shown = ["git", "show", "--format=", "--name-only", "HEAD"]
    assert subprocess.run(shown, cwd=acts.street.path, capture_output=True, check=True).stdout == b"C0007/b.txt\n"
    assert unstored(acts.home) == ("C0007/a.txt",)
    put(acts, "C0007/c.txt", compound="C0007")
    assert unstored(acts.home) == ()
    assert not acts.repository.changed(["C0007"])


@pytest.mark.parametrize("code", [1, 128])
def test_a_full_disk_is_no_fault_of_a_file(acts: Acts, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be kept: who asked is told so, others are refused, and what was done is committed as theirs."""
    run: Run = git_run.run
    full = {"add": (code, "", "No space left"), "hash-object": (128, "", "No space left")}
    with monkeypatch.context() as patched:
        patched.setattr(git_run, "run", lambda *said: full.get(said[2][0]) or run(*said))
        with pytest.raises(DoneNotKept, match="已经办了，只是没有存入版本库"):
            put(acts, "C0007/note.txt", compound="C0007")
        with pytest.raises(Refused, match="街道的版本库现在存不进去，没有办"):
            put(acts, "C0007/more.txt", compound="C0007")
    assert not (acts.street.path / "C0007/more.txt").exists()
    assert unstored(acts.home) == ()
    assert acts.settle(now) == 1
    author = subprocess.run(["git", "log", "-1", "--format=%an"], cwd=acts.street.path, capture_output=True, check=True)
    assert author.stdout.decode() == "K01 代理会计\n"
    assert said(acts) == []


def test_each_look_is_at_some_paths_only(acts: Acts) -> None:
    assert note_unstored(acts.home, ["."], ["C0007/a", "C0008/b"]) == ("C0007/a", "C0008/b")
    assert note_unstored(acts.home, ["C0008"], ["C0008/b", "C0008/c"]) == ("C0008/c",)
    assert note_unstored(acts.home, ["C0007"], []) == ()
    assert unstored(acts.home) == ("C0008/b", "C0008/c")
