"""The fund's postings by nature (商品住宅, 已售公有住房), to the fen, as the household ledger moved every account.

财会〔2020〕7号 wants the two in separate detail where one set of books holds both. A posting may be of both: then each
nature has its part.

1.  3001 and 3002 say it themselves; income and expense of a building (4001, 5001, 5101) is what the voucher's journal
    entry did to the accounts of that nature in that building.
2.  Yield, and what was spent of it, is `common` until it is distributed, because the household ledger keeps one
    undistributed yield; so is what waits (2999). Where each nature has a bank account of its own, it is that account's.
3.  Other postings are what metadata `nature` or the account's name says. What is owed for a lost house (2001) is of the
    nature it was owed in.
4.  A voucher's only posting without a nature by then takes what makes the voucher balance in each nature. Several take
    the nature of all others, or are `common` where these differ.

Bank accounts that both natures share are not told by their postings, since a distribution moves no money in the bank:
see `fund_shared`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

import numpy as np

from jiezhang.domain.money import ZERO, exact, to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.roll import Roll, by_building
from jiezhang.domain.shares import largest_remainder
from jiezhang.households.fund import Booked, FundReplay
from jiezhang.households.movements import BY_BUILDING

from .fund_forms import CLOSES_TO, YIELD
from .fund_moves import Leg, Move
from .fund_natures import named_nature, said_nature
from .fund_value import Nature

Parts = dict[Nature, Decimal]
"""Yuan by nature, debit positive."""

_OWNED: dict[str, Nature] = {"3001": "commercial", "3002": "public"}


@dataclass(frozen=True, slots=True)
class Split:
    """`natures` have columns; `shared`: both natures are there, and keep money in one bank account."""

    moves: tuple[Move, ...]
    natures: tuple[Nature, ...]
    shared: bool


def is_complete(replay: FundReplay, month: Month) -> bool:
    """Whether every voucher to the end of `month` could be put to accounts of households."""
    return not any(fault.entry is None or fault.entry.date <= month.last_day for fault in replay.faults)


def split_by_households(legs: Sequence[Leg], replay: FundReplay) -> Split:
    """`legs` in the ledger's order, each transaction's together; `replay` is of the same entries, from the beginning
    of the books at least to the last of them, without faults. `Refused` for metadata `nature` with another value."""
    roll = replay.state.roll
    natures: tuple[Nature, ...] = ("commercial", "public")
    kinds: set[Nature] = {"public" if public else "commercial" for public in roll.public.tolist()}
    kinds |= {nature for leg in legs if (nature := said_nature(leg))}
    if len(kinds) < 2:
        only: Nature = next(iter(kinds), "commercial")
        return Split(tuple(Move.of(leg, only, leg.amount) for leg in legs), natures, False)
    shared = any(leg.account.is_bank and not named_nature(leg.account) for leg in legs)
    books = _Books(roll, {id(b.entry): b for b in replay.journal if b.entry is not None}, shared)
    moves = tuple(
        Move.of(leg, nature, amount)
        for _, group in groupby(legs, key=lambda leg: id(leg.entry))
        for leg, parts in books.split(list(group))
        for nature, amount in parts.items()
        if amount
    )
    has_common = shared or any(move.nature == "common" for move in moves)
    return Split(moves, (*natures, "common") if has_common else natures, shared)


def household_sums(replay: FundReplay, month: Month) -> dict[Nature, Decimal]:
    """What all households of a nature have at the end of `month`, selling units with the public ones, in yuan."""
    public = replay.state.roll.public
    until = [booked.change_fen for booked in replay.journal if booked.event.date <= month.last_day]
    balance = np.sum(until, axis=0) if until else np.zeros(len(public), dtype=np.int64)
    return {"commercial": _yuan(balance[~public].sum()), "public": _yuan(balance[public].sum())}


def _yuan(fen: int | np.int64) -> Decimal:
    return exact(Decimal(int(fen)).scaleb(-2))


@dataclass(slots=True)
class _Books:
    """`booked` by the identity of its entry; `owed` for lost houses so far, by nature, in yuan."""

    roll: Roll
    booked: Mapping[int, Booked]
    shared: bool
    owed: defaultdict[Nature, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def split(self, group: Sequence[Leg]) -> list[tuple[Leg, Parts]]:
        """One voucher's legs with their parts, which add up to each leg."""
        known: dict[int, Parts] = {}
        for at, leg in enumerate(group):
            nature = self._own(leg)
            if nature:
                known[at] = {nature: leg.amount}
        self._buildings(group, known)
        unknown = [at for at in range(len(group)) if at not in known]
        if len(unknown) > 1:
            known |= {at: {nature: group[at].amount} for at in unknown if (nature := self._owed_in(group[at]))}
            unknown = [at for at in unknown if at not in known]
        missing = _balancing(known.values())
        agreed: Nature = next(iter(missing)) if len(missing) == 1 else "common"
        for at in unknown:
            known[at] = missing if len(unknown) == 1 else {agreed: group[at].amount}
        parts = [(leg, known[at]) for at, leg in enumerate(group)]
        for leg, of_leg in parts:
            assert sum(of_leg.values()) == leg.amount, "the parts of a posting add up to it"
            if leg.code == "2001":
                for nature, amount in of_leg.items():
                    self.owed[nature] -= amount
        return parts

    def _own(self, leg: Leg) -> Nature | None:
        if not leg.posted and leg.account.root != "Assets":
            return None
        if leg.code in BY_BUILDING:
            return _OWNED.get(leg.code) or self._of_household(leg.posting.meta)
        if self.shared and CLOSES_TO.get(leg.code, leg.code) == YIELD:
            return "common"
        return said_nature(leg)

    def _of_household(self, meta: Mapping[str, object] | None) -> Nature | None:
        code = str((meta or {}).get("household", ""))
        found = self.roll.public[self.roll.codes == code].tolist() if code else []
        if not found:
            return None
        return "public" if found[0] else "commercial"

    def _buildings(self, group: Sequence[Leg], known: dict[int, Parts]) -> None:
        """What the voucher moved in each building and nature, less what is known already, is income and expense."""
        at_building: defaultdict[str, list[int]] = defaultdict(list)
        for at, leg in enumerate(group):
            if leg.posted and leg.code in BY_BUILDING:
                at_building[leg.account.subs[0]].append(at)
        if all(at in known for places in at_building.values() for at in places):
            return
        moved = self._moved(group[0], at_building)
        for building, places in at_building.items():
            left = moved[building]
            for at in places:
                for nature, amount in known.get(at, {}).items():
                    left[nature] -= amount
            unknown = [at for at in places if at not in known]
            for at in unknown[:-1]:
                known[at] = _divided(group[at].amount, left)
                left = {nature: amount - known[at][nature] for nature, amount in left.items()}
            if unknown:
                known[unknown[-1]] = left

    def _moved(self, leg: Leg, buildings: Iterable[str]) -> dict[str, Parts]:
        """Building → what the journal says of the leg's voucher; nothing for a closing."""
        booked = self.booked.get(id(leg.entry))
        if booked is None:
            return {name: {"commercial": ZERO, "public": ZERO} for name in buildings}
        whole = by_building(self.roll, booked.change_fen)
        public = by_building(self.roll, np.where(self.roll.public, booked.change_fen, 0))
        found: dict[str, Parts] = {}
        for name in buildings:
            at = self.roll.buildings.index(name)
            found[name] = {"commercial": _yuan(public[at] - whole[at]), "public": _yuan(-public[at])}
        return found

    def _owed_in(self, leg: Leg) -> Nature | None:
        """The nature in which a lost house was owed that is paid now: the household's, or the only one with a debt."""
        if leg.code != "2001" or leg.amount < 0:
            return None
        said = self._of_household(leg.entry.meta)
        if said and self.owed[said] >= leg.amount:
            return said
        owing = [nature for nature, amount in self.owed.items() if amount >= leg.amount]
        return owing[0] if len(owing) == 1 else None


def _balancing(known: Iterable[Parts]) -> Parts:
    """What is missing in each nature."""
    missing: defaultdict[Nature, Decimal] = defaultdict(Decimal)
    for parts in known:
        for nature, amount in parts.items():
            missing[nature] -= amount
    return dict(missing)


def _divided(amount: Decimal, like: Parts) -> Parts:
    """`amount` in the ratio of `like`, for several postings to one building that nothing tells apart."""
    weights = [abs(to_fen(part)) for part in like.values()]
    shares = largest_remainder(to_fen(amount), weights if any(weights) else [1] * len(weights))
    return {nature: _yuan(fen) for nature, fen in zip(like, shares, strict=True)}
