"""`jiezhang serve` and `make demo` say at once what would not work, with what to do."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiezhang.cli.main import main
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import OfficeHome
from jiezhang.web import ports

ROOT = Path(__file__).parents[2]
PASSWORD = "白日依山尽 黄河入海流 欲穷千里目"


@pytest.fixture
def street(tmp_path: Path) -> Path:
    (tmp_path / "柳 浪").mkdir()
    shutil.copy(ROOT / "ledgers/ganzhi/street.toml", tmp_path / "柳 浪")
    return tmp_path / "柳 浪"


def test_without_an_account_it_says_the_whole_command(street: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    given = CliRunner().invoke(main, ["-C", str(street), "--home", str(home), "serve"])
    assert given.exit_code == 2
    command = given.stderr.strip().partition("如 ")[2]
    words = shlex.split(command)
    assert words == ["jiezhang", "-C", str(street), "--home", str(home), "--as", "T01", "user", "add", "T01"]
    done = CliRunner().invoke(main, words[1:], input=f"{PASSWORD}\n{PASSWORD}\n")
    (tmp_path / "password").write_text(PASSWORD, "utf-8")
    if done.exit_code:  # no terminal to type into
        done = CliRunner().invoke(main, [*words[1:], "--password-file", str(tmp_path / "password")])
    assert done.exit_code == 0, done.stderr
    assert [one.person for one in Accounts(OfficeHome(home)).all()] == ["T01"]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("5060", "端口 5060 浏览器不肯打开，请换一个，如 5001"),
        ("5061", "端口 5061 浏览器不肯打开，请换一个，如 5001"),
        ("6000", "端口 6000 浏览器不肯打开，请换一个，如 5001"),
        ("6665", "端口 6665 浏览器不肯打开，请换一个，如 5001"),
        ("6669", "端口 6669 浏览器不肯打开，请换一个，如 5001"),
        ("70000", "没有端口 70000，请用 1 到 65535 里的数，如 5001"),
    ],
)
def test_a_port_that_no_browser_opens(port: str, said: str, street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = CliRunner().invoke(main, ["-C", str(street), "serve", "--port", port])
    assert (given.exit_code, given.stderr.strip()) == (2, said)
    assert (ports.main(port), capsys.readouterr().err.strip()) == (2, said)


@pytest.mark.parametrize(("port", "code"), [("0", 0), ("5000", 0), ("8080", 0), ("5062", 0), ("八", 2), ("-1", 2)])
def test_other_ports(port: str, code: int) -> None:
    assert ports.main(port) == code


def test_make_demo_asks_before_it_does_anything() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ndemo:")[2].partition("\n\n")[0]
    assert recipe.index("jiezhang.web.ports $(PORT) || exit 2") < recipe.index("docs/demo.sh")
