"""The guard before Fava: who may ask, what may be asked, one request for a ledger at a time, security headers.

Stock Fava 1.30.16 has no Host check, no login and no headers; what each check answers to is in docs/adr.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect
from werkzeug.wrappers import Request

from jiezhang.domain import bql
from jiezhang.domain.duties.actions import Action

from . import policy
from .gate import ENTER_ANEW, VISITOR, Gate, Stop, Visitor, host_name, is_form, sign_in_address
from .pages import sentence_page, sentence_response
from .watch import COMPOUND, ROUTE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Tell = Callable[[Visitor, Action, str | None, str], None]
"""Told of everybody signed in who asked for what they may not: who, what, for which compound, and why not."""

LockOf = Callable[[str], AbstractContextManager[Any]]

BODY_BYTES_MAX = 256 * 1024
UPLOAD_BYTES_MAX = 64 * 1024 * 1024
ADDRESS_CHARS_MAX = 8 * 1024
METHODS = frozenset({"GET", "HEAD", "POST"})
OURS_OR_NOBODYS = frozenset({"same-origin", "none"})

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
CSP_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """WSGI middleware round `app`. `lock_of(slug)` gives the lock a request for that ledger holds; `hosts` are the
    names by which this office may be asked."""

    def __init__(
        self, app: WSGIApplication, url_map: Map, lock_of: LockOf, gate: Gate, hosts: frozenset[str], tell: Tell
    ) -> None:
        self._app = app
        self._url_map = url_map
        self._lock_of = lock_of
        self._gate = gate
        self._hosts = hosts
        self._tell = tell

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        endpoint = ""

        def start_guarded(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, _with_headers(headers, endpoint), exc_info)

        refused = _stranger(request, self._hosts) or _oversized(request)
        if refused is not None:
            return refused(environ, start_guarded)
        adapter = self._url_map.bind("localhost")
        try:
            rule, args = adapter.match(request.path, method=request.method, return_rule=True)
        except RequestRedirect as slash:  # a missing slash: Flask redirects within the server
            if self._leads_nowhere(slash, request.method):
                return _refuse(request, 405, "没有这样的操作")(environ, start_guarded)
            return self._app(environ, start_guarded)
        except MethodNotAllowed:
            return _refuse(request, 405, "没有这样的操作")(environ, start_guarded)
        except NotFound:
            return _refuse(request, 404, "没有这个页面")(environ, start_guarded)
        endpoint, environ[ROUTE] = str(rule.endpoint), rule.rule
        environ[COMPOUND] = str(args.get("bfile", "")).upper()
        refused = (
            _too_large(request, endpoint)
            or self._unwelcome(request, endpoint, args)
            or _arriving(request, endpoint, args)
            or _writing(request, endpoint)
            or _query(request, endpoint)
        )
        if refused is not None:
            return refused(environ, start_guarded)
        with self._lock_of(str(args["bfile"])) if "bfile" in args else nullcontext():
            return self._app(environ, start_guarded)


    def _leads_nowhere(self, slash: RequestRedirect, method: str) -> bool:
        """Whether what the redirect leads to is refused to everybody."""
        try:
            endpoint, args = self._url_map.bind("localhost").match(urlsplit(slash.new_url).path, method=method)
        except HTTPException:
            return False
        return policy.decision(endpoint, method, args) == "refused"

    def _unwelcome(self, request: Request, endpoint: str, args: Mapping[str, Any]) -> Response | None:
        """The answer to who may not ask this; the visitor is put where the route finds them."""
        decided = policy.decision(endpoint, request.method, args)
        compound = str(args["bfile"]).upper() if "bfile" in args else None
        visitor = self._gate.visitor(request)
        request.environ[VISITOR] = visitor
        stop = self._gate.refusal(request, decided, compound, visitor)
        if stop is None:
            return None
        if visitor is not None and stop.action is not None:
            self._tell(visitor, stop.action, compound, stop.message)
        return _stopped(request, stop)


def install(app: Flask, lock_of: LockOf, gate: Gate, hosts: frozenset[str], tell: Tell) -> None:
    """Put the guard before `app`, whose routes must all be known by now."""
    app.wsgi_app = Guard(app.wsgi_app, app.url_map, lock_of, gate, hosts, tell)  # type: ignore[method-assign]


def _stranger(request: Request, hosts: frozenset[str]) -> Response | None:
    """Refuse another's name for this machine (DNS rebinding), and other sites' pages."""
    host = request.environ.get("HTTP_HOST", "")
    if host_name(host) not in hosts:
        return _refuse(request, 421, "这个地址不是街账的地址，请用办公室给的地址打开")
    navigating = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method in ("GET", "HEAD")
    if _site(request) not in OURS_OR_NOBODYS and not navigating:
        return _refuse(request, 403, "不接受别的网站发来的请求")
    origin = request.headers.get("Origin")
    if (origin is not None or request.method not in ("GET", "HEAD")) and origin != f"{request.scheme}://{host}":
        return _refuse(request, 403, "不接受别的网站发来的请求")
    return None


def _arriving(request: Request, endpoint: str, args: Mapping[str, Any]) -> Response | None:
    """A link of another site, even one that a page follows by itself, has nothing computed nor downloaded: whoever
    comes by it sees first where they are, and goes on by a link of ours."""
    if _site(request) in OURS_OR_NOBODYS or policy.may_be_linked(endpoint, args):
        return None
    asked = quote(request.path) + (f"?{request.query_string.decode('latin-1')}" if request.query_string else "")
    page = sentence_page("您从别的网站来到街账", "要打开的是街账里的这一页：", request.path, asked, "打开")
    return Response(page, mimetype="text/html")


def _site(request: Request) -> str:
    """Whose page sent the request, by the browser's word; `none` is an address typed, a bookmark, another program."""
    return request.headers.get("Sec-Fetch-Site", "none")


