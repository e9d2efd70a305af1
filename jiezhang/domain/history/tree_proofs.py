"""Two proofs about posted vouchers that anybody can check with the signed checkpoints alone: that one voucher is among
those that were signed, and that a later month's vouchers hold all of an earlier month's, in the same order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..canonical import Value
from .checkpoint import Distrust, SignedCheckpoint, Signer, check_signatures
from .merkle import leaf_hash, verify_consistency, verify_inclusion
from .trust import Trust

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Why = Distrust | Literal["malformed", "not_in_tree", "not_grown"]


def leaf_data(month: str, voucher: str, digest: str, poster: str) -> bytes:
    """What a posted voucher is in the tree. Month and digest are of fixed length and no id holds a bar, so that no two
    vouchers give the same bytes."""
    return f"{month}|{voucher}|{digest}|{poster}".encode()


class VoucherProof(Value):
    """That a posted voucher is leaf `index` of the tree under `checkpoint`. `digest` is of its whole content, as in
    `chain.csv`; `path` leads from the leaf to the root."""

    format: Literal["jiezhang-voucher-proof-1"] = "jiezhang-voucher-proof-1"
    checkpoint: str
    month: str
    voucher: str
    digest: Hash
    poster: str
    index: Annotated[int, Field(ge=0)]
    path: tuple[Hash, ...]


class GrowthProof(Value):
    """That the tree under `after` is the one under `before` with more leaves at its end."""

    format: Literal["jiezhang-growth-proof-1"] = "jiezhang-growth-proof-1"
    before: str
    after: str
    path: tuple[Hash, ...]


def check_voucher(proof: VoucherProof, trust: Trust) -> tuple[SignedCheckpoint, tuple[Signer, ...]] | Why:
    """The checkpoint and who signed it, when the proof holds; otherwise why not."""
    note = SignedCheckpoint.parse(proof.checkpoint)
    data = leaf_data(proof.month, proof.voucher, proof.digest, proof.poster)
    path = [bytes.fromhex(one) for one in proof.path]
    if not verify_inclusion(leaf_hash(data), proof.index, note.checkpoint.size, path, note.checkpoint.root):
        return "not_in_tree"
    signers = check_signatures(note, trust)
    return signers if isinstance(signers, str) else (note, signers)


def check_growth(proof: GrowthProof, trust: Trust) -> tuple[SignedCheckpoint, SignedCheckpoint] | Why:
    """Both checkpoints, when the proof holds; otherwise why not."""
    before, after = SignedCheckpoint.parse(proof.before), SignedCheckpoint.parse(proof.after)
    one, other = before.checkpoint, after.checkpoint
    path = [bytes.fromhex(part) for part in proof.path]
    if one.origin != other.origin or one.month > other.month:
        return "not_grown"
    if not verify_consistency(one.size, one.root, other.size, other.root, path):
        return "not_grown"
    for note in (before, after):
        signers = check_signatures(note, trust)
        if isinstance(signers, str):
            return signers
    return before, after
