"""An office served to tests: the application with a home of its own, and clients that are signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient

from jiezhang.book.layout import StreetFolder
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import CLAIM, open_home
from jiezhang.office.sessions import Sessions
from jiezhang.web.app import create_app
from jiezhang.web.gate import COOKIE
from jiezhang.web.office import Office
from jiezhang.web.serving import Serving

ORIGIN = {"Origin": "http://localhost"}


_MEMORY = Path("/dev/shm")
_homes: list[TemporaryDirectory[str]] = []
"""Kept until the process ends: the log is flushed to the disk with every row, which memory takes faster."""


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def serving(street: StreetFolder) -> Serving:
    """With a home of its own; one that the street had before is lost."""
    (street.path / ".git" / CLAIM).unlink(missing_ok=True)
    _homes.append(TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None))
    return Serving(open_home(street, Path(_homes[-1].name) / "home"))


def open_app(street: StreetFolder, **settings: object) -> Flask:
    """The application of `street`; `settings` as in `Serving`."""
    app = create_app(street, replace(serving(street), **settings))  # type: ignore[arg-type]
    app.testing = False
    return app


def office_of(app: Flask) -> Office:
    """What the application's routes share."""
    found = app.config["OFFICE"]
    assert isinstance(found, Office)
    return found


def sign_in(client: FlaskClient, person: str) -> FlaskClient:
    """`client`, from now on `person`, who has given their password this moment."""
    how = office_of(client.application).serving
    accounts = Accounts(how.home)
    if accounts.find(person) is None:
        accounts.add(person, None, how.now())
    token, session = Sessions(how.home).open(person, how.now())
    client.set_cookie(COOKIE, token)
    client.environ_base["HTTP_X_JIEZHANG_TOKEN"] = session.csrf
    return client


def client_as(app: Flask, person: str) -> FlaskClient:
    """A browser in which `person` is signed in."""
    return sign_in(app.test_client(), person)
