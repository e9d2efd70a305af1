"""Many processes post vouchers at once, to the same compounds: numbers without gap and without duplicate, one chain.

    python -m tests.faults.numbering --vouchers 100000 --processes 4

Every act posts some hundreds of reviewed rows; acts on one compound are dealt out to different processes, and one in
twenty is carried out by two of them. Afterwards ledgers and chains are read as text, not by the code that wrote them.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.create import NewCompound, create_compound, create_street
from jiezhang.book.edit import apply
from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger, load_unlocked
from jiezhang.close.completing import waiting
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.accounts import account_name
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.period import Month
from jiezhang.domain.register import BookingRule, Compound, DedicatedAccount, Person, Street
from jiezhang.domain.statement import Statement, StatementRow
from jiezhang.street.booking import post_rows, review_rows

CITY, START, MONTH = "hangzhou", date(2026, 9, 1), Month(2026, 9)
VOUCHERS_EACH = 4_000
ACT = 400
_NUMBER = re.compile(r'^  voucher: "记-(\d+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """What was found afterwards; `errors` are the books' own."""

    compounds: int
    posted: int
    gaps: int
    duplicates: int
    chain_errors: int
    unsigned: int
    errors: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        return not (self.gaps or self.duplicates or self.chain_errors or self.unsigned or self.errors)

    def __str__(self) -> str:
        return (
            f"{self.posted} vouchers posted in {self.compounds} compounds, {self.gaps} gaps, "
            f"{self.duplicates} duplicates, {self.chain_errors} chain errors, {self.unsigned} acts unsigned, "
            f"{self.errors} errors in the books; {self.seconds:.0f} s"
        )


def run(path: Path, *, vouchers: int, processes: int, compounds: int = 0, act: int = ACT, seed: int = 2026) -> Result:
    """Make a street at `path` with `vouchers` reviewed rows, post them all at once, and look."""
    began, rng = time.monotonic(), Random(seed)
    count = compounds or max(1, -(-vouchers // VOUCHERS_EACH))
    each = [vouchers // count + (number < vouchers % count) for number in range(count)]
    people = (
        Person(id="K01", name="代理会计", roles=("bookkeeper",)),
        Person(id="F01", name="街道复核员", roles=("reviewer",)),
        Person(id="T01", name="街道负责人", roles=("street_head",), key=_key(seed).public),
    )
    street = create_street(path, Street(name="样例街道", city=CITY, people=people), START)
    context = multiprocessing.get_context("fork")
    with context.Pool(processes) as pool:
        rows = pool.starmap(_fill, [(street, number, n) for number, n in enumerate(each, start=1)], chunksize=1)
    acts = [
        (code, tuple(keys[first : first + act])) for code, keys in rows for first in range(0, len(keys), act)
    ]
    acts += rng.sample(acts, len(acts) // 20)
    rng.shuffle(acts)
    workers = [
        context.Process(target=_post_all, args=(street, acts[number::processes], seed)) for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(worker.exitcode == 0 for worker in workers), "a process that posted ended with an error"
    found = [_look(folder) for folder in street.compounds()]
    sums = (sum(numbers) for numbers in zip(*found, strict=True))
    return Result(count, *sums, time.monotonic() - began)  # type: ignore[arg-type]


def _key(seed: int) -> PrivateKey:
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"T01 {seed}".encode()).digest()))


def _fill(street: StreetFolder, number: int, count: int) -> tuple[str, list[tuple[str, str]]]:
    """A compound with `count` reviewed rows: its code, and the rows' keys."""
    compound = Compound(code=f"C{number:04d}", name="甲子花园", community="SQ01", kind="commercial", start=START)
    named = compound.model_copy(update={"name": f"甲子花园{number}号"})
    bank = account_name(named.component, "G公共收益", "1002", "工行3021")
    opened = DedicatedAccount(
        account=bank, bank="icbc", number=f"1202000{number:04d}3021", holder="业主大会", holder_kind="assembly"
    )
    equity = account_name(named.component, "G公共收益", "3001")
    rule = BookingRule(code="GZ-01", direction="in", words="停车费", subject="4001")
    opening = [(bank, Decimal("100.00")), (equity, Decimal("-100.00"))]
    folder = create_compound(street, NewCompound(named, [opened], opening, rules=[rule]))
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        plan = plan_import(ledger.entries, [(bank, _statement(number, count))], [], [rule])
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, "K01")))
    review_rows(folder, CITY, MONTH, "F01")
    entries = waiting(load_ledger(folder, CITY).entries)
    return folder.code, [row_key(leg) for entry in entries for leg in bank_legs(entry)]


def _statement(number: int, count: int) -> Statement:
    balance, rows = Decimal("100.00"), []
    for line in range(1, count + 1):
        amount = Decimal(1 + (line * 7919 + number) % 9_999).scaleb(-2)
        balance += amount
        day = START + timedelta(days=(line - 1) * 30 // count)
        rows.append(StatementRow(line, day, "10:00:00", amount, balance, "车主", "", "停车费", serial=f"S{line}"))
    digest = hashlib.sha256(f"{number}".encode()).hexdigest()
    return Statement("icbc.history_detail", "a.xlsx", digest, f"1202000{number:04d}3021", "", "CNY", tuple(rows))


def _post_all(street: StreetFolder, acts: Sequence[tuple[str, Sequence[tuple[str, str]]]], seed: int) -> None:
    for code, keys in acts:
        post_rows(street.compound(code), CITY, MONTH, "T01", keys, _key(seed))


def _look(folder: CompoundFolder) -> tuple[int, int, int, int, int, int]:
    """Posted, gaps, duplicates, chain errors, unsigned ends, errors of one compound."""
    text = (folder.path / "2026/2026-09.beancount").read_text("utf-8")
    numbers = [int(found) for found in _NUMBER.findall(text)]
    gaps = max(numbers, default=0) - len(set(numbers))
    with (folder.path / "chain.csv").open(encoding="utf-8", newline="") as file:
        links = list(csv.DictReader(file))
    head, wrong = "0" * 64, 0
    for place, link in enumerate(links, start=1):
        said = f"{head}|{link['month']}|{link['voucher']}|{link['digest']}|{link['poster']}"
        head = hashlib.sha256(said.encode()).hexdigest()
        expected = "期初" if place == 1 else f"记-{place - 1:04d}"
        wrong += (link["head"], link["number"], link["voucher"]) != (head, str(place), expected)
    wrong += abs(len(links) - 1 - len(numbers))
    unsigned = int(bool(links) and not links[-1]["signature"])
    return len(numbers), gaps, len(numbers) - len(set(numbers)), wrong, unsigned, len(load_ledger(folder, CITY).errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vouchers", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--compounds", type=int, default=0, help="so many; by default one for each 4,000 vouchers")
    parser.add_argument("--act", type=int, default=ACT, help="rows posted in one act")
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = run(Path(scratch) / "street", vouchers=given.vouchers, processes=given.processes,
                     compounds=given.compounds, act=given.act, seed=given.seed)  # fmt: skip
    print(result)
    sys.exit(0 if result.is_clean else 1)


if __name__ == "__main__":
    main()
