"""SWIFT MT940 statements, also several in one file and statements that go on over pages.

Read strictly and by ourselves: a general parser cuts a customer reference after sixteen characters, loses the bank's
reference behind it without a word, and gives no line numbers. The tests use one as the second opinion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from jiezhang.domain.money import exact
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow

from .base import StatementImporter
from .kinds import Words, kind_of_words
from .source import SourceFile

_TAG = re.compile(r":(\d{2}[A-Z]?|NS):(.*)")
_SIGNS = re.compile(r"(?m)^:20:.*(?:\r?\n|\r)(?:.*(?:\r?\n|\r))??:2[15]P?:")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d+(?:,\d*)?)\s*")
_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<sign>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d+(?:,\d*)?)"
    r"(?P<type>[NFS][A-Z0-9]{3})(?P<refs>.*)"
)
_NO_REFERENCE = frozenset(("", "NONREF"))
_SUB_FIELD = re.compile(r"\?(\d\d)")


@dataclass(frozen=True, slots=True)
class _Field:
    """A tag with its text; `more` are continuation lines."""

    line: int
    tag: str
    text: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """One MT940 message: a statement or a page of one."""

    line: int
    account_no: str
    currency: str
    opening: Decimal
    closing: Decimal
    days: tuple[date, date]
    begins: bool
    ends: bool
    rows: tuple[StatementRow, ...]


class Mt940Importer(StatementImporter):
    key = "mt940"
    title = "MT940 对账单"

    def matches(self, source: SourceFile) -> bool:
        return source.kind == "text" and bool(_SIGNS.search(source.text[:4000]))

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        statements: list[Statement] = []
        open_page = False
        for message in _messages(source.text):
            page = _page(source, message)
            if open_page and (page.begins or page.account_no != statements[-1].account_no):
                raise Refused("上一页写明还有续页（62M），后面却是另一份对账单", source.label, page.line)
            if open_page:
                statements[-1] = _joined(source, statements[-1], page)
            else:
                statements.append(_statement(source, page))
            open_page = not page.ends
        if open_page:
            raise Refused("最后一页后面还应有续页（62M），文件不完整", source.label)
        return tuple(statements)


def _messages(text: str) -> Iterator[list[_Field]]:
    """The tagged fields of each message; a message begins at `:20:`, lines before it are the bank's envelope."""
    fields: list[_Field] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        found = _TAG.match(line)
        if found and found[1] == "20":
            if fields:
                yield fields
            fields = []
        if found and (fields or found[1] == "20"):
            fields.append(_Field(number, found[1], found[2].strip()))
        elif fields and line.strip() in ("-", "-}", "\x03"):
            yield fields
            fields = []
        elif fields and line.strip():
            last = fields[-1]
            fields[-1] = replace(last, more=(*last.more, line.rstrip("\r")))
    if fields:
        yield fields


def _page(source: SourceFile, fields: list[_Field]) -> _Page:
    line = fields[0].line
    try:
        account_no, ends, rows = "", [], []
        for index, field in enumerate(fields):
            line = field.line
            if field.tag in ("25", "25P"):
                account_no = field.text
            elif field.tag in ("60F", "60M", "62F", "62M"):
                ends.append((field.tag, *_balance(field.text)))
            elif field.tag == "61":
                details = fields[index + 1] if index + 1 < len(fields) and fields[index + 1].tag == "86" else None
                rows.append(_row(field, details))
        line = fields[0].line
        if len(ends) != 2 or ends[0][0][:2] != "60" or ends[1][0][:2] != "62":
            raise ValueError("这份对账单缺少期初余额（60）或期末余额（62），文件不完整")
        (first, opening, opening_day, currency), (last, closing, closing_day, other) = ends
        if currency != other:
            raise ValueError(f"期初余额是 {currency}，期末余额是 {other}，币种不一致")
        days = (opening_day, closing_day)
        return _Page(
            line, account_no, currency, opening, closing, days, first == "60F", last == "62F", tuple(rows)
        )
    except ValueError as error:
        raise Refused(str(error), source.label, line) from error


