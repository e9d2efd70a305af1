"""Records of resolutions made by whoever is at their desk: only what is their turn, with what the turn asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jiezhang.book.cells import first_fault
from jiezhang.book.documents import read_document
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.close.attaching import document_name
from jiezhang.close.recording import path_of
from jiezhang.domain.approval.path_value import Path as ResolutionPath
from jiezhang.domain.approval.records import KINDS, AnyRecord
from jiezhang.domain.approval.turns import Turn, TurnKind, next_objection, proposal_of, turns_of
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.domain.scope import in_code
from jiezhang.domain.text import clean

from .resolving import Days, Draft, add_record


@dataclass(frozen=True, slots=True)
class Said:
    """What a person filled in: of which resolution, which turn, and each field's values. A proposal names itself."""

    kind: TurnKind
    code: str
    step: str
    fields: Mapping[str, Sequence[str]]
    document: Path | None = None


def take_turn(
    street: StreetFolder, folder: CompoundFolder, actor: Person, said: Said, today: date
) -> tuple[Turn, ResolutionPath]:
    """Record what `actor` said, today; the turn that it was, and the resolution's path after it.

    `Refused` when it is not their turn, or the engine refuses the record; nothing is written then.
    """
    taken: list[Turn] = []

    def make(view: OfficeView) -> Draft:
        turn = _turn(view, said, actor, today)
        taken.append(turn)
        return _draft(view, turn, said, actor)

    kind = "objection" if said.kind == "answer" else said.kind
    _, path = add_record(street, folder, kind, make, Days(today, today))
    return taken[0], path


def _turn(view: OfficeView, said: Said, actor: Person, today: date) -> Turn:
    """The turn that is meant, as it is now: somebody else may have taken it meanwhile."""
    if said.kind == "resolution":
        found: Turn | None = proposal_of(view, actor, today)
    else:
        turns = turns_of(view, path_of(view, said.code), actor, today)
        found = next((one for one in turns if (one.kind, one.step) == (said.kind, said.step)), None)
    if found is None:
        raise Refused(f"现在没有等 {actor.id} {actor.name}办的这一步，可能已经有人办过，请刷新页面再看")
    return found


def _draft(view: OfficeView, turn: Turn, said: Said, actor: Person) -> Draft:
    given = dict(_given(turn, said))
    files = {}
    if said.document is not None and any(asked.kind == "file" for asked in turn.asked):
        content = read_document(said.document)
        files[document_name(said.document.name, content)] = content
        given["document"] = hashlib.sha256(content).hexdigest()
    if turn.signs:
        if given.get("by") and not files:
            raise Refused("和别人一同签字的，要附各人签过字的原件")
        given["by"] = ",".join(filter(None, (actor.id, given.get("by", ""))))
    if turn.kind != "resolution":
        given["code"] = said.code
    if turn.kind == "objection":
        given["number"] = next_objection(view.paths[said.code])
    elif turn.step:
        given["step"] = turn.step
    return _record(turn, given), files


def _given(turn: Turn, said: Said) -> Iterator[tuple[str, Any]]:
    """What was filled in, by the record's fields; what was left empty is left to the record."""
    for asked in turn.asked:
        if asked.kind == "file":
            continue
        is_chosen = asked.kind in ("choice", "many")
        values = [one if is_chosen else clean(one) for one in said.fields.get(asked.name, ()) if one.strip()]
        if asked.required and not values:
            raise Refused(f"{asked.label}没有填写")
        if is_chosen and not {*values} <= {code for code, _ in asked.choices}:
            raise Refused(f"{asked.label}不能这样选")
        if asked.name == "scope":
            values = [in_code(one) for one in values]
        if values or asked.kind == "many":
            yield asked.name, asked.joined.join(values) if asked.kind == "many" else values[0]


def _record(turn: Turn, given: Mapping[str, Any]) -> AnyRecord:
    model = KINDS["objection" if turn.kind == "answer" else turn.kind]
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        fault = first_fault(model, wrong)
        labels = {asked.name: asked.label for asked in turn.asked}
        raise Refused(f"{labels.get(str(fault.where[0]), '') if fault.where else ''}{fault.said}") from None
