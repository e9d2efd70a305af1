"""Every benchmark runs, at a size that takes a moment, and prints its ratio; the speeds themselves are no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

SMALL = {
    "check_street.py": ("--compounds", "1", "--dwellings", "20", "--months", "1", "--rounds", "1"),
    "households.py": ("--compounds", "1", "--dwellings", "20", "--events", "3", "--rounds", "1"),
    "household_proofs.py": ("--households", "1,9", "--keys", "6", "--proofs", "3", "--rounds", "1"),
    "household_statements.py": ("--households", "6", "--repairs", "1", "--yields", "1", "--rounds", "1"),
    "office_load.py": ("--compounds", "1", "--dwellings", "8", "--months", "1", "--users", "3", "--seconds", "1"),
    "pdf_pages.py": ("--documents", "1", "--lines", "6"),
    "seal_street.py": ("--compounds", "1", "--dwellings", "20", "--months", "1"),
    "street_board.py": ("--compounds", "1", "--dwellings", "20", "--months", "1", "--rounds", "1"),
}


def test_all_are_tried() -> None:
    assert sorted(SMALL) == sorted(path.name for path in BENCHMARKS.glob("[a-z]*.py"))


@pytest.mark.parametrize("script", SMALL)
def test_it_runs(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *SMALL[script]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ratio" in done.stdout
