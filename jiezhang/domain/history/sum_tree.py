"""The Merkle sum tree of a compound's households in one month: each balance is in the total, nobody sees another's.

A leaf is a salted commitment to the household, with its balance; every node carries the sum below it, so a balance can
be left out or made smaller only by breaking SHA-256. Leaves lie in the order of their commitments, which is new every
month: whose neighbour's sum stands in a proof cannot be told.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ..money import from_fen, show
from ..problem import Refused

FEN_MAX = 2**53
"""Sums stay below, so that JavaScript's numbers hold them exactly."""
SALT_BYTES = 16
SECRET_BYTES = 32

Summed = tuple[bytes, int]
"""A node: its hash, and the fen below it."""

EMPTY: Summed = (sha256().digest(), 0)


@dataclass(frozen=True, slots=True)
class BalanceProof:
    """That one household's balance is in the total: its leaf, and the neighbours on the way up to the root."""

    household: str
    balance_fen: int
    salt: bytes
    index: int
    path: tuple[Summed, ...]

    def root(self, compound: str, month: str, count: int) -> Summed:
        """The root and total that it leads to, in a tree of `count` leaves; `path` must be of the right length."""
        hidden = commitment(self.salt, compound, month, self.household)
        found, index, last, rest = leaf(hidden, self.balance_fen), self.index, count - 1, iter(self.path)
        while last > 0:
            if index & 1:
                found = node(next(rest), found)
            elif index < last:
                found = node(found, next(rest))
            index, last = index >> 1, last >> 1
        return found


def salt_of(secret: bytes, compound: str, month: str, household: str) -> bytes:
    """The 16 bytes that hide one household in one month; `secret` (32 bytes) stays with the office."""
    assert len(secret) == SECRET_BYTES
    return hmac.digest(secret, _words(compound, month, household), "sha256")[:SALT_BYTES]


def commitment(salt: bytes, compound: str, month: str, household: str) -> bytes:
    """What stands for the household in the tree: 32 bytes."""
    return sha256(salt + _words(compound, month, household)).digest()


def leaf(hidden: bytes, balance_fen: int) -> Summed:
    """The leaf of a commitment and its balance."""
    return sha256(b"\x02" + hidden + balance_fen.to_bytes(8, "big")).digest(), balance_fen


def node(left: Summed, right: Summed) -> Summed:
    """Two subtrees under one node; their sum must fit 8 bytes."""
    said = b"\x03" + left[0] + left[1].to_bytes(8, "big") + right[0] + right[1].to_bytes(8, "big")
    return sha256(said).digest(), left[1] + right[1]


def _words(compound: str, month: str, household: str) -> bytes:
    return f"{compound}\0{month}\0{household}".encode()


@dataclass(frozen=True, slots=True)
class SumTree:
    """The tree of all households: `levels` as in `merkle.Tree`; `places` says where each household's leaf is."""

    levels: tuple[tuple[Summed, ...], ...]
    places: Mapping[str, int]
    salts: Mapping[str, bytes]

    @classmethod
    def of(cls, secret: bytes, compound: str, month: str, balances: Mapping[str, int]) -> SumTree:
        """The tree over the balances (fen) by household code; `month` as `2026-10`.

        `Refused` for a negative balance, which a proof could hide others' money behind, and for a total of 2^53 fen.
        """
        _check(balances)
        salts = {household: salt_of(secret, compound, month, household) for household in balances}
        leaves = sorted(
            (commitment(salt, compound, month, household), household) for household, salt in salts.items()
        )
        level = tuple(leaf(hidden, balances[household]) for hidden, household in leaves)
        levels = [level]
        while len(level) > 1:
            level = _above(level)
            levels.append(level)
        return cls(tuple(levels), {household: at for at, (_, household) in enumerate(leaves)}, salts)

    @property
    def count(self) -> int:
        """The number of households."""
        return len(self.places)

    @property
    def root(self) -> Summed:
        """The root's hash, and the total of all balances in fen."""
        return self.levels[-1][0] if self.count else EMPTY

    def proof(self, household: str) -> BalanceProof:
        """The proof for one household; `KeyError` when it is not in the tree."""
        index = at = self.places[household]
        path = []
        for level in self.levels:
            if at ^ 1 < len(level):
                path.append(level[at ^ 1])
            at >>= 1
        return BalanceProof(household, self.levels[0][index][1], self.salts[household], index, tuple(path))


def _above(level: Sequence[Summed]) -> tuple[Summed, ...]:
    found = [node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return (*found, level[-1]) if len(level) % 2 else tuple(found)


def _check(balances: Mapping[str, int]) -> None:
    for household, balance_fen in balances.items():
        if balance_fen < 0:
            raise Refused(f"户 {household} 的余额为负（{show(from_fen(balance_fen))} 元），不能制作余额证明")
    total = sum(balances.values())
    if total >= FEN_MAX:
        raise Refused(f"各户余额合计 {show(from_fen(total))} 元，超出余额证明能表示的数额")
