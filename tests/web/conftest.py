"""The little street, served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MONTH_FILE, make_street

from jiezhang.book.layout import StreetFolder
from jiezhang.web.app import create_app


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return make_street(tmp_path / "street", "C0001", "C0002")


@pytest.fixture
def app(street: StreetFolder) -> Flask:
    return create_app(street)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def month_file(street: StreetFolder) -> Path:
    return street.compound("C0001").path / MONTH_FILE


@pytest.fixture
def append(month_file: Path) -> Callable[[str], None]:
    """Write text at the end of the month's file, as somebody with an editor would."""

    def write(text: str) -> None:
        month_file.write_text(month_file.read_text("utf-8") + "\n" + text, "utf-8")

    return write
