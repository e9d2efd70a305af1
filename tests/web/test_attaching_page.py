"""Originals dropped on a row of the page 本月: kept, cited, counted; refused as the command refuses."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO

import pytest
from asking import CLEANING, COST, complete, press
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, ORIGIN, PAGE, REVIEWER, STRANGER

from jiezhang.book.layout import StreetFolder
from tests.signed_in import client_as

DOOR = "/jiezhang/c0001/attach"
INVOICE = b"%PDF-1.7 invoice 0001"


def drop(browser: FlaskClient, *files: tuple[str, bytes], door: str = DOOR, **row: str) -> tuple[int, str]:
    """Drop files on a row, as the page's script does; the status and the sentence."""
    data = {"month": "2026-10", "version": "", "seen": "0", **CLEANING, **row}
    sent = {**data, "files": [(BytesIO(content), name) for name, content in files]}
    headers = {**ORIGIN, "Accept": "application/json"}
    answer = browser.post(door, data=sent, headers=headers, content_type="multipart/form-data")
    assert answer.json is not None
    return answer.status_code, answer.json["message"]


def kept(street: StreetFolder) -> list[str]:
    folder = street.compound("C0001").path / "documents"
    return sorted(path.name for path in folder.glob("[!.]*")) if folder.is_dir() else []


def originals(browser: FlaskClient) -> str:
    """What the page says of the row's originals."""
    row = browser.get(PAGE).text.partition(f'data-ref="{CLEANING["ref"]}"')[2].partition("</tbody>")[0]
    return "".join(re.findall(r"原件 (\d+) 件", row))


def test_two_files_on_a_row(client: FlaskClient, street: StreetFolder, app: Flask) -> None:
    """The bank's own row is none of them; after reviewing nothing more can be dropped."""
    complete(client, {**CLEANING, "other": COST})
    assert originals(client) == ""
    assert "没有附原件" in client.get(PAGE).text
    assert drop(client, ("发票 1.pdf", INVOICE), ("合同.pdf", b"%PDF contract")) == (
        200, "已附 2 个文件，凭证的附件连同银行流水共 3 件",
    )  # fmt: skip
    assert originals(client) == "2"
    assert f"{sha256(INVOICE).hexdigest()[:12]}-发票_1.pdf" in kept(street)
    assert "附单据：发票 1.pdf、合同.pdf" in client_as(app, "T01").get("/jiezhang/log").text
    press(client, "review", REVIEWER)
    browser = client_as(app, MAKER)
    status, said = drop(browser, ("三.pdf", b"3"))
    assert (status, "已经复核，须重新补录以后才能加附件" in said) == (422, True)
    row = browser.get(PAGE).text.partition(f'data-ref="{CLEANING["ref"]}"')[2].partition("</tbody>")[0]
    assert "jz-files" not in row


def test_before_anybody_says_what_the_row_is(client: FlaskClient) -> None:
    assert drop(client, ("发票.pdf", INVOICE))[0] == 200
    assert originals(client) == "1"


@pytest.mark.parametrize(
    ("files", "row", "said"),
    [
        ((), {}, "没有选文件"),
        ((("空.pdf", b""),), {}, "“空.pdf”是空文件"),
        (((".hidden", b"x"),), {}, "文件名“.hidden”不能用，请改名再放"),
        ((("a.beancount", b"x"),), {}, "附件不能是账簿文件"),
        ((("a.pdf", b"x"), ("b.pdf", b"x")), {}, "附件“b.pdf”已经附过"),
        ((("a.pdf", b"x"),), {"ref": "none"}, "账簿里没有流水或凭证"),
        ((("a.pdf", b"x"),), {"account": "", "ref": ""}, "账簿里没有流水或凭证"),
    ],
)
def test_what_is_refused(
    app: Flask, client: FlaskClient, street: StreetFolder, files: tuple[tuple[str, bytes], ...],
    row: dict[str, str], said: str,
) -> None:  # fmt: skip
    status, sentence = drop(client, *files, **row)
    assert (status, said in sentence) == (422, True), sentence
    log = client_as(app, "T01").get("/jiezhang/log").text
    assert "/tmp" not in sentence + log, "where the file lay for a moment is nobody's business"
    assert not kept(street)


def test_a_name_leads_nowhere(client: FlaskClient, street: StreetFolder) -> None:
    assert drop(client, ("..\\..\\x/../../evil.pdf", b"x"))[0] == 200
    assert kept(street) == [f"{sha256(b'x').hexdigest()[:12]}-evil.pdf"]


@pytest.mark.parametrize(
    ("person", "door", "status"),
    [(REVIEWER, DOOR, 403), (STRANGER, DOOR, 403), ("Y01", DOOR, 403), (MAKER, "/jiezhang/c0002/attach", 422)],
)
def test_who_may_not(app: Flask, street: StreetFolder, person: str, door: str, status: int) -> None:
    """The last is another compound's row, which the maker serves, and which does not have it."""
    assert drop(client_as(app, person), ("a.pdf", b"x"), door=door)[0] == status
    assert not kept(street)


def test_without_the_sessions_token(client: FlaskClient, street: StreetFolder) -> None:
    client.environ_base["HTTP_X_JIEZHANG_TOKEN"] = "x" * 43
    assert drop(client, ("a.pdf", b"x"))[0] == 403
    assert not kept(street)


def test_only_makers_see_where_to_drop(app: Flask, client: FlaskClient) -> None:
    assert 'class="jz-files"' in client.get(PAGE).text
    assert 'class="jz-files"' not in client_as(app, REVIEWER).get(PAGE).text


def test_signed_out_a_script_is_told_so(app: Flask) -> None:
    """In the shape that scripts read, though it was a form."""
    headers = {**ORIGIN, "Accept": "application/json"}
    answer = app.test_client().post(DOOR, data={"files": (BytesIO(b"x"), "a")}, headers=headers)
    assert answer.json is not None
    assert (answer.status_code, answer.json["kind"]) == (401, "sign_in")
