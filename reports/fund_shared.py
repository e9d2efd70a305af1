"""Assets that both natures of the fund share, by column, so that assets equal claims in each of them.

A bank does not keep 商品住宅 and 已售公有住房 apart in one account. What a column has there is its claims
less its other assets; treasury bonds and petty cash without a nature of their own lie in the columns in proportion to
what these have left for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jiezhang.domain.chart import SUSPENSE
from jiezhang.domain.money import ZERO, exact, to_fen
from jiezhang.domain.shares import largest_remainder

from .fund_value import Nature, Source

Leaves = dict[tuple[str, str], list[Source]]
"""(row, column) → the postings of a cell that is no sum of others, with the form's sign."""

_BANK, _OTHERS = "1001", ("1101", "1201")
_CLAIMS = ("2001", SUSPENSE, "3001", "3002", "3101")


def with_shared_assets(leaves: Mapping[tuple[str, str], Sequence[Source]], natures: Sequence[Nature]) -> Leaves:
    """The leaves of 会住维01 with its assets by nature; sums over all natures stay as they are."""
    made = {place: list(sources) for place, sources in leaves.items()}
    for group in ("start", "end"):
        columns = [f"{group}:{nature}" for nature in natures]
        left = {c: [s for row in _CLAIMS for s in made.get((row, c), ())] for c in columns}
        for row in _OTHERS:
            own = {c: made.get((row, c), []) for c in columns[:-1]}
            for column, sources in own.items():
                left[column] += [source.negated for source in sources]
            parts = _divided(made.get((row, columns[-1]), ()), [max(_sum(left[c]), ZERO) for c in columns])
            for column, part in zip(columns, parts, strict=True):
                made[row, column] = own.get(column, []) + part
                left[column] += [source.negated for source in part]
        made |= {(_BANK, column): left[column] for column in columns}
    return made


def _sum(sources: Iterable[Source]) -> Decimal:
    return sum((source.amount for source in sources), ZERO)


def _divided(sources: Sequence[Source], weights: Sequence[Decimal]) -> list[list[Source]]:
    """Postings in parts, one list for each weight, by largest remainder of their running sum; all to the last one
    where there is no weight."""
    ratio = [to_fen(weight) for weight in weights]
    ratio = ratio if any(ratio) else [0] * (len(ratio) - 1) + [1]
    parts: list[list[Source]] = [[] for _ in ratio]
    sofar, before = ZERO, [0] * len(ratio)
    for source in sources:
        sofar += source.amount
        after = largest_remainder(to_fen(sofar), ratio)
        for part, one, other in zip(parts, after, before, strict=True):
            if one != other:
                part.append(source._replace(amount=exact(Decimal(one - other).scaleb(-2))))
        before = after
    return parts
