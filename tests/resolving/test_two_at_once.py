"""Two people record at the same time: nothing lost, nothing written twice."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from tests.resolving.little_office import Office, make_office, walk

PROCESSES = multiprocessing.get_context("forkserver")
EACH = 4


def _object(street: Path, who: int, together: Barrier) -> None:
    office = Office(street)
    together.wait(60)
    for number in range(EACH):
        office.on("K01", "03-02", "resolve", "object", "--number", f"YY{who}{number}", "--text", "太贵")


def _review(street: Path, who: int, together: Barrier) -> None:
    office = Office(street)
    together.wait(60)
    done = office.run("Z01", *office.about("03-05", "resolve", "stage", "--step", "branch", "--opinion", f"第{who}份"))
    assert done.exit_code in (0, 2), done.output
    assert done.exit_code == 0 or "“党支部审议”已于 2025-03-05 办过，不能再办" in done.stderr


def _at_once(street: Path, work: object) -> None:
    together = PROCESSES.Barrier(2)
    people = [PROCESSES.Process(target=work, args=(street, who, together)) for who in range(2)]  # type: ignore[arg-type]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert [person.exitcode for person in people] == [0, 0]


def test_both_are_written(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 1)
    before = (office.compound / "resolutions.beancount").read_bytes()
    _at_once(office.path, _object)
    after = (office.compound / "resolutions.beancount").read_bytes()
    assert after.startswith(before)
    assert after.count(b'custom "objection" "R1"') == 2 * EACH
    for who in range(2):
        own = [after.index(f'"YY{who}{number}"'.encode()) for number in range(EACH)]
        assert own == sorted(own)
    [ledger] = load_street(StreetFolder(office.path))
    assert ledger.errors == []


def test_only_one_takes_the_step(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 1)
    _at_once(office.path, _review)
    assert (office.compound / "resolutions.beancount").read_text("utf-8").count('custom "stage"') == 1
    [ledger] = load_street(StreetFolder(office.path))
    assert ledger.errors == []
