"""Which of the fund's two natures (商品住宅, 已售公有住房) a posting belongs to: 财会〔2020〕7号 keeps them apart.

This is for books without a household ledger, which knows it to the fen (`fund_split`). In this order, the first that
says something:

1.  the subject: 3001 is 商品住宅, 3002 is 已售公有住房;
2.  the posting's metadata `nature: "commercial"` or `"public"`;
3.  a detail or sub-account with the words 商品住宅 or 公有住房 in its name (`1001银行存款-01公有住房专户`);
4.  a sub-account of a building (`:B01`, `:01`) all of whose dwellings are of one nature;
5.  the transaction's metadata `nature`, or its `household`, a dwelling of the register;
6.  for income and expense, and for what waits, what all other postings of the transaction that say anything say;
7.  the compound, when everything in it is of one nature; without any word of public dwellings that is 商品住宅.

What is left is 未分: it is shown in a column of its own and never guessed. Bank accounts are not inferred by rule 6: an
account that both natures share is not split by its latest movements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jiezhang.domain.accounts import AccountName
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Dwelling

from .fund_moves import Leg, Move
from .fund_value import Nature

_SUBJECTS: dict[str, Nature] = {"3001": "commercial", "3002": "public"}
_WORDS: dict[str, Nature] = {"商品住宅": "commercial", "公有住房": "public"}
_META: dict[str, Nature] = {"commercial": "commercial", "public": "public"}


@dataclass(frozen=True, slots=True)
class _Register:
    """What the register says: natures in the compound, by sub-account of a building, by dwelling."""

    natures: frozenset[Nature]
    buildings: Mapping[str, Nature]
    dwellings: Mapping[str, Nature]


_NO_REGISTER = _Register(frozenset(), {}, {})


def _register(dwellings: Iterable[Dwelling]) -> _Register:
    houses: dict[str, Nature] = {d.code: d.nature for d in dwellings}
    found: defaultdict[str, set[Nature]] = defaultdict(set)
    for dwelling in dwellings:
        found[dwelling.building].add(dwelling.nature)
    buildings = {
        name: next(iter(natures)) for code, natures in found.items() if len(natures) == 1 for name in (code, "B" + code)
    }
    return _Register(frozenset(houses.values()), buildings, houses)


def with_natures(legs: Sequence[Leg], dwellings: Sequence[Dwelling]) -> tuple[Move, ...]:
    """The legs as moves, by the rules above. `legs` in the ledger's order, each transaction's together.

    A closing posting that says nothing takes the nature of what its account gathered, when that was of one nature.
    `Refused` for metadata `nature` with another value.
    """
    register = _register(dwellings)
    own = [_own(leg, register) for leg in legs]
    said = {nature for nature in own if nature} | register.natures
    one: Nature = "commercial" if said <= {"commercial"} else "public" if said == {"public"} else "unsplit"
    gathered: defaultdict[str, set[Nature]] = defaultdict(set)
    moves = []
    for _, pairs in groupby(zip(legs, own, strict=True), key=lambda pair: id(pair[0].entry)):
        group = list(pairs)
        agreed = {nature for _, nature in group if nature}
        for leg, nature in group:
            if leg.kind == "flow":
                known = nature or _only(agreed) or one
                gathered[leg.account.full].add(known)
            elif leg.kind == "closing":
                known = nature or _only(gathered[leg.account.full]) or one
            elif leg.posted or leg.account.root == "Assets":
                known = nature or one
            else:
                known = nature or _only(agreed) or one
            moves.append(Move.of(leg, known, leg.amount))
    return tuple(moves)


def _only(natures: set[Nature]) -> Nature | None:
    return next(iter(natures)) if len(natures) == 1 else None


def _own(leg: Leg, register: _Register) -> Nature | None:
    account, entry = leg.account, leg.entry
    return (
        _SUBJECTS.get(account.subject.code)
        or _stated(leg, leg.posting.meta)
        or named_nature(account)
        or next((register.buildings[sub] for sub in account.subs if sub in register.buildings), None)
        or _stated(leg, entry.meta)
        or register.dwellings.get(str(entry.meta.get("household", "")))
    )


def said_nature(leg: Leg) -> Nature | None:
    """What subject, metadata and the account's name say (rules 1, 2, 3 and `nature` of 5); `Refused` as there."""
    return _own(leg, _NO_REGISTER)


def named_nature(account: AccountName) -> Nature | None:
    """The nature that an account says by its name (rule 3)."""
    subs = (account.detail, *account.subs)
    return next((nature for sub in subs for word, nature in _WORDS.items() if word in sub), None)


def _stated(leg: Leg, meta: Mapping[str, Any] | None) -> Nature | None:
    value = (meta or {}).get("nature")
    if value is None:
        return None
    if value not in _META:
        file, line = leg.source.file, leg.source.line
        raise Refused(f"nature 写着“{value}”，应为 commercial（商品住宅）或 public（已售公有住房）", file, line)
    return _META[value]
