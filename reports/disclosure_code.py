"""The statement's bytes and its code: what the printed page promises and anybody can compute again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

from jiezhang.domain.money import exact
from jiezhang.domain.period import Month

from .disclosure_value import FORMAT, Disclosure


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return str(exact(value) + 0)  # + 0: minus zero and zero are one figure
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    assert is_dataclass(value) and not isinstance(value, type), f"a disclosure holds no {type(value).__name__}"
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}


def canonical_bytes(disclosure: Disclosure) -> bytes:
    """Canonical JSON: keys sorted, no spaces, money as text with two places, days as ISO text, UTF-8."""
    plain = _plain(disclosure)
    assert isinstance(plain, dict)
    return json.dumps(
        plain | {"format": FORMAT}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def digest(disclosure: Disclosure) -> str:
    """SHA-256 of `canonical_bytes`, 64 lower-case hex digits."""
    return hashlib.sha256(canonical_bytes(disclosure)).hexdigest()


def code_text(disclosure: Disclosure) -> str:
    """What the printed QR code says: `jiezhang:1:C0007:2026-10:G:<digest>`."""
    return code_of(disclosure, digest(disclosure))


def code_of(disclosure: Disclosure, code: str) -> str:
    """`code_text` when the digest is known already."""
    return f"jiezhang:1:{disclosure.compound}:{disclosure.month}:G:{code}"
