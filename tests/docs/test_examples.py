"""Every example of the pages is run as it stands there, and prints what it says."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click
import pytest
from markdown import PAGES, ROOT, Block, blocks, codes, read, section

from importers.base import StatementImporter
from importers.plain_table import load_column_map
from importers.registry import IMPORTERS, identify, read_statements
from importers.source import load_source
from jiezhang.cli.main import main

BIN = Path(sys.executable).parent
GAP = "…"
END_OF_BLOCK = "--- end of block "
SHELL = [
    code
    for page in PAGES
    for text in [read(page)]
    for code in [*codes(text), *(block.text.replace("\\\n", " ") for block in blocks(text) if block.language == "sh")]
]
"""Everything in the pages that could be typed into a shell."""


def run(script: str, folder: Path) -> str:
    """What a shell prints on standard output; it must succeed."""
    done = subprocess.run(
        ["sh", "-eu"],
        input=script.encode(),
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout.decode()}\n{done.stderr.decode()}"
    return done.stdout.decode()


def carry_out(parts: Sequence[Block], folder: Path) -> None:
    """Type all into one shell, as a reader does: write each titled block as a file where the shell stands, run each
    `sh`, and compare what it printed with the `text` that follows."""
    typed, shells = [], 0
    for block in parts:
        if block.title:
            quoted = shlex.quote(block.title)
            typed.append(f"mkdir -p \"$(dirname {quoted})\"\ncat > {quoted} <<'END OF FILE'\n{block.text}END OF FILE\n")
        elif block.language == "sh":
            typed.append(f'{block.text}echo "{END_OF_BLOCK}$?"\n')
            shells += 1
    printed = run("".join(typed), folder).replace(str(folder), GAP).split(END_OF_BLOCK)
    outputs = [before.split("\n", 1)[1] if at else before for at, before in enumerate(printed[:-1])]
    assert [after.split("\n", 1)[0] for after in printed[1:]] == ["0"] * shells, "a refusal that was none"
    output = iter(outputs)
    last = ""
    for block in parts:
        if block.language == "sh":
            last = next(output)
        elif not block.title:
            assert block.language == "text"
            assert last == block.text


@pytest.mark.parametrize(("page", "heading"), [("README.md", "Your own street"), ("README.zh-CN.md", "建自己的街道")])
def test_your_own_street(page: str, heading: str, tmp_path: Path) -> None:
    parts = blocks(section(read(page), heading))
    assert [block.language for block in parts].count("sh") == 5
    carry_out(parts, tmp_path)
    assert len(list((tmp_path / "公示").iterdir())) == 3


def test_the_first_month(tmp_path: Path) -> None:
    """Installing is left out, since it has been done; the rest runs in the folder the page leads to."""
    program = tmp_path / "jiezhang"
    shutil.copytree(ROOT / "ledgers", program / "ledgers")
    page = read("docs/handbook/第一个月.md")
    (prepare, _every_time) = blocks(section(page, "准备"))
    install, activate, *rest = prepare.text.splitlines()
    assert (install, activate) == ("make demo SERVE=0", ". .venv/bin/activate")
    assert rest[-1] == "cd ../街账"
    run("\n".join(rest), program)
    carry_out(blocks(page)[2:], tmp_path / "街账")


HANDBOOK = ("凭证", "决议和付款", "双章", "规则包", "三方对账和封月", "业主核对")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder that 准备 leads to: the example is in 练习, the program somewhere else."""
    (tmp_path / "程序文件夹").symlink_to(ROOT)
    shutil.copytree(ROOT / "ledgers/ganzhi", tmp_path / "练习")
    return tmp_path


@pytest.mark.parametrize("chapter", HANDBOOK)
def test_a_chapter_read_alone(chapter: str, desk: Path) -> None:
    carry_out(blocks(read(f"docs/handbook/{chapter}.md")), desk)
    if chapter == "凭证":
        assert "0 处错误" in run("jiezhang -C 凭证练习 check --compound C0001", desk), "the page says so"


def test_the_chapters_read_one_after_the_other(desk: Path) -> None:
    """After the first month, without leaving the terminal, with all that the chapters before have done."""
    pages = [blocks(read(f"docs/handbook/{chapter}.md")) for chapter in HANDBOOK]
    month = blocks(read("docs/handbook/第一个月.md"))[2:]
    carry_out([block for page in (month, *pages) for block in page], desk)


def test_make_demo(tmp_path: Path) -> None:
    """The README leaves lines out; the ones it shows are printed, in that order."""
    shown = next(block.text for block in blocks(read("README.md")) if block.text.startswith("== "))
    demo = f"sh {shlex.quote(str(ROOT / 'docs/demo.sh'))} {shlex.quote(str(ROOT / 'ledgers/ganzhi'))} 2026-10 out/demo"
    printed = iter(run(demo, tmp_path).splitlines())
    wanted = [line for line in shown.splitlines() if line]
    assert len(wanted) > 10
    for line in wanted:
        assert line in printed, f"not printed, or not there: {line}"  # consumes what comes before it
    assert "410 笔流水待过账" in run("jiezhang -C out/demo/office check", tmp_path), "the page needs work to show"


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
    while words and isinstance(command, click.Group):
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
