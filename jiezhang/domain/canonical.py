"""One byte form of a value, whoever writes it: what is signed must be the same bytes on every machine.

JSON, keys sorted, no spaces, UTF-8; money as whole fen, days as ISO text. No number has a fraction.
"""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that is signed or sealed. Amounts end in `_fen`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


def canonical_bytes(value: Value) -> bytes:
    """The value's bytes."""
    return json.dumps(
        value.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def canonical_digest(value: Value) -> str:
    """SHA-256 of `canonical_bytes`, in hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
