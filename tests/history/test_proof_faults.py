"""No falsified proof is believed, and the owner's page gives the same reasons.

A few of `python -m tests.faults.proofs`, same code.
"""

from __future__ import annotations

import shutil
from random import Random

import pytest

from jiezhang.domain.history.household_proof import verify
from tests.faults.proofs import JS, Outcome, outcomes, table
from tests.history.made import trust
from tests.history.mutations import KINDS, mutant, pick, true_codes

SEED, COUNT = 7, 2000


def test_none_is_believed() -> None:
    found = outcomes(SEED, False, range(COUNT))
    assert not [one for one in found if one.is_bad], table(found)
    assert {one.kind for one in found} == set(KINDS)
    assert {one.result for one in found} == {"malformed", "not_in_total", "untrusted", "signature", "missing"}


@pytest.mark.skipif(shutil.which("node") is None or not JS.exists(), reason="no node, or no page yet")
def test_the_page_gives_the_same_reasons() -> None:
    found = outcomes(SEED + 1, True, range(COUNT))
    assert not [one for one in found if one.is_bad], table(found)


def test_the_proofs_they_are_made_of_are_believed() -> None:
    chance = Random(SEED)
    proofs = [pick(chance).proof for _ in range(100)]
    assert {verify(one.code(), trust()).result for one in proofs} == {"ok"}
    assert all(one.code() in true_codes() for one in proofs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same(kind: str) -> None:
    assert mutant(kind, Random(SEED)) == mutant(kind, Random(SEED))


@pytest.mark.parametrize(
    ("result", "other", "bad"),
    [
        ("signature", None, False), ("signature", "signature", False), ("signature", "missing", True),
        ("ok", None, True), ("ok", "ok", True), ("missing", "ok", True),
    ],
)  # fmt: skip
def test_what_counts_as_bad(result: str, other: str | None, bad: bool) -> None:
    assert Outcome("", "", result, other).is_bad == bad
