"""Damage nobody thought of: whatever is done to any file, no command crashes, and a refusal changes nothing.

In the long run (`FUZZ=5000 pytest tests/faults/test_fuzz.py`) so many files are damaged.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import MONTH, NEXT, run

FUZZ = int(os.environ.get("FUZZ", "25"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
ENDINGS = {".beancount", ".csv", ".toml", ".xls", ".xlsx", ".zip"}
WORDS = [
    "\n",
    '"',
    " ",
    "\t",
    "0",
    "-",
    ":",
    "2026-06-31",
    "*",
    "!",
    "{",
    "@",
    "#",
    "~ 1",
    "\\",
    ",",
    "9" * 40,
    "\u2028",
    "中",
]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """`content` with one thing wrong: a byte, a span, a word too many, lines swapped or gone, the end cut off."""
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice([1, 2, 5, 30, 200]))
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    swapped = list(lines)
    swapped[one], swapped[other] = lines[other], lines[one]
    return chance.choice(
        [
            content[:start] + bytes([chance.randrange(256)]) + content[start + 1 :],
            content[:start] + content[end:],
            content[:end] + content[start:end] + content[end:],
            content[:start] + chance.choice(WORDS).encode() + content[start:],
            b"\n".join(swapped),
            b"\n".join(lines[:one] + lines[one + 1 :]),
            content[:start],
        ]
    )


@pytest.fixture(scope="module")
def imported(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One month posted, the next waiting to be completed."""
    path = Path(shutil.copytree(built, tmp_path_factory.mktemp("fuzz") / "street"))
    assert run(path, "import")[0] == 0
    return path


def test_whatever_is_damaged(imported: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    files = sorted(path.relative_to(imported) for path in imported.rglob("*") if path.suffix in ENDINGS)
    for number in range(FUZZ):
        street = Path(shutil.copytree(imported, tmp_path / str(number)))
        file = chance.choice([name for name in files if (street / name).stat().st_size])
        (street / file).write_bytes(damaged((street / file).read_bytes(), chance))
        commands = [
            ["reconcile", MONTH],
            ["import"],
            ["complete", str(street / "completions" / f"{NEXT}.csv")],
            ["review", NEXT],
            ["post", NEXT],
            ["disclose", MONTH, "--out", str(street / "out")],
        ]
        for command in (["check"], *chance.sample(commands, 2)):
            before = snapshot(street)
            code, lines = run(street, *command)
            assert code in (0, 1, 2), (file, command, lines)
            assert code != 2 or snapshot(street) == before, (file, command, lines)
            assert code == 0 or lines, (file, command)
        shutil.rmtree(street)
