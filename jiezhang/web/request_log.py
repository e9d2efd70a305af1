"""The server's own log: one JSON line for each request, and for whatever else is wrong with the program.

Nobody reads in it what was typed: no query string, no body, no cookie, of an exception its kind and where it happened.
Who did what stands in the operation log; this one is for whoever keeps the machine.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import traceback
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from flask import has_request_context, request

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.office.git_run import GitFailed

REQUESTS = logging.getLogger("jiezhang.requests")
ERRORS = logging.getLogger("jiezhang.errors")
REQUEST_ID = "jiezhang.request_id"
"""The key of the WSGI environment under which a request's number is found; the answer carries it as X-Request-Id."""

_SAID_MAX = 300


class JsonLines(logging.Formatter):
    """A record as one line. Of a library's message its words are written, not what was put into their gaps."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = getattr(record, "told", None) or {
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": str(record.msg)[:_SAID_MAX],
        }
        if record.exc_info and record.exc_info[1] is not None:
            told = {**told, "id": told.get("id") or _id_now(), "traceback": _traced(record.exc_info[1])}
        return json.dumps({"time": time, **told}, ensure_ascii=False)


def open_log(street: StreetFolder, file: Path | None) -> None:
    """Write to `file`, or to standard error, from now on; a file that was moved away is begun anew.

    `Refused` for a file in the street's folder, which would go into its repository.
    """
    handler: logging.Handler = logging.StreamHandler()
    if file is not None:
        if file.resolve().is_relative_to(street.path.resolve()):
            raise Refused("网页日志不得放在街道文件夹里，请换一个地方", str(file))
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler = WatchedFileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    logging.getLogger().handlers[:] = [handler]
    REQUESTS.setLevel(logging.INFO)


def _id_now() -> str:
    return str(request.environ.get(REQUEST_ID, "")) if has_request_context() else ""


def _traced(error: BaseException | None) -> str:
    """Where it happened, the cause last. What an exception says may quote what was typed, and is left out."""
    lines: list[str] = []
    while error is not None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        lines.append(f"{kind}{_said_by(error)}")
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _said_by(error: BaseException) -> str:
    """The words of those that speak of the machine only."""
    match error:
        case OSError(strerror=str(said)):
            return f": {said}"
        case sqlite3.Error() | GitFailed():
            return f": {error}"
        case _:
            return ""
