"""What one party says of a month's figures, and signs."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from ..canonical import Count, MonthText, Value, canonical_bytes
from .differences import Difference, Party
from .figures import Digest, SealedFile

FORMAT = "jiezhang-attestation-1"

Verdict = Literal["confirmed", "excepted", "refused"]

VERDICT_NAMES: dict[Verdict, str] = {
    "confirmed": "确认",
    "excepted": "确认，有例外",
    "refused": "拒绝签署",
}

ROLES: dict[Party, tuple[str, ...]] = {
    "bank": ("bank",),
    "auditor": ("auditor",),
    "community": ("community", "community_accountant"),
    "owners": ("owner_representative",),
}
"""Who may sign for a party. Owner representatives watch and confirm; they never post."""

Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]


class Attestation(Value):
    """A party's word on `figures` (digest of the canonical figures).

    `accounts` are those the bank's word is about, none named: all. `checked` counts the items of the party's list that
    agree. `draw` is the party's VRF proof over the checkpoint's body, from which the sample is drawn.
    """

    format: str = FORMAT
    compound: str
    month: MonthText
    party: Party
    person: str
    name: str
    figures: Digest
    verdict: Verdict
    time: Count
    """POSIX seconds."""
    accounts: tuple[str, ...] = ()
    checked: int = 0
    differences: tuple[Difference, ...] = ()
    """What the party holds to differ; empty when it confirms without exception."""
    closes: tuple[str, ...] = ()
    """Ids of its differences of earlier months that it holds to be settled."""
    evidence: tuple[SealedFile, ...] = ()
    draw: Hex = ""
    reason: str = ""
    """Why it refuses."""


class Signed(Value):
    """An attestation with the party's signature over its canonical bytes, and its cosignature of the checkpoint:
    the base64 text of a C2SP signature line, empty when it refuses."""

    attestation: Attestation
    signature: Hex
    cosignature: str = ""


def attestation_digest(attestation: Attestation) -> str:
    """What the party's key signs, in hex."""
    return hashlib.sha256(b"jiezhang-attestation-1\n" + canonical_bytes(attestation)).hexdigest()
