"""The sum tree: every household's balance is in the total, its place says nothing, a minus is refused."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.history.merkle import path_length
from jiezhang.domain.history.sum_tree import FEN_MAX, SumTree
from jiezhang.domain.problem import Refused

SECRET = bytes(range(32))
BALANCES = st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.integers(0, 10**9), max_size=30)


def tree(balances: dict[str, int], month: str = "2026-10", compound: str = "C0001") -> SumTree:
    return SumTree.of(SECRET, compound, month, balances)


def naive(leaves: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    """Hash and sum as the format has it, from the leaves up."""
    if not leaves:
        return sha256(b"").digest(), 0
    if len(leaves) == 1:
        hidden, fen = leaves[0]
        return sha256(b"\x02" + hidden + fen.to_bytes(8, "big")).digest(), fen
    half = max(2**power for power in range(len(leaves).bit_length()) if 2**power < len(leaves))
    (left, a), (right, b) = naive(leaves[:half]), naive(leaves[half:])
    return sha256(b"\x03" + left + a.to_bytes(8, "big") + right + b.to_bytes(8, "big")).digest(), a + b


@given(BALANCES)
def test_the_root_is_as_the_format_says(balances: dict[str, int]) -> None:
    leaves = []
    for household, fen in balances.items():
        words = b"C0001\x002026-10\x00" + household.encode()
        salt = hmac.new(SECRET, words, "sha256").digest()[:16]
        leaves.append((sha256(salt + words).digest(), fen))
    assert tree(balances).root == naive(sorted(leaves))
    assert tree(balances).root[1] == sum(balances.values())


@given(BALANCES)
def test_every_household_leads_to_the_root(balances: dict[str, int]) -> None:
    made = tree(balances)
    for household, fen in balances.items():
        proof = made.proof(household)
        assert (proof.household, proof.balance_fen) == (household, fen)
        assert len(proof.path) == path_length(proof.index, made.count)
        assert proof.root("C0001", "2026-10", made.count) == made.root
        assert proof.root("C0002", "2026-10", made.count) != made.root
        assert proof.root("C0001", "2026-11", made.count) != made.root


def test_neighbours_change_every_month_and_salts_tell_nothing_apart() -> None:
    balances = {f"01-1-{at}": 100 for at in range(50)}
    orders = [list(tree(balances, month).places) for month in ("2026-10", "2026-11")]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(balances)
    assert orders[0] != list(balances)
    salts = {tree(balances, month, compound).proof("01-1-0").salt
             for month in ("2026-10", "2026-11") for compound in ("C0001", "C0002")}  # fmt: skip
    assert len(salts) == 4


@pytest.mark.parametrize(
    ("balances", "said"),
    [
        ({"1": 5, "2": -1234}, "户 2 的余额为负（-12.34 元），不能制作余额证明"),
        ({"1": FEN_MAX - 1, "2": 1}, "各户余额合计 90,071,992,547,409.92 元，超出余额证明能表示的数额"),
    ],
)
def test_refused(balances: dict[str, int], said: str) -> None:
    with pytest.raises(Refused) as refused:
        tree(balances)
    assert str(refused.value) == said


def test_the_largest_total_is_not_refused() -> None:
    assert tree({"1": FEN_MAX - 1, "2": 0}).root[1] == FEN_MAX - 1
