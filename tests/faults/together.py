"""Many processes work in one office at once and are killed at random: is what was accepted everywhere, and once?

    python -m tests.faults.together --seconds 60 --processes 8 --compounds 20

Each process picks a compound and a bank row, and completes, reviews and posts it as one act. What `carry_out` returned
it writes down for itself. A supervisor kills processes with SIGKILL, sometimes with the git they run, and starts
others. At the end what they wrote down is compared with the ledgers, the operation log and the repository.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from jiezhang.book.keys import load_private
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_completions, read_street
from jiezhang.close.completing import waiting
from jiezhang.close.reviewing import state_of
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Completion
from jiezhang.office.acts import Acts
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import Asked, Operation, OperationLog
from jiezhang.office.repository import open_repository
from jiezhang.street.booking import complete_rows, post_rows, review_rows
from jiezhang.street.importing import import_files
from jiezhang.street.sample.plan import MAKER, POSTER, REVIEWER
from jiezhang.street.sampling import write_sample

CITY, MONTH = "hangzhou", Month(2026, 9)
LEDGER = "2026/2026-09.beancount"
Row = tuple[str, str, str]
"""Code of the compound, account and reference of the bank's row."""


@dataclass(frozen=True)
class Result:
    """What was done, and what is wrong afterwards."""

    kills: int
    accepted: int
    posted: int
    done: int
    settled: int
    undone: int
    refused: int
    commits: int
    lost: int
    doubled: int
    unlogged: int
    uncommitted: int
    gaps: int
    faults: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.unlogged or self.uncommitted or self.gaps or self.faults)

    def __str__(self) -> str:
        return "\n".join(f"{field.name:12}{getattr(self, field.name):8.0f}" for field in fields(self))


def now() -> datetime:
    return datetime.now(tz=UTC)


def acts_of(street: StreetFolder, home: Path) -> Acts:
    opened = open_home(street, home)
    return Acts(opened, street, OperationLog(opened), open_repository(street, now(), opened))


def run(path: Path, *, seconds: float, processes: int, compounds: int, seed: int = 2026) -> Result:
    """Make a street below `path`, let `processes` work on it for `seconds` under fire, and compare."""
    began = time.monotonic()
    street, home, notes = StreetFolder(path / "street"), path / "home", path / "notes"
    notes.mkdir()
    write_sample(
        street.path, compounds=compounds, dwellings=8, months=1, booked=0, first_month=MONTH, seed=seed,
    )  # fmt: skip
    import_files(street, [street.inbox], MAKER)
    sheet = read_completions(street.path / "completions" / f"{MONTH}.csv")
    known = {(one.account, one.bank_ref): one for _, one in sheet if not (one.join_ref or one.batch)}
    rows = [row for folder in street.compounds() for row in _to_do(folder, known)]
    acts_of(street, home)
    kills = _under_fire(street, home, notes, rows, known, seconds, processes, Random(seed))
    acts = acts_of(street, home)
    acts.settle(now)
    for folder in street.compounds():
        if load_ledger(folder, CITY).errors:  # a posting that a kill cut short: whoever posts next finishes it
            _carry_out(acts, "", folder.code, "收尾", lambda folder=folder: _post(folder, ()))  # type: ignore[misc]
    return _compare(street, acts, notes, kills, time.monotonic() - began)


def _to_do(folder: CompoundFolder, known: dict[tuple[str, str], Completion]) -> list[Row]:
    """Rows that a bookkeeper can finish alone: one bank row each, proposed by a rule or known from the sheet."""
    found = []
    for entry in waiting(load_ledger(folder, CITY).entries):
        keys = [row_key(leg) for leg in bank_legs(entry)]
        if len(keys) == 1 and (state_of(entry) != "waiting" or keys[0] in known):
            found.append((folder.code, *keys[0]))
    return found


