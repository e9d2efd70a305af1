"""Hostile values in every part of a request: no answer is a fault of the program, none says where this machine keeps
what, none leads to another site, and every one has the headers that guard the browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import fava
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from route_matrix import roles_street

from jiezhang.web import guard, policy
from tests.signed_in import ORIGIN, client_as, office_of, open_app

ROOT = Path(__file__).parents[2]
PEOPLE = ("BOOKKEEPER", "AUDITOR", "STREET-HEAD", "COMMITTEE", "")
HOSTILE = (
    "", " ", "0", "-1", "9" * 400, "1e999999", "NaN", "true", "null", "[]", "{}", "../../etc/passwd",
    "..\\..\\x", "/etc/passwd", "//evil.example/x", "http://evil.example/", "\\\\evil.example", "%2e%2e%2f",
    "%00", "\x00", "\r\nX: y", "<img src=x onerror=alert(1)>", "'\"`;--", "{{7*7}}", "${7*7}",
    "=cmd|' /C calc'!A0", "\ud7ff\U0010ffff", "\u202egpj", "(" * 900, "-" * 900, "[" * 900, "((((a+)+)+)+)+#|z",
    "a" * 3000, "2026-13", "2026-00-99", "0000-01", "9999-12", "99999-01", "month", "day+99999999999",
    "year-99999", "2026-10 - 0001", "select", "select 1/0", ".output x", "select date_add(date, 999999999999)",
    "select account ~ '('", "select " + "(" * 300, "run x", "run 'x", "print", "balances at nothing",
    "select maxwidth(account, -1)", "select * order by 99", "payee:'", "any(", "any(>0)", "#", "^",
)  # fmt: skip
NAMES = (
    "account", "filter", "time", "query_string", "filename", "entry_hash", "key", "month", "next", "page", "order",
    "interval", "conversion", "result", "partial", "operator", "from", "to", "text", "compound", "action", "before",
    "out", "community", "state", "sort", "bfile", "a", "r", "importer",
)  # fmt: skip
FIELDS = (
    "month", "version", "seen", "rows", "account", "ref", "other", "everything", "vouchers", "signatures", "at",
    "resolution", "party", "password", "code", "token", "person", "difference", "reason", "kind", "file", "files",
    "new", "again",
)  # fmt: skip
HEADERS = (
    "Cookie", "X-Jiezhang-Token", "Accept-Language", "Range", "If-None-Match", "If-Modified-Since", "Content-Type",
    "Sec-Fetch-Site", "Sec-Fetch-Mode", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Referer",
    "User-Agent", "Authorization", "X-HTTP-Method-Override", "X-Original-URL",
)  # fmt: skip

values = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
)
bodies = st.recursive(
    st.one_of(values, st.integers(), st.booleans(), st.none(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(FIELDS), values), inner, max_size=4)
    ),
    max_leaves=8,
)
asked = st.dictionaries(st.sampled_from(NAMES), values, max_size=3)
headers = st.dictionaries(
    st.sampled_from(HEADERS), values.map(lambda text: re.sub(r"[\r\n\x00]", "", text).encode().decode("latin-1")),
    max_size=2,
)  # fmt: skip

PARTS = {
    "bfile": ("c0001", "c0001", "c0001", "c0002", "C0001"),
    "report_name": tuple(policy.REPORTS),
    "extension_name": tuple(policy.EXTENSIONS),
    "endpoint": tuple(sorted({name for _, found in policy.EXTENSIONS.values() for name, _ in found})),
}
"""Values that lead on to what lies behind; the other parts have hostile ones only."""

READ = (
    "api/journal", "api/journal_page", "api/income_statement", "api/balance_sheet", "api/trial_balance",
    "api/documents", "api/account_report", "api/statistics", "api/query", "download-query/query_result.csv",
    "download-query/x.xlsx", "api/context", "api/source_slice", "document/", "statement/", "download-journal/",
    "extension/MonthPage/", "extension/VouchersPage/", "extension/PartiesPage/statement.pdf",
    "extension/DecisionsPage/",
)  # fmt: skip
FILTERS = ("account", "filter", "time", "query_string", "filename", "entry_hash", "key", "month", "page", "order", "a")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return open_app(roles_street(tmp_path_factory.mktemp("hostile") / "street"))


def part(draw: Any, name: str) -> str:
    good = PARTS.get(name, ())
    chosen = draw(st.sampled_from(good)) if good and draw(st.integers(0, 3)) else draw(values)
    return quote(chosen, safe=draw(st.sampled_from(("", "/"))))


def judge(app: Flask, answer: Any, what: object) -> None:
    text = answer.get_data().decode("utf-8", "replace")
    assert answer.status_code < 500, (what, answer.status_code, text[:500])
    for secret in (
        "Traceback (most", str(Path(fava.__file__).parents[1]), str(ROOT), str(office_of(app).serving.home.path),
    ):  # fmt: skip
        assert secret not in text and secret not in str(answer.headers), (what, secret)
    assert answer.headers["Content-Security-Policy"] in (guard.CSP, guard.CSP_SANDBOX), what
    assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"], what
    if "Location" in answer.headers:
        where = urlsplit(answer.location)
        assert where.netloc in ("", "localhost") and where.scheme in ("", "http"), (what, answer.location)
        assert not answer.location.startswith(("//", "/\\")), (what, answer.location)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_brings_the_office_down(office: Flask, data: st.DataObject) -> None:
    draw = data.draw
    served = [one for one in office.url_map.iter_rules() if one.endpoint not in policy.REFUSED]
    rule = draw(st.sampled_from(sorted(served, key=lambda one: (one.rule, one.endpoint))))
    address = re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found: part(draw, found[1]), rule.rule)
    method = draw(st.sampled_from(sorted((rule.methods or set()) & {"GET", "POST"})))
    who = draw(st.sampled_from(PEOPLE))
    browser = client_as(office, who) if who else office.test_client()
    given = draw(headers)
    sent: dict[str, Any] = {}
    if method == "POST":
        form = draw(st.booleans()) and rule.endpoint in policy.FORMS
        token = browser.environ_base.get("HTTP_X_JIEZHANG_TOKEN", "")
        fields = draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
        sent = {"data": {**fields, "token": token}} if form else {
            "data": json.dumps(draw(bodies)), "content_type": "application/json",
        }  # fmt: skip
    what = (method, address, given, sent, who)
    with browser.open(
        address, method=method, query_string=draw(asked), headers={**ORIGIN, **given}, **sent
    ) as answer:
        judge(office, answer, what)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(address=st.sampled_from(READ), names=st.sets(st.sampled_from(FILTERS), min_size=1), data=st.data())
def test_no_filter_and_no_query_does(office: Flask, address: str, names: set[str], data: st.DataObject) -> None:
    given = {name: data.draw(values) for name in sorted(names)}
    with client_as(office, "AUDITOR").get(f"/c0001/{address}", query_string=given) as answer:
        judge(office, answer, (address, given))


@pytest.mark.parametrize("name", ["\x00", "{folder}/documents/" + "x" * 3000, "{folder}/documents/\x00", "x" * 7000])
def test_no_name_of_a_document_does(office: Flask, name: str) -> None:
    folder = office.config["LEDGERS"].street.compound("C0001").path
    given = {"filename": name.format(folder=folder)}
    with client_as(office, "AUDITOR").get("/c0001/document/", query_string=given) as answer:
        judge(office, answer, name)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "//evil.example/..", "/\\evil.example/x", "///evil.example", "/c0001//evil.example"]
)
def test_no_path_leads_elsewhere(office: Flask, path: str) -> None:
    for who in PEOPLE:
        browser = client_as(office, who) if who else office.test_client()
        with browser.open(environ_overrides={"PATH_INFO": path, "REQUEST_METHOD": "GET"}) as answer:
            judge(office, answer, path)
