"""`serve`, `user`, `log`, `backup` and `restore` agree on where accounts and the log are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.domain.problem import Refused
from jiezhang.office.home import open_home


def test_every_command_finds_the_same_home(street: StreetFolder, tmp_path: Path) -> None:
    """By the option before the command or by the variable; the option wins."""
    password, home, other = tmp_path / "password", tmp_path / "home", tmp_path / "other"
    password.write_text("滟滟随波千万里 何处春江无月明", "utf-8")

    def run(*words: object) -> tuple[int, str]:
        line = ["-C", str(street.path), "--as", "T01", *map(str, words)]
        result = CliRunner().invoke(main, line, env={"JIEZHANG_HOME": str(other)})
        return result.exit_code, result.stdout

    assert run("--home", home, "user", "add", "K01", "--password-file", password)[0] == 0
    assert run("--home", home, "user", "list")[1].startswith("K01 ")
    assert "开登录账号：K01" in run("--home", home, "log")[1]
    assert run("--home", home, "log", "verify")[0] == 0
    assert run("--home", home, "backup", tmp_path / "b.tar")[0] == 0
    place = tmp_path / "again"
    assert (
        run("--home", tmp_path / "third", "restore", tmp_path / "b.tar", place)[1].count(str(tmp_path / "third")) == 1
    )
    with pytest.raises(Refused, match="在另一个地方，请用 --home"):
        open_home(street, other)
    for words in (("user", "list"), ("log",), ("log", "verify"), ("serve",), ("backup", tmp_path / "c.tar")):
        assert run(*words) == (2, ""), words
    assert not other.exists()
