"""Every example of the pages is run as it stands there, and prints what it says."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
from decimal import Decimal
from pathlib import Path

import click
import pytest
from markdown import PAGES, ROOT, blocks, codes, read, section
from shell import HANDBOOK, carry_out, desk_at

from importers.base import StatementImporter
from importers.plain_table import load_column_map
from importers.registry import IMPORTERS, identify, read_statements
from importers.source import load_source
from jiezhang.cli.main import main

SHELL = [
    code
    for page in PAGES
    for text in [read(page)]
    for code in [*codes(text), *(block.text.replace("\\\n", " ") for block in blocks(text) if block.language == "sh")]
]
"""Everything in the pages that could be typed into a shell."""


@pytest.mark.skipif("HANDBOOK" not in os.environ, reason="make handbook; each chapter alone is in test_chapters.py")
def test_the_chapters_read_one_after_the_other(tmp_path: Path) -> None:
    """After the first month, without leaving the terminal, with all that the chapters before have done."""
    pages = [blocks(read(f"docs/handbook/{chapter}.md")) for chapter in HANDBOOK]
    month = blocks(read("docs/handbook/第一个月.md"))[2:]
    carry_out([block for page in (month, *pages) for block in page], desk_at(tmp_path))


def test_make_has_the_targets_the_pages_name() -> None:
    makefile = read("Makefile")
    targets = {target for code in SHELL for target in re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)}
    assert {"demo", "test", "bench"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_make_test_runs_what_the_readme_says() -> None:
    dry = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert dry.index("ruff") < dry.index("mypy") < dry.index("pytest")


COMMAND_LINES = sorted(
    {line for code in SHELL for line in code.splitlines() if line.startswith("jiezhang ") and "[" not in line}
)


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_are_ones_the_program_has(line: str) -> None:
    """Every `jiezhang …` in any page names a command, and options the command has."""
    words = shlex.split(line)[1:]
    while words[:1] in (["-C"], ["--as"]):
        words = words[2:]
    command: click.Command = main
    context = click.Context(main)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, words[0]
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert [word for word in words if word.startswith("-") and word not in known] == []


def test_a_column_map(tmp_path: Path) -> None:
    text = section(read("docs/handbook/对账单.md"), "其他银行：列对照表")
    for block in blocks(text):
        if block.title:
            (tmp_path / block.title).write_text(block.text, "utf-8")
    (statement,) = read_statements(tmp_path / "信用社9月.csv", load_column_map(tmp_path / "信用社.toml"))
    assert [row.amount for row in statement.rows] == [Decimal("500.00"), Decimal("-80.00")]
    assert (statement.account_no, statement.closing) == ("1010000000000001234", Decimal("1420.00"))


def test_the_recipe_for_a_layout(tmp_path: Path) -> None:
    recipe = section(read("CONTRIBUTING.md"), "Recipe: a bank's layout")
    code, sample = (block for block in blocks(recipe) if block.title)
    module = tmp_path / "hubin.py"
    module.write_text(code.text.replace("from .", "from importers."), "utf-8")
    importer: type[StatementImporter] = runpy.run_path(str(module))["HubinImporter"]
    file = tmp_path / Path(sample.title).name
    file.write_text(sample.text, "utf-8")
    source = load_source(file)
    everyone = [kind() for kind in (*IMPORTERS, importer)]
    assert isinstance(identify(source, everyone), importer)
    (statement,) = everyone[-1].read(source)
    assert statement.layout == Path(sample.title).parent.name == "hubin.detail"
    assert [row.serial for row in statement.rows] == ["HB0001", "HB0002"]
    assert statement.rows[-1].balance == Decimal("9858.92")
