"""Patterns that visitors write, and queries without an end: stopped, and nobody else waits."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable
from time import monotonic

import pytest
from fava.helpers import FavaAPIError
from flask import Flask
from flask.testing import FlaskClient
from little_street import REVIEWER

from jiezhang.domain.text import as_text, one_line
from jiezhang.office.accounts import Accounts as SignInAccounts
from jiezhang.web import ledger, patterns
from jiezhang.web.patterns import Accounts, Patterns, Timed, TooSlowError
from tests.signed_in import ORIGIN, client_as, office_of

ENDLESS, WORDS = "^(a|aa)+$", "a" * 40 + "!"
"""Python's own `re` would try for longer than anybody lives."""
PASSWORD = "春江潮水连海平 海上明月"
SLOW = "查询或筛选超过"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.5)


@pytest.mark.parametrize(
    "do",
    [
        lambda: Patterns.search(ENDLESS, WORDS),
        lambda: Patterns.match(ENDLESS, WORDS),
        lambda: Patterns.sub(ENDLESS, "", WORDS),
        lambda: Patterns.compile(ENDLESS, Patterns.IGNORECASE).search(WORDS),
    ],
)
def test_a_pattern_without_an_end_is_given_up(do: Callable[[], object]) -> None:
    begun = monotonic()
    with pytest.raises(TooSlowError):
        do()
    assert monotonic() - begun < 5


@pytest.mark.parametrize("pattern", ["(?:a{4000000000}){4}", "a{,1000}", "a{1,1000}", "(?x)a{1 0 0 0}"])
def test_no_pattern_takes_all_memory(client: FlaskClient, pattern: str) -> None:
    for asked in ({"account": pattern}, {"filter": f'"{pattern}"'}):
        answer = client.get("/c0001/api/journal", query_string=asked)
        said = answer.json["error"]
    assert (answer.status_code, "最多写 999" in said or "已停止，请改写" in said) == (400, True)
    query = f"select account where account ~ '{pattern}'"
    answer = client.get("/c0001/api/query", query_string={"query_string": query})
    said = answer.json["error"]
    assert (answer.status_code, "最多写 999" in said or "已停止，请改写" in said) == (400, True)
    assert Patterns.search("a{,999}", "a")


def test_others_go_on_meanwhile() -> None:
    """Python's own `re` lets no other thread work until it is done."""
    ticks = 0

    def ask() -> None:
        with pytest.raises(TooSlowError):
            Patterns.search(ENDLESS, WORDS)

    thread = threading.Thread(target=ask)
    thread.start()
    while thread.is_alive():
        thread.join(0.01)
        ticks += 1
    assert ticks > 10


def test_all_patterns_of_a_request_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns.begin()
    try:
        assert Patterns.search("b", "abc")
        now = monotonic()
        monkeypatch.setattr(patterns, "monotonic", lambda: now + 1)
        with pytest.raises(TooSlowError):
            Patterns.search("b", "abc")
        with pytest.raises(TooSlowError):
            list(Timed([1]))
    finally:
        patterns.end()
    assert list(Timed([1])) == [1]


@pytest.mark.parametrize(
    "address",
    [
        "api/query?query_string=select account where '{words}' ~ '{endless}'",
        "api/query?query_string=select grep('{endless}', '{words}')",
        "api/query?query_string=select subst('{endless}', 'x', '{words}')",
        "download-query/query_result.csv?query_string=select account where '{words}' ~ '{endless}'",
        "api/journal?account={endless}",
        'api/journal?filter="{endless}"',
        "api/income_statement?account={endless}",
    ],
)
def test_a_request_without_an_end_is_refused(
    client: FlaskClient, append: Callable[[str], None], address: str
) -> None:
    append(f'2026-10-06 note Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021 "{WORDS}"\n')
    endless = ENDLESS if "account=" not in address else "^(.|..)+#?-$"
    begun = monotonic()
    quoted = endless.replace("+", "%2B").replace("#", "%23")
    answer = client.get("/c0001/" + address.format(words=WORDS, endless=quoted))
    assert (answer.status_code, SLOW in (answer.json["error"] if answer.is_json else answer.text)) == (400, True)
    assert monotonic() - begun < 10


def test_a_text_does_not_grow_without_an_end(client: FlaskClient) -> None:
    bomb = "account"
    for _ in range(9):
        bomb = f"subst('.', '{chr(92)}g<0>{chr(92)}g<0>{chr(92)}g<0>{chr(92)}g<0>{chr(92)}g<0>', {bomb})"
    answer = client.get("/c0001/api/query", query_string={"query_string": f"select {bomb}"})
    assert (answer.status_code, "已停止，请改写" in answer.json["error"]) == (400, True)
    with pytest.raises(FavaAPIError):
        Patterns.sub("", "x" * patterns.TEXT_MAX, "abc")


