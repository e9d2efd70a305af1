"""Rule packs: what the nation and a city prescribe, each value with its source and whether it was verified.

A value whose source nobody has read (`verified = false`) is shown as 待核实 and never stops anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from .register import HolderKind, Row


class Holders(Row):
    """In whose name the bank account of a fund may be."""

    fund: Literal["G", "W", "J"]
    allowed: tuple[HolderKind, ...]
    article: str
    in_force: date
    verified: bool


class RulePack(Row):
    """One file of `rules/`: `national.toml` or a city's."""

    name: str
    holders: tuple[Holders, ...] = ()


def holders_in_force(packs: Sequence[RulePack], on: date) -> list[Holders]:
    """One rule for each fund: the last pack's (the city's after the nation's), newest in force on day `on`."""
    chosen: dict[str, Holders] = {}
    for pack in packs:
        for rule in sorted(pack.holders, key=lambda rule: rule.in_force):
            if rule.in_force <= on:
                chosen[rule.fund] = rule
    return [chosen[fund] for fund in sorted(chosen)]
