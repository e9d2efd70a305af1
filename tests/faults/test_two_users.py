"""Several people at once: nothing lost, nothing doubled, and a reader never sees an error that is not there.

In the long run (`ROUNDS=100 pytest tests/faults/test_two_users.py`) each scene is played so many times.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.domain.booking import POSTED, bank_legs, is_opening, row_key
from tests.faults.breaking import MONTH, NEXT, run

ROUNDS = int(os.environ.get("ROUNDS", "1"))
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["jiezhang.street.booking", "jiezhang.street.importing", "tests.faults.crash"])

MONTHLY = (("import",), ("complete", f"completions/{NEXT}.csv"), ("review", NEXT), ("post", NEXT))
BY_COMPOUND = tuple(("import", f"inbox/{NEXT}/C000{number}") for number in (1, 2, 3))


def _work(street: Path, commands: Sequence[Sequence[str]], together: Barrier) -> None:
    """One person's commands; those that name files name them inside the street."""
    together.wait(60)
    for name, *rest in commands:
        code, lines = run(street, name, *(str(street / word) if "/" in word else word for word in rest))
        # Only this may come between two people: what one wants to complete, the other has posted.
        assert code == 0 or any("已经过账，不能再改" in line for line in lines), lines


def _watch(street: Path, over: Event) -> None:
    """Somebody who does nothing but look."""
    looks = 0
    while not over.is_set() or looks < 3:
        code, lines = run(street, "check")
        assert code == 0, lines
        looks += 1


def at_once(street: Path, people: Sequence[Sequence[Sequence[str]]]) -> None:
    """All `people` at work at the same time, with one looking on."""
    together, over = PROCESSES.Barrier(len(people)), PROCESSES.Event()
    workers = [PROCESSES.Process(target=_work, args=(street, commands, together)) for commands in people]
    onlooker = PROCESSES.Process(target=_watch, args=(street, over))
    for process in (onlooker, *workers):
        process.start()
    for worker in workers:
        worker.join()
    over.set()
    onlooker.join()
    assert [process.exitcode for process in (onlooker, *workers)] == [0] * (len(people) + 1)


def booked(street: Path) -> dict[str, list[tuple[str, str]]]:
    """The bank rows in each compound's books; every ledger loads without an error, so no number is missing."""
    found = {}
    for ledger in load_street(StreetFolder(street)):
        assert ledger.errors == []
        entries = [entry for entry in ledger.entries if hasattr(entry, "postings")]
        found[ledger.folder.code] = sorted(row_key(leg) for entry in entries for leg in bank_legs(entry))
    return found


def vouchers(street: Path) -> list[tuple[str, str, str]]:
    return sorted(
        (ledger.folder.code, str(entry.date)[:7], entry.meta["voucher"])
        for ledger in load_street(StreetFolder(street))
        for entry in ledger.entries
        if hasattr(entry, "postings") and entry.flag == POSTED and not is_opening(entry)
    )


@pytest.fixture(scope="module")
def after(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street when one person has done the month alone."""
    path = Path(shutil.copytree(built, tmp_path_factory.mktemp("alone") / "street"))
    for name, *rest in MONTHLY:
        code, lines = run(path, name, *(str(path / word) if "/" in word else word for word in rest))
        assert code == 0, lines
    return path


SCENES = {
    "two do the same month": [MONTHLY, MONTHLY],
    "four import the same inbox": [(("import",),)] * 4,
    "each another compound, one all": [*((one,) for one in BY_COMPOUND), (("import",),)],
    "import, complete and post at once": [
        MONTHLY,
        (("post", MONTH), ("post", NEXT), ("post", NEXT)),
        (("import",), ("review", NEXT), ("post", NEXT)),
    ],
}


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("people", SCENES.values(), ids=SCENES)
def test_at_once(built: Path, after: Path, tmp_path: Path, people: Sequence[Sequence[Sequence[str]]]) -> None:
    for number in range(ROUNDS):
        street = Path(shutil.copytree(built, tmp_path / str(number)))
        at_once(street, people)
        assert booked(street) == booked(after)
        last = [("review", NEXT), ("post", NEXT)] if MONTHLY in people else [*MONTHLY]
        for name, *rest in last:
            assert run(street, name, *(str(street / word) if "/" in word else word for word in rest))[0] == 0
        assert booked(street) == booked(after)
        if people[0] != MONTHLY or len(people) == 2:
            assert vouchers(street) == vouchers(after)
        assert run(street, "reconcile", NEXT)[0] == 0
