"""Ten thousand times a falsified proof: a household's true proof is falsified and given to the verifier, which must
say why it does not believe it; and with `--js` the verifier of the owner's page must say the same word.

    python -m tests.faults.proofs [--count 10000] [--seed 2026] [--js] [--workers 2]

The true proofs are of compounds of 1, 2, 3, 7, 100 and 1,176 households in two months. A falsification that changes
nothing, or happens to give another household's true proof (a splice of two of one compound), is made again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from jiezhang.domain.history.household_proof import verify
from jiezhang.domain.history.trust import as_json
from tests.history.made import trust
from tests.history.mutations import KINDS, mutant

ROOT = Path(__file__).parents[2]
JS = ROOT / "tests" / "js" / "check_lines.mjs"
BATCH = 1000
_believed: set[str] = set()
"""True proofs that this process has seen believed: they are few, and asking again takes half of the time."""
RESULTS = ("malformed", "not_in_total", "untrusted", "signature", "missing", "ok")


@dataclass(frozen=True)
class Outcome:
    """What the verifiers said of one falsified proof; `other` is the JavaScript one's word, where it was asked."""

    kind: str
    code: str
    result: str
    other: str | None

    @property
    def is_bad(self) -> bool:
        """Believed, or not judged alike."""
        return self.result == "ok" or self.other == "ok" or self.other not in (None, self.result)


def outcomes(seed: int, js: bool, numbers: Sequence[int]) -> list[Outcome]:
    """The falsifications with these numbers; the true proofs they are made from must be believed."""
    made = [(kind := list(KINDS)[number % len(KINDS)], *mutant(kind, Random(f"{seed}/{number}"))) for number in numbers]
    true = sorted({original for _, _, original in made} - _believed)
    assert all(verify(code, trust()).result == "ok" for code in true)
    codes = [code for _, code, _ in made]
    others: Sequence[str | None] = [None] * len(codes)
    if js:
        said = ask_js([*codes, *true])
        assert set(said[len(codes) :]) == {"ok"}, "the page does not believe a true proof"
        others = said[: len(codes)]
    _believed.update(true)
    return [
        Outcome(kind, code, verify(code, trust()).result, other)
        for (kind, code, _), other in zip(made, others, strict=True)
    ]


def ask_js(codes: Sequence[str]) -> list[str]:
    """The page's word for each code."""
    lines = "".join(code + "\n" for code in (json.dumps(json.loads(as_json(trust()))), *codes))
    done = subprocess.run(["node", str(JS)], input=lines, capture_output=True, text=True, check=True, encoding="utf-8")
    said = done.stdout.splitlines()
    assert len(said) == len(codes), f"{len(codes)} codes, {len(said)} answers"
    return said


def table(found: Sequence[Outcome]) -> str:
    """By kind: how many, and how many were refused for which reason; the sums last."""
    counts = Counter((one.kind, one.result) for one in found)
    lines = [f"{'falsified':42}{'proofs':>8}" + "".join(f"{result:>14}" for result in RESULTS)]
    for kind in KINDS:
        row = [counts[kind, result] for result in RESULTS]
        lines.append(f"{kind:42}{sum(row):>8}" + "".join(f"{count:>14}" for count in row))
    sums = [sum(counts[kind, result] for kind in KINDS) for result in RESULTS]
    return "\n".join([*lines, f"{'':42}{sum(sums):>8}" + "".join(f"{count:>14}" for count in sums)])


def run(count: int, seed: int, js: bool, workers: int) -> list[Outcome]:
    """Try `count` of them; every so often a line says how far it is."""
    chunks = [range(first, min(first + BATCH, count)) for first in range(0, count, BATCH)]
    found: list[Outcome] = []
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for done, part in enumerate(pool.imap(partial(outcomes, seed, js), chunks), start=1):
            found += part
            if done % 10 == 0:
                print(f"{len(found)} of {count}, {sum(one.is_bad for one in found)} bad", file=sys.stderr, flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--js", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    start = time.perf_counter()
    found = run(arguments.count, arguments.seed, arguments.js, arguments.workers)
    bad = [one for one in found if one.is_bad]
    print(table(found))
    print(f"believed or judged differently: {len(bad)}{'' if arguments.js else ' (JavaScript was not asked)'}")
    print(f"{time.perf_counter() - start:.0f} s, seed {arguments.seed}, {arguments.workers} workers")
    for one in bad[:20]:
        print(one)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
