"""Signing in, the password asked again, a password of one's own, and leaving."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, POSTER, REVIEWER

from jiezhang.book.layout import StreetFolder
from jiezhang.office.accounts import Accounts
from jiezhang.office.operation_log import Asked
from jiezhang.web.sign_in import own_address
from tests.signed_in import ORIGIN, Clock, client_as, office_of, open_app

PASSWORD, BETTER = "春江潮水连海平 海上明月", "滟滟随波千万里 何处春江无月明"
IN, STEP_UP, OUT, CHANGE = (f"/jiezhang/{name}" for name in ("sign-in", "step-up", "sign-out", "password"))


@pytest.fixture
def app(street: StreetFolder, clock: Clock) -> Flask:
    app = open_app(street, now=clock)
    Accounts(office_of(app).serving.home).add(MAKER, PASSWORD, clock(), must_change=False)
    return app


def enter(browser: FlaskClient, person: str = MAKER, password: str = PASSWORD, code: str = "", after: str = "/") -> int:
    given = {"person": person, "password": password, "code": code, "next": after}
    return browser.post(IN, data=given, headers=ORIGIN).status_code


def token(browser: FlaskClient) -> str:
    """The secret that the pages of a session carry."""
    return browser.get(STEP_UP).text.partition('name="token" value="')[2].partition('"')[0]


def told(app: Flask) -> list[tuple[str, str, str]]:
    """Person, action and phase of every row of the log but the first commit's, oldest first."""
    rows = office_of(app).told.log.search(Asked(), None)[::-1]
    return [(one.person, one.action, one.phase) for one in rows]


