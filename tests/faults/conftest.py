"""A sample street whose first month is booked and whose second waits in `inbox/`, copied afresh for each fault."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiezhang.domain.period import Month
from jiezhang.street.sampling import write_sample
from tests.faults.breaking import LONGER, MONTH


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street as it is before anything is broken; never written to."""
    path = tmp_path_factory.mktemp("faults") / "street"
    write_sample(path, compounds=3, dwellings=40, months=2, booked=1, first_month=Month.parse(MONTH), seed=7)
    return path


@pytest.fixture
def ready(built: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(built, tmp_path / "street"))


@pytest.fixture
def in_time() -> Iterator[None]:
    """Two minutes (more in a long run), then the test fails: nobody must wait for a lock for ever."""

    def late(*_: object) -> None:
        raise TimeoutError("a lock was never let go")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(120 * LONGER)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
