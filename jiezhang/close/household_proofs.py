"""Every household's proof that its balance was counted in the sealed total: what the code on its statement says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jiezhang.book.load import Ledger
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.household_proof import HouseholdProof
from jiezhang.domain.history.sum_tree import SumTree
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.history_figures import household_figures
from jiezhang.domain.tri_party.month_seal import MonthSeal

from .month_figures import households_at


@dataclass(frozen=True, slots=True, eq=False)
class SealedHouseholds:
    """The tree of a sealed month's balances, and what was signed of it."""

    note: SignedCheckpoint
    tree: SumTree

    def code(self, household: str) -> str:
        """The proof of one household, as its code says it; `Refused` for one that has no account in that month."""
        if household not in self.tree.places:
            raise Refused(f"{self.note.checkpoint.month} 的各户余额里没有户 {household}")
        return HouseholdProof(self.note, self.tree.proof(household)).code()

    def texts(self, households: Iterable[str], address: str) -> dict[str, str]:
        """What the printed codes say, by household: the page's `address`, if there is one, and the code."""
        before = f"{address}#" if address else ""
        return {household: before + self.code(household) for household in households if household in self.tree.places}


def sealed_households(ledger: Ledger, seal: MonthSeal, salt: bytes) -> SealedHouseholds:
    """The balances of a sealed month made anew; `Refused` when they are not what was sealed."""
    at = households_at(ledger, seal.month, salt)
    if household_figures(at.tree) != seal.figures.households:
        raise Refused(f"{seal.month} 各户余额与封月时不同，不能出具凭码", ledger.folder.path.name)
    return SealedHouseholds(SignedCheckpoint.parse(seal.checkpoint), at.tree)
