"""An office that just goes on: what follows the sealed months, in any mixture, and the same street elsewhere.

Each step goes through the program's own functions. A step that the program refuses after others (a correction of what
is corrected already) is left out of the variation; what is left is still honest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from beancount.core import data

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.close.completing import waiting
from jiezhang.close.seal_register import NewKey
from jiezhang.domain.booking import bank_legs, row_key
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.street.attaching import attach
from jiezhang.street.booking import complete_street, post_street, review_street
from jiezhang.street.closing import close_street
from jiezhang.street.correcting import Wish, correct_voucher
from jiezhang.street.importing import import_files
from jiezhang.street.resolving import Days, add
from jiezhang.street.resolving_seals import Signer, end_key, enrol
from jiezhang.street.verifying import kept_of
from tests.faults.tamper_office import forged_key
from tests.faults.tamper_street import NEXT, OFFICE, OPEN, Outside, draws_remembered, key_of, present, sign_plainly

TODAY = date(2026, 11, 3)
CITY = "hangzhou"
_CHUNK = 25
_PLACES = (
    {"TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    {"TZ": "America/Los_Angeles", "LANG": "C.UTF-8", "PYTHONHASHSEED": "random"},
    {"TZ": "UTC", "LC_ALL": "POSIX", "PYTHONHASHSEED": "77", "PYTHONUTF8": "1"},
)
"""Other machines."""


@dataclass(frozen=True)
class Variation:
    """What an office did, and what `verify` said of the street afterwards."""

    number: int
    steps: tuple[str, ...]
    said: tuple[str, ...]


@dataclass
class Office:
    """A copy of the street at work, and what its parties keep."""

    street: StreetFolder
    outside: Outside
    chance: Random
    steps: list[str] = field(default_factory=list)

    def compound(self) -> CompoundFolder:
        return self.chance.choice(self.street.compounds())

    def append(self, name: str, line: str) -> None:
        """A row at the end of a compound's file."""
        path = self.compound().path / name
        path.write_text(path.read_text() + line + "\n")


# ------------------------------------------------------------------------------------------ the office's steps
def add_person(office: Office) -> None:
    code = f"V{office.chance.randrange(100):02d}"
    said = f'\n[[people]]\nid = "{code}"\nname = "新来的{code}"\nroles = ["reviewer"]\ncompounds = []\nkey = ""\n'
    office.street.toml.write_text(office.street.toml.read_text() + said)


def give_key(office: Office) -> None:
    """Somebody who had none enrols a key."""
    head, *rest = office.street.toml.read_text().split('key = ""')
    if rest:
        at = office.chance.randrange(len(rest))
        new = f'key = "{office.chance.randbytes(32).hex()}"'
        marks = ['key = ""' if place != at else new for place in range(len(rest))]
        office.street.toml.write_text(head + "".join(mark + part for mark, part in zip(marks, rest, strict=True)))


def new_rows(office: Office) -> None:
    number = office.chance.randrange(10, 99)
    office.append("register/assets.csv", f"ZC-0{number},locker,新快递柜{number},东门,{number}")
    office.append(
        "register/contracts.csv",
        f"HT-00{number},ZC-001,新测试有限公司,,4001,2026-09-01,2027-08-31,{number}.00,year,九月起",
    )


def new_change(office: Office) -> None:
    number, home = office.chance.randrange(100, 999), office.chance.choice(["01-1-101", "01-1-201"])
    office.append("register/changes.csv", f"BG-{number},2026-09-{number % 10 + 15},sale,{home},,Y9{number}X,转移登记")


def new_key(office: Office) -> None:
    folder = office.compound()
    new = NewKey("committee", f"{folder.code}Y5", forged_key(f"seal{folder.code}").public, date(2026, 10, 2))
    end_key(office.street, folder, "YW-01", "handed_over", Days(date(2026, 10, 1), TODAY))
    enrol(office.street, folder, new, Signer(key_of(office.street, f"{folder.code}Y5")))


def end_a_key(office: Office) -> None:
    end_key(office.street, office.compound(), "DH-01", "handed_over", Days(TODAY, TODAY))


