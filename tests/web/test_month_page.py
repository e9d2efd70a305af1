"""The page 本月: what it shows, and what its two buttons do to the books."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from little_street import ORIGIN, PAGE, ROWS, bank, subject

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.statement import references

CLEANING = {"account": bank("C0001"), "ref": references(ROWS)[1]}
COST = subject("C0001", "Expenses", "5001经营成本")
INCOME = subject("C0001", "Income", "4002电梯广告")


def version(client: FlaskClient) -> str:
    return client.get(PAGE).text.partition('data-version="')[2].partition('"')[0]


def ask(client: FlaskClient, endpoint: str, *rows: dict[str, str], **other: Any) -> tuple[int, str]:
    body = {"month": "2026-10", "version": version(client), **({"rows": list(rows)} if rows else {}), **other}
    answer = client.post(PAGE + endpoint, json=body, headers=ORIGIN)
    assert answer.json["ok"] is (answer.status_code == 200)
    return answer.status_code, answer.json["message"]


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
        "全部过账（1 笔）",
        f'<option value="{INCOME}">4002电梯广告</option>',
        '<option value="HT-01">HT-01 示例传媒有限公司</option>',
    ):
        assert said in page, said
    assert "2999待查款项" not in page
    assert "<script>" not in page


def test_an_earlier_month(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?month=2026-09").text
    assert "C0001 甲子花园 · 2026-09" in page
    assert "2026-09 没有流水" not in page, "the opening balance is a voucher of that month"
    assert "未与对账单核对" in page
    assert "与对账单不符" not in page


def test_a_month_before_the_books(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?month=2026-08").text
    assert "2026-08 没有流水。" in page
    assert "都已过账" not in page
    assert "1002银行存款-工行3021" not in page.partition("待处理流水")[0], "not open yet"
    assert '<a href="?month=2026-10">2026-10</a> 还有 3 笔待处理' in page


@pytest.mark.parametrize("month", ["2026-13", "本月", "2026-1", "<b>"])
def test_no_such_month(client: FlaskClient, month: str) -> None:
    answer = client.get(PAGE, query_string={"month": month})
    assert (answer.status_code, "月份" in answer.text, "<b>" in answer.text) == (400, True, False)


def test_complete_and_post(client: FlaskClient, month_file: Path) -> None:
    """The whole of a month by its two buttons, down to the text of the file."""
    asked = {**CLEANING, "other": COST, "contract": "HT-01", "narration": "十月保洁 <b>"}
    assert ask(client, "complete", asked) == (422, "摘要里有不能使用的字符，或者太长")
    assert ask(client, "complete", {**asked, "narration": "十月保洁"}) == (200, "已补录 1 笔")
    assert "待处理流水（3 笔，其中 2 笔已补录）" in client.get(PAGE).text
    assert ask(client, "post") == (200, "已过账 2 笔，2026-10 还有 1 笔没有补录")
    posted = month_file.read_text("utf-8")
    assert entry(posted, "2026-10-05") == f"""2026-10-05 * "示例保洁有限公司" "十月保洁"
  voucher: "记-0002"
  time: "05:30:00"
  {bank("C0001")} -350.00 CNY
    bank-ref: "{CLEANING["ref"]}"
    source-sha256: "{"ab" * 32}"
    source-row: 3
    bank-balance: 10850.00
  {COST} 350.00 CNY
    contract: "HT-01"
