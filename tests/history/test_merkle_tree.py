"""The tree of vouchers: the published values of Certificate Transparency, and chance against the definition itself."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.history.merkle import Tree, leaf_hash, path_length, verify_consistency, verify_inclusion

ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the first 0 to 8 entries (the reference tests of certificate-transparency)."""

INCLUSION = [
    (0, 1, ()),
    (0, 8, (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )),
    (5, 8, (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (1, 5, (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    )),
]  # fmt: skip

CONSISTENCY = [
    (1, 1, ()),
    (1, 8, (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )),
    (6, 8, (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )),
    (2, 5, (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    )),
]  # fmt: skip


def _hexes(hashes: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(one.hex() for one in hashes)


def naive_root(entries: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = max(2**power for power in range(len(entries).bit_length()) if 2**power < len(entries))
    return sha256(b"\x01" + naive_root(entries[:half]) + naive_root(entries[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert Tree.of(ENTRIES[:size]).root().hex() == ROOTS[size]
    assert Tree.of(ENTRIES).root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int, path: tuple[str, ...]) -> None:
    assert _hexes(Tree.of(ENTRIES[:size]).inclusion(index)) == path


@pytest.mark.parametrize(("size", "later", "proof"), CONSISTENCY)
def test_published_consistency_proofs(size: int, later: int, proof: tuple[str, ...]) -> None:
    assert _hexes(Tree.of(ENTRIES[:later]).consistency(size)) == proof


@given(st.lists(st.binary(max_size=3), max_size=40))
def test_the_root_is_as_defined(entries: list[bytes]) -> None:
    assert Tree.of(entries).root() == naive_root(entries)


@pytest.mark.parametrize("size", range(1, 18))
def test_every_place_is_proven_and_no_other(size: int) -> None:
    tree = Tree.of(bytes([at]) for at in range(size))
    for index in range(size):
        path, leaf = tree.inclusion(index), leaf_hash(bytes([index]))
        assert len(path) == path_length(index, size)
        assert [at for at in range(-1, size + 2) if verify_inclusion(leaf, at, size, path, tree.root())] == [index]
        assert not verify_inclusion(leaf, index, size, (*path, leaf), tree.root())
        assert not path or not verify_inclusion(leaf, index, size, path[:-1], tree.root())
        for at in range(len(path)):
            assert not verify_inclusion(leaf, index, size, (*path[:at], leaf, *path[at + 1 :]), tree.root())


@pytest.mark.parametrize("later", range(18))
def test_every_growth_is_proven_and_no_other(later: int) -> None:
    tree = Tree.of(bytes([at]) for at in range(later))
    for size in range(later + 1):
        proof, root = tree.consistency(size), tree.root(size)
        assert verify_consistency(size, root, later, tree.root(), proof)
        assert not verify_consistency(size, leaf_hash(b"x"), later, tree.root(), proof)
        assert not verify_consistency(size, root, later, tree.root(), (*proof, root))
        assert size == 0 or not verify_consistency(size, root, later, leaf_hash(b"x"), proof)
        assert size == 0 or not verify_consistency(size, root, 4 * later, tree.root(), proof)
        assert not proof or not verify_consistency(size, root, later, tree.root(), proof[:-1])
        for at in range(len(proof)):
            false = (*proof[:at], leaf_hash(b"x"), *proof[at + 1 :])
            assert not verify_consistency(size, root, later, tree.root(), false)


@given(st.integers(1, 60), st.data())
def test_a_voucher_changed_afterwards_breaks_every_growth(later: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, later))
    changed = data.draw(st.integers(0, size - 1))
    entries = [bytes([at]) for at in range(later)]
    old = Tree.of(entries[:size]).root()
    entries[changed] = b"changed"
    new = Tree.of(entries)
    assert not verify_consistency(size, old, later, new.root(), new.consistency(size))


@given(st.integers(-1, 9), st.integers(-1, 9), st.lists(st.binary(min_size=32, max_size=32), max_size=6))
def test_whatever_is_given_nothing_is_raised(size: int, later: int, proof: list[bytes]) -> None:
    assert verify_consistency(size, bytes(32), later, bytes(range(32)), proof) is False
    assert verify_inclusion(bytes(32), size, later, proof, bytes(range(32))) is False