def new_resolution(office: Office) -> None:
    folder, number = office.compound(), office.chance.randrange(50, 99)
    fields = {
        "code": f"R2026-{number}", "procedure": "three_reviews_two_publications", "title": "东门维修", "fund": "W",
        "matter": "fund_use", "subjects": "5001", "by": f"{folder.code}Y1", "budget_yuan": "900.00",
        "starts": "2026-11-01", "ends": "2027-11-01",
    }  # fmt: skip
    add(office.street, folder, "resolution", fields, Days(date(2026, 9, 29), TODAY))


def correct_sealed(office: Office) -> None:
    """A voucher of a sealed month, corrected in the open one."""
    folder = office.compound()
    numbers = [
        f"2026-08/{entry.meta['voucher']}"
        for entry in load_ledger(folder, CITY).entries
        if str(entry.date)[:7] == "2026-08" and isinstance(entry, data.Transaction)
        and any("4001车位" in leg.account for leg in entry.postings)
    ]  # fmt: skip
    wish = Wish(office.chance.choice(numbers), "4002电梯广告", "4001车位场地")
    correct_voucher(office.street, folder, "K01", date(2026, 9, 28), wish)


def review_and_post(office: Office, month: Month) -> None:
    """All that can be, in one compound or in both."""
    street = office.street
    folders = street.compounds() if office.chance.random() < 0.5 else [office.compound()]
    review_street(street, folders, month, "F01")
    post_street(street, folders, month, OFFICE, key=key_of(street, OFFICE))


def present_open(office: Office) -> None:
    present(office.street, OPEN)


def sign_open(office: Office, person: str) -> None:
    """A party signs the open month, and keeps its checkpoint."""
    notes = sign_plainly(office.street, OPEN, person)
    kept = (*office.outside.kept, *map(SignedCheckpoint.parse, notes))
    office.outside = replace(office.outside, kept=kept)


def close_open(office: Office) -> None:
    sign_open(office, "S01")
    street = office.street
    closed = close_street(
        street, street.compounds(), OPEN, OFFICE, OPEN.next.first_day, key=key_of(street, OFFICE)
    )
    receipts = [kept_of(one.receipt) for one in closed]
    office.outside = replace(office.outside, kept=(*office.outside.kept, *receipts))


def import_next(office: Office) -> None:
    import_files(office.street, [office.street.inbox], "K01")


def attach_original(office: Office) -> None:
    folder = office.compound()
    refs = [row_key(leg)[1] for entry in waiting(load_ledger(folder, CITY).entries) for leg in bank_legs(entry)]
    file = office.street.path / "inbox" / f"发票{office.chance.randrange(99)}.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"%PDF-1.7 " + office.chance.randbytes(40))
    attach(office.street, folder, "K01", office.chance.choice(refs), [file])


def complete_next(office: Office) -> None:
    complete_street(office.street, office.street.path / "completions" / f"{NEXT}.csv", "K01")


# ------------------------------------------------------------------------------------------ the same street elsewhere
def clone(office: Office) -> None:
    """`git clone`: other times, other modes, nothing that is ignored, no empty folder."""
    path = office.street.path
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@y", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], cwd=path, check=True, capture_output=True)
    target = path.with_name("clone")
    subprocess.run([*git, "clone", "-q", str(path), str(target)], check=True, capture_output=True)
    office.street = StreetFolder(target)


def another_place(office: Office) -> None:
    """Another folder, whose name has a space and Chinese in it."""
    target = office.street.path.with_name("另一台 电脑") / "街道"
    target.parent.mkdir(exist_ok=True)
    office.street = StreetFolder(office.street.path.rename(target))


def other_times(office: Office) -> None:
    """Times of a century, and modes as after unpacking an archive."""
    for path in office.street.path.rglob("*"):
        when = office.chance.randrange(10**9, 4 * 10**9)
        os.utime(path, (when, when))
        if path.is_file():
            path.chmod(office.chance.choice([0o600, 0o644, 0o664, 0o755]))


