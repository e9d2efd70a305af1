"""The page 本月: what it shows, and what its button does to the books."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from asking import CLEANING, COST, INCOME, INTEREST, complete, press, version
from flask.testing import FlaskClient
from little_street import DECIDED, ORIGIN, PAGE, POSTER, REJECTED, REVIEWER, WAITING, bank, resolve

from jiezhang.book.layout import StreetFolder
from jiezhang.web.month import MonthPage
from tests.signed_in import client_as, open_app


def test_the_page(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    for said in (
        "C0001 甲子花园 · 2026-10",
        "待处理 3 笔",
        "待处理流水（3 笔，其中 1 笔已补录）",
        "规则检查无误",
        "公共收益 · 1002银行存款-工行3021",
        "10,000.00",
        "1,208.88",
        "350.00",
        "10,858.88",
        "示例传媒有限公司",
        "收支公示表（样稿）",
        "待复核 1 张，待过账 0 张，已过账 0 张",
        'data-person="K01"',
        f'<option value="{INCOME}">4002电梯广告</option>',
        '<option value="HT-01">HT-01 示例传媒有限公司</option>',
    ):
        assert said in page, said
    assert "2999待查款项" not in page
    assert "F01 复核员" not in page, "a reviewer makes no vouchers"
    assert "<script>" not in page


def test_an_earlier_month(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?month=2026-09").text
    assert "C0001 甲子花园 · 2026-09" in page
    assert "2026-09 没有流水" not in page, "the opening balance is a voucher of that month"
    assert "未与对账单核对" in page
    assert "与对账单不符" not in page


def test_a_month_before_the_books(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?month=2026-08").text
    assert "2026-08 没有待处理的流水。" in page
    assert "都已过账" not in page
    assert "1002银行存款-工行3021" not in page.partition("待处理流水")[0], "not open yet"
    assert '<a href="?month=2026-10">2026-10</a> 还有 3 笔待处理' in page


@pytest.mark.parametrize("month", ["2026-13", "本月", "2026-1", "<b>"])
def test_no_such_month(client: FlaskClient, month: str) -> None:
    answer = client.get(PAGE, query_string={"month": month})
    assert (answer.status_code, "月份" in answer.text, "<b>" in answer.text) == (400, True, False)


def test_complete_review_and_post(client: FlaskClient, month_file: Path) -> None:
    """The whole of a month by three people and their buttons, down to the text of the file."""
    asked = {**CLEANING, "other": COST, "contract": "HT-7", "invoice": "011，022", "accepted": "2026-10-04"}
    assert complete(client, {**asked, "narration": "十月保洁"}) == (200, "已补录 1 笔，等待复核")
    assert "待处理流水（3 笔，其中 2 笔已补录）" in client.get(PAGE).text
    assert press(client, "review", REVIEWER) == (200, "已复核 2 张，1 笔待查明")
    assert press(client, "post", POSTER) == (200, "已过账 2 张，1 笔待查明")
    posted = month_file.read_text("utf-8")
    assert re.sub(r"[0-9a-f]{64}", "…", entry(posted, "2026-10-05")) == f"""2026-10-05 * "示例保洁有限公司" "十月保洁"
  voucher: "记-0002"
  time: "05:30:00"
  invoice: "011,022"
  accepted: 2026-10-04
  contract: "HT-7"
  resolution: "R2026-00"
  maker: "K01"
  attachments: 1
  reviewer: "F01"
  reviewed-sha256: "…"
  poster: "T01"
  {bank("C0001")} -350.00 CNY
    bank-ref: "{CLEANING["ref"]}"
    source-sha256: "…"
    source-row: 3
    bank-balance: 10850.00
  {COST} 350.00 CNY
