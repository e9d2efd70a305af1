"""Signed notes (C2SP signed-note, cosignature/v1): a text, an empty line, and a line for each signature under it.

The office signs the text itself; a party signs it together with the time it saw it. Private keys stay outside: whoever
signs passes a function from bytes to a signature.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..problem import Refused

LOG, COSIGNER = 0x01, 0x04
"""Kinds of signature: Ed25519 over the text; cosignature/v1, which has a time."""
NUMBER_MAX = 2**53
"""Times, sizes and sums stay below, so that JavaScript's numbers hold them exactly."""
KEY_ID_BYTES, TIME_BYTES, SIGNATURE_BYTES = 4, 8, 64

_LINE = re.compile(r"— ([^\s+\x00-\x1f]+) ([A-Za-z0-9+/]+=*)")

Sign = Callable[[bytes], bytes]
"""An Ed25519 signature (64 bytes) over a message, by a key that only the caller has."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a note. `time`: when a party saw it, POSIX seconds; `None` for the office's own."""

    name: str
    key_id: bytes
    value: bytes
    time: int | None = None

    @property
    def kind(self) -> int:
        """`LOG` or `COSIGNER`."""
        return LOG if self.time is None else COSIGNER

    def line(self) -> str:
        """As it stands in the note, without the newline."""
        time = b"" if self.time is None else self.time.to_bytes(TIME_BYTES, "big")
        return f"— {self.name} {base64.b64encode(self.key_id + time + self.value).decode()}"


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Four bytes that say which key of this name and kind; not a proof of anything."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, kind: int, public: bytes) -> str:
    """The public key in the form other verifiers of signed notes read: `name+id+key`."""
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def message(body: str, time: int | None) -> bytes:
    """The bytes that are signed: the text itself, or with the time in front of it."""
    return (body if time is None else f"cosignature/v1\ntime {time}\n{body}").encode()


def sign(body: str, name: str, public: bytes, by: Sign, time: int | None = None) -> Signature:
    """A signature under `body`: the office's, or with a `time` a party's."""
    assert time is None or 0 <= time < NUMBER_MAX
    kind = LOG if time is None else COSIGNER
    return Signature(name, key_id(name, kind, public), by(message(body, time)), time)


def is_signed(body: str, signature: Signature, public: bytes) -> bool:
    """Whether the signature is this key's (32 bytes) under `body`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature.value, message(body, signature.time))
    except (InvalidSignature, ValueError):
        return False
    return True


def in_order(signatures: Sequence[Signature]) -> bool:
    """Whether the office's stands first and alone, then the parties' in ascending order of name, no name twice."""
    parties = signatures[1:] if signatures and signatures[0].kind == LOG else signatures
    names = [one.name.encode() for one in parties]
    return (
        all(one.kind == COSIGNER for one in parties)
        and names == sorted(names)
        and len({one.name for one in signatures}) == len(signatures)
    )


def ordered(signatures: Iterable[Signature]) -> tuple[Signature, ...]:
    """The signatures in that order."""
    return tuple(sorted(signatures, key=lambda one: (one.kind, one.name.encode())))


def format_note(body: str, signatures: Iterable[Signature]) -> str:
    """The note's text; `body` ends with a newline."""
    return body + "\n" + "".join(one.line() + "\n" for one in signatures)


def parse_note(text: str, file: str = "") -> tuple[str, tuple[Signature, ...]]:
    """Body and signatures of a note; `Refused` for any text that `format_note` does not write."""
    body, _, rest = text.rpartition("\n\n")
    body += "\n"
    first = body.count("\n") + 2
    lines = rest.removesuffix("\n").split("\n")
    found = tuple(_parse_line(line, file, number) for number, line in enumerate(lines, start=first))
    if not in_order(found) or format_note(body, found) != text:
        raise Refused("存证的签名没有按规定排列，或有多余的字符", file)
    return body, found


def _parse_line(line: str, file: str, number: int) -> Signature:
    wrong = Refused("存证的签名行不合格式", file, number)
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise wrong
    try:
        data = base64.b64decode(parts[2], validate=True)
    except ValueError:
        raise wrong from None
    head, value = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    time = int.from_bytes(head[KEY_ID_BYTES:], "big") if len(head) == KEY_ID_BYTES + TIME_BYTES else None
    found = Signature(parts[1], head[:KEY_ID_BYTES], value, time)
    if len(data) < KEY_ID_BYTES + SIGNATURE_BYTES or found.line() != line or (time or 0) >= NUMBER_MAX:
        raise wrong
    return found
