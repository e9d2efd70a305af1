"""The owner's page: one file with nothing from outside, which Chromium opens from a folder and gives the verdict."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jiezhang.domain.history.trust import Trust
from reports.owner_check import render_page
from tests.js.little_proof import LINES, LittleProof, office_line, party_line, public_of, trust_json

TRUST = Trust.model_validate(trust_json())
PAGE = render_page(TRUST, {"C0001": "长吴公寓"})
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=8000",
)  # fmt: skip
GOOD = LittleProof()


def body_of(tag: str, page: bytes = PAGE) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", page.decode(), re.DOTALL)


def test_the_same_trust_gives_the_same_bytes_and_no_placeholder_is_left() -> None:
    assert render_page(TRUST, {"C0001": "长吴公寓"}) == PAGE
    assert render_page(TRUST) != PAGE
    assert not re.search(r"\$(policy|title|style|street|keys|required|trust|words|crypto|check|page)\b", PAGE.decode())


def test_the_policy_allows_these_scripts_and_this_style_and_nothing_else() -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE.decode())
    told = dict(part.split(" ", 1) for part in policy.split("; "))
    hashes = {
        tag: [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in body_of(tag)]
        for tag in ("script", "style")
    }
    assert len(hashes["script"]) == 3
    assert told == {
        "default-src": "'none'", "script-src": " ".join(hashes["script"]), "style-src": " ".join(hashes["style"]),
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


def test_nothing_comes_from_outside() -> None:
    text = PAGE.decode()
    assert not re.search(r"\bsrc=|\bhref=|url\(|@import|https?://|//[a-z]|\bon[a-z]+=|style=", text.replace("// ", ""))
    assert not re.search(r"fetch\(|XMLHttpRequest|localStorage|cookie|innerHTML|document\.write|import\(", text)


def test_the_page_shows_the_start_of_every_trusted_key_and_who_must_sign() -> None:
    shown = re.findall(r'<tr><td>(.*?)</td><td>(.*?)</td><td class="key">(.*?)</td></tr>', PAGE.decode())
    assert shown == [
        (party, name, public_of(name).hex()[:8])
        for party, name in zip(
            ("街道办事处", "专户银行", "审计机构", "社区", "业主代表"), ("K01", "B01", "S01", "Q01", "Y01"), strict=True
        )
    ]
    assert "街道办事处、专户银行、审计机构、社区都签了名，本页才说“核对无误”。" in PAGE.decode()


def test_names_cannot_break_out_of_the_page() -> None:
    evil = "</script><b>'\"&"
    page = render_page(Trust.model_validate(trust_json(street="<i>街道&'\"")), {"C0001": evil}).decode()
    assert evil not in page and "<i>" not in page and "<b>" not in page
    found = re.findall(r'<script type="application/json" id="(\w+)">(.*?)</script>', page, re.DOTALL)
    data = {name: json.loads(text) for name, text in found}
    assert data["words"]["compounds"] == {"C0001": evil}
    assert data["trust"] == trust_json(street="<i>街道&'\"")


def opened(page: Path, code: str) -> tuple[str, str]:
    """The verdict's mark and its words, out of the page as Chromium has it after its scripts ran."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={page.parent}/profile", "--dump-dom", f"{page.as_uri()}#{code}"],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    dom = done.stdout.decode()
    found = re.search(r'<section id="verdict"([^>]*)>(.*?)</section>', dom, re.DOTALL)
    assert found, dom[:2000]
    mark = re.search(r'data-result="(\w+)"', found[1])
    return mark[1] if mark else "", html.unescape(re.sub(r"<[^>]+>", "|", found[2]))


@pytest.mark.skipif(CHROMIUM is None, reason="the page is opened in Chromium, which is not installed: make browser")
def test_chromium_opens_the_file_and_says_the_verdict(tmp_path: Path) -> None:
    page = tmp_path / "核对.html"
    page.write_bytes(PAGE)
    mark, said = opened(page, GOOD.code())
    assert mark == "ok"
    for words in (
        "✓ 核对无误", "2026年10月底，01-1-005 户", "|10,395.95|", "|422,740.54|", "共 37 户", "C0001　长吴公寓",
        "57 张", "编号 K01，已签名", "2026年11月5日 12:00（北京时间）", "由街道办事处、专户银行、社区、审计机构签了名",
        "没有证明什么", "签名的时候有没有提出例外，码里没有写",
    ):  # fmt: skip
        assert words in said, words
    for proof, words in (
        (GOOD.but(forged={"balance": 1}), "余额没有算进全小区合计"),
        (GOOD.but(lines=(*LINES, party_line("Z09"))), "签名的人不在名单里"),
        (GOOD.but(lines=(office_line(wrong=1), *LINES[1:])), "签名是假的"),
        (GOOD.but(lines=LINES[:3]), "应当签名的有：街道办事处、专户银行、审计机构、社区。"),
        (GOOD.but(month=13), "码读不出来，没有核对成"),
    ):
        mark, said = opened(page, proof.code())
        assert mark == "bad" and "✗ 核对不通过" in said and words in said and "核对无误" not in said
    assert opened(page, "") == ("", "")
