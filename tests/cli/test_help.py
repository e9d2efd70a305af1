"""Each command has a page of manual in docs/commands whose first code block is its help, letter for letter."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from jiezhang.cli.main import COMMANDS, main

PAGES = Path(__file__).parents[2] / "docs/commands"
WIDTH = 80
GROUPS = {
    "voucher": ("list", "print"),
    "log": ("verify",),
    "packs": ("list", "propose", "approve"),
    "new": ("street", "compound", "account", "register", "change", "main"),
    "resolve": (
        "new", "stage", "bid-seal", "bid", "open-bid", "publish", "file", "object", "answer", "show", "list",
    ),
    "seal": ("key", "enrol", "end", "set", "digest", "log", "pdf"),
    "attest": (
        "present", "sheets", "sign", "explain", "board", "trust", "paper", "stamp", "proof", "page",
    ),
    "levy": ("new", "correct", "list", "publish"),
    "fund": (
        "balance", "publish", "statement", "certificate", "apportion", "notice", "share", "distribute", "lose",
        "correct", "withdraw",
    ),
    "user": ("add", "password", "totp", "disable", "enable", "link", "list"),
}  # fmt: skip

ALL = [*COMMANDS, *(f"{group} {name}" for group, names in GROUPS.items() for name in names)]


def page(command: str) -> Path:
    return PAGES / f"{command.replace(' ', '-')}.md"


def help_of(command: str) -> str:
    result = CliRunner().invoke(
        main, [*command.split(), "--help"], prog_name="jiezhang", terminal_width=WIDTH, max_content_width=WIDTH
    )
    assert result.exit_code == 0, result.output
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


@pytest.mark.parametrize("command", ALL)
def test_the_page_shows_the_help_as_it_is(command: str) -> None:
    block = re.search(r"^```text\n(.*?)\n```$", page(command).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert block is not None
    assert block[1] == help_of(command)


@pytest.mark.parametrize("command", ALL)
def test_the_page_says_more_than_the_help(command: str) -> None:
    text = page(command).read_text("utf-8")
    assert text.startswith(f"# jiezhang {command}\n")
    assert "\n## 例子\n" in text
    assert "\n## 结果\n" in text


def test_every_page_is_of_a_command() -> None:
    assert {path.name for path in PAGES.glob("*.md")} == {"README.md", *(page(command).name for command in ALL)}


def test_the_groups_named_here_are_all_there_are() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert isinstance(command, click.Group) == (name in GROUPS), name
        if isinstance(command, click.Group):
            assert set(command.commands) == set(GROUPS[name])
