"""收件夹: files are dropped and imported, all or nothing, by the bookkeeper."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sealed_street import copy_of

from jiezhang.book.layout import StreetFolder
from jiezhang.office.operation_log import Asked
from jiezhang.web import guard
from tests.signed_in import ORIGIN, client_as, office_of, open_app

INBOX, PUT, IMPORT = "/jiezhang/inbox", "/jiezhang/inbox/put", "/jiezhang/inbox/import"


@pytest.fixture
def street(sealed_once: StreetFolder, tmp_path: Path) -> StreetFolder:
    return copy_of(sealed_once, tmp_path / "street")


@pytest.fixture
def app(street: StreetFolder) -> Flask:
    return open_app(street)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return client_as(app, "K01")


def token(browser: FlaskClient) -> str:
    return str(browser.environ_base["HTTP_X_JIEZHANG_TOKEN"])


def put(
    browser: FlaskClient, *files: tuple[str, bytes], compound: str = "", given: str | None = None
) -> tuple[int, str]:
    data = {
        "token": token(browser) if given is None else given, "compound": compound,
        "files": [(io.BytesIO(content), name) for name, content in files],
    }  # fmt: skip
    answer = browser.post(PUT, data=data, content_type="multipart/form-data", headers=ORIGIN)
    return answer.status_code, answer.text


def take(browser: FlaskClient, *names: str) -> tuple[int, str]:
    answer = browser.post(IMPORT, data={"token": token(browser), "file": list(names)}, headers=ORIGIN)
    return answer.status_code, answer.text


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
        status, page = put(browser, (name, content), compound=code)
        assert (status, "已放入 1 个文件" in page) == (200, True)
    assert "1 个原来就有" in put(browser, (files[0][0], files[0][1]), compound=files[0][2])[1]
    names = [path.relative_to(street.inbox).as_posix() for path in statements(street)]
    status, page = take(browser, *names)
    assert (status, f"读取 {len(names)} 个文件" in page) == (200, True), page
    assert "没有等待导入的文件" in browser.get(INBOX).text
    done = [one for one in office_of(app).told.log.search(Asked(action="import"), None) if one.phase == "done"]
    assert (done[0].person, done[0].commit_id != "") == ("K01", True)
    assert "余额全部验证相符" in done[0].result


def test_one_bad_file_and_nothing_is_imported(browser: FlaskClient, street: StreetFolder) -> None:
    put(browser, ("坏.csv", b"not a statement"))
    before = snapshot(street)
    names = [path.relative_to(street.inbox).as_posix() for path in statements(street)]
    status, page = take(browser, *names)
    assert (status, "坏.csv：认不出这是哪家银行的对账单" in page) == (422, True)
    assert snapshot(street) == before


@pytest.mark.parametrize(
    ("files", "compound", "status", "said"),
    [
        ([], "", 422, "没有选文件"),
        ([("a.csv", b"")], "", 422, "“a.csv”是空文件"),
        ([("a.csv", b"1"), ("a.csv", b"2")], "", 422, "一次放了两个名为“a.csv”的文件"),
        ([(".htaccess", b"1")], "", 422, "不能用，请改名再放"),
        ([("长" * 80 + ".csv", b"1")], "", 422, "不能用，请改名再放"),
        ([("../../street.toml", b"1")], "", 200, "已放入 1 个文件"),
        ([("C:\\Users\\x\\a.csv", b"1")], "", 200, "已放入 1 个文件"),
        ([("a.csv", b"1")], "C0099", 422, "没有小区 C0099"),
        ([("a.csv", b"1")], "../x", 422, "没有小区 ../x"),
    ],
)
def test_what_may_be_dropped(
    browser: FlaskClient, street: StreetFolder, files: list[tuple[str, bytes]], compound: str, status: int, said: str
) -> None:
    """A name that leads elsewhere stays in the inbox; nothing else of the street changes."""
    before = snapshot(street)
    answered, page = put(browser, *files, compound=compound)
    assert (answered, said in page) == (status, True), page
    new = set(snapshot(street)) - set(before)
    assert {name.partition("/")[0] for name in new} <= {"inbox"}
    assert {name: content for name, content in snapshot(street).items() if name in before} == before


def test_one_name_with_another_content(browser: FlaskClient) -> None:
    assert put(browser, ("a.csv", b"1"))[0] == 200
    status, page = put(browser, ("a.csv", b"2"))
    assert (status, "收件夹里已有名为“a.csv”的文件，内容不同，请改名再放" in page) == (422, True)


@pytest.mark.parametrize(
    ("names", "said"), [([], "没有选中文件"), (["../street.toml"], "收件夹里没有“../street.toml”")]
)
def test_only_what_lies_there_is_imported(browser: FlaskClient, names: list[str], said: str) -> None:
    status, page = take(browser, *names)
    assert (status, said in page) == (422, True)


def test_without_the_pages_secret_nothing_is_done(browser: FlaskClient, street: StreetFolder) -> None:
    before = snapshot(street)
    assert put(browser, ("a.csv", b"1"), given="x" * 43)[0] == 403
    assert browser.post(IMPORT, data={"file": "x"}, headers=ORIGIN).status_code == 403
    assert snapshot(street) == before


def test_too_much_at_once(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(browser, ("a.csv", b"1" * 300_000))[0] == 200, "more than any other request may hold"
    monkeypatch.setattr(guard, "UPLOAD_BYTES_MAX", 400_000)
    assert put(browser, ("b.csv", b"1" * 400_000))[0] == 413


def test_names_are_shown_as_text(browser: FlaskClient) -> None:
    put(browser, ("<img src=x>.csv", b"1"))
    assert "<img" not in browser.get(INBOX).text


