"""The page of the operation log: what it offers to search for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, POSTER, make_street

from jiezhang.office.operation_log import Asked, Who
from tests.signed_in import ORIGIN, client_as, office_of, open_app

LOG = "/jiezhang/log"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return open_app(make_street(tmp_path / "street", "C0001"))


@pytest.fixture
def head(app: Flask) -> FlaskClient:
    """The street's head, after comings and goings of others."""
    app.test_client().post("/jiezhang/sign-in", data={"person": MAKER, "password": "错" * 12}, headers=ORIGIN)
    maker = client_as(app, MAKER)
    assert maker.get(LOG).status_code == 403
    office = office_of(app)
    office.told.log.append(Who("K01", "张三"), "complete", "三笔", office.serving.now)
    office.told.log.append(Who("K01", "张三"), "a_new_one", "别的", office.serving.now)
    return client_as(app, POSTER)


def offered(page: str) -> set[str]:
    return set(re.findall(r'<option value="([^"]+)"', page))


def rows(page: str) -> int:
    return page.count('data-label="序号"')


def test_every_action_that_occurs_is_offered(app: Flask, head: FlaskClient) -> None:
    page = head.get(LOG).text
    occur = {one.action for one in office_of(app).told.log.search(Asked(), None)}
    assert {"sign_in", "refused", "complete", "a_new_one"} <= occur
    assert occur <= offered(page)
    assert {"sign_out", "outside", "backup", "command", "close"} <= offered(page), "also what has not occurred yet"
    assert "books" not in offered(page), "reading leaves no row"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("action=sign_in", 1),
        ("action=refused", 1),
        ("text=越权", 1),
        ("text=补录、制单", 1),
        ("text=登录", 1),
        ("text=三笔", 1),
        ("text=越权&action=sign_in", 0),
    ],
)
def test_what_is_found(asked: str, count: int, head: FlaskClient) -> None:
    assert rows(head.get(f"{LOG}?{asked}").text) == count


def test_nobody_reads_it_without_signing_in(app: Flask) -> None:
    for address in (LOG, f"{LOG}.csv"):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.location) == (303, f"/jiezhang/sign-in?next={address}")


def test_the_table_has_the_rows_that_the_page_puts_together(app: Flask, head: FlaskClient) -> None:
    log, now = office_of(app).told.log, office_of(app).serving.now
    begun = log.append(Who("K01", "张三"), "complete", "四笔", now, phase="begin")
    log.end(begun, "done", now, "好")
    page, table = head.get(LOG).text, head.get(f"{LOG}.csv").text
    assert f'data-label="序号">{begun.number}<' not in page
    assert "这里合成一行，所以序号不连续；全部各行见导出表格" in page
    numbers = [int(line.partition(",")[0].strip("'\"")) for line in table.splitlines()[1:]]
    assert begun.number in numbers
    assert sorted(numbers) == list(range(1, max(numbers) + 1)), "no gap in the table"
