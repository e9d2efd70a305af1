"""The guard before Fava: who may ask, what may be asked, one request for a ledger at a time, security headers.

Stock Fava 1.30.16 has no Host check, no login and no headers; what each check answers to is in docs/adr.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect
from werkzeug.wrappers import Request

from jiezhang.domain import bql

from . import policy
from .pages import sentence_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LockOf = Callable[[str], AbstractContextManager[Any]]

BODY_BYTES_MAX = 256 * 1024
ADDRESS_CHARS_MAX = 8 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
METHODS = frozenset({"GET", "HEAD", "POST"})

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
    """WSGI middleware round `app`. `lock_of(slug)` gives the lock a request for that ledger holds."""

    def __init__(self, app: WSGIApplication, url_map: Map, lock_of: LockOf) -> None:
        self._app = app
        self._url_map = url_map
        self._lock_of = lock_of

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        endpoint = ""

        def start_guarded(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, _with_headers(headers, endpoint), exc_info)

        refused = _stranger(request) or _oversized(request)
        if refused is not None:
            return refused(environ, start_guarded)
        adapter = self._url_map.bind("localhost")
        try:
            endpoint, args = adapter.match(request.path, method=request.method)
        except RequestRedirect:
            return self._app(environ, start_guarded)  # a missing slash: Flask redirects within the server
        except MethodNotAllowed:
            return _refuse(request, 405, "没有这样的操作")(environ, start_guarded)
        except NotFound:
            return _refuse(request, 404, "没有这个页面")(environ, start_guarded)
        refused = _undecided(request, endpoint, args) or _writing(request) or _query(request, endpoint)
        if refused is not None:
            return refused(environ, start_guarded)
        with self._lock_of(str(args["bfile"])) if "bfile" in args else nullcontext():
            return self._app(environ, start_guarded)


def install(app: Flask, lock_of: LockOf) -> None:
    """Put the guard before `app`, whose routes must all be known by now."""
    app.wsgi_app = Guard(app.wsgi_app, app.url_map, lock_of)  # type: ignore[method-assign]


def _stranger(request: Request) -> Response | None:
    """Refuse another's name for this machine (DNS rebinding), and other sites' pages."""
    host = request.environ.get("HTTP_HOST", "")
    if _host_name(host) not in LOOPBACK:
        return _refuse(request, 421, "只能用本机地址打开")
    site = request.headers.get("Sec-Fetch-Site", "none")
    navigating = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method in ("GET", "HEAD")
    if site not in ("same-origin", "none") and not navigating:
        return _refuse(request, 403, "不接受别的网站发来的请求")
    origin = request.headers.get("Origin")
    if (origin is not None or request.method not in ("GET", "HEAD")) and origin != f"{request.scheme}://{host}":
        return _refuse(request, 403, "不接受别的网站发来的请求")
    return None


def _host_name(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        return "" if parts.username is not None or parts.path else parts.hostname or ""
    except ValueError:
        return ""


def _oversized(request: Request) -> Response | None:
    if request.method not in METHODS:
        return _refuse(request, 405 if request.method == "OPTIONS" else 403, "账簿只能在“本月”“凭证”两页改动")
    if len(request.full_path) > ADDRESS_CHARS_MAX:
        return _refuse(request, 414, "地址太长")
    if "Transfer-Encoding" in request.headers:
        return _refuse(request, 411, "请求没有写明长度")
    if (request.content_length or 0) > BODY_BYTES_MAX:
        return _refuse(request, 413, "请求太大")
    return None


def _undecided(request: Request, endpoint: str, args: Any) -> Response | None:
    if policy.allows(endpoint, request.method, args):
        return None
    return _refuse(request, 403, "这里不能用这项功能：账簿只能在“本月”“凭证”两页改动")


def _writing(request: Request) -> Response | None:
    """A page of another site can post a form or plain text, but not JSON."""
    if request.method == "POST" and request.mimetype != "application/json":
        return _refuse(request, 415, "请求须是 JSON")
    return None


def _query(request: Request, endpoint: str) -> Response | None:
    if endpoint not in policy.QUERYING:
        return None
    for query in request.args.getlist("query_string"):
        said = bql.refusal(query)
        if said:
            return _refuse(request, 400, said)
    return None


def _refuse(request: Request, status: int, message: str) -> Response:
    """The sentence as JSON where a script asked (both shapes: Fava's and ours), as a page where a person did."""
    if "/api/" in request.path or request.method not in ("GET", "HEAD"):
        return _json(status, message)
    return sentence_response(status, "不能打开", message)


def _json(status: int, message: str) -> Response:
    body = json.dumps({"ok": False, "message": message, "error": message}, ensure_ascii=False)
    return Response(body, status, mimetype="application/json")


def _with_headers(headers: Iterable[tuple[str, str]], endpoint: str) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers if name.title() not in HEADERS and name.lower() != "server"]
    policy_of_page = CSP_SANDBOX if endpoint in policy.SANDBOXED else CSP
    caching = [] if endpoint in ("static", "jiezhang_style") else [("Cache-Control", "no-store")]
    kept = [item for item in kept if not caching or item[0].lower() != "cache-control"]
    return [*kept, *HEADERS.items(), ("Content-Security-Policy", policy_of_page), *caching]
