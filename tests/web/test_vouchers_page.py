"""The page 凭证: one person reviews what another made, a third posts it, and nothing they did not see."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asking import CLEANING, COST, INCOME, complete, digests, press, version
from flask import Flask
from flask.testing import FlaskClient
from little_street import (
    MAKER,
    MONTH_FILE,
    ORIGIN,
    PAGE,
    POSTER,
    REVIEWER,
    STRANGER,
    VOUCHERS,
    bank,
    give_key,
)

from jiezhang.book.layout import StreetFolder
from tests.signed_in import client_as, sign_in


@pytest.fixture
def entered(client: FlaskClient) -> FlaskClient:
    """Two vouchers entered, one row that nobody knows."""
    assert complete(client, {**CLEANING, "other": COST, "invoice": "0012"})[0] == 200
    return client


def test_the_page(entered: FlaskClient) -> None:
    page = entered.get(VOUCHERS).text
    for said in (
        "C0001 甲子花园 · 2026-10 凭证",
        "待查明 1 笔",
        "待复核（2 张）",
        "没有等待过账的凭证。",
        "示例传媒有限公司",
        "公共收益 · 4002电梯广告",
        "1,200.00",
        "K01 代理会计1号",
        "发票 1 张",
        '<a href="../DecisionsPage/?code=R2026-00&amp;month=2026-10">R2026-00</a>',
        'data-person="K01"',
    ):
        assert said in page.replace("00&month", "00&amp;month"), said
    assert "F09" not in page, "a reviewer of another compound"
    assert "<script>" not in page
    assert len(digests(entered, "entered")) == 2


def test_a_month_from_entered_to_posted(entered: FlaskClient, month_file: Path) -> None:
    assert press(entered, "review", REVIEWER) == (200, "已复核 2 张，1 笔待查明")
    page = entered.get(VOUCHERS).text
    assert ("待过账（2 张）" in page, "没有等待复核的凭证。" in page) == (True, True)
    assert press(entered, "post", POSTER) == (200, "已过账 2 张，1 笔待查明")
    page = entered.get(VOUCHERS).text
    assert "已过账凭证（2 张）" in page
    shown = page.partition('id="jz-posted"')[2]
    for said in ("记-0001", "记-0002", "公共收益 · 5001经营成本", "<span>F01 复核员</span>", "<span>T01 负责人</span>"):
        assert said in shown, said
    assert month_file.read_text("utf-8").count('poster: "T01"') == 2


def test_only_what_was_ticked(entered: FlaskClient, month_file: Path) -> None:
    first, second = digests(entered, "entered")
    assert press(entered, "review", REVIEWER, everything=False, vouchers=[second])[0] == 200
    assert digests(entered, "entered") == [first]
    assert press(entered, "post", POSTER, everything=False, vouchers=[second]) == (
        200, "已过账 1 张，1 张待复核，1 笔待查明",
    )  # fmt: skip
    assert "2026-10-03 !" in month_file.read_text("utf-8")
    assert "2026-10-05 *" in month_file.read_text("utf-8")


@pytest.mark.parametrize(
    ("button", "actor", "more", "status", "message"),
    [
        ("review", MAKER, {}, 403, "K01 代理会计1号（代理会计）不能复核"),
        ("review", STRANGER, {}, 403, "F09 别区复核员（街道复核员）不能复核"),
        ("review", REVIEWER, {"everything": False}, 422, "没有选中可以复核的凭证"),
        ("review", REVIEWER, {"everything": False, "vouchers": ["ab" * 32]}, 422, "没有选中可以复核的凭证"),
        ("post", POSTER, {}, 422, "没有选中可以过账的凭证"),  # nothing is reviewed yet
        ("review", REVIEWER, {"version": "0" * 16}, 409, "账簿在打开本页之后有了改动"),
        ("review", REVIEWER, {"month": "2026-11"}, 422, "没有选中可以复核的凭证"),
        ("review", REVIEWER, {"month": "十月"}, 400, "请求写法有误"),
        ("review", REVIEWER, {"vouchers": ["x"]}, 400, "请求写法有误"),
        ("review", REVIEWER, {"vouchers": ["ab" * 32] * 3001}, 400, "请求写法有误"),
        ("review", REVIEWER, {"everything": "yes"}, 400, "请求写法有误"),
        ("review", REVIEWER, {"flag": "*"}, 400, "请求写法有误"),
        ("review", REVIEWER, {"seen": -1}, 400, "请求写法有误"),
        ("review", REVIEWER, {"actor_": MAKER}, 400, "请求写法有误"),
    ],
)
def test_what_is_not_done(
    entered: FlaskClient, month_file: Path, button: str, actor: Any, more: dict[str, Any], status: int, message: str
) -> None:
    before = month_file.read_bytes()
    found, said = press(entered, button, actor, **more)
    assert (found, said[: len(message)]) == (status, message)
    assert month_file.read_bytes() == before


@pytest.mark.parametrize(
    ("actor", "message"),
    [
        (REVIEWER, "F01 复核员（街道复核员）不能过账"),
        (POSTER, "街道已有人登记公钥，T01 负责人没有公钥，不能过账"),
    ],
)
def test_who_may_not_post(
    street: StreetFolder, entered: FlaskClient, month_file: Path, actor: str, message: str
) -> None:
    press(entered, "review", REVIEWER)
    give_key(street)
    before = month_file.read_bytes()
    status, said = press(entered, "post", actor)
    assert (status, said[: len(message)]) == (403 if actor == REVIEWER else 422, message)
    assert month_file.read_bytes() == before


def test_who_reviews_does_not_post(entered: FlaskClient) -> None:
    """T01 may do either, but not both on one voucher."""
    assert press(entered, "review", POSTER)[0] == 200
    assert "既复核又记账，须由另一人记账（会计法第25条）" in press(entered, "post", POSTER)[1]
    page = entered.get(VOUCHERS).text
    assert 'data-not-for="T01"' in page
    assert press(entered, "post", MAKER)[0] == 200


def test_the_vouchers_to_print(entered: FlaskClient, append: Callable[[str], None]) -> None:
    nothing = entered.get(f"{VOUCHERS}vouchers.pdf?month=2026-10")
    assert (nothing.status_code, "2026-10 还没有过账的凭证" in nothing.text) == (422, True)
    press(entered, "review", REVIEWER)
    press(entered, "post", POSTER)
    assert "./vouchers.pdf?month=2026-10" in entered.get(VOUCHERS).text
    answer = entered.get(f"{VOUCHERS}vouchers.pdf?month=2026-10")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]
    append(f"2026-10-30 balance {bank('C0001')} 1.00 CNY\n")
    wrong = entered.get(f"{VOUCHERS}vouchers.pdf?month=2026-10")
    assert (wrong.status_code, "账簿有 1 处错误，改正以后才能排印凭证" in wrong.text) == (422, True)
    assert entered.get(f"{VOUCHERS}vouchers.pdf?month=x").status_code == 400


def test_two_users_at_once(app: Flask, entered: FlaskClient, month_file: Path) -> None:
    """While one looks, the other changes what they look at: it is not reviewed unseen."""
    seen = version(entered, VOUCHERS)
    shown = digests(entered, "entered")
    other = client_as(app, MAKER)
    assert complete(other, {**CLEANING, "other": COST, "narration": "改过", "invoice": "0012"})[0] == 200
    assert press(entered, "review", REVIEWER, version=seen)[0] == 409
    assert press(entered, "review", REVIEWER, everything=False, vouchers=shown)[0] == 200
    left = digests(entered, "entered")
    assert len(left) == 1
    assert left[0] not in shown
    assert 'narration: "改过"' not in month_file.read_text("utf-8")
    reviewed = version(entered, VOUCHERS)
    assert press(other, "post", POSTER, version=reviewed)[0] == 200
    assert press(entered, "post", POSTER, version=reviewed)[0] == 409


def test_two_press_the_button_together(app: Flask, entered: FlaskClient, month_file: Path) -> None:
    """One of them posts; the other is told that the books changed."""
    press(entered, "review", REVIEWER)
    seen = version(entered, VOUCHERS)

    def post(actor: str) -> int:
        return press(app.test_client(), "post", actor, version=seen)[0]

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(post, (POSTER, MAKER))) == [200, 409]
    text = month_file.read_text("utf-8")
    assert [text.count(f'voucher: "记-000{number}"') for number in (1, 2, 3)] == [1, 1, 0]


def test_a_person_added_meanwhile_is_seen(entered: FlaskClient, street: StreetFolder) -> None:
    """The people, the chain and the votes are part of what a page was built from."""
    seen = version(entered, VOUCHERS)
    text = street.toml.read_text("utf-8")
    street.toml.write_text(text.replace("复核员", "复核组长"), "utf-8")
    assert version(entered, VOUCHERS) != seen
    assert "F01 复核组长" in sign_in(entered, REVIEWER).get(VOUCHERS).text


def test_a_voucher_without_a_bank_row_is_reviewed(client: FlaskClient, append: Callable[[str], None]) -> None:
    """A shift between two subjects, as a correction makes it: no statement row names it, its content does."""
    append(
        f"""2026-10-20 ! "更正科目"
  maker: "{MAKER}"
  attachments: 0
  {INCOME}  5.00 CNY
  {INCOME.replace("4002电梯广告", "4901其他")}  -5.00 CNY
