"""The little street, served; and one with a sealed month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, MONTH_FILE, make_street
from sealed_street import copy_of, make_sealed

from jiezhang.book.layout import StreetFolder
from tests.signed_in import client_as, open_app


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return make_street(tmp_path / "street", "C0001", "C0002")


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
