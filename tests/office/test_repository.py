"""The street's repository: commits by who acted, nothing else staged, no configuration but ours, stale locks gone."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.office import readiness
from jiezhang.office.git_run import GitFailed
from jiezhang.office.home import OfficeHome, open_home
from jiezhang.office.repository import Repository, open_repository
from jiezhang.office.trailers import Citation, Commit, cites, trailer

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KATE = Person(id="K02", name="代理会计2号", roles=("bookkeeper",))


@pytest.fixture
def home(street: StreetFolder, tmp_path: Path) -> OfficeHome:
    return open_home(street, tmp_path / "home")


@pytest.fixture
def repository(street: StreetFolder, home: OfficeHome) -> Repository:
    return open_repository(street, NOW, home)


def git(street: StreetFolder, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=street.path, capture_output=True, check=True, text=True)
    return done.stdout


def files(street: StreetFolder, commit: str) -> list[str]:
    return git(street, "show", "--format=", "--name-only", commit).split()


def test_the_first_commit_has_all_but_locks(street: StreetFolder, repository: Repository) -> None:
    tracked = git(street, "ls-files").split()
    there = [path.relative_to(street.path).as_posix() for path in street.path.rglob("*") if path.is_file()]
    assert tracked == sorted(name for name in there if not name.startswith(".git/") and not name.endswith(".lock"))
    assert git(street, "log", "--format=%an|%s|%aI") == (
        "jiezhang|接管街道文件夹时的全部内容|2026-11-22T04:00:00+00:00\n"
    )
    assert not repository.changed(["."])


def test_opening_again_changes_nothing(street: StreetFolder, repository: Repository, home: OfficeHome) -> None:
    head = git(street, "rev-parse", "HEAD")
    open_repository(street, NOW, home)
    assert git(street, "rev-parse", "HEAD") == head


def test_a_commit_is_its_authors(street: StreetFolder, repository: Repository) -> None:
    (street.path / "C0007/new.txt").write_text("一", "utf-8")
    made = repository.commit(repository.stage(["C0007"]), KATE, "补录：一笔\n\n#1 不是注释", NOW)
    assert git(street, "log", "-1", "--format=%H|%an|%ae|%cn|%B") == (
        f"{made}|K02 代理会计2号|K02@street.invalid|jiezhang|补录：一笔\n\n#1 不是注释\n\n"
    )
    assert files(street, made) == ["C0007/new.txt"]


def test_nothing_changed_is_no_commit(repository: Repository) -> None:
    assert repository.commit(repository.stage(["C0007"]), KATE, "没有事", NOW) == ""
    assert repository.commit(repository.stage([]), KATE, "没有地方", NOW) == ""


def test_what_was_taken_away_is_committed(street: StreetFolder, repository: Repository) -> None:
    (street.path / "C0007/resolutions.beancount").unlink()
    made = repository.commit(repository.stage(["C0007"]), KATE, "删", NOW)
    assert git(street, "show", "--format=", "--name-status", made) == "D\tC0007/resolutions.beancount\n"


def test_what_others_staged_stays_staged(street: StreetFolder, repository: Repository) -> None:
    (street.path / "notes.txt").write_text("手记", "utf-8")
    git(street, "add", "notes.txt")
    (street.path / "C0007/new.txt").write_text("一", "utf-8")
    made = repository.commit(repository.stage(["C0007"]), KATE, "补录", NOW)
    assert files(street, made) == ["C0007/new.txt"]
    assert git(street, "status", "--porcelain") == "A  notes.txt\n"


def test_a_writers_leftovers_are_not_committed(street: StreetFolder, repository: Repository) -> None:
    for name in (".main.beancount.7.tmp", ".lock", ".staging-x/main.beancount"):
        (street.path / "C0007" / name).parent.mkdir(exist_ok=True)
        (street.path / "C0007" / name).write_text("半", "utf-8")
    assert not repository.changed(["C0007"])


def test_names_are_taken_literally(street: StreetFolder, repository: Repository) -> None:
    (street.path / "C0007/x.txt").write_text("一", "utf-8")
    assert not repository.changed(["C00*"])


def test_no_hook_and_no_configuration_of_others(
    street: StreetFolder, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    for hook in ("pre-commit", "commit-msg", "post-commit"):
        path = street.path / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {ran}\nexit 1\n", "utf-8")
        path.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[commit]\ngpgSign = true\n[core]\nfsmonitor = touch {ran}\nautocrlf = true\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    (street.path / "C0007/crlf.csv").write_bytes(b"a\r\nb\r\n")
    made = repository.commit(repository.stage(["C0007"]), KATE, "补录", NOW)
    monkeypatch.undo()
    assert not ran.exists()
    shown = subprocess.run(
        ["git", "show", f"{made}:C0007/crlf.csv"], cwd=street.path, capture_output=True, check=True
    ).stdout
    assert shown == b"a\r\nb\r\n"


def test_what_a_killed_git_left_locked_is_free_again(
    street: StreetFolder, repository: Repository, home: OfficeHome
) -> None:
    lock = street.path / ".git/index.lock"
    (home.locks / "repository").write_bytes(b"busy")
    lock.touch()
    (street.path / "C0007/new.txt").write_text("一", "utf-8")
    assert repository.commit(repository.stage(["C0007"]), KATE, "补录", NOW)
    assert (home.locks / "repository").read_bytes() == b""


def test_a_lock_that_somebody_elses_git_holds_stays(
    street: StreetFolder, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = street.path / ".git/index.lock"
    lock.touch()
    (street.path / "C0007/new.txt").write_text("一", "utf-8")
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 0.1)
    for _ in range(2):
        with pytest.raises(GitFailed, match=r"index\.lock"):
            repository.commit(repository.stage(["C0007"]), KATE, "补录", NOW)
    assert lock.exists()
    lock.unlink()
    assert repository.commit(repository.stage(["C0007"]), KATE, "补录", NOW)


def test_no_branch_and_a_merge_half_done_are_refused(
    street: StreetFolder, repository: Repository, home: OfficeHome
) -> None:
    (street.path / ".git/MERGE_HEAD").write_text(git(street, "rev-parse", "HEAD"), "utf-8")
    with pytest.raises(Refused, match="没有做完的合并、变基或拣选"):
        open_repository(street, NOW, home)
    (street.path / ".git/MERGE_HEAD").unlink()
    git(street, "checkout", "-q", "--detach")
    with pytest.raises(Refused, match="不在任何分支上"):
        open_repository(street, NOW, home)


def test_without_git_it_is_refused(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(Refused, match="没有找到 git 命令"):
        repository.changed(["C0007"])


def test_what_the_commits_say_of_the_log(street: StreetFolder, repository: Repository) -> None:
    digest = "ab" * 32
    (street.path / "C0007/new.txt").write_text("一", "utf-8")
    said = f"补录：Operation: 3 {digest} done\n\n{trailer(12, digest, 'done', '一笔')}\n"
    made = repository.commit(repository.stage(["C0007"]), KATE, said, NOW)
    first = git(street, "rev-parse", "HEAD^").strip()
    assert repository.history() == [
        Commit(made, (first,), (Citation(12, digest, "done", cites("一笔")),)), Commit(first, (), ()),
    ]  # fmt: skip
    assert repository.commit_of(12, digest) == (made, "done")
    assert repository.commit_of(1, digest) == ("", "")
    assert repository.commit_of(3, digest) == ("", "")