def test_who_is_nobody_is_led_to_the_door_and_back(app: Flask) -> None:
    browser = app.test_client()
    answer = browser.get("/c0001/journal/?time=2026-10")
    assert (answer.status_code, answer.location) == (303, f"{IN}?next=/c0001/journal/%3Ftime%3D2026-10")
    page = browser.get(answer.location).text
    assert 'name="next" value="/c0001/journal/?time=2026-10"' in page
    done = browser.post(
        IN, data={"person": MAKER, "password": PASSWORD, "next": "/c0001/journal/?time=2026-10"}, headers=ORIGIN
    )
    assert (done.status_code, done.location) == (303, "/c0001/journal/?time=2026-10")
    cookie = done.headers["Set-Cookie"]
    assert [part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Secure")] == [True, True, True, False]
    assert browser.get("/c0001/journal/").status_code == 200
    assert told(app)[-1] == (MAKER, "sign_in", "done")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/c0001/", "/c0001/"), ("//evil.example/", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"), ("/\t/evil.example", "/"), ("", "/"), ("/jiezhang/sign-out", "/"),
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(asked: str, led: str) -> None:
    assert own_address(asked) == led


def test_over_tls_the_cookie_says_so(app: Flask) -> None:
    browser = app.test_client()
    answer = browser.post(
        IN, data={"person": MAKER, "password": PASSWORD}, base_url="https://localhost",
        headers={"Origin": "https://localhost"},
    )  # fmt: skip
    assert answer.headers["Set-Cookie"].startswith("__Host-jiezhang=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_wrong_passwords_lock_for_a_while(app: Flask, clock: Clock) -> None:
    browser = app.test_client()
    assert [enter(browser, password="错" * 12) for _ in range(6)] == [401] * 5 + [429]
    assert enter(browser) == 429, "the right one too"
    clock.now += timedelta(minutes=1)
    assert enter(browser) == 303
    assert [row for row in told(app) if row[1:] == ("sign_in", "refused")] == [("", "sign_in", "refused")] * 7


@pytest.mark.parametrize("typed", ["k01", "Ｋ０１", " K01 "])
def test_however_the_number_is_typed(typed: str, app: Flask) -> None:
    assert enter(app.test_client(), typed) == 303
    assert told(app)[-1] == (MAKER, "sign_in", "done")
    given = {"person": typed, "password": PASSWORD, "new": BETTER, "again": BETTER}
    assert app.test_client().post(CHANGE, data=given, headers=ORIGIN).status_code == 303
    assert enter(app.test_client(), typed, BETTER) == 303


def test_however_it_is_typed_the_guesses_are_of_one_person(app: Flask) -> None:
    typed = ("k01", "K01", "Ｋ01", "K０1", " k01")
    assert [enter(app.test_client(), one, "错" * 12) for one in typed] == [401] * 5
    assert enter(app.test_client()) == 429


def test_an_outsider_locks_nobody_at_the_office(app: Flask) -> None:
    outsider = app.test_client()
    outsider.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    assert [enter(outsider, password="错" * 12) for _ in range(6)] == [401] * 5 + [429]
    assert enter(app.test_client()) == 303


def test_unknown_and_known_read_alike(app: Flask) -> None:
    pages = []
    for person in (MAKER, "X99", "<b>"):
        browser = app.test_client()
        page = browser.post(IN, data={"person": person, "password": "错" * 12}, headers=ORIGIN).text
        assert "<b>" not in page
        pages.append(page.replace(person, "").replace("&lt;b&gt;", ""))
    assert len(set(pages)) == 1
    assert "编号、密码或动态码不对" in pages[0]


def test_a_code_where_one_was_set(app: Flask, clock: Clock) -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret)
    accounts = Accounts(office_of(app).serving.home)
    accounts.set_totp(MAKER, secret, code.at(clock()), clock())
    clock.now += timedelta(seconds=60)
    browser = app.test_client()
    assert enter(browser) == 401
    assert enter(browser, code="000000") == 401
    assert enter(browser, code=code.at(clock())) == 303
    assert enter(app.test_client(), code=code.at(clock())) == 401, "a code is used once"


def test_the_password_again_before_what_cannot_be_undone(app: Flask, clock: Clock) -> None:
    Accounts(office_of(app).serving.home).add(POSTER, PASSWORD, clock(), must_change=False)
    browser = client_as(app, POSTER)
    post = "/c0001/extension/VouchersPage/post"
    assert browser.post(post, json={}, headers=ORIGIN).status_code == 400, "just signed in: on to the request itself"
    clock.now += timedelta(minutes=11)
    answer = browser.post(post, json={}, headers=ORIGIN)
    assert (answer.status_code, answer.json) == (
        401, {"ok": False, "kind": "step_up", "message": "过账前请再输入一次密码", "error": "过账前请再输入一次密码"},
    )  # fmt: skip
    assert browser.post("/c0001/extension/VouchersPage/review", json={}, headers=ORIGIN).status_code == 400
    wrong = browser.post(STEP_UP, json={"password": "错" * 12}, headers=ORIGIN)
    assert (wrong.status_code, wrong.json) == (401, {"ok": False, "message": "编号、密码或动态码不对"})
    assert browser.post(STEP_UP, json=["x"], headers=ORIGIN).status_code == 401
    assert browser.post(STEP_UP, json={"password": PASSWORD}, headers=ORIGIN).status_code == 200
    assert browser.post(post, json={}, headers=ORIGIN).status_code == 400


def test_the_password_again_on_the_page(app: Flask, clock: Clock) -> None:
    browser = app.test_client()
    enter(browser)
    given = {"password": PASSWORD, "token": token(browser), "next": "/c0001/"}
    assert browser.post(STEP_UP, data={**given, "token": "x"}, headers=ORIGIN).status_code == 403
    assert browser.post(STEP_UP, data={**given, "password": "x"}, headers=ORIGIN).status_code == 401
    answer = browser.post(STEP_UP, data=given, headers=ORIGIN)
    assert (answer.status_code, answer.location) == (303, "/c0001/")


def test_sessions_end(app: Flask, clock: Clock) -> None:
    idle, long = app.test_client(), app.test_client()
    enter(idle)
    enter(long)
    for _ in range(35):
        clock.now += timedelta(minutes=20)
        last = long.get("/").status_code
    assert (idle.get("/").status_code, last) == (303, 200)
    clock.now += timedelta(minutes=25)
    assert long.get("/").status_code == 303, "twelve hours at most"


def test_leaving(app: Flask) -> None:
    browser, other = app.test_client(), app.test_client()
    enter(browser)
    enter(other)
    stolen = browser.get_cookie("jiezhang")
    assert stolen is not None
    assert browser.post(OUT, data={"token": ""}, headers=ORIGIN).status_code == 403
    assert browser.get("/").status_code == 200
    assert browser.post(OUT, data={"token": token(browser)}, headers=ORIGIN).location == f"{IN}?out=1"
    browser.set_cookie("jiezhang", stolen.value)
    assert (browser.get("/").status_code, other.get("/").status_code) == (303, 200)
    assert told(app)[-1][1] == "sign_out"


def test_a_password_of_ones_own_comes_first(app: Flask, clock: Clock) -> None:
    """After the street's administrator has set one, with a code that is asked for once."""
    accounts = Accounts(office_of(app).serving.home)
    accounts.set_password(MAKER, PASSWORD, clock(), must_change=True)
    secret = pyotp.random_base32()
    accounts.set_totp(MAKER, secret, pyotp.TOTP(secret).at(clock()), clock())
    clock.now += timedelta(seconds=60)
    browser = app.test_client()
    assert enter(browser, code=pyotp.TOTP(secret).at(clock())) == 303
    for path in ("/", "/c0001/journal/", STEP_UP):
        assert browser.get(path).location == CHANGE
    assert browser.get("/c0001/api/errors").status_code == 401
    page = browser.get(CHANGE).text
    secret_of_page = page.partition('name="token" value="')[2].partition('"')[0]
    given = {"password": PASSWORD, "new": BETTER, "again": BETTER, "token": secret_of_page}
    for wrong, said in (
        ({"again": "别" * 12}, "两次输入的新密码不一样"),
        ({"new": PASSWORD, "again": PASSWORD}, "新密码和旧密码一样"),
        ({"new": "123456789012", "again": "123456789012"}, "密码太常见"),
        ({"new": "短", "again": "短"}, "密码至少要 12 个字符"),
        ({"password": "错" * 12}, "编号、密码或动态码不对"),
        ({"token": ""}, "页面已过期"),
    ):
        answer = browser.post(CHANGE, data={**given, **wrong}, headers=ORIGIN)
        assert (answer.status_code in (403, 422), said in answer.text) == (True, True), said
    assert browser.post(CHANGE, data=given, headers=ORIGIN).status_code == 303
    assert browser.get("/").status_code == 200
    assert enter(app.test_client(), password=PASSWORD) == 401


def test_who_is_not_signed_in_changes_it_with_the_old_one(app: Flask) -> None:
    browser = app.test_client()
    given = {"person": MAKER, "password": PASSWORD, "new": BETTER, "again": BETTER}
    assert browser.post(CHANGE, data={**given, "password": "错" * 12}, headers=ORIGIN).status_code == 422
    assert browser.post(CHANGE, data=given, headers=ORIGIN).status_code == 303
    assert enter(app.test_client(), password=BETTER) == 303


def test_a_person_off_the_list_does_not_get_in(app: Flask) -> None:
    street = office_of(app).street
    street.toml.write_text(street.toml.read_text("utf-8").replace(f'id = "{MAKER}"', 'id = "K77"'), "utf-8")
    assert enter(app.test_client()) == 401


def test_no_demonstration_in_an_office(app: Flask) -> None:
    browser = client_as(app, REVIEWER)
    assert browser.post("/jiezhang/demo", data={"person": POSTER}, headers=ORIGIN).status_code == 404