def _under_fire(
    street: StreetFolder, home: Path, notes: Path, rows: Sequence[Row], known: dict[tuple[str, str], Completion],
    seconds: float, processes: int, rng: Random,
) -> int:  # fmt: skip
    """Keep `processes` at work, killing one of them every now and then; how many were killed."""
    context = multiprocessing.get_context("fork")
    started = 0

    def start() -> BaseProcess:
        nonlocal started
        started += 1
        worker = context.Process(target=_work, args=(street, home, notes / str(started), rows, known, started))
        worker.start()
        return worker

    workers, kills, end = [start() for _ in range(processes)], 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            time.sleep(rng.uniform(0.1, 0.9))
            place = rng.randrange(processes)
            doomed = workers[place]
            assert doomed.is_alive(), f"a process ended by itself: {doomed.exitcode}"
            _kill(doomed, with_git=rng.random() < 0.3)
            workers[place] = start()
            kills += 1
    finally:
        for worker in workers:
            _kill(worker, with_git=False)
    return kills + len(workers)


def _kill(worker: BaseProcess, *, with_git: bool) -> None:
    assert worker.pid is not None
    try:
        (os.killpg if with_git else os.kill)(worker.pid, signal.SIGKILL)
    except ProcessLookupError:  # not yet the head of a group of its own
        os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def _work(
    street: StreetFolder, home: Path, note: Path, rows: Sequence[Row], known: dict[tuple[str, str], Completion],
    number: int,
) -> None:  # fmt: skip
    os.setpgid(0, 0)
    supervisor = os.getppid()
    acts, rng = acts_of(street, home), Random(number)
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row[0], []).append(row)
    with note.open("a", encoding="utf-8") as file:
        while by_code and os.getppid() == supervisor:
            code = rng.choice(sorted(by_code))
            row = by_code[code].pop(rng.randrange(len(by_code[code])))
            if not by_code[code]:
                del by_code[code]
            voucher = _carry_out(acts, row[2], code, f"记账 {row[2]}", lambda row=row: _book(street, row, known))  # type: ignore[misc]
            if voucher:
                file.write(json.dumps([*row, voucher]) + "\n")
                file.flush()
                os.fsync(file.fileno())
    while os.getppid() == supervisor:  # every row was tried
        time.sleep(0.2)


def _carry_out(acts: Acts, ref: str, code: str, content: str, do: object) -> str:
    """The voucher's number once accepted; empty when it was refused."""
    actor = by_id(read_street(acts.street).people)[POSTER]
    try:
        return acts.carry_out(actor, "post", code, content, do, now, told=str)  # type: ignore[arg-type]
    except (Refused, ManyRefused):
        return ""


def _book(street: StreetFolder, row: Row, known: dict[tuple[str, str], Completion]) -> str:
    """Complete, review and post one row, from wherever a killed process left it."""
    code, *key = row
    folder, keys = street.compound(code), (key[0], key[1])
    entries = waiting(load_ledger(folder, CITY).entries)
    found = [entry for entry in entries if keys in [row_key(leg) for leg in bank_legs(entry)]]
    if not found:
        raise Refused("这笔流水别人已经办了")
    state = state_of(found[0])
    if state == "waiting":
        complete_rows(folder, CITY, [known[keys]], MAKER)
    if state != "reviewed":
        review_rows(folder, CITY, MONTH, REVIEWER, [keys])
    _post(folder, [keys])
    return _posted(folder.path.joinpath(LEDGER).read_text("utf-8"))[keys[1]]


def _post(folder: CompoundFolder, only: Sequence[tuple[str, str]]) -> str:
    key = load_private(folder.path.parent / "example-keys" / f"{POSTER}.pem")
    return str(post_rows(folder, CITY, MONTH, POSTER, only, key).posted)


def _posted(text: str) -> dict[str, str]:
    """Posted vouchers of a ledger as text: the bank's reference → the voucher's number. Doubles raise."""
    pairs = [pair for block in re.split(r"\n(?=\d{4}-)", text) for pair in _of_block(block)]
    assert len(pairs) == len(dict(pairs)), "one bank row in two vouchers"
    return dict(pairs)


