"""Closing a month for a whole street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.keys import Key, refuse_unlike
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import explanations_digest, seal_name
from jiezhang.book.write import write_all
from jiezhang.close.closing import plan_seal
from jiezhang.close.presenting import made_again
from jiezhang.domain.history.note import sign
from jiezhang.domain.history.receipt import Receipt, SignedReceipt
from jiezhang.domain.people import POSTERS, by_id, known_person, refuse_without
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes, seal_digest
from jiezhang.domain.tri_party.signing import checkpoint_of

from .inbox import waiting_statements
from .parallel import Progress, run, silent
from .presenting import making_of, presented_of


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month that was closed: its seal's digest, and who has not signed though it was allowed; with the closer's key
    the receipt (封月回执) that the parties keep outside the street."""

    code: str
    seal: MonthSeal
    digest: str
    receipt: str = ""
    unknown: tuple[Refused, ...] = ()
    """What waits in the inbox and can't be told whose it is."""


def close_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    actor: str,
    today: date,
    progress: Progress = silent,
    key: Key | None = None,
) -> list[ClosedMonth]:
    """Seal `month` for each of `folders`; `ManyRefused`, and none sealed, when one can't be.

    `key` is the closer's, for receipts.
    """
    about = read_street(street)
    person = known_person(about, actor, str(street.toml))
    for folder in folders:
        refuse_without(person, POSTERS, folder.code, "封月")
    signer = refuse_unlike(person, key, "出具封月回执") if key is not None else None
    with exclusive(*folders):
        waiting = waiting_statements(street, folders, month, progress)
        job = partial(_draft, street=about, month=month, actor=actor, today=today)
        drafts = run(job, folders, "封月", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        refused += [_not_imported(street.compound(code), month, paths) for code, paths in waiting.statements.items()]
        if refused:
            raise ManyRefused(refused)
        closed = []
        for folder, seal in zip(folders, drafts, strict=True):
            assert isinstance(seal, MonthSeal)
            receipt = _receipt(folder, seal, signer) if signer is not None else ""
            closed.append(ClosedMonth(folder.code, seal, seal_digest(seal), receipt, waiting.unknown))
        for folder, one in zip(folders, closed, strict=True):
            write_all(folder.path, {seal_name(month): seal_bytes(one.seal)})
        return closed


def _not_imported(folder: CompoundFolder, month: Month, paths: Sequence[Path]) -> Refused:
    more = f"等 {len(paths)} 份" if len(paths) > 1 else ""
    said = f"{month} 不能封月：收件夹里还有没导入的对账单 {paths[0]}{more}，先导入、过账，再重新报送；不要的移出收件夹"
    return Refused(said, folder.path.name)


def _receipt(folder: CompoundFolder, seal: MonthSeal, key: Key) -> str:
    figures, public = seal.figures, bytes.fromhex(key.public)
    made = Receipt(
        origin=checkpoint_of(figures).origin,
        month=figures.month,
        seal=bytes.fromhex(seal_digest(seal)),
        explanations=explanations_digest(folder, seal.month),
    )
    return SignedReceipt(made, sign(made.body(), made.origin, public, key.sign_bytes)).text()


def write_receipts(closed: Sequence[ClosedMonth], month: Month, out: Path) -> list[Path]:
    """The receipts, one file for each compound, for the parties to keep."""
    out.mkdir(parents=True, exist_ok=True)
    names = {f"{one.code}-{month}-封月回执.txt": one.receipt.encode() for one in closed}
    write_all(out, names)
    return [out / name for name in names]


def _draft(folder: CompoundFolder, street: Street, month: Month, actor: str, today: date) -> MonthSeal | Refused:
    try:
        making = making_of(folder, street, today)
        presented = presented_of(making.ledger, month)
        now = made_again(making, presented.figures)
        seal = plan_seal(presented, now, by_id(street.people), actor, folder.path.name)
        try_changes(making.ledger, street.city, {seal_name(month): seal_bytes(seal)})
        return seal
    except Refused as refused:
        return refused
