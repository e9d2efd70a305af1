"""What machines ask without signing in: whether the office is well, and what the server counts."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partialmethod

import pytest
from asking import CLEANING, COST, complete
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, STRANGER

from jiezhang.book.layout import StreetFolder
from jiezhang.office.flocks import flock
from jiezhang.office.health import ailments
from jiezhang.office.home import OfficeHome
from jiezhang.web import machine_routes
from tests.signed_in import client_as, office_of, open_app, sign_in

HEALTH, METRICS = "/jiezhang/health", "/jiezhang/metrics"

OUTSIDE = "203.0.113.9"


@pytest.fixture(autouse=True)
def whole_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is over when its answer was read to the end, as a server does and a test's browser does when told."""
    monkeypatch.setattr(FlaskClient, "open", partialmethod(FlaskClient.open, buffered=True))


@pytest.fixture
def home(app: Flask) -> OfficeHome:
    return office_of(app).serving.home


def asked(app: Flask, address: str = "127.0.0.1", host: str = "localhost") -> tuple[int, str]:
    """What the metrics say to somebody at `address` who names the server `host`."""
    answer = app.test_client().get(METRICS, headers={"Host": host}, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, answer.text


def value(app: Flask, name: str) -> int:
    """What one line of the metrics says."""
    found = [line for line in asked(app)[1].splitlines() if line.startswith(f"jiezhang_{name} ")]
    assert len(found) == 1, found
    return int(found[0].rpartition(" ")[2])


def test_an_office_that_is_well(app: Flask) -> None:
    answer = app.test_client().get(HEALTH, environ_base={"REMOTE_ADDR": OUTSIDE})
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert app.test_client().head(HEALTH).status_code == 200


def lose_street(street: StreetFolder, home: OfficeHome) -> None:
    street.toml.write_text("name = 甲", "utf-8")


def lose_database(street: StreetFolder, home: OfficeHome) -> None:
    home.database.unlink()


def break_database(street: StreetFolder, home: OfficeHome) -> None:
    for file in home.path.glob("office.sqlite*"):
        file.write_bytes(b"no database at all" * 100)


def lose_repository(street: StreetFolder, home: OfficeHome) -> None:
    shutil.rmtree(street.path / ".git")


def leave_branch(street: StreetFolder, home: OfficeHome) -> None:
    (street.path / ".git/HEAD").write_text("0" * 40, "utf-8")


def lose_home(street: StreetFolder, home: OfficeHome) -> None:
    shutil.rmtree(home.path)


@pytest.mark.parametrize(
    ("harm", "sentences"),
    [
        (lose_street, "街道文件夹读不出来\n"),
        (lose_database, "登录数据库没有回答\n"),
        (break_database, "登录数据库没有回答\n"),
        (lose_repository, "街道的版本库不在了\n"),
        (leave_branch, "街道的版本库不在任何分支上，请先切回分支\n"),
        (lose_home, "登录数据库没有回答\n有一件事办了五分钟还没有办完，后面的都在等\n"),
    ],
)
def test_what_is_wrong(
    harm: Callable[[StreetFolder, OfficeHome], None], sentences: str, app: Flask, street: StreetFolder,
    home: OfficeHome, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Said to anybody who asks, so it names no path, no person, no compound."""
    monkeypatch.setattr(machine_routes, "LOOK_SECONDS", 0)
    assert app.test_client().get(HEALTH).status_code == 200
    harm(street, home)
    answer = app.test_client().get(HEALTH)
    assert (answer.status_code, answer.text) == (503, sentences)


@contextmanager
def written(home: OfficeHome) -> Iterator[None]:
    """Somebody writes to the database and does not end."""
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def test_a_database_that_nobody_can_write(street: StreetFolder, home: OfficeHome) -> None:
    now = datetime.now(UTC)
    with written(home):
        assert ailments(street, home, now) == ("登录数据库没有回答",)
    assert ailments(street, home, now) == ()


@pytest.mark.parametrize("name", ["C0001", "gate", "street", "repository"])
def test_a_lock_held_for_long(name: str, street: StreetFolder, home: OfficeHome) -> None:
    """Held for a moment is how the office works; for more than five minutes it does not."""
    now = datetime.now(UTC)
    with flock(home.locks / name):
        assert ailments(street, home, now + timedelta(seconds=290)) == ()
        assert ailments(street, home, now + timedelta(seconds=310)) == ("有一件事办了五分钟还没有办完，后面的都在等",)
    assert ailments(street, home, now + timedelta(days=1)) == ()
    os.utime(home.locks / name, (0, 0))
    with flock(home.locks / name):
        assert ailments(street, home, now) == (), "since it was taken, not since the file was made"


def test_the_street_shared_by_many_is_not_held(street: StreetFolder, home: OfficeHome) -> None:
    with flock(home.locks / "street", shared=True):
        assert ailments(street, home, datetime.now(UTC) + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("127.0.0.1", "localhost", 200),
        ("127.0.0.1", "127.0.0.1:5000", 200),
        ("::1", "[::1]:5000", 200),
        ("::ffff:127.0.0.1", "localhost", 200),
        ("127.0.0.1", "office.test", 403),  # through a proxy on this machine that does not say for whom
        ("10.0.0.9", "office.test", 200),  # who watches
        ("10.0.0.90", "office.test", 403),
        (OUTSIDE, "office.test", 403),
        (OUTSIDE, "localhost", 403),
        ("", "localhost", 403),
        ("127.0.0.1", "evil.example", 421),
    ],
)
def test_who_may_read_the_metrics(address: str, host: str, status: int, street: StreetFolder) -> None:
    hosts = frozenset({"localhost", "127.0.0.1", "::1", "office.test"})
    app = open_app(street, hosts=hosts, machines=frozenset({"10.0.0.9"}))
    assert asked(app, address, host)[0] == status


def test_signing_in_opens_no_metrics(app: Flask) -> None:
    """They are a machine's matter: nobody's role opens them elsewhere."""
    browser = client_as(app, MAKER)
    assert browser.get(METRICS, environ_base={"REMOTE_ADDR": OUTSIDE}).status_code == 403


def test_what_is_counted(app: Flask, client: FlaskClient) -> None:
    assert client.get("/jiezhang/desk").status_code == 200
    assert client.get("/c0001/journal/?q=春江").status_code == 200
    assert client.get("/c0002/api/options").status_code == 403
    assert client.get("/春江/潮水/海/平").status_code == 404
    status, text = asked(app)
    assert status == 200
    lines = text.splitlines()
    for line in (
        'jiezhang_requests_total{route="/jiezhang/desk",status="200"} 1',
        'jiezhang_requests_total{route="/<bfile>/<report_name>/",status="200"} 1',
        'jiezhang_requests_total{route="/<bfile>/api/options",status="403"} 1',
        'jiezhang_requests_total{route="-",status="404"} 1',
        'jiezhang_request_seconds_count{route="/jiezhang/desk"} 1',
        'jiezhang_request_seconds_bucket{route="/jiezhang/desk",le="+Inf"} 1',
        'jiezhang_acts_total{ended="done"} 0',
    ):
        assert line in lines
    assert "春江" not in text
    assert not [line for line in lines if line[0] != "#" and len(line.rpartition(" ")[2]) == 0]


def test_acts_are_counted_as_they_end(app: Flask, client: FlaskClient) -> None:
    done = {**CLEANING, "other": COST}
    assert complete(client, done)[0] == 200
    assert complete(client, {**done, "ref": "no such row"})[0] != 200
    told = asked(app)[1]
    assert 'jiezhang_acts_total{ended="done"} 1\n' in told
    assert 'jiezhang_acts_total{ended="refused"} 1\n' in told
    assert 'jiezhang_acts_total{ended="failed"} 0\n' in told


def test_what_is_now(app: Flask, street: StreetFolder) -> None:
    assert [value(app, name) for name in ("sessions_open", "ledgers_loaded", "standings_stale")] == [0, 0, 2]
    browser = client_as(app, MAKER)
    sign_in(app.test_client(), STRANGER)
    assert browser.get("/c0001/journal/").status_code == 200
    office_of(app).model.refresh(60)
    assert [value(app, name) for name in ("sessions_open", "ledgers_loaded", "standings_stale")] == [2, 1, 0]
    assert 10_000_000 < value(app, "resident_bytes") < 10_000_000_000
    street.toml.write_text("name = 甲", "utf-8")
    for folder in street.compounds():
        shutil.rmtree(folder.path)
    office_of(app).model.look_again()
    assert value(app, "standings_stale") in (-1, 0)


def test_the_times_add_up(app: Flask) -> None:
    """Buckets hold all that was faster too, as Prometheus wants them."""
    browser = client_as(app, MAKER)
    for _ in range(3):
        browser.get("/jiezhang/desk")
    found = [
        int(line.rpartition(" ")[2])
        for line in asked(app)[1].splitlines()
        if line.startswith('jiezhang_request_seconds_bucket{route="/jiezhang/desk"')
    ]
    assert len(found) == 9
    assert found == sorted(found)
    assert found[-1] == 3
