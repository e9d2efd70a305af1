"""The README's first steps, the demonstration and the first month: run as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown import ROOT, Block, blocks, read, section
from shell import BIN, carry_out, run


@pytest.fixture(scope="module", params=[("README.md", "Your own street"), ("README.zh-CN.md", "建自己的街道")])
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the reader of either page stands after "Your own street"; what follows goes on there."""
    parts = blocks(section(read(request.param[0]), request.param[1]))
    assert [block.language for block in parts].count("sh") == 8
    place = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_STATE_HOME", str(place / "state"))
        environment.delenv("JIEZHANG_HOME", raising=False)
        desk = place / "街账"
        desk.mkdir()
        carry_out(parts, desk)
        yield desk


def test_your_own_street(own: Path) -> None:
    assert len(list((own / "公示").iterdir())) == 3
    for page in ("README.md", "README.zh-CN.md"):
        assert "`jiezhang -C 柳浪街道 serve`" in read(page)
    assert "街账已打开：http://127.0.0.1:" in opened(own), "the accounts are there"


def titled(page: str, title: str) -> Block:
    (found,) = [block for block in blocks(read(f"docs/handbook/{page}.md")) if block.title == title]
    return found


def test_your_own_street_is_signed_by_those_the_handbook_adds(own: Path) -> None:
    """Each with a key of their own, the two banks for their own accounts; then the month is closed."""
    people = titled("网上的第一个月", "签署的人.toml").text
    for who in re.findall(r'^id = "(\w+)"$', people, re.MULTILINE):
        people = people.replace("…64 位…", run(f"jiezhang seal key 钥匙/{who}.pem", own).strip(), 1)
    with (own / "柳浪街道/street.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{people}")
    assert "0 处错误" in run("jiezhang -C 柳浪街道 check", own)
    sign = "jiezhang -C 柳浪街道 --as {0} attest sign 2026-09 --key 钥匙/{0}.pem --agree"
    board = "jiezhang -C 柳浪街道 attest board 2026-09 || true"
    run(sign.format("B01"), own)
    assert "缺 建行4417" in run(board, own), "the other bank has its own person"
    run(sign.format("B02"), own)
    run("jiezhang -C 柳浪街道 --as A01 attest sheets 2026-09 --key 钥匙/A01.pem --out 审计", own)
    for who in ("A01", "S01", "R01"):
        run(sign.format(who), own)
    run("jiezhang -C 柳浪街道 --as T01 close 2026-09 --key 钥匙/T01.pem", own)
    assert "已封月  银行 确认  专业审计 确认  社区 确认  业主代表 确认" in run(board, own)


def test_your_own_street_moves_to_the_server(own: Path) -> None:
    """As 安装和运行 says, but for the user who runs it there; the accounts come along."""
    before = run("jiezhang -C 柳浪街道 --as T01 user list", own)
    server = own.parent / "server"
    for folder in ("bin", "srv/jiezhang", "var/lib/jiezhang", "mnt/backup/jiezhang"):
        (server / folder).mkdir(parents=True, mode=0o700)
    (server / "bin/sudo").write_text('#!/bin/sh\n[ "$1" != -u ] || shift 2\nexec env "$@"\n')
    (server / "bin/sudo").chmod(0o700)
    script = titled("安装和运行", "搬家").text + titled("安装和运行", "街账").text.replace('"$@"', "--as T01 user list")
    for here, there in (
        ("-o jiezhang -g jiezhang ", ""), ("/opt/jiezhang/.venv/bin/", ""), ("exec sudo", "sudo"),
        ("/srv/", f"{server}/srv/"), ("/var/", f"{server}/var/"), ("/mnt/", f"{server}/mnt/"),
    ):  # fmt: skip
        assert here in script
        script = script.replace(here, there)
    said = run(f"PATH={shlex.quote(str(server))}/bin:$PATH\n{script}", own)
    assert "检查账簿、验证封月、核对操作日志：0 处不符。" in said
    assert said.endswith(before)
    assert (server / "srv/jiezhang/street/street.toml").is_file()


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
