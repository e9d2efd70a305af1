"""The household ledger at the size of a district, beside the naive way (each household an account of Beancount).

    python benchmarks/households.py [--compounds 255] [--dwellings 1176] [--events 12] [--rounds 3]

First, from vouchers already read: one month's replay from the last sealed state, which is read back from its bytes, an
interest distribution to every household, and a repair shared by every compound, in one process, seconds and peak
memory (the compounds have one register between them). Then, at one compound, the same vouchers both ways in
turn: compact vouchers loaded by Beancount and replayed, against a posting for each household; each in a process of its
own.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.household_events import (
    Detail,
    Event,
    FirstDeposit,
    InterestReceived,
    Movement,
    RepairApportioned,
    TopUp,
    YieldDistribution,
)
from jiezhang.domain.register import Dwelling
from jiezhang.domain.roll import by_building
from jiezhang.domain.scope import COMPOUND
from jiezhang.domain.shares import Column, split_column
from jiezhang.households.batch import write_batch
from jiezhang.households.effects import proposed_repair
from jiezhang.households.from_ledger import events_from_ledger
from jiezhang.households.identity import identity
from jiezhang.households.keeping import read_state, state_bytes
from jiezhang.households.replay import apply, replay
from jiezhang.households.state import Households, accrued, new_households

START = date(2026, 1, 1)
MONTH = date(2026, 10, 1)
FUND = "C0007长吴公寓:W维修资金"
BANK = f"Assets:{FUND}:1001银行存款-建行4417"
PAID = f"Income:{FUND}:4001交存"
INTEREST = f"Income:{FUND}:4101存款利息"
REPAIR = f"Expenses:{FUND}:5001维修"
OWN = f"Equity:{FUND}:3001商品住宅维修资金"
YIELD = f"Equity:{FUND}:3101待分配累计收益"
ROOMS_PER_BUILDING = 98


def dwellings(count: int) -> Iterator[Dwelling]:
    for number in range(count):
        building, room = divmod(number, ROOMS_PER_BUILDING)
        name, stair = f"B{building + 1:02d}", str(room % 2 + 1)
        yield Dwelling.model_validate(
            {"code": f"{name}-{stair}-{room // 2 + 1:02d}01", "building": name, "stair": stair, "room": f"{room}",
             "area_m2": f"{60 + number % 90}.{number % 100:02d}"}
        )


def buildings(state: Households, change: Column) -> tuple[tuple[str, int], ...]:
    return tuple(zip(state.roll.buildings, by_building(state.roll, change).tolist(), strict=True))


def to_some(state: Households, fen: int, every: int) -> Detail:
    return tuple((code, fen + place) for place, code in enumerate(state.roll.codes.tolist()[::every]))


def deposited(kind: type[FirstDeposit] | type[TopUp], day: date, detail: Detail) -> Event:
    sums: dict[str, int] = {}
    for code, fen in detail:
        sums[code.split("-")[0]] = sums.get(code.split("-")[0], 0) + fen
    movement = Movement(bank_fen=sum(sums.values()), buildings=tuple(sorted(sums.items())))
    return kind(date=day, movement=movement, detail=detail)


def repaired(state: Households, day: date, total_fen: int) -> Event:
    charge = proposed_repair(state, COMPOUND, total_fen).charge_fen
    movement = Movement(bank_fen=-total_fen, buildings=buildings(state, -charge))
    return RepairApportioned(date=day, movement=movement, scope=COMPOUND, total_fen=total_fen)


def distributed(state: Households, day: date, total_fen: int) -> Event:
    shares = split_column(total_fen, accrued(state, day).jishu)
    movement = Movement(undistributed_fen=-total_fen, buildings=buildings(state, shares))
    return YieldDistribution(date=day, movement=movement, basis="jishu")


def begun(count: int) -> Households:
    """A compound whose households all paid in, and whose bank paid interest."""
    state = new_households(dwellings(count), START)
    state = apply(state, deposited(FirstDeposit, START, to_some(state, 1_000_000, 1)))
    interest = Movement(bank_fen=9_876_543, undistributed_fen=9_876_543)
    return apply(state, InterestReceived(date=MONTH - timedelta(days=10), movement=interest))


def month_of(state: Households, events: int) -> list[Event]:
    """Top-ups by every tenth household, and a repair of the compound every third voucher."""
    found: list[Event] = []
    for number in range(events):
        day = MONTH + timedelta(days=number * 28 // events)
        one = repaired(state, day, 1_234_567) if number % 3 == 2 else deposited(
            TopUp, day, to_some(state, 2_000, 10)
        )
        found.append(one)
        state = apply(state, one)
    return found


def peak_mb() -> int:
    """Peak resident memory of this process alone; `ru_maxrss` would start from the parent's."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def timed(said: str, work: Callable[[], list[Households]]) -> list[Households]:
    start = time.perf_counter()
    states = work()
    print(f"{said:58}{time.perf_counter() - start:8.2f} s", flush=True)
    assert all(identity(state).holds for state in states)
    return states


