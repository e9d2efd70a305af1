"""Made-up invoices."""

from __future__ import annotations

from random import Random
from typing import Final

_REGION: Final = "99"
"""No province has this number."""


def invoice_number(rng: Random, year: int = 26) -> str:
    """The 20 digits of an electronic invoice: year, region, channel, serial."""
    return f"{year:02d}{_REGION}{rng.randrange(10**16):016d}"
