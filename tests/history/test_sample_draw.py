"""The auditor's sample: the same for everybody, different numbers, and none more likely than another."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.history.sampling import draw, sample_seed

SEED = bytes(32)


def test_a_draw_anybody_can_repeat_by_hand() -> None:
    """The first 8 bytes of SHA-256(seed, counter), modulo the count."""
    drawn = {int(sha256(SEED + n.to_bytes(8, "big")).hexdigest()[:16], 16) % 1000 for n in range(5)}
    assert draw(SEED, 1000, 5) == tuple(sorted(drawn)) == (161, 240, 308, 514, 620)


@given(st.binary(max_size=40), st.integers(0, 60), st.data())
def test_different_numbers_below_the_count_in_order(seed: bytes, count: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, count))
    drawn = draw(seed, count, size)
    assert len(drawn) == size == len(set(drawn))
    assert list(drawn) == sorted(drawn)
    assert all(0 <= one < count for one in drawn)


def test_a_larger_sample_has_the_smaller_in_it() -> None:
    assert set(draw(SEED, 1000, 20)) < set(draw(SEED, 1000, 30))


def test_every_number_is_as_likely() -> None:
    counts = Counter(one for n in range(3000) for one in draw(n.to_bytes(4, "big"), 10, 3))
    assert sorted(counts) == list(range(10))
    assert all(800 < count < 1000 for count in counts.values()), counts


def test_the_incomplete_last_round_is_thrown_away() -> None:
    """Half of all numbers are beyond a count of 2^63 + 1; kept, the low ones would come twice as often."""
    count = 2**63 + 1
    first = [int.from_bytes(sha256(SEED + n.to_bytes(8, "big")).digest()[:8], "big") for n in range(40)]
    fair = [one for one in first if one < count]
    assert len(fair) < 40
    assert draw(SEED, count, 10) == tuple(sorted(fair[:10]))


def test_the_seed_is_as_published() -> None:
    assert sample_seed(b"ab\n", [b"x" * 64, b"y" * 64]) == sha256(
        b"jiezhang-sample-1\n" + (3).to_bytes(8, "big") + b"ab\n" + b"x" * 64 + b"y" * 64
    ).digest()


@pytest.mark.parametrize(
    ("body", "betas"), [(b"b", [b"x", b"y"]), (b"a", [b"y", b"x"]), (b"a", [b"x"]), (b"ax", [b"y"])]
)
def test_other_books_or_betas_another_seed(body: bytes, betas: list[bytes]) -> None:
    assert sample_seed(body, betas) != sample_seed(b"a", [b"x", b"y"])
