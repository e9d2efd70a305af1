"""A checkpoint (存证): what the office, and whoever watches it, signed of one compound's books of one month.

C2SP tlog-checkpoint: origin, size and root of the voucher tree; then, as extension lines, the month, the digest of its
figures, and count, total and root of the households' sum tree. Who signed it cannot be shown other books afterwards.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ..period import Month
from ..problem import Refused
from .note import NUMBER_MAX, Signature, format_note, in_order, is_signed, ordered, parse_note
from .trust import Trust

Distrust = Literal["untrusted", "signature", "missing"]
"""Why signatures are not believed: a key that is not trusted, a false signature, a party that did not sign."""

_NUMBER = "(0|[1-9][0-9]{0,15})"
_HASH = "([A-Za-z0-9+/]{43}=)"
_BODY = re.compile(
    rf"([^\n]+)\n{_NUMBER}\n{_HASH}\nmonth ([0-9]{{4}}-[0-9]{{2}})\nfigures {_HASH}\n"
    rf"households {_NUMBER} {_NUMBER} {_HASH}\n"
)
_ORIGIN = re.compile(r"[^/+\s\x00-\x1f\x7f-\x9f\ufeff]+/C[0-9]{4}")
"""No control character, and nothing that Python or JavaScript takes for a space (U+FEFF only the latter)."""


def is_origin(text: str) -> bool:
    """Whether it is `<street>/<compound code>`."""
    return _ORIGIN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed. Hashes are 32 bytes, `size` counts vouchers, `month` is written `2026-10`."""

    origin: str
    size: int
    root: bytes
    month: str
    figures: bytes
    households: int
    total_fen: int
    households_root: bytes

    @property
    def street(self) -> str:
        """The street's name."""
        return self.origin.rpartition("/")[0]

    @property
    def compound(self) -> str:
        """The compound's code."""
        return self.origin.rpartition("/")[2]

    def body(self) -> str:
        """The text that is signed."""
        return (
            f"{self.origin}\n{self.size}\n{_b64(self.root)}\nmonth {self.month}\nfigures {_b64(self.figures)}\n"
            f"households {self.households} {self.total_fen} {_b64(self.households_root)}\n"
        )

    @classmethod
    def parse(cls, body: str, file: str = "") -> Checkpoint:
        """The checkpoint with this body; `Refused` for any text that `body` does not write."""
        found = _BODY.fullmatch(body)
        if found is None or not is_origin(found[1]):
            raise Refused("存证正文不合格式", file)
        try:
            month = str(Month.parse(found[4]))
        except ValueError as wrong:
            raise Refused(str(wrong), file) from None
        size, households, total_fen = int(found[2]), int(found[6]), int(found[7])
        root, figures, below = (base64.b64decode(found[at]) for at in (3, 5, 8))
        self = cls(found[1], size, root, month, figures, households, total_fen, below)
        if max(size, households, total_fen) >= NUMBER_MAX or self.body() != body:
            raise Refused("存证正文不合格式", file)
        return self


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: party and person as in the trust, and when a party saw it (POSIX seconds; the office: `None`)."""

    party: str
    name: str
    time: int | None


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the signatures under it, the office's first, then by name."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...] = ()

    @property
    def compound(self) -> str:
        """The compound's code."""
        return self.checkpoint.compound

    def text(self) -> str:
        """The signed note, as it is kept in a file; it has a signature at least."""
        assert self.signatures
        return format_note(self.checkpoint.body(), self.signatures)

    @classmethod
    def parse(cls, text: str, file: str = "") -> SignedCheckpoint:
        """The checkpoint of a signed note; `Refused` for any text that `text` does not write."""
        body, signatures = parse_note(text, file)
        return cls(Checkpoint.parse(body, file), signatures)

    def signed(self, by: Callable[[str], Signature]) -> SignedCheckpoint:
        """With one more signature, that `by` makes of the body; `Refused` when its name has signed already."""
        more = replace(self, signatures=ordered((*self.signatures, new := by(self.checkpoint.body()))))
        if not in_order(more.signatures):
            raise Refused(f"{new.name} 已经在这份存证上签过名")
        return more


def check_signatures(signed: SignedCheckpoint, trust: Trust) -> tuple[Signer, ...] | Distrust:
    """Who signed, when all that are under it are believed and the office and all that are required are among them.

    Nothing is ignored: a single signature by an unknown key, or a false one, and nobody is believed.
    """
    origin, body = signed.checkpoint.origin, signed.checkpoint.body()
    keys = [trust.key_of(origin, one) for one in signed.signatures]
    known = [key for key in keys if key is not None]
    if signed.checkpoint.street != trust.street or len(known) < len(keys):
        return "untrusted"
    together = list(zip(signed.signatures, known, strict=True))
    if not all(is_signed(body, one, bytes.fromhex(key.public)) for one, key in together):
        return "signature"
    if not {"office", *trust.required} <= {key.party for key in known}:
        return "missing"
    return tuple(Signer(key.party, key.name, one.time) for one, key in together)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
