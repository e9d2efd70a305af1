"""Ledgers are loaded when asked for, through the gate, and one that can't be loaded hurts no other."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, MONTH_FILE, PAGE, bank, make_compound, make_street

from jiezhang.book.layout import StreetFolder
from jiezhang.book.render import EXTENSIONS
from jiezhang.domain.problem import Refused
from jiezhang.office.home import OfficeHome
from jiezhang.web import ledger as ledger_module
from jiezhang.web.app import create_app
from jiezhang.web.ledger import ERRORS_SHOWN_MAX, shown_errors
from jiezhang.web.ledgers import Ledgers
from jiezhang.web.server import serve
from jiezhang.web.serving import Serving
from tests.signed_in import client_as, serving


def total(client: FlaskClient, slug: str = "c0001", **filters: str) -> Any:
    asked = {"query_string": "select sum(number) where account ~ '1002银行'", **filters}
    return client.get(f"/{slug}/api/query", query_string=asked).json["data"]["rows"]


def test_nothing_is_loaded_for_a_list(street: StreetFolder) -> None:
    ledgers = Ledgers(street)
    assert [(one.slug, one.options["title"]) for one in ledgers.listed()] == [
        ("c0001", "C0001甲子花园"),
        ("c0002", "C0002甲子花园"),
    ]
    assert ledgers.first_slug() == "c0001"
    assert ledgers.loaded == ()


def test_only_so_many_stay_in_memory(tmp_path: Path) -> None:
    street = make_street(tmp_path / "street", "C0001", "C0002", "C0003")
    ledgers = Ledgers(street, loaded_max=2)
    for slug in ("c0001", "c0002", "c0001", "c0003"):
        ledgers[slug]
    assert ledgers.loaded == ("c0001", "c0003")
    assert ledgers["c0001"] is ledgers["c0001"]


def test_an_unknown_compound(client: FlaskClient, app: Flask) -> None:
    with pytest.raises(KeyError):
        app.config["LEDGERS"]["c0009"]
    answer = client.get("/c0009/journal/")
    assert (answer.status_code, "没有这个页面" in answer.text) == (404, True)


def test_a_new_compound_is_found(client: FlaskClient, street: StreetFolder) -> None:
    assert client.get("/c0003/journal/").status_code == 404
    make_compound(street, "C0003")
    assert client.get("/c0003/journal/").status_code == 200
    assert "/c0003/" in client.get("/").text


def test_a_changed_file_is_read_again(client: FlaskClient, month_file: Path) -> None:
    client.get("/c0001/journal/")
    text = month_file.read_text("utf-8")
    month_file.write_text(text.replace("示例保洁有限公司", "另一家保洁公司"), "utf-8")
    assert client.get("/c0001/api/changed").json["data"] is True
    assert client.get("/c0001/api/changed").json["data"] is False
    assert "另一家保洁公司" in client.get(PAGE).text


def test_a_change_that_keeps_size_and_time_is_seen(client: FlaskClient, month_file: Path) -> None:
    """Another file renamed over it, as our own writer does it."""
    client.get(PAGE)
    before = month_file.stat()
    fresh = month_file.with_suffix(".fresh")
    fresh.write_bytes(month_file.read_bytes().replace("保洁费".encode(), "保安费".encode()))
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    fresh.replace(month_file)
    assert "保安费" in client.get(PAGE).text


@pytest.mark.parametrize(
    "name",
    [
        "street.toml", "rulepacks.csv", "procedures/small.toml", "C0001/chain.csv", "C0001/register/seals.csv",
        "C0001/register/contracts.csv", "C0001/resolutions.beancount",
    ],
)  # fmt: skip
def test_what_the_rules_read_beside_the_books_is_watched(street: StreetFolder, name: str) -> None:
    ledger = Ledgers(street)["c0001"]
    before = ledger.version
    os.utime(street.path / name, ns=(0, 0))
    assert ledger.changed()
    assert ledger.version != before


def test_a_new_ballot_file_is_seen(street: StreetFolder) -> None:
    ledger = Ledgers(street)["c0001"]
    votes = street.compound("C0001").path / "votes"
    (votes / "R1.csv").write_text("dwelling,choice\n")
    assert ledger.changed()
    assert not ledger.changed()


def test_a_new_months_file_is_seen(client: FlaskClient, street: StreetFolder) -> None:
    assert 'value="2026-11"' not in client.get(PAGE).text
    new = street.compound("C0001").path / "2026" / "2026-11.beancount"
    new.write_text(';; 2026-11\n\n2026-11-02 ! "新" "行"\n', "utf-8")
    assert 'value="2026-11"' in client.get(PAGE).text


@pytest.mark.parametrize(
    ("name", "added", "sentence"),
    [
        ("main.beancount", b'plugin "evil"\n', "主文件不是程序生成的那一份"),
        (MONTH_FILE, b'option "title" "x"\n', "只有主文件可以写 option"),
        (MONTH_FILE, b"\xff", "账簿文件不是 UTF-8 编码"),
        ("resolutions.beancount", None, "缺少账簿文件"),
    ],
)
def test_the_gates_refusal_is_a_page(
    client: FlaskClient, street: StreetFolder, name: str, added: bytes | None, sentence: str
) -> None:
    """`added` at the end of file `name`, or the file taken away; to a ledger in memory, then to one that is not."""
    folder = street.compound("C0001").path
    kept = (folder / name).read_bytes()
    client.get("/c0001/journal/")
    for _ in range(2):
        if added is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(kept + added)
        for _ in range(2):
            page = client.get("/c0001/journal/")
            assert (page.status_code, sentence in page.text) == (503, True)
        asked = client.get("/c0001/api/journal")
        assert (asked.status_code, sentence in asked.json["error"]) == (503, True)
        assert client.get("/c0002/journal/").status_code == 200
        assert client.get("/").status_code == 200
        (folder / name).write_bytes(kept)
        assert client.get("/c0001/journal/").status_code == 200


def test_a_refusal_names_no_path_of_this_machine(client: FlaskClient, month_file: Path, street: StreetFolder) -> None:
    with month_file.open("a") as file:
        file.write('include "x"\n')
    page = client.get("/c0001/journal/").text
    assert f"C0001/{MONTH_FILE} 第 " in page
    assert str(street.path) not in page


@pytest.mark.parametrize("loaded_before", [True, False])
def test_the_books_run_no_code(
    client: FlaskClient, street: StreetFolder, append: Callable[[str], None], loaded_before: bool
) -> None:
    """Fava imports the extension, and runs the import-config, that any file of the books names."""
    folder = street.compound("C0001").path
    ran = folder / "ran"
    for name in ("evil_extension.py", "2026/evil_config.py"):
        (folder / name).write_text(f"open({str(ran)!r}, 'w')\nCONFIG = []\n")
    if loaded_before:
        client.get(PAGE)
    append('2026-10-01 custom "fava-option" "import-config" "evil_config.py"\n')
    append('2026-10-01 custom "fava-extension" "evil_extension"\n')
    answer = client.get(PAGE)
    assert (answer.status_code, "只有主文件可以" in answer.text) == (503, True)
    assert not ran.exists()


def test_the_main_file_names_our_pages() -> None:
    assert tuple(page.__module__ for page in ledger_module.PAGES) == EXTENSIONS


def test_a_bug_in_loading_does_not_lose_the_others(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("lineno")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as patch:
        patch.setattr(ledger_module, "check_files", fails)
        assert client.get("/c0001/journal/").status_code == 500
    assert client.get("/c0001/journal/").status_code == 200


def test_concurrent_queries_get_their_own_answers(app: Flask, client: FlaskClient) -> None:
    expected = {time: total(client, time=time) for time in ("2026-09", "2026-10-03", "2026-10-05")}
    assert list(expected.values()) == [[[10000]], [[11200]], [[10850]]]

    def ask(number: int) -> list[bool]:
        own, time = client_as(app, MAKER), list(expected)[number % 3]
        return [total(own, time=time) == expected[time] for _ in range(40)]

    with ThreadPoolExecutor(6) as threads:
        right = [one for answers in threads.map(ask, range(6)) for one in answers]
    assert (len(right), sum(right)) == (240, 240)


def test_errors_are_in_chinese_and_not_too_many(client: FlaskClient, append: Callable[[str], None]) -> None:
    append(f'2026-10-30 balance {bank("C0001")} 1.00 CNY\n')
    errors = client.get("/c0001/api/errors").json["data"]
    assert [error["message"] for error in errors] == [
        f"余额不符：“{bank('C0001')}”对账单余额 1.00，账面余额 10858.88"
    ]
    assert isinstance(errors[0]["source"]["lineno"], int)


def test_many_errors_are_cut(street: StreetFolder) -> None:
    ledger = Ledgers(street)["c0001"]
    wrong = [type("Wrong", (), {"source": None, "message": f"错 {n}", "entry": None})() for n in range(250)]
    shown = shown_errors(wrong, ledger.folder)
    assert len(shown) == ERRORS_SHOWN_MAX + 1
    assert shown[-1].message == "还有 50 处错误没有列出，全部见“本月”页"
    assert all(isinstance(error.source["lineno"], int) and error.source["filename"] for error in shown)


def test_start_page(client: FlaskClient, street: StreetFolder) -> None:
    (street.compound("C0002").register / "compound.toml").write_text("code =")
    page = client.get("/").text
    assert "街账 · 样例街道" in page
    assert '<a href="/c0001/">甲子花园</a>' in page
    assert "一社区" in page
    assert "3 笔" in page
    assert "小区登记（register/compound.toml）读不出来" in page


def test_a_compounds_address_leads_to_the_month(client: FlaskClient) -> None:
    assert client.get("/c0001/").location == PAGE


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "street.example", ""])
def test_served_on_this_machine_only(street: StreetFolder, host: str) -> None:
    with pytest.raises(Refused, match="须写明街账的域名"):
        serve(street, serving(street), host, 0)


def test_a_port_in_use(street: StreetFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said: list[int] = []
        with pytest.raises(Refused, match=f"端口 {port} 打不开"):
            serve(street, serving(street), "127.0.0.1", port, said.append)
        assert said == [], "nothing is open"


def test_the_port_is_ours_before_anybody_is_told(street: StreetFolder) -> None:
    """Connecting works the moment the address is printed."""

    def connect(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            raise KeyboardInterrupt

    serve(street, serving(street), "127.0.0.1", 0, connect)


def test_no_street_no_server(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        create_app(StreetFolder(tmp_path), Serving(OfficeHome(tmp_path)))
