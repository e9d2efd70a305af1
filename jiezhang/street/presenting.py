"""Laying a month before the parties, for a whole street: figures and the office's signed checkpoint."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from jiezhang.book.commit import exclusive, try_changes
from jiezhang.book.keys import Key, refuse_unlike
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_unlocked, office_of
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import (
    SALT,
    checkpoint_name,
    figures_name,
    read_salt,
    signed_name,
    value_bytes,
)
from jiezhang.book.write import write_all
from jiezhang.close.presenting import Making, figure_faults, made_again, make_figures, making_from, not_ready
from jiezhang.close.verifying import standing_faults
from jiezhang.domain.approval.rules import tri_party
from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.history.note import sign
from jiezhang.domain.people import POSTERS, by_id, known_person, refuse_without, serves
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person, Street
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import checkpoint_of, office_fault, signed_fault

from .checking import Fault, faults_of
from .parallel import Progress, run, silent
from .verifying import trust_among

Salt = Callable[[str], bytes]
"""From a compound's code to 32 secret bytes."""


def new_salt(code: str) -> bytes:
    """Secret bytes by chance, for a compound's households."""
    del code
    return secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class PresentedMonth:
    """What was laid before the parties of one compound: digest of the figures; open differences; whether anything is
    new since it was presented before."""

    code: str
    figures: MonthFigures
    digest: str
    is_new: bool


def present_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    actor: str,
    key: Key | None,
    today: date,
    progress: Progress = silent,
    salt: Salt = new_salt,
) -> list[PresentedMonth]:
    """Make the figures of `month` for each of `folders` and sign their checkpoints with the poster's `key`.

    `ManyRefused`, and nothing presented, when one compound is not ready. What parties signed of other figures is taken
    away: it would be void.
    """
    about = read_street(street)
    person = known_person(about, actor, str(street.toml))
    for folder in folders:
        refuse_without(person, POSTERS, folder.code, "报送")
    signer = refuse_unlike(person, key, "报送")
    with exclusive(*folders):
        job = partial(_draft, street=about, month=month, today=today, key=signer, salt=salt)
        drafts = run(job, folders, "编制当月数字", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        ready = [draft for draft in drafts if isinstance(draft, _Draft)]
        return [_write(folder, draft) for folder, draft in zip(folders, ready, strict=True)]


@dataclass(frozen=True, slots=True)
class _Draft:
    contents: dict[str, bytes]
    figures: MonthFigures
    void: tuple[str, ...] = ()
    """What parties signed of other figures, by file."""


def making_of(
    folder: CompoundFolder, street: Street, today: date, salt: Salt | None = None, again: Month | None = None
) -> Making:
    """What figures are made from, loaded anew; `Refused` when the books have errors. The caller holds the lock.

    `salt` gives the compound's secret where none is kept yet; without it, that is refused. What is wrong with the
    signatures of the month that is presented `again` is no error: they are made anew.
    """
    ledger = load_unlocked(folder, street.city)
    faults = [fault for fault in faults_of(ledger) if again is None or not _is_of(fault, again)]
    if faults:
        said = f"账簿有 {len(faults)} 处错误，改正以后才能对账、封月：{faults[0].message}"
        raise Refused(said, faults[0].file, faults[0].line)
    secret = read_salt(folder) or (salt(folder.code) if salt is not None else None)
    if secret is None:
        raise Refused("还没有报送过，先用 jiezhang attest present 报送", folder.path.name)
    return making_from(street, ledger, secret, today)


def _is_of(fault: Fault, month: Month) -> bool:
    return fault.rule == tri_party.RULE and fault.file.endswith(figures_name(month))


def _draft(
    folder: CompoundFolder, street: Street, month: Month, today: date, key: Key, salt: Salt
) -> _Draft | Refused:
    try:
        making = making_of(folder, street, today, salt, month)
        _refuse_first(folder, month, not_ready(making, month))
        _refuse_tampered(making)
        before = making.months.presented.get(str(month))
        if before is not None and made_again(making, before.figures) == before.figures:
            figures = before.figures  # what is new is not of this month: the signatures stay
        else:
            figures = make_figures(making, month)
        _refuse_first(folder, month, figure_faults(figures))
        people = by_id(street.people)
        if before is not None and before.figures == figures and not office_fault(figures, before.checkpoint, people):
            return _Draft({}, figures, _void(before, people))
        note = office_note(figures, key)
        contents = {
            SALT: making.salt.hex().encode() + b"\n",
            figures_name(month): value_bytes(figures),
            checkpoint_name(month): note.text().encode(),
        }
        void = tuple(signed_name(month, one.attestation.person) for one in before.signed) if before else ()
        if not void:  # with them the new figures would be at odds until they are taken away
            try_changes(making.ledger, street.city, contents)
        return _Draft(contents, figures, void)
    except Refused as refused:
        return refused


def _refuse_tampered(making: Making) -> None:
    """`Refused` when a month sealed before is not as it was signed: presenting the next would make it good. The files
    that the seal covers are looked at when the figures are made."""
    folder, street, months = making.folder, making.street, making.months
    if not months.seals:
        return
    mine = tuple(person for person in street.people if serves(person, folder.code))
    trust = trust_among(street.model_copy(update={"people": mine}), str(folder.path.parent / "street.toml"))
    for fault in standing_faults(folder, street, months, making.chain, trust):
        said = f"已封的月份与签署时不同，须先恢复原样，再报送下一个月：{fault.place}：{fault.message}"
        raise Refused(said, folder.path.name)


def _void(before: Presented, people: Mapping[str, Person]) -> tuple[str, ...]:
    """The files of signatures that don't count."""
    return tuple(
        signed_name(before.figures.period, one.attestation.person)
        for one in before.signed
        if signed_fault(one, before.figures, people)
    )


def office_note(figures: MonthFigures, key: Key) -> SignedCheckpoint:
    """The checkpoint of `figures` with the office's signature."""
    made = checkpoint_of(figures)
    public = bytes.fromhex(key.public)
    return SignedCheckpoint(made).signed(lambda body: sign(body, made.origin, public, key.sign_bytes))


def _refuse_first(folder: CompoundFolder, month: Month, said: Sequence[str]) -> None:
    if said:
        more = f"（另有 {len(said) - 1} 项）" if len(said) > 1 else ""
        raise Refused(f"{month} 还不能报送：{said[0]}{more}", folder.path.name)


def _write(folder: CompoundFolder, draft: _Draft) -> PresentedMonth:
    write_all(folder.path, draft.contents)
    for name in draft.void:
        (folder.path / name).unlink(missing_ok=True)
    return PresentedMonth(folder.code, draft.figures, canonical_digest(draft.figures), bool(draft.contents))


def presented_of(ledger: Ledger, month: Month) -> Presented:
    """What was laid before the parties; `Refused` when nothing was."""
    office = office_of(ledger)
    assert office is not None
    found = office.files.months.presented.get(str(month))
    if found is None:
        closed = office.files.months.seal_of(month) is not None
        raise Refused(f"{month} 已经封月" if closed else f"{month} 还没有报送给各方", ledger.folder.path.name)
    return found
