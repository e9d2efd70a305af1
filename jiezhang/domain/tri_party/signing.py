"""Whether what a party signed counts: its key, its part, and that it is of these figures and no others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from ..accounts import parse_account
from ..approval.seals import verifies_with
from ..canonical import canonical_digest
from ..history import vrf
from ..history.checkpoint import Checkpoint, SignedCheckpoint
from ..history.note import COSIGNER, Signature, is_signed, key_id, parse_note
from ..history.trust import Trust, TrustedKey
from ..people import POSTERS, ROLES, has_role, serves
from ..problem import Refused
from ..register import Person, Street
from .attestation import ROLES as PARTY_ROLES
from .attestation import Signed, attestation_digest
from .differences import LEGS, PARTY_NAMES, Party
from .figures import MonthFigures

DRAWERS: tuple[Party, ...] = ("bank", "auditor")
"""Whose VRF outputs make the seed of the sample: neither chooses it, and the office knows neither."""


def checkpoint_of(figures: MonthFigures) -> Checkpoint:
    """What is signed of `figures`; `Refused` when the street's name can't stand in it."""
    made = Checkpoint(
        origin=f"{figures.street}/{figures.compound}",
        size=figures.vouchers.tree_size,
        root=bytes.fromhex(figures.vouchers.tree_root),
        month=figures.month,
        figures=bytes.fromhex(canonical_digest(figures)),
        households=figures.households.count,
        total_fen=figures.households.total_fen,
        households_root=bytes.fromhex(figures.households.root),
    )
    return Checkpoint.parse(made.body())


def sample_alpha(body: str) -> bytes:
    """What bank and auditor put through their VRF."""
    return b"jiezhang-sample-1\n" + body.encode()


def cosignature_of(signed: Signed, body: str) -> Signature | None:
    """The party's signature line under the checkpoint `body`; `None` when there is none that can be read."""
    try:
        _, lines = parse_note(f"{body}\n{signed.cosignature}\n")
    except Refused:
        return None
    return lines[0] if len(lines) == 1 else None


def signed_fault(signed: Signed, figures: MonthFigures, people: Mapping[str, Person]) -> str:
    """Why `signed` does not count for `figures`, as a Chinese sentence; empty when it does."""
    said = signed.attestation
    person = people.get(said.person)
    who = f"{PARTY_NAMES[said.party]} {said.person}"
    if said.figures != canonical_digest(figures) or (said.compound, said.month) != (figures.compound, figures.month):
        return f"{who} 所签的不是现在这组数字，签署作废，须重新签署"
    day = beijing_day(said.time)
    if day <= figures.period.last_day:
        return f"{who} 的签署日期 {day} 在月末以前，不能先签"
    if person is None or not has_role(person, PARTY_ROLES[said.party], figures.compound, day):
        roles = "、".join(ROLES[role] for role in PARTY_ROLES[said.party])
        return f"{who} 在 {day} 不是小区 {figures.compound} 的{roles}，签署不算数"
    if not person.key:
        return f"{who} 没有登记公钥，签署无从核对"
    if not verifies_with("ed25519", person.key, attestation_digest(said), signed.signature):
        return f"{who} 的签名与登记的公钥不符"
    if said.verdict == "refused":
        return "" if not signed.cosignature else f"{who} 拒绝签署，却有存证签名"
    return _note_fault(signed, figures, bytes.fromhex(person.key), who)


def _note_fault(signed: Signed, figures: MonthFigures, public: bytes, who: str) -> str:
    said, body = signed.attestation, checkpoint_of(figures).body()
    line = cosignature_of(signed, body)
    name = f"{figures.street}/{said.person}"
    if line is None or (line.name, line.time, line.key_id) != (name, said.time, key_id(name, COSIGNER, public)):
        return f"{who} 的存证签名写法不对"
    if not is_signed(body, line, public):
        return f"{who} 的存证签名与登记的公钥不符"
    if said.party in DRAWERS and not _is_drawn(public, sample_alpha(body), said.draw):
        return f"{who} 的抽样随机数与登记的公钥不符"
    return ""


@lru_cache(maxsize=4096)
def _is_drawn(public: bytes, alpha: bytes, proof: str) -> bool:
    """Remembered, for it takes long: loading a ledger, presenting and verifying ask the same of the same months."""
    return vrf.verify(public, alpha, bytes.fromhex(proof)) is not None


