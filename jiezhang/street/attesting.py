"""A party signs a month, for one compound or for all it serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from jiezhang.book.commit import exclusive
from jiezhang.book.keys import Key, refuse_unlike
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street, table_bytes
from jiezhang.book.seal_files import (
    Explanation,
    evidence_name,
    explanations_name,
    read_explanations,
    signed_name,
    value_bytes,
)
from jiezhang.book.write import write_all
from jiezhang.close.attesting import Hand, Word, attest, bank_word, beta_of, draw_sample, evidence_of
from jiezhang.close.presenting import Making, made_again
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.people import POSTERS, by_id, has_role, known_person, refuse_without
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person, Street
from jiezhang.domain.tri_party.attestation import ROLES, Signed
from jiezhang.domain.tri_party.differences import LEGS, PARTY_NAMES, Party
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import checkpoint_of, note_of, office_fault, sample_alpha, signed_fault

from .parallel import Progress, run, silent
from .presenting import making_of, presented_of


@dataclass(frozen=True, slots=True)
class SignedMonth:
    """What a party signed of one compound, and its copy of the checkpoint, which it keeps outside the street."""

    code: str
    signed: Signed
    note: str


@dataclass(frozen=True, slots=True)
class Act:
    """Who signs what, with which key, when (POSIX seconds)."""

    person: Person
    party: Party
    key: Key
    time: int
    today: date

    @property
    def hand(self) -> Hand:
        """What the key can do."""
        key = self.key
        return Hand(bytes.fromhex(key.public), key.sign_bytes, key.prove)


def party_of(person: Person, compound: str) -> Party:
    """The party that `person` signs for; `Refused` when they are of none."""
    for party in LEGS:
        if has_role(person, ROLES[party], compound):
            return party
    raise Refused(f"{person.id} {person.name}不是小区 {compound} 的银行、专业审计、社区或业主代表，不能签署对账单")


WordOf = Callable[[CompoundFolder, Making, Presented, Act], tuple[Word, bytes]]
"""What the party says of one compound, and the sheet it filled in (empty: none)."""


def sign_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    act: Act,
    word_of: WordOf,
    progress: Progress = silent,
) -> list[SignedMonth]:
    """Sign `month` for each of `folders` as `act` says; `ManyRefused`, and nothing signed, when one can't be."""
    about = read_street(street)
    refuse_unlike(act.person, act.key, "签署")
    with exclusive(*folders):
        job = partial(_draft, street=about, month=month, act=act, word_of=word_of)
        drafts = run(job, folders, "签署", progress)
        refused = [draft for draft in drafts if isinstance(draft, Refused)]
        if refused:
            raise ManyRefused(refused)
        ready = [draft for draft in drafts if not isinstance(draft, Refused)]
        for folder, (_, contents) in zip(folders, ready, strict=True):
            write_all(folder.path, contents)
        return [made for made, _ in ready]


def _draft(
    folder: CompoundFolder, street: Street, month: Month, act: Act, word_of: WordOf
) -> tuple[SignedMonth, dict[str, bytes]] | Refused:
    try:
        if party_of(act.person, folder.code) != act.party:
            raise Refused(f"{act.person.id} 不是小区 {folder.code} 的{PARTY_NAMES[act.party]}", folder.path.name)
        making = making_of(folder, street, act.today)
        presented = presented_of(making.ledger, month)
        if made_again(making, presented.figures) != presented.figures:
            raise Refused(f"{month} 报送以后账簿或登记资料变了，须由街道重新报送", folder.path.name)
        wrong = office_fault(presented.figures, presented.checkpoint, by_id(street.people))
        if wrong:
            raise Refused(f"{wrong}，须由街道重新报送", folder.path.name)
        word, sheet = word_of(folder, making, presented, act)
        name = evidence_name(month, act.person.id)
        if sheet:
            word = replace(word, evidence=(evidence_of(name, sheet),))
        signed = attest(presented, act.party, act.person, word, act.hand, act.time)
        fault = signed_fault(signed, presented.figures, by_id(street.people))
        if fault:
            raise Refused(fault, folder.path.name)
        contents = {
            **({name: sheet} if sheet else {}), signed_name(month, act.person.id): value_bytes(signed)
        }  # fmt: skip
        office = SignedCheckpoint.parse(presented.checkpoint, folder.path.name)
        others = [one for one in presented.signed if one.attestation.person != act.person.id]
        note = note_of(office, (*others, signed)).text()
        return SignedMonth(folder.code, signed, note), contents
    except Refused as refused:
        return Refused(refused.message, refused.file or folder.path.name, refused.line)


def drawn_vouchers(making: Making, presented: Presented, act: Act) -> list[str]:
    """The vouchers (`记-0012`) that the auditor `act` looks at, drawn with its own key and the bank's.

    `Refused` before the bank has signed.
    """
    bank_word(presented)  # before the auditor's key is asked for
    return vouchers_of(making, presented, act.person, draw_proof(presented, act))


def draw_proof(presented: Presented, act: Act) -> bytes:
    """The auditor's part in the draw: with it anybody can draw the same vouchers again."""
    return act.hand.prove(sample_alpha(checkpoint_of(presented.figures).body()))


def vouchers_of(making: Making, presented: Presented, auditor: Person, proof: bytes) -> list[str]:
    """The vouchers that `proof` of `auditor` draws with the bank's; `Refused` for a proof of other figures."""
    bank = bank_word(presented)
    person = by_id(making.street.people)[bank.attestation.person]
    figures = presented.figures
    from_bank = beta_of(bytes.fromhex(person.key), figures, bytes.fromhex(bank.attestation.draw))
    own = beta_of(bytes.fromhex(auditor.key), figures, proof)
    return [link.voucher for link in draw_sample(figures, making.chain, (from_bank, own))]


def explain(
    street: StreetFolder, folder: CompoundFolder, month: Month, actor: str, code: str, said: str
) -> None:
    """What the office says to the difference `code`; `Refused` when there is no such one open."""
    about = read_street(street)
    person = known_person(about, actor, str(street.toml))
    refuse_without(person, POSTERS, folder.code, "说明差异")
    with exclusive(folder):
        making = making_of(folder, about, date.max)
        presented = presented_of(making.ledger, month)
        stated = [found for one in presented.signed for found in one.attestation.differences]
        known = [one.id for one in (*presented.figures.differences, *stated) if not one.closed]
        if code not in known:
            raise Refused(f"{month} 没有未了的差异 {code}（{'、'.join(known) or '没有差异'}）", folder.path.name)
        if not said.strip():
            raise Refused("说明不能是空的", folder.path.name)
        before = read_explanations(folder, month)
        rows = {name: Explanation(code=name, explanation=text) for name, text in before.items()}
        try:
            rows[code] = Explanation(code=code, explanation=said.strip(), person=person.id)
        except ValidationError:
            raise Refused("说明里有不能使用的字符，或者太长", folder.path.name) from None
        content = table_bytes([rows[name] for name in sorted(rows)], Explanation)
        write_all(folder.path, {explanations_name(month): content})


def write_notes(signed: Sequence[SignedMonth], month: Month, out: Path) -> list[Path]:
    """The party's own copies of the checkpoints, one file for each compound."""
    out.mkdir(parents=True, exist_ok=True)
    names = {f"{one.code}-{month}-存证.txt": one.note.encode() for one in signed}
    write_all(out, names)
    return [out / name for name in names]

