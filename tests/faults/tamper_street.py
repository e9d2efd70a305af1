"""A small street whose first two months are sealed, what stands outside of it, and one compound's files to tamper with.

The first month was sealed as the sample seals; the second through the door that an office and its parties use, with
the sheets they filled in, a difference that one of them found, and what the office says to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, cached_property
from pathlib import Path
from random import Random
from unittest import mock

from jiezhang.book.keys import PrivateKey, load_private
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street, read_table, table_bytes
from jiezhang.book.seal_files import read_months
from jiezhang.close.verifying import Verified
from jiezhang.domain.history import vrf
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.month_seal import MonthSeal
from jiezhang.domain.tri_party.sheet import SheetRow
from jiezhang.street.attesting import Act, explain, party_of, sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.party_papers import seal_papers
from jiezhang.street.party_words import Saying, sheet_name, word_by, write_sheets
from jiezhang.street.presenting import present_street
from jiezhang.street.sampling import write_sample
from jiezhang.street.verifying import Kept, kept_of, trust_from, verify_street
from reports.signing.credentials import read_pem

FIRST, SECOND, OPEN, NEXT = (Month(2026, number) for number in (7, 8, 9, 10))
SEALED = (FIRST, SECOND)
OFFICE = "K02"
"""Who posts, presents and closes."""
ORIGINAL = "documents/0f1e2d3c4b5a-发票.pdf"
SALT = bytes(range(32))

Changes = Mapping[str, bytes | None]
"""New contents by path in the street's folder; `None`: the file is gone."""


@dataclass(frozen=True)
class Outside:
    """What the parties have outside the street: the keys they believe, the checkpoints and receipts they kept."""

    trust: Trust
    kept: tuple[Kept, ...]
    authorities: tuple[bytes, ...] = ()

    def verify(self, street: StreetFolder, codes: Sequence[str]) -> list[Verified]:
        """What `jiezhang verify --trust --kept --ca` finds of the compounds `codes`."""
        folders = [one for one in street.compounds() if one.code in codes]
        return verify_street(street, folders, self.trust, self.kept, self.authorities)


def make_street(path: Path, seed: int = 5) -> tuple[StreetFolder, Outside]:
    """The street; July and August of 2026 are sealed, September is posted, October's files wait in `inbox/`."""
    write_sample(path, compounds=2, dwellings=30, months=4, booked=3, first_month=FIRST, seed=seed, sealed=1)
    street = StreetFolder(path)
    for folder in street.compounds():
        (folder.path / ORIGINAL).write_bytes(b"%PDF-1.4 " + folder.code.encode() * 9)
    notes = seal_month(street, SECOND, ("B01", "A01", "S01", "R1"), path.with_name(path.name + "-sheets"))
    seals = [seal for folder in street.compounds() for seal in read_months(folder).seals]
    kept = (*(SignedCheckpoint.parse(seal.checkpoint) for seal in seals), *map(kept_of, notes))
    return street, Outside(trust_from(street), kept, (stamp(street, SECOND),))


def stamp(street: StreetFolder, month: Month) -> bytes:
    """Set the visible seals of the three parties on the month's papers; the certificate of their authority."""
    keys = street.path / "example-keys"
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    for person in ("B01", "A01", "S01"):
        sealing = read_pem(keys / f"{person}.cert-key.pem", keys / f"{person}.cert.pem")
        seal_papers(street.compounds(), month, act_of(street, person, month).person, sealing, at)
    return (keys / "demo-ca.pem").read_bytes()


def key_of(street: StreetFolder, person: str) -> PrivateKey:
    """The key that `person` has."""
    return load_private(street.path / "example-keys" / f"{person}.pem")


def act_of(street: StreetFolder, person: str, month: Month) -> Act:
    """`person` signs `month` on the fifth of the next, at a time of their own."""
    said = by_id(read_street(street).people)[person]
    after, beijing = month.next, timezone(timedelta(hours=8))
    at = datetime(after.year, after.number, 5, 9, sum(person.encode()) % 60, tzinfo=beijing)
    party = party_of(said, said.compounds[0] if said.compounds else "C0001")
    return Act(said, party, key_of(street, person), int(at.timestamp()), at.date())


