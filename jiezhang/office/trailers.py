"""What the commit of an act says of its row in the operation log, in its last line: `Operation: 12 <digest of row 12,
which began the act> done <digest of what came of it>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

ACT = "Operation"
_CITED = re.compile(rf"^{ACT}: ([0-9]{{1,18}}) ([0-9a-f]{{64}}) ([a-z]+)(?: ([0-9a-f]{{64}}))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Citation:
    """One such line; `result` is empty in commits of before it was written."""

    number: int
    digest: str
    phase: str
    result: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the branch."""

    id: str
    parents: tuple[str, ...]
    citations: tuple[Citation, ...]


def trailer(number: int, digest: str, phase: str, result: str) -> str:
    """The line for the act that row `number` began."""
    return f"{ACT}: {number} {digest} {phase} {cites(result)}"


def cites(result: str) -> str:
    """What stands in the line for what came of the act."""
    return sha256(result.encode()).hexdigest()


def citations_in(message: str) -> tuple[Citation, ...]:
    """The rows that a commit's message names."""
    return tuple(Citation(int(number), *rest) for number, *rest in _CITED.findall(message))
