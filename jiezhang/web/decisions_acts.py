"""Steps of decisions taken at a desk: what the domain says is somebody's turn becomes a form, and the form a record."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, cast

from fava.context import g
from flask import Flask, Response, request

from jiezhang.book.load import office_of
from jiezhang.domain.approval.turns import Turn, TurnKind, proposal_of, turns_of
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.street.turning import Said, take_turn

from .gate import STALE_PAGE
from .office import Office, visitor
from .office_page import MALFORMED, Asked, OfficePage, StaleError, answer
from .uploads import is_ours, laid_out, uploaded

if TYPE_CHECKING:
    from .ledger import GatedLedger

_KINDS: dict[str, tuple[TurnKind, str]] = {
    "resolution": ("resolution", "提议"), "stage": ("stage", "审议"), "publication": ("publication", "公开"),
    "filing": ("filing", "备案"), "objection": ("objection", "登记异议"), "answer": ("answer", "答复异议"),
}  # fmt: skip
_OURS = ("kind", "resolution", "step", "month", "version", "seen", "token")
"""Fields of the form that are none of the record."""


def turns(ledger: GatedLedger, person: Person, code: str, day: date) -> tuple[Turn, ...]:
    """What `person` can record of a resolution; with no `code`, whether they may propose one."""
    view = office_of(ledger.book)
    if view is None:
        return ()
    if code:
        return turns_of(view, view.paths[code], person, day) if code in view.paths else ()
    proposal = proposal_of(view, person, day)
    return (proposal,) if proposal is not None else ()


class StepTaking:
    """The door of both pages 决议, in Fava and outside."""

    def __init__(self, app: Flask, office: Office) -> None:
        self._office = office
        app.add_url_rule("/jiezhang/<bfile>/step", "take_step", self.take, methods=["POST"])

    def take(self) -> Response:
        """Make the record that the form says."""
        ledger = cast("GatedLedger", g.ledger)
        if not is_ours(visitor()):
            return answer(403, STALE_PAGE)
        try:
            page = Asked.model_validate({name: request.form.get(name, "") for name in ("month", "version")}
                                        | {"seen": int(request.form.get("seen", "0")[:15])})  # fmt: skip
            kind, doing = _KINDS[request.form.get("kind", "")]
        except (ValueError, KeyError):
            return answer(400, MALFORMED)
        code, step = request.form.get("resolution", "")[:32], request.form.get("step", "")[:32]
        named = request.form.get("code", "")[:32] if kind == "resolution" else code
        extension = cast("OfficePage", ledger.extensions.get_extension("DecisionsPage"))
        today = self._office.serving.today()
        fields = {name: request.form.getlist(name)[:100] for name in request.form if name not in _OURS}

        def take() -> str:
            extension.refuse_stale(page)
            given = request.files.getlist("document")
            files = uploaded(given) if any(one.filename for one in given) else {}
            if len(files) > 1:
                raise Refused("一次只附一个文件，几页的请扫描成一个 PDF")
            with ExitStack() as stack:
                paths = stack.enter_context(laid_out(files))
                said = Said(kind, code, step, fields, paths[0] if paths else None)
                turn, path = take_turn(self._office.street, ledger.folder, visitor().person, said, today)
            return f"决议 {path.code} 已办：{turn.title}"

        try:
            done = self._office.carry_out("decide", ledger.folder.code, f"决议 {named} {doing}", take)
        except StaleError as stale:
            return answer(409, stale.message)
        except Refused as refused:
            return answer(422, refused.message)
        self._office.model.look_again()
        return answer(200, done)
