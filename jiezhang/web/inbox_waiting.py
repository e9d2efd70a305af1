"""What waits in the inbox, as the pages of a compound's month tell it: nothing of it is in the books."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.importing import files_below
from jiezhang.street.inbox import not_imported, waiting_statements

READ_MAX = 30
"""A page reads so many files and no more: with more, it says only how many wait."""
SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class InboxSaid:
    """Names of files not imported: statements of the compound's month, and those nobody can tell whose they are, each
    with the reason. `unread`: how many files wait when they were too many to be read."""

    statements: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    unread: int = 0


def inbox_said(folder: CompoundFolder, month: Month) -> InboxSaid:
    """What waits in the street's inbox for the month of a compound."""
    street = StreetFolder(folder.path.parent)
    state = _state(street)
    return _said(folder, month, state) if state else InboxSaid()


def _state(street: StreetFolder) -> tuple[tuple[str, int, int], ...]:
    """Changes with the inbox, with what the compounds keep, and with their accounts; empty for an empty inbox."""
    inbox = [path for path in street.inbox.rglob("*") if path.is_file()] if street.inbox.is_dir() else []
    if not inbox:
        return ()
    kept = [path for folder in street.compounds() for path in (*folder.statements.glob("*"), folder.path)]
    accounts = [folder.path / "accounts.beancount" for folder in street.compounds()]
    found = [(path, path.stat()) for path in (*inbox, *kept, *accounts) if path.exists()]
    return tuple(sorted((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found))


@lru_cache(maxsize=256)
def _said(folder: CompoundFolder, month: Month, state: object) -> InboxSaid:
    del state
    street = StreetFolder(folder.path.parent)
    try:
        waiting = not_imported(street, files_below(street, [street.inbox]))
        if len(waiting) > READ_MAX:
            return InboxSaid(unread=len(waiting))
        found = waiting_statements(street, [folder], month)
    except Refused as refused:  # a link that leads nowhere
        return InboxSaid(unknown=((Path(refused.file).name, refused.message),))
    statements = [path.name for path in found.statements.get(folder.code, ())]
    unknown = {Path(one.file).name: one.message for one in found.unknown}
    return InboxSaid(tuple(statements[:SHOWN_MAX]), tuple(unknown.items())[:SHOWN_MAX])
