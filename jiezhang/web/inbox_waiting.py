"""What waits in the inbox, as the pages of a compound's month tell it: nothing of it is in the books."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.importing import files_below
from jiezhang.street.inbox import not_imported, waiting_statements

READ_MAX = 30
"""A page reads so many files and no more: with more, it says only how many wait."""
SHOWN_MAX = 10
ANEW_SECONDS = 300


@dataclass(frozen=True, slots=True)
class InboxSaid:
    """Names of files not imported: statements of the compound's month, and those nobody can tell whose they are, each
    with the reason. `unread`: how many files wait when they were too many to be read."""

    statements: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    unread: int = 0


def inbox_said(folder: CompoundFolder, month: Month) -> InboxSaid:
    """What waits in the street's inbox for the month of a compound."""
    state = _state(folder)
    return _said(folder, month, state) if state else InboxSaid()


def _state(folder: CompoundFolder) -> int:
    """Changes with the inbox, with what the compound keeps, and with its accounts; what other compounds keep is asked
    anew every few minutes, for to look at a whole street takes longer than the page. 0 for an empty inbox."""
    street = StreetFolder(folder.path.parent)
    inbox = [path for path in street.inbox.rglob("*") if path.is_file()] if street.inbox.is_dir() else []
    if not inbox:
        return 0
    own = (street.path, folder.path, *folder.statements.glob("*"), folder.path / "accounts.beancount")
    found = [(path, path.stat()) for path in (*inbox, *own) if path.exists()]
    seen = sorted((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
    return hash((tuple(seen), int(monotonic() // ANEW_SECONDS))) or 1


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
