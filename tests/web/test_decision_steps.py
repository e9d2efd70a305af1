"""Steps of decisions at the desk: a form for whose turn it is, with what the step asks; the engine judges."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from little_street import DECIDED, DECISIONS, MAKER, ORIGIN, REJECTED, WAITING, resolve

from jiezhang.book.layout import StreetFolder
from jiezhang.book.pack_log import LOG, founding_log
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.register import Person
from jiezhang.street.resolving import read_office
from tests.signed_in import client_as, open_app

DOOR = "/jiezhang/c0001/step"
OUTSIDE = "/jiezhang/c0001/decisions/"
HEAD, MEMBER, SECRETARY, COMMUNITY = "Y01", "Y02", "Z01", "S01"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SCAN = b"%PDF-1.7 signed"
LITTLE = """\
code = "publicly"
name = "公开程序"
source = "本街道办法（虚构）"
verified = false
matters = ["other"]
steps = [
  {code = "propose", title = "提议", kind = "propose", by = ["committee"], article = "第1条"},
  {code = "notice", title = "公示", kind = "publication", by = ["committee"], days_min = 1, article = "第2条"},
  {code = "file", title = "备案", kind = "filing", by = ["community"], article = "第3条"},
  {code = "seal", title = "用印", kind = "seal", seals = ["committee"], article = "第4条"},
  {code = "execute", title = "执行", kind = "execute", article = "第5条"},
]
"""
TERMS = {
    "kind": "resolution", "code": "R2026-09", "procedure": "publicly", "title": "围墙修补", "matter": "other",
    "fund": "G", "subjects": "5001", "budget_yuan": "400.00", "scope": "全小区", "starts": "2026-09-01",
    "ends": "2199-12-31", "papers": ["invoice"],
}  # fmt: skip


@pytest.fixture
def app(street: StreetFolder) -> Flask:
    """The little street with three resolutions, a procedure of notices and filing, and a person of the community."""
    known = read_street(street)
    who = Person(id=COMMUNITY, name="社区主任", roles=("community",), compounds=("C0001",))
    street.toml.write_bytes(toml_bytes(known.model_copy(update={"people": (*known.people, who)})))
    (street.path / "procedures/publicly.toml").write_text(LITTLE, "utf-8")
    (street.path / LOG).write_bytes(founding_log(street, known.city, date(2026, 1, 1)))
    resolve(street)
    return open_app(street, now=lambda: NOW)


def take(app: Flask, person: str, resolution: str = "", /, *, document: bytes = b"", **fields: Any) -> tuple[int, str]:
    """Fill in the form and press its button; the status and the sentence."""
    browser = client_as(app, person)
    page = browser.get(f"{OUTSIDE}?code={resolution}" if resolution else OUTSIDE).text
    found = {name: re.search(f'data-{name}="([^"]*)"', page) for name in ("month", "version", "seen")}
    data = {name: match[1] for name, match in found.items() if match} | {"resolution": resolution} | fields
    if document:
        data["document"] = (BytesIO(document), "签字.pdf")
    answer = browser.post(DOOR, data=data, headers=ORIGIN, content_type="multipart/form-data")
    assert answer.json is not None
    return answer.status_code, answer.json["message"]


def forms(app: Flask, person: str, code: str = "") -> dict[str, list[str]]:
    """The forms that the page has for a person, each with the names of its boxes."""
    page = client_as(app, person).get(OUTSIDE, query_string={"code": code} if code else {}).text
    found = {}
    for form in page.split('<form class="jz-step-form"')[1:]:
        form = form.partition("</form>")[0]
        title = re.search(r"<button[^>]*>([^<]*)<", form)
        assert title is not None
        names = re.findall(r'name="(\w+)"', form)
        found[title[1]] = list(dict.fromkeys(name for name in names if name not in ("kind", "resolution", "step")))
    return found


def path(street: StreetFolder, code: str) -> Path:
    return read_office(street, street.compound("C0001")).paths[code]


OBJECTING = {"登记业主异议": ["text", "by"]}


@pytest.mark.parametrize(
    ("person", "code", "expected"),
    [
        (SECRETARY, WAITING, {"党支部审议": ["outcome", "opinion", "document"], **OBJECTING}),
        (HEAD, WAITING, OBJECTING),
        (MAKER, WAITING, {}),
        (SECRETARY, REJECTED, {}),
        (HEAD, DECIDED, {}),
        (SECRETARY, "", {}),
        (MAKER, "", {}),
    ],
)
def test_a_form_for_whose_turn_it_is(app: Flask, person: str, code: str, expected: dict[str, list[str]]) -> None:
    assert forms(app, person, code) == expected


def test_who_may_propose_is_asked_the_terms(app: Flask) -> None:
    (asked,) = forms(app, HEAD).values()
    assert set(TERMS) - {"kind"} <= set(asked)
    page = client_as(app, HEAD).get(OUTSIDE).text
    assert 'name="code" maxlength="200" value="R' in page, "the next number is there to be taken"
    assert client_as(app, HEAD).get(DECISIONS).text.count("jz-step-form") == 1, "inside Fava too"


def test_one_step_after_another(app: Flask, street: StreetFolder) -> None:
    """Reviewed by the branch; decided by one member, which is no majority; by both, with the paper they signed."""
    assert take(app, SECRETARY, WAITING, kind="stage", step="branch_review", outcome="agree", opinion="可以") == (
        200, f"决议 {WAITING} 已办：党支部审议",
    )  # fmt: skip
    assert "by" in forms(app, HEAD, WAITING)["业委会决议"]
    step = {"kind": "stage", "step": "committee_decision", "outcome": "agree"}
    status, said = take(app, HEAD, WAITING, **step)
    assert (status, "须超过半数" in said) == (422, True)
    assert take(app, HEAD, WAITING, **step, by=[MEMBER]) == (422, "和别人一同签字的，要附各人签过字的原件")
    assert take(app, HEAD, WAITING, **step, by=["K01"], document=SCAN)[1] == "一同签字的人（附原件）不能这样选"
    assert take(app, HEAD, WAITING, **step, by=[MEMBER], document=SCAN)[0] == 200
    taken = path(street, WAITING)
    (record,) = taken.done["committee_decision"].records
    assert (record.record.by, record.day) == (f"{HEAD},{MEMBER}", NOW.date())
    (kept,) = (street.compound("C0001").path / "documents").glob(f"{record.record.document[:12]}-*")
    assert kept.read_bytes() == SCAN
    assert "决议 R2026-02 审议" in client_as(app, "T01").get("/jiezhang/log").text


def test_proposed_published_and_waited_for(app: Flask, street: StreetFolder) -> None:
    assert take(app, HEAD, **TERMS) == (200, "决议 R2026-09 已办：提议")
    assert path(street, "R2026-09").resolution.papers == "invoice"
    assert forms(app, HEAD, "R2026-09") == {"公示": ["until", "place"], **OBJECTING}
    notice = {"kind": "publication", "step": "notice", "place": "公告栏"}
    assert take(app, HEAD, "R2026-09", **notice) == (422, "公开到哪一天（至少 1 日）没有填写")
    assert "没有填写" not in take(app, HEAD, "R2026-09", **notice, until="明天")[1]
    assert take(app, HEAD, "R2026-09", **notice, until="2199-01-01")[0] == 200
    assert forms(app, COMMUNITY, "R2026-09") == OBJECTING, "it hangs until 2199"
    status, said = take(app, COMMUNITY, "R2026-09", kind="filing", step="file", number="备1")
    assert (status, said) == (422, "现在没有等 S01 社区主任办的这一步，可能已经有人办过，请刷新页面再看")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"budget_yuan": "四百"}, "预算（元）不是数字"),
        ({"budget_yuan": ""}, "没有写预算"),
        ({"title": " "}, "要办什么没有填写"),
        ({"code": WAITING}, "重复"),
        ({"procedure": "small"}, "不能用来决定"),
        ({"procedure": "none"}, "程序不能这样选"),
        ({"subjects": "9999"}, "不在公共收益的科目表里"),
        ({"papers": ["photo"]}, "付款须附不能这样选"),
    ],
)
def test_terms_that_will_not_do(app: Flask, street: StreetFolder, changed: dict[str, Any], said: str) -> None:
    file = street.compound("C0001").path / "resolutions.beancount"
    before = file.read_bytes()
    status, sentence = take(app, HEAD, **{**TERMS, **changed})
    assert (status, said in sentence, "--" in sentence) == (422, True, False), sentence
    assert file.read_bytes() == before


def test_an_objection_stops_it_until_it_is_answered(app: Flask, street: StreetFolder) -> None:
    assert take(app, SECRETARY, WAITING, kind="objection", text="颜色没有问过", by="1-1-101")[0] == 200
    assert path(street, WAITING).objections.keys() == {"YY1"}
    assert "党支部审议" not in forms(app, SECRETARY, WAITING)
    assert "答复业主异议" not in forms(app, SECRETARY, WAITING)
    assert forms(app, HEAD, WAITING)["答复业主异议"] == ["number", "answer"]
    said = {"kind": "answer", "answer": "照旧颜色"}
    assert take(app, HEAD, WAITING, **said, number="YY9") == (422, "异议不能这样选")
    assert take(app, HEAD, WAITING, **said, number="YY1")[0] == 200
    assert not path(street, WAITING).objections
    assert take(app, SECRETARY, WAITING, kind="objection", text="又一个")[0] == 200
    assert path(street, WAITING).objections.keys() == {"YY2"}


def test_nobody_signs_in_anothers_name(app: Flask, street: StreetFolder) -> None:
    """A form that names a signer, where the step asks for one, is the person's own all the same."""
    take(app, SECRETARY, WAITING, kind="stage", step="branch_review", outcome="agree", by=HEAD)
    (record,) = path(street, WAITING).done["branch_review"].records
    assert record.record.by == SECRETARY


