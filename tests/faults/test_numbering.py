"""Four processes post to the same compounds at once."""

from __future__ import annotations

from pathlib import Path

from tests.faults.numbering import run


def test_no_gap_no_duplicate_one_chain(tmp_path: Path) -> None:
    found = run(tmp_path / "street", vouchers=300, processes=4, compounds=2, act=10, seed=7)
    assert (found.posted, found.gaps, found.duplicates, found.chain_errors, found.unsigned, found.errors) == (
        300, 0, 0, 0, 0, 0,
    )  # fmt: skip
