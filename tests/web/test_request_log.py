"""The server's own log: a line for each request, nothing in it that somebody typed."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.web import policy
from jiezhang.web.request_log import REQUESTS, open_log
from tests.signed_in import ORIGIN, client_as

SECRET = "春江潮水连海平"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def whole_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is over when its answer was read to the end, as a server does and a test's browser does when told."""
    monkeypatch.setattr(FlaskClient, "open", partialmethod(FlaskClient.open, buffered=True))


@pytest.fixture
def lines(street: StreetFolder, tmp_path: Path) -> Iterator[Lines]:
    """Begins the log, and gives what it holds."""
    root, file = logging.getLogger(), tmp_path / "web.log"
    before, level = root.handlers[:], REQUESTS.level
    open_log(street, file)
    yield lambda: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    REQUESTS.setLevel(level)


def test_a_line_for_each_request(app: Flask, client: FlaskClient, lines: Lines) -> None:
    answer = client.get(f"/c0001/journal/?time=2026&q={SECRET}", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert 0 <= line.pop("ms") < 60_000
    assert line == {
        "method": "GET", "route": "/<bfile>/<report_name>/", "status": 200, "person": MAKER, "compound": "C0001",
        "address": "203.0.113.9", "id": answer.headers["X-Request-Id"],
    }  # fmt: skip


def test_each_request_has_a_number_of_its_own(app: Flask) -> None:
    browser = app.test_client()
    numbers = [browser.get("/jiezhang/sign-in", headers={"X-Request-Id": "mine"}).headers.getlist("X-Request-Id")]
    numbers += [browser.get("/no/such", headers={"Host": "evil.example"}).headers.getlist("X-Request-Id")]
    assert [len(one) for one in numbers] == [1, 1]
    assert all(re.fullmatch("[0-9a-f]{16}", one[0]) for one in numbers)
    assert numbers[0] != numbers[1]


@pytest.mark.parametrize(
    ("address", "status", "route"),
    [
        (f"/{SECRET}/a/b/{SECRET}", 404, "-"),
        (f"/{SECRET}/journal/", 303, "/<bfile>/<report_name>/"),
        (f"/c0001/statement/?entry_hash={SECRET}", 303, "/<bfile>/statement/"),
        (f"/jiezhang/sign-in?next=/{SECRET}", 200, "/jiezhang/sign-in"),
    ],
)
def test_nothing_of_an_address(address: str, status: int, route: str, app: Flask, lines: Lines) -> None:
    app.test_client().get(address)
    (line,) = lines()
    assert (line["status"], line["route"], line["person"]) == (status, route, "")
    assert SECRET not in json.dumps(line, ensure_ascii=False)
    assert line["compound"] in ("", "C0001")


def test_nothing_of_a_password_or_cookie(app: Flask, lines: Lines) -> None:
    browser = client_as(app, MAKER)
    cookie = browser.get_cookie("jiezhang")
    assert cookie is not None
    given = {"person": MAKER, "password": SECRET, "code": "123456", "next": "/"}
    assert browser.post("/jiezhang/sign-in", data=given, headers=ORIGIN).status_code in (200, 401, 403)
    browser.get("/jiezhang/desk")
    told = json.dumps(lines(), ensure_ascii=False)
    assert [line["route"] for line in lines()] == ["/jiezhang/sign-in", "/jiezhang/desk"]
    for secret in (SECRET, cookie.value, "123456", browser.environ_base["HTTP_X_JIEZHANG_TOKEN"]):
        assert secret not in told


def test_a_stranger_writes_no_line_of_their_own(app: Flask, lines: Lines) -> None:
    app.test_client().open("/c0001/", method='GET"}\n{"person": "T01', headers=ORIGIN)
    (line,) = lines()
    assert line["person"] == ""
    assert len(line["method"]) <= 16


def test_an_exception_is_one_line_without_what_it_quotes(
    app: Flask, client: FlaskClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        try:
            raise sqlite3.OperationalError("disk I/O error")
        except sqlite3.OperationalError as wrong:
            raise ValueError(SECRET) from wrong

    monkeypatch.setitem(app.view_functions, "desk", fail)
    answer = client.get(f"/jiezhang/desk?{SECRET}")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    failed, line = lines()
    assert (line["status"], line["route"]) == (500, "/jiezhang/desk")
    assert failed["id"] == line["id"] == answer.headers["X-Request-Id"]
    assert failed["level"] == "error"
    told = failed["traceback"].splitlines()
    assert told[0] == "builtins.ValueError"
    assert "sqlite3.OperationalError: disk I/O error" in told
    assert [frame for frame in told if frame.startswith(f"  {__file__}:") and frame.endswith(" fail")]
    assert SECRET not in json.dumps(failed, ensure_ascii=False)


def test_what_fails_before_every_route(app: Flask, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the guard itself is answered and written down as well."""

    def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(policy, "decision", fail)
    answer = app.test_client().get("/jiezhang/desk")
    assert answer.status_code == 500
    assert "程序出错，没有完成" in answer.text
    failed, line = lines()
    assert failed["traceback"].startswith("builtins.KeyError\n")
    assert (failed["id"], line["status"], line["id"]) == (line["id"], 500, answer.headers["X-Request-Id"])
    assert SECRET not in json.dumps(failed, ensure_ascii=False)


def test_words_of_a_library_without_what_fills_them(lines: Lines) -> None:
    logging.getLogger("waitress").warning("Client disconnected while serving %s", f"/{SECRET}")
    (line,) = lines()
    assert (line["logger"], line["said"]) == ("waitress", "Client disconnected while serving %s")


def test_the_file_is_ours_alone_and_outside_the_street(street: StreetFolder, tmp_path: Path, lines: Lines) -> None:
    assert (tmp_path / "web.log").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="网页日志不得放在街道文件夹里"):
        open_log(street, street.path / "web.log")
    assert not (street.path / "web.log").exists()


def test_a_log_that_was_moved_away_is_begun_anew(app: Flask, lines: Lines, tmp_path: Path) -> None:
    app.test_client().get("/jiezhang/health")
    (tmp_path / "web.log").rename(tmp_path / "web.log.1")
    app.test_client().get("/jiezhang/sign-in")
    assert [line["route"] for line in lines()] == ["/jiezhang/sign-in"]
