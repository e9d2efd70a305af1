"""Bytes of a household's proof: numbers, words, hashes, one after the other, and their spelling in a QR code.

Every value has exactly one spelling, so two codes that differ say different things.
"""

from __future__ import annotations

import base64
import re

NUMBER_MAX = 2**53
_NUMBER_BYTES = 8
"""Of seven bits each, enough for 2^53."""
_ALPHABET = re.compile(r"[A-Z2-7]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
WORD_BYTES_MAX = 255


class Malformed(ValueError):
    """Bytes that nothing is written as."""


def number_bytes(number: int) -> bytes:
    """LEB128: seven bits a byte, the lowest first, the top bit set on all but the last."""
    found = bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def word_bytes(text: str) -> bytes:
    """UTF-8 after its length in one byte."""
    data = text.encode()
    assert 1 <= len(data) <= WORD_BYTES_MAX
    return bytes([len(data)]) + data


def to_base32(data: bytes) -> str:
    """RFC 4648 §6 without padding: letters and digits that a QR code packs well."""
    return base64.b32encode(data).decode().rstrip("=")


def from_base32(code: str) -> bytes:
    """The bytes spelled so; `Malformed` for any spelling that `to_base32` does not write."""
    if not _ALPHABET.fullmatch(code) or len(code) % 8 in (1, 3, 6):
        raise Malformed
    data = base64.b32decode(code + "=" * (-len(code) % 8))
    if to_base32(data) != code:
        raise Malformed
    return data


class Reader:
    """Takes values from the front of some bytes; each raises `Malformed` when they are not written as they must be."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise Malformed
        self._at += count
        return found

    def fixed(self, count: int) -> int:
        """A number written in `count` bytes, the highest first."""
        return int.from_bytes(self.take(count), "big")

    def number(self) -> int:
        """A number below 2^53 in its shortest LEB128."""
        found = 0
        for place in range(_NUMBER_BYTES):
            byte = self.fixed(1)
            found |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if found >= NUMBER_MAX or (byte == 0 and place):
                    raise Malformed
                return found
        raise Malformed

    def word(self) -> str:
        """A word of 1 to 255 bytes, valid UTF-8, no control characters."""
        try:
            found = self.take(self.fixed(1)).decode()
        except UnicodeDecodeError:
            raise Malformed from None
        if not found or _CONTROL.search(found):
            raise Malformed
        return found

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise Malformed
