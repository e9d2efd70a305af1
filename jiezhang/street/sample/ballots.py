"""Votes of the sample: who took part and how they voted, until the law's majority is reached, or missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from jiezhang.domain.approval.electorate import Ballot, Elector, electors_on, tally, within
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.approval.voting import majority_fault
from jiezhang.domain.scope import parse_scope

_CARRIED: Final = ((84, 90), (90, 94), (96, 97), (100, 100))
"""Of a hundred electors so many vote, and of a hundred votes so many agree; the next pair where that is not enough."""
_FAILED: Final = ((52, 70), (40, 60), (0, 0))
_AGAINST: Final = 70
"""Of a hundred votes that do not agree, so many are against; the others abstain."""


def ballots_for(resolution: Resolution, day: date, files: OfficeFiles, rng: Random, *, carries: bool) -> bytes:
    """A ballot file of `day` by which `resolution` carries, or does not."""
    assert files.register is not None
    electors = within(electors_on(files.register, day), parse_scope(resolution.scope))
    for part, agree in _CARRIED if carries else _FAILED:
        cast = _cast(electors, rng, part, agree)
        found = tally(electors, list(enumerate(cast, start=2)), "")
        if (majority_fault(resolution, found, files, day) == "") == carries:
            return "".join(("dwelling,choice\n", *(f"{one.dwelling},{one.choice}\n" for one in cast))).encode()
    raise AssertionError("everybody agreed, or nobody voted")


def _cast(electors: Sequence[Elector], rng: Random, part: int, agree: int) -> list[Ballot]:
    found = []
    for one in electors:
        votes, mind, other = rng.randrange(100), rng.randrange(100), rng.randrange(100)
        if votes < part:
            choice = "agree" if mind < agree else "against" if other < _AGAINST else "abstain"
            found.append(Ballot.model_construct(dwelling=one.code, choice=choice))
    return found