"""
    assert 'voucher: "记-0001"' in entry(posted, "2026-10-03")
    page = client.get(PAGE).text
    assert "没有待处理" not in page
    assert "待复核 0 张，待过账 0 张，已过账 2 张" in page
    assert complete(client, asked)[1].endswith("已经过账，不能再改")


def entry(text: str, day: str) -> str:
    """The entry of `day`, columns closed up."""
    start = text.index(day)
    return re.sub(r"(?<=\S) +", " ", text[start : text.index("\n\n", start) + 1])


@pytest.mark.parametrize(
    ("row", "other", "status", "message"),
    [
        ({}, {"version": "0" * 16}, 409, "账簿在打开本页之后有了改动"),
        ({}, {"actor": REVIEWER}, 403, "F01 复核员（街道复核员）不能补录、制单"),
        ({}, {"actor": "Y02"}, 403, "Y02 委员甲（业主委员会）不能补录、制单"),
        ({"ref": "S9/1"}, {}, 422, "流水 S9/1 不在待处理之列"),
        ({"other": COST + "-没有"}, {}, 422, "账簿没有开设账户"),
        ({"other": INCOME, "contract": "HT-99"}, {}, 422, "合同登记簿里没有 HT-99"),
        ({"other": INTEREST.replace("G公共收益:4101", "W维修资金:4101存款")}, {}, 422, "流水属于“G公共收益"),
        ({"join_account": "A", "join_ref": "S9/1"}, {}, 422, "划转的另一笔流水 S9/1"),
        ({"narration": "十月保洁 <b>"}, {}, 422, "摘要里有不能使用的字符，或者太长"),
        ({"contract": "<b>"}, {}, 422, "合同号里有不能使用的字符，或者太长"),
        ({"invoice": "第3号"}, {}, 422, "发票号里有不能使用的字符，或者太长"),
        ({"accepted": "10月3日"}, {}, 422, "验收日期“10月3日”不是日期，应写成 2026-10-03"),
        ({"resolution": "R2099-01"}, {}, 422, "决议 R2099-01 没有登记，不能支付"),
        ({}, {"month": "十月"}, 400, "请求写法有误"),
        ({"flag": "*"}, {}, 400, "请求写法有误"),
        ({"other": 5}, {}, 400, "请求写法有误"),
        ({}, {"more": 1}, 400, "请求写法有误"),
        ({}, {"rows": []}, 400, "请求写法有误"),
    ],
)
def test_what_is_not_done(
    client: FlaskClient, month_file: Path, row: dict[str, Any], other: dict[str, Any], status: int, message: str
) -> None:
    before = month_file.read_bytes()
    found, said = complete(client, {**CLEANING, "other": COST, **row}, **other)
    assert (found, said[: len(message)]) == (status, message)
    assert month_file.read_bytes() == before


def test_what_a_payment_rests_on(client: FlaskClient, street: StreetFolder, month_file: Path) -> None:
    """The page offers what may be paid under; the engine's sentence says why another may not."""
    resolve(street)
    page = client.get(PAGE).text
    offered = page.partition('data-set="resolutions-G"')[2].partition("</template>")[0]
    assert [code in offered for code in (DECIDED, WAITING, REJECTED, "R2026-00")] == [True, False, False, True]
    row = {**CLEANING, "other": COST}
    for code, said in ((WAITING, "还没有办“四步法”第2步“党支部审议”"), (REJECTED, "被否决")):
        assert said in complete(client, {**row, "resolution": code})[1]
    assert "须附发票" in complete(client, {**row, "resolution": DECIDED})[1]
    assert complete(client, {**row, "resolution": DECIDED, "invoice": "0001"})[0] == 200
    assert f'resolution: "{DECIDED}"' in month_file.read_text("utf-8")
    assert f'<option value="{DECIDED}">{DECIDED}</option>' in client.get(PAGE).text


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b'{"month": "2026-10"}'])
def test_no_request_of_ours(client: FlaskClient, body: bytes) -> None:
    answer = client.post(f"{PAGE}complete", data=body, content_type="application/json", headers=ORIGIN)
    assert answer.json is not None
    assert (answer.status_code, answer.json["message"]) == (400, "请求写法有误，请刷新页面后再做")


def test_the_book_changed_meanwhile(client: FlaskClient, month_file: Path) -> None:
    seen = version(client)
    text = month_file.read_text("utf-8")
    month_file.write_text(text.replace("保洁费", "保安费"), "utf-8")
    status, message = complete(client, {**CLEANING, "other": COST}, version=seen)
    assert (status, message[:14]) == (409, "账簿在打开本页之后有了改动，")
    assert month_file.read_text("utf-8") == text.replace("保洁费", "保安费")


