"""The page 疑问: who asks, who answers, who only reads; and where the desks lead to it."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime

import pytest
from asking import CLEANING, COST, complete, press
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, ORIGIN, POSTER, REVIEWER, STRANGER, VOUCHERS

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.domain.register import Person
from jiezhang.street.asking import read_questions
from jiezhang.street.read_model import Kept
from jiezhang.street.standing_value import QuestionStanding
from jiezhang.web.desks.desk_view import desk_view
from tests.signed_in import client_as, open_app
from tests.web.standings import WHO, standing

PLACE = "/jiezhang/c0001/questions/"
OWNERS = "D01"
ASKED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def app(street: StreetFolder) -> Flask:
    return opened(street, ASKED)


def opened(street: StreetFolder, now: datetime) -> Flask:
    """The office at the moment `now`, with a representative of C0001's owners."""
    known = read_street(street)
    owners = Person(id=OWNERS, name="业主代表", roles=("owner_representative",), compounds=("C0001",))
    people = (*(one for one in known.people if one.id != OWNERS), owners)
    street.toml.write_bytes(toml_bytes(known.model_copy(update={"people": people})))
    return open_app(street, now=lambda: now)


def send(app: Flask, person: str, door: str, place: str = PLACE, **fields: str) -> tuple[int, str]:
    """Press a button of the page, without a script; the status, and where it leads or what it says."""
    browser = client_as(app, person)
    token = browser.environ_base.pop("HTTP_X_JIEZHANG_TOKEN")
    answer = browser.post(f"{place}{door}", data={"token": token, **fields}, headers=ORIGIN)
    return answer.status_code, answer.location or answer.text


def new(app: Flask, person: str = OWNERS, **fields: str) -> tuple[int, str]:
    return send(app, person, "ask", doing="new", **{"text": "广告费怎么少了", **fields})


def test_from_the_question_to_its_end(app: Flask, street: StreetFolder) -> None:
    assert new(app, about="statement:2026-10") == (303, f"{PLACE}#YW0001")
    assert send(app, MAKER, "answer", doing="answer", question="YW0001", text="合同到期") == (303, f"{PLACE}#YW0001")
    assert send(app, OWNERS, "ask", doing="again", question="YW0001", text="新合同呢")[0] == 303
    assert send(app, MAKER, "answer", doing="answer", question="YW0001", text="在谈")[0] == 303
    assert send(app, OWNERS, "ask", doing="close", question="YW0001")[0] == 303
    found = read_questions(street.compound("C0001"))["YW0001"]
    assert (found.state, [one.person for one in found.records]) == ("closed", [OWNERS, MAKER, OWNERS, MAKER, OWNERS])
    page = client_as(app, "Z01").get(PLACE).text
    for said in ("月度公示表 2026-10", "广告费怎么少了", "D01 业主代表", "K01 代理会计1号", "在谈", "已了结", "待核实"):
        assert said in page, said


def test_each_is_an_act(app: Flask, street: StreetFolder) -> None:
    """In the log with who, and in the repository."""
    new(app)
    send(app, MAKER, "answer", doing="answer", question="YW0001", text="合同到期")
    rows = client_as(app, POSTER).get("/jiezhang/log").text
    assert "提出疑问：其他" in rows
    assert "答复疑问 YW0001" in rows
    log = ["git", "-C", str(street.path), "log", "-2", "--format=%an", "--name-only"]
    said = subprocess.run(log, capture_output=True, text=True, check=True).stdout.split("\n")
    assert [line for line in said if line] == [
        "K01 代理会计1号", "C0001/questions.csv", "D01 业主代表", "C0001/questions.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "buttons"),
    [
        (OWNERS, {"doing": {"new"}}),
        ("Y01", {"doing": {"new"}}),
        (MAKER, {"doing": {"answer"}}),
        (POSTER, {"doing": {"answer"}}),
        ("Z01", {"doing": set()}),
    ],
)
def test_everybody_reads_and_each_has_their_own_buttons(
    app: Flask, person: str, buttons: dict[str, set[str]]
) -> None:
    new(app)
    page = client_as(app, person).get(PLACE)
    found = {part.partition('"')[0] for part in page.text.split('name="doing" value="')[1:]}
    assert (page.status_code, "广告费怎么少了" in page.text, found) == (200, True, buttons["doing"])


def test_what_is_late_is_put_before_the_head(app: Flask, street: StreetFolder) -> None:
    new(app)
    status, said = send(app, OWNERS, "ask", doing="escalate", question="YW0001", text="没有答复")
    assert (status, "期限到 2026-11-09 为止，过了才能上报" in said) == (422, True)
    later = opened(street, datetime(2026, 11, 10, 2, 0, tzinfo=UTC))
    assert "逾期 1 天" in client_as(later, MAKER).get(PLACE).text
    assert send(later, OWNERS, "ask", doing="escalate", question="YW0001", text="没有答复")[0] == 303
    status, said = send(later, MAKER, "answer", doing="answer", question="YW0001", text="在办")
    assert (status, "须由街道负责人答复" in said) == (422, True)
    assert send(later, POSTER, "answer", doing="answer", question="YW0001", text="已催办")[0] == 303


