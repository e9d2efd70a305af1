"""One byte form of a value, whoever writes it: what is signed must be the same bytes on every machine.

JSON, keys sorted, no spaces, UTF-8; money as whole fen, days as ISO text. No number has a fraction.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MONTH_PATTERN = r"(199[0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])"
MonthText = Annotated[str, Field(pattern=rf"^{MONTH_PATTERN}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]
"""A number that every verifier can hold exactly."""


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
