"""A resolution's record as the text that is added to `resolutions.beancount`, proven by reading it again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from beancount.parser import parser

from jiezhang.domain.approval.records import AnyRecord, custom_of, read_records
from jiezhang.domain.money import exact
from jiezhang.domain.problem import Refused

from .render import render_entries

RESOLUTIONS = "resolutions.beancount"


def record_text(kind: str, day: date, record: AnyRecord) -> tuple[str, AnyRecord]:
    """The directive, and the record as a reader of it finds it; `Refused` when that says anything else."""
    given = {
        name: exact(value) if isinstance(value, Decimal) else value
        for name, value in record.model_dump(exclude_none=True).items()
    }
    fixed = type(record).model_validate(given)
    text = render_entries([custom_of(kind, day, fixed)])
    entries, errors, _ = parser.parse_string(text)
    found, wrong = read_records(entries)
    if errors or wrong or len(found) != 1 or (found[0].day, found[0].record) != (day, fixed):
        raise Refused("记录写进账簿以后读出来与所写的不同，请去掉引号、反斜杠和看不见的字符")
    return text, found[0].record


def with_record(before: bytes, text: str) -> bytes:
    """The file with `text` at its end; every byte of `before` stays where it is."""
    gap = b"" if before.endswith(b"\n\n") or not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    return before + gap + text.rstrip("\n").encode() + b"\n"
