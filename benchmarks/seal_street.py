"""A street's month presented, signed by three parties and closed, beside the least that any seal takes.

    python benchmarks/seal_street.py [--compounds 8] [--dwellings 1176] [--months 1] [--street FOLDER]

The steps are those of `attest present`, `attest sign` and `close`, on all cores, over a copy of the street (a sample,
or with `--street` one whose months are booked; its seals are left out). The peer loads every ledger once with
Beancount's own loader, the pickle cache off, and makes the SHA-256 of every file, on the same cores. At last a
household's proof is made from the sealed books as `attest proof` does it, and again from the tree that is at hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from beancount import loader

from jiezhang.book.keys import PrivateKey, load_private
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked, office_of
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_salt
from jiezhang.cli.terminal import progress
from jiezhang.close.household_proofs import sealed_households
from jiezhang.domain.history.household_proof import verify
from jiezhang.domain.people import serves
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused
from jiezhang.street.attesting import Act, party_of, sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.owner_papers import code_of
from jiezhang.street.parallel import run
from jiezhang.street.party_words import Saying, word_by
from jiezhang.street.presenting import present_street
from jiezhang.street.sample.plan import POSTER
from jiezhang.street.verifying import trust_from

SIGNING = ("bank", "auditor", "community_accountant")
LOADS = multiprocessing.get_context("fork").Value("i")
LOAD_SECONDS = multiprocessing.get_context("fork").Value("d")
Steps = Iterator[tuple[str, Callable[[], object]]]


def counted_load(folder: CompoundFolder, city: str) -> Ledger:
    """`load_unlocked`, counted over all workers, with its seconds of processor time."""
    start = time.process_time()
    found = load_unlocked(folder, city)
    with LOADS, LOAD_SECONDS:
        LOADS.value += 1
        LOAD_SECONDS.value += time.process_time() - start
    return found


def cpu_seconds() -> float:
    """Processor time of this process and of its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_mb(who: int) -> int:
    """Peak resident memory of this process, or of the largest of its workers that have ended."""
    return resource.getrusage(who).ru_maxrss // 1024


def key_of(street: StreetFolder, person: str) -> PrivateKey:
    """The key of one of the sample's people."""
    return load_private(street.path / "example-keys" / f"{person}.pem")


def booked_months(street: StreetFolder) -> list[Month]:
    """Those with vouchers, in order."""
    return [Month.parse(name) for name in sorted({path.stem for path in street.path.glob("C*/20*/20*.beancount")})]


def steps_of(street: StreetFolder, month: Month) -> Steps:
    """What closing the month takes, step by step."""
    folders, today = street.compounds(), month.next.next.first_day
    at = int(datetime.combine(month.next.first_day, datetime.min.time(), UTC).timestamp()) + 4 * 24 * 3600
    own = key_of(street, POSTER)
    yield "present", lambda: present_street(street, folders, month, POSTER, own, today, progress)

    def signed_by(role: str) -> None:
        for person in (one for one in read_street(street).people if role in one.roles):
            served = [folder for folder in folders if serves(person, folder.code)]
            if served:
                act = Act(person, party_of(person, served[0].code), key_of(street, person.id), at, today)
                sign_street(street, served, month, act, word_by(Saying()), progress)

    for role in SIGNING:
        yield f"sign, {role}", lambda role=role: signed_by(role)  # type: ignore[misc]
    yield "close", lambda: close_street(street, folders, month, POSTER, today, progress)


def seal(street: StreetFolder) -> dict[str, Any]:
    """Close every month of `street`: seconds and processor seconds of every step, loads, memory; then one proof."""
    took: dict[str, tuple[float, float]] = {}
    loads = ("jiezhang.street.presenting.load_unlocked", "jiezhang.book.commit.load_unlocked")
    with patch(loads[0], counted_load), patch(loads[1], counted_load):
        for month in booked_months(street):
            for name, work in steps_of(street, month):
                start, used = time.perf_counter(), cpu_seconds()
                work()
                before = took.get(name, (0, 0))
                took[name] = before[0] + time.perf_counter() - start, before[1] + cpu_seconds() - used
    found = {"took": took, "loads": LOADS.value, "load_seconds": LOAD_SECONDS.value}
    memory = {"parent_mb": peak_mb(resource.RUSAGE_SELF), "worker_mb": peak_mb(resource.RUSAGE_CHILDREN)}
    return found | memory | {"proof": proof(street)}