def beijing_day(seconds: int) -> date:
    """The day in Beijing of POSIX seconds; no day beyond the calendar."""
    return date(1970, 1, 1) + timedelta(days=min((seconds + 8 * 3600) // 86400, 2_900_000))


def office_fault(figures: MonthFigures, checkpoint: str, people: Mapping[str, Person]) -> str:
    """Why the office's checkpoint of `figures` can't be signed by anybody, as a Chinese sentence; empty when it can.

    Whoever signs under it vouches for its body: it must be of these figures, under the signature of one who posts.
    """
    try:
        note = SignedCheckpoint.parse(checkpoint)
    except Refused as refused:
        return refused.message
    body = checkpoint_of(figures).body()
    if note.checkpoint.body() != body or len(note.signatures) != 1:
        return "存证与报送的数字不符"
    posters = [person for person in people.values() if person.key and set(person.roles) & set(POSTERS)]
    line = note.signatures[0]
    if line.time is not None or not any(is_signed(body, line, bytes.fromhex(person.key)) for person in posters):
        return "存证上没有街道记账人员的签名，或签名不符"
    return ""


def twice_signed(signed: Sequence[Signed]) -> str:
    """Why a list of signatures is none: a party's person signed twice; empty when nobody did."""
    seen: set[tuple[str, str]] = set()
    for one in signed:
        who = one.attestation.party, one.attestation.person
        if who in seen:
            return f"{PARTY_NAMES[one.attestation.party]} {one.attestation.person} 签了两次"
        seen.add(who)
    return ""


def missing_parties(signed: Sequence[Signed], required: Sequence[str]) -> tuple[Party, ...]:
    """The required parties that have not signed, or have refused."""
    there = {one.attestation.party for one in signed if one.attestation.verdict != "refused"}
    return tuple(party for party in LEGS if party in required and party not in there)


def accounts_confirmed_by(person: Person, figures: MonthFigures) -> tuple[str, ...]:
    """The accounts that a bank's person speaks of; none, where the register names no bank for them: all."""
    accounts = (account for fund in figures.funds for account in fund.accounts)
    return tuple(one.account for one in accounts if one.bank in (person.banks or ()))


def scope_fault(signed: Signed, figures: MonthFigures, people: Mapping[str, Person]) -> str:
    """Why a bank's word is not about the accounts that are its person's, as a Chinese sentence; empty when it is."""
    said, person = signed.attestation, people.get(signed.attestation.person)
    if said.party != "bank" or person is None or said.accounts == accounts_confirmed_by(person, figures):
        return ""
    return f"银行 {said.person} 签署的不是登记由其核对的账户，须重新签署"


def unconfirmed(figures: MonthFigures, signed: Sequence[Signed], named: Collection[str] = ()) -> tuple[str, ...]:
    """The accounts that no bank which signed speaks of; nothing before any has. A platform's account is waited for only
    where its code is among `named`, the banks that the register has a person for."""
    words = [one.attestation for one in signed if one.attestation.party == "bank"]
    spoken = [one for one in words if one.verdict != "refused"]
    if not spoken or not all(one.accounts for one in spoken):
        return ()
    covered = {account for one in spoken for account in one.accounts}
    return tuple(
        one.account
        for fund in figures.funds
        for one in fund.accounts
        if one.account not in covered and (parse_account(one.account).is_bank or one.bank in named)
    )


def banks_named(people: Mapping[str, Person], compound: str) -> set[str]:
    """The banks and platforms that a bank's person of the compound is registered for."""
    mine = (one for one in people.values() if "bank" in one.roles and serves(one, compound))
    return {code for one in mine for code in one.banks or ()}


def short_accounts(accounts: Sequence[str]) -> str:
    """`工行6911、建行5529`, as the office calls its accounts."""
    return "、".join(account.rpartition("-")[2] for account in accounts)


def note_of(office: SignedCheckpoint, signed: Sequence[Signed]) -> SignedCheckpoint:
    """The office's checkpoint with every party's signature line under it."""
    note, body = office, office.checkpoint.body()
    for one in signed:
        line = cosignature_of(one, body) if one.cosignature else None
        if line is not None:
            note = note.signed(lambda _, line=line: line)  # type: ignore[misc]
    return note


def trust_of(street: Street, required: Sequence[str]) -> Trust:
    """The keys that the street's own list of people holds. Good for the office's own checks; who verifies the office
    keeps a list of his own."""
    parties: dict[str, tuple[str, ...]] = {"office": POSTERS, **{party: PARTY_ROLES[party] for party in LEGS}}
    keys = [
        TrustedKey(party=party, name=person.id, public=person.key)  # type: ignore[arg-type]
        for person in street.people
        if person.key
        for party, roles in parties.items()
        if set(roles) & set(person.roles)
    ]
    return Trust(street=street.name, required=tuple(required), keys=tuple(keys))  # type: ignore[arg-type]
