"""Ten thousand times somebody tampers with a sealed street, and a thousand times an office just goes on working.

    python -m tests.faults.tampering [--tamperings 10000] [--honest 1000] [--seed 2026] [--workers 2] [--only N]

A tampering is **found** when `verify`, given the keys that the parties believe, the checkpoints and the receipts that
they kept outside the street, says anything of the compound; a verify that breaks down found nothing. An honest
variation is a **false alarm** when it says anything at all.
`--only N` repeats one tampering and prints what was changed and what was found; `--only-honest N` a variation.

What is no tampering: a change that leaves every byte as it was; of files that are not of the books (`.lock`, `inbox/`,
`completions/`, `example-keys/`); of what is not sealed yet (the open month's vouchers and statements, rows and records
added at the end of what may grow, new files in `documents/`, `votes/`, `batches/`); of the street's contact and
communities in `street.toml`; and what `tamper_seals` names.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from tests.faults.tamper_files import FILES
from tests.faults.tamper_honest import Variation, run_honest, variation
from tests.faults.tamper_seals import SEALS
from tests.faults.tamper_street import Changes, Outside, Sealed, draws_remembered, make_street
from tests.faults.tamper_text import TEXT, Tampering
from tests.faults.tamper_unsigned import UNSIGNED

KINDS: dict[str, tuple[int, Tampering]] = {**TEXT, **FILES, **SEALS, **UNSIGNED}
CODES = ("C0001", "C0002")
_DRAWS = 50
_CHUNKS = 20


@dataclass(frozen=True)
class Outcome:
    """What became of one tampering: what `verify` said, the first sentence first; `changed` are the files; `broken`
    says how `verify` broke down, if it did."""

    number: int
    kind: str
    changed: tuple[str, ...]
    said: tuple[str, ...]
    broken: str = ""


def kinds_of(sealed: Sealed) -> list[str]:
    """Every kind as often as its weight, spread out; a kind that finds nothing to change here is left out."""
    there = {name: weight for name, (weight, make) in KINDS.items() if make(sealed, Random(1))}
    weighted = [((turn + 0.5) / weight, name) for name, weight in there.items() for turn in range(weight)]
    return [name for _, name in sorted(weighted)]


def outcomes(street: Path, outside: Outside, seed: int, kinds: Sequence[str], numbers: Sequence[int]) -> list[Outcome]:
    """The tamperings with these numbers, one after the other, in a copy of `street`."""
    with tempfile.TemporaryDirectory() as scratch, draws_remembered():
        copy = StreetFolder(Path(shutil.copytree(street, Path(scratch) / "street")))
        all_sealed = [Sealed(StreetFolder(street), code) for code in CODES]
        return [_outcome(copy, all_sealed, outside, seed, kinds, number) for number in numbers]


def _outcome(
    copy: StreetFolder, all_sealed: Sequence[Sealed], outside: Outside, seed: int, kinds: Sequence[str], number: int
) -> Outcome:
    chance = Random(f"{seed}/{number}")
    sealed, kind = chance.choice(all_sealed), kinds[number % len(kinds)]
    changes = _made(sealed, kind, chance)
    found, broken = [], ""
    try:
        _put(copy, changes)
        found = outside.verify(copy, [sealed.code])
    except Refused as refused:
        return Outcome(number, kind, tuple(sorted(changes)), (str(refused),))
    except Exception:  # noqa: BLE001 - whatever it was is printed with the tampering
        broken = traceback.format_exc(limit=-3)
    finally:
        _put(copy, {name: sealed.files.get(name) for name in changes})
    said = [f"{fault.place}：{fault.message}" for one in found for fault in one.faults if one.code == sealed.code]
    return Outcome(number, kind, tuple(sorted(changes)), tuple(said), broken)


def _made(sealed: Sealed, kind: str, chance: Random) -> Changes:
    """A tampering of this kind that changes something."""
    for _ in range(_DRAWS):
        found = KINDS[kind][1](sealed, chance)
        changes = {name: new for name, new in found.items() if new != sealed.files.get(name)}
        if changes:
            return changes
    raise AssertionError(f"{kind}: nothing to change")


def _put(copy: StreetFolder, changes: Changes) -> None:
    for name, content in changes.items():
        path = copy.path / name
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for compound in copy.path.glob("C*"):
        if not any(one.is_file() and one.name != ".lock" for one in compound.rglob("*")):
            shutil.rmtree(compound)


def table(found: Sequence[Outcome]) -> str:
    """Kind, tamperings, found, missed; the sums last."""
    count, caught = Counter(one.kind for one in found), Counter(one.kind for one in found if one.said)
    lines = [f"{'kind':48}{'tamperings':>12}{'found':>8}{'missed':>8}"]
    lines += [
        f"{kind:48}{count[kind]:>12}{caught[kind]:>8}{count[kind] - caught[kind]:>8}" for kind in KINDS if count[kind]
    ]
    return "\n".join([*lines, f"{'':48}{count.total():>12}{caught.total():>8}{count.total() - caught.total():>8}"])


def sentences(found: Sequence[Outcome], most: int = 30) -> str:
    """What was said first, how often."""
    first = Counter(_without_names(one.said[0]) for one in found if one.said)
    return "\n".join(f"{count:>8}  {said}" for said, count in first.most_common(most))


def _without_names(said: str) -> str:
    message = said.split("：", 2)[-1] if "：第 " in said else said.partition("：")[2]
    return re.sub(r"[0-9A-Za-z.:/_-]+", "…", message)[:60]


def run_tamperings(street: Path, outside: Outside, seed: int, count: int, workers: int) -> list[Outcome]:
    """`count` tamperings by so many processes."""
    kinds = kinds_of(Sealed(StreetFolder(street), CODES[0]))
    chunks = [range(first, count, workers * _CHUNKS) for first in range(min(workers * _CHUNKS, count))]
    work = partial(outcomes, street, outside, seed, kinds)
    if workers == 1:
        return sorted((one for chunk in chunks for one in work(chunk)), key=lambda one: one.number)
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        parts: list[Outcome] = []
        for part in pool.imap_unordered(work, chunks):
            parts += part
            print(f"{len(parts)} tamperings, {sum(not one.said for one in parts)} missed", file=sys.stderr, flush=True)
    return sorted(parts, key=lambda one: one.number)


def honest_table(found: Sequence[Variation]) -> str:
    """How often each step was among those of a variation; variations and false alarms last."""
    steps = Counter(step for one in found for step in one.steps)
    lines = [f"{'honest step':48}{'variations':>12}", *(f"{step:48}{count:>12}" for step, count in steps.items())]
    alarms = sum(bool(one.said) for one in found)
    return "\n".join([*lines, f"{'variations':48}{len(found):>12}", f"{'false alarms':48}{alarms:>12}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tamperings", type=int, default=10_000)
    parser.add_argument("--honest", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--only-honest", type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        street, outside = make_street(Path(scratch) / "street")
        clean = outside.verify(street, CODES)
        assert [one.faults for one in clean] == [(), ()], clean
        if arguments.only is not None:
            kinds = kinds_of(Sealed(street, CODES[0]))
            print(*outcomes(street.path, outside, arguments.seed, kinds, [arguments.only]), sep="\n")
            return 0
        if arguments.only_honest is not None:
            print(variation(street.path, outside, arguments.seed, arguments.only_honest))
            return 0
        return _all(street, outside, arguments)


def _all(street: StreetFolder, outside: Outside, arguments: argparse.Namespace) -> int:
    seed, workers, start = arguments.seed, arguments.workers, time.perf_counter()
    found = run_tamperings(street.path, outside, seed, arguments.tamperings, workers)
    print(table(found), "", "what verify said first", sentences(found), sep="\n")
    missed = [one for one in found if not one.said]
    for one in missed:
        print("missed:", one)
    print(f"{time.perf_counter() - start:.0f} s, seed {seed}, {workers} workers\n", flush=True)
    start = time.perf_counter()
    honest = run_honest(street.path, outside, seed, arguments.honest, workers)
    print(honest_table(honest))
    alarms = [one for one in honest if one.said]
    for alarm in alarms:
        print("false alarm:", alarm)
    print(f"{time.perf_counter() - start:.0f} s, seed {seed}, {workers} workers")
    return int(bool(missed or alarms))


if __name__ == "__main__":
    sys.exit(main())
