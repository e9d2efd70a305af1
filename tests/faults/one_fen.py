"""Ten thousand times a fen: each fault is put into a copy of a clean street, looked for by what `jiezhang check` runs,
and taken out again.

    python -m tests.faults.one_fen [--faults 10000] [--seed 2026] [--workers 2]

A fault is **caught** when the check of its compound finds anything. It is **blamed wrongly** when anything found
- is of another compound than the one tampered with, or
- points (by file and line) at a voucher, figure, register or kept file of the other fund alone, or at nothing, or
- names the other fund, and not its own, in its sentence.
Every tenth time all compounds are checked; else the one that was touched, with the openings of all.

Left out, because no second figure in the books contradicts it: a fen moved between two households of one building and
nature in a batch whose digest is rewritten too; between 3101 and 2001 in the opening; the selling unit's deposit in
`buildings.csv`; and a kept file changed together with every digest that cites it, which reconciling finds, for it reads
the rows again. The seal of a month is for these.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from jiezhang.book.layout import StreetFolder
from jiezhang.street.checking import CompoundCheck, check_street
from tests.faults.fen_books import Books
from tests.faults.fen_faults import CLASSES, Fault, make
from tests.faults.fen_street import make_street

WHOLE_STREET_EVERY = 10
FUNDS = {"G": "G公共收益", "W": "W维修资金"}


@dataclass(frozen=True)
class Outcome:
    """What became of one fault; `wrong` are the findings that blame somebody else."""

    kind: str
    caught: bool
    wrong: tuple[str, ...]


def outcomes(street: Path, seed: int, numbers: Sequence[int]) -> list[Outcome]:
    """The faults with these numbers, one after the other, in a copy of `street`."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = StreetFolder(Path(shutil.copytree(street, Path(scratch) / "street")))
        books = [Books(compound.path) for compound in folder.compounds()]
        return [_outcome(folder, books, seed, number) for number in numbers]


def _outcome(street: StreetFolder, all_books: Sequence[Books], seed: int, number: int) -> Outcome:
    chance = Random(f"{seed}/{number}")
    books = all_books[chance.randrange(len(all_books))]
    fault = make(list(CLASSES)[number % len(CLASSES)], books, chance)
    before = {name: (books.folder / name).read_bytes() for name in fault.changes}
    folders = street.compounds()
    if number % WHOLE_STREET_EVERY:
        folders = [folder for folder in folders if folder.code == fault.code]
    try:
        for name, content in fault.changes.items():
            (books.folder / name).write_bytes(content)
        return judge(fault, books, check_street(street, folders))
    finally:
        for name, content in before.items():
            (books.folder / name).write_bytes(content)


def judge(fault: Fault, books: Books, checks: Sequence[CompoundCheck]) -> Outcome:
    own = [str(found) for check in checks if check.code == fault.code for found in check.faults]
    wrong = [
        str(found)
        for check in checks
        for found in check.faults
        if check.code != fault.code or not _points_there(fault, books, found.file, found.line, found.message)
    ]
    return Outcome(fault.kind, bool(own), tuple(wrong))


def _points_there(fault: Fault, books: Books, file: str, line: int, said: str) -> bool:
    compound, _, inside = file.partition("/")
    named = {fund for fund, name in FUNDS.items() if name in said}
    return (
        compound == fault.code
        and fault.fund in books.funds_at(inside, line)
        and (not named or fault.fund in named)
    )


def table(found: Sequence[Outcome]) -> str:
    """Class, faults, caught, blamed wrongly; the sums last."""
    count, caught, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one in found:
        count[one.kind] += 1
        caught[one.kind] += one.caught
        wrong[one.kind] += bool(one.wrong)
    lines = [f"{'class':56}{'faults':>8}{'caught':>8}{'blamed wrongly':>16}"]
    lines += [f"{kind:56}{count[kind]:>8}{caught[kind]:>8}{wrong[kind]:>16}" for kind in CLASSES]
    return "\n".join([*lines, f"{'':56}{count.total():>8}{caught.total():>8}{wrong.total():>16}"])


def run(faults: int, seed: int, workers: int) -> list[Outcome]:
    """Make the street, prove it clean, and try `faults` of them."""
    with tempfile.TemporaryDirectory() as scratch:
        street = make_street(Path(scratch) / "street")
        assert [check.faults for check in check_street(street, street.compounds())] == [()] * 3
        chunks = [range(first, faults, workers * 7) for first in range(min(workers * 7, faults))]
        work = partial(outcomes, street.path, seed)
        if workers == 1:
            return [one for chunk in chunks for one in work(chunk)]
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            return [one for part in pool.imap(work, chunks) for one in part]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    start = time.perf_counter()
    found = run(arguments.faults, arguments.seed, arguments.workers)
    print(table(found))
    print(f"{time.perf_counter() - start:.0f} s, seed {arguments.seed}, {arguments.workers} workers")
    bad = [one for one in found if not one.caught or one.wrong]
    for one in bad[:20]:
        print(one)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
