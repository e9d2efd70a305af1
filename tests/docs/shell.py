"""Typing a page's examples into a shell, as a reader does."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import ready
from markdown import ROOT, Block

BIN = Path(sys.executable).parent
GAP = "…"
END_OF_BLOCK = "--- end of block "


def run(script: str, folder: Path) -> str:
    """What a shell prints on standard output; it must succeed."""
    path = os.pathsep.join([str(ready.folder()), str(BIN), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-eu"],
        input=script.encode(),
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
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


HANDBOOK = ("凭证", "决议和付款", "双章", "规则包", "三方对账和封月", "业主核对")
"""Chapters whose examples go on where 准备 leads to."""


def desk_at(place: Path) -> Path:
    """The folder that 准备 leads to: the example is in 练习, the program somewhere else."""
    (place / "程序文件夹").symlink_to(ROOT)
    shutil.copytree(ROOT / "ledgers/ganzhi", place / "练习")
    return place
