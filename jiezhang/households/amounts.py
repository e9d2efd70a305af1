"""Fen as a person reads them."""

from __future__ import annotations

from decimal import Decimal

from jiezhang.domain.money import show


def yuan(fen: int) -> str:
    """`123456` as `1,234.56`."""
    return show(Decimal(int(fen)).scaleb(-2))
