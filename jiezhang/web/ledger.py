"""One compound's ledger as Fava wants it, loaded and reloaded only through the gate."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast

from beanquery import Cursor
from fava.core import FavaLedger, FilteredLedger
from fava.core.extensions import ExtensionModule
from fava.core.filters import FilterError
from fava.core.ingest import IngestModule
from fava.core.query_shell import FavaBQLShell, FavaShellError, QueryShell
from fava.core.watcher import WatcherBase
from fava.util.date import Interval

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.load import Ledger, check_files, check_loaded
from jiezhang.book.messages import in_chinese
from jiezhang.book.signature import signature
from jiezhang.book.write import lock
from jiezhang.domain import bql
from jiezhang.domain.problem import Finding
from jiezhang.domain.text import as_text
from reports import query_tables, seal_tables

from . import account_pages
from .bounds import COLUMNS_MAX, refuse_many
from .decisions import DecisionsPage
from .month import MonthPage
from .parties import PartiesPage
from .patterns import Patterns, Timed, left
from .vouchers import VouchersPage

assert query_tables and seal_tables, "importing them gives the query page our tables"

SIDEBAR = (("我的工作台", "/jiezhang/desk"), ("小区账簿", "/"))
"""Out of Fava, at the top of its menu."""

ANSWER_CHARS_MAX = 10_000_000
"""How long all the cells of a query's answer are together; some thousand pages of print."""

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
            self.misc.sidebar_links = SIDEBAR
            options: dict[str, Any] = dict(self.options)
            check_loaded(self.folder, options)
        entries: list[Any] = list(self.all_entries)
        self.book = Ledger(self.folder, compound, entries, list(self.load_errors), options)
        self.load_errors = shown_errors(self.load_errors, self.folder)

    def _get_filtered(self, *asked: str | None, **named: str | None) -> FilteredLedger:
        try:
            return super()._get_filtered(*asked, **named)
        except (ArithmeticError, RecursionError, ValueError) as wrong:  # a month 13, a thousand brackets
            raise FilterError("filter", "筛选条件写得太长，或没有这样的日期，请改写") from wrong

    def interval_balances(self, filtered: FilteredLedger, interval: Interval, *asked: Any, **named: Any) -> Any:
        days = filtered.interval_ranges(interval)
        if days:
            refuse_many(days[0].begin, days[-1].end, interval, COLUMNS_MAX)
        return super().interval_balances(filtered, interval, *asked, **named)

    def account_journal(self, *asked: Any, **named: Any) -> Any:
        """Fava's own, not more of it than a page can bear."""
        return account_pages.newest(cast(Sequence[Any], super().account_journal(*asked, **named)))

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
        self._read = self._seen = signature(folder)

    def before_load(self) -> None:
        """Remember what is about to be read: a change made while it is read must be seen afterwards."""
        self._read = signature(self._folder)

    def update(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        del files, folders
        self._seen = self._read
        self.last_checked = max([self.last_checked + 1, *(time for _, time, _, _ in self._seen)])

    def check(self) -> bool:
        return signature(self._folder) != self._seen

    @property
    def version(self) -> str:
        return sha256(repr(self._seen).encode()).hexdigest()[:16]

    def _get_latest_mtime(self) -> int:
        return self.last_checked


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

    def query_to_file(self, entries: Sequence[Any], query_string: str, result_format: str) -> tuple[str, BytesIO]:
        """Fava's own, with what a stranger wrote told to be text where a spreadsheet would take it for a formula."""
        name, made = super().query_to_file(entries, query_string, result_format)
        if result_format != "csv":
            return name, made
        rows = csv.reader(StringIO(made.getvalue().decode(), newline=""))
        safe = StringIO(newline="")
        csv.writer(safe).writerows([as_text(cell) for cell in row] for row in rows)
        return name, BytesIO(BOM_UTF8 + safe.getvalue().encode())


class QueryRefusedError(FavaShellError):
    """The query does more than read."""


_UNANSWERED = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, Patterns.error,
)  # fmt: skip
"""What beanquery lets out of a query that asks for what is not: a day too far away, a pattern that is none."""


class _CheckedShell(FavaBQLShell):
    def run(self, entries: Sequence[Any], query: str) -> Cursor | str:
        _refuse_query(query)
        # The shell warns of commands without the dot, which nobody may write here.
        asked = "." + query.strip() if bql.is_run(query) else query
        try:
            answer = super().run(Timed(entries), asked)
        except _UNANSWERED as wrong:
            raise QueryRefusedError(f"这条查询算不出结果（{type(wrong).__name__}），请改写") from None
        if isinstance(answer, Cursor):
            _refuse_large(answer)
        return answer

    def execute(self, query: str, **kwargs: Any) -> Any:
        _refuse_query(query)
        return super().execute(query, **kwargs)


def _refuse_query(query: str) -> None:
    said = bql.refusal(query)
    if said:
        raise QueryRefusedError(said)


def _refuse_large(answer: Cursor) -> None:
    """Before it is written out, which takes several times its length."""
    lengths: dict[int, int] = {}  # by the cell itself: many columns show one thing
    total = 0
    for row in answer:
        left()
        for cell in row:
            if id(cell) not in lengths:
                lengths[id(cell)] = len(cell) if isinstance(cell, str) else len(str(cell))
            total += lengths[id(cell)]
        if total > ANSWER_CHARS_MAX:
            raise QueryRefusedError(f"查询的结果超过 {ANSWER_CHARS_MAX} 个字，没有给出，请分几次查")


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
