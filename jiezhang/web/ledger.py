"""One compound's ledger as Fava wants it, loaded and reloaded only through the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from beanquery import Cursor
from fava.core import FavaLedger
from fava.core.extensions import ExtensionModule
from fava.core.ingest import IngestModule
from fava.core.query_shell import FavaBQLShell, FavaShellError, QueryShell
from fava.core.watcher import WatcherBase

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, check_files, check_loaded
from jiezhang.book.messages import in_chinese
from jiezhang.book.office_files import PROCEDURES, VOTES
from jiezhang.book.pack_log import LOG
from jiezhang.book.write import lock
from jiezhang.domain import bql
from jiezhang.domain.chain import CHAIN_FILE
from jiezhang.domain.problem import Finding
from jiezhang.domain.tri_party.month_seal import SEALS
from reports import query_tables, seal_tables

from .decisions import DecisionsPage
from .month import MonthPage
from .parties import PartiesPage
from .vouchers import VouchersPage

assert query_tables and seal_tables, "importing them gives the query page our tables"

ERRORS_SHOWN_MAX = 200
"""Fava puts every error into every page."""


class GatedLedger(FavaLedger):
    """A `FavaLedger` that loads through the gate, runs no code from the books, and answers only reading queries.

    Loading raises `Refused` when the gate does; a ledger whose reload was refused is `is_stale` and must be dropped.
    """

    def __init__(self, folder: CompoundFolder, city: str) -> None:
        self.folder = CompoundFolder(folder.path.resolve())
        self.city = city
        self.is_stale = False
        self.book: Ledger
        self._is_prepared = False
        super().__init__(str(self.folder.main), poll_watcher=True)

    def load_file(self) -> None:
        if not self._is_prepared:
            self._is_prepared = True
            self._watching = FolderWatcher(self.folder)
            self.watcher = cast(Any, self._watching)
            self.extensions = OnlyOurs(self)
            self.ingest = NoIngest(self)
            self.query_shell = ReadingShell(self)
        with lock(self.folder.path, shared=True):
            self._watching.before_load()
            compound = check_files(self.folder, self.city)
            super().load_file()
            options: dict[str, Any] = dict(self.options)
            check_loaded(self.folder, options)
        entries: list[Any] = list(self.all_entries)
        self.book = Ledger(self.folder, compound, entries, list(self.load_errors), options)
        self.load_errors = shown_errors(self.load_errors, self.folder)

    def changed(self) -> bool:
        try:
            return super().changed()
        except Exception:
            self.is_stale = True
            raise

    @property
    def version(self) -> str:
        """Names the state of the books that this ledger shows."""
        return self._watching.version


class FolderWatcher(WatcherBase):
    """Polls the files of a ledger: names, times, sizes and inodes, so that a new month's file is seen too."""

    def __init__(self, folder: CompoundFolder) -> None:
        self.last_checked = 0
        self.last_notified = 0
        self._folder = folder
        self._read = self._seen = _signature(folder)

    def before_load(self) -> None:
        """Remember what is about to be read: a change made while it is read must be seen afterwards."""
        self._read = _signature(self._folder)

    def update(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        del files, folders
        self._seen = self._read
        self.last_checked = max([self.last_checked + 1, *(time for _, time, _, _ in self._seen)])

    def check(self) -> bool:
        return _signature(self._folder) != self._seen

    @property
    def version(self) -> str:
        return sha256(repr(self._seen).encode()).hexdigest()[:16]

    def _get_latest_mtime(self) -> int:
        return self.last_checked


_READ = ("*.beancount", "20*/20*.beancount", "register/*", "batches/*.csv", f"{VOTES}/*.csv", f"{SEALS}/*")


def _signature(folder: CompoundFolder) -> tuple[tuple[str, int, int, int], ...]:
    """(name, time, size, inode) of every file a load reads, those of the street with them."""
    street = StreetFolder(folder.path.parent)
    paths = [street.toml, street.path / LOG, *(street.path / PROCEDURES).glob("*.toml"), folder.path / CHAIN_FILE]
    paths += [path for pattern in _READ for path in folder.path.glob(pattern)]
    found = []
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue  # the gate says what is missing
        found.append((path.relative_to(street.path).as_posix(), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(sorted(found))


PAGES = (MonthPage, VouchersPage, DecisionsPage, PartiesPage)


class OnlyOurs(ExtensionModule):
    """Our pages and no other extension. Fava's own module imports what the books name, from the books' folder."""

    def load_file(self) -> None:
        if not self._instances:
            for page in (kind(cast(GatedLedger, self.ledger)) for kind in PAGES):
                self._instances[page.name] = page


class NoIngest(IngestModule):
    """No imports: Fava's own module runs the Python file that the books name."""

    def load_file(self) -> None:
        self.errors = ()


class ReadingShell(QueryShell):
    """Fava's query shell behind `bql.refusal`, also for queries stored in the books."""

    def __init__(self, ledger: FavaLedger) -> None:
        super().__init__(ledger)
        self.shell = _CheckedShell(ledger)


class QueryRefusedError(FavaShellError):
    """The query does more than read."""


class _CheckedShell(FavaBQLShell):
    def run(self, entries: Sequence[Any], query: str) -> Cursor | str:
        _refuse_query(query)
        # The shell warns of commands without the dot, which nobody may write here.
        return super().run(entries, "." + query.strip() if bql.is_run(query) else query)

    def execute(self, query: str, **kwargs: Any) -> Any:
        _refuse_query(query)
        return super().execute(query, **kwargs)


def _refuse_query(query: str) -> None:
    said = bql.refusal(query)
    if said:
        raise QueryRefusedError(said)


def shown_errors(errors: Sequence[Any], folder: CompoundFolder) -> list[Any]:
    """The errors for Fava's own page: in Chinese, and not more than a page can bear."""
    shown: list[Any] = [
        Finding(_place(error.source, folder), in_chinese(error.message), None, getattr(error, "rule", "beancount"))
        for error in errors[:ERRORS_SHOWN_MAX]
    ]
    left = len(errors) - len(shown)
    if left > 0:
        shown.append(Finding(_place(None, folder), f"还有 {left} 处错误没有列出，全部见“本月”页", None, "more"))
    return shown


def _place(source: Any, folder: CompoundFolder) -> dict[str, Any]:
    """File and line, both always there: Fava's pages break without them."""
    at = source or {}
    return {"filename": str(at.get("filename", folder.main)), "lineno": int(at.get("lineno", 0))}
