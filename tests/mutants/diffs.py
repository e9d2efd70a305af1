"""What mutmut changed: each mutant as the function it is in, the line as it was, and the line it became.

mutmut numbers its mutants anew whenever a function changes; these words stay the same as long as their line does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

_MADE = re.compile(r"(?:x_|xǁ(?P<owner>\w+)ǁ)(?P<name>\w+?)__mutmut_(?P<number>orig|\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One mutant: the module's path, `function` or `Class.function`, and its lines before and after."""

    module: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.module} {self.function}: {self.before} => {self.after}"


def changes_in(module: str, mutated: str) -> dict[str, Change]:
    """The mutants of a file that mutmut wrote, by the last part of their names (`x_next_head__mutmut_3`)."""
    lines = mutated.splitlines()
    made = dict(_functions(lines, ast.parse(mutated)))
    found = {}
    for name, text in made.items():
        parts = _MADE.fullmatch(name)
        assert parts is not None
        if parts["number"] != "orig":
            original = made[name.rpartition("_")[0] + "_orig"]
            function = f"{parts['owner']}.{parts['name']}" if parts["owner"] else parts["name"]
            found[name] = Change(module, function, *_between(original, text))
    return found


def module_of(meta: PurePosixPath) -> str:
    """`jiezhang/domain/chain.py` of `jiezhang/domain/chain.py.meta`."""
    return str(meta.with_suffix(""))


def _functions(lines: list[str], tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _MADE.fullmatch(node.name):
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno]).replace(node.name, "", 1)
            yield node.name, [line.strip() for line in text.splitlines()]


def _between(before: list[str], after: list[str]) -> tuple[str, str]:
    """The lines that differ, each side on one line."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return tuple(" ".join(side[start : len(side) - end]) for side in (before, after))  # type: ignore[return-value]
