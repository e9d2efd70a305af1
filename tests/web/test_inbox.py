"""收件夹: files are dropped and imported, all or nothing, by the bookkeeper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jiezhang.book.layout import StreetFolder
from jiezhang.office.operation_log import Asked, Operation
from jiezhang.street import inbox_keeping
from jiezhang.web import guard
from tests.signed_in import ORIGIN, client_as, office_of

INBOX, PUT, IMPORT, OUT = (f"/jiezhang/inbox{button}" for button in ("", "/put", "/import", "/out"))


@pytest.fixture
def street(sealed: StreetFolder) -> StreetFolder:
    return sealed


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return client_as(app, "K01")


def token(browser: FlaskClient) -> str:
    return str(browser.environ_base["HTTP_X_JIEZHANG_TOKEN"])


def led_on(browser: FlaskClient, answer: TestResponse) -> tuple[bool, str]:
    """Whether what was sent was done, and the page that the answer leads to; reading it again sends nothing again."""
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert page.status_code == 200
    return "没有办成，没有做任何改动" not in page.text, page.text


def put(
    browser: FlaskClient, *files: tuple[str, bytes], compound: str = ""
) -> tuple[bool, str]:
    data = {
        "token": token(browser), "compound": compound,
        "files": [(io.BytesIO(content), name) for name, content in files],
    }  # fmt: skip
    return led_on(browser, browser.post(PUT, data=data, content_type="multipart/form-data", headers=ORIGIN))


def take(browser: FlaskClient, *names: str) -> tuple[bool, str]:
    data = {"token": token(browser), "file": list(names)}
    return led_on(browser, browser.post(IMPORT, data=data, headers=ORIGIN))


def take_out(browser: FlaskClient, *names: str, reason: str = "不是对账单") -> tuple[bool, str]:
    data = {"token": token(browser), "file": list(names), "reason": reason}
    return led_on(browser, browser.post(OUT, data=data, headers=ORIGIN))


def logged(app: Flask) -> list[Operation]:
    """What was done with the inbox, the newest first."""
    return [one for one in office_of(app).told.log.search(Asked(action="import"), None) if one.phase == "done"]


def ticked(page: str) -> set[str]:
    """The files that are ticked when the page opens."""
    return set(re.findall(r'name="file" value="([^"]+)"[^>]* checked', page))


def statements(street: StreetFolder) -> list[Path]:
    """October's files, which wait in the sample's inbox."""
    return sorted(path for path in street.inbox.rglob("*") if path.is_file())


def snapshot(street: StreetFolder) -> dict[str, bytes]:
    return {
        path.relative_to(street.path).as_posix(): path.read_bytes()
        for path in street.path.rglob("*")
        if path.is_file() and ".git" not in path.parts and not path.name.startswith(".")
    }


def test_files_are_dropped_and_imported(browser: FlaskClient, app: Flask, street: StreetFolder) -> None:
    files = [(path.name, path.read_bytes(), path.parent.name) for path in statements(street)]
    assert files
    for path in statements(street):
        path.unlink()
    for name, content, code in files:
        done, page = put(browser, (name, content), compound=code)
        assert (done, "已放入 1 个文件" in page) == (True, True)
    assert "1 个原来就有" in put(browser, (files[0][0], files[0][1]), compound=files[0][2])[1]
    names = [path.relative_to(street.inbox).as_posix() for path in statements(street)]
    done, page = take(browser, *names)
    assert (done, f"读取 {len(names)} 个文件" in page) == (True, True), page
    assert "没有等待导入的文件" in browser.get(INBOX).text
    rows = logged(app)
    assert (rows[0].person, rows[0].commit_id != "") == ("K01", True)
    assert "余额全部验证相符" in rows[0].result


def test_one_bad_file_and_nothing_is_imported(browser: FlaskClient, street: StreetFolder) -> None:
    put(browser, ("坏.csv", b"not a statement"))
    before = snapshot(street)
    names = [path.relative_to(street.inbox).as_posix() for path in statements(street)]
    done, page = take(browser, *names)
    assert (done, "坏.csv：认不出这是哪家银行的对账单" in page) == (False, True)
    assert snapshot(street) == before
    assert ticked(page) == {"坏.csv"}, "what is moved out next is not what was right"
    assert ticked(browser.get(INBOX).text) == set(names)


def test_one_bad_name_and_nothing_is_put(browser: FlaskClient, street: StreetFolder) -> None:
    before = snapshot(street)
    long = "长" * 80 + ".csv"
    done, page = put(browser, ("一.csv", b"1"), (long, b"2"), ("三.csv", b"3"), (".四.csv", b"4"))
    assert (done, snapshot(street) == before) == (False, True)
    assert f"文件名“{long[:40]}…”太长（244 字节，最多 150 字节，约 50 个汉字），请改短再放；" in page
    assert "；文件名“.四.csv”不能用，请改名再放" in page
    assert "一起选的 4 个文件一个也没有放入" in page
    assert put(browser, ("一.csv", b"1"))[0]


def test_a_compound_is_shown_with_its_name(browser: FlaskClient) -> None:
    put(browser, ("别的.csv", b"1"))
    page = browser.get(INBOX).text
    assert '<td>C0001 甲子花园</td>' in page
    assert '<option value="C0001">C0001 甲子花园</option>' in page
    assert '别的.csv</td><td>—</td>' in page


@pytest.mark.parametrize(
    ("files", "compound", "done", "said"),
    [
        ([], "", False, "没有选文件"),
        ([("a.csv", b"")], "", False, "“a.csv”是空文件"),
        ([("a.csv", b"1"), ("a.csv", b"2")], "", False, "一次放了两个名为“a.csv”的文件"),
        ([(".htaccess", b"1")], "", False, "不能用，请改名再放"),
        ([("长" * 80 + ".csv", b"1")], "", False, "”太长（244 字节，最多 150 字节，约 50 个汉字），请改短再放"),
        ([("a\u202efdp.csv", b"1")], "", False, "“afdp.csv”不能用，请改名再放"),
        ([("a\u2028b.csv", b"1")], "", False, "“a b.csv”不能用，请改名再放"),
        ([("a\u200bb.csv", b"1")], "", False, "“ab.csv”不能用，请改名再放"),
        ([("a\x7fb.csv", b"1")], "", False, "“ab.csv”不能用，请改名再放"),
        ([("a\ue000.csv", b"1")], "", False, "不能用，请改名再放"),
        ([("10 月　对账单（1）.csv", b"1")], "", True, "已放入 1 个文件"),
        ([("Thumbs.db", b"1")], "", False, "“Thumbs.db”是文件夹或临时文件的名字"),
        ([("~$a.xlsx", b"1")], "", False, "是文件夹或临时文件的名字，请改名再放"),
        ([("C0001", b"1")], "", False, "“C0001”是文件夹或临时文件的名字，请改名再放"),
        ([("c0001", b"1")], "", False, "“c0001”是文件夹或临时文件的名字，请改名再放"),
        ([("../../street.toml", b"1")], "", True, "已放入 1 个文件"),
        ([("C:\\Users\\x\\a.csv", b"1")], "", True, "已放入 1 个文件"),
        ([("a.csv", b"1")], "C0099", False, "没有小区 C0099"),
        ([("a.csv", b"1")], "../x", False, "没有小区 ../x"),
    ],
)
def test_what_may_be_dropped(
    browser: FlaskClient, street: StreetFolder, files: list[tuple[str, bytes]], compound: str, done: bool, said: str
) -> None:
    """A name that leads elsewhere stays in the inbox; nothing else of the street changes."""
    before = snapshot(street)
    was_done, page = put(browser, *files, compound=compound)
    assert (was_done, said in page) == (done, True), page
    new = set(snapshot(street)) - set(before)
    assert {name.partition("/")[0] for name in new} <= {"inbox"}
    assert {name: content for name, content in snapshot(street).items() if name in before} == before


def test_one_name_with_another_content(browser: FlaskClient) -> None:
    assert put(browser, ("a.csv", b"1"))[0]
    done, page = put(browser, ("a.csv", b"2"))
    assert (done, "收件夹里已有名为“a.csv”的文件，内容不同，请改名再放" in page) == (False, True)


@pytest.mark.parametrize(
    ("names", "said"), [([], "没有选中文件"), (["../street.toml"], "收件夹里没有“../street.toml”")]
)
@pytest.mark.parametrize("button", [take, take_out])
def test_only_what_lies_there_is_touched(
    browser: FlaskClient, street: StreetFolder, button: Callable[..., tuple[bool, str]], names: list[str], said: str
) -> None:
    before = snapshot(street)
    done, page = button(browser, *names)
    assert (done, said in page) == (False, True)
    assert snapshot(street) == before


def test_without_the_pages_secret_nothing_is_done(browser: FlaskClient, street: StreetFolder) -> None:
    before = snapshot(street)
    for button in (PUT, IMPORT, OUT):
        for data in ({"file": "x"}, {"file": "x", "token": "x" * 43}):
            assert browser.post(button, data=data, headers=ORIGIN).status_code == 403
    assert snapshot(street) == before


def test_too_much_at_once(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(browser, ("a.csv", b"1" * 300_000))[0], "more than any other request may hold"
    monkeypatch.setattr(guard, "UPLOAD_BYTES_MAX", 400_000)
    data = {"token": token(browser), "files": [(io.BytesIO(b"1" * 400_000), "b.csv")]}
    assert browser.post(PUT, data=data, content_type="multipart/form-data", headers=ORIGIN).status_code == 413


def test_names_are_shown_as_text(browser: FlaskClient) -> None:
    put(browser, ("<img src=x>.csv", b"1"))
    assert "<img" not in browser.get(INBOX).text


def test_a_wrong_file_is_moved_aside(app: Flask, browser: FlaskClient, street: StreetFolder) -> None:
    """Nothing is deleted: who, when and why stand in the log and in the commit, the file in `set-aside`."""
    put(browser, ("错.csv", b"wrong"), compound="C0001")
    kept = statements(street)
    done, page = take_out(browser, "C0001/错.csv", reason=" 别的街道的 ")
    assert (done, "已移出 1 个文件，放在移出文件夹的 2" in page) == (True, True)
    assert statements(street) == [path for path in kept if path.name != "错.csv"]
    (moved,) = street.set_aside.rglob("*.csv")
    assert (moved.parent.name, moved.read_bytes()) == ("C0001", b"wrong")
    row = logged(app)[0]
    assert (row.person, row.content) == ("K01", "移出收件夹：错.csv；原因：别的街道的")
    assert row.result == f"移到移出文件夹的 {moved.parent.parent.name}"
    assert row.commit_id
    assert "错.csv" not in browser.get(INBOX).text


def test_two_files_of_one_name_are_both_kept(
    app: Flask, browser: FlaskClient, street: StreetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they were moved in one second."""
    for content in (b"1", b"2"):
        put(browser, ("a.csv", content))
        assert take_out(browser, "a.csv")[0]
    assert sorted(path.read_bytes() for path in street.set_aside.rglob("a.csv")) == [b"1", b"2"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "移出收件夹须写明原因"),
        (" \u200b ", "移出收件夹须写明原因"),
        ("<b>", "原因里有不能使用的字符，或者太长"),
        ("长" * 201, "原因里有不能使用的字符，或者太长"),
    ],
)
def test_why_must_be_said(browser: FlaskClient, street: StreetFolder, reason: str, said: str) -> None:
    name = statements(street)[0].relative_to(street.inbox).as_posix()
    before = snapshot(street)
    done, page = take_out(browser, name, reason=reason)
    assert (done, said in page) == (False, True)
    assert snapshot(street) == before


