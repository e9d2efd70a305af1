"""What waits in the inbox is told on the pages of the month, before anybody closes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sealed_street
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, PAGE
from sealed_street import NEXT, POSTER, SEED, present, sign_all
from signing_hand import press_and_sign

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.period import Month
from jiezhang.street.sample.officers import private_key
from jiezhang.web import inbox_waiting
from jiezhang.web.inbox_waiting import inbox_said
from tests.signed_in import client_as, open_app

OCTOBER = Month(2026, 10)
PARTIES = "/c0001/extension/PartiesPage/?month=2026-10"


def drop(street: StreetFolder, name: str, content: bytes = b"not a statement") -> Path:
    path = street.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("address", [PAGE, PARTIES])
def test_an_unreadable_file_is_told(app: Flask, street: StreetFolder, client: FlaskClient, address: str) -> None:
    """Its name to who may see the inbox, that there is one to everybody."""
    said = "收件夹里有 1 个文件认不出是哪个小区的，没有导入"
    assert "收件夹里" not in client.get(address).text
    file = drop(street, "别的表.csv")
    for person, named in ((MAKER, True), ("T01", False)):
        page = client_as(app, person).get(address).text
        told = said in page, "别的表.csv：认不出" in page, '"/jiezhang/inbox" data-remote' in page
        assert told == (True, named, named)
    file.unlink()
    assert "收件夹里" not in client.get(address).text


def test_another_compounds_file_is_not_ours(street: StreetFolder, client: FlaskClient) -> None:
    drop(street, "C0002/别的表.csv")
    assert "收件夹里" not in client.get(PAGE).text
    assert inbox_said(street.compound("C0002"), OCTOBER).unknown[0][0] == "别的表.csv"


def test_a_statement_that_nobody_imported(sealed: StreetFolder) -> None:
    """October's wait in the sample's inbox."""
    folder = sealed.compound("C0001")
    months = [Month(2026, month) for month in (8, 9, 10)]
    names = {str(month): inbox_said(folder, month).statements for month in months}
    waiting = sorted(path.name for path in sealed.inbox.rglob("*") if path.is_file() and "C0001" in str(path))
    assert [name for month in names.values() for name in month] == waiting
    assert waiting


def test_a_page_reads_so_many_and_no_more(
    street: StreetFolder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_waiting, "READ_MAX", 2)
    for number in range(3):
        drop(street, f"{number}.csv", b"%d" % number)
    assert "收件夹里有 3 个文件还没有导入。" in client.get(PAGE).text


def test_a_link_that_leads_nowhere(street: StreetFolder, client: FlaskClient) -> None:
    drop(street, "x.csv").unlink()
    (street.inbox / "断.csv").symlink_to(street.path / "nothing")
    drop(street, "好.csv")
    assert "断.csv：这个链接指向的文件不存在" in client.get(PAGE).text


def test_without_a_statement_nothing_is_called_done(client: FlaskClient) -> None:
    """A month that has no statement of an account may lack any number of rows."""
    for month in ("2026-09", "2026-10"):
        page = client.get(f"{PAGE}?month={month}").text
        assert "都已过账" not in page
    page = client.get(f"{PAGE}?month=2026-09").text
    assert "公共收益 · 1002银行存款-工行3021 还没有 2026-09 的对账单" in page
    assert ("没有对账单</a>" in page, "没有待处理流水" in page) == (True, False)


def test_with_its_statements_a_month_is_done(sealed: StreetFolder) -> None:
    page = client_as(open_app(sealed), "K01").get(f"{PAGE}?month=2026-07").text
    assert '<p class="jz-good">2026-07 的流水都已过账。</p>' in page
    assert "没有对账单" not in page


def test_closing_tells_of_what_nobody_can_read(sealed: StreetFolder) -> None:
    """As the command does: the month is closed, and the sentence says what was left out."""
    present(sealed, "C0001")
    sign_all(sealed)
    drop(sealed, "别的表.csv")
    browser = open_app(sealed).test_client()
    answer, _ = press_and_sign(
        browser, sealed_street.PARTIES, "close", POSTER, private_key(SEED, POSTER), month=str(NEXT)
    )
    assert answer.json is not None
    assert answer.json["message"].endswith("；提醒：收件夹里有 1 个文件认不出是哪个小区的，没有导入")