def test_completing_again_takes_the_review_back(client: FlaskClient) -> None:
    row = {**CLEANING, "other": COST}
    complete(client, row)
    press(client, "review", REVIEWER)
    assert "已复核</span>" in client.get(PAGE).text
    complete(client, {**row, "narration": "改过"})
    assert "待复核 1 张，待过账 1 张" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("suffix", "kind", "magic"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_the_statement_to_download(client: FlaskClient, suffix: str, kind: str, magic: bytes) -> None:
    answer = client.get(f"{PAGE}statement.{suffix}?month=2026-10")
    assert (answer.status_code, answer.mimetype, answer.data[: len(magic)]) == (200, kind, magic)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "%E6%A0%B7%E7%A8%BF" in answer.headers["Content-Disposition"], "样稿: rows wait"


def test_no_statement_of_books_with_errors(client: FlaskClient, append: Callable[[str], None]) -> None:
    append(f'2026-10-30 balance {bank("C0001")} 1.00 CNY\n')
    answer = client.get(f"{PAGE}statement.pdf?month=2026-10")
    assert (answer.status_code, "账簿有 1 处错误，不能公示" in answer.text) == (422, True)


def test_rules_broken_and_markup(client: FlaskClient, append: Callable[[str], None], street: StreetFolder) -> None:
    append('2026-10-30 ! "<script>alert(1)</script>" "x"\n  Assets:Wrong  1.005 CNY\n  Assets:Bad  -1.005 CNY\n')
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "规则问题" in page
    assert "金额 1.005 须写到分（两位小数）" in page
    assert "文字“□script□alert(1)□/script□”中有不允许的字符 U+003C" in page
    assert str(street.path) not in page.partition('<script type="application/json"')[0]


def test_the_script_is_served_and_is_a_module(client: FlaskClient) -> None:
    answer = client.get("/c0001/extension_js_module/MonthPage.js", buffered=True)
    assert answer.mimetype == "text/javascript"
    assert "export default" in answer.text


@pytest.mark.parametrize(
    ("today", "asked", "offered"),
    [
        ("2026-11-20", "2026-10", "2026-11-20"),
        ("2026-10-20", "2026-10", "2026-11-10"),  # a draft: as if it went up in time
        ("2026-10-20", "2026-11", ""),  # that has not begun
    ],
)
def test_the_statement_goes_up_on_the_day_it_is_printed(
    street: StreetFolder, today: str, asked: str, offered: str
) -> None:
    now = datetime.fromisoformat(f"{today}T04:00:00+00:00")
    browser = client_as(open_app(street, now=lambda: now), REVIEWER)
    page = browser.get(f"{PAGE}?month={asked}").text
    assert ("收支公示表" in page, re.findall(r'jz-posting-day" value="([^"]*)"', page)) == (
        bool(offered), [offered] if offered else [],
    )  # fmt: skip
    if offered:
        assert page.count(f"?month={asked}&amp;posted={offered}") == 2


def test_the_period_on_the_sheet_begins_when_it_goes_up(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    made = MonthPage._download.__globals__["disclose_compound"]

    def noted(*asked: Any) -> Any:
        given.append(asked[-1])
        return made(*asked)

    monkeypatch.setitem(MonthPage._download.__globals__, "disclose_compound", noted)
    for posted, status in (("2026-12-03", 200), ("", 200), ("03.12.2026", 422), ("0001-01-01", 422)):
        answer = client.get(f"{PAGE}statement.xlsx?month=2026-10&posted={posted}")
        assert answer.status_code == status
        assert status == 200 or f"张贴日“{posted}”不是日期" in answer.text
    assert (given[0], len(given)) == (date(2026, 12, 3), 2)


def test_nothing_waits_is_said_in_a_few_words(client: FlaskClient) -> None:
    assert "待处理流水（0 笔）" in client.get(f"{PAGE}?month=2026-11").text
