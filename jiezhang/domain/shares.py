"""Splitting money to the fen: largest remainder, with a published tie rule.

Each share is first rounded towards zero; the fen left over go one each to the largest remainders, and between equal
remainders to the one that comes first. Callers hand weights over in the order of the dwelling codes, compared character
by character, so the earlier code gets the fen. A negative total is the mirror image of the positive one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .problem import Refused

Column = NDArray[np.int64]

_INT64_MAX = int(np.iinfo(np.int64).max)


def largest_remainder(total_fen: int, weights: Sequence[int]) -> list[int]:
    """`total_fen` split by `weights` (none negative); the shares add up to it exactly.

    `Refused` when the weights add up to zero.
    """
    whole = sum(weights)
    assert all(weight >= 0 for weight in weights), "a weight is an area, a deposit or fen times days"
    if not whole:
        raise Refused("分摊的基数合计为零，无法分摊")
    split = [divmod(abs(total_fen) * weight, whole) for weight in weights]
    shares = [share for share, _ in split]
    left = abs(total_fen) - sum(shares)
    for index in sorted(range(len(split)), key=lambda index: -split[index][1])[:left]:
        shares[index] += 1
    assert sum(shares) == abs(total_fen)
    return shares if total_fen >= 0 else [-share for share in shares]


def split_column(total_fen: int, weights: Column) -> Column:
    """`largest_remainder` over a column, the same to the fen.

    Where a product would not fit 64 bits, it is computed in whole numbers of any size instead. `Refused` as there.
    """
    amount = abs(total_fen)
    heaviest = int(weights.max(initial=0))
    if heaviest * max(amount, len(weights)) > _INT64_MAX:
        return np.array(largest_remainder(total_fen, weights.tolist()), dtype=np.int64)
    assert int(weights.min(initial=0)) >= 0, "a weight is an area, a deposit or fen times days"
    whole = int(weights.sum())
    if not whole:
        raise Refused("分摊的基数合计为零，无法分摊")
    shares, remainders = np.divmod(weights * amount, whole)
    left = amount - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:left]] += 1
    assert int(shares.sum()) == amount
    return shares if total_fen >= 0 else -shares
