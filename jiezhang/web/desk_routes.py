"""The desks' own routes: the workbench, the street's board, the operation log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Flask, Response, request

from jiezhang.domain.duties.actions import RULES
from jiezhang.domain.problem import Refused
from jiezhang.office.operation_log import BEIJING, TITLES, Asked, csv_bytes
from jiezhang.street.read_model import ReadModel

from .desks.desk_view import desk_view
from .desks.street_view import street_view
from .frame import Frame
from .gate import Gate
from .office import Office, visitor

DESK = "/jiezhang/desk"
_ONLY_READ = {name for name, rule in RULES.items() if not rule.changes}
_LOGGED = {code: title for code, title in TITLES.items() if code not in _ONLY_READ}
"""The actions that a row may be of."""
LOG_ROWS = 100


class DeskRoutes:
    """What somebody signed in begins with."""

    def __init__(self, app: Flask, office: Office, gate: Gate, frame: Frame, model: ReadModel) -> None:
        self._office, self._gate, self._frame, self._model = office, gate, frame, model
        app.add_url_rule(DESK, "desk", self.desk)
        app.add_url_rule("/jiezhang/board", "board", self.board)
        app.add_url_rule("/jiezhang/log", "log", self.log)
        app.add_url_rule("/jiezhang/log.csv", "log_export", self.export)

    def desk(self) -> Response:
        """What waits for the visitor."""
        view = desk_view(self._model.standings(), visitor().person, self._office.serving.today())
        return self._frame.page("desk.html", view=view)

    def board(self) -> Response:
        """The compounds that the visitor serves, at a glance."""
        who, today = visitor(), self._office.serving.today()
        kept = {code: one for code, one in self._model.standings().items() if who.may("parties", code, today)}
        view = street_view(kept, self._gate.people.street(), who.person, request.args, today)
        return self._frame.page("board.html", view=view)

    def log(self) -> Response:
        """The operation log, searched by operator, time and content (财会〔2024〕12号 art. 32)."""
        try:
            asked, said = replace(_asked(), beginnings=False), ""
        except Refused as refused:
            asked, said = Asked(beginnings=False), refused.message
        found = self._office.told.log.search(asked, LOG_ROWS + 1)
        more = found[LOG_ROWS - 1].number if len(found) > LOG_ROWS else 0
        return self._frame.page(
            "log.html", 422 if said else 200, said=said, rows=found[:LOG_ROWS], more=more, given=request.args,
            actions=_LOGGED | {one.action: one.title for one in found},
        )  # fmt: skip

    def export(self) -> Response:
        """All that was searched for, as a table."""
        try:
            found = self._office.told.log.search(_asked(), None)
        except Refused as refused:
            return self._frame.sentence(422, "操作日志导不出来", refused.message)
        headers = {"Content-Disposition": f"attachment; filename=operations-{self._office.serving.today()}.csv"}
        return Response(csv_bytes(found), mimetype="text/csv", headers=headers)


def _asked() -> Asked:
    given = {name: request.args.get(name, "").strip()[:200] for name in ("operator", "text", "compound", "action")}
    before = request.args.get("before", "")
    since, until = _day("from"), _day("to")
    return Asked(
        operator=given["operator"], text=given["text"], compound=given["compound"], action=given["action"],
        since=since, until=until + timedelta(days=1) if until is not None else None,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
    )  # fmt: skip


def _day(name: str) -> datetime | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year < 3000:
            raise ValueError
        return datetime.combine(day, datetime.min.time(), BEIJING)
    except ValueError:
        raise Refused(f"日期“{text[:20]}”应写成 2026-10-03") from None


