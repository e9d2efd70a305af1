"""Inside Fava too, whoever is signed in sees who they are and can leave; in a demonstration, be somebody else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from little_street import MAKER, ORIGIN

from jiezhang.book.layout import StreetFolder
from jiezhang.office.accounts import Accounts
from tests.signed_in import client_as, office_of, open_app

PAGES = (
    "balance_sheet/", "journal/", "query/", "account/Assets/", "help/", "errors/", "extension/MonthPage/",
    "extension/VouchersPage/", "extension/DecisionsPage/", "extension/PartiesPage/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_who_is_signed_in_and_lets_them_leave(app: Flask, page: str) -> None:
    client = client_as(app, MAKER)
    text = client.get(f"/c0001/{page}").text
    bar = text.partition('class="jz-bar"')[2].partition("<article>")[0]
    assert MAKER in bar
    assert "jz-demo" not in bar
    token = re.search(r'name="token" value="([^"]+)"', bar)
    assert token is not None
    left = client.post("/jiezhang/sign-out", data={"token": token[1]}, headers=ORIGIN)
    assert (left.status_code, client.get(f"/c0001/{page}").status_code) == (303, 303)


def test_what_fava_asks_for_later_has_no_second_bar(app: Flask) -> None:
    text = client_as(app, MAKER).get("/c0001/extension/MonthPage/?partial=true").text
    assert 'data-page="month"' in text
    assert 'class="jz-bar"' not in text


def test_in_a_demonstration_everybody_is_one_click_away(street: StreetFolder) -> None:
    app = open_app(street, demo=MAKER)
    client = client_as(app, MAKER)
    text = client.get("/c0001/balance_sheet/").text
    bar = text.partition('class="jz-bar"')[2].partition("<article>")[0]
    token = re.findall(r'name="token" value="([^"]+)"', bar)[-1]
    people = re.findall(r'name="person" value="([^"]+)"', bar)
    assert len(people) > 1
    assert "示例里由程序代签" in bar
    other = next(one for one in people if one != MAKER)
    client_as(app, other)  # who has an account
    changed = client.post("/jiezhang/demo", data={"token": token, "person": other}, headers=ORIGIN)
    assert (changed.status_code, f"<span>{other} " in client.get("/jiezhang/desk").text) == (303, True)


def test_who_has_a_password_can_change_it_from_everywhere(app: Flask, street: StreetFolder) -> None:
    link = '<a href="/jiezhang/password" data-remote>改密码</a>'
    client = client_as(app, MAKER)
    pages = ("/jiezhang/desk", "/c0001/journal/")
    assert not [page for page in pages if link in client.get(page).text], "who comes by the office's own service"
    Accounts(office_of(app).serving.home).set_password(MAKER, "白日依山尽 黄河入海流", office_of(app).serving.now())
    client = client_as(app, MAKER)
    assert [page for page in pages if link in client.get(page).text] == list(pages)
    shown = client.get("/jiezhang/password").text
    assert ("<h2>改密码</h2>" in shown, "第一次登录" in shown) == (True, False)
    played = client_as(open_app(street, demo=MAKER), MAKER)
    assert not [page for page in pages if link in played.get(page).text]


@pytest.mark.parametrize("page", ["/nothing/here/", "/c0001/editor/", "/c0001/extension/MonthPage/?month=2026-13"])
def test_a_page_that_says_one_sentence_leads_back(app: Flask, page: str) -> None:
    answer = client_as(app, MAKER).get(page)
    assert (answer.status_code >= 400, '<a href="/jiezhang/desk">我的工作台</a>' in answer.text) == (True, True)
