"""What every statement importer does: Beangulp's interface around two questions, is it mine and what does it say."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import beangulp
from beancount.core import data

from jiezhang.domain.booking import bank_legs, entries_from_statement, row_key
from jiezhang.domain.money import CURRENCY
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, prove

from .layout import Layout
from .read_table import layout_of, read_layout
from .source import SourceFile, load_source
from .values import bare_account

_NO_ACCOUNTS: Mapping[str, str] = MappingProxyType({})


class StatementImporter(beangulp.Importer):  # type: ignore[misc]  # beangulp has no types
    """An importer of one bank's or platform's files. Nothing about a file is kept between calls.

    `account_of` maps own account numbers, as banks write them, to ledger accounts; `default_account` takes files
    that don't say whose they are.
    """

    key: ClassVar[str]
    """Short name, e.g. `icbc`; layouts are named under it."""
    title: ClassVar[str]
    """What a bookkeeper calls these files."""

    def __init__(self, account_of: Mapping[str, str] = _NO_ACCOUNTS, default_account: str = "") -> None:
        self.account_of = {bare_account(number): account for number, account in account_of.items()}
        self.default_account = default_account

    @abc.abstractmethod
    def matches(self, source: SourceFile) -> bool:
        """Whether `source` (a file, or one member of an archive) is one of this importer's."""

    @abc.abstractmethod
    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        """What `source` says; `Refused` with file and line when it can't be read exactly."""

    def is_summary(self, source: SourceFile) -> bool:  # noqa: ARG002
        """Whether an archive's member only repeats sums, so that nothing is lost by not reading it."""
        return False

    def accepts(self, source: SourceFile) -> bool:
        """Whether some part of `source` is one of this importer's."""
        return any(self.matches(part) for part in source.parts)

    def read(self, source: SourceFile) -> tuple[Statement, ...]:
        """The statements of every part of `source`, not yet proven; `Refused` when a part is nobody's."""
        found: list[Statement] = []
        for part in source.parts:
            if self.matches(part):
                found += self.parse(part)
            elif not self.is_summary(part):
                raise Refused(f"压缩包里的“{part.member}”不是{self.title}，请解开后分别导入", source.name)
        return tuple(found)

    @property
    def name(self) -> str:
        """Unique in Fava's import page as long as no two instances have one default account."""
        return f"{self.key}:{self.default_account}" if self.default_account else self.key

    def identify(self, filepath: str) -> bool:
        """Whether the file is one of this importer's; a file that can't be read is nobody's."""
        try:
            return self.accepts(load_source(filepath))
        except Refused:
            return False

    def account(self, filepath: str) -> str:
        """The ledger account of the file's statement, of the first when it holds several."""
        return self.account_for(_first(self.read(load_source(filepath)), filepath))

    def date(self, filepath: str) -> date | None:
        """The last day the file's statements speak of."""
        statements = self.read(load_source(filepath))
        days = [row.date for statement in statements for row in statement.rows[-1:]]
        return max([*days, *(s.period[1] for s in statements if s.period)], default=None)

    def filename(self, filepath: str) -> str:
        """The archive name: the importer's key before the bank's own name, which may begin with a date."""
        return f"{self.key}.{filepath.replace(chr(92), '/').rpartition('/')[2]}"

    def extract(self, filepath: str, existing: data.Directives) -> list[data.Directive]:  # noqa: ARG002
        """Waiting transactions and closing balances of a proven file; `Refused` when it isn't proven."""
        entries: list[data.Directive] = []
        for statement in proven(self.read(load_source(filepath))):
            if statement.currency != CURRENCY:
                raise Refused(f"账户币种是 {statement.currency}，账本只记人民币", statement.source)
            entries += entries_from_statement(statement, self.account_for(statement))
        return entries

    def account_for(self, statement: Statement) -> str:
        """The ledger account `statement` belongs to; never guessed, `Refused` when nobody said."""
        number = bare_account(statement.account_no)
        known = self.account_of.get(number)
        if known:
            return known
        if number and self.account_of:
            raise Refused(f"账号 {statement.account_no} 不是登记过的专户", statement.source)
        if not self.default_account:
            raise Refused("文件里没有本方账号，请指定它是哪个专户的对账单", statement.source)
        return self.default_account

    def deduplicate(self, entries: list[data.Directive], existing: Iterable[data.Directive]) -> None:
        """Mark with `__duplicate__` each entry whose bank row (account and `bank-ref`) was seen before.

        Exact, also inside one file; Beangulp's comparison by similar amounts would drop the second of two equal fees.
        """
        seen: dict[tuple[str, str], data.Directive] = {}
        for entry in existing:
            if isinstance(entry, data.Transaction):
                seen.update({row_key(leg): entry for leg in bank_legs(entry)})
        for entry in entries:
            for leg in bank_legs(entry) if isinstance(entry, data.Transaction) else ():
                earlier = seen.setdefault(row_key(leg), entry)
                if earlier is not entry:
                    entry.meta["__duplicate__"] = earlier


class TableImporter(StatementImporter):
    """An importer whose formats are table layouts, tried in their order."""

    layouts: ClassVar[tuple[Layout, ...]]

    def matches(self, source: SourceFile) -> bool:
        return layout_of(source, self.layouts) is not None

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        layout = layout_of(source, self.layouts)
        assert layout is not None, "parse is called on files that match"
        return read_layout(source, layout)


def proven(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """`statements` as they are; `Refused` with the first thing in them that doesn't add up."""
    for statement in statements:
        for wrong in prove(statement)[:1]:
            raise Refused(wrong.message, statement.source, wrong.line)
    return statements


def _first(statements: tuple[Statement, ...], filepath: str) -> Statement:
    if not statements:
        raise Refused("文件里没有对账单", filepath.rpartition("/")[2])
    return statements[0]