def district(arguments: argparse.Namespace) -> None:
    states = timed("registers read, first deposits of all", lambda: [
        begun(arguments.dwellings) for _ in range(arguments.compounds)
    ])
    count = sum(len(state.roll) for state in states)
    print(f"{arguments.compounds} compounds, {count:,} households")
    months = [month_of(state, arguments.events) for state in states]
    register = FundRegister(START, tuple(dwellings(arguments.dwellings)))
    sealed = [state_bytes(state) for state in states]
    print(f"sealed states {sum(map(len, sealed)) / 1e6:.1f} MB")
    states = timed(f"one month's replay from the sealed state, {arguments.events} vouchers", lambda: [
        replay(read_state(content, register), month) for content, month in zip(sealed, months, strict=True)
    ])
    day = date(2026, 10, 31)
    yields = [distributed(state, day, 9_000_001) for state in states]
    states = timed("an interest distribution to every household", lambda: [
        apply(state, event) for state, event in zip(states, yields, strict=True)
    ])
    timed("one apportionment for each compound, and its booking", lambda: [
        apply(state, repaired(state, day, 7_777_777)) for state in states
    ])
    print(f"peak memory {peak_mb()} MB\n")


# ------------------------------------------------------------------ the naive way

def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d} CNY"


def ledgers(folder: Path, count: int, events: int) -> None:
    """The same vouchers twice: `ours.beancount` with batches, and `naive.beancount` with a posting per household."""
    state = begun(count)
    codes = state.roll.codes.tolist()
    head = ['option "operating_currency" "CNY"', 'option "tolerance_multiplier" "0"']
    ours, naive = list(head), list(head)
    for name in (BANK, YIELD, INTEREST):
        ours.append(f"{START} open {name} CNY")
        naive.append(f"{START} open {name} CNY")
    for name in state.roll.buildings:
        ours += [f"{START} open {root}:{name} CNY" for root in (PAID, REPAIR, OWN)]
    naive += [f"{START} open {OWN}:{code} CNY" for code in codes]
    everyone = deposited(FirstDeposit, START, to_some(state, 1_000_000, 1))
    vouchers = [everyone, *month_of(state, events)]
    now = new_households(dwellings(count), START)
    for number, event in enumerate(vouchers):
        then, now = now, apply(now, event)
        change = now.balance_fen - then.balance_fen
        bank = f"  {BANK}  {yuan(event.movement.bank_fen)}"
        ours += [f'{event.date} * "凭证"', *_whose(event, number, folder), bank]
        root = REPAIR if isinstance(event, RepairApportioned) else PAID
        ours += [f"  {root}:{name}  {yuan(-fen)}" for name, fen in event.movement.buildings]
        naive += [f'{event.date} * "凭证"', bank]
        naive += [f"  {OWN}:{code}  {yuan(-fen)}" for code, fen in zip(codes, change.tolist(), strict=True) if fen]
    (folder / "ours.beancount").write_text("\n".join(ours) + "\n", "utf-8")
    (folder / "naive.beancount").write_text("\n".join(naive) + "\n", "utf-8")


def _whose(event: Event, number: int, folder: Path) -> list[str]:
    if isinstance(event, RepairApportioned):
        return ['  apportion: "compound"']
    assert isinstance(event, FirstDeposit | TopUp)
    content = write_batch(event.detail)
    (folder / f"{number}.csv").write_bytes(content)
    kind = "first" if isinstance(event, FirstDeposit) else "top-up"
    digest = hashlib.sha256(content).hexdigest()
    return [f'  deposit: "{kind}"', f'  batch: "{number}.csv"', f'  batch-sha256: "{digest}"']


def one_way(way: str, folder: Path, count: int) -> None:
    """Load one ledger and have everybody's balance; prints seconds and peak megabytes."""
    from beancount import loader
    from beancount.core import realization

    loader.initialize(use_cache=False)
    roll = list(dwellings(count))
    start = time.perf_counter()
    entries, errors, _ = loader.load_file(str(folder / f"{way}.beancount"))
    assert not errors, errors[:3]
    if way == "ours":
        batches = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
        state = replay(new_households(roll, START), events_from_ledger(entries, batches))
        assert identity(state).holds
        total = int(state.balance_fen.sum())
    else:
        root = realization.get(realization.realize(entries), OWN)
        total = -sum(int(node.balance.get_currency_units("CNY").number * 100) for node in root.values())
    took = time.perf_counter() - start
    print(took, peak_mb(), total)


def compare(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledgers(Path(folder), arguments.dwellings, arguments.events)
        results: dict[str, list[list[str]]] = {"ours": [], "naive": []}
        for _ in range(arguments.rounds):
            for way, found in results.items():
                command = [sys.executable, __file__, "--way", way, "--folder", folder]
                command += ["--dwellings", str(arguments.dwellings)]
                found.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
        sizes = {way: (Path(folder) / f"{way}.beancount").stat().st_size for way in results}
    assert len({found[2] for way in results.values() for found in way}) == 1, "both ways have the same total"
    print(f"one compound, {arguments.dwellings} households, {arguments.events + 1} vouchers, {arguments.rounds} rounds")
    seconds = {way: median(float(found[0]) for found in results[way]) for way in results}
    memory = {way: max(float(found[1]) for found in results[way]) for way in results}
    for way, said in (("ours", "compact vouchers, replayed"), ("naive", "households as Beancount accounts")):
        print(f"{said:34}{seconds[way]:7.2f} s {memory[way]:6.0f} MB {sizes[way]:>12,} bytes of ledger")
    print(f"ratio ours/naive: {seconds['ours'] / seconds['naive']:.2f} of the time, "
          f"{memory['ours'] / memory['naive']:.2f} of the memory, {sizes['ours'] / sizes['naive']:.3f} of the ledger")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compounds", type=int, default=255)
    parser.add_argument("--dwellings", type=int, default=1176)
    parser.add_argument("--events", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=["ours", "naive"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        one_way(arguments.way, arguments.folder, arguments.dwellings)
    else:
        district(arguments)
        compare(arguments)


if __name__ == "__main__":
    main()
