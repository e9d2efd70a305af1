"""Signing in by the office's own service, from the button to the desk; and those who would pass for somebody."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from little_street import MAKER, POSTER, make_street
from tiny_service import SECRET, TinyService, running, settings_text
from werkzeug.test import TestResponse

from jiezhang.office.accounts import Accounts
from jiezhang.office.oidc import subject_of
from jiezhang.office.operation_log import Asked
from jiezhang.office.sessions import Sessions
from jiezhang.web import service as service_module
from jiezhang.web.app import create_app
from jiezhang.web.gate import PeopleNow
from jiezhang.web.service import WAITING_MAX, WAITING_OF_A_PLACE_MAX, WAITS, ServiceSignIn
from tests.signed_in import ORIGIN, Clock, client_as, office_of, open_app, serving

PASSWORD = "春江潮水连海平 海上明月"
IN, START, BACK, CODE, OUT = (
    f"/jiezhang/{name}" for name in ("sign-in", "oidc/start", "oidc/back", "oidc/code", "oidc/out")
)
POST = "/c0001/extension/VouchersPage/post"
FAILED = "单位的统一登录没有成功，请再试一次，或用密码登录"
ELSEWHERE = "这次统一登录已过期，或不是在这个浏览器里开始的，请重新登录"
NOBODY = "这个单位账号没有和街账的人员相连，或账号已停用，请找街道负责人"
CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def service(clock: Clock) -> Iterator[TinyService]:
    with running(TinyService(lambda: clock().timestamp())) as found:
        yield found


Opened = Callable[..., Flask]


@pytest.fixture
def opened(tmp_path: Path, clock: Clock, service: TinyService) -> Opened:
    """An office whose `oidc.toml` says `more`; MAKER is 17 at the service and has no password."""

    def make(more: str = "") -> Flask:
        street = make_street(tmp_path / "street", "C0001")
        how = serving(street)
        file = how.home.path / "oidc.toml"
        file.touch(mode=0o600)
        file.write_text(settings_text(service, more), "utf-8")
        accounts = Accounts(how.home)
        accounts.add(MAKER, None, clock())
        accounts.link(MAKER, subject_of(service.issuer, "17"), clock())
        app = create_app(street, type(how)(how.home, now=clock))
        app.testing = False
        return app

    return make


@pytest.fixture
def app(opened: Opened) -> Flask:
    return opened()


def start(browser: FlaskClient, after: str = "/", again: bool = False) -> str:
    """Press the button: where the browser is sent."""
    answer = browser.get(f"{START}?next={quote(after, safe='')}{'&again=1' if again else ''}")
    assert answer.status_code == 303, answer.text
    return answer.location


def come_back(browser: FlaskClient, url: str) -> TestResponse:
    """As the browser asks when the service sends it back."""
    parts = urlsplit(url)
    return browser.get(f"{parts.path}?{parts.query}", headers=CROSS)


def enter(browser: FlaskClient, service: TinyService, after: str = "/", again: bool = False) -> TestResponse:
    return come_back(browser, service.log_in(start(browser, after, again)))


def led_to(answer: TestResponse) -> str:
    """Where the page goes on to by itself."""
    found = re.search(r'content="0; url=([^"]*)"', answer.text)
    return found[1] if found else f"{answer.status_code}"


def said(answer: TestResponse) -> tuple[int, str]:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    return answer.status_code, found[1] if found else ""


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/jiezhang/desk").status_code == 200


def test_from_the_button_to_the_desk(app: Flask, service: TinyService) -> None:
    browser = app.test_client()
    page = browser.get(f"{IN}?next=/c0001/journal/").text
    assert f'href="{START}?next=/c0001/journal/">用单位统一登录登录</a>' in page
    answer = browser.get(f"{START}?next=/c0001/journal/")
    cookie = answer.headers["Set-Cookie"]
    assert [part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600")] == [True] * 4
    back = service.log_in(answer.location)
    assert service.asked["redirect_uri"] == f"http://localhost{BACK}"
    assert {"state", "nonce", "code_challenge"} <= set(service.asked) and service.asked["scope"] == "openid"
    assert led_to(come_back(browser, back)) == "/c0001/journal/"
    assert browser.get("/c0001/journal/").status_code == 200
    row = office_of(app).told.log.search(Asked(), 1)[0]
    assert (row.person, row.action, row.content) == (MAKER, "sign_in", "登录（统一登录）")
    out = browser.post(
        "/jiezhang/sign-out", data={"token": token(browser)}, headers=ORIGIN, follow_redirects=True
    ).text
    assert f'<a href="{OUT}">也退出</a>' in out
    assert not is_in(browser)
    gone = browser.get(OUT).location
    asked = {"client_id": ["jiezhang"], "post_logout_redirect_uri": [f"http://localhost{IN}"]}
    assert (gone.partition("?")[0], parse_qs(urlsplit(gone).query)) == (f"{service.issuer}/out", asked)


def token(browser: FlaskClient) -> str:
    return browser.get("/jiezhang/step-up").text.partition('name="token" value="')[2].partition('"')[0]


# Who would pass for somebody


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["jiezhang", "another"]},
        {"exp": 1},
        {"iat": 9_999_999_999},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us(claims: dict[str, Any], app: Flask, service: TinyService) -> None:
    service.claims, browser = claims, app.test_client()
    assert said(enter(browser, service)) == (401, FAILED)
    assert not is_in(browser)
    assert service.tokens == 1


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("none", lambda service: OctKey.import_key(SECRET)),
        ("HS256", lambda service: OctKey.import_key(SECRET)),
        ("RS256", lambda service: RSAKey.generate_key(2048, parameters={"kid": "1"})),
    ],
    ids=["none", "the client's secret", "another key"],
)
@pytest.mark.filterwarnings("ignore")
def test_a_token_that_the_service_did_not_sign(
    algorithm: str, key: Callable[[TinyService], Any], app: Flask, service: TinyService
) -> None:
    service.header, service.key = {"alg": algorithm, "kid": "1"}, key(service)
    browser = app.test_client()
    assert said(enter(browser, service)) == (401, FAILED)
    assert not is_in(browser)
    assert service.tokens == 1


def test_the_public_key_is_no_secret_to_sign_with(app: Flask, service: TinyService) -> None:
    """Whoever has the key that everybody may know would sign in as anybody."""

    def sign(token: str) -> str:
        head, body = urlsafe_b64encode(b'{"alg":"HS256","kid":"1"}').decode().rstrip("="), token.split(".")[1]
        key = service.own_key.as_pem(private=False)
        made = urlsafe_b64encode(hmac.digest(key, f"{head}.{body}".encode(), "sha256")).decode().rstrip("=")
        return f"{head}.{body}.{made}"

    service.spoil, browser = sign, app.test_client()
    assert said(enter(browser, service)) == (401, FAILED)
    assert not is_in(browser)
    assert service.tokens == 1


@pytest.mark.parametrize(
    "spoil",
    [lambda one: one.rpartition(".")[0] + ".", lambda one: one.rpartition(".")[0], lambda one: ""],
    ids=["an empty signature", "no signature", "no token"],
)
def test_an_unsigned_token(spoil: Callable[[str], str], app: Flask, service: TinyService) -> None:
    service.spoil, browser = spoil, app.test_client()
    assert said(enter(browser, service)) == (401, FAILED)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: back[:-1],
        lambda back: back.partition("&state")[0],
        lambda back: back + "&iss=https://evil.example",
        lambda back: re.sub("code=[^&]*", "code=guessed", back),
        lambda back: re.sub("code=[^&]*&", "error=access_denied&", back),
        lambda back: back.partition("?")[0],
    ],
)
def test_an_answer_that_was_changed(spoil: Callable[[str], str], app: Flask, service: TinyService) -> None:
    browser = app.test_client()
    assert said(come_back(browser, spoil(service.log_in(start(browser))))) == (401, FAILED)
    assert not is_in(browser)
    assert service.tokens == 0


def test_an_answer_is_good_once(app: Flask, service: TinyService) -> None:
    browser = app.test_client()
    cookie_before = start(browser)
    back = service.log_in(cookie_before)
    kept = browser.get_cookie("jiezhang-oidc")
    assert kept is not None
    assert led_to(come_back(browser, back)) == "/jiezhang/desk"
    thief = app.test_client()
    thief.set_cookie("jiezhang-oidc", kept.value)
    assert said(come_back(thief, back)) == (400, ELSEWHERE), "even with the cookie"
    again = app.test_client()
    start(again)
    state = re.search("state=([^&]*)", start(again))
    assert state is not None
    replayed = re.sub("state=[^&]*", f"state={state[1]}", back)
    assert said(come_back(again, replayed)) == (401, FAILED), "the service knows the code is spent"


def test_an_answer_is_good_in_its_own_browser_only(app: Flask, service: TinyService) -> None:
    """Who sends somebody the end of a sign-in of their own would have them work under the sender's name."""
    evil, victim, busy = (app.test_client() for _ in range(3))
    back = service.log_in(start(evil))
    assert said(come_back(victim, back)) == (400, ELSEWHERE)
    start(busy)
    assert said(come_back(busy, back)) == (401, FAILED)
    assert not is_in(victim) and not is_in(busy)
    assert service.tokens == 0


