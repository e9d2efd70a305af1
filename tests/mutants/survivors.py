"""The list of mutants that no test kills, each under the reason why none has to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.diffs import Change

LIST = Path(__file__).with_name("survivors.txt")


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the list, and the reason above it. `change` is a mutant in the words of `Change`."""

    line: int
    change: str
    reason: str


def read_kept(text: str) -> list[Kept]:
    """The list: `# ` begins a reason, mutants follow one to a line, an empty line ends them.

    `ValueError` names the line that stands under no reason, is said twice, or is no mutant.
    """
    found: list[Kept] = []
    seen: set[str] = set()
    reason: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# "):
            if found and found[-1].line == number - 1:
                raise ValueError(f"line {number}: an empty line goes before a reason")
            reason.append(line[2:])
        elif not line:
            reason = []
        elif not reason:
            raise ValueError(f"line {number}: no reason above it")
        elif line in seen:
            raise ValueError(f"line {number}: said before")
        elif ".py " not in line or ": " not in line or " => " not in line:
            raise ValueError(f"line {number}: not `module function: before => after`")
        else:
            seen.add(line)
            found.append(Kept(number, line, " ".join(reason)))
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """Mutants of a module or folder."""

    mutants: int = 0
    killed: int = 0
    survived: int = 0
    not_covered: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.mutants + other.mutants, self.killed + other.killed,
            self.survived + other.survived, self.not_covered + other.not_covered,
        )  # fmt: skip

    @property
    def rate(self) -> float:
        """Killed in a hundred; without mutants all are."""
        return 100 * self.killed / self.mutants if self.mutants else 100.0


KILLED = frozenset({1, 3, 24, 36, 152, 255, -24})
"""mutmut's exit codes of a mutant that a test found, or that went on without end."""
NOT_COVERED = frozenset({5, 33})


def count(exit_codes: Iterable[int | None]) -> Count:
    """What became of mutants. Anything mutmut could not decide is a survivor."""
    codes = list(exit_codes)
    killed, uncovered = (sum(code in kind for code in codes) for kind in (KILLED, NOT_COVERED))
    return Count(len(codes), killed, len(codes) - killed - uncovered, uncovered)


def unexplained(survivors: Iterable[Change], kept: Iterable[Kept]) -> list[Change]:
    """Survivors that the list does not have."""
    known = {one.change for one in kept}
    return sorted(one for one in set(survivors) if str(one) not in known)


def outlived(survivors: Iterable[Change], kept: Iterable[Kept], modules: Iterable[str]) -> list[Kept]:
    """Lines of the list about `modules` whose mutant is killed by now, or no longer made."""
    there, run = {str(one) for one in survivors}, set(modules)
    return [one for one in kept if one.change.split(" ", 1)[0] in run and one.change not in there]


def by_folder(counts: Mapping[str, Count]) -> dict[str, Count]:
    """Modules' counts added up by folder."""
    found: dict[str, Count] = {}
    for module, own in counts.items():
        folder = module.rpartition("/")[0]
        found[folder] = found.get(folder, Count()) + own
    return found
