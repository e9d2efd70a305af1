"""The README's first steps, the demonstration and the first month: run as they stand there."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from markdown import ROOT, blocks, read, section
from shell import BIN, carry_out, run


@pytest.mark.parametrize(("page", "heading"), [("README.md", "Your own street"), ("README.zh-CN.md", "建自己的街道")])
def test_your_own_street(page: str, heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("JIEZHANG_HOME", raising=False)
    text = section(read(page), heading)
    parts = blocks(text)
    assert [block.language for block in parts].count("sh") == 6
    carry_out(parts, tmp_path)
    assert len(list((tmp_path / "公示").iterdir())) == 3
    assert "`jiezhang -C 柳浪街道 serve`" in text
    assert "街账已打开：http://127.0.0.1:" in opened(tmp_path), "the accounts are there"


def opened(place: Path) -> str:
    """What `serve` says first, on any free port."""
    command = [str(BIN / "jiezhang"), "-C", "柳浪街道", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            return server.stdout.readline()
        finally:
            server.terminate()


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
