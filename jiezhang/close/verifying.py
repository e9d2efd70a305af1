"""Verifying one compound: is everything as it was when bank, auditor and community signed it?

First what costs little (bytes, signatures, trees), then the figures made anew from the books. Each fault says which
file or month is not what it was; each thing proven is said too.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, office_of
from jiezhang.book.office_files import read_chain, read_seal_keys
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import (
    checkpoint_name,
    evidence_name,
    explanations_digest,
    explanations_name,
    figures_name,
    read_explanations,
    read_months,
    read_salt,
    seal_name,
    signed_name,
    statement_name,
    value_bytes,
)
from jiezhang.book.sealed_files import file_faults
from jiezhang.domain.chain import Link
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.receipt import SignedReceipt
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.people import by_id
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.figures import FundFigures, MonthFigures
from jiezhang.domain.tri_party.month_seal import SEALS, MonthSeal
from jiezhang.domain.tri_party.months import MonthFiles
from jiezhang.domain.tri_party.verifying import (
    chain_faults,
    kept_faults,
    known_faults,
    receipt_faults,
    seal_faults,
    tree_faults,
)

from .month_figures import BookFigures, book_figures

_FILE_WORDS = {
    "gone": "封月时有的文件现在没有",
    "changed": "与封月时的内容不同，被改动过",
    "added": "封月以后才放进已封的月份",
}


@dataclass(frozen=True, slots=True)
class VerifyFault:
    """Something that is not as it was signed: in which file (of the street's folder), or of which month."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of one compound. `months` are sealed ones; `kept` counts the outside checkpoints and receipts
    compared."""

    code: str
    months: tuple[str, ...]
    vouchers: int
    households: int
    files: int
    kept: int
    faults: tuple[VerifyFault, ...]
    presented: tuple[str, ...] = ()
    """Months that were laid before the parties and are not sealed."""


def verify_compound(
    street: StreetFolder, folder: CompoundFolder, trust: Trust, kept: Sequence[SignedCheckpoint | SignedReceipt],
    authorities: Sequence[bytes] = (),
) -> Verified:  # fmt: skip
    """Verify one compound's sealed months against its files, `trust`, and the checkpoints and receipts that its
    parties `kept`.

    `authorities` are PEM certificates; without them only whole the sealed papers are, not whose seals are on them.
    """
    mine = [one for one in kept if one.compound == folder.code]
    notes = [one for one in mine if isinstance(one, SignedCheckpoint)]
    try:
        months, about = read_months(folder), read_street(street)
    except Refused as refused:
        return Verified(folder.code, (), 0, 0, 0, len(mine), (_fault(folder, refused),))
    faults = list(_cheap(folder, about, months, trust, notes))
    receipts = [one for one in mine if isinstance(one, SignedReceipt)]
    faults += _receipts(folder, months, trust, receipts)
    if not faults:
        faults = [*_papers(folder, months, authorities), *_deep(about, folder, _claimed(months, notes))]
    last = months.last
    return Verified(
        code=folder.code,
        months=tuple(seal.figures.month for seal in months.seals),
        vouchers=last.figures.vouchers.tree_size if last else 0,
        households=last.figures.households.count if last else 0,
        files=len(last.figures.files) if last else 0,
        kept=len(mine),
        faults=tuple(faults),
        presented=tuple(sorted(months.presented)),
    )


def _receipts(
    folder: CompoundFolder, months: MonthFiles, trust: Trust, receipts: Sequence[SignedReceipt]
) -> Iterator[VerifyFault]:
    try:
        explained = {seal.figures.month: explanations_digest(folder, seal.month) for seal in months.seals}
        for month, said in receipt_faults(months, receipts, explained, trust):
            yield VerifyFault(f"{folder.path.name} {month}", said)
    except Refused as refused:
        yield _fault(folder, refused)


def _papers(folder: CompoundFolder, months: MonthFiles, authorities: Sequence[bytes]) -> Iterator[VerifyFault]:
    if not any(os.path.lexists(folder.path / statement_name(seal.month)) for seal in months.seals):
        return
    from .sealed_paper import paper_faults  # what reads seals on PDFs takes a while to load

    now = datetime.now(tz=UTC)
    for seal in months.seals:
        for said in paper_faults(folder, seal, authorities, now):
            yield VerifyFault(f"{folder.path.name}/{statement_name(seal.month)}", said)


def _fault(folder: CompoundFolder, refused: Refused) -> VerifyFault:
    place = refused.file.partition(f"{folder.path.parent}/")[2] or refused.file or folder.path.name
    return VerifyFault(f"{place}：第 {refused.line} 行" if refused.line else place, refused.message)


def _claimed(months: MonthFiles, kept: Sequence[SignedCheckpoint]) -> tuple[MonthSeal, ...]:
    """The sealed months, and after them presented ones that a party keeps a checkpoint of: they are held to it too,
    or who takes away the last seal could write its month anew."""
    there = {note.checkpoint.month for note in kept}
    return (
        *months.seals,
        *(
            MonthSeal(figures=one.figures, checkpoint=one.checkpoint, signed=one.signed, closed_by="")
            for month, one in sorted(months.presented.items())
            if month in there
        ),
    )


def _cheap(
    folder: CompoundFolder, about: Street, months: MonthFiles, trust: Trust, kept: Sequence[SignedCheckpoint]
) -> Iterator[VerifyFault]:
    try:
        yield from standing_faults(folder, about, months, read_chain(folder), trust, kept)
        for last in _claimed(months, kept)[-1:]:
            yield from _files(folder, last)
    except Refused as refused:
        yield _fault(folder, refused)


def standing_faults(
    folder: CompoundFolder, about: Street, months: MonthFiles, chain: Sequence[Link], trust: Trust,
    kept: Sequence[SignedCheckpoint] = (),
) -> Iterator[VerifyFault]:  # fmt: skip
    """What is wrong with the sealed months as they stand in `seals/`, the chain, and the lists of people and keys: all
    that can be told without the books and the files that the seals cover."""
    name = folder.path.name

    def of_month(month: str, said: str) -> VerifyFault:
        return VerifyFault(f"{name} {month}", said)

    claimed = _claimed(months, kept)
    yield from (of_month(*found) for found in chain_faults(claimed, folder.code))
    for seal in months.seals:
        yield from (of_month(seal.figures.month, said) for said in seal_faults(seal, trust))
    yield from (of_month(*found) for found in kept_faults(months, kept, trust))
    yield from (of_month(*found) for found in tree_faults(claimed, chain))
    for seal in months.seals:
        yield from _beside(folder, seal)
    for last in claimed[-1:]:
        if about.name != last.figures.street:
            yield VerifyFault("street.toml", f"街道名称与封月时的“{last.figures.street}”不同")
        people, keys = by_id(about.people), [key for _, key in read_seal_keys(folder)]
        yield from (VerifyFault(name, said) for said in known_faults(last.figures, people, keys))


def _files(folder: CompoundFolder, last: MonthSeal) -> Iterator[VerifyFault]:
    for fault in file_faults(folder, last.figures.files, last.month):
        yield VerifyFault(f"{folder.path.name}/{fault.path}", _FILE_WORDS[fault.wrong])


def _beside(folder: CompoundFolder, seal: MonthSeal) -> Iterator[VerifyFault]:
    """What lies in `seals/` beside the seal: papers it was made from, as they were."""
    month, figures = seal.month, seal.figures
    office = SignedCheckpoint.parse(seal.checkpoint)
    first = replace(office, signatures=tuple(one for one in office.signatures if one.time is None))
    laid = first.text().encode() if first.signatures else b""
    expected = {
        figures_name(month): value_bytes(figures),
        checkpoint_name(month): laid,
        **{signed_name(month, one.attestation.person): value_bytes(one) for one in seal.signed},
    }
    for name, content in expected.items():
        path = folder.path / name
        if path.is_file() and path.read_bytes() != content:
            yield VerifyFault(f"{folder.path.name}/{name}", f"与 {seal_name(month)} 里的不同")
    name = explanations_name(month)
    asked = {one.id for one in (*figures.differences, *seal.stated)}
    said = {code: text for code, text in read_explanations(folder, month).items() if code in asked}
    if (folder.path / name).is_file() and said != dict(seal.explanations):
        yield VerifyFault(f"{folder.path.name}/{name}", f"与 {seal_name(month)} 里的不同")
    sheets = {evidence_name(month, one.attestation.person) for one in seal.signed}
    known = {*expected, *sheets, name, seal_name(month), statement_name(month)}
    for path in sorted((folder.path / SEALS).glob(f"{month}*")):
        if f"{SEALS}/{path.name}" not in known:
            yield VerifyFault(f"{folder.path.name}/{SEALS}/{path.name}", _FILE_WORDS["added"])
    for one in (item for signed in seal.signed for item in signed.attestation.evidence):
        path = folder.path / one.path
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            yield VerifyFault(f"{folder.path.name}/{one.path}", "签署方交来的回单被改动，或不在了")


def _deep(about: Street, folder: CompoundFolder, months: Sequence[MonthSeal]) -> Iterator[VerifyFault]:
    """The figures of every sealed month made anew from the books."""
    if not months:
        return
    try:
        ledger = load_ledger(folder, about.city)
        for error in ledger.errors:
            source = error.source or {}
            yield _fault(folder, Refused(error.message, str(source.get("filename", "")), int(source.get("lineno", 0))))
        salt = read_salt(folder)
        if office_of(ledger) is None:
            return
        if salt is None:
            yield VerifyFault(folder.path.name, "没有盐值文件 seals/salt.txt，各户余额无从核对")
            return
        for seal in months:
            yield from _made_anew(ledger, seal, salt)
    except Refused as refused:
        yield _fault(folder, refused)


def _made_anew(ledger: Ledger, seal: MonthSeal, salt: bytes) -> Iterator[VerifyFault]:
    office, figures = office_of(ledger), seal.figures
    assert office is not None
    accounts = [account for fund in figures.funds for account in fund.accounts]
    chain = office.files.chain[: figures.vouchers.tree_size]
    now = book_figures(ledger, seal.month, accounts, salt, chain)
    for name, said in _unlike(figures, now):
        yield VerifyFault(f"{ledger.folder.path.name} {figures.month}", f"按现在的账簿重算，{name}与封月时不同{said}")


def _unlike(figures: MonthFigures, now: BookFigures) -> Iterator[tuple[str, str]]:
    if now.households != figures.households:
        yield "各户余额", f"（合计 {now.households.total_fen} 分，封月时 {figures.households.total_fen} 分）"
    if now.funds != figures.funds:
        yield "资金的数字", f"（{_first_fund(figures.funds, now.funds)}）"
    if now.vouchers != figures.vouchers:
        yield "凭证", ""
    if (now.records, now.records_sha256, now.changes) != (figures.records, figures.records_sha256, figures.changes):
        yield "决议记录或房屋变更", ""
    if (now.directives, now.directives_sha256) != (figures.directives, figures.directives_sha256):
        yield "账户的开立、关闭和备注", ""
    if (now.late, now.papers) != (figures.late, figures.papers):
        yield "更正凭证或付款", ""


def _first_fund(was: Sequence[FundFigures], now: Sequence[FundFigures]) -> str:
    return next((one.fund for one, other in zip(was, now, strict=False) if one != other), "资金增减")
