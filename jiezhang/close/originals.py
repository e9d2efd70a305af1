"""The bank's own files, kept: the very bytes that were booked, and nothing that was not.

Every row in a ledger cites the digest of its file (`source-sha256`). Comparing digests needs no reading, so it is done
at every check; reading the rows again is the reconciliation's work.
Source: 会计档案管理办法 2016 and 财会〔2024〕11号 art. 27, 31 (an electronic original is kept as it came).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from beancount.core import data

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.messages import failure
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import references

from .keeping import NOTE, read_kept


def missing_originals(folder: CompoundFolder, entries: Sequence[data.Directive]) -> Iterator[Refused]:
    """Citations of files that are not in `statements/`; kept files with rows that nobody booked. One for each file.

    A file that no row cites may still be right: all its rows had come with another file before.
    """
    cited = _cited(entries)
    kept: dict[str, Path] = {}
    for path in folder.kept_files():
        if path.name.endswith(NOTE) or path.name.startswith("."):
            continue
        try:
            with path.open("rb") as file:
                kept[hashlib.file_digest(file, "sha256").hexdigest()] = path
        except OSError as wrong:
            yield Refused(f"读不出文件（{failure(wrong)}）", str(path))
    for digest, meta in cited.items():
        if digest not in kept:
            said = f"statements 里没有这笔流水的对账单原件（指纹 {digest[:12]}…），原件丢失或已被改动"
            yield Refused(said, str(meta.get("filename", "")), int(meta.get("lineno", 0)))
    booked = {str(leg.meta["bank-ref"]) for entry in _transactions(entries) for leg in bank_legs(entry) if leg.meta}
    for digest, path in kept.items():
        if digest not in cited and not _is_booked(path, booked):
            yield Refused("对账单原件没有入账，或入账后已被改动", str(path))


def _transactions(entries: Sequence[data.Directive]) -> Iterator[data.Transaction]:
    return (entry for entry in entries if isinstance(entry, data.Transaction))


def _cited(entries: Sequence[data.Directive]) -> dict[str, data.Meta]:
    """Digests, each with the place of the first row or closing balance that cites it."""
    found: dict[str, data.Meta] = {}
    for entry in entries:
        metas = [leg.meta for leg in bank_legs(entry)] if isinstance(entry, data.Transaction) else [entry.meta]
        for meta in metas:
            if meta and "source-sha256" in meta:
                found.setdefault(str(meta["source-sha256"]), meta)
    return found


def _is_booked(path: Path, booked: set[str]) -> bool:
    try:
        statements, _ = read_kept(path)
    except Refused:
        return False
    return all(ref in booked for statement in statements for ref in references(statement.rows))