@pytest.mark.parametrize(
    ("person", "door", "place", "status"),
    [
        (MAKER, "ask", PLACE, 403),
        (OWNERS, "answer", PLACE, 403),
        (STRANGER, "answer", PLACE, 403),
        (OWNERS, "ask", "/jiezhang/c0002/questions/", 403),
    ],
)
def test_who_may_not(app: Flask, street: StreetFolder, person: str, door: str, place: str, status: int) -> None:
    assert send(app, person, door, place, doing="new", text="x")[0] == status
    assert not any(read_questions(folder) for folder in street.compounds())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"voucher": "2026-10/记-0099"}, "没有已过账的凭证 2026-10/记-0099"),
        ({"about": "resolution:R2099-01"}, "没有决议 R2099-01"),
        ({"text": " "}, "没有写内容"),
        ({"about": "x" * 90}, "问的是哪一笔"),
        ({"doing": "delete"}, "没有这样的操作"),
        ({"doing": "again", "question": "YW0009"}, "没有疑问 YW0009"),
        ({"doing": "answer", "question": "YW0001"}, "没有这样的操作"),
    ],
)
def test_what_is_refused_is_said_on_the_page(
    app: Flask, street: StreetFolder, fields: dict[str, str], said: str
) -> None:
    status, page = send(app, OWNERS, "ask", **{"doing": "new", "text": "为什么", **fields})
    assert (status, said in page, "没有做任何改动" in page) == (422, True, True)
    assert not read_questions(street.compound("C0001"))


def test_without_the_sessions_token_nothing_is_done(app: Flask, street: StreetFolder) -> None:
    assert new(app, token="x" * 43)[0] == 403
    assert not read_questions(street.compound("C0001"))


def test_markup_is_shown_as_text(app: Flask) -> None:
    new(app, text="<img src=x onerror=alert(1)>")
    page = client_as(app, MAKER).get(f"{PLACE}?about=<script>").text
    assert "＜img src=x" in page
    assert "<img" not in page
    assert "<script>" not in page


def test_a_register_that_nobody_can_read(app: Flask, street: StreetFolder) -> None:
    (street.compound("C0001").path / "questions.csv").write_text("question\nx\n", "utf-8")
    page = client_as(app, OWNERS).get(PLACE)
    assert (page.status_code, "疑问登记 questions.csv 读不出来：第 1 行" in page.text) == (200, True)


def test_from_a_voucher_to_its_question(app: Flask, client: FlaskClient) -> None:
    """Only who may ask is led there; the line is chosen on arrival, and can be opened from the question."""
    complete(client, {**CLEANING, "other": COST})
    press(client, "review", REVIEWER)
    press(client, "post", POSTER)
    link = f'href="{PLACE}?about=voucher%3A2026-10%2F%E8%AE%B0-0001#ask" data-remote'
    assert (link in client.get(VOUCHERS).text, link in client_as(app, OWNERS).get(VOUCHERS).text) == (False, True)
    page = client_as(app, OWNERS).get(f"{PLACE}?about=voucher:2026-10/记-0001").text
    assert '<option value="voucher:2026-10/记-0001" selected>凭证 2026-10/记-0001</option>' in page
    assert new(app, voucher="2026-10/记-0001")[0] == 303
    assert f'<a href="{VOUCHERS}?month=2026-10">凭证 2026-10/记-0001</a>' in client_as(app, OWNERS).get(PLACE).text


def question(state: str) -> dict[str, Kept]:
    """A compound with one question of D01's."""
    about = {"code": "YW0001", "about": "", "asker": "D01", "state": state}
    one = QuestionStanding.model_validate({**about, "since": date(2026, 10, 1), "due": date(2026, 10, 8)})
    return {"C0001": Kept(standing("C0001").model_copy(update={"questions": (one,)}), False, "")}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("asked", {"K01": "answer", "F01": "answer", "T01": "answer"}),
        ("escalated", {"T01": "answer"}),
        ("answered", {"D01": "confirm"}),
    ],
)
def test_on_whose_desk_it_lies(state: str, expected: dict[str, str]) -> None:
    found = {}
    for code, person in WHO.items():
        for group in desk_view(question(state), person, date(2026, 10, 20)).groups:
            if group.key in ("answer", "confirm"):
                found[code] = group.key
                assert [(item.address, item.days_late) for item in group.items] == [
                    (f"{PLACE}#YW0001", 0 if state == "answered" else 12)
                ]
    assert found == expected
