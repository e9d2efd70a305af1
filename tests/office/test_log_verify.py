"""Log and repository against each other: what a dishonest administrator can do to either by hand, and what is said."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.office.acts import Acts
from jiezhang.office.home import OfficeHome, open_home
from jiezhang.office.log_verify import KeptDigest
from jiezhang.office.operation_log import RESUMED, Operation, OperationLog, digest_of
from jiezhang.office.repository import open_repository
from tests.conftest import PEOPLE

LAST = 7
"""Rows: 1 the beginning, 2 and 3, 4 and 5, 6 and 7 an act each."""


def now() -> datetime:
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def open_acts(street: StreetFolder, home: Path) -> Acts:
    opened = open_home(street, home)
    return Acts(opened, street, OperationLog(opened), open_repository(street, now(), opened))


def act(acts: Acts, text: str) -> None:
    note = acts.street.path / "C0007/note.txt"
    acts.carry_out(PEOPLE[0], "complete", "C0007", f"写{text}", lambda: note.write_text(text, "utf-8"), now, told=str)


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path) -> Acts:
    """An office that took over a street that somebody had kept with git, after three acts."""
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("commit", "-qm", "一"),
        ("commit", "-qm", "二", "--allow-empty"),
    ):
        git(street.path, *words)
    acts = open_acts(street, tmp_path / "home")
    for text in "甲乙丙":
        act(acts, text)
    assert (acts.verify(), acts.log.newest().number) == ([], LAST)  # type: ignore[union-attr]
    return acts


def git(folder: Path, *words: str) -> str:
    words = ("-c", "user.name=长吴", "-c", "user.email=t01@street.invalid", *words)
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, text=True).stdout.strip()


def sql(acts: Acts, *statements: str) -> None:
    """Change the log as somebody would who can write to its file."""
    with closing(sqlite3.connect(acts.home.database)) as connection:
        for name in ("operations_stay", "operations_are_kept"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def rewrite_last(acts: Acts, **changes: object) -> None:
    """Rewrite the last row with the digest that goes with it, as nothing comes after it."""
    row: Operation = replace(list(acts.log.rows(LAST))[-1], **changes)  # type: ignore[arg-type]
    values = ", ".join(f"{name} = '{value}'" for name, value in changes.items())
    sql(acts, f"UPDATE operations SET {values}, digest = '{digest_of(row.said)}' WHERE number = {LAST}")


def trailer_of(acts: Acts, commit: str) -> str:
    return git(acts.street.path, "log", "-1", "--format=%B", commit).splitlines()[-1]


def edit(acts: Acts) -> None:
    (acts.street.path / "C0007/note.txt").write_text("手写", "utf-8")


def by_hand(acts: Acts) -> None:
    edit(acts)
    git(acts.street.path, "commit", "-qam", "手工改账")


def with_trailer_of_another(acts: Acts) -> None:
    edit(acts)
    git(acts.street.path, "commit", "-qam", f"补录\n\n{trailer_of(acts, 'HEAD~1')}")


def with_trailer_of_no_row(acts: Acts) -> None:
    edit(acts)
    git(acts.street.path, "commit", "-qam", f"补录\n\nOperation: 99 {'0' * 64} done")


def with_digest_made_up(acts: Acts) -> None:
    edit(acts)
    git(acts.street.path, "commit", "-qam", f"补录\n\nOperation: 6 {'0' * 64} done")


def amended(acts: Acts) -> None:
    edit(acts)
    git(acts.street.path, "commit", "-qa", "--amend", "-m", f"补录\n\n{trailer_of(acts, 'HEAD')}")


def on_no_branch(acts: Acts) -> None:
    """As an older program let it be: the act was committed, and the branch switched back afterwards."""
    main = git(acts.street.path, "rev-parse", "HEAD")
    act(acts, "丁")
    git(acts.street.path, "reset", "-q", "--hard", main)


def hidden_by_replacing(acts: Acts) -> None:
    by_hand(acts)
    git(acts.street.path, "replace", "HEAD", "HEAD~1")


def hidden_by_grafting(acts: Acts) -> None:
    by_hand(acts)
    by_hand_again = git(acts.street.path, "rev-parse", "HEAD")
    (acts.street.path / ".git/info/grafts").write_text(f"{by_hand_again}\n", "utf-8")


def lost(row: int, commit: str) -> str:
    return f"操作日志第 {row} 行存入的版本 {commit} 不在街道现在的版本里"


def forged(row: int, commit: str) -> str:
    return f"版本 {commit} 自称是操作日志第 {row} 行所办，日志里不是它"


def reset(commits: int) -> Callable[[Acts], object]:
    return lambda acts: git(acts.street.path, "reset", "-q", "--hard", f"HEAD~{commits}")


TAMPERINGS: list[tuple[Callable[[Acts], object], list[str]]] = [
    # what is done by hand; what is said, with the last commit before (`was`) and now (`head`)
    (reset(1), [lost(7, "{was}")]),
    (reset(4), [
        lost(3, "{was~2}"), lost(5, "{was~1}"),
        lost(7, "{was}"), "接管时的版本 {was~3} 不在街道现在的版本里",
    ]),
    (by_hand, ["版本 {head} 没有经过街账：操作日志里没有记它的一行"]),
    (hidden_by_replacing, ["版本 {head} 没有经过街账：操作日志里没有记它的一行"]),
    (hidden_by_grafting, ["版本 {head} 没有经过街账：操作日志里没有记它的一行"]),
    (with_trailer_of_another, [forged(4, "{head}")]),
    (with_trailer_of_no_row, ["版本库提到操作日志第 99 行，日志里没有"]),
    (with_digest_made_up, ["操作日志第 6 行与版本库记下的指纹不同"]),
    (amended, [forged(6, "{head}"), lost(7, "{was}")]),
    (on_no_branch, [lost(9, "{gone}")]),
    (lambda acts: git(acts.street.path, "checkout", "-q", "--detach"), ["街道的版本库不在任何分支上，请先切回分支"]),
    (lambda acts: sql(acts, "DELETE FROM operations WHERE number = 7"), [
        "操作日志第 6 行开始的事没有了结的一行",
    ]),
    (lambda acts: sql(acts, "DELETE FROM operations WHERE number >= 6"), ["版本库提到操作日志第 6 行，日志里没有"]),
    (lambda acts: rewrite_last(acts, phase="refused"), ["操作日志第 7 行与它存入的版本 {was} 所写不符"]),
    (lambda acts: rewrite_last(acts, result="一万元"), ["操作日志第 7 行与它存入的版本 {was} 所写不符"]),
    (lambda acts: rewrite_last(acts, person="K02"), ["操作日志第 7 行与它所续的第 6 行不是同一件事"]),
    (lambda acts: rewrite_last(acts, content="写别的"), ["操作日志第 7 行与它所续的第 6 行不是同一件事"]),
    (lambda acts: rewrite_last(acts, commit_id=""), [forged(6, "{was}")]),
    (lambda acts: rewrite_last(acts, commit_id=git(acts.street.path, "rev-parse", "HEAD~4")), [
        forged(6, "{was}"), "操作日志第 7 行与它存入的版本 {was~4} 所写不符",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "said"), TAMPERINGS)
def test_what_is_done_by_hand_is_found(acts: Acts, tamper: Callable[[Acts], object], said: list[str]) -> None:
    street = acts.street.path
    names = {f"was{way}": git(street, "rev-parse", f"HEAD{way}")[:12] for way in ("", "~1", "~2", "~3", "~4")}
    tamper(acts)
    names["head"] = git(street, "--no-replace-objects", "rev-parse", "HEAD")[:12]
    newest = acts.log.newest()
    names["gone"] = newest.commit_id[:12] if newest is not None else ""
    wanted = list(said)
    for name, value in names.items():
        wanted = [sentence.replace(f"{{{name}}}", value) for sentence in wanted]
    assert [fault.message for fault in acts.verify()] == wanted


def test_a_killed_act_is_no_fault_and_one_that_was_settled_neither(acts: Acts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between its commit and its last row; who settles it does not know what the act had to say."""
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(OperationLog, "end", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        act(acts, "丁")
    assert acts.verify() == []
    assert acts.settle(now) == 1
    last = acts.log.newest()
    assert last is not None and last.result == RESUMED
    assert acts.verify() == []


def test_both_ends_cut_at_once_are_found_by_what_was_noted_down(acts: Acts) -> None:
    last = acts.log.newest()
    assert last is not None
    kept = [KeptDigest(last.number, last.digest[:16])]
    assert acts.verify(kept) == []
    git(acts.street.path, "reset", "-q", "--hard", "HEAD~1")
    sql(acts, "DELETE FROM operations WHERE number >= 6")
    assert acts.verify() == [], "which docs/adr/0024 says"
    assert [fault.message for fault in acts.verify(kept)] == ["操作日志没有第 7 行，另存的指纹却有"]
    act(acts, "别")
    assert [fault.message for fault in acts.verify(kept)] == ["操作日志第 7 行与另存的指纹不同"]


def test_another_home_is_told_apart(acts: Acts, tmp_path: Path) -> None:
    """Two homes have two logs, and locks that do not exclude each other; one that is moved stays the same."""
    said = "这个街道的登录账号和操作日志在另一个地方"
    other = OfficeHome(tmp_path / "other")
    other.locks.mkdir(parents=True, mode=0o700)
    other.path.chmod(0o700)
    with pytest.raises(Refused, match=said):
        open_acts(acts.street, other.path)
    with pytest.raises(Refused, match=said):
        open_repository(acts.street, now(), other)
    with pytest.raises(Refused, match=said):
        replace(acts, home=other, log=OperationLog(other)).verify()
    ours = acts.home.path
    ours.rename(tmp_path / "moved")
    act(open_acts(acts.street, tmp_path / "moved"), "搬家以后")
    shutil.rmtree(tmp_path / "moved")
    with pytest.raises(Refused, match=said):
        open_acts(acts.street, tmp_path / "moved")
