"""The web application: Fava with lazily loaded ledgers, the guard before it, our start page, Chinese error pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server
from fava.application import create_app as create_fava
from fava.context import g
from fava.helpers import FavaAPIError
from flask import Flask, Response, abort, jsonify, redirect, request, send_file
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.problem import Refused

from . import guard, policy
from .escaping import EscapingLoader
from .ledgers import Ledgers, Listed
from .pages import StartRow, sentence_response, start_page

THREADS = 30
SILENT_SECONDS = 3
"""How long a connection that says nothing may keep a thread from others."""

_WAITING = re.compile(rb"^\d{4}-\d{2}-\d{2} ! ", re.MULTILINE)
_STYLE = Path(__file__).parent / "style.css"
_UNREADABLE = "小区登记（register/compound.toml）读不出来"
_SAID = {404: "没有这个页面", 405: "没有这样的操作"}


def create_app(street: StreetFolder) -> Flask:
    """The guarded application for every compound of `street`; `Refused` when this is no street."""
    read_street(street)
    street.compounds()
    app = create_fava([])
    ledgers = Ledgers(street)
    app.config["LEDGERS"] = ledgers
    app.config["MAX_CONTENT_LENGTH"] = guard.BODY_BYTES_MAX
    assert app.jinja_loader is not None
    app.jinja_loader = EscapingLoader(app.jinja_loader)
    _set_up_pages(app, street, ledgers)
    _set_up_errors(app)
    app.before_request(_confine_files)
    guard.install(app, ledgers.lock)
    return app


def serve(
    street: StreetFolder, host: str = "127.0.0.1", port: int = 5000, opened: Callable[[int], None] = lambda _: None
) -> None:
    """Serve `street` until interrupted; `opened` is told the port once it is ours.

    `Refused` for a host that others could reach, or a port that is taken.
    """
    if host not in guard.LOOPBACK:
        raise Refused(f"现在只能在本机（127.0.0.1）打开，不能用 {host}：还没有登录和权限")
    app = create_app(street)
    server = Server((host, port), app, numthreads=THREADS, server_name="jiezhang", timeout=SILENT_SECONDS)
    server.max_request_header_size = 32 * 1024
    server.max_request_body_size = guard.BODY_BYTES_MAX
    try:
        server.prepare()
    except OSError:
        raise Refused(f"端口 {port} 打不开，可能已被占用，请用 --port 换一个") from None
    try:
        opened(server.bind_addr[1])
        server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


def _set_up_pages(app: Flask, street: StreetFolder, ledgers: Ledgers) -> None:
    def index() -> str | AnyResponse:
        if g.beancount_file_slug:
            return redirect(f"/{g.beancount_file_slug}/extension/{policy.START}/")
        about = read_street(street)
        communities = {community.code: community.name for community in about.communities}
        return start_page(about.name, [_start_row(listed, communities) for listed in ledgers.listed()])

    def style() -> Response:
        return send_file(_STYLE, mimetype="text/css")

    app.view_functions["index"] = index
    app.add_url_rule("/jiezhang/style.css", "jiezhang_style", style)


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
    folder = g.ledger.folder.path  # type: ignore[attr-defined]
    path = Path(name).resolve()
    if not any(path.is_relative_to(folder / part) for part in ("documents", "statements")) or not path.is_file():
        abort(404)


def _file_asked() -> str:
    if request.endpoint == "document":
        return request.args.get("filename", "")
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
        return sentence_response(400, "没有完成", error.message)

    app.register_error_handler(Refused, refused)
    app.register_error_handler(FavaAPIError, unanswered)
    app.register_error_handler(HTTPException, failed)


def _json_error(status: int, message: str) -> AnyResponse:
    response: Any = jsonify(error=message)
    response.status_code = status
    assert isinstance(response, AnyResponse)
    return response


