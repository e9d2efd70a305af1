"""A sample street with a sealed month and one more booked; the office presenting, the parties signing, as tests ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from shutil import copytree

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.close.attesting import Word
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.differences import Difference, Party
from jiezhang.street.attesting import Act, SignedMonth, sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.presenting import present_street
from jiezhang.street.sample.officers import private_key
from jiezhang.street.sampling import write_sample

SEED = 5
TODAY = date(2026, 11, 22)
SEALED, NEXT, LATER = Month(2026, 7), Month(2026, 8), Month(2026, 9)
POSTER, BANK, AUDITOR, COMMUNITY = "K02", "B01", "A01", "S01"
PARTIES = "/c0001/extension/PartiesPage/"
SIGNED_AT = datetime(2026, 9, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def remark(text: str, amount_fen: int = 1234) -> Difference:
    """What a party holds to differ."""
    return Difference(
        party="auditor", kind="exception", fund="G公共收益", amount_fen=amount_fen, text=text, since=str(NEXT)
    )


def make_sealed(path: Path) -> StreetFolder:
    """At `path`: 2026-07 sealed, 2026-08 booked. It takes seconds; tests work on copies."""
    write_sample(path, compounds=2, dwellings=8, months=3, booked=2, first_month=SEALED, seed=SEED, sealed=1)
    return StreetFolder(path)


def copy_of(street: StreetFolder, path: Path) -> StreetFolder:
    """The same street at `path`."""
    copytree(street.path, path)
    return StreetFolder(path)


def present(street: StreetFolder, *codes: str, month: Month = NEXT) -> None:
    """Lay the month before the parties, in every compound or in `codes`."""
    folders = [street.compound(code) for code in codes] or street.compounds()
    present_street(street, folders, month, POSTER, private_key(SEED, POSTER), TODAY)


def sign(
    street: StreetFolder, person: str, party: Party, word: Word | None = None, *, codes: tuple[str, ...] = ("C0001",)
) -> list[SignedMonth]:
    """Sign 2026-08 as `person`, at half past nine on 2026-09-05 in Beijing."""
    who = by_id(read_street(street).people)[person]
    act = Act(who, party, private_key(SEED, person), int(SIGNED_AT.timestamp()), TODAY)
    said = word or Word(checked=7)
    return sign_street(street, [street.compound(code) for code in codes], NEXT, act, lambda *_: (said, b""))


def sign_all(street: StreetFolder, *codes: str) -> None:
    """The three required parties confirm."""
    parties: tuple[tuple[str, Party], ...] = ((BANK, "bank"), (AUDITOR, "auditor"), (COMMUNITY, "community"))
    for person, party in parties:
        sign(street, person, party, codes=codes or ("C0001",))


def close(street: StreetFolder, *codes: str) -> None:
    """Close 2026-08."""
    close_street(street, [street.compound(code) for code in codes or ("C0001",)], NEXT, POSTER, TODAY)