def test_texts_of_one_request_do_not_add_up_without_an_end(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is short enough; the next request begins at nothing."""
    monkeypatch.setattr(patterns, "SECONDS", 60)
    monkeypatch.setattr(patterns, "TEXTS_MAX", 2_000)
    grown = "select " + ", ".join(f"subst('', '{'z' * 20}', account) as c{column}" for column in range(4))
    answer = client.get("/c0001/api/query", query_string={"query_string": grown})
    assert (answer.status_code, "合起来超过 2000 个字" in answer.json["error"]) == (400, True)
    short = client.get("/c0001/api/query", query_string={"query_string": "select subst('x', 'y', 'xx')"})
    assert short.status_code == 200


def test_no_text_grows_before_it_is_measured() -> None:
    """One match, put in a thousand times: what is made would be a hundred million letters."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FavaAPIError):
        Patterns.sub(".+", "\\g<0>" * 1_000, "x" * patterns.TEXT_MAX)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "KB"


@pytest.mark.parametrize("door", ["api/query", "download-query/query_result.csv"])
@pytest.mark.parametrize("column", ["'" + "z" * 1000 + "'", "entry_meta('filename')", "other_accounts"])
def test_an_answer_has_an_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, door: str, column: str) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 60)
    asked = {"query_string": f"select {column}"}
    whole = client.get(f"/c0001/{door}", query_string=asked)
    assert whole.status_code == 200, whole.text
    monkeypatch.setattr(ledger, "ANSWER_CHARS_MAX", 100)
    answer = client.get(f"/c0001/{door}", query_string=asked)
    said = answer.json["error"] if answer.is_json else answer.text
    assert (answer.status_code, "查询的结果超过 100 个字" in said) == (400, True)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("A:B:C", "B", True), ("A:B:C", "A:B", True), ("A:BB:C", "B", False), ("A:B", "A:B", True), ("A:B", "(", False)],
)
def test_parts_of_an_account(name: str, value: str, found: bool) -> None:
    assert Accounts.has_component(name, value) is found


@pytest.mark.parametrize(
    "query",
    [
        "select date_add(date, 999999999999)", "select account where account ~ '('", "select maxwidth(account, -1)",
        "select " + "(" * 300 + "1" + ")" * 300, "select int(decimal('1E99999999'))", "select round(day, -999999999)",
    ],
)  # fmt: skip
def test_a_query_without_an_answer_is_no_fault_of_ours(client: FlaskClient, query: str) -> None:
    assert client.get("/c0001/api/query", query_string={"query_string": query}).status_code == 400


@pytest.mark.parametrize("asked", ["filter=" + "-" * 3000 + "x", "time=day%2B99999999999999", "time=2026-13"])
def test_a_filter_without_sense_is_no_fault_of_ours(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/c0001/api/journal?{asked}")
    assert (answer.status_code, "筛选条件写得太长" in answer.json["error"]) == (400, True)


def test_a_downloaded_table_runs_nothing(client: FlaskClient, append: Callable[[str], None]) -> None:
    append('2026-10-20 note Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021 "=HYPERLINK(A1)"\n')
    query = "select comment, 0 - 5 from #notes"
    answer = client.get("/c0001/download-query/query_result.csv", query_string={"query_string": query})
    assert answer.get_data().decode("utf-8-sig").splitlines()[1:] == ["'=HYPERLINK(A1),-5"]


@pytest.mark.parametrize("cell", ["=1", "+1", "@x", "-x", "＝1", "\t=1", "-1+2"])
def test_what_begins_a_formula_is_text(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "-5.00", "12", "电梯", "a=b"])
def test_what_begins_none_stays(cell: str) -> None:
    assert as_text(cell) == cell


def test_the_log_moves_no_cursor() -> None:
    assert one_line("以 \x1b[2JK01\r\n \u202e登录\u2028") == "以 [2JK01 登录"


def test_who_signs_in_anew_leaves_the_session_before(app: Flask) -> None:
    browser = app.test_client()
    serving = office_of(app).serving
    SignInAccounts(serving.home).add(REVIEWER, PASSWORD, serving.now(), must_change=False)
    old = client_as(app, REVIEWER).get_cookie("jiezhang")
    assert old is not None
    browser.set_cookie("jiezhang", old.value)
    given = {"person": REVIEWER, "password": PASSWORD, "code": "", "next": "/"}
    assert browser.post("/jiezhang/sign-in", data=given, headers=ORIGIN).status_code == 303
    stolen = app.test_client()
    stolen.set_cookie("jiezhang", old.value)
    assert stolen.get("/jiezhang/desk").status_code == 303
    assert browser.get("/jiezhang/desk").status_code == 200
