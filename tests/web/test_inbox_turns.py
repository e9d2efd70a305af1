"""收件夹 and 疑问 when others were there first, when git takes no such name, and when a commit could not be made."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.office.acts import Acts
from jiezhang.office.operation_log import Asked
from jiezhang.office.repository import GitFailed
from jiezhang.street import inbox_keeping
from jiezhang.street.asking import read_questions
from jiezhang.web import inbox
from tests.signed_in import ORIGIN, client_as, office_of

INBOX = "/jiezhang/inbox"
NOTHING_CHANGED = "没有办成，没有做任何改动"
NOT_KEPT = "已经办了，只是没有存入版本库：不要再办一次，请管理电脑的人查看"


@pytest.fixture
def street(sealed: StreetFolder) -> StreetFolder:
    return sealed


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return client_as(app, "K01")


def press(browser: FlaskClient, button: str, **fields: Any) -> str:
    """The page that pressing it leads to."""
    given = {"token": browser.environ_base["HTTP_X_JIEZHANG_TOKEN"], **fields}
    answer = browser.post(f"{INBOX}/{button}", data=given, content_type="multipart/form-data", headers=ORIGIN)
    assert answer.status_code == 303
    return browser.get(answer.location).text


def put(browser: FlaskClient, *names: str) -> str:
    return press(browser, "put", files=[(io.BytesIO(name.encode()), name) for name in names])


def lies(street: StreetFolder) -> set[str]:
    return {path.name for path in street.inbox.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", ["git~1", "GIT~1", "git~1 ", "git~1.", "Git~1. .", "git~1:a.csv"])
def test_a_name_that_git_takes_for_its_own(
    app: Flask, browser: FlaskClient, street: StreetFolder, name: str
) -> None:
    """On the disk of the inbox it would be, and in no commit: nothing could be done any more."""
    page = put(browser, name)
    assert (NOTHING_CHANGED in page, "不能用，请改名再放" in page) == (True, True)
    with pytest.raises(Refused, match="请改名再放"):
        inbox_keeping.put(street, "", {name: b"1"})
    assert lies(street) == set()
    assert "已放入 2 个文件" in put(browser, "git~2", "git~1.csv")
    assert office_of(app).acts.log.unended() == []


@pytest.mark.parametrize("button", ["out", "import"])
def test_a_file_that_others_took_first(
    app: Flask, browser: FlaskClient, street: StreetFolder, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    """Between the page's look at the inbox and one's turn; then nothing of the others is done either."""
    put(browser, "x.csv", "y.csv", "z.csv")
    look = inbox._chosen

    def looked(folder: StreetFolder, names: Sequence[str]) -> list[Path]:
        found = look(folder, names)
        (street.inbox / "y.csv").rename(street.path / "y.csv")
        return found

    monkeypatch.setattr(inbox, "_chosen", looked)
    page = press(browser, button, file=["x.csv", "y.csv", "z.csv"], reason="放错")
    assert "收件夹里已经没有“y.csv”，可能刚被别人移出，请刷新页面后再做" in page
    assert NOTHING_CHANGED in page
    assert lies(street) == {"x.csv", "z.csv"}
    newest = office_of(app).acts.log.search(Asked(action="import"), 1)[0]
    assert newest.phase == "refused"


@pytest.fixture
def unkept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts are done, and git fails."""
    end = Acts._end

    def failing(self: Acts, *given: Any) -> None:
        if "done" in given:
            raise GitFailed("no space left on device")
        end(self, *given)

    monkeypatch.setattr(Acts, "_end", failing)


@pytest.mark.usefixtures("unkept")
def test_what_is_done_is_not_said_to_have_changed_nothing(browser: FlaskClient, street: StreetFolder) -> None:
    page = put(browser, "a.csv")
    assert (NOT_KEPT in page, NOTHING_CHANGED in page) == (True, False)
    assert lies(street) == {"a.csv"}


@pytest.mark.usefixtures("unkept")
def test_a_question_that_was_asked_is_not_said_to_have_changed_nothing(app: Flask, street: StreetFolder) -> None:
    browser = client_as(app, "C0001R1")
    token = browser.environ_base.pop("HTTP_X_JIEZHANG_TOKEN")
    given = {"token": token, "doing": "new", "text": "广告费怎么少了"}
    answer = browser.post("/jiezhang/c0001/questions/ask", data=given, headers=ORIGIN)
    assert (answer.status_code, NOT_KEPT in answer.text, NOTHING_CHANGED in answer.text) == (422, True, False)
    assert len(read_questions(street.compound("C0001"))) == 1
    assert "maxlength=\"500\" required>广告费怎么少了" not in answer.text, "it would be sent twice"
