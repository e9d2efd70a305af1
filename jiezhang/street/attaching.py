"""Attachments, on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.documents import read_document
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked
from jiezhang.book.registers import read_street
from jiezhang.book.write import write_all
from jiezhang.close.attaching import plan_attachments
from jiezhang.domain.papers import originals_of
from jiezhang.domain.people import MAKERS, known_person, refuse_without
from jiezhang.domain.problem import Refused


def attach(
    street: StreetFolder, folder: CompoundFolder, actor: str, ref: str, files: Sequence[Path], papers: int = 0
) -> int:
    """Keep copies of `files` and cite them on a row not yet reviewed; how many originals it has now.

    The copies are written first: one that nobody cites does no harm. `Refused` leaves everything as it was.
    """
    known = read_street(street)
    refuse_without(known_person(known, actor, str(street.toml)), MAKERS, folder.code, "附单据")
    if not files and not papers:
        raise Refused("没有写附件：写文件名，或用 --papers 写明留在凭证册里的纸质单据张数")
    contents = {str(path): read_document(path) for path in files}
    with exclusive(folder):
        ledger = load_unlocked(folder, known.city)
        change, copies = plan_attachments(ledger.entries, ref, contents, papers)
        changes = apply(ledger.folder, [change], ())
        try_changes(ledger, known.city, changes)
        write_all(folder.path, {**copies, **changes})
    assert isinstance(change.new, data.Transaction)
    return originals_of(change.new)