"""
    )
    ((digest, *_), before) = (digests(client, "entered")[::-1], len(digests(client, "entered")))
    assert press(client, "review", REVIEWER, everything=False, vouchers=[digest])[0] == 200
    assert len(digests(client, "entered")) == before - 1
    assert digests(client, "reviewed") == [digest]


def test_a_month_of_700_vouchers_is_done_at_once(client: FlaskClient, append: Callable[[str], None]) -> None:
    rows = [
        f"""2026-10-15 ! "租户" "场地费"
  maker: "{MAKER}"
  attachments: 1
  {bank("C0001")}  1.00 CNY
    bank-ref: "T{number}/100"
    source-sha256: "{"cd" * 32}"
    source-row: {number}
  {INCOME}  -1.00 CNY
"""
        for number in range(1, 700)
    ]
    append("\n".join(rows))
    assert "待复核 700 张" in client.get(PAGE).text
    assert press(client, "review", REVIEWER) == (200, "已复核 700 张，2 笔待查明")
    assert press(client, "post", POSTER) == (200, "已过账 700 张，2 笔待查明")
    page = client.get(VOUCHERS).text
    assert "已过账凭证（700 张）" in page
    assert "记-0700" in page


@pytest.mark.parametrize(
    ("person", "buttons"), [(MAKER, ["post"]), (REVIEWER, ["review"]), (POSTER, ["review", "post"])]
)
def test_only_who_may_has_a_button(entered: FlaskClient, person: str, buttons: list[str]) -> None:
    press(entered, "review", REVIEWER, everything=False, vouchers=digests(entered, "entered")[:1])
    page = sign_in(entered, person).get(VOUCHERS).text
    section = {
        name: page.partition(f'data-endpoint="{name}"')[2].partition("</section>")[0] for name in ("review", "post")
    }
    assert [name for name in section if 'class="jz-act"' in section[name]] == buttons


def test_markup_is_shown_as_text(client: FlaskClient, append: Callable[[str], None]) -> None:
    append(
        f"""2026-10-20 ! "<img src=x onerror=alert(1)>" "<b>x</b>"
  maker: "<i>K01</i>"
  resolution: "<u>R1</u>"
  invoice: "<s>1</s>"
  correction: "<em>"
  attachments: "<p>"
  {INCOME}  5.00 CNY
  {INCOME.replace("4002电梯广告", "4901其他")}  -5.00 CNY
"""
    )
    page = client.get(VOUCHERS).text
    assert "&lt;img src=x" in page
    for tag in ("<img", "<b>x", "<i>K01", "<u>R1", "<s>1", "<em>", "<p>&"):
        assert tag not in page, tag


def test_the_opening_and_other_months(client: FlaskClient, street: StreetFolder) -> None:
    page = client.get(f"{VOUCHERS}?month=2026-09").text
    assert "已过账凭证（1 张）" in page
    assert "期初" in page
    assert client.get(f"{VOUCHERS}?month=九月").status_code == 400
    assert (street.compound("C0001").path / MONTH_FILE).exists()


def test_the_script_is_served_and_is_a_module(client: FlaskClient) -> None:
    answer = client.get("/c0001/extension_js_module/VouchersPage.js", buffered=True)
    assert answer.mimetype == "text/javascript"
    assert 'from "/jiezhang/office.js"' in answer.text
    assert "function carryOut(" in client.get("/jiezhang/office.js", buffered=True).text
    sign_in(client, REVIEWER)
    assert client.post(VOUCHERS + "review", data="{}", content_type="text/plain", headers=ORIGIN).status_code == 415