def _of_block(block: str) -> list[tuple[str, str]]:
    number = re.search(r'^  voucher: "(.+)"$', block, re.MULTILINE)
    return [(ref, number[1]) for ref in re.findall(r'^ +bank-ref: "(.+)"$', block, re.MULTILINE)] if number else []


def _compare(street: StreetFolder, acts: Acts, notes: Path, kills: int, seconds: float) -> Result:
    accepted = [json.loads(line) for note in notes.iterdir() for line in note.read_text("utf-8").splitlines()]
    ledgers = {folder.code: _posted((folder.path / LEDGER).read_text("utf-8")) for folder in street.compounds()}
    operations = acts.log.search(Asked(), limit=None)
    ended = [one for one in operations if one.of is not None]
    mine = [one for one in ended if one.action == "post" and one.phase == "done" and one.content != "收尾"]
    settled = [one for one in mine if one.result.startswith("办理")]
    done = [one for one in mine if not one.result.startswith("办理")]
    logged = {(one.compound, one.content.removeprefix("记账 ")) for one in mine}
    named = Counter((one.compound, one.content) for one in done)
    vouchers = [Counter(ledger.values()) for ledger in ledgers.values()]
    return Result(
        kills=kills, accepted=len(accepted), posted=sum(map(len, ledgers.values())), done=len(done),
        settled=len(settled), undone=sum(one.phase == "failed" for one in ended),
        refused=sum(one.phase == "refused" for one in ended),
        commits=len(_git(street, "rev-list", "HEAD").split()),
        lost=sum(ledgers[code].get(ref) != voucher for code, _, ref, voucher in accepted),
        doubled=sum(count - 1 for count in named.values())
        + sum(count - 1 for numbers in vouchers for count in numbers.values()),
        unlogged=sum((code, ref) not in logged for code, ledger in ledgers.items() for ref in ledger)
        + len({(code, ref) for code, _, ref, _ in accepted} - {(one.compound, one.content[3:]) for one in done})
        + sum(one.phase == "begin" for one in operations) - len(ended) + len(acts.log.unended()),
        uncommitted=_uncommitted(street, ended, done),
        gaps=sum(max((int(number[2:]) for number in numbers), default=0) - len(numbers) for numbers in vouchers),
        faults=len(acts.verify())
        + sum(len(load_ledger(folder, CITY).errors) for folder in street.compounds()),
        seconds=seconds,
    )  # fmt: skip


def _uncommitted(street: StreetFolder, ended: Sequence[Operation], done: Sequence[Operation]) -> int:
    """Files that differ from the last commit, commits no row has, rows without theirs, acts that are not in theirs."""
    commits = _git(street, "rev-list", "HEAD").split()
    cited = Counter(one.commit_id for one in ended if one.commit_id)
    wrong = len(_git(street, "status", "--porcelain", "--untracked-files=all").splitlines())
    wrong += len(set(commits[:-1]) ^ set(cited)) + sum(count - 1 for count in cited.values())
    for one in done:
        ref = one.content.removeprefix("记账 ")
        folder = street.compound(one.compound).path.name
        before, after = (
            _posted(_git(street, "show", f"{one.commit_id}{which}:{folder}/{LEDGER}")) for which in ("^", "")
        )
        wrong += ref in before or after.get(ref) != one.result
    _git(street, "fsck", "--strict")
    return wrong


def _git(street: StreetFolder, *command: str) -> str:
    """What git says, asked past the code under test."""
    done = subprocess.run(
        ["git", *command], cwd=street.path, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    return done.stdout.decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--compounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = run(Path(scratch), seconds=given.seconds, processes=given.processes, compounds=given.compounds,
                     seed=given.seed)  # fmt: skip
    print(result)
    sys.exit(0 if result.is_clean else 1)


if __name__ == "__main__":
    main()
