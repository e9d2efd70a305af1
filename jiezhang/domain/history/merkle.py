"""The tree of posted vouchers (RFC 6962 §2.1, RFC 9162 §2.1): one root for all, and short proofs about it.

An inclusion proof shows that a voucher is under a root; a consistency proof shows that a later root has every voucher
of an earlier one, unchanged and in the same places. Hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

EMPTY = sha256().digest()
"""The root of a tree of nothing."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry; the first byte keeps leaves and nodes apart (second preimages)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """All hashes of a tree, level by level: `levels[0]` the leaves, the last level the root alone.

    A node without a neighbour goes up unchanged, which gives the very split of RFC 6962: at the largest power of two
    below the size. So the node at `levels[k][i]` covers the leaves from `i << k`, 2^k of them or as many as there are.
    """

    levels: tuple[tuple[bytes, ...], ...]

    @classmethod
    def of(cls, entries: Iterable[bytes]) -> Tree:
        """The tree over these entries, in this order."""
        return cls.over(leaf_hash(entry) for entry in entries)

    @classmethod
    def over(cls, leaves: Iterable[bytes]) -> Tree:
        """The tree over these leaf hashes."""
        level = tuple(leaves)
        levels = [level]
        while len(level) > 1:
            above = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
            level = (*above, level[-1]) if len(level) % 2 else tuple(above)
            levels.append(level)
        return cls(tuple(levels))

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self.levels[0])

    def root(self, size: int | None = None) -> bytes:
        """The root, or the root the tree had when it was of this `size` (0 to now)."""
        size = self.size if size is None else size
        assert 0 <= size <= self.size
        peaks, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                peaks.append(self.levels[level][start >> level])
                start += 1 << level
        return reduce(lambda right, left: node_hash(left, right), reversed(peaks)) if peaks else EMPTY

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The proof that leaf `index` is under the root: the neighbours on its way up."""
        assert 0 <= index < self.size
        path = []
        for level in self.levels:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        return tuple(path)

    def consistency(self, size: int) -> tuple[bytes, ...]:
        """The proof that the tree of the first `size` leaves has only been added to (RFC 9162 §2.1.4.1)."""
        assert 0 <= size <= self.size
        return tuple(self._since(size, 0, self.size, whole=True)) if size else ()

    def _since(self, size: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """SUBPROOF of the RFC for the leaves from `start` up to `end`; `whole`: the verifier knows the old root."""
        if size == end - start:
            return [] if whole else [self._node(start, end)]
        half = 1 << (end - start - 1).bit_length() - 1
        if size <= half:
            return [*self._since(size, start, start + half, whole=whole), self._node(start + half, end)]
        return [*self._since(size - half, start + half, end, whole=False), self._node(start, start + half)]

    def _node(self, start: int, end: int) -> bytes:
        level = (end - start - 1).bit_length()
        return self.levels[level][start >> level]


def path_length(index: int, size: int) -> int:
    """How many hashes an inclusion proof has for leaf `index` of `size`."""
    count, last = 0, size - 1
    while last > 0:
        count += index & 1 or index < last
        index, last = index >> 1, last >> 1
    return count


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that the leaf with this hash is number `index` (from 0) of `size` under `root`."""
    if not 0 <= index < size or len(path) != path_length(index, size):
        return False
    found, last, rest = leaf, size - 1, iter(path)
    while last > 0:
        if index & 1:
            found = node_hash(next(rest), found)
        elif index < last:
            found = node_hash(found, next(rest))
        index, last = index >> 1, last >> 1
    return found == root


def verify_consistency(size: int, root: bytes, later_size: int, later_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the later tree begins with the earlier one (RFC 9162 §2.1.4.2)."""
    if not 0 <= size <= later_size or (size in (0, later_size) and proof):
        return False
    if size == 0:
        return root == EMPTY
    if size == later_size:
        return root == later_root
    return _grown(size, root, later_size, later_root, proof)


def _grown(size: int, root: bytes, later_size: int, later_root: bytes, proof: Sequence[bytes]) -> bool:
    """As `verify_consistency`, for 0 < size < later_size."""
    rest = [root, *proof] if size & (size - 1) == 0 else list(proof)
    if not rest:
        return False
    at, last = size - 1, later_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = rest[0]
    for one in rest[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, one)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root and new == later_root
