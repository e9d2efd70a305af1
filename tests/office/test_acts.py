"""Acts: begun, done, committed, ended; what was killed in the midst is settled by whoever comes next."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from jiezhang.book.create import create_compound
from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person
from jiezhang.office.acts import Acts
from jiezhang.office.git_run import GitFailed
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import HISTORY, Asked, OperationLog
from jiezhang.office.repository import Repository, open_repository
from jiezhang.office.trailers import cites
from tests.conftest import PEOPLE, new_compound

KATE, FRED = PEOPLE[:2]
Row = tuple[str, str, str, str, str]


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path) -> Acts:
    create_compound(street, new_compound("C0008", "短吴公寓"))
    home = open_home(street, tmp_path / "home")
    return Acts(home, street, OperationLog(home), open_repository(street, next(TICKS), home))


TICKS = (datetime(2026, 11, 22, 4, 0, tzinfo=UTC) + timedelta(seconds=at) for at in itertools.count())


def now() -> datetime:
    return next(TICKS)


def write(acts: Acts, text: str, code: str = "C0007") -> str:
    (acts.street.path / code / "note.txt").write_text(text, "utf-8")
    return text


def act(acts: Acts, do: Callable[[], str], person: Person = KATE, compound: object = "C0007") -> str:
    return acts.carry_out(person, "complete", compound, "写一张便条", do, now, told=str)  # type: ignore[arg-type]


def rows(acts: Acts) -> list[Row]:
    """Person, compound, phase, result, and whether there is a commit; oldest first."""
    found = [one for one in acts.log.search(Asked(), None)[::-1] if one.action != HISTORY]
    return [(one.person, one.compound, one.phase, one.result, "commit" if one.commit_id else "") for one in found]


def git(acts: Acts, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=acts.street.path, capture_output=True, check=True, text=True).stdout


def authors(acts: Acts) -> list[str]:
    """Of all commits but the first, oldest first."""
    return git(acts, "log", "--reverse", "--format=%an").splitlines()[1:]


def is_whole(acts: Acts) -> bool:
    """Nothing uncommitted, nothing open, and log and repository agree."""
    return not acts.repository.changed(["."]) and not acts.log.unended() and not acts.verify()


def test_what_is_accepted_is_in_log_and_repository(acts: Acts) -> None:
    assert act(acts, lambda: write(acts, "一")) == "一"
    assert rows(acts) == [("K01", "C0007", "begin", "", ""), ("K01", "C0007", "done", "一", "commit")]
    begun = acts.log.search(Asked(), None)[1]
    said = git(acts, "log", "-1", "--format=%an|%B")
    last = f"Operation: {begun.number} {begun.digest} done {cites('一')}"
    assert said == f"K01 代理会计|补录、制单：写一张便条\n\n{last}\n\n"
    assert is_whole(acts)


def test_what_changes_nothing_has_no_commit(acts: Acts) -> None:
    act(acts, lambda: "看过")
    assert rows(acts)[1:] == [("K01", "C0007", "done", "看过", "")]
    assert authors(acts) == []


@pytest.mark.parametrize(
    ("raised", "phase", "said"),
    [
        (Refused("不能写", "a.csv", 3), "refused", "a.csv：第 3 行：不能写"),
        (ManyRefused([Refused("一"), Refused("二")]), "refused", "一；二"),
        (ZeroDivisionError("secret"), "failed", "程序出错：ZeroDivisionError"),
    ],
)
@pytest.mark.parametrize("changed", [False, True])
def test_what_fails_is_logged_and_raised_again(
    acts: Acts, raised: Exception, phase: str, said: str, changed: bool
) -> None:
    def do() -> str:
        if changed:
            write(acts, "半")
        raise raised

    with pytest.raises(type(raised)):
        act(acts, do)
    assert rows(acts)[1:] == [("K01", "C0007", phase, said, "commit" if changed else "")]
    assert authors(acts) == ["K01 代理会计"] * changed
    assert is_whole(acts)


def test_an_unknown_compound_is_refused_before_anything(acts: Acts) -> None:
    with pytest.raises(Refused, match="街道里没有小区 C0099"):
        act(acts, lambda: "", compound="C0099")
    assert rows(acts) == []


def test_several_compounds_and_the_street_as_a_whole(acts: Acts) -> None:
    act(acts, lambda: write(acts, "一") + write(acts, "二", "C0008"), compound=["C0008", "C0007"])
    act(acts, lambda: (acts.street.path / "notice.txt").write_text("三", "utf-8") and "三", compound=None)
    assert [row[1] for row in rows(acts)] == ["C0007 C0008", "C0007 C0008", "", ""]
    assert git(acts, "show", "--format=", "--name-only", "HEAD^").split() == ["C0007/note.txt", "C0008/note.txt"]
    assert is_whole(acts)


def test_what_was_done_past_the_office_is_nobodys(acts: Acts) -> None:
    write(acts, "手写")
    write(acts, "别处", "C0008")
    act(acts, lambda: write(acts, "一"))
    assert authors(acts) == ["jiezhang", "K01 代理会计"]
    assert [(row[0], row[2]) for row in rows(acts)] == [("", "begin"), ("", "done"), ("K01", "begin"), ("K01", "done")]
    assert git(acts, "show", "HEAD^:C0007/note.txt") == "手写"
    assert acts.repository.changed(["C0008"])


def killed(acts: Acts, at: str, compound: object = "C0007") -> None:
    """An act of K01's whose process dies: before it did anything, after, or when its commit was made."""

    def die(*_: object) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    def doomed() -> None:
        if at == "committed":
            OperationLog.end = die  # type: ignore[method-assign, assignment]
        act(acts, {"begun": die, "done": lambda: die(write(acts, "一")), "committed": lambda: write(acts, "一")}[at],
            compound=compound)  # fmt: skip

    process = get_context("fork").Process(target=doomed)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