@pytest.mark.parametrize(
    ("person", "fields", "status"),
    [
        (MAKER, {"kind": "stage", "step": "branch_review"}, 403),
        (HEAD, {"kind": "stage", "step": "branch_review"}, 422),
        (SECRETARY, {"kind": "stage", "step": "committee_decision"}, 422),
        (SECRETARY, {"kind": "seal", "step": "seal"}, 400),
        (SECRETARY, {"kind": "stage", "step": "branch_review", "seen": "x"}, 400),
        (SECRETARY, {"kind": "stage", "step": "branch_review", "version": "0" * 16}, 409),
    ],
)
def test_what_is_not_theirs(
    app: Flask, street: StreetFolder, person: str, fields: dict[str, str], status: int
) -> None:
    browser = client_as(app, person)
    page = browser.get(OUTSIDE if person != MAKER else DECISIONS).text
    version = page.partition('data-version="')[2].partition('"')[0]
    data = {"month": "2026-10", "version": version, "seen": "0", "resolution": WAITING, "outcome": "agree", **fields}
    assert browser.post(DOOR, data=data, headers=ORIGIN).status_code == status
    assert path(street, WAITING).done.keys() == {"propose"}


def test_a_form_without_the_token_does_nothing(app: Flask, street: StreetFolder) -> None:
    browser = client_as(app, SECRETARY)
    browser.environ_base["HTTP_X_JIEZHANG_TOKEN"] = "x" * 43
    data = {"kind": "stage", "step": "branch_review", "outcome": "agree", "resolution": WAITING}
    assert browser.post(DOOR, data=data, headers=ORIGIN).status_code == 403
    assert path(street, WAITING).done.keys() == {"propose"}
