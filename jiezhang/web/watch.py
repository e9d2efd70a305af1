"""Outermost of all: every request gets a number, is timed, counted and written to the log, whatever comes of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from .gate import visitor_of
from .metrics import Metrics
from .pages import sentence_response
from .request_log import ERRORS, REQUEST_ID, REQUESTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUTE, COMPOUND = "jiezhang.route", "jiezhang.compound"
"""The keys of the WSGI environment under which the guard leaves the rule that fits, and the compound of the address."""

NO_ROUTE = "-"
_CODE = re.compile(r"C[0-9]{4}")
_METHOD_MAX = 16


class Watch:
    """WSGI middleware round the guard."""

    def __init__(self, app: WSGIApplication, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        number = environ[REQUEST_ID] = secrets.token_hex(8)
        began = perf_counter_ns()
        answered = 500

        def start_watched(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal answered
            answered = int(status[:3])
            return start_response(status, [*headers, ("X-Request-Id", number)], exc_info)

        def ended() -> None:
            self._tell(environ, answered, perf_counter_ns() - began)

        try:
            body = self._app(environ, start_watched)
        except Exception:  # noqa: BLE001 - written to the log, and answered
            ERRORS.exception("outside of every route", extra={"told": {"level": "error", "id": number}})
            body = sentence_response(500, "不能打开", "程序出错，没有完成")(environ, start_watched)
        return ClosingIterator(body, ended)

    def _tell(self, environ: WSGIEnvironment, status: int, ns: int) -> None:
        route = environ.get(ROUTE, NO_ROUTE)
        compound = environ.get(COMPOUND, "")
        visitor = visitor_of(environ)
        self._metrics.answered(route, status, ns)
        told = {
            "method": environ.get("REQUEST_METHOD", "")[:_METHOD_MAX],
            "route": route,
            "status": status,
            "ms": ns // 1_000_000,
            "person": visitor.person.id if visitor is not None else "",
            "compound": compound if _CODE.fullmatch(compound) else "",
            "address": environ.get("REMOTE_ADDR", ""),
            "id": environ[REQUEST_ID],
        }
        REQUESTS.info("request", extra={"told": told})


def install(app: Flask, metrics: Metrics) -> None:
    """Put the watch before `app` and its guard."""
    app.wsgi_app = Watch(app.wsgi_app, metrics)  # type: ignore[method-assign]