"""
    assert 'voucher: "记-0001"' in entry(posted, "2026-10-03")
    assert ask(client, "post") == (422, "2026-10 没有可以过账的流水")
    page = client.get(PAGE).text
    assert "没有待处理" not in page
    assert "已过账凭证（2 张）" in page
    assert "公共收益 · 5001经营成本" in page.partition("jz-posted")[2]


def entry(text: str, day: str) -> str:
    """The entry of `day`, columns closed up."""
    start = text.index(day)
    return re.sub(r"(?<=\S) +", " ", text[start : text.index("\n\n", start) + 1])


@pytest.mark.parametrize(
    ("endpoint", "row", "other", "status", "message"),
    [
        ("complete", {"other": COST}, {"version": "0" * 16}, 409, "账簿在打开本页之后有了改动"),
        ("complete", {"other": COST, "ref": "S9/1"}, {}, 422, "流水 S9/1 不在待处理之列"),
        ("complete", {"other": COST + "-没有"}, {}, 422, "账簿没有开设账户"),
        ("complete", {"other": COST, "contract": "HT-99"}, {}, 422, "合同登记簿里没有 HT-99"),
        (
            "complete",
            {"other": "Income:C0001甲子花园:W维修资金:4101存款利息"},
            {},
            422,
            "流水属于“G公共收益",
        ),
        ("complete", {"other": COST}, {"month": "十月"}, 400, "请求写法有误"),
        ("complete", {"other": COST, "flag": "*"}, {}, 400, "请求写法有误"),
        ("complete", {"other": 5}, {}, 400, "请求写法有误"),
        ("complete", {"other": COST}, {"more": 1}, 400, "请求写法有误"),
        ("complete", {"other": COST}, {"rows": []}, 400, "请求写法有误"),
        ("post", {}, {}, 400, "请求写法有误"),  # posting names no rows
        ("complete", {"other": COST, "join_account": "A", "join_ref": "S9/1"}, {}, 422, "划转的另一笔流水 S9/1"),
    ],
)
def test_what_is_not_done(
    client: FlaskClient, month_file: Path, endpoint: str, row: dict[str, Any], other: dict[str, Any], status: int,
    message: str,
) -> None:
    before = month_file.read_bytes()
    found, said = ask(client, endpoint, {**CLEANING, **row}, **other)
    assert (found, said[: len(message)]) == (status, message)
    assert month_file.read_bytes() == before


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b'{"month": "2026-10"}'])
def test_no_request_of_ours(client: FlaskClient, body: bytes) -> None:
    answer = client.post(f"{PAGE}post", data=body, content_type="application/json", headers=ORIGIN)
    assert (answer.status_code, answer.json["message"]) == (400, "请求写法有误，请刷新页面后再做")


def test_the_book_changed_meanwhile(client: FlaskClient, month_file: Path) -> None:
    seen = version(client)
    text = month_file.read_text("utf-8")
    month_file.write_text(text.replace("保洁费", "保安费"), "utf-8")
    status, message = ask(client, "complete", {**CLEANING, "other": COST}, version=seen)
    assert (status, message[:14]) == (409, "账簿在打开本页之后有了改动，")
    assert month_file.read_text("utf-8") == text.replace("保洁费", "保安费")


def test_only_the_rows_shown_as_complete_are_posted(client: FlaskClient, month_file: Path) -> None:
    seen = version(client)
    ask(client, "complete", {**CLEANING, "other": COST})
    status, message = ask(client, "post", version=seen)
    assert (status, message[:14]) == (409, "账簿在打开本页之后有了改动，")
    assert "2026-10-05 !" in month_file.read_text("utf-8")
    assert ask(client, "post")[0] == 200
    assert "2026-10-09 !" in month_file.read_text("utf-8"), "nobody has said what this one is"


def test_a_month_of_700_rows_is_posted_at_once(client: FlaskClient, append: Callable[[str], None]) -> None:
    rows = [
        f"""2026-10-15 ! "租户" "场地费"
  {bank("C0001")}  1.00 CNY
    bank-ref: "T{number}/100"
    source-sha256: "{"cd" * 32}"
    source-row: {number}
  {INCOME}  -1.00 CNY
"""
        for number in range(1, 700)
    ]
    append("\n".join(rows))
    assert "全部过账（700 笔）" in client.get(PAGE).text
    assert ask(client, "post") == (200, "已过账 700 笔，2026-10 还有 2 笔没有补录")
    page = client.get(PAGE).text
    assert "已过账凭证（700 张）" in page
    assert "记-0700" in page


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
