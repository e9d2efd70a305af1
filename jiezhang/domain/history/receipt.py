"""A sealed month's receipt (封月回执): the office's signed word on the very bytes of a seal.

Who closed the month and what the office said to differences are known only after the parties have signed the
checkpoint; until the next month names this seal, the receipt is what holds the office to them. A signed note like the
checkpoint: origin, month, digests of `seals/2026-10.json` and of the explanations (of nothing, where there are none).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from ..period import Month
from ..problem import Refused
from .checkpoint import is_origin
from .note import Signature, format_note, is_signed, parse_note
from .trust import Trust

_HASH = "([A-Za-z0-9+/]{43}=)"
_BODY = re.compile(rf"([^\n]+)\nmonth ([0-9]{{4}}-[0-9]{{2}})\nseal {_HASH}\nexplanations {_HASH}\n")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is signed; digests are 32 bytes."""

    origin: str
    month: str
    seal: bytes
    explanations: bytes

    def body(self) -> str:
        """The text that is signed; no checkpoint can read like it."""
        seal, said = (base64.b64encode(one).decode() for one in (self.seal, self.explanations))
        return f"{self.origin}\nmonth {self.month}\nseal {seal}\nexplanations {said}\n"


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt with the office's signature."""

    receipt: Receipt
    signature: Signature

    @property
    def compound(self) -> str:
        """The compound's code."""
        return self.receipt.origin.rpartition("/")[2]

    @property
    def month(self) -> str:
        """The sealed month, `2026-10`."""
        return self.receipt.month

    def text(self) -> str:
        """The signed note, as it is kept in a file."""
        return format_note(self.receipt.body(), [self.signature])

    @classmethod
    def parse(cls, text: str, file: str = "") -> SignedReceipt:
        """The receipt of a signed note; `Refused` for any text that `text` does not write."""
        body, signatures = parse_note(text, file)
        found = _BODY.fullmatch(body)
        if found is None or not is_origin(found[1]) or len(signatures) != 1:
            raise Refused("封月回执不合格式", file)
        try:
            month = str(Month.parse(found[2]))
        except ValueError as wrong:
            raise Refused(str(wrong), file) from None
        made = Receipt(found[1], month, base64.b64decode(found[3]), base64.b64decode(found[4]))
        if made.body() != body:
            raise Refused("封月回执不合格式", file)
        return cls(made, signatures[0])

    def is_believed(self, trust: Trust) -> bool:
        """Whether it is signed by a key of the office that `trust` has."""
        origin, body = self.receipt.origin, self.receipt.body()
        key = trust.key_of(origin, self.signature)
        if key is None or key.party != "office" or origin.rpartition("/")[0] != trust.street:
            return False
        return is_signed(body, self.signature, bytes.fromhex(key.public))


def is_receipt(text: str) -> bool:
    """Whether a kept file is a receipt rather than a checkpoint, whose second line is a number."""
    return text.partition("\n")[2].startswith("month ")
