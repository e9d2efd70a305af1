"""`jiezhang check` against `bean-check` over the same ledgers, in turn, in one run.

    python benchmarks/check_street.py [--compounds 52] [--dwellings 300] [--months 12] [--rounds 3]

Both load every ledger with the pickle cache off. bean-check is called the way a person would, one process for each
ledger, and also once in one process for all of them, so that start-up does not flatter us. It also prints what each
step of the street costs: sample, import, complete, post, check, reconcile, disclose.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
ONE_PROCESS = """
import sys
from beancount import loader
loader.initialize(use_cache=False)
print(sum(len(loader.load_file(path)[1]) for path in sys.argv[1:]))
"""


def run(*command: str | Path) -> float:
    """Seconds a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"},
    )
    return time.perf_counter() - start


def prepare(street: Path, arguments: argparse.Namespace) -> None:
    """Keep a year's books by the commands a person would give, printing how long each step took."""
    jiezhang = (BIN / "jiezhang", "-C", street)
    maker, reviewer, poster = ((*jiezhang, "--as", person) for person in ("K01", "F01", "K02"))
    key = ("--key", street / "example-keys" / "K02.pem")
    shape = ("--compounds", str(arguments.compounds), "--dwellings", str(arguments.dwellings))
    took = run(BIN / "jiezhang", "sample", street, *shape, "--months", str(arguments.months), "--first", "2025-01")
    print(f"sample     {took:7.1f} s")
    print(f"import     {run(*maker, 'import'):7.1f} s")
    months = sorted(path.stem for path in (street / "completions").glob("20*.csv"))
    took = sum(run(*maker, "complete", street / "completions" / f"{month}.csv") for month in months)
    print(f"complete   {took:7.1f} s  ({len(months)} months)")
    print(f"review     {sum(run(*reviewer, 'review', month) for month in months):7.1f} s  ({len(months)} months)")
    print(f"post       {sum(run(*poster, 'post', month, *key) for month in months):7.1f} s  ({len(months)} months)")
    print(f"reconcile  {run(*jiezhang, 'reconcile', months[-1]):7.1f} s  (one month)")
    print(f"disclose   {run(*jiezhang, 'disclose', months[-1], '--out', street / 'out'):7.1f} s  (one month)")


def compare(street: Path, rounds: int) -> None:
    """The three ways to check, in turn, and their ratios."""
    mains = sorted(street.glob("C*/main.beancount"))
    ours, theirs, bare = [], [], []
    for _ in range(rounds):
        ours.append(run(BIN / "jiezhang", "-C", street, "check"))
        theirs.append(sum(run(BIN / "bean-check", main) for main in mains))
        bare.append(run(sys.executable, "-c", ONE_PROCESS, *mains))
    print(f"\n{len(mains)} ledgers, {rounds} rounds, medians:")
    print(f"jiezhang check                       {median(ours):7.1f} s")
    print(f"bean-check, a process for each       {median(theirs):7.1f} s   ratio {median(ours) / median(theirs):.2f}")
    print(f"Beancount's loader, all in one       {median(bare):7.1f} s   ratio {median(ours) / median(bare):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compounds", type=int, default=52)
    parser.add_argument("--dwellings", type=int, default=300)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        street = Path(folder) / "street"
        prepare(street, arguments)
        compare(street, arguments.rounds)


if __name__ == "__main__":
    main()