def _oversized(request: Request) -> Response | None:
    if request.method not in METHODS:
        return _refuse(request, 405 if request.method == "OPTIONS" else 403, "账簿只能在街账自己的页面上改动")
    if len(request.full_path) > ADDRESS_CHARS_MAX:
        return _refuse(request, 414, "地址太长")
    if "Transfer-Encoding" in request.headers:
        return _refuse(request, 411, "请求没有写明长度")
    return None


def _too_large(request: Request, endpoint: str) -> Response | None:
    limit = UPLOAD_BYTES_MAX if endpoint in policy.UPLOADS else BODY_BYTES_MAX
    return _refuse(request, 413, "请求太大") if (request.content_length or 0) > limit else None


def _stopped(request: Request, stop: Stop) -> Response:
    """A person is led to where they can sign in; a script is told to lead them."""
    if stop.kind in ("sign_in", "password") and request.method in ("GET", "HEAD") and not _is_script(request):
        where = ENTER_ANEW if stop.kind == "password" else sign_in_address(request)
        return Response(status=303, headers={"Location": where})
    return _refuse(request, stop.status, stop.message, stop.kind)


def _writing(request: Request, endpoint: str) -> Response | None:
    """A page of another site can post a form or plain text, but not JSON; our own forms carry the session's token."""
    if request.method != "POST" or request.mimetype == "application/json":
        return None
    if endpoint in policy.FORMS and is_form(request):
        return None
    return _refuse(request, 415, "请求须是 JSON")


def _query(request: Request, endpoint: str) -> Response | None:
    if endpoint not in policy.QUERYING:
        return None
    for query in request.args.getlist("query_string"):
        said = bql.refusal(query)
        if said:
            return _refuse(request, 400, said)
    return None


def _refuse(request: Request, status: int, message: str, kind: str = "refused") -> Response:
    """The sentence as JSON where a script asked (both shapes: Fava's and ours), as a page where a person did."""
    if _is_script(request):
        body = json.dumps({"ok": False, "message": message, "error": message, "kind": kind}, ensure_ascii=False)
        return Response(body, status, mimetype="application/json")
    return sentence_response(status, "不能打开", message)


def _is_script(request: Request) -> bool:
    asks_json = request.accept_mimetypes.best == "application/json"
    return "/api/" in request.path or (request.method not in ("GET", "HEAD") and (asks_json or not is_form(request)))


def _with_headers(headers: Iterable[tuple[str, str]], endpoint: str) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers if name.title() not in HEADERS and name.lower() != "server"]
    policy_of_page = CSP_SANDBOX if endpoint in policy.SANDBOXED else CSP
    caching = [] if endpoint in policy.CACHED else [("Cache-Control", "no-store")]
    kept = [item for item in kept if not caching or item[0].lower() != "cache-control"]
    return [*kept, *HEADERS.items(), ("Content-Security-Policy", policy_of_page), *caching]
