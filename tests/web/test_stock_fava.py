"""The known holes of stock Fava 1.30.16, each tried on stock Fava, where it works, and on ours, where it does not.

That it works on the one is asserted too: a test whose attack has rotted proves nothing of the other.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fava.application import create_app as create_stock
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, MONTH_FILE, make_street
from werkzeug.serving import make_server

from jiezhang.web.gate import COOKIE
from tests.signed_in import client_as, open_app

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=8000",
)  # fmt: skip
RAN = "the-script-ran"
IMPORTERS = """
from beancount.core import data
from beangulp import Importer
import datetime

class Any(Importer):
    name = "any"

    def identify(self, filepath): return True
    def account(self, filepath): return "Assets:Any"
    def extract(self, filepath, existing):
        with open(filepath) as file:
            text = file.read()
        return [data.Note(data.new_metadata(filepath, 1), datetime.date(2026, 10, 1), "Assets:Any", text, None, None)]

CONFIG = [Any()]
"""


@dataclass(frozen=True)
class Served:
    """An application under attack: the address of its ledger, and a browser that may read it."""

    is_stock: bool
    app: Flask
    books: str
    folder: Path

    def browser(self) -> FlaskClient:
        return self.app.test_client() if self.is_stock else client_as(self.app, MAKER)

    def get(self, address: str, **asked: str) -> Any:
        return self.browser().get(self.books + address, query_string=asked, buffered=True)

    def append(self, text: str) -> None:
        month = self.folder / MONTH_FILE
        month.write_text(month.read_text("utf-8") + "\n" + text, "utf-8")


@pytest.fixture(params=["stock", "ours"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Served:
    """The same books, by stock Fava from a folder of its own, and by us."""
    street = make_street(tmp_path / "street", "C0001")
    folder = street.compound("C0001").path
    if request.param == "ours":
        return Served(False, open_app(street), "/c0001/", folder)
    main = folder / "main.beancount"
    kept = [line for line in main.read_text("utf-8").splitlines() if "fava-extension" not in line]
    (folder / "importers.py").write_text(IMPORTERS)
    main.write_text("\n".join([*kept, '2026-09-01 custom "fava-option" "import-config" "importers.py"', ""]), "utf-8")
    app = create_stock([str(main)], poll_watcher=True)
    return Served(True, app, f"/{app.config['LEDGERS'].first_slug()}/", folder)


@pytest.mark.parametrize("address", ["api/query", "download-query/query_result.csv"])
def test_the_query_box_empties_a_file(served: Served, address: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    served.get(address, query_string=f".output {victim}")
    assert (victim.read_text() == "") is served.is_stock
    if served.is_stock:
        served.app.config["LEDGERS"][served.books.strip("/")].query_shell.shell.outfile.close()


def test_the_query_box_opens_a_file(served: Served, tmp_path: Path) -> None:
    victim = tmp_path / "victim.csv"
    victim.write_text("name\nsecret\n")
    answer = served.get("api/query", query_string=f"CREATE TABLE t (name str) USING 'csv:{victim}'")
    assert answer.status_code == (200 if served.is_stock else 400)


def test_the_import_page_reads_any_file(served: Served, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("the secret of another folder")
    answer = served.get("api/extract", filename=str(victim), importer="any")
    assert ("the secret of another folder" in answer.text) is served.is_stock
    assert answer.status_code == (200 if served.is_stock else 403)


def test_the_source_is_given_by_get(served: Served) -> None:
    answer = served.get("api/source", filename=str(served.folder / "main.beancount"))
    assert answer.status_code == (200 if served.is_stock else 403)
    assert ("tolerance_multiplier" in answer.text) is served.is_stock


def test_another_name_for_this_machine(served: Served) -> None:
    answer = served.browser().get(f"{served.books}api/changed", headers={"Host": "evil.example"})
    assert answer.status_code == (200 if served.is_stock else 421)


THREADS, QUERIES = 6, 240
TIMES = ("2026-09", "2026-10", "2026")
"""Filters through which a query sees so many postings each."""


def asked_at_once(served: Served, until: Callable[[int, int], bool]) -> tuple[int, int]:
    """How many queries were answered, and how many with another's rows, before `until` was satisfied."""
    counts, lock = [0, 0], threading.Lock()
    right = {time: rows(served.browser(), served.books, time) for time in TIMES}
    assert len(set(right.values())) == len(TIMES), right

    def ask(browser: FlaskClient, times: list[str]) -> None:
        while True:
            for time in times:
                found = rows(browser, served.books, time)
                with lock:
                    counts[0] += 1
                    counts[1] += found != right[time]
                    if until(*counts):
                        return

    listed = list(TIMES)
    threads = [
        threading.Thread(target=ask, args=(served.browser(), listed[at % 3 :] + listed[: at % 3]))
        for at in range(THREADS)
    ]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    return counts[0], counts[1]


