"""A kill at any moment leaves a street that loads, with each bank row once or not at all, and can be taken up again.

In the long run (`KILLS=1000 pytest tests/faults/test_kill.py`) so many kills come at random times instead of a few.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.book.write import lock
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.period import Month
from jiezhang.street.sampling import write_sample
from tests.conftest import snapshot
from tests.faults.breaking import MONTH, NEXT, in_street, run
from tests.faults.crash import die_at

KILLS = int(os.environ.get("KILLS", "6"))
STRIDE = 1 if KILLS > 6 else 14
"""In the long run every step to the disk is died at, otherwise every fourteenth."""
SHEET = f"completions/{NEXT}.csv"
STAGES: list[tuple[str, ...]] = [("import",), ("complete", SHEET), ("review", NEXT), ("post", NEXT)]
CUT_SHORT = f"{NEXT} 的过账写到一半中断了，请再运行一次 jiezhang post {NEXT} 把它做完"


def rows_of(street: Path, known: str = "") -> Counter[tuple[str, str]]:
    """How often each bank row is booked; every ledger must load through the gate without an error, but for the one
    that says what was cut short (`known`)."""
    found: Counter[tuple[str, str]] = Counter()
    for ledger in load_street(StreetFolder(street)):
        assert [error.message for error in ledger.errors] in ([], [known])
        found.update(
            row_key(leg) for entry in ledger.entries if hasattr(entry, "postings") for leg in bank_legs(entry)
        )
    return found


def carry_out(street: Path, command: Sequence[str]) -> None:
    code, lines = run(street, *_in(street, command))
    assert code == 0, lines


def _in(street: Path, command: Sequence[str]) -> list[str]:
    return [str(street / word) if word == SHEET else word for word in command]


def ledgers(street: Path) -> dict[str, bytes]:
    """What counts of a street: its books and the bank's files, not what a killed writer left lying about."""
    return {name: data for name, data in snapshot(street).items() if "/." not in f"/{name}"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A street of two compounds before import, before completion, before posting, and after."""
    path = tmp_path_factory.mktemp("kill") / "0"
    write_sample(path, compounds=2, dwellings=8, months=2, booked=1, first_month=Month.parse(MONTH), seed=3)
    stages = [path]
    for number, command in enumerate(STAGES, start=1):
        stages.append(Path(shutil.copytree(stages[-1], path.parent / str(number))))
        carry_out(stages[-1], command)
    return stages


@pytest.mark.parametrize("stage", range(len(STAGES)), ids=[command[0] for command in STAGES])
def test_killed_at_every_step(small: list[Path], stage: int, tmp_path: Path) -> None:
    command, before, after = STAGES[stage], rows_of(small[stage]), rows_of(small[stage + 1])
    done = snapshot(small[stage + 1])
    died = True
    step = 0
    while died:
        step += STRIDE
        street = Path(shutil.copytree(small[stage], tmp_path / str(step)))
        died = die_at(step, in_street(street, *_in(street, command)))
        left = rows_of(street, CUT_SHORT if command[0] == "post" else "")
        assert all(count == 1 for count in left.values())
        assert before.keys() <= left.keys() <= after.keys()
        carry_out(street, command)
        assert snapshot(street) == done  # nothing is left lying about either
        shutil.rmtree(street)
    assert step > 20


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A street of five compounds, so many that the work is shared among processes; and the same after an import."""
    path = tmp_path_factory.mktemp("wide") / "before"
    write_sample(path, compounds=5, dwellings=8, months=1, booked=0, first_month=Month.parse(MONTH), seed=5)
    done = Path(shutil.copytree(path, path.parent / "after"))
    carry_out(done, ["import"])
    return path, done


@pytest.mark.usefixtures("in_time")
def test_killed_at_a_random_time(wide: tuple[Path, Path], tmp_path: Path) -> None:
    """Killed with its workers at work; what they hold must not keep the next from working."""
    chance = random.Random(20260601)
    done = ledgers(wide[1])
    died = 0
    for attempt in range(KILLS):
        street = Path(shutil.copytree(wide[0], tmp_path / str(attempt)))
        program = [sys.executable, "-c", "from jiezhang.cli.main import main; main()", *in_street(street, "import")]
        victim = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert victim.stderr is not None
        assert "读取对账单" in victim.stderr.readline().decode()
        time.sleep(chance.uniform(0.0, 0.6))
        victim.send_signal(signal.SIGKILL)
        died += victim.wait() == -signal.SIGKILL
        victim.stderr.close()
        left = rows_of(street)
        assert all(count == 1 for count in left.values())
        carry_out(street, ["import"])
        assert ledgers(street) == done
        shutil.rmtree(street, ignore_errors=True)  # a worker may live a second longer
    assert died


FORKED = """
import os, sys, time
from pathlib import Path
from jiezhang.book.write import lock
with lock(Path(sys.argv[1])):
    worker = os.fork()
    if worker:
        print(worker, flush=True)
    time.sleep(60)
"""

SHARED_OUT = """
import os, time
from jiezhang.street.parallel import run
def work(number):
    print(os.getpid(), flush=True)
    time.sleep(60)
run(work, range(8))
"""


def _killed_at_work(program: str, *arguments: str) -> int:
    """Kill a process once it has named one of its workers; the worker's number."""
    victim = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
    assert victim.stdout is not None
    worker = int(victim.stdout.readline())
    victim.kill()
    victim.wait()
    victim.stdout.close()
    return worker


@pytest.mark.usefixtures("in_time")
def test_a_worker_does_not_keep_the_lock_of_its_killed_parent(tmp_path: Path) -> None:
    worker = _killed_at_work(FORKED, str(tmp_path))
    try:
        started = time.monotonic()
        with lock(tmp_path):
            assert time.monotonic() - started < 30
        os.kill(worker, 0)  # it lives, and holds nothing
    finally:
        os.kill(worker, signal.SIGKILL)


@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor, no workers")
def test_a_worker_ends_with_its_killed_parent() -> None:
    worker = _killed_at_work(SHARED_OUT)
    for _ in range(100):
        if not Path(f"/proc/{worker}/cmdline").exists() or not Path(f"/proc/{worker}/cmdline").read_bytes():
            return
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived its parent")
