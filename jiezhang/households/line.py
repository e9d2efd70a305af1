"""The 30 % line (165号令 2008 art. 17): an account below that part of its first deposit has to be topped up (续交)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from jiezhang.domain.roll import LOST

from .state import Households


@dataclass(frozen=True, slots=True)
class BelowLine:
    """One household below the line. Fen; `due_fen` is what brings it up to the percentage asked for."""

    code: str
    balance_fen: int
    first_deposit_fen: int
    due_fen: int


def below_line(state: Households, percent: Decimal | int = 30) -> tuple[str, ...]:
    """Codes of the households whose balance is less than `percent` of their first deposit, in order of code.

    Exactly at the line is not below it. Selling units and lost houses are not asked for more.
    """
    return tuple(state.roll.codes[_rows(state, percent)].tolist())


def top_up_due(
    state: Households, to_percent: Decimal | int, below_percent: Decimal | int = 30
) -> tuple[BelowLine, ...]:
    """For each household below the line, what it has to pay to reach `to_percent` of its first deposit.

    Rounded up to the fen. Both percentages come from the rule pack.
    """
    assert to_percent >= below_percent, "a top-up ends above the line"
    top, bottom = to_percent.as_integer_ratio()
    return tuple(
        BelowLine(str(state.roll.codes[row]), balance, first, -(-first * top // (100 * bottom)) - balance)
        for row in _rows(state, below_percent)
        for balance, first in [(int(state.balance_fen[row]), int(state.first_deposit_fen[row]))]
    )


def _rows(state: Households, percent: Decimal | int) -> list[int]:
    top, bottom = percent.as_integer_ratio()
    below = state.balance_fen * (100 * bottom) < state.first_deposit_fen * top
    return [int(row) for row in np.flatnonzero(below & ~state.roll.seller & (state.status < LOST))]
