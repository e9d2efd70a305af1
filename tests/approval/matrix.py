"""Every shipped procedure × every step × every way to break it: what the engine must answer, sentence by sentence.

`matrix.txt` has the sentences. `python -m tests.approval.matrix` prints how many cases there are of what kind;
`--write` writes the sentences anew, to be read through by a person before they are kept. Tests only read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from jiezhang.domain.approval.procedure import Procedure, Step

from . import breaks_of_bids_and_votes, breaks_of_proposals, breaks_of_seals  # noqa: F401  (they enter their breaks)
from .breaks import BREAKS, Named
from .office import shipped
from .story import Setting

GOLDEN = Path(__file__).with_name("matrix.txt")
BY_MATTER = ("quorum_area", "quorum_heads", "consent_area", "consent_heads")
LARGE, SMALL = Decimal("50000.00"), Decimal("900.00")


@dataclass(frozen=True)
class Case:
    """One thing done wrong in one step of one procedure."""

    setting: Setting
    step: Step
    kind: str

    @property
    def name(self) -> str:
        """`four_steps fund_use branch_review left_out`."""
        return f"{self.setting.procedure.code} {self.setting.matter} {self.step.code} {self.kind}"

    def refusal(self) -> tuple[str, Named]:
        """What the engine says, and what it must name."""
        story, named = BREAKS[self.kind].do(self.setting, self.step)
        return story.refusal(), named


def settings(procedure: Procedure) -> Iterator[Setting]:
    """A resolution about each of the procedure's matters, large, and small where that asks for other steps."""
    for matter in procedure.matters:
        large, small = Setting(procedure, matter, LARGE), Setting(procedure, matter, SMALL)
        yield large
        if small.asked != large.asked:
            yield small


@cache
def cases() -> tuple[Case, ...]:
    """Every step in the first setting that asks for it, broken in every way; what depends on the matter, in each."""
    found = []
    for procedure in shipped().values():
        seen: set[tuple[str, str]] = set()
        for setting in settings(procedure):
            for step in setting.asked:
                for kind, one in BREAKS.items():
                    matter = setting.matter if kind in BY_MATTER else ""
                    if one.asks(setting, step) and (step.code + matter, kind) not in seen:
                        seen.add((step.code + matter, kind))
                        found.append(Case(setting, step, kind))
    return tuple(found)


@cache
def golden() -> dict[str, str]:
    """The sentences that were read and kept: case → sentence."""
    lines = GOLDEN.read_text("utf-8").splitlines()
    return {name: sentence for name, _, sentence in (line.partition(" | ") for line in lines)}


def table() -> str:
    """Procedure × kind, with counts."""
    codes = list(shipped())
    counts = Counter((case.setting.procedure.code, case.kind) for case in cases())
    width = max(map(len, BREAKS))
    lines = [f"{'':{width}} " + " ".join(codes) + " total"]
    for kind in BREAKS:
        row = [counts[code, kind] for code in codes]
        cells = " ".join(f"{count or '·':>{len(code)}}" for code, count in zip(codes, row, strict=True))
        lines.append(f"{kind:{width}} {cells} {sum(row):5}")
    lines.append(f"{len(cases())} cases, {len(BREAKS)} kinds, {len(codes)} procedures")
    return "\n".join(lines)


if __name__ == "__main__":
    if "--write" in sys.argv:
        GOLDEN.write_text("".join(f"{case.name} | {case.refusal()[0]}\n" for case in cases()), "utf-8")
    sys.stdout.write(table() + "\n")
