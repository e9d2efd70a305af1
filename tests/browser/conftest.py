"""An office with passwords and keys, served to real browsers."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
import waitress
from playwright.sync_api import Browser, Page, sync_playwright

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.office.accounts import Accounts
from jiezhang.street.booking import review_rows
from jiezhang.street.importing import files_below, import_files
from jiezhang.street.sampling import write_sample
from tests.browser.hands import DESKTOP, HEARS, MONTH, NOW, PASSWORD, Clock, Enter, Served, copy_of
from tests.signed_in import office_of, open_app

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PEOPLE = ("K01", "K02", "F01", "T01", "B01", "A01", "S01", "C0001R1", "C0001Y1")


@pytest.fixture(scope="session")
def fonts() -> Iterator[Path]:
    """A font set-up with Chinese: that of the PDFs."""
    import importlib.util

    found = importlib.util.find_spec("zhplot")
    assert found is not None and found.origin is not None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "fonts.conf"
        dirs = f"<dir>{Path(found.origin).parent}</dir><dir>/usr/share/fonts</dir><cachedir>{folder}/cache</cachedir>"
        file.write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{dirs}</fontconfig>')
        yield file


@pytest.fixture(scope="module")
def chromium(fonts: Path) -> Iterator[Browser]:
    """Not for the whole session: Playwright's own event loop would run on, and nothing else could run one."""
    assert CHROMIUM is not None, "make test installs Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic", "--disable-gpu"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One compound: July is sealed, August's statements are in the inbox."""
    path = tmp_path_factory.mktemp("sampled") / "street"
    write_sample(path, compounds=1, dwellings=8, months=2, booked=1, sealed=1, first_month=MONTH.shift(-1), seed=5)
    return path


@pytest.fixture(scope="session")
def imported(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with August's rows imported, and what rules and contracts know reviewed: some rows wait."""
    street = copy_of(sampled, tmp_path_factory.mktemp("imported") / "street")
    files = [given.path for given in files_below(street, [street.inbox])]
    import_files(street, files, "K01", today=NOW.date())
    count = review_rows(street.compound("C0001"), read_street(street).city, MONTH, "F01", None)
    assert count.reviewed > 3 and count.left > 3
    return street.path


@contextmanager
def served(street: StreetFolder) -> Iterator[Served]:
    clock = Clock()
    app = open_app(street, now=lambda: clock.now)
    accounts = Accounts(office_of(app).serving.home)
    for person in PEOPLE:
        accounts.add(person, PASSWORD, NOW, must_change=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = waitress.create_server(app, sockets=[listening], threads=6)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        yield Served(street, app, f"http://127.0.0.1:{listening.getsockname()[1]}", clock)
        server.close()
        thread.join(5)


@pytest.fixture
def street(imported: Path, tmp_path: Path) -> StreetFolder:
    """The street that is served; a module may have another one."""
    return copy_of(imported, tmp_path / "street")


@pytest.fixture
def office(street: StreetFolder) -> Iterator[Served]:
    with served(street) as running:
        yield running


@pytest.fixture
def enter(office: Served, chromium: Browser) -> Iterator[Enter]:
    """What a page complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def sign_in(person: str, size: tuple[int, int] = DESKTOP) -> Page:
        width, height = size
        context = chromium.new_context(
            base_url=office.address, viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True
        )
        contexts.append(context)
        context.add_init_script(HEARS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{person}: {error}"))
        page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
        page.goto("/")
        page.get_by_label("人员编号").fill(person)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/jiezhang/desk")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
