"""The desk, the board and the operation log, as they are opened."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from asking import CLEANING, COST, complete
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, POSTER, make_street

from jiezhang.web import pages
from tests.signed_in import client_as, office_of, open_app, sign_in


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = open_app(make_street(tmp_path / "street", "C0001", "C0002"))
    office_of(app).model.refresh(60)
    return app


@pytest.fixture
def head(app: Flask) -> FlaskClient:
    return client_as(app, POSTER)


def test_the_desk_says_what_waits(app: Flask) -> None:
    page = client_as(app, MAKER).get("/jiezhang/desk").text
    assert "待查明，须补录" in page
    assert 'href="/c0001/extension/MonthPage/?month=2026-10"' in page
    assert "K01 代理会计1号" in page


def test_the_bar_has_only_what_one_may_open(app: Flask, head: FlaskClient) -> None:
    bars = {
        person: client_as(app, person).get("/jiezhang/desk").text.partition("<nav")[2].partition("</nav>")[0]
        for person in (MAKER, POSTER, "Y02")
    }
    found = {
        person: [name for name in ("我的工作台", "小区账簿", "全街道一览", "收件夹", "操作日志") if name in bar]
        for person, bar in bars.items()
    }
    assert found == {
        MAKER: ["我的工作台", "小区账簿", "全街道一览", "收件夹"],
        POSTER: ["我的工作台", "小区账簿", "全街道一览", "操作日志"],
        "Y02": ["我的工作台", "小区账簿"],
    }


def test_the_board_shows_only_ones_own_compounds(app: Flask, head: FlaskClient) -> None:
    assert [code in head.get("/jiezhang/board").text for code in ("C0001", "C0002")] == [True, True]
    page = client_as(app, "F09").get("/jiezhang/board").text
    assert [code in page for code in ("C0001", "C0002")] == [False, True]
    page = client_as(app, "F09").get("/").text
    assert [f"/{code}/" in page for code in ("c0001", "c0002")] == [False, True]
    menu = client_as(app, "F09").get("/c0002/api/ledger_data").text
    assert "C0001" not in menu


def test_an_act_can_be_found(app: Flask, head: FlaskClient) -> None:
    maker = client_as(app, MAKER)
    assert complete(maker, {**CLEANING, "other": COST})[0] == 200
    for asked in ("operator=K01", "text=补录", "compound=C0001", "from=2026-01-01&action=complete"):
        page = head.get(f"/jiezhang/log?{asked}").text
        assert "补录 2026-10 流水 1 笔" in page, asked
        assert "已补录 1 笔，等待复核" in page, asked
    for asked in ("operator=F01", "text=没有的话", "compound=C0002", "to=2026-01-01", "action=post"):
        assert "补录 2026-10 流水" not in head.get(f"/jiezhang/log?{asked}").text, asked
    for odd in ("from=十月", "from=0001-01-01", "to=9999-12-31"):
        assert head.get(f"/jiezhang/log?{odd}").status_code == 422
    assert head.get("/jiezhang/log.csv?from=十月").status_code == 422


def test_the_log_as_a_table(app: Flask, head: FlaskClient) -> None:
    complete(client_as(app, MAKER), {**CLEANING, "other": COST})
    answer = head.get("/jiezhang/log.csv?operator=K01")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["序号", "北京时间", "人员编号", "姓名"]
    assert {row[2] for row in rows[1:]} == {"K01"}


def test_older_rows_are_a_click_away(app: Flask, head: FlaskClient) -> None:
    for _ in range(110):
        sign_in(head, POSTER)
        head.post("/jiezhang/sign-out", data={"token": head.environ_base["HTTP_X_JIEZHANG_TOKEN"]}, headers={"Origin": "http://localhost"})
    sign_in(head, POSTER)
    page = head.get("/jiezhang/log").text
    assert 'name="before"' in page
    before = page.partition('name="before" value="')[2].partition('"')[0]
    older = head.get(f"/jiezhang/log?before={before}").text
    assert f'data-label="序号">{int(before) - 1}<' in older
    assert f'data-label="序号">{before}<' not in older


def test_markup_in_the_log_is_shown_as_text(app: Flask, head: FlaskClient) -> None:
    complete(client_as(app, MAKER), {**CLEANING, "other": COST}, month="2026-10")
    app.test_client().post("/jiezhang/sign-in", data={"person": "<img src=x>", "password": "x"}, headers={"Origin": "http://localhost"})
    page = head.get("/jiezhang/log").text
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page


def test_who_may_not_see_a_ledger_sees_the_decisions_in_our_own_frame(app: Flask) -> None:
    member = client_as(app, "Y02")
    assert member.get("/c0001/extension/DecisionsPage/").status_code == 200, "the committee reads the books too"
    branch = client_as(app, "Z01")
    assert branch.get("/c0001/extension/DecisionsPage/").status_code == 403
    page = branch.get("/jiezhang/c0001/decisions/").text
    assert 'data-page="decisions"' in page
    assert "ledger-data" not in page, "Fava puts the whole ledger into its own pages"
    assert branch.get("/jiezhang/c0001/parties/").status_code == 403


def test_every_script_that_a_page_asks_for_is_served(app: Flask) -> None:
    templates = Path(pages.__file__).parent / "templates"
    texts = [file.read_text("utf-8") for file in templates.glob("*.html")]
    asked = {name for text in texts for name in re.findall(r'src="(/[^"{]+[.]js)"', text)}
    assert "/jiezhang/drop.js" in asked
    for name in asked:
        with app.test_client().get(name) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/javascript"), name


def test_who_sees_no_ledger_finds_their_pages(app: Flask) -> None:
    page = client_as(app, "Z01").get("/").text
    assert 'href="/jiezhang/c0001/decisions/"' in page
    assert "parties" not in page


def test_a_browsers_icon_is_no_compound(app: Flask, head: FlaskClient) -> None:
    with head.get("/favicon.ico") as answer:
        assert answer.status_code == 200
    assert "FAVICON" not in head.get("/jiezhang/log").text
