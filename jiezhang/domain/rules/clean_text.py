"""文字干净: no markup and no invisible characters in anything Fava prints unescaped.

Bank remarks are written by strangers. Fava 1.30.16 puts payee, narration, notes and custom values into the page as
raw HTML, so a `<` there is an attack or the place for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beancount.core import data

from ..problem import Finding, finding
from ..text import unclean

RULE = "clean_text"


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Entries one of whose texts holds a markup or invisible character."""
    del options
    found = []
    for entry in entries:
        for text in _texts(entry):
            bad = unclean(text)
            if bad:
                found.append(finding(RULE, f"文字“{_shown(text)}”中有不允许的字符 U+{ord(bad):04X}", entry))
                break
    return found


def _shown(text: str) -> str:
    return "".join("□" if unclean(ch) else ch for ch in text[:30])


def _texts(entry: data.Directive) -> Iterator[str]:
    if isinstance(entry, data.Transaction):
        yield entry.payee or ""
        yield entry.narration or ""
        for posting in entry.postings:
            if posting.meta:
                yield from _values(posting.meta)
    elif isinstance(entry, data.Note):
        yield entry.comment
    elif isinstance(entry, data.Document):
        yield entry.filename
    elif isinstance(entry, data.Event | data.Query):
        yield from (str(part) for part in entry[2:])
    elif isinstance(entry, data.Custom):
        yield entry.type
        yield from (str(value.value) for value in entry.values or [])
    yield from _values(entry.meta)


def _values(meta: Mapping[str, Any]) -> Iterator[str]:
    return (value for key, value in meta.items() if isinstance(value, str) and key != "filename")