def test_a_file_where_a_compounds_folder_would_be(browser: FlaskClient, street: StreetFolder) -> None:
    """Somebody with a file manager may have put it there."""
    for path in statements(street):
        path.unlink()
    for folder in sorted((path for path in street.inbox.rglob("*")), reverse=True):
        folder.rmdir()
    name = street.compound("C0001").path.name
    (street.inbox / name).write_bytes(b"1")
    done, page = put(browser, ("a.csv", b"1"), compound="C0001")
    assert (done, f"收件夹里有一个文件占了小区文件夹的名字“{name}”，请先移出" in page) == (False, True)
    assert take_out(browser, name)[0]
    assert put(browser, ("a.csv", b"1"), compound="C0001")[0]


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("FILES_MAX", 4, "收件夹里已有 3 个文件，最多 4 个，请先把已经导入的移出"),
        ("BYTES_MAX", 1024**2, "收件夹最多放 1 MB，这次放不下，请先把已经导入的移出"),
    ],
)
def test_the_inbox_is_not_endless(
    browser: FlaskClient, street: StreetFolder, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    for path in statements(street):
        path.unlink()
    monkeypatch.setattr(inbox_keeping, limit, most)
    one = b"1" * 340_000
    for number in (1, 2, 3):
        assert put(browser, (f"{number}.csv", one))[0]
    done, page = put(browser, ("4.csv", one), ("5.csv", b"5"))
    assert (done, said in page) == (False, True), page
    assert len(statements(street)) == 3
    assert put(browser, ("1.csv", one), ("4.csv", b"1"))[0], "what is there already needs no room"
    assert take_out(browser, "1.csv")[0]
    assert put(browser, ("5.csv", b"5"))[0]


def test_an_answer_is_its_senders(app: Flask, browser: FlaskClient) -> None:
    data = {"token": token(browser), "files": [(io.BytesIO(b"1"), "a.csv")]}
    answer = browser.post(PUT, data=data, content_type="multipart/form-data", headers=ORIGIN)
    for reader, seen in ((browser, True), (browser, True), (client_as(app, "K02"), False)):
        assert ("已放入 1 个文件" in reader.get(answer.location).text) is seen
    assert "已放入" not in browser.get(f"{INBOX}?done=x").text


def test_a_link_that_leads_nowhere(browser: FlaskClient, street: StreetFolder) -> None:
    (street.inbox / "断.csv").symlink_to(street.path / "nothing")
    assert "断.csv：这个链接指向的文件不存在" in browser.get(INBOX).text
