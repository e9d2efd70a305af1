"""A repository whose objects are not what their names say, or that cannot be read, is told by `log verify`."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.domain.problem import Refused
from jiezhang.office.acts import Acts
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import OperationLog
from jiezhang.office.repository import open_repository
from tests.conftest import PEOPLE


def now() -> datetime:
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def acts(street: StreetFolder, tmp_path: Path) -> Acts:
    home = open_home(street, tmp_path / "home")
    acts = Acts(home, street, OperationLog(home), open_repository(street, now(), home))
    note = street.path / "C0007/note.txt"
    for text in "甲乙丙":
        acts.carry_out(PEOPLE[0], "complete", "C0007", f"写{text}", partial(note.write_text, text, "utf-8"), now)
    return acts


def git(acts: Acts, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=acts.street.path, capture_output=True, check=True, text=True).stdout


def object_of(acts: Acts, what: str) -> Path:
    name = git(acts, "rev-parse", what).strip()
    return acts.street.path / ".git/objects" / name[:2] / name[2:]


def overwrite(what: str, old: str, new: str) -> Callable[[Acts], object]:
    """Put other content where an object lies, under the name it has."""

    def change(acts: Acts) -> None:
        file = object_of(acts, what)
        kind, _, content = zlib.decompress(file.read_bytes()).partition(b"\0")
        assert old.encode() in content
        forged = content.replace(old.encode(), new.encode())
        file.chmod(0o600)
        file.write_bytes(zlib.compress(b"%s %d\0%s" % (kind.split()[0], len(forged), forged)))

    return change


def another_tree(acts: Acts) -> None:
    overwrite("HEAD~1", git(acts, "rev-parse", "HEAD~1^{tree}"), git(acts, "rev-parse", "HEAD~2^{tree}"))(acts)


REWRITTEN = [
    (overwrite("HEAD~1:C0007/note.txt", "乙", "伪"), "hash-path mismatch"),
    (overwrite("HEAD~1", "K01 代理会计", "T01 街道主任"), "hash-path mismatch"),
    (another_tree, "hash-path mismatch"),
    (lambda acts: object_of(acts, "HEAD~1:C0007/note.txt").unlink(), "missing blob"),
    (lambda acts: object_of(acts, "HEAD~1:C0007").unlink(), "missing tree"),
    (lambda acts: object_of(acts, "HEAD:C0007/register").unlink(), "missing tree"),
]


@pytest.mark.parametrize(("change", "said"), REWRITTEN)
def test_a_past_version_rewritten_under_its_own_name(
    acts: Acts, tmp_path: Path, change: Callable[[Acts], object], said: str
) -> None:
    assert acts.verify() == []
    change(acts)
    code, printed = log_verify(acts)
    assert code == 1
    assert "版本库有损坏或被改动，git 说：" in printed
    assert said in printed


def log_verify(acts: Acts) -> tuple[int, str]:
    words = ["-C", str(acts.street.path), "--home", str(acts.home.path), "log", "verify"]
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def elsewhere(acts: Acts) -> None:
    git_dir = acts.street.path / ".git"
    git_dir.rename(acts.home.path.parent / "away")
    git_dir.write_text(f"gitdir: {acts.home.path.parent / 'away'}\n", "utf-8")


def away(acts: Acts) -> None:
    (acts.street.path / ".git").rename(acts.home.path.parent / "away")


def without_its_last_commit(acts: Acts) -> None:
    object_of(acts, "HEAD").unlink()


def with_bad_settings(acts: Acts) -> None:
    (acts.street.path / ".git/config").write_text("[core\n", "utf-8")


def with_a_branch_that_is_none(acts: Acts) -> None:
    (acts.street.path / ".git/refs/heads/main").write_text("zzz\n", "utf-8")


GONE, UNREAD = "街道的版本库不在了", "街道的版本库读不出来：git "
BROKEN = [
    (elsewhere, GONE, GONE),
    (away, GONE, None),
    (without_its_last_commit, UNREAD, None),
    (with_bad_settings, UNREAD, UNREAD),
    (with_a_branch_that_is_none, UNREAD, UNREAD),
]


@pytest.mark.parametrize(("change", "said", "opened"), BROKEN)
def test_a_repository_that_cannot_be_read_is_one_sentence(
    acts: Acts, change: Callable[[Acts], object], said: str, opened: str | None
) -> None:
    """Nothing is said of rows whose commits nobody can look up, and an office that starts says the same."""
    change(acts)
    code, printed = log_verify(acts)
    assert code == 1
    assert said in printed
    assert "操作日志第" not in printed
    if opened is not None:
        with pytest.raises(Refused, match=opened):
            open_repository(acts.street, now(), acts.home)


def test_a_long_list_of_damages_is_cut(acts: Acts) -> None:
    for file in (acts.street.path / ".git/objects").glob("??/*"):
        if file != object_of(acts, "HEAD"):
            file.chmod(0o600)
            file.write_bytes(b"broken")
    found = [fault.message for fault in acts.verify()]
    assert sum(one.startswith("版本库有损坏或被改动") for one in found) == 20
    assert any(one.startswith("版本库另有 ") and one.endswith(" 处损坏，用 git fsck --full 全部列出") for one in found)
