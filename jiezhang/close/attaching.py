"""Attachments (附件): copies under `documents/`, named by their digest, and the row that cites them.

Sources: 会计基础工作规范 2019 art. 48, 51(4); 财会〔2024〕11号 art. 25 (an electronic original is kept as it came, and
tampering is found).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.messages import failure
from jiezhang.domain.booking import POSTED, bank_legs, row_key
from jiezhang.domain.corrections import CORRECTION_KEY, is_correction, voucher_name
from jiezhang.domain.papers import PAPERS_KEY, counted, documents_of
from jiezhang.domain.problem import Refused
from jiezhang.domain.sides import is_red
from jiezhang.domain.text import clean

DOCUMENTS = "documents"
_NAME_BYTES_MAX = 150


def document_name(name: str, content: bytes) -> str:
    """`documents/3f2a…-发票.pdf`: the first twelve digits of the digest keep two files of one name apart."""
    bare = clean(Path(name).name).replace(" ", "_").lstrip(".") or "附件"
    while len(bare.encode()) > _NAME_BYTES_MAX:
        bare = bare[1:]
    return f"{DOCUMENTS}/{hashlib.sha256(content).hexdigest()[:12]}-{bare}"


def find_row(entries: Sequence[data.Directive], ref: str) -> data.Transaction:
    """The waiting voucher of the bank's row `ref`, or the waiting correction of the voucher `ref`; `Refused` when it is
    reviewed or posted, or there is none."""
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    corrections = [entry for entry in transactions if _is_waiting_correction(entry, ref)]
    found = corrections or [entry for entry in transactions if _is_meant(entry, ref)]
    if not found:
        raise Refused(f"账簿里没有流水或凭证 {ref}")
    if len(found) > 1:
        raise Refused(f"流水号 {ref} 在几个账户里都有，请写成 账户/流水号 的样子")
    (entry,) = found
    if entry.flag == POSTED:
        raise Refused(f"凭证 {voucher_name(entry)} 已经过账，不能再加附件")
    if "reviewer" in entry.meta:
        raise Refused(f"流水 {ref} 已经复核，须重新补录以后才能加附件")
    return entry


def _is_meant(entry: data.Transaction, ref: str) -> bool:
    rows = [row_key(leg) for leg in bank_legs(entry)]
    if any(ref in (number, f"{account}/{number}") for account, number in rows):
        return True
    return entry.flag == POSTED and voucher_name(entry) == ref


def _is_waiting_correction(entry: data.Transaction, ref: str) -> bool:
    return (
        is_correction(entry) and not is_red(entry) and entry.flag != POSTED and entry.meta.get(CORRECTION_KEY) == ref
    )


def plan_attachments(
    entries: Sequence[data.Directive], ref: str, files: Mapping[str, bytes], papers: int = 0
) -> tuple[Change, dict[str, bytes]]:
    """The change of the row `ref`, and the copies to keep by their path; `files` are name and bytes of what is added,
    `papers` how many originals stay in the binder. `Refused` for a file that the row has already."""
    entry = find_row(entries, ref)
    known = {digest for _, digest in documents_of(entry)}
    meta = dict(entry.meta)
    number = sum(1 for _ in documents_of(entry))
    copies = {}
    for name, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        if digest in known:
            raise Refused(f"附件“{Path(name).name}”已经附过", name)
        known.add(digest)
        number += 1
        kept = document_name(name, content)
        copies[kept] = content
        meta |= {f"document-{number}": kept, f"document-{number}-sha256": digest}
    if papers:
        had = meta.get(PAPERS_KEY, Decimal(0))
        meta[PAPERS_KEY] = had + papers if isinstance(had, Decimal) else Decimal(papers)
    changed = entry._replace(meta=meta)
    return _counted(entry, changed), copies


def _counted(entry: data.Transaction, changed: data.Transaction) -> Change:
    return Change(entry, counted(changed) if "maker" in changed.meta else changed)


def document_faults(folder: CompoundFolder, entries: Sequence[data.Directive]) -> Iterator[Refused]:
    """Documents that a voucher cites and that are not there as they were."""
    digests: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry, data.Transaction):
            continue
        for name, digest in documents_of(entry):
            if name not in digests:
                digests[name] = _digest_of(folder, name)
            found = digests[name]
            if found != digest:
                said = found if not found or "（" in found else "与登记的指纹不符，已被改动"
                yield Refused(
                    f"附件 {name} {said or '不在 documents 文件夹里'}（财会〔2024〕11号第25条）",
                    str(entry.meta.get("filename", "")),
                    int(entry.meta.get("lineno", 0)),
                )


def _digest_of(folder: CompoundFolder, name: str) -> str:
    """The digest of a kept document; empty when it is not there or is none of ours, words in brackets when it can't be
    read."""
    path = folder.path / name
    plain = PurePosixPath(name).parts
    if len(plain) != 2 or plain[0] != DOCUMENTS or ".." in plain or path.is_symlink() or not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as wrong:
        return f"读不出文件（{failure(wrong)}）"