Step = Callable[[Office], None]
STEPS: Mapping[str, tuple[Step, tuple[str, ...]]] = {
    "a person more": (add_person, ()),
    "a key for who had none": (give_key, ()),
    "an asset and a contract more": (new_rows, ()),
    "a change of a dwelling, open month": (new_change, ()),
    "a resolution proposed, open month": (new_resolution, ()),
    "a sealed month's voucher corrected": (correct_sealed, ()),
    "the correction reviewed, posted": (partial(review_and_post, month=OPEN), ("a sealed month's voucher corrected",)),
    "the open month presented": (present_open, ()),
    "the bank signs": (partial(sign_open, person="B01"), ("the open month presented",)),
    "the auditor signs": (partial(sign_open, person="A01"), ("the bank signs",)),
    "the community signs, the month is closed": (close_open, ("the auditor signs",)),
    "a seal's key handed over": (new_key, ()),
    "a seal's key ended": (end_a_key, ()),
    "the next month imported": (import_next, ()),
    "an original attached": (attach_original, ("the next month imported",)),
    "the next month completed": (complete_next, ("the next month imported",)),
    "the next month reviewed, posted": (
        partial(review_and_post, month=NEXT), ("the next month imported", "the next month completed")
    ),
    "cloned": (clone, ()),
    "another folder": (another_place, ()),
    "other times and modes": (other_times, ()),
}  # fmt: skip
"""In this order: what is done, and after what."""


def plan(chance: Random) -> list[str]:
    """The steps of a variation, with those that must come before, in their order."""
    wanted = set(chance.sample(sorted(STEPS), chance.randrange(1, 4)))
    for name in reversed(STEPS):
        wanted |= set(STEPS[name][1]) if name in wanted else set()
    return [name for name in STEPS if name in wanted]


def variation(street: Path, outside: Outside, seed: int, number: int) -> Variation:
    """The variation with this number, in a copy of its own."""
    chance = Random(f"{seed}/honest/{number}")
    with tempfile.TemporaryDirectory() as scratch:
        copy = StreetFolder(Path(shutil.copytree(street, Path(scratch) / "street")))
        office = Office(copy, outside, chance)
        for name in plan(chance):
            try:
                STEPS[name][0](office)
            except (Refused, ManyRefused):
                continue
            office.steps.append(name)
        found = office.outside.verify(office.street, [folder.code for folder in office.street.compounds()])
    said = [f"{fault.place}：{fault.message}" for one in found for fault in one.faults]
    if any(len(one.months) < 2 for one in found) or len(found) < 2:
        said.append("sealed months or compounds are missing")
    return Variation(number, tuple(office.steps), tuple(said))


# ------------------------------------------------------------------------------------------ a thousand of them
def run_honest(street: Path, outside: Outside, seed: int, count: int, workers: int) -> list[Variation]:
    """`count` variations in processes of their own, each with another time zone, language and hashing."""
    chunks = [range(first, min(first + _CHUNK, count)) for first in range(0, count, _CHUNK)]
    found: list[Variation] = []
    with ThreadPoolExecutor(workers) as pool:
        for part in pool.map(partial(_elsewhere, street, outside, seed), chunks):
            found += part
            alarms = sum(bool(one.said) for one in found)
            print(f"{len(found)} variations, {alarms} false alarms", file=sys.stderr, flush=True)
    return found


def _elsewhere(street: Path, outside: Outside, seed: int, numbers: range) -> list[Variation]:
    given = {
        "street": str(street), "seed": seed, "numbers": list(numbers),
        "trust": outside.trust.model_dump(mode="json"), "kept": [one.text() for one in outside.kept],
        "authorities": [one.decode() for one in outside.authorities],
    }  # fmt: skip
    place = _PLACES[numbers.start // _CHUNK % len(_PLACES)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.tamper_honest"], env={**environment, **place}, check=True,
        input=json.dumps(given).encode(), stdout=subprocess.PIPE,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return [Variation(one["number"], tuple(one["steps"]), tuple(one["said"])) for one in found]


def main() -> None:
    """One process's variations: what to do comes as JSON, what was found goes as JSON."""
    given = json.loads(sys.stdin.buffer.read())
    kept = tuple(map(kept_of, given["kept"]))
    authorities = tuple(one.encode() for one in given["authorities"])
    outside = Outside(Trust.model_validate(given["trust"]), kept, authorities)
    with draws_remembered():
        found = [variation(Path(given["street"]), outside, given["seed"], number) for number in given["numbers"]]
    print(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
