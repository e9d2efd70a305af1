"""Tamperings with what lies in `seals/`, and by an office that has all of its own keys.

Taking away a leftover that the seal holds word for word (`-figures`, `-checkpoint`, `-sign`) is no tampering.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import (
    SALT,
    checkpoint_name,
    evidence_name,
    explanations_name,
    figures_name,
    seal_name,
    signed_name,
    statement_name,
    value_bytes,
)
from jiezhang.close.attesting import Word, attest
from jiezhang.close.party_paper import sealed_statement
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes, seal_digest
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import note_of
from jiezhang.street.presenting import office_note
from jiezhang.street.sample_seals import hand_of
from reports.render.tri_party_pdf import render_pdf
from tests.faults.tamper_office import EDITS, forged_key, rewritten
from tests.faults.tamper_street import FIRST, OFFICE, OPEN, SECOND, Changes, Sealed, key_of
from tests.faults.tamper_text import Tampering, lines_tampered, one_byte


def written(sealed: Sealed, seal: MonthSeal, month: Month | None = None) -> Changes:
    return sealed.write(seal_name(month or seal.month), seal_bytes(seal))


def _office_part(note: str) -> SignedCheckpoint:
    parsed = SignedCheckpoint.parse(note)
    return SignedCheckpoint(parsed.checkpoint, tuple(one for one in parsed.signatures if one.time is None))


# ------------------------------------------------------------------------------------------ one seal
def seal_byte(sealed: Sealed, chance: Random) -> Changes:
    name = seal_name(sealed.month(chance))
    return sealed.write(name, one_byte(sealed.text(name).encode(), chance))


def seal_value(sealed: Sealed, chance: Random) -> Changes:
    """Any number, digest, name or text in it another, written as the program writes it."""
    seal = chance.choice(sealed.seals)
    found = json.loads(seal_bytes(seal))
    path = chance.choice(_leaves(found))
    holder = found
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = _another(holder[path[-1]], chance)
    return sealed.write(seal_name(seal.month), _canonical(found))


def _leaves(value: Any) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [(key, *rest) for key, one in items for rest in _leaves(one)]
    return [()]


def _another(value: Any, chance: Random) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + chance.choice([-100, -1, 1, 100])
    if re.search(r"[0-9a-f]", value):
        at = chance.choice([found.start() for found in re.finditer(r"[0-9a-f]", value)])
        return value[:at] + chance.choice("0123456789abcdef".replace(value[at], "")) + value[at + 1 :]
    return value + "甲"


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def seal_rewritten(sealed: Sealed, chance: Random) -> Changes:
    """The same values in other bytes."""
    name = seal_name(sealed.month(chance))
    value = json.loads(sealed.text(name))
    writings = (
        json.dumps(value, ensure_ascii=False, indent=chance.randrange(5)),
        json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n",
        _canonical(value) + "\n",
        "\ufeff" + _canonical(value),
        _canonical(value).replace("{", '{"format":"jiezhang-seal-1",', 1),
    )
    return sealed.write(name, chance.choice(writings))


def seal_figure(sealed: Sealed, chance: Random) -> Changes:
    """Another figure, the checkpoint and the office's signature made anew for it, the parties' left as they were."""
    seal = chance.choice(sealed.seals)
    figures = _other_figures(seal.figures, chance)
    note = office_note(figures, key_of(sealed.street, OFFICE))
    update = {"figures": figures, "checkpoint": note_of(note, seal.signed).text()}
    return written(sealed, seal.model_copy(update=update))


def _other_figures(figures: MonthFigures, chance: Random) -> MonthFigures:
    how = chance.randrange(4)
    if how == 0:
        households = figures.households.model_copy(update={"total_fen": figures.households.total_fen + 1})
        return figures.model_copy(update={"households": households})
    if how == 1:
        return figures.model_copy(update={"files": figures.files[1:]})
    if how == 2:
        return figures.model_copy(update={"previous": chance.randbytes(32).hex()})
    fund = figures.funds[0].model_copy(update={"expense_fen": figures.funds[0].expense_fen + chance.randrange(1, 999)})
    return figures.model_copy(update={"funds": (fund, *figures.funds[1:])})


def signatures_moved(sealed: Sealed, chance: Random) -> Changes:
    """Signatures exchanged between parties, taken from another month or another compound."""
    first, second = sealed.seals
    seal = chance.choice(sealed.seals)
    signed = list(seal.signed)
    how = chance.randrange(4)
    if how == 0:
        one, other = chance.sample(range(len(signed)), 2)
        field = chance.choice(["signature", "cosignature"])
        mine, theirs = signed[one], signed[other]
        signed[one] = mine.model_copy(update={field: getattr(theirs, field)})
        signed[other] = theirs.model_copy(update={field: getattr(mine, field)})
    elif how == 1:
        at = chance.randrange(len(signed))
        signed[at] = (second if seal is first else first).signed[at]
    elif how == 2:
        other_seals = Sealed(sealed.street, sealed.other).seals
        at = chance.randrange(len(signed))
        signed[at] = other_seals[sealed.seals.index(seal)].signed[at]
    else:
        one, other = chance.sample(range(len(signed)), 2)
        signed[one], signed[other] = signed[other], signed[one]
    new = seal.model_copy(update={"signed": tuple(signed)})
    if chance.random() < 0.5:
        new = new.model_copy(update={"checkpoint": note_of(_office_part(seal.checkpoint), new.signed).text()})
    return written(sealed, new)


def party_removed(sealed: Sealed, chance: Random) -> Changes:
    """A party's signature taken out, also from the checkpoint; or the office's taken out, or put by another of it."""
    seal = chance.choice(sealed.seals)
    at = chance.randrange(len(seal.signed) + 2)
    if at == len(seal.signed):
        parsed = SignedCheckpoint.parse(seal.checkpoint)
        left = SignedCheckpoint(parsed.checkpoint, tuple(one for one in parsed.signatures if one.time is not None))
        return written(sealed, seal.model_copy(update={"checkpoint": left.text()}))
    if at > len(seal.signed):
        note = note_of(office_note(seal.figures, key_of(sealed.street, "K01")), seal.signed)
        return written(sealed, seal.model_copy(update={"checkpoint": note.text()}))
    signed = (*seal.signed[:at], *seal.signed[at + 1 :])
    note = note_of(_office_part(seal.checkpoint), signed) if chance.random() < 0.8 else None
    update = {"signed": signed, "checkpoint": note.text() if note else seal.checkpoint}
    return written(sealed, seal.model_copy(update=update))


# ------------------------------------------------------------------------------------------ the row of seals
def seals_moved(sealed: Sealed, chance: Random) -> Changes:
    """A seal removed, the last, the first, all; one put in another's place, with or without its own month."""
    first, second = sealed.seals
    as_august, as_june = (
        first.model_copy(update={"figures": first.figures.model_copy(update={"month": month})})
        for month in ("2026-08", "2026-06")
    )
    made: list[Changes] = [
        sealed.write(seal_name(SECOND), None),
        sealed.write(seal_name(FIRST), None),
        dict.fromkeys(name for name in sealed.files if name.startswith(f"{sealed.code}/seals/")),
        written(sealed, first, SECOND),
        written(sealed, second, FIRST),
        written(sealed, as_august, SECOND),
        {f"{sealed.code}/{seal_name(SECOND)}": sealed.files[f"{sealed.other}/{seal_name(SECOND)}"]},
        {f"{sealed.code}/{seal_name(FIRST)}": sealed.files[f"{sealed.other}/{seal_name(FIRST)}"]},
        written(sealed, as_june, Month(2026, 6)),
    ]
    return chance.choice(made)