def test_an_answer_that_comes_late(app: Flask, service: TinyService, clock: Clock) -> None:
    browser = app.test_client()
    back = service.log_in(start(browser))
    clock.now += WAITS
    assert said(come_back(browser, back)) == (400, ELSEWHERE)


@pytest.mark.parametrize("spoil", ["unknown", "another service's", "disabled", "off the list"])
def test_whom_the_street_does_not_know(spoil: str, app: Flask, service: TinyService, clock: Clock) -> None:
    accounts, street = Accounts(office_of(app).serving.home), office_of(app).street
    expected = NOBODY
    if spoil == "unknown":
        service.person = "18"
    elif spoil == "another service's":
        accounts.link(MAKER, subject_of("https://id.example", "17"), clock())
    elif spoil == "disabled":
        accounts.disable(MAKER, clock())
    else:
        street.toml.write_text(street.toml.read_text("utf-8").replace(f'id = "{MAKER}"', 'id = "K77"'), "utf-8")
        expected = f"{MAKER} 已不在街道的人员名单里"
    browser, before = app.test_client(), [one.person for one in accounts.all()]
    assert said(enter(browser, service)) == (401, expected)
    assert not is_in(browser)
    assert [one.person for one in accounts.all()] == before, "nobody gets an account by it"
    row = office_of(app).told.log.search(Asked(), 1)[0]
    assert (row.action, row.phase, row.person, row.result) == ("sign_in", "refused", "", expected)
    assert row.content == f"以 {service.person} 登录（统一登录）"


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example/", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", OUT,
        "/jiezhang/./oidc/out", "/jiezhang//oidc/out", "/jiezhang/x/../oidc/out", "/jiezhang/%2e/oidc/out",
        "/jiezhang/%6fidc/out", "/jiezhang/oidc%2Fout", "/%2Fjiezhang/oidc/out", "/jiezhang\\oidc/out",
        "/./jiezhang/sign-out", f"{OUT}?x", f"{IN}#x",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(asked: str, app: Flask, service: TinyService) -> None:
    assert led_to(enter(app.test_client(), service, asked)) == "/jiezhang/desk"