KILLED = [
    # died when     how its act ends, and with a commit?
    ("begun",     "failed", "办理中断，没有改动",                     ""),
    ("done",      "done",   "办理中断，由系统把已办的部分存入版本库", "commit"),
    ("committed", "done",   "办理以后中断，由系统补记",               "commit"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "phase", "said", "commit"), KILLED)
def test_a_killed_act_is_settled_by_the_next(acts: Acts, at: str, phase: str, said: str, commit: str) -> None:
    killed(acts, at)
    assert len(acts.log.unended()) == 1
    act(acts, lambda: write(acts, "二"), FRED)
    assert rows(acts)[1:] == [
        ("K01", "C0007", phase, said, commit),
        ("F01", "C0007", "begin", "", ""),
        ("F01", "C0007", "done", "二", "commit"),
    ]  # fmt: skip
    assert authors(acts) == ["K01 代理会计"] * bool(commit) + ["F01 街道复核员"]
    assert is_whole(acts)


def test_another_compounds_act_is_left_alone(acts: Acts) -> None:
    killed(acts, "done")
    act(acts, lambda: write(acts, "二", "C0008"), FRED, "C0008")
    assert len(acts.log.unended()) == 1
    assert acts.settle(now) == 1
    assert acts.settle(now) == 0
    assert is_whole(acts)


@pytest.mark.parametrize("compound", [None, ["C0007", "C0008"]])
def test_a_killed_act_of_more_compounds_is_settled_whole(acts: Acts, compound: object) -> None:
    killed(acts, "done", compound)
    act(acts, lambda: write(acts, "二", "C0008"), FRED, "C0008")
    assert [row[0] for row in rows(acts)] == ["K01", "K01", "F01", "F01"]
    assert is_whole(acts)


def test_when_the_commit_fails_all_the_same_it_says_so_and_the_next_settles(
    acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise GitFailed("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(Repository, "commit", full)
        with pytest.raises(Refused, match="已经办了，只是没有存入版本库：不要再办一次"):
            act(acts, lambda: write(acts, "一"))
    assert len(acts.log.unended()) == 1
    act(acts, lambda: write(acts, "二"), FRED)
    assert authors(acts) == ["K01 代理会计", "F01 街道复核员"]
    assert is_whole(acts)


@pytest.mark.parametrize(
    ("one", "other", "wait"),
    [("C0007", "C0007", True), ("C0007", "C0008", False), ("C0007", None, True), (None, "C0008", True),
     (["C0007", "C0008"], "C0008", True)],
)  # fmt: skip
def test_who_waits_for_whom(acts: Acts, one: object, other: object, wait: bool) -> None:
    inside, go_on, passed = threading.Event(), threading.Event(), threading.Event()

    def hold() -> str:
        inside.set()
        assert go_on.wait(10)
        return ""

    first = threading.Thread(target=act, args=(acts, hold, KATE, one))
    second = threading.Thread(target=act, args=(acts, lambda: passed.set() or "", FRED, other))
    first.start()
    assert inside.wait(10)
    second.start()
    assert passed.wait(0.6 if wait else 10) != wait
    go_on.set()
    first.join(10)
    second.join(10)
    assert passed.is_set()
    assert is_whole(acts)


def test_who_waits_for_the_street_is_not_passed_by_for_ever(acts: Acts) -> None:
    """Acts on compounds follow each other without a pause; the street's turn comes all the same."""
    stop = threading.Event()

    def go_on(code: str) -> None:
        while not stop.is_set():
            act(acts, lambda: time.sleep(0.05) or "", KATE, code)  # type: ignore[func-returns-value]

    threads = [threading.Thread(target=go_on, args=(code,)) for code in ("C0007", "C0008")]
    for thread in threads:
        thread.start()
    try:
        waiting = threading.Thread(target=acts.settle, args=(now,), daemon=True)
        waiting.start()
        waiting.join(20)
        assert not waiting.is_alive()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
