"""The little street, served; and one with a sealed month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, MONTH_FILE, make_street
from sealed_street import copy_of, make_sealed

from jiezhang.book.layout import StreetFolder
from jiezhang.office.home import CLAIM, open_home
from jiezhang.office.repository import open_repository
from tests.signed_in import Clock, client_as, open_app


@pytest.fixture(scope="session")
def street_once(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    """What `street` is a copy of, already a repository, of no office; nobody changes it."""
    place = tmp_path_factory.mktemp("once")
    made = make_street(place / "street", "C0001", "C0002")
    open_repository(made, datetime(2026, 9, 1, tzinfo=UTC), open_home(made, place / "home"))
    (made.path / ".git" / CLAIM).unlink()
    return made


@pytest.fixture
def street(street_once: StreetFolder, tmp_path: Path) -> StreetFolder:
    return copy_of(street_once, tmp_path / "street")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(street: StreetFolder) -> Flask:
    return open_app(street)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A bookkeeper's browser."""
    return client_as(app, MAKER)


@pytest.fixture
def month_file(street: StreetFolder) -> Path:
    return street.compound("C0001").path / MONTH_FILE


@pytest.fixture
def append(month_file: Path) -> Callable[[str], None]:
    """Write text at the end of the month's file, as somebody with an editor would."""

    def write(text: str) -> None:
        month_file.write_text(month_file.read_text("utf-8") + "\n" + text, "utf-8")

    return write


@pytest.fixture(scope="session")
def sealed_once(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    return make_sealed(tmp_path_factory.mktemp("sealed") / "street")


@pytest.fixture
def sealed(sealed_once: StreetFolder, tmp_path: Path) -> StreetFolder:
    """A street with a sealed month, 2026-07, and one booked, 2026-08."""
    return copy_of(sealed_once, tmp_path / "sealed")