def test_another_site_cannot_begin_a_sign_in(app: Flask) -> None:
    answer = app.test_client().get(START, headers=CROSS)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert "您从别的网站来到街账" in answer.text


def test_who_begins_often_pushes_out_their_own_only(app: Flask, service: TinyService) -> None:
    patient, busy = app.test_client(), app.test_client()
    busy.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    back, lost = service.log_in(start(patient)), service.log_in(start(busy))
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    for _ in range(WAITING_OF_A_PLACE_MAX):
        start(other)
    assert said(come_back(busy, lost)) == (400, ELSEWHERE)
    assert led_to(come_back(patient, back)) == "/jiezhang/desk"
    assert WAITING_MAX > WAITING_OF_A_PLACE_MAX


def test_a_full_room_keeps_those_who_begin_seldom(
    app: Flask, service: TinyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though one customer's network has as many smaller ones as somebody likes. The room is a small one."""
    most, of_a_place = 60, 6
    monkeypatch.setattr(service_module, "WAITING_MAX", most)
    monkeypatch.setattr(service_module, "WAITING_OF_A_PLACE_MAX", of_a_place)
    patient, other = app.test_client(), app.test_client()
    back = service.log_in(start(patient))
    for number in range(of_a_place + 1):
        other.environ_base["REMOTE_ADDR"] = f"2001:db8:0:{number:x}::1"
        start(other)
    places = most // of_a_place
    for number in range(places * of_a_place):
        other.environ_base["REMOTE_ADDR"] = f"2001:db8:{1 + number % places:x}:{number:x}::1"
        start(other)
    assert led_to(come_back(patient, back)) == "/jiezhang/desk"


# The code of the telephone


def with_telephone(app: Flask, clock: Clock) -> pyotp.TOTP:
    secret = pyotp.random_base32()
    Accounts(office_of(app).serving.home).set_totp(MAKER, secret, pyotp.TOTP(secret).at(clock()), clock())
    clock.now += timedelta(seconds=60)
    return pyotp.TOTP(secret)


def test_the_telephone_is_asked_where_the_service_does_not_stand_for_it(
    opened: Opened, service: TinyService, clock: Clock
) -> None:
    app = opened('second_factor = ["mfa"]\n')
    codes, browser = with_telephone(app, clock), app.test_client()
    service.claims = {"amr": ["pwd"]}
    answer = enter(browser, service, "/c0001/")
    assert (answer.status_code, answer.location) == (303, CODE)
    assert not is_in(browser)
    assert "恢复码" in browser.get(CODE).text
    assert said(app.test_client().post(CODE, data={"code": codes.at(clock())}, headers=ORIGIN)) == (400, ELSEWHERE)
    assert said(browser.post(CODE, data={"code": "000000"}, headers=ORIGIN)) == (401, "编号、密码或动态码不对")
    assert said(browser.post(CODE, data={"code": ""}, headers=ORIGIN)) == (401, "还要输入手机上的动态码")
    assert browser.post(CODE, data={"code": codes.at(clock())}).status_code == 403, "another site's form"
    assert led_to(browser.post(CODE, data={"code": codes.at(clock())}, headers=ORIGIN)) == "/c0001/"
    assert said(browser.get(CODE)) == (400, ELSEWHERE), "once"
    service.claims = {"amr": ["pwd", "mfa"]}
    assert led_to(enter(app.test_client(), service, "/c0001/")) == "/c0001/"


def test_codes_are_not_guessed_by_way_of_the_service(app: Flask, service: TinyService, clock: Clock) -> None:
    codes, browser = with_telephone(app, clock), app.test_client()
    enter(browser, service)
    assert [browser.post(CODE, data={"code": "000000"}, headers=ORIGIN).status_code for _ in range(5)] == [401] * 5
    assert said(browser.post(CODE, data={"code": codes.at(clock())}, headers=ORIGIN)) == (
        401, "失败次数太多，请 30 秒后再试",
    )  # fmt: skip


@pytest.mark.parametrize("spoil", ["untied", "tied to another", "off the list", "disabled"])
def test_the_code_of_who_is_known_no_more(spoil: str, app: Flask, service: TinyService, clock: Clock) -> None:
    """The page with the code was open when the account was taken away."""
    accounts, street = Accounts(office_of(app).serving.home), office_of(app).street
    codes, browser = with_telephone(app, clock), app.test_client()
    assert enter(browser, service).location == CODE
    if spoil == "untied":
        accounts.link(MAKER, None, clock())
    elif spoil == "tied to another":
        accounts.link(MAKER, None, clock())
        accounts.add(POSTER, None, clock())
        accounts.link(POSTER, subject_of(service.issuer, "17"), clock())
    elif spoil == "disabled":
        accounts.disable(MAKER, clock())
    else:
        street.toml.write_text(street.toml.read_text("utf-8").replace(f'id = "{MAKER}"', 'id = "K77"'), "utf-8")
    answer = browser.post(CODE, data={"code": codes.at(clock())}, headers=ORIGIN)
    assert said(answer) == (401, NOBODY)
    assert not is_in(browser)
    assert said(browser.get(CODE)) == (400, ELSEWHERE), "nor is it kept for when the account comes back"


def test_a_session_is_of_somebody_on_the_list(
    app: Flask, service: TinyService, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were put off it between the service's answer and the session."""
    monkeypatch.setattr(ServiceSignIn, "_known", lambda self, named: POSTER)
    known = PeopleNow.person
    monkeypatch.setattr(PeopleNow, "person", lambda self, code: None if code == POSTER else known(self, code))
    browser = app.test_client()
    assert said(enter(browser, service)) == (401, f"{POSTER} 已不在街道的人员名单里")
    assert not is_in(browser)
    assert Sessions(office_of(app).serving.home).count(clock()) == 0


# Showing again that one is still there


def test_asked_again_before_what_cannot_be_undone(app: Flask, service: TinyService, clock: Clock) -> None:
    accounts = Accounts(office_of(app).serving.home)
    accounts.add(POSTER, None, clock())
    accounts.link(POSTER, subject_of(service.issuer, "18"), clock())
    service.person, browser = "18", app.test_client()
    enter(browser, service)
    browser.environ_base["HTTP_X_JIEZHANG_TOKEN"] = token(browser)
    assert (browser.post(POST, json={}, headers=ORIGIN).json or {})["kind"] == "step_up", "who knows how long ago"
    page = browser.get("/jiezhang/step-up?next=/c0001/").text
    assert f'data-remote href="{START}?again=1&amp;next=/c0001/">用单位统一登录确认</a>' in page
    assert 'name="password"' not in page, "there is none"
    service.claims = {"auth_time": int(clock().timestamp()) - 3600}
    assert said(enter(browser, service, again=True)) == (401, "单位的统一登录没有再问一次密码，请在街账里输入密码")
    service.claims = {"auth_time": None}
    assert said(enter(browser, service, again=True)) == (401, "单位的统一登录没有再问一次密码，请在街账里输入密码")
    service.claims, service.person = {}, "17"
    assert said(enter(browser, service, again=True)) == (401, "统一登录里的人不是刚才登录街账的人，请重新登录")
    assert browser.post(POST, json={}, headers=ORIGIN).status_code == 401
    service.person = "18"
    assert led_to(enter(browser, service, "/c0001/", again=True)) == "/c0001/"
    assert (service.asked["prompt"], service.asked["max_age"]) == ("login", "0")
    assert browser.post(POST, json={}, headers=ORIGIN).status_code == 400, "on to the request itself"
    clock.now += timedelta(minutes=11)
    assert browser.post(POST, json={}, headers=ORIGIN).status_code == 401


def test_a_sign_in_of_just_now_need_not_be_shown_again(app: Flask, service: TinyService, clock: Clock) -> None:
    accounts = Accounts(office_of(app).serving.home)
    accounts.link(MAKER, None, clock())
    accounts.add(POSTER, None, clock())
    accounts.link(POSTER, subject_of(service.issuer, "17"), clock())
    service.claims = {"auth_time": int(clock().timestamp()) - 60}
    browser = app.test_client()
    enter(browser, service)
    browser.environ_base["HTTP_X_JIEZHANG_TOKEN"] = token(browser)
    assert browser.post(POST, json={}, headers=ORIGIN).status_code == 400


# An office without one, and a service that is down


def test_an_office_without_a_service(tmp_path: Path, clock: Clock) -> None:
    app = open_app(make_street(tmp_path / "street", "C0001"), now=clock)
    browser = app.test_client()
    assert "oidc" not in browser.get(IN).text
    assert said(browser.get(START)) == said(browser.get(OUT)) == (404, "没有设统一登录，请用密码登录")
    assert "oidc" not in client_as(app, MAKER).get("/jiezhang/step-up").text


def test_a_service_that_is_down(app: Flask, service: TinyService) -> None:
    service.issuer += "x"
    browser = app.test_client()
    assert said(browser.get(START)) == (503, "单位的统一登录现在连不上，请用密码登录")
    assert said(browser.get(OUT)) == (503, "单位的统一登录现在连不上，请到它自己的页面上退出")
