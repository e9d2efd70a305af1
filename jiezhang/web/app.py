"""The web application: Fava with lazily loaded ledgers, the guard before it, our start page, Chinese error pages."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from fava.application import create_app as create_fava
from fava.context import g
from fava.helpers import FavaAPIError
from flask import Flask, Response, abort, jsonify, redirect, request, send_file
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.duties.actions import Action
from jiezhang.domain.problem import Refused
from jiezhang.office.accounts import Accounts
from jiezhang.office.oidc import Provider, read_settings
from jiezhang.office.sessions import Sessions
from reports.render import owner_check

from . import account_pages, bounds, guard, originals, outside_fava, patterns, policy, watch
from .attaching import Attaching
from .decisions_acts import StepTaking
from .demo import serve_key
from .desk_routes import DeskRoutes
from .escaping import EscapingLoader
from .frame import Frame
from .gate import Gate, Visitor, visitor_of
from .inbox import Inbox
from .ledgers import Ledgers, Listed
from .machine_routes import MachineRoutes
from .office import open_office
from .pages import StartRow, sentence_response
from .posting import Posting
from .questions import Questions
from .service import ServiceSignIn
from .serving import Serving
from .sign_in import SignIn, demo_people

_WAITING = re.compile(rb"^\d{4}-\d{2}-\d{2} ! ", re.MULTILINE)
_HERE = Path(__file__).parent
SCRIPTS = {
    **{name: _HERE / f"{name}.js" for name in ("office", "page", "sign", "keys", "drop")},
    "crypto": Path(owner_check.__file__).parent / "crypto.js",
}
"""Scripts of ours that are no page's own."""

_OUTSIDE: tuple[tuple[str, str, Action], ...] = (
    ("决议", "decisions", "decisions"), ("三方对账", "parties", "parties"), ("疑问", "questions", "decisions"),
)  # fmt: skip

_UNREADABLE = "小区登记（register/compound.toml）读不出来"
_SAID = {404: "没有这个页面", 405: "没有这样的操作"}


def create_app(street: StreetFolder, serving: Serving) -> Flask:
    """The guarded application for every compound of `street`; `Refused` when this is no street."""
    read_street(street)
    street.compounds()
    app = create_fava([])
    ledgers = Ledgers(street)
    app.config["LEDGERS"] = ledgers
    app.config["MAX_CONTENT_LENGTH"] = guard.UPLOAD_BYTES_MAX
    assert app.jinja_loader is not None
    app.jinja_loader = EscapingLoader(app.jinja_loader)
    gate = Gate(street, Sessions(serving.home), serving.now, serving.machines)
    office = open_office(street, serving)
    app.config["OFFICE"] = office
    people = demo_people(read_street(street).people) if serving.demo else ()
    frame = Frame(gate, people, Accounts(serving.home))
    app.jinja_env.globals["office_bar"] = frame.bar
    settings = None if serving.demo else read_settings(serving.home)
    service = Provider(settings) if settings is not None else None
    sign_in = SignIn(app, gate, frame, serving, office.told, service)
    ServiceSignIn(app, gate, frame, serving, office.told, sign_in, service)
    outside_fava.install(app, frame)
    DeskRoutes(app, office, gate, frame, office.model)
    Inbox(app, office, frame, ledgers)
    Questions(app, office, gate, frame)
    StepTaking(app, office)
    Attaching(app, office)
    Posting(app, office)
    originals.install(app)
    MachineRoutes(app, office, ledgers)
    if serving.demo:
        serve_key(app, street)
    _set_up_pages(app, street, ledgers, frame)
    _set_up_errors(app)
    patterns.install()
    account_pages.install(app)
    bounds.install()
    app.before_request(patterns.begin)
    app.before_request(bounds.refuse_long)
    app.teardown_request(patterns.end)
    app.before_request(_confine_files)
    guard.install(app, ledgers.lock, gate, serving.hosts, office.told.refused)
    watch.install(app, office.metrics)
    return app


