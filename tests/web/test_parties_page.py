"""The page 三方: what each party signed of a month, what differs, what keeps it open, and what to do next."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from little_street import ORIGIN
from sealed_street import (
    AUDITOR,
    BANK,
    COMMUNITY,
    NEXT,
    PARTIES,
    POSTER,
    SEALED,
    close,
    copy_of,
    present,
    remark,
    sign,
    sign_all,
)

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.book.seal_files import explanations_name, read_explanations, read_months
from jiezhang.close.attesting import Word
from jiezhang.domain.tri_party.month_seal import seal_digest
from tests.signed_in import client_as, open_app, sign_in

DIFFERENCE = "D2026-08-A01-01"
REMARK = Word(differences=(remark("发票<b>少一张，金额"),))


@pytest.fixture
def client(sealed: StreetFolder) -> FlaskClient:
    return client_as(open_app(sealed), POSTER)


@pytest.fixture(scope="module")
def differing(sealed_once: StreetFolder, tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    """2026-08 before the parties, the auditor holding one thing to differ; no test may change it."""
    street = copy_of(sealed_once, tmp_path_factory.mktemp("differing") / "street")
    present(street, "C0001")
    sign(street, AUDITOR, "auditor", REMARK)
    return street


def seen(client: FlaskClient, month: object = NEXT, **more: str) -> str:
    """The page as words alone."""
    answer = client.get(PARTIES, query_string={"month": str(month), **more})
    assert answer.status_code == 200
    shown = answer.text.partition('data-page="parties"')[2]
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", shown).split()))


def version(client: FlaskClient) -> str:
    return client.get(PARTIES).text.partition('data-version="')[2].partition('"')[0]


def explain(
    client: FlaskClient, said: Any = "单位已补来", actor: str = POSTER, **more: Any
) -> tuple[int, str]:
    sign_in(client, actor)
    body = {"month": str(NEXT), "version": version(client), "code": DIFFERENCE, "said": said, **more}
    answer = client.post(f"{PARTIES}explain", json=body, headers=ORIGIN)
    assert answer.json is not None
    return answer.status_code, answer.json["message"]


def test_a_month_that_nobody_has_seen(client: FlaskClient) -> None:
    page = seen(client)
    for said in (
        "2026-08 三方对账",
        "未报送",
        "还没有报送。记账人用自己的私钥签名",
        "账簿和银行对照（现在报送就是这些数） 等式全部相等",
    ):
        assert said in page, said
    for said in ("各方签署", "各方签的是什么", "三方对账单（样稿）", "jiezhang "):
        assert said not in page, said


def test_what_keeps_it_from_being_presented(client: FlaskClient) -> None:
    page = seen(client, "2026-09")
    assert "还没有报送。先解决下列问题，再报送。 上一个封月的是 2026-07，须按月依次封月" in page
    assert "attest present" not in page


@pytest.mark.parametrize("month", ["2020-01", "2199-12"])
def test_a_month_without_figures(client: FlaskClient, month: str) -> None:
    page = seen(client, month)
    assert "未报送" in page
    assert "账簿和银行对照" not in page


def test_the_month_shown_unasked(client: FlaskClient, sealed: StreetFolder) -> None:
    """The one to be presented next; once it is, that one."""
    assert 'data-month="2026-08"' in client.get(PARTIES).text
    present(sealed, "C0001")
    page = client.get(PARTIES).text
    assert 'data-month="2026-08"' in page
    assert re.findall(r'<option value="(2026-\d\d)"', page) == ["2026-08", "2026-07"]
    sign_all(sealed)
    close(sealed)
    assert 'data-month="2026-08"' in client.get(PARTIES).text, "no later month has vouchers"


def test_who_has_signed_and_who_has_not(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    page = seen(client)
    for said in (
        "待签署",
        "三方对账单（样稿）： PDF XLSX",
        "银行 必须签署 确认 B01 银行对账员 2026-09-05 09:30:00 相符 7 项",
        "专业审计 必须签署 未签署 等 A01 专业审计员 签署",
        "业主代表 可以缺签 未签署 等 C0001R1",
        "已报送，等专业审计、社区核对签署",
        "专业审计、社区还没有签署",
        "只在自己的浏览器里用，不上传",
    ):
        assert said in page, said
    assert "jiezhang " not in page, "what buttons do is not told as commands"


def test_signed_by_all_and_then_closed(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign_all(sealed)
    page = seen(client)
    assert "各方已经签署，可以封月。 封月人：K02 代理会计2号 封月 2026-08 封月以后不能再记、再改。" in page
    assert "jiezhang " not in page
    sign_in(client, "F01")
    assert "各方已经签署，可以封月。 等 K01 代理会计1号、K02 代理会计2号 办。" in seen(client)
    close(sealed)
    page = seen(client)
    digest = seal_digest(read_months(sealed.compound("C0001")).seals[-1])
    for said in (
        "已封月，不能再记、再改",
        "怎样验证（在装有街账的电脑上，用命令） jiezhang verify --compound C0001 --trust 信任.toml --kept 存证文件夹",
        "封月人 K02 代理会计2号",
        f"封存指纹 {digest[:4]} {digest[4:8]}",
        "缺签 业主代表",
        "三方对账单： PDF XLSX",
    ):
        assert said in page, said
    assert "业主代表 可以缺签 未签署 等" not in page, "nobody is waited for any more"
    assert "attest" not in page


def test_a_refusal_stands_with_its_reason(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, COMMUNITY, "community", Word(refusal="公示<照片>没有看到"))
    page = seen(client)
    assert "社区 必须签署 拒绝签署 S01" in page
    assert "社区 S01 拒绝签署：公示<照片>没有看到" in page
    assert "<照片>" not in client.get(PARTIES).text


def test_a_signature_that_does_not_count(client: FlaskClient, sealed: StreetFolder) -> None:
    """Somebody gave the auditor another key after it signed."""
    present(sealed, "C0001")
    sign_all(sealed)
    about = read_street(sealed)
    keys = {AUDITOR: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"}
    people = [one.model_copy(update={"key": keys.get(one.id, one.key)}) for one in about.people]
    sealed.toml.write_bytes(toml_bytes(about.model_copy(update={"people": tuple(people)})))
    page = seen(client)
    for said in (
        "专业审计 必须签署 作废 A01 专业审计员",
        "专业审计 A01 的签名与登记的公钥不符",
        "改正以后才能报送、签署、封月",
    ):
        assert said in page, said
    assert "可以封月" not in page


def test_books_that_moved_on_must_be_presented_again(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign_all(sealed)
    register = sealed.compound("C0001").path / "register" / "contracts.csv"
    register.write_bytes(register.read_bytes().replace(b"\n", b" \n", 1))
    page = seen(client)
    assert "报送以后有了变动，须重新报送，各方重新签署。 记账人：K02 代理会计2号 报送 2026-08" in page


def test_a_difference_and_its_explanation(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    sign(sealed, AUDITOR, "auditor", REMARK)
    sign(sealed, COMMUNITY, "community")
    page = seen(client)
    for said in (
        "未了差异 1 项",
        f"{DIFFERENCE} 专业审计 例外事项 公共收益",
        "12.34 2026-08 第 1 个月 发票",
        f"{DIFFERENCE} 专业审计：例外事项还没有说明",
        "先解决下列问题，再封月",
    ):
        assert said in page, said
    assert "少一张" in page
    assert "发票<b>" not in client.get(PARTIES).text
    assert explain(client, " 单位已补来 ") == (200, f"已说明差异 {DIFFERENCE}")
    assert read_explanations(sealed.compound("C0001"), NEXT) == {DIFFERENCE: "单位已补来"}
    assert 'value="单位已补来"' in client.get(PARTIES).text
    assert "各方已经签署，可以封月" in seen(client)
    close(sealed)
    assert "少一张，金额 说明：单位已补来" in seen(client)
    assert explain(client)[1] == "2026-08 已经封月"


@pytest.mark.parametrize(
    ("said", "more", "status", "message"),
    [
        ("来由", {"actor": "F01"}, 403, "F01 街道复核员（街道复核员）不能说明差异"),
        ("来由", {"actor": "A01"}, 403, "A01 专业审计员（专业审计）不能说明差异"),
        ("来由", {"code": "D2026-08-01"}, 422, f"2026-08 没有未了的差异 D2026-08-01（{DIFFERENCE}）"),
        (" ", {}, 422, "说明不能是空的"),
        ("<img src=x>", {}, 422, "说明里有不能使用的字符，或者太长"),
        ("一\n二", {}, 422, "说明里有不能使用的字符，或者太长"),
        ("长" * 201, {}, 422, "说明里有不能使用的字符，或者太长"),
        ("来由", {"month": str(SEALED)}, 422, "2026-07 已经封月"),
        ("来由", {"month": "2026-09"}, 422, "2026-09 还没有报送给各方"),
        ("来由", {"version": "0" * 16}, 409, "账簿在打开本页之后有了改动，这次操作没有执行，请刷新页面后再做"),
        ("长" * 1001, {}, 400, "请求写法有误，请刷新页面后再做"),
        (7, {}, 400, "请求写法有误，请刷新页面后再做"),
        ("来由", {"flag": "*"}, 400, "请求写法有误，请刷新页面后再做"),
    ],
)
def test_explanations_that_are_not_taken(
    differing: StreetFolder, said: Any, more: dict[str, Any], status: int, message: str
) -> None:
    found = explain(open_app(differing).test_client(), said, **more)
    assert (found[0], found[1][: len(message)]) == (status, message)
    assert not (differing.compound("C0001").path / explanations_name(NEXT)).exists()


def test_a_signature_makes_an_open_page_stale(client: FlaskClient, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    before = version(client)
    sign(sealed, AUDITOR, "auditor", REMARK)
    client.get(PARTIES)
    assert explain(client, version=before)[0] == 409


@pytest.mark.parametrize(("suffix", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_the_statement(client: FlaskClient, sealed: StreetFolder, suffix: str, begins: bytes) -> None:
    present(sealed, "C0001")
    for month, draft in ((SEALED, False), (NEXT, True)):
        answer = client.get(f"{PARTIES}statement.{suffix}?month={month}", buffered=True)
        assert (answer.status_code, answer.data[: len(begins)]) == (200, begins)
        name = answer.headers["Content-Disposition"]
        assert ("%EF%BC%88%E6%A0%B7%E7%A8%BF%EF%BC%89" in name) is draft, name
    answer = client.get(f"{PARTIES}statement.{suffix}?month=2026-09")
    assert (answer.status_code, "2026-09 还没有报送给各方" in answer.text) == (422, True)


def test_seals_that_cannot_be_read(client: FlaskClient, sealed: StreetFolder) -> None:
    (sealed.compound("C0001").path / "seals" / "2026-07.json").write_text("{}", "utf-8")
    answer = client.get(PARTIES)
    assert "登记资料或封月文件读不出来" in answer.text
    assert client.get(f"{PARTIES}statement.pdf?month=2026-07").status_code == 422


def test_it_signs_nothing_by_itself(client: FlaskClient, sealed: StreetFolder) -> None:
    """What is malformed, another's, or not signed yet leaves no trace; see test_parties_signing."""
    before = sorted(path.name for path in (sealed.compound("C0001").path / "seals").iterdir())
    answers = {
        button: client.post(PARTIES + button, json={}, headers=ORIGIN).status_code
        for button in ("sign", "draw", "present", "close", "statement.pdf", "")
    }
    assert answers == {"sign": 403, "draw": 403, "present": 400, "close": 400, "statement.pdf": 403, "": 405}
    assert sorted(path.name for path in (sealed.compound("C0001").path / "seals").iterdir()) == before


def test_its_script(client: FlaskClient) -> None:
    answer = client.get("/c0001/extension_js_module/PartiesPage.js", buffered=True)
    assert (answer.status_code, 'from "/jiezhang/office.js"' in answer.text) == (200, True)