def present(street: StreetFolder, month: Month) -> None:
    """The office lays `month` before the parties."""
    today = month.next.first_day
    present_street(street, street.compounds(), month, OFFICE, key_of(street, OFFICE), today, salt=lambda _: SALT)


def sign_plainly(street: StreetFolder, month: Month, person: str) -> list[str]:
    """`person` signs that everything agrees; the checkpoints they keep."""
    return _signed(street, month, person, Saying())


def seal_month(street: StreetFolder, month: Month, people: Sequence[str], sheets: Path) -> list[str]:
    """Present, sign by sheets (`R1`: each compound's own representative), explain, close; what the signers kept, the
    receipts last."""
    present(street, month)
    kept = []
    for person in people:
        for name in [f"{one.code}R1" for one in street.compounds()] if person == "R1" else [person]:
            kept += _signed(street, month, name, Saying(_filled_in(street, month, name, sheets / name)))
    for folder in street.compounds():
        presented = read_months(folder).presented[str(month)]
        for found in [one for signed in presented.signed for one in signed.attestation.differences]:
            explain(street, folder, month, "K01", found.id, "银行次日入账，已核对")
    today, key = month.next.first_day, key_of(street, OFFICE)
    return kept + [one.receipt for one in close_street(street, street.compounds(), month, OFFICE, today, key=key)]


def _folders(street: StreetFolder, act: Act) -> list[CompoundFolder]:
    return [one for one in street.compounds() if not act.person.compounds or one.code in act.person.compounds]


def _signed(street: StreetFolder, month: Month, person: str, saying: Saying) -> list[str]:
    act = act_of(street, person, month)
    return [one.note for one in sign_street(street, _folders(street, act), month, act, word_by(saying))]


def _filled_in(street: StreetFolder, month: Month, person: str, place: Path) -> Path:
    """The folder with the sheets of `person`: all agrees, but for the auditor one line of each."""
    act = act_of(street, person, month)
    folders = _folders(street, act)
    write_sheets(street, folders, month, act, place)
    for folder in folders:
        path = place / sheet_name(folder.code, month, act.party)
        rows = [row.model_copy(update={"result": "相符"}) for row in read_table(path, SheetRow)]
        if act.party == "auditor":
            at = next(number for number, row in enumerate(rows) if row.kind == "item")
            rows[at] = rows[at].model_copy(update={"result": "不符", "reason": "附件是复印件"})
        path.write_bytes(table_bytes(rows, SheetRow))
    return place


@contextmanager
def draws_remembered() -> Iterator[None]:
    """The parties' random draws are checked once: the same proof is checked thousands of times, and most of the time
    that verifying takes goes there. It is a function of its arguments alone."""
    with mock.patch.object(vrf, "verify", cache(vrf.verify)):
        yield


class Sealed:
    """One compound of the street as it was sealed, and the street's own files: what a tampering starts from."""

    def __init__(self, street: StreetFolder, code: str) -> None:
        self.street, self.code = street, code
        self.files = {
            path.relative_to(street.path).as_posix(): path.read_bytes()
            for path in sorted(street.path.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }

    def text(self, name: str) -> str:
        """The compound's file `name`."""
        return self.files[f"{self.code}/{name}"].decode()

    def names(self, start: str, end: str = "") -> list[str]:
        """Paths in the compound's folder."""
        own = (name.removeprefix(f"{self.code}/") for name in self.files if name.startswith(f"{self.code}/"))
        return [name for name in own if name.startswith(start) and name.endswith(end)]

    def write(self, name: str, content: str | bytes | None) -> dict[str, bytes | None]:
        """The compound's file `name` changed."""
        return {f"{self.code}/{name}": content.encode() if isinstance(content, str) else content}

    @property
    def folder(self) -> CompoundFolder:
        return CompoundFolder(self.street.path / self.code)

    @property
    def other(self) -> str:
        """The other compound's code."""
        return "C0002" if self.code == "C0001" else "C0001"

    @cached_property
    def seals(self) -> Sequence[MonthSeal]:
        """Its seals, oldest first."""
        return read_months(self.folder).seals

    def month(self, chance: Random) -> Month:
        """A sealed month."""
        return chance.choice(SEALED)

    def month_file(self, chance: Random) -> str:
        """The ledger file of a sealed month."""
        month = self.month(chance)
        return self.folder.month_file(date(month.year, month.number, 1))