def _set_up_pages(app: Flask, street: StreetFolder, ledgers: Ledgers, frame: Frame) -> None:
    def index() -> AnyResponse:
        if g.beancount_file_slug:
            return redirect(f"/{g.beancount_file_slug}/extension/{policy.START}/")
        communities = {community.code: community.name for community in read_street(street).communities}
        who = visitor_of(request.environ)
        mine = [one for one in ledgers.listed() if who is not None and who.may("books", one.folder.code)]
        if not mine:
            return frame.page("places.html", rows=_places(ledgers, who))
        return frame.page("start.html", rows=[_start_row(listed, communities) for listed in mine])

    def style() -> Response:
        return send_file(_HERE / "style.css", mimetype="text/css")

    def script(script: str) -> Response:
        return send_file(SCRIPTS[script], mimetype="text/javascript")

    app.view_functions["index"] = index
    app.add_url_rule("/jiezhang/style.css", "jiezhang_style", style)
    app.add_url_rule("/favicon.ico", "jiezhang_icon", lambda: app.send_static_file("favicon.ico"))
    app.add_url_rule(f"/jiezhang/<any({','.join(SCRIPTS)}):script>.js", "jiezhang_script", script)


def _places(ledgers: Ledgers, who: Visitor | None) -> list[tuple[Listed, list[tuple[str, str]]]]:
    """For who may not see a ledger: the pages of each compound they may see, by name and address."""
    found = []
    for listed in ledgers.listed():
        pages = [
            (name, f"/jiezhang/{listed.slug}/{page}/")
            for name, page, action in _OUTSIDE
            if who is not None and who.may(action, listed.folder.code)
        ]
        if pages:
            found.append((listed, pages))
    return found


def _start_row(listed: Listed, communities: dict[str, str]) -> StartRow:
    code, compound = listed.folder.code, listed.compound
    if compound is None:
        return StartRow(listed.slug, code, listed.folder.path.name, "", 0, _UNREADABLE)
    community = communities.get(compound.community, compound.community)
    return StartRow(listed.slug, code, compound.name, community, _count_waiting(listed.folder), "")


def _count_waiting(folder: CompoundFolder) -> int:
    """Rows not posted, counted in the text of the month files: a list must not load every ledger."""
    found = 0
    for path in folder.path.glob("20*/20*.beancount"):
        stat = path.stat()
        found += _waiting_in(path, stat.st_mtime_ns, stat.st_size)
    return found


@lru_cache(maxsize=65536)
def _waiting_in(path: Path, time: int, size: int) -> int:
    del time, size
    return len(_WAITING.findall(path.read_bytes()))


def _confine_files() -> None:
    """A document entry may name any file of this machine; only the compound's own are served."""
    if request.endpoint not in policy.SANDBOXED:
        return
    try:
        name = _file_asked()
    except FavaAPIError:
        abort(404)
    if not _is_served(g.ledger.folder.path, name):  # type: ignore[attr-defined]
        abort(404)


def _is_served(folder: Path, name: str) -> bool:
    try:
        path = Path(name).resolve()
        return any(path.is_relative_to(folder / part) for part in ("documents", "statements")) and path.is_file()
    except (OSError, ValueError):  # no name that a file could have
        return False


def _file_asked() -> str:
    if request.endpoint == "document":
        return request.args.get("filename", "")
    if request.endpoint == "original":
        return str(g.ledger.folder.path / request.args.get("file", ""))  # type: ignore[attr-defined]
    return g.ledger.statement_path(request.args.get("entry_hash", ""), request.args.get("key", ""))


def _set_up_errors(app: Flask) -> None:
    def refused(error: Refused) -> AnyResponse:
        folder = app.config["LEDGERS"].street.path.resolve()
        file = Path(error.file)
        place = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
        where = f"{place} 第 {error.line} 行" if error.line else place
        if request.blueprint == "json_api":
            return _json_error(503, f"{where}：{error.message}" if where else error.message)
        return sentence_response(503, "这个小区的账簿现在打不开", error.message, where)

    def failed(error: HTTPException) -> AnyResponse:
        status = error.code or 500
        said = _SAID.get(status) or (error.description if status == 400 else None) or "程序出错，没有完成"
        if request.blueprint == "json_api":
            return _json_error(status, said)
        return sentence_response(status, "不能打开", said)

    def unanswered(error: FavaAPIError) -> AnyResponse:
        if request.blueprint == "json_api":
            return _json_error(400, error.message)
        return sentence_response(400, "没有完成", error.message)

    # Fava's own for its API calls what cannot be answered a fault of the program, and logs it with a traceback.
    app.error_handler_spec["json_api"][None][FavaAPIError] = unanswered
    app.register_error_handler(Refused, refused)
    app.register_error_handler(FavaAPIError, unanswered)
    app.register_error_handler(HTTPException, failed)


def _json_error(status: int, message: str) -> AnyResponse:
    response: Any = jsonify(error=message)
    response.status_code = status
    assert isinstance(response, AnyResponse)
    return response


