"""A sample street whose July and August are sealed, September posted: made once, copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import lru_cache
from pathlib import Path

from click.testing import CliRunner, Result

from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.cli.main import main
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.street.attesting import Act, party_of, sign_street
from jiezhang.street.party_words import Saying, word_by
from jiezhang.street.presenting import present_street
from jiezhang.street.sample.officers import private_key
from jiezhang.street.sampling import write_sample

SEED = 5
SEPTEMBER = Month(2026, 9)
TODAY = date(2026, 11, 22)
SIGNED = 1_791_000_000
"""2026-10-03, in POSIX seconds."""


@lru_cache(maxsize=1)
def _made() -> Path:
    place = Path(tempfile.mkdtemp(prefix="jiezhang-sealed-")) / "street"
    write_sample(
        place, compounds=2, dwellings=24, months=4, booked=3, sealed=2, first_month=Month(2026, 7), seed=SEED
    )
    return place


def sealed_street(place: Path) -> StreetFolder:
    """A copy of the street at `place`."""
    shutil.copytree(_made(), place)
    return StreetFolder(place)


def key_of(person: str) -> PrivateKey:
    return private_key(SEED, person)


def person_of(street: StreetFolder, person: str) -> Person:
    return by_id(read_street(street).people)[person]


def act_of(street: StreetFolder, person: str, time: int = SIGNED) -> Act:
    known = person_of(street, person)
    return Act(known, party_of(known, "C0001"), key_of(person), time, TODAY)


def present(street: StreetFolder, month: Month = SEPTEMBER, *codes: str) -> None:
    folders = [street.compound(code) for code in codes] if codes else street.compounds()
    present_street(street, folders, month, "K02", key_of("K02"), TODAY)


def sign(street: StreetFolder, person: str, saying: Saying | None = None, month: Month = SEPTEMBER) -> None:
    sign_street(street, street.compounds(), month, act_of(street, person), word_by(saying or Saying()))


def all_sign(street: StreetFolder, month: Month = SEPTEMBER) -> None:
    """The three parties confirm, the bank first."""
    for person in ("B01", "A01", "S01"):
        sign(street, person, month=month)


def contents(folder: CompoundFolder | StreetFolder) -> dict[str, bytes]:
    """Every file's bytes, without locks."""
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for path in sorted(folder.path.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def run(street: StreetFolder, *arguments: str, by: str = "") -> Result:
    """A command of the program in this process."""
    given = ["-C", str(street.path), *(["--as", by] if by else []), *arguments]
    return CliRunner().invoke(main, given)
