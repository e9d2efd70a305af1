"""What can be wrong with what we are given.

Three kinds of wrong (see docs/architecture.md): a mistake in the book is a `Finding`, a value; bad input or a
failure of the world is a `Refused`, an exception; a mistake in our own code is an assertion.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from beancount.core.data import Directive, Meta


class Finding(NamedTuple):
    """A mistake in the book, in the shape Beancount and Fava show as an error.

    `source` is the metadata (filename, lineno) of the line that caused it, `rule` the name of the rule.
    """

    source: Meta
    message: str
    entry: Directive | None
    rule: str


def finding(rule: str, message: str, entry: Directive, meta: Meta | None = None) -> Finding:
    """A `Finding` at `entry`, or at the posting whose metadata is `meta`."""
    at: dict[str, Any] = entry.meta if meta is None or "lineno" not in meta else meta
    return Finding({"filename": at.get("filename", "<无>"), "lineno": at.get("lineno", 0)}, message, entry, rule)


class Refused(Exception):
    """Something given to the program can't be used: one sentence, with file and line where there are any."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str, int]]:
        return type(self), (self.message, self.file, self.line)

    def __str__(self) -> str:
        file = f"{self.file}：" if self.file else ""
        line = f"第 {self.line} 行：" if self.line else ""
        return file + line + self.message


class NotOnRegister(Refused):
    """A dwelling or building is named that the register does not have."""


class DoneNotKept(Refused):
    """What was asked is done, and could not be stored as it should: nothing is to be said of nothing having changed."""


class ManyRefused(Exception):
    """Several things at once can't be used, so nothing was done; `refusals` has one sentence for each."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__(f"{len(refusals)} 处有误")
        self.refusals = refusals
