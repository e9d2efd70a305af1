"""From the chain and the household ledger to the two trees whose heads the parties sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..chain import OPENING, Link
from ..history.merkle import Tree
from ..history.sum_tree import SumTree
from ..history.tree_proofs import leaf_data
from ..period import Month
from .figures import NOTHING_BEFORE, HouseholdFigures, VoucherFigures


def voucher_tree(chain: Sequence[Link]) -> Tree:
    """The tree over all posted vouchers, in the order of posting."""
    return Tree.of(leaf_data(link.month, link.voucher, link.digest, link.poster) for link in chain)


def voucher_figures(chain: Sequence[Link], month: Month) -> VoucherFigures:
    """The month's vouchers in `chain`, and the head of the tree over all of it."""
    numbers = sorted(link.voucher for link in chain if link.month == str(month) and link.voucher != OPENING)
    return VoucherFigures(
        count=len(numbers),
        first=numbers[0] if numbers else "",
        last=numbers[-1] if numbers else "",
        tree_size=len(chain),
        tree_root=voucher_tree(chain).root().hex(),
        chain_head=chain[-1].head if chain else NOTHING_BEFORE,
    )


def household_tree(salt: bytes, compound: str, month: Month, balances: Mapping[str, int]) -> SumTree:
    """The sum tree over `balances` (fen, by household); `salt` is the compound's secret."""
    return SumTree.of(salt, compound, str(month), balances)


def household_figures(tree: SumTree) -> HouseholdFigures:
    """The head of a sum tree."""
    root, total = tree.root
    return HouseholdFigures(count=tree.count, total_fen=total, root=root.hex())
