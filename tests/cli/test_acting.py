"""A command in an office at work is an act: in the log with its words, and a commit by who did it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.acting import CHANGING, shown
from jiezhang.cli.main import main
from jiezhang.office.acts import Acts
from jiezhang.office.home import OfficeHome, open_home
from jiezhang.office.operation_log import HISTORY, Asked, OperationLog
from jiezhang.office.repository import open_repository
from tests.conftest import MAKER, snapshot


@pytest.fixture
def home(street: StreetFolder, tmp_path: Path) -> OfficeHome:
    """An office at work."""
    home = open_home(street, tmp_path / "home")
    OperationLog(home).search(Asked(), 1)
    open_repository(street, datetime.now(UTC), home)
    return home


def run(street: StreetFolder, home: Path, *words: str, actor: str = MAKER) -> Result:
    return CliRunner().invoke(main, ["-C", str(street.path), "--home", str(home), "--as", actor, *words])


def commits(street: StreetFolder) -> list[tuple[str, str]]:
    """Author and subject, the newest first."""
    said = subprocess.run(
        ["git", "log", "--format=%an%x09%s"], cwd=street.path, capture_output=True, text=True, check=True
    ).stdout
    return [(author, subject) for author, _, subject in (line.partition("\t") for line in said.splitlines())]


def rows(home: OfficeHome) -> list[tuple[str, str, str, str]]:
    found = [row for row in OperationLog(home).search(Asked(), None)[::-1] if row.action != HISTORY]
    return [(row.person, row.action, row.phase, row.compound) for row in found]


def test_a_command_is_an_act(street: StreetFolder, home: OfficeHome) -> None:
    """What was changed by hand before is nobody's, what the command wrote is its author's."""
    (street.path / "by-hand.txt").write_text("不是 K01 写的", "utf-8")
    street.compound("C0007").main.unlink()
    done = run(street, home.path, "new", "main")
    assert done.exit_code == 0, done.output
    assert rows(home) == [
        ("", "outside", "begin", ""), ("", "outside", "done", ""),
        (MAKER, "command", "begin", ""), (MAKER, "command", "done", ""),
    ]  # fmt: skip
    assert [author for author, _ in commits(street)][:2] == [f"{MAKER} 代理会计", "jiezhang"]
    assert commits(street)[0][1] == "命令：jiezhang new main"
    repository = open_repository(street, datetime.now(UTC), home)
    assert not repository.changed(["."])
    assert Acts(home, street, OperationLog(home), repository).verify() == []


def test_for_a_compound(street: StreetFolder, home: OfficeHome) -> None:
    assert run(street, home.path, "review", "2026-09", "--compound", "C0007", actor="F01").exit_code == 0
    assert rows(home)[-1] == ("F01", "command", "done", "C0007")
    refused = run(street, home.path, "review", "2026-09", "--compound", "C9999", actor="F01")
    assert refused.exit_code == 2
    assert "C9999" in refused.output


def test_what_is_refused(street: StreetFolder, home: OfficeHome) -> None:
    """Said once, with the command's own code; the log has the sentence."""
    done = run(street, home.path, "packs", "propose", "no-such-pack")
    assert done.exit_code == 2
    newest = OperationLog(home).search(Asked(), 1)[0]
    assert (newest.action, newest.phase) == ("command", "refused")
    assert newest.result
    assert done.output.count(newest.result) == 1


def test_nobody_acts_under_a_name_that_is_none(street: StreetFolder, home: OfficeHome) -> None:
    before = rows(home)
    assert run(street, home.path, "new", "main", actor="K99").exit_code == 2
    assert rows(home) == before


def test_a_command_written_wrong(street: StreetFolder, home: OfficeHome) -> None:
    done = run(street, home.path, "review", "2026-10", "--no-such")
    assert done.exit_code == 2
    assert "没有选项 --no-such" in done.output
    assert rows(home)[-1][1:3] == ("command", "refused")


def test_reading_is_no_act(street: StreetFolder, home: OfficeHome) -> None:
    before = rows(home)
    for words in (("check",), ("resolve", "list"), ("voucher", "list", "2026-10"), ("review", "--help")):
        assert run(street, home.path, *words).exit_code == 0, words
    assert rows(home) == before


def test_without_an_office_a_command_is_a_command(street: StreetFolder, tmp_path: Path) -> None:
    """Neither a repository nor a home is made."""
    assert run(street, tmp_path / "home", "new", "main").exit_code == 0
    assert not (street.path / ".git").exists()
    assert not (tmp_path / "home").exists()
    subprocess.run(["git", "init", "--quiet", "."], cwd=street.path, check=True)
    before = snapshot(street.path / ".git")
    assert run(street, tmp_path / "home", "new", "main").exit_code == 0
    assert snapshot(street.path / ".git") == before
    assert not (tmp_path / "home").exists()


def test_with_another_home_nothing_is_done_past_the_office(street: StreetFolder, home: OfficeHome) -> None:
    """A forgotten `--home` would go past the log and the locks."""
    other = home.path.with_name("other")
    before = snapshot(street.path)
    for _ in range(2):
        done = run(street, other, "new", "main")
        assert (done.exit_code, "在另一个地方，请用 --home" in done.output) == (2, True)
        assert snapshot(street.path) == before
        assert not other.exists() or list(other.iterdir()) == [other / "office.sqlite"]
        other.mkdir(mode=0o700, exist_ok=True)
        (other / "office.sqlite").touch(mode=0o600)
    assert run(street, home.path, "new", "main").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["post", "2026-10", "--key", "/home/k02/k02.pem"], "jiezhang post 2026-10 --key …"),
        (["post", "2026-10", "--key=/home/k02/k02.pem"], "jiezhang post 2026-10 --key=…"),
        (["attest", "sign", "--p12", "a.p12", "--compound", "C0007"], "jiezhang attest sign --p12 … --compound C0007"),
        (["resolve", "new", "--title", "甲\n\nOperation: 1"], r"jiezhang resolve new --title '\u7532\n\nOperation: 1'"),
    ],
)
def test_what_the_log_keeps_of_a_command_line(words: list[str], said: str) -> None:
    assert shown(words) == said


def test_every_command_named_is_one() -> None:
    context = click.Context(main)
    for name in CHANGING:
        command = main.get_command(context, name.split()[0])
        assert command is not None, name
        if isinstance(command, click.Group):
            assert name.split()[1] in command.commands, name
