"""Sealing a sample street's past months: figures, three signatures, seal, as an office and its parties would.

The steps are the same pure functions; the ledger is loaded once for all months of a compound, and what comes out goes
through the gate before it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import SALT, seal_name
from jiezhang.book.write import write_all
from jiezhang.close.attesting import Hand, Word, attest
from jiezhang.close.closing import plan_seal
from jiezhang.close.presenting import Making, make_figures, making_from
from jiezhang.domain.chain import Link
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person, Street
from jiezhang.domain.tri_party.differences import Party
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes
from jiezhang.domain.tri_party.months import MonthFiles, Presented

from .parallel import Progress, run, silent
from .presenting import office_note
from .sample.officers import private_key
from .sample.plan import POSTER

_BEIJING = timezone(timedelta(hours=8))
_SIGNED_ON = 5
"""On which day of the next month the parties of the sample sign."""


def sample_salt(seed: int, code: str) -> bytes:
    """A compound's secret, which protects nothing here: it follows from the seed."""
    return hashlib.sha256(f"{seed}:salt:{code}".encode()).digest()


def seal_months(street: StreetFolder, months: Sequence[Month], seed: int, progress: Progress = silent) -> None:
    """Seal `months`, which must be booked and follow one another, in every compound."""
    if months:
        job = partial(_seal, street=read_street(street), months=tuple(months), seed=seed)
        run(job, street.compounds(), "三方签署、封月", progress)


def _seal(folder: CompoundFolder, street: Street, months: Sequence[Month], seed: int) -> None:
    with exclusive(folder):
        ledger = load_unlocked(folder, street.city)
        salt = sample_salt(seed, folder.code)
        now = making_from(street, ledger, salt, months[-1].next.next.first_day)
        seals: list[MonthSeal] = []
        for month in months:
            chain = _posted_by(now.chain, month)
            making = replace(now, months=MonthFiles(tuple(seals)), chain=chain)
            seals.append(_one(making, month, seed))
        contents = {SALT: salt.hex().encode() + b"\n"}
        contents |= {seal_name(seal.month): seal_bytes(seal) for seal in seals}
        try_changes(ledger, street.city, contents)
        write_all(folder.path, contents)


def _posted_by(chain: Sequence[Link], month: Month) -> Sequence[Link]:
    """The chain as it was when `month` was posted: months are posted one after the other."""
    return [link for link in chain if link.month <= str(month)]


def _one(making: Making, month: Month, seed: int) -> MonthSeal:
    figures = make_figures(making, month)
    people = by_id(making.street.people)
    presented = Presented(figures, office_note(figures, private_key(seed, POSTER)).text())
    at = datetime(month.next.year, month.next.number, _SIGNED_ON, 9, tzinfo=_BEIJING)
    said = Word(checked=figures.vouchers.count)
    signed = tuple(
        attest(presented, signer.party, people[signer.person], said, hand_of(private_key(seed, signer.person)),
               int(at.timestamp()) + 3600 * number)
        for number, signer in enumerate(signers(making.street.people, figures.compound))
    )  # fmt: skip
    return plan_seal(replace(presented, signed=signed), figures, people, POSTER, figures.compound)


@dataclass(frozen=True, slots=True)
class SampleSigner:
    """Who signs for a party of the sample."""

    party: Party
    person: str


def signers(people: Sequence[Person], compound: str) -> list[SampleSigner]:
    """Bank, auditor, community, and the owners' representative of the compound."""
    parties: tuple[tuple[str, Party], ...] = (
        ("bank", "bank"), ("auditor", "auditor"), ("community_accountant", "community"),
        ("owner_representative", "owners"),
    )  # fmt: skip
    return [
        SampleSigner(party, person.id)
        for role, party in parties
        for person in people
        if role in person.roles and (not person.compounds or compound in person.compounds)
    ]


def hand_of(key: PrivateKey) -> Hand:
    """What a key can do."""
    return Hand(bytes.fromhex(key.public), key.sign_bytes, key.prove)
