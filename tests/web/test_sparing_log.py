"""No outsider makes the log grow without end: what is refused again and again is counted, and told in one row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, REVIEWER

from jiezhang.book.layout import StreetFolder
from jiezhang.office.accounts import Accounts
from jiezhang.office.operation_log import Asked, Operation
from jiezhang.web.office_log import PLACE_ROWS_MAX, ROWS_MAX
from tests.signed_in import ORIGIN, Clock, client_as, office_of, open_app

IN = "/jiezhang/sign-in"
PASSWORD = "春江潮水连海平 海上明月"


@pytest.fixture
def app(street: StreetFolder, clock: Clock) -> Flask:
    return open_app(street, now=clock)


def rows(app: Flask, phase: str = "refused") -> list[Operation]:
    """Oldest first."""
    return [one for one in office_of(app).told.log.search(Asked(), None)[::-1] if one.phase == phase]


def guess(app: Flask, person: str = "Z99", place: str = "198.51.100.7") -> int:
    given = {"person": person, "password": "x" * 12, "code": ""}
    return app.test_client().post(IN, data=given, headers=ORIGIN, environ_base={"REMOTE_ADDR": place}).status_code


def test_a_lock_is_one_row(app: Flask, clock: Clock) -> None:
    """After it another one, and how many there were; nothing is lost between minutes."""
    assert [guess(app) for _ in range(9)] == [401] * 5 + [429] * 4
    said = [one.result for one in rows(app)]
    assert said == ["编号、密码或动态码不对"] * 5 + ["失败次数太多，请 30 秒后再试"]
    clock.now += timedelta(seconds=31)
    assert [guess(app) for _ in range(50)] == [401] + [429] * 49
    assert [one.result for one in rows(app)][6:] == ["编号、密码或动态码不对", "失败次数太多，请 1 分钟后再试"]
    clock.now += timedelta(seconds=50)
    client_as(app, MAKER).post("/jiezhang/sign-out", data={"token": ""}, headers=ORIGIN)
    assert len(rows(app)) == 8, "whoever does nothing with the log makes no row"
    Accounts(office_of(app).serving.home).set_password(MAKER, PASSWORD, clock(), must_change=False)
    given = {"person": MAKER, "password": PASSWORD, "code": ""}
    assert app.test_client().post(IN, data=given, headers=ORIGIN).status_code == 303
    counted = rows(app)[-1]
    assert (counted.person, counted.content) == ("", "没有逐条记下的登录")
    last = "以 Z99 登录，来自 198.51.100.7"
    assert counted.result == f"一分钟内还有 51 次同样被拒，没有逐条记下；最后一次：{last}"
    assert rows(app, "done")[-1].action == "sign_in"


def test_a_place_and_all_together_make_so_many_rows_a_minute(app: Flask, clock: Clock) -> None:
    """Of people nobody knows, each guessed at once, and by way of the page that changes a password."""
    for number in range(PLACE_ROWS_MAX + 5):
        guess(app, f"X{number}")
    assert len(rows(app)) == PLACE_ROWS_MAX
    given = {"person": "X1", "password": "x" * 12, "new": "y" * 12, "again": "z" * 12}
    for _ in range(5):
        app.test_client().post("/jiezhang/password", data=given, environ_base={"REMOTE_ADDR": "198.51.100.7"},
                               headers=ORIGIN)  # fmt: skip
    assert len(rows(app)) == PLACE_ROWS_MAX
    for number in range(ROWS_MAX):
        guess(app, place=f"203.0.113.{number}")
    assert len(rows(app)) == ROWS_MAX
    clock.now += timedelta(minutes=1)
    guess(app, "K01", "198.51.100.9")
    counted, newest = rows(app)[-2:]
    assert newest.content == "以 K01 登录"
    assert counted.result.startswith(f"一分钟内还有 {5 + 5 + PLACE_ROWS_MAX} 次同样被拒")


def refused(browser: FlaskClient, times: int, address: str = "/jiezhang/log") -> None:
    for _ in range(times):
        assert browser.get(address).status_code == 403


def test_what_one_may_not_is_one_row_a_minute(app: Flask, clock: Clock) -> None:
    browser, other = client_as(app, MAKER), client_as(app, REVIEWER)
    refused(browser, 20)
    refused(other, 2)
    assert [(one.person, one.content) for one in rows(app)] == [(MAKER, "查操作日志"), (REVIEWER, "查操作日志")]
    clock.now += timedelta(minutes=1)
    refused(browser, 1)
    told = [(one.person, one.result[:11]) for one in rows(app)[2:]]
    assert told[:2] == [(MAKER, "一分钟内还有 19 次"), (REVIEWER, "一分钟内还有 1 次同")]
    assert told[2][0] == MAKER and len(told) == 3
