"""The month's seal (`seals/2026-10.json`): figures, who signed them, the checkpoint, and the seal before."""

from __future__ import annotations

import hashlib

from ..canonical import Value, canonical_bytes
from ..period import Month
from .attestation import Signed
from .differences import LEGS, Difference, Party
from .figures import MonthFigures

FORMAT = "jiezhang-seal-1"
SEALS = "seals"


class MonthSeal(Value):
    """A closed month. `checkpoint` is the signed note of the month with everybody's signature lines."""

    format: str = FORMAT
    figures: MonthFigures
    checkpoint: str
    signed: tuple[Signed, ...]
    closed_by: str
    explanations: tuple[tuple[str, str], ...] = ()
    """Id of a difference that a party stated, and what the office says to it."""

    @property
    def month(self) -> Month:
        return self.figures.period

    @property
    def missing(self) -> tuple[Party, ...]:
        """The parties that have not signed, or have refused."""
        there = {one.attestation.party for one in self.signed if one.attestation.verdict != "refused"}
        return tuple(party for party in LEGS if party not in there)

    @property
    def stated(self) -> tuple[Difference, ...]:
        """What the parties stated in their attestations."""
        return tuple(found for one in self.signed for found in one.attestation.differences)

    def open_after(self) -> tuple[Difference, ...]:
        """What the next month carries on, and what the office said to it. A party closes only what it stated."""
        closed = {(one.attestation.party, name) for one in self.signed for name in one.attestation.closes}
        said = dict(self.explanations)
        return tuple(
            one.model_copy(update={"explanation": said.get(one.id, one.explanation)})
            for one in (*self.figures.differences, *self.stated)
            if not one.closed and (one.party, one.id) not in closed
        )


def seal_bytes(seal: MonthSeal) -> bytes:
    """The file's bytes."""
    return canonical_bytes(seal) + b"\n"


def seal_digest(seal: MonthSeal) -> str:
    """What the next month's seal names as the one before, in hex."""
    return hashlib.sha256(seal_bytes(seal)).hexdigest()


