"""What an owner scans: that their household's balance is in the total which the office and the others have signed.

The bytes are made for one QR code; `verify` never raises, whatever it is given, and its reasons are the same words in
the verifier that runs in a browser.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from .checkpoint import Checkpoint, Distrust, SignedCheckpoint, Signer, check_signatures, is_origin
from .merkle import path_length
from .note import COSIGNER, KEY_ID_BYTES, LOG, NUMBER_MAX, SIGNATURE_BYTES, TIME_BYTES, Signature, in_order
from .sum_tree import SALT_BYTES, BalanceProof
from .trust import Trust
from .wire import Malformed, Reader, from_base32, number_bytes, to_base32, word_bytes

VERSION = 1
_HASH_BYTES = 32
_YEARS = range(1990, 2200)

Result = Literal["ok", "malformed", "not_in_total"] | Distrust


@dataclass(frozen=True, slots=True)
class Facts:
    """What a proof has proven. `count` households have `total_fen` together; `size` vouchers are posted."""

    origin: str
    month: str
    household: str
    balance_fen: int
    total_fen: int
    count: int
    size: int
    signers: tuple[Signer, ...]

    def as_json(self) -> dict[str, object]:
        """As plain values; a signer is `[party, name, time or null]`."""
        return {**asdict(self), "signers": [[one.party, one.name, one.time] for one in self.signers]}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` with the facts, or the first reason why not."""

    result: Result
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class HouseholdProof:
    """A household's leaf with its path, and the signed checkpoint it leads to."""

    signed: SignedCheckpoint
    balance: BalanceProof

    def to_bytes(self) -> bytes:
        """The bytes of version 1."""
        said, own = self.signed.checkpoint, self.balance
        parts = [
            bytes([VERSION]), word_bytes(said.origin), number_bytes(said.size), said.root,
            int(said.month[:4]).to_bytes(2, "big"), bytes([int(said.month[5:])]), said.figures,
            number_bytes(said.households), number_bytes(said.total_fen), said.households_root,
            word_bytes(own.household), number_bytes(own.balance_fen), own.salt, number_bytes(own.index),
            bytes([len(own.path)]), *(digest + number_bytes(sum_fen) for digest, sum_fen in own.path),
            bytes([len(self.signed.signatures)]), *map(_signature_bytes, self.signed.signatures),
        ]  # fmt: skip
        return b"".join(parts)

    def code(self) -> str:
        """What the QR code holds: letters A to Z and digits 2 to 7."""
        return to_base32(self.to_bytes())


def read(code: str) -> HouseholdProof:
    """The proof spelled so; `wire.Malformed` for anything else than what `HouseholdProof.code` writes."""
    reader = Reader(from_base32(code))
    if reader.fixed(1) != VERSION:
        raise Malformed
    checkpoint = _checkpoint(reader)
    balance = _balance(reader, checkpoint.households)
    signatures = tuple(_signature(reader) for _ in range(reader.fixed(1)))
    reader.end()
    if not in_order(signatures):
        raise Malformed
    return HouseholdProof(SignedCheckpoint(checkpoint, signatures), balance)


def verify(code: str, trust: Trust) -> Verdict:
    """Whether a proof is to be believed, and what it says. First its form, then its sum, then its signatures."""
    try:
        proof = read(code)
    except Malformed:
        return Verdict("malformed")
    said, own = proof.signed.checkpoint, proof.balance
    if own.root(said.compound, said.month, said.households) != (said.households_root, said.total_fen):
        return Verdict("not_in_total")
    signers = check_signatures(proof.signed, trust)
    if isinstance(signers, str):
        return Verdict(signers)
    facts = Facts(
        said.origin, said.month, own.household, own.balance_fen, said.total_fen, said.households, said.size, signers
    )
    return Verdict("ok", facts)


def _checkpoint(reader: Reader) -> Checkpoint:
    origin, size, root = reader.word(), reader.number(), reader.take(_HASH_BYTES)
    year, month, figures = reader.fixed(2), reader.fixed(1), reader.take(_HASH_BYTES)
    if not is_origin(origin) or year not in _YEARS or not 1 <= month <= 12:
        raise Malformed
    households, total_fen, below = reader.number(), reader.number(), reader.take(_HASH_BYTES)
    return Checkpoint(origin, size, root, f"{year}-{month:02d}", figures, households, total_fen, below)


def _balance(reader: Reader, count: int) -> BalanceProof:
    household, balance_fen = reader.word(), reader.number()
    salt, index = reader.take(SALT_BYTES), reader.number()
    if index >= count or reader.fixed(1) != path_length(index, count):
        raise Malformed
    path = tuple((reader.take(_HASH_BYTES), reader.number()) for _ in range(path_length(index, count)))
    if balance_fen + sum(sum_fen for _, sum_fen in path) >= NUMBER_MAX:
        raise Malformed
    return BalanceProof(household, balance_fen, salt, index, path)


def _signature_bytes(one: Signature) -> bytes:
    time = b"" if one.time is None else one.time.to_bytes(TIME_BYTES, "big")
    return word_bytes(one.name) + bytes([one.kind]) + one.key_id + time + one.value


def _signature(reader: Reader) -> Signature:
    name, kind, key_id = reader.word(), reader.fixed(1), reader.take(KEY_ID_BYTES)
    if kind not in (LOG, COSIGNER):
        raise Malformed
    time = reader.fixed(TIME_BYTES) if kind == COSIGNER else None
    if time is not None and time >= NUMBER_MAX:
        raise Malformed
    return Signature(name, key_id, reader.take(SIGNATURE_BYTES), time)