def rows(browser: FlaskClient, books: str, time: str) -> int:
    asked = {"query_string": "select count(*)", "time": time}
    answer = browser.get(f"{books}api/query", query_string=asked).json
    return int(answer["data"]["rows"][0][0]) if answer and "data" in answer else -1


def test_queries_at_once_are_mixed_up(served: Served) -> None:
    """On stock Fava until the first wrong answer, for a minute at most; on ours 240 queries, all right."""
    if served.is_stock:
        over = monotonic() + 60
        _, wrong = asked_at_once(served, lambda _, wrong: wrong > 0 or monotonic() > over)
        assert wrong > 0
    else:
        asked, wrong = asked_at_once(served, lambda asked, _: asked >= QUERIES)
        assert asked >= QUERIES
        assert wrong == 0


@contextmanager
def listening(served: Served) -> Iterator[str]:
    """The application on a port of this machine; a browser that comes there is signed in."""
    inner = served.app.wsgi_app
    cookie = served.browser().get_cookie(COOKIE)

    def signed_in(environ: dict[str, Any], start_response: Any) -> Any:
        if cookie is not None:
            environ["HTTP_COOKIE"] = f"{COOKIE}={cookie.value}"
        return inner(environ, start_response)

    server = make_server("127.0.0.1", 0, signed_in, threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{served.books}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def seen(address: str, profile: Path) -> str:
    """The page as Chromium has it after its scripts ran."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", address],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.decode()


browser_only = pytest.mark.skipif(CHROMIUM is None, reason="pages are opened in Chromium: make browser")
MARKUP = f"<img src=x onerror=\\\"document.documentElement.className='{RAN}'\\\">电梯"


@browser_only
def test_markup_in_the_books_runs(served: Served, tmp_path: Path) -> None:
    """A stranger's bank remark, seen by whoever opens the journal."""
    served.append(f'2026-10-20 note Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021 "{MARKUP}"\n')
    with listening(served) as books:
        page = seen(f"{books}journal/", tmp_path / "profile")
    assert "电梯" in page, page[:2000]
    assert (f'class="{RAN}"' in page) is served.is_stock
    assert ("&lt;img src=x" in page) is not served.is_stock


@browser_only
def test_a_document_runs_as_a_page_of_the_office(served: Served, tmp_path: Path) -> None:
    paper = served.folder / "documents" / "合同.html"
    paper.parent.mkdir(exist_ok=True)
    paper.write_text(f"<p>合同正文<script>document.documentElement.className='{RAN}'</script>", "utf-8")
    served.append(f'2026-10-01 document Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021 "{paper}"\n')
    answer = served.get("document/", filename=str(paper))
    assert answer.status_code == 200
    assert answer.headers.get("Content-Security-Policy", "").startswith("sandbox;") is not served.is_stock
    with listening(served) as books:
        page = seen(f"{books}document/?filename={paper}", tmp_path / "profile")
    assert "合同正文" in page
    assert (f'class="{RAN}"' in page) is served.is_stock
