"""The server as it is run for an office: a process of its own, asked through a proxy and past it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest

from jiezhang.book.create import create_compound, create_street
from jiezhang.domain.register import Street
from tests.conftest import PEOPLE, new_compound

PASSWORD = "滟滟随波千万里 何处春江无月明"
PROXY, ELSEWHERE, VISITOR = "127.0.0.1", "127.0.0.9", "203.0.113.9"
NAME = "office.test"

JIEZHANG = [str(Path(sys.executable).with_name("jiezhang"))]


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, and where its log goes."""

    port: int
    log: Path

    def ask(
        self, method: str, address: str, headers: dict[str, str], body: str = "", source: str = PROXY
    ) -> tuple[HTTPResponse, str]:
        """The answer to somebody who connects from `source`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        try:
            connection.request(method, address, body.encode() or None, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def line_of(self, answer: HTTPResponse) -> dict[str, str]:
        """What the log says of a request, once its answer is out."""
        number = answer.headers["X-Request-Id"]
        until = monotonic() + 10
        while True:
            lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
            found = [line for line in lines if line.get("id") == number]
            if found or monotonic() > until:
                assert len(found) == 1, number
                return dict(found[0])
            sleep(0.02)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("office")
    street = create_street(place / "street", Street(name="长吴街道", city="hangzhou", people=PEOPLE))
    create_compound(street, new_compound())
    (place / "password").write_text(PASSWORD, "utf-8")
    command = [*JIEZHANG, "-C", str(street.path), "--home", str(place / "home")]
    there = {key: value for key, value in os.environ.items() if not key.startswith("JIEZHANG_")}
    given = ["--as", "T01", "user", "add", "T01", "--password-file", str(place / "password")]
    subprocess.run([*command, *given], check=True, capture_output=True, env=there)
    log = place / "web.log"
    running = subprocess.Popen(
        [*command, "serve", "--port", "0", "--name", NAME, "--proxy", PROXY, "--log", str(log)],
        env=there, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        said = re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())
        assert said is not None
        yield Served(int(said[1]), log)
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0, "what goes on is ended, and nothing is said of it"
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
        if running.stdout is not None:
            running.stdout.close()


def through(scheme: str = "https", host: str = NAME, **more: str) -> dict[str, str]:
    """What the proxy says of a visitor."""
    return {"Host": host, "X-Forwarded-For": VISITOR, "X-Forwarded-Proto": scheme, **more}


def sign_in(served: Served, headers: dict[str, str], source: str = PROXY) -> HTTPResponse:
    body = urlencode({"person": "T01", "password": PASSWORD, "code": "", "next": "/"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return served.ask("POST", "/jiezhang/sign-in", headers | form, body, source)[0]


def test_signed_in_over_tls(served: Served) -> None:
    """No other host of the domain can have set the cookie, no script reads it, and it never goes out in the clear."""
    answer = sign_in(served, through(Origin=f"https://{NAME}"))
    assert (answer.status, answer.headers["Location"]) == (303, "/jiezhang/desk")
    (cookie,) = answer.headers.get_all("Set-Cookie") or []
    value, *flags = cookie.split("; ")
    assert value.startswith("__Host-jiezhang=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    desk, text = served.ask("GET", "/jiezhang/desk", through(Cookie=value))
    assert desk.status == 200
    assert "街道负责人" in text
    assert (served.line_of(desk)["person"], served.line_of(desk)["address"]) == ("T01", VISITOR)
    assert served.ask("GET", "/jiezhang/desk", through("http", Cookie=value))[0].status == 303, "not in the clear"
    plain = value.replace("__Host-", "")
    assert served.ask("GET", "/jiezhang/desk", through(Cookie=plain))[0].status == 303, "set by another host"


@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", "203.0.113.1", "", f"{NAME}@evil.example"])
def test_another_name(host: str, served: Served) -> None:
    assert served.ask("GET", "/jiezhang/health", through(host=host))[0].status in (421, 400)
    assert served.ask("GET", "/jiezhang/health", {"Host": host})[0].status in (421, 400)


def test_our_names(served: Served) -> None:
    for host in (NAME, NAME.upper(), f"{NAME}:443", "localhost", f"127.0.0.1:{served.port}"):
        answer, text = served.ask("GET", "/jiezhang/health", through(host=host))
        assert (answer.status, text) == (200, "ok\n"), host


def test_what_others_claim_is_not_believed(served: Served) -> None:
    """Who is not the proxy is where they connect from, and speaks plain HTTP, whatever they say."""
    claimed = through(Forwarded=f"for={VISITOR};proto=https;host={NAME}")
    assert sign_in(served, claimed | {"Origin": f"https://{NAME}"}, ELSEWHERE).status == 403
    answer = sign_in(served, claimed | {"Origin": f"http://{NAME}"}, ELSEWHERE)
    (cookie,) = answer.headers.get_all("Set-Cookie") or []
    assert cookie.startswith("jiezhang=")
    assert "Secure" not in cookie
    assert served.line_of(answer)["address"] == ELSEWHERE


@pytest.mark.parametrize(
    "header", [{"X-Forwarded-Host": NAME}, {"Forwarded": f"host={NAME};proto=https"}, {"X-Forwarded-Server": NAME}]
)
def test_the_name_is_the_one_asked(header: dict[str, str], served: Served) -> None:
    """Not even the proxy gives another one."""
    assert served.ask("GET", "/jiezhang/health", through(host="evil.example") | header)[0].status == 421


def test_the_last_proxy_counts(served: Served) -> None:
    """A visitor may send the header too; the proxy's own word comes last."""
    answer, _ = served.ask("GET", "/jiezhang/health", through() | {"X-Forwarded-For": f"127.0.0.1, {VISITOR}"})
    assert served.line_of(answer)["address"] == VISITOR


def test_metrics_are_for_this_machine(served: Served) -> None:
    local = {"Host": f"127.0.0.1:{served.port}"}
    assert served.ask("GET", "/jiezhang/metrics", local)[0].status == 200
    assert served.ask("GET", "/jiezhang/metrics", through())[0].status == 403
    assert served.ask("GET", "/jiezhang/metrics", {"Host": NAME})[0].status == 403, "a proxy that says nothing"
    assert served.ask("GET", "/jiezhang/metrics", local, source=ELSEWHERE)[0].status == 403
    assert served.ask("GET", "/jiezhang/metrics", local | {"X-Forwarded-For": "127.0.0.1"}, source=ELSEWHERE)[0].status == 403  # fmt: skip # noqa: E501