def reopened(sealed: Sealed, chance: Random) -> Changes:
    """The last seal taken away, its month as if it were still before the parties, and its books written anew."""
    edit = EDITS[0](sealed, chance)
    return {**rewritten(sealed, edit, forge=False), **sealed.write(seal_name(SECOND), None)}


def forged_next(sealed: Sealed, chance: Random) -> Changes:
    """A seal of the open month that no party has seen, under keys the office made."""
    newest = sealed.seals[-1]
    figures = newest.figures.model_copy(
        update={"month": str(OPEN), "previous": seal_digest(newest), "records": chance.randrange(9)}
    )
    presented = Presented(figures, office_note(figures, key_of(sealed.street, OFFICE)).text())
    folk = by_id(read_street(sealed.street).people)
    signed = tuple(
        attest(presented, one.attestation.party, folk[one.attestation.person], Word(),
               hand_of(forged_key(one.attestation.person)), 1_790_000_000)
        for one in newest.signed
    )  # fmt: skip
    note = note_of(SignedCheckpoint.parse(presented.checkpoint), signed).text()
    made = {**written(sealed, MonthSeal(figures=figures, checkpoint=note, signed=signed, closed_by=OFFICE))}
    if chance.random() < 0.7:
        text = sealed.files["street.toml"].decode()
        for one in signed:
            text = text.replace(folk[one.attestation.person].key, forged_key(one.attestation.person).public)
        made["street.toml"] = text.encode()
    return made


