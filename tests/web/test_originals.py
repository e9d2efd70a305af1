"""What a voucher rests on is shown beside it, and each original can be opened, without any rights in the browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from asking import CLEANING, COST, complete, press
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER, POSTER, REVIEWER, VOUCHERS
from werkzeug.datastructures import Headers

from jiezhang.book.layout import StreetFolder
from jiezhang.street.attaching import attach
from tests.signed_in import client_as, open_app, sign_in

ORIGINAL = "/jiezhang/c0001/original"


@pytest.fixture
def entered(client: FlaskClient, street: StreetFolder, tmp_path: Path) -> FlaskClient:
    """The payment for cleaning is a voucher with its invoice."""
    assert complete(client, {**CLEANING, "other": COST, "invoice": "0012，0013", "contract": "HT-9"})[0] == 200
    invoice = tmp_path / "发票 0012.pdf"
    invoice.write_bytes(b"%PDF-1.4 invoice")
    folder = street.compound("C0001")
    attach(street, folder, MAKER, f"{CLEANING['account']}/{CLEANING['ref']}", [invoice], 2)
    return client


def shown(browser: FlaskClient) -> str:
    """The voucher of 350 yuan on the page."""
    page = browser.get(f"{VOUCHERS}?month=2026-10").text
    return next(part.partition("</tbody>")[0] for part in page.split("<tbody")[1:] if "示例保洁有限公司" in part)


def got(browser: FlaskClient, address: str) -> tuple[int, bytes, Headers]:
    """The answer, read to its end."""
    with browser.get(address) as answer:
        return answer.status_code, answer.data, answer.headers


def opened(text: str) -> dict[str, str]:
    """The addresses of originals by what they are called."""
    return {name: address for address, name in re.findall(rf'href="({ORIGINAL}[^"]+)"[^>]*>([^<]+)<', text)}


def test_a_reviewer_sees_what_a_voucher_rests_on(app: Flask, entered: FlaskClient) -> None:
    text = shown(client_as(app, REVIEWER))
    for said in (
        "银行流水：公共收益 工行3021 2026-10-05 05:30:00 <b>-350.00</b>，余额 10,850.00",
        "（对账单第 3 行，原件不在 statements 里）",
        "纸质单据 2 张",
        "发票号：0012、0013",
        "合同：HT-9",
        ">R2026-00</a>",
    ):
        assert said in text, said


def test_an_original_is_opened_without_rights(app: Flask, entered: FlaskClient) -> None:
    browser = client_as(app, REVIEWER)
    ((name, address),) = opened(shown(browser)).items()
    assert name.endswith(".pdf")
    status, content, headers = got(browser, address)
    assert (status, content, headers["Content-Type"]) == (200, b"%PDF-1.4 invoice", "application/pdf")
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline")


def test_posted_vouchers_keep_their_originals(app: Flask, entered: FlaskClient) -> None:
    assert press(entered, "review", REVIEWER)[0] == 200
    assert press(entered, "post", POSTER)[0] == 200
    text = shown(entered)
    assert "发票号：0012、0013" in text.partition("<details>")[2]
    assert got(entered, opened(text).popitem()[1])[0] == 200


@pytest.mark.parametrize(
    ("name", "kept"), [("a.html", True), ("a.svg", True), ("a.xlsx", True), ("a.png", False), ("a.PDF", False)]
)
def test_what_a_browser_would_run_is_kept_instead(app: Flask, street: StreetFolder, name: str, kept: bool) -> None:
    place = street.compound("C0001").path / "documents"
    place.mkdir(exist_ok=True)
    (place / name).write_bytes(b"<script>alert(1)</script>")
    status, _, headers = got(client_as(app, REVIEWER), f"{ORIGINAL}?file=documents/{name}")
    assert (status, headers["Content-Disposition"].partition(";")[0]) == (200, "attachment" if kept else "inline")


@pytest.mark.parametrize(
    "file",
    [
        "", ".", "main.beancount", "register/compound.toml", "documents", "documents/none.pdf", "/etc/passwd",
        "documents/../main.beancount", "../street.toml", "../C0002/main.beancount", "documents/\0", "documents/link",
        "x" * 5000,
    ],
)  # fmt: skip
def test_nothing_else_is_served(app: Flask, street: StreetFolder, file: str) -> None:
    place = street.compound("C0001").path / "documents"
    place.mkdir(exist_ok=True)
    (place / "link").symlink_to(street.toml)
    assert client_as(app, REVIEWER).get(f"{ORIGINAL}?file={quote(file)}").status_code == 404


def test_the_banks_file_is_opened(sealed: StreetFolder) -> None:
    """Kept under the month of its last row, it is found by its digest."""
    browser = client_as(open_app(sealed), "F01")
    page = browser.get(f"{VOUCHERS}?month=2026-07").text
    status, content, _ = got(browser, opened(page)["对账单"])
    assert status == 200
    assert content in [path.read_bytes() for path in sealed.compound("C0001").kept_files()]


@pytest.mark.parametrize(
    ("person", "section", "has_ticks"),
    [(MAKER, "entered", False), (REVIEWER, "entered", True), (POSTER, "entered", True),
     (MAKER, "reviewed", True), (REVIEWER, "reviewed", False), (POSTER, "reviewed", True), ("Y01", "reviewed", False)],
)  # fmt: skip
def test_ticks_are_for_who_has_a_button(
    entered: FlaskClient, person: str, section: str, has_ticks: bool
) -> None:
    if section == "reviewed":
        assert press(entered, "review", REVIEWER)[0] == 200
    page = sign_in(entered, person).get(VOUCHERS).text
    shown = page.partition(f'id="jz-{section}"')[2].partition("</section>")[0]
    assert shown.count("jz-voucher") >= 2
    assert ('class="jz-one"' in shown, 'class="jz-all"' in shown, 'class="jz-act"' in shown) == (has_ticks,) * 3
