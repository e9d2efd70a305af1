"""What the rules of approval look at: a loaded ledger, what the office has registered, and every resolution's path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from beancount.core import data

from ..problem import Finding, Refused, finding
from .files import OfficeFiles
from .path import walk_all
from .path_value import Path
from .records import Entered, Misread, read_records

OFFICE_KEY = "jiezhang_office"
"""Where the options of a loaded ledger carry its `OfficeView`; `None` when the registers could not be read."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OfficeView:
    """`folder` is the compound's, as text, for findings in its files. `paths` go by resolution."""

    folder: str
    entries: Sequence[data.Directive]
    files: OfficeFiles
    records: tuple[Entered, ...]
    misread: tuple[Misread, ...]
    paths: Mapping[str, Path]

    def transactions(self) -> Iterator[data.Transaction]:
        """Every transaction in the ledger's order."""
        return (entry for entry in self.entries if isinstance(entry, data.Transaction))

    def refusal(self, rule: str, refused: Refused) -> Finding:
        """`refused`, of a file of the compound's folder, as a finding."""
        return Finding(
            {"filename": f"{self.folder}/{refused.file}", "lineno": refused.line}, refused.message, None, rule
        )

    def at(self, rule: str, message: str, entry: data.Directive) -> Finding:
        """A finding at `entry`."""
        return finding(rule, message, entry)


def office_view(folder: str, entries: Sequence[data.Directive], files: OfficeFiles) -> OfficeView:
    """The view of a loaded ledger and the files beside it."""
    records, misread = read_records(entries)
    return OfficeView(folder, entries, files, tuple(records), tuple(misread), walk_all(records, files))