def proof(street: StreetFolder) -> dict[str, Any]:
    """A proof of the last month from the books, and from the tree; of the compound with the longest register."""
    month = booked_months(street)[-1]
    folder = max(street.compounds(), key=lambda one: (one.register / "dwellings.csv").stat().st_size)
    ledger, salt = load_ledger(folder, read_street(street).city), read_salt(folder)
    office = office_of(ledger)
    seal = office.files.months.seal_of(month) if office is not None else None
    assert seal is not None and salt is not None
    start = time.perf_counter()
    sealed = sealed_households(ledger, seal, salt)
    replayed = time.perf_counter() - start
    start = time.perf_counter()
    codes = [sealed.code(household) for household in sealed.tree.places]
    warm = (time.perf_counter() - start) / len(codes)
    start = time.perf_counter()
    assert code_of(street, folder, month, next(iter(sealed.tree.places))) in codes
    cold = time.perf_counter() - start
    trust = trust_from(street)
    start = time.perf_counter()
    assert all(verify(code, trust).result == "ok" for code in codes[:50])
    verified = (time.perf_counter() - start) / len(codes[:50])
    return {"households": len(codes), "bytes": max(len(code) * 5 // 8 for code in codes), "keys": len(trust.keys),
            "letters": max(map(len, codes)), "cold": cold, "replayed": replayed, "warm": warm,
            "verified": verified}  # fmt: skip


def load_and_hash(folder: CompoundFolder) -> int:
    """The peer's work on one compound; gives the bytes read."""
    loader.initialize(use_cache=False)
    loader.load_file(str(folder.main))
    files = [path.read_bytes() for path in folder.path.rglob("*") if path.is_file()]
    assert all(hashlib.sha256(content).digest() for content in files)
    return sum(map(len, files))


def peer(street: StreetFolder) -> dict[str, Any]:
    """Every ledger loaded once, every file hashed once."""
    start, used = time.perf_counter(), cpu_seconds()
    size = sum(run(load_and_hash, street.compounds(), "Beancount, SHA-256", progress))
    return {"took": (time.perf_counter() - start, cpu_seconds() - used), "bytes": size}


def apart(part: str, street: Path) -> dict[str, Any]:
    """What `part` found, in a process of its own, so that nobody else's memory is counted."""
    command = [sys.executable, __file__, "--part", part, "--street", str(street)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def told(ours: dict[str, Any], theirs: dict[str, Any], count: int) -> None:
    """The figures of `count` sealed months, on paper."""
    steps = {**ours["took"], "together": [sum(column) for column in zip(*ours["took"].values(), strict=True)]}
    print(f"{'':28}{'time':>9}   {'each':>8}   {'ratio':>6}   {'processor':>9}   {'ratio':>6}")
    for name, (wall, cpu) in (*steps.items(), ("Beancount once, and SHA-256", theirs["took"])):
        ratios = wall / theirs["took"][0], cpu / theirs["took"][1]
        print(f"{name:28}{wall:7.1f} s   {wall / count * 1000:5.0f} ms   {ratios[0]:6.2f}   {cpu:7.1f} s   "
              f"{ratios[1]:6.2f}")  # fmt: skip
    print(f"{theirs['bytes'] / 2**20:.1f} MiB of files, {os.cpu_count()} cores; every ledger was loaded "
          f"{ours['loads'] / count:.1f} times, {ours['load_seconds'] / steps['together'][1]:.0%} of the processor time")
    print(f"peak memory {ours['parent_mb']} MB, of the largest worker {ours['worker_mb']} MB")


def told_of_proof(one: dict[str, Any]) -> None:
    """The figures of one household's proof."""
    print(f"a proof of one of {one['households']} households with {len(SIGNING) + 1} signatures: {one['bytes']} bytes "
          f"at most, {one['letters']} letters")  # fmt: skip
    print(f"from the books {one['cold'] * 1000:.0f} ms (of it replaying and the tree {one['replayed'] * 1000:.0f} ms), "
          f"from the tree {one['warm'] * 1000:.2f} ms, ratio {one['cold'] / one['warm']:.0f}; verified in "
          f"{one['verified'] * 1000:.2f} ms, {one['keys']} keys trusted")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compounds", type=int, default=8)
    parser.add_argument("--dwellings", type=int, default=1176)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--street", type=Path)
    parser.add_argument("--part", choices=["seal", "peer"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        try:
            print(json.dumps({"seal": seal, "peer": peer}[given.part](StreetFolder(given.street.resolve()))))
        except ManyRefused as many:
            sys.exit(f"{len(many.refusals)} compounds can't be closed: {many.refusals[0]}")
        return
    with tempfile.TemporaryDirectory() as folder:
        street = Path(folder) / "street"
        if given.street is None:
            shape = {"compounds": given.compounds, "dwellings": given.dwellings, "months": given.months}
            command = [str(Path(sys.executable).parent / "jiezhang"), "sample", str(street), "--first", "2026-01"]
            command += [f"--{name}={number}" for name, number in {**shape, "booked": given.months}.items()]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        else:
            shutil.copytree(given.street, street, ignore=shutil.ignore_patterns("seals", "inbox", ".lock"))
        compounds, months = len(StreetFolder(street).compounds()), len(booked_months(StreetFolder(street)))
        print(f"{compounds} compounds, booked months: {months}", flush=True)
        theirs = apart("peer", street)
        ours = apart("seal", street)
        told(ours, theirs, compounds * months)
        told_of_proof(ours["proof"])


if __name__ == "__main__":
    main()
