"""Four processes work in one office and are killed: what was accepted is everywhere, once."""

from __future__ import annotations

from pathlib import Path

from tests.faults.together import run


def test_nothing_lost_nothing_doubled(tmp_path: Path) -> None:
    found = run(tmp_path, seconds=6, processes=4, compounds=2, seed=7)
    assert found.kills > 4
    assert found.accepted > 0
    assert found.posted >= found.done >= found.accepted
    assert (found.lost, found.doubled, found.unlogged, found.uncommitted, found.gaps, found.faults) == (0,) * 6
