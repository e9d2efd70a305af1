"""A command line that is written wrong: one Chinese sentence, exit 2, nothing done."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import COMMANDS, main


def invoke(line: str) -> Result:
    return CliRunner().invoke(main, line.split(), prog_name="jiezhang")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sum", "没有命令 sum；写法见 jiezhang --help"),
        ("new village", "没有命令 village；写法见 jiezhang new --help"),
        ("check --fast", "没有选项 --fast；写法见 jiezhang check --help"),
        ("check now", "多写了 now；写法见 jiezhang check --help"),
        ("check --compound", "选项 --compound 后面没有写值，或不应写值；写法见 jiezhang --help"),
        ("post", "没有写月份；写法见 jiezhang post --help"),
        ("post 2026-13", "月份不对：“2026-13”不是月份；写法见 jiezhang post --help"),
        ("post 10月", "月份不对：月份“10月”应写成 2026-10 的样子；写法见 jiezhang post --help"),
        ("disclose 2026-10", "没有写 --out；写法见 jiezhang disclose --help"),
        (
            "disclose 2026-10 --out x --posted-from 11月",
            "--posted-from 不对：应写成 2026-01-01 的样子；写法见 jiezhang disclose --help",
        ),
        ("sample x --months 0", "--months 不对：应是 1 到 120 的整数；写法见 jiezhang sample --help"),
        ("sample x --seed one", "--seed 不对：应是整数；写法见 jiezhang sample --help"),
        (
            "new compound --kind villa",
            "--kind 不对：只能是 commercial、old、resettlement；写法见 jiezhang new compound --help",
        ),
    ],
)
def test_wrong_command_lines(line: str, said: str) -> None:
    result = invoke(line)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said + "\n")


@pytest.mark.parametrize("line", ["", "new"])
def test_a_group_alone_shows_its_help(line: str) -> None:
    result = invoke(line)
    assert result.exit_code == 2
    assert result.stderr == invoke(f"{line} --help").stdout


@pytest.mark.parametrize("line", ["--help", "new --help", *(f"{name} --help" for name in COMMANDS)])
def test_no_english_sentence_in_help(line: str) -> None:
    text = invoke(line).stdout
    assert not re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+", text.replace("jiezhang new compound", ""))
    assert "Options" not in text and "Usage" not in text