# ------------------------------------------------------------------------------------------ beside the seals
def salt(sealed: Sealed, chance: Random) -> Changes:
    text = sealed.text(SALT)
    other = sealed.files[f"{sealed.other}/{SALT}"].decode()
    new = chance.choice([one_byte(text.encode(), chance).decode("latin-1"), text[::-1].strip() + "\n", other[1:], ""])
    return sealed.write(SALT, None if chance.random() < 0.2 else new.encode())


def evidence(sealed: Sealed, chance: Random) -> Changes:
    """A party's sheet changed, removed, exchanged with another's."""
    people = [signed.attestation.person for signed in sealed.seals[-1].signed]
    one, other = (evidence_name(SECOND, person) for person in chance.sample(people, 2))
    how = chance.randrange(4)
    if how == 0:
        return sealed.write(one, None)
    if how == 1 and sealed.text(one) != sealed.text(other):
        return sealed.write(one, sealed.text(other))
    return sealed.write(one, one_byte(sealed.text(one).encode(), chance))


def leftovers(sealed: Sealed, chance: Random) -> Changes:
    """What was laid before the parties and what they signed: changed, exchanged, or put there by nobody."""
    newest = sealed.seals[-1]
    people = [one.attestation.person for one in newest.signed]
    names = [figures_name(SECOND), checkpoint_name(SECOND), *(signed_name(SECOND, one) for one in people)]
    name = chance.choice(names)
    how = chance.randrange(5)
    if how < 2:
        return sealed.write(name, one_byte(sealed.text(name).encode(), chance))
    if how == 2:
        others = [one for one in names if one != name]
        return sealed.write(name, sealed.text(chance.choice(others)))
    if how == 3:
        stray = chance.choice([signed_name(SECOND, "X01"), evidence_name(FIRST, "X01"), signed_name(FIRST, "X01")])
        return sealed.write(stray, value_bytes(newest.signed[0]))
    said = sealed.text(explanations_name(SECOND)).replace("核对", chance.choice(["无误", "查明", "说明"]))
    return sealed.write(explanations_name(SECOND), chance.choice([said, lines_tampered(said, Random(4))]))


def pdf(sealed: Sealed, chance: Random) -> Changes:
    """The signed paper of a sealed month, where there is one."""
    names = [statement_name(month) for month in (FIRST, SECOND) if statement_name(month) in sealed.names("seals/")]
    if not names:
        return {}
    name = chance.choice(names)
    content = sealed.files[f"{sealed.code}/{name}"]
    unsealed = render_pdf(sealed_statement(sealed.seals[-1]))
    others = [one_byte(content, chance), content + chance.randbytes(20), content[: -chance.randrange(1, 9)], unsealed]
    return sealed.write(name, chance.choice([*others, sealed.files[f"{sealed.other}/{name}"]]))


# ------------------------------------------------------------------------------------------ all keys of the office
def month_rewritten(sealed: Sealed, chance: Random) -> Changes:
    """A payment, subject, household or amount of a sealed month another, everything else made to agree."""
    return rewritten(sealed, chance.choice(EDITS)(sealed, chance))


def month_rewritten_old_signatures(sealed: Sealed, chance: Random) -> Changes:
    """The same, but the seals, the parties' signatures and keys left as they were."""
    return rewritten(sealed, chance.choice(EDITS)(sealed, chance), forge=False)


SEALS: Mapping[str, tuple[int, Tampering]] = {
    "seals: a byte": (5, seal_byte),
    "seals: a value, canonical": (8, seal_value),
    "seals: same values, other bytes": (2, seal_rewritten),
    "seals: a figure, office re-signs": (4, seal_figure),
    "seals: signatures exchanged": (5, signatures_moved),
    "seals: a signature removed": (4, party_removed),
    "seals: removed, exchanged, put back": (4, seals_moved),
    "seals: last removed, month rewritten": (2, reopened),
    "seals: a forged month more": (2, forged_next),
    "seals: salt.txt": (2, salt),
    "seals: evidence sheets": (3, evidence),
    "seals: figures, checkpoint, signed, said": (4, leftovers),
    "seals: the signed PDF": (2, pdf),
    "office: a month rewritten, all its keys": (4, month_rewritten),
    "office: rewritten, chain re-signed": (3, month_rewritten_old_signatures),
}
"""How often of each, and how."""
