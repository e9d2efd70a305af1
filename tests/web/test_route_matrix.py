"""Every route of the application, Fava's included, asked by everybody for every compound: the table `routes.txt`.

`python -m tests.web.route_matrix > tests/web/routes.txt` writes it anew, to be read before it is believed: a route that
is new, gone, or open to somebody else than before fails here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from route_matrix import EVERYBODY, METHODS, cells, judge, roles_street, routes, table

from jiezhang.book.layout import StreetFolder
from jiezhang.web.app import SCRIPTS
from tests.signed_in import ORIGIN, client_as, open_app

WRITTEN = (Path(__file__).parent / "routes.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return open_app(roles_street(tmp_path_factory.mktemp("roles") / "street"))


def test_who_may_ask_what(office: Flask) -> None:
    """Each role, signed in and serving C0001, asks every route of C0001 and of C0002."""
    assert table(cells(office)).splitlines() == WRITTEN.splitlines()


def test_nobody_gets_in_without_a_session(office: Flask) -> None:
    """Without a cookie, with one that never was, and with one that was signed out."""
    gone = client_as(office, "BOOKKEEPER")
    cookie = gone.get_cookie("jiezhang")
    assert cookie is not None
    token = gone.environ_base["HTTP_X_JIEZHANG_TOKEN"]
    assert gone.post("/jiezhang/sign-out", data={"token": token}, headers=ORIGIN).status_code == 303
    for value in ("", "A" * 43, cookie.value):
        browser = office.test_client()
        if value:
            browser.set_cookie("jiezhang", value)
        wrong = [
            (method, address, answered)
            for method, address in routes(office)
            if (answered := judge(browser, method, address)) not in ("sign in", "open", "refused")
        ]
        assert not wrong
        opened = {address for method, address in routes(office) if judge(browser, method, address) == "open"}
        assert opened == {
            "/jiezhang/sign-in", "/jiezhang/password", "/jiezhang/style.css", "/static/app.css", "/favicon.ico",
            *(f"/jiezhang/oidc/{name}" for name in ("start", "back", "code", "out")),
            "/jiezhang/health", "/jiezhang/metrics",  # asked from this machine, see test_health
            *(f"/jiezhang/{name}.js" for name in SCRIPTS),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ],
)
def test_no_other_site_asks(office: Flask, headers: dict[str, str], status: int) -> None:
    """Whoever is signed in, a page of another site gets nothing through their browser."""
    browser = client_as(office, "STREET-HEAD")
    for method, address in routes(office):
        assert browser.open(address, method=method, headers=headers, buffered=True).status_code == status, address


def test_other_methods_are_refused(office: Flask) -> None:
    browser = client_as(office, "STREET-HEAD")
    known = set(routes(office))
    for method in METHODS:
        for _, address in known:
            if (method, address) not in known and not (method == "HEAD" and ("GET", address) in known):
                assert judge(browser, method, address) == "refused", (method, address)


def test_a_session_without_its_token_changes_nothing(office: Flask) -> None:
    """A page that holds the cookie but not the token, which only our own pages carry."""
    browser = client_as(office, "STREET-HEAD")
    for token in ("", "x" * 43):
        browser.environ_base["HTTP_X_JIEZHANG_TOKEN"] = token
        for method, address in routes(office):
            if method == "POST" and address.startswith("/c0001/"):
                assert judge(browser, method, address) == "refused", address


def test_who_leaves_the_office_is_out(tmp_path: Path) -> None:
    """At once, though the browser is still open; and so is who is given another part."""
    street = roles_street(tmp_path / "street")
    app = open_app(street)
    browser = client_as(app, "REVIEWER")
    assert browser.get("/c0001/journal/").status_code == 200
    text = street.toml.read_text("utf-8")
    street.toml.write_text(text.replace('roles = ["reviewer"]', 'roles = ["firm"]'), "utf-8")
    assert browser.get("/c0001/journal/").status_code == 403
    street.toml.write_text(text.replace('id = "REVIEWER"', 'id = "REVIEWER2"'), "utf-8")
    assert browser.get("/c0001/journal/").status_code == 303


def test_everybody_is_somebody(office: Flask) -> None:
    assert len(EVERYBODY) == 15
    assert isinstance(office.config["LEDGERS"].street, StreetFolder)
