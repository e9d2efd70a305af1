"""Proofs for tests: compounds with made-up balances, signed by keys that everybody knows.

`Pieces` are the values of a proof in the order of its bytes, written here a second time and apart from the program, so
that a test can put anything in the place of one of them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiezhang.domain.history import note
from jiezhang.domain.history.checkpoint import Checkpoint, SignedCheckpoint
from jiezhang.domain.history.household_proof import HouseholdProof
from jiezhang.domain.history.merkle import Tree
from jiezhang.domain.history.note import Signature
from jiezhang.domain.history.sum_tree import SumTree
from jiezhang.domain.history.trust import Trust, TrustedKey

STREET = "长吴街道"
PEOPLE = {"office": "T01", "bank": "B01", "auditor": "S01", "community": "Q01", "owners": "Y01"}
REQUIRED = ("office", "bank", "auditor", "community")
SEEN = 1_793_500_000
"""2026-11-01, POSIX seconds."""

Pieces = dict[str, bytes]


@lru_cache
def private_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(f"key of {name}".encode()).digest())


def public_key(name: str) -> bytes:
    return private_key(name).public_key().public_bytes_raw()


@lru_cache
def trust() -> Trust:
    """Office, bank, auditor and community are required; the owners may sign too."""
    rows = [{"party": party, "name": name, "public": public_key(name).hex()} for party, name in PEOPLE.items()]
    keys = tuple(map(TrustedKey.model_validate, rows))
    return Trust(street=STREET, keys=keys)


def signature(body: str, party: str, key: str = "", time: int | None = SEEN, street: str = STREET) -> Signature:
    """The party's signature under `body`; by another's `key`, if one is named."""
    name, key = PEOPLE[party], key or PEOPLE[party]
    if party == "office":
        return note.sign(body, body.partition("\n")[0], public_key(key), private_key(key).sign)
    return note.sign(body, f"{street}/{name}", public_key(key), private_key(key).sign, time)


def sign_all(checkpoint: Checkpoint, parties: Iterable[str] = REQUIRED) -> SignedCheckpoint:
    signatures = [signature(checkpoint.body(), party) for party in parties]
    return SignedCheckpoint(checkpoint, note.ordered(signatures))


@dataclass(frozen=True)
class Made:
    """One compound's month: its sum tree, and its checkpoint with everybody's signature."""

    tree: SumTree
    signed: SignedCheckpoint

    def proof(self, place: int) -> HouseholdProof:
        """The proof of the household whose leaf lies at this place."""
        household = next(code for code, at in self.tree.places.items() if at == place)
        return HouseholdProof(self.signed, self.tree.proof(household))


def make(
    households: int | Mapping[str, int],
    compound: str = "C0001",
    month: str = "2026-10",
    vouchers: int = 57,
    parties: Iterable[str] = REQUIRED,
    street: str = STREET,
) -> Made:
    """A compound of so many households, or of these balances (fen)."""
    chance = Random(f"{households if isinstance(households, int) else len(households)} {compound} {month}")
    balances = (
        {f"{1 + at // 60:02d}-1-{101 + at % 60}": chance.randrange(5_000_000) for at in range(households)}
        if isinstance(households, int)
        else households
    )
    tree = SumTree.of(sha256(compound.encode()).digest(), compound, month, balances)
    root = Tree.of(f"{month}|记-{number:04d}".encode() for number in range(vouchers)).root()
    figures = sha256(f"figures {compound} {month}".encode()).digest()
    checkpoint = Checkpoint(f"{street}/{compound}", vouchers, root, month, figures, tree.count, tree.root[1],
                            tree.root[0])  # fmt: skip
    return Made(tree, sign_all(checkpoint, parties))


def number(value: int, longer: int = 0) -> bytes:
    """LEB128; `longer` bytes more than it needs."""
    digits: list[int] = []
    while value or not digits:
        digits.append(value % 128)
        value //= 128
    digits += [0] * longer
    return bytes([*(digit + 128 for digit in digits[:-1]), digits[-1]])


def word(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return bytes([len(data)]) + data


def pieces(proof: HouseholdProof) -> Pieces:
    """By name, in the order of the format: `path0.sum`, `sig1.time` and so on."""
    said, own = proof.signed.checkpoint, proof.balance
    year, month = said.month.split("-")
    found = {
        "version": b"\x01", "origin": word(said.origin), "size": number(said.size), "root": said.root,
        "year": int(year).to_bytes(2, "big"), "month": bytes([int(month)]), "figures": said.figures,
        "count": number(said.households), "total": number(said.total_fen), "sum_root": said.households_root,
        "household": word(own.household), "balance": number(own.balance_fen), "salt": own.salt,
        "index": number(own.index), "n": bytes([len(own.path)]),
    }  # fmt: skip
    for at, (digest, sum_fen) in enumerate(own.path):
        found |= {f"path{at}.hash": digest, f"path{at}.sum": number(sum_fen)}
    found["m"] = bytes([len(proof.signed.signatures)])
    for at, one in enumerate(proof.signed.signatures):
        found |= {f"sig{at}.name": word(one.name), f"sig{at}.type": bytes([one.kind]), f"sig{at}.id": one.key_id}
        if one.time is not None:
            found[f"sig{at}.time"] = one.time.to_bytes(8, "big")
        found[f"sig{at}.value"] = one.value
    return found


def join(found: Pieces) -> str:
    return spell(b"".join(found.values()))


def spell(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def unspell(code: str) -> bytes:
    return base64.b32decode(code + "=" * (-len(code) % 8))


def with_signatures(proof: HouseholdProof, signatures: Iterable[Signature]) -> HouseholdProof:
    return replace(proof, signed=replace(proof.signed, signatures=tuple(signatures)))


def changed(proof: HouseholdProof, **values: object) -> HouseholdProof:
    """The same signatures under a checkpoint with other values."""
    checkpoint = replace(proof.signed.checkpoint, **values)  # type: ignore[arg-type]
    return replace(proof, signed=replace(proof.signed, checkpoint=checkpoint))


def with_own(proof: HouseholdProof, **values: object) -> HouseholdProof:
    """The same checkpoint over another leaf or path."""
    return replace(proof, balance=replace(proof.balance, **values))  # type: ignore[arg-type]


def resigned(proof: HouseholdProof, parties: Iterable[str] = REQUIRED) -> HouseholdProof:
    """Signed anew, as it is now."""
    return replace(proof, signed=sign_all(proof.signed.checkpoint, parties))
