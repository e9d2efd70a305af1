"""Changing month files: an entry is replaced where it stands, a new one goes to the end, other bytes stay."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from beancount.core import data

from jiezhang.domain.period import Month

from .layout import CompoundFolder
from .render import render_entries

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line as Beancount counts them; `splitlines` would also cut at a form feed or U+2028."""
_ENTRY_START = re.compile(r"\d+[-/]\d+[-/]\d+\s")


@dataclass(frozen=True, slots=True)
class Change:
    """`old`, an entry as loaded, becomes `new`; `None` takes it away."""

    old: data.Directive
    new: data.Directive | None


def apply(folder: CompoundFolder, changes: Iterable[Change], additions: Iterable[data.Directive]) -> dict[str, bytes]:
    """The new contents of the files touched, by relative path, oldest month first.

    A change is made in the file its entry came from; an addition goes to the month file of its date, a `balance`
    to that of the day before, whose closing balance it states.
    """
    blocks: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for change in changes:
        name = Path(change.old.meta["filename"]).relative_to(folder.path).as_posix()
        blocks[name][change.old.meta["lineno"]] = "" if change.new is None else render_entries([change.new])
    added: defaultdict[str, list[data.Directive]] = defaultdict(list)
    for entry in additions:
        day = entry.date - timedelta(days=1) if isinstance(entry, data.Balance) else entry.date
        added[folder.month_file(day)].append(entry)
    contents = {}
    for name in sorted({*blocks, *added}):
        path = folder.path / name
        text = path.read_text("utf-8") if path.exists() else month_header(name)
        text = replace_blocks(text, blocks.get(name, {}))
        contents[name] = append(text, added.get(name, [])).encode()
    return contents


def month_header(name: str) -> str:
    """The first line of a month file `2026/2026-10.beancount`."""
    return f";; {Month.parse(name[5:12])}\n"


def append(text: str, entries: list[data.Directive]) -> str:
    """`text` with `entries` at its end."""
    if not entries:
        return text
    return text.rstrip("\n") + "\n\n" + render_entries(entries).rstrip("\n") + "\n"


def replace_blocks(text: str, blocks: Mapping[int, str]) -> str:
    """`text` with the entry that starts at each line number (from 1) replaced; an empty string removes it."""
    if not blocks:
        return text
    lines = _LINE.findall(text)
    out: list[str] = []
    at = 0
    for start in sorted(blocks):
        assert _ENTRY_START.match(lines[start - 1]), f"no entry starts at line {start}"
        out += lines[at : start - 1]
        at = start
        while at < len(lines) and lines[at][:1] in " \t" and lines[at].strip():
            at += 1
        new = blocks[start]
        out.append(new.rstrip("\n") + "\n" if new else "")
        if not new and at < len(lines) and not lines[at].strip():
            at += 1  # the blank line after the entry goes with it
    return "".join(out + lines[at:])