def _balance(text: str) -> tuple[Decimal, date, str]:
    found = _BALANCE.fullmatch(text)
    if not found:
        raise ValueError(f"余额“{text}”无法识别")
    amount = _amount(found[4])
    return (amount if found[1] == "C" else -amount), _day(found[2]), found[3]


def _row(field: _Field, details: _Field | None) -> StatementRow:
    found = _ENTRY.fullmatch(field.text)
    if not found:
        raise ValueError(f"交易行“{field.text}”无法识别")
    value = _day(found["value"])
    own, _, bank = found["refs"].partition("//")
    # RC takes a credit back and RD a debit: the money moves the other way.
    into = found["sign"] in ("C", "RD")
    said = _details(details)
    words = Words(f"{said.summary} {said.remark}", said.counterparty, into)
    amount = _amount(found["amount"])
    extra = "" if own.strip() in _NO_REFERENCE else own.strip()
    supplement = " ".join(line.strip() for line in field.more)
    return StatementRow(
        line=field.line,
        date=_near(value, found["entry"]) if found["entry"] else value,
        time="",
        amount=amount if into else -amount,
        balance=None,
        counterparty=said.counterparty,
        counterparty_account=said.account,
        summary=said.summary,
        remark=" ".join(text for text in (said.remark, supplement, extra) if text),
        serial="" if bank.strip() in _NO_REFERENCE else bank.strip(),
        kind="reversal" if found["sign"].startswith("R") else kind_of_words(words),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of a `:86:` field."""

    summary: str = ""
    remark: str = ""
    counterparty: str = ""
    account: str = ""


def _details(field: _Field | None) -> _Said:
    """`?00…?20…?32…` sub-fields where the bank uses them, else the text as it stands, lines joined."""
    if field is None:
        return _Said()
    whole = field.text + "".join(field.more)
    if "?00" not in whole and "?20" not in whole:
        return _Said(summary=" ".join(line.strip() for line in (field.text, *field.more) if line.strip()))
    pieces = _SUB_FIELD.split(whole)
    parts: dict[str, str] = {}
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[code] = parts.get(code, "") + text
    remark = "".join(parts.get(f"{code}", "") for code in (*range(20, 30), *range(60, 64)))
    return _Said(
        summary=parts.get("00", "").strip(),
        remark=remark.strip(),
        counterparty=(parts.get("32", "") + parts.get("33", "")).strip(),
        account=parts.get("31", "").strip(),
    )


def _amount(text: str) -> Decimal:
    return exact(Decimal(text.replace(",", ".").rstrip(".")))


def _day(text: str) -> date:
    """`YYMMDD`; this century, for MT940 files of the last one are no concern of ours."""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise ValueError(f"“{text}”不是日历上有的日期") from None


def _near(value: date, entry: str) -> date:
    """The booking day `MMDD`, in the year that brings it nearest to the value date."""
    days = []
    for year in (value.year - 1, value.year, value.year + 1):
        try:
            days.append(date(year, int(entry[:2]), int(entry[2:])))
        except ValueError:
            continue
    if not days:
        raise ValueError(f"记账日“{entry}”不是日历上有的日期")
    return min(days, key=lambda day: abs(day - value))


def _statement(source: SourceFile, page: _Page) -> Statement:
    return Statement(
        layout="mt940",
        source=source.name,
        sha256=source.sha256,
        account_no=page.account_no,
        holder="",
        currency=page.currency,
        rows=page.rows,
        opening=page.opening,
        closing=page.closing,
        period=page.days if page.days[0] <= page.days[1] else None,
    )


def _joined(source: SourceFile, before: Statement, page: _Page) -> Statement:
    """The statement with its next page; the carried balance must be the same on both."""
    if before.closing != page.opening:
        raise Refused(
            f"续页的期初余额 {page.opening} 不等于上页的期末余额 {before.closing}", source.label, page.line
        )
    return replace(before, rows=before.rows + page.rows, closing=page.closing)
