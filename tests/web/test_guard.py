"""Every known hole of stock Fava, tried; and every route decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, ORIGIN, PAGE
from werkzeug.routing import Rule

from jiezhang.book.layout import StreetFolder
from jiezhang.web import guard, policy
from tests.signed_in import client_as

Append = Callable[[str], None]

DOWNLOAD = "download-query/query_result.csv"

SAMPLE_PARTS = {
    "bfile": "c0001",
    "name": "Assets",
    "report_name": "journal",
    "extension_name": "MonthPage",
    "endpoint": "statement.pdf",
    "result_format": "csv",
    "page_slug": "features",
    "aggregation_key": "account",
    "filename": "app.css",
    "script": "office",
}


def address(rule: Rule) -> str:
    built = rule.build({name: SAMPLE_PARTS[name] for name in rule.arguments})
    assert built is not None
    return str(built[1])


def test_every_route_is_decided(app: Flask) -> None:
    """A route that a new Fava brings fails here, and is refused until somebody has looked at it."""
    decided = [set(policy.READING), policy.REFUSED, set(policy.OURS), policy.ASKED_BY_PARTS]
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert served | {"demo", "demo_key"} == set().union(*decided)
    assert sum(map(len, decided)) == len(set().union(*decided)), "a route is decided twice"


def test_every_page_of_ours_is_decided(app: Flask) -> None:
    """Each with its endpoints: what Fava would serve is what the policy lists."""
    served = app.config["LEDGERS"]["c0001"].extensions
    found = {page.name: set(page.endpoints) for page in (served.get_extension(name) for name in policy.EXTENSIONS)}
    assert found == {name: set(endpoints) for name, (_, endpoints) in policy.EXTENSIONS.items()}
    assert [details.name for details in served.extension_details] == list(policy.EXTENSIONS)


def test_an_undecided_route_is_refused(app: Flask) -> None:
    app.add_url_rule("/<bfile>/new_in_fava/<path:what>", "new_in_fava", lambda what: what)
    assert client_as(app, MAKER).get("/c0001/new_in_fava/x").status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_every_answer_has_the_headers(app: Flask, method: str) -> None:
    browser = client_as(app, MAKER)
    for rule in app.url_map.iter_rules():
        answer = browser.open(address(rule), method=method, headers=ORIGIN, buffered=True)
        assert answer.status_code < 500, (rule, method)
        for name, value in guard.HEADERS.items():
            assert answer.headers.getlist(name) == [value], (rule, method, name)
        served = rule.endpoint in policy.SANDBOXED and method in ("GET", "HEAD")
        assert answer.headers.getlist("Content-Security-Policy") == [guard.CSP_SANDBOX if served else guard.CSP]


def test_no_script_may_be_inline() -> None:
    scripts = next(part for part in guard.CSP.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'wasm-unsafe-eval'"
    assert guard.CSP_SANDBOX.startswith("sandbox;")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:5000", 200),
        ("127.0.0.1:5000", 200),
        ("[::1]:5000", 200),
        ("LOCALHOST", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:5000", 421),
        ("localhost@evil.example", 421),
        ("evil.example@localhost", 421),
        ("localhost/evil", 421),
        ("192.168.1.5", 421),
        ("[", 421),
    ],
)
def test_only_names_of_this_machine(client: FlaskClient, host: str, status: int) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == (303 if status == 200 and host.lower()[:9] != "localhost" else status), "who is that?"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ("GET", {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
        ("GET", {"Origin": "http://evil.example"}, 403),
        ("POST", {}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Origin": "http://localhost:8080"}, 403),
        ("POST", {"Origin": "https://localhost"}, 403),
        ("POST", {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
        ("POST", {"Origin": "http://localhost"}, 400),  # let through: the body is no request of ours
    ],
)
def test_only_our_own_pages_ask(client: FlaskClient, method: str, headers: dict[str, str], status: int) -> None:
    path, body = (PAGE, None) if method == "GET" else (f"{PAGE}complete", {})
    assert client.open(path, method=method, headers=headers, json=body).status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_is_no_json(client: FlaskClient, kind: str) -> None:
    answer = client.post(f"{PAGE}complete", data="{}", content_type=kind, headers=ORIGIN)
    assert (answer.status_code, "请求须是 JSON" in answer.text) == (415, True)


@pytest.mark.parametrize("path", [f"/c0001/{part}?query_string=" for part in ("api/query", DOWNLOAD)])
def test_the_query_box_writes_no_file(client: FlaskClient, tmp_path: Path, path: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    for query in (f".output {victim}", f"%0a.output {victim}", f"output {victim}", f"select 1;.output {victim}"):
        assert client.get(path + query).status_code == 400
    twice = client.get(f"{path}select 1&query_string=.output {victim}")
    assert twice.status_code == 400
    assert victim.read_text() == "kept"


def test_the_query_box_opens_no_file(client: FlaskClient) -> None:
    answer = client.get("/c0001/api/query", query_string={"query_string": "CREATE TABLE t USING 'csv:/etc/passwd'"})
    assert answer.status_code == 400


def test_a_stored_query_writes_no_file(client: FlaskClient, append: Append, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    append(f'2026-10-01 query "bad" ".output {victim}"\n')
    append(f'2026-10-01 query "make" "CREATE TABLE t USING \'csv:{victim}\'"\n')
    for name in ("bad", "make"):
        for path in ("api/query", DOWNLOAD):
            answer = client.get(f"/c0001/{path}", query_string={"query_string": f"run {name}"})
            assert answer.status_code in (400, 500)
            assert "只能用 SELECT" in answer.get_data(as_text=True) or "只能用 SELECT" in answer.json["error"]
    assert victim.read_text() == "kept"


def test_the_query_box_answers(client: FlaskClient) -> None:
    query = "select sum(number) where account ~ '1002银行'"
    answer = client.get("/c0001/api/query", query_string={"query_string": query})
    assert answer.json["data"]["rows"] == [[10858.88]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "api/source?filename=/etc/passwd"),
        ("GET", "api/source"),
        ("GET", "api/extract?filename=/etc/passwd&importer=x"),
        ("GET", "api/imports"),
        ("GET", "api/options"),
        ("GET", "options/"),
        ("GET", "editor/"),
        ("GET", "import/"),
        ("GET", "../jump?x=y"),
        ("GET", "extension/Other/"),
        ("GET", "extension/MonthPage/complete"),
        ("GET", "extension_js_module/Other.js"),
        ("GET", "extension/OfficePage/"),
        ("GET", "extension/VouchersPage/review"),
        ("GET", "extension/VouchersPage/post"),
        ("POST", "extension/VouchersPage/complete"),
        ("POST", "extension/MonthPage/post"),
        ("POST", "extension/DecisionsPage/post"),
        ("POST", "extension/DecisionsPage/"),
        ("PUT", "api/source"),
        ("PUT", "api/source_slice"),
        ("DELETE", "api/source_slice"),
        ("PUT", "api/add_entries"),
        ("PUT", "api/add_document"),
        ("PUT", "api/attach_document"),
        ("PUT", "api/upload_import_file"),
        ("PUT", "api/move"),
        ("DELETE", "api/document?filename=x"),
        ("PUT", "extension/MonthPage/complete"),
        ("PUT", "extension/VouchersPage/review"),
        ("POST", "api/query?query_string=print"),
    ],
)
def test_refused(client: FlaskClient, street: StreetFolder, method: str, path: str) -> None:
    before = {file: file.read_bytes() for file in street.path.rglob("*") if file.is_file()}
    answer = client.open(f"/c0001/{path}".replace("/c0001/../", "/"), method=method, headers=ORIGIN, json={})
    assert answer.status_code in (403, 405)
    assert {file: file.read_bytes() for file in before} == before


def test_documents_only_from_their_folders(client: FlaskClient, street: StreetFolder, append: Append) -> None:
    folder = street.compound("C0001").path
    own, foreign = folder / "documents" / "合同.html", street.path / "secret.html"
    for file in (own, foreign):
        file.write_text("<script>alert(1)</script>")
    account = "Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021"
    for file in (own, foreign, folder / "main.beancount"):
        append(f'2026-10-01 document {account} "{file}"\n')
    answers = {
        file: client.get("/c0001/document/", query_string={"filename": str(file)}, buffered=True)
        for file in (own, foreign, folder / "main.beancount", Path("/etc/passwd"))
    }
    assert [answer.status_code for answer in answers.values()] == [200, 404, 404, 404]
    assert answers[own].headers["Content-Security-Policy"].startswith("sandbox;")


def test_too_much(client: FlaskClient) -> None:
    big = client.post(f"{PAGE}complete", data=b" " * (guard.BODY_BYTES_MAX + 1), headers=ORIGIN)
    chunked = client.post(f"{PAGE}complete", data=b"{}", headers={**ORIGIN, "Transfer-Encoding": "chunked"})
    long = client.get("/", query_string={"x": "y" * guard.ADDRESS_CHARS_MAX})
    assert [big.status_code, chunked.status_code, long.status_code] == [413, 411, 414]


def test_markup_is_shown_as_text(client: FlaskClient, append: Append) -> None:
    append('2026-10-20 note Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021 "<img src=x onerror=alert(1)>"\n')
    journal = client.get("/c0001/api/journal_page?page=1&order=desc").json["data"]["journal"]
    assert "<img" not in journal
    assert "&lt;img src=x onerror=alert(1)&gt;" in journal
    assert "<span class=" in journal, "Fava's own markup stays"
    assert "&lt;span" not in journal
    page = client.get(PAGE).text
    assert "文字“□img src=x" in page
    assert "<img" not in page
