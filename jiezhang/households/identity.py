"""The identity that must hold to the fen, always: bank + bonds = Σ buildings + undistributed + payable, and
Σ buildings = Σ households, in each building (165号令 2008 art. 10, 30; 财会〔2020〕7号).

Rows that nobody has explained yet (2999) stand on the right as well, by themselves, so that they hide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from jiezhang.domain.roll import by_building

from .state import Households


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sums that should be equal, in fen. `place` is a building, or empty for the whole compound."""

    place: str
    left_fen: int
    right_fen: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Both sides, in fen. `differences` is empty when the identity holds."""

    bank_fen: int
    bonds_fen: int
    buildings_fen: int
    households_fen: int
    undistributed_fen: int
    payable_fen: int
    unexplained_fen: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        return not self.differences


def identity(state: Households) -> Identity:
    """The identity of `state`, with every difference: the compound's money first, then each building."""
    controls = state.controls
    money = controls.bank_fen + controls.bonds_fen
    buildings = int(controls.buildings_fen.sum())
    owed = buildings + controls.undistributed_fen + controls.payable_fen + controls.unexplained_fen
    found = [Difference("", money, owed)] if money != owed else []
    of_households = by_building(state.roll, state.balance_fen)
    for name, control, households in zip(state.roll.buildings, controls.buildings_fen, of_households, strict=True):
        if control != households:
            found.append(Difference(name, int(control), int(households)))
    return Identity(
        controls.bank_fen, controls.bonds_fen, buildings, int(state.balance_fen.sum()), controls.undistributed_fen,
        controls.payable_fen, controls.unexplained_fen, tuple(found),
    )
