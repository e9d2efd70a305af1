"""A month presented, signed and closed in browsers, each with the key of who acts."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sealed_street import (
    AUDITOR,
    BANK,
    COMMUNITY,
    NEXT,
    PARTIES,
    POSTER,
    SEED,
    close,
    present,
    remark,
    sign,
    sign_all,
)
from signing_hand import press, press_and_sign, rows_of

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.book.seal_files import read_months
from jiezhang.close.attesting import Word
from jiezhang.domain.history.receipt import SignedReceipt
from jiezhang.domain.tri_party.months import Presented
from jiezhang.street.sample.officers import private_key
from tests.signed_in import client_as, office_of, open_app, sign_in

MONTH = {"month": str(NEXT)}


@pytest.fixture
def office(sealed: StreetFolder) -> Flask:
    return open_app(sealed)


def shown_to(office: Flask, person: str) -> str:
    """The page of 2026-08 as `person` sees it."""
    return client_as(office, person).get(f"/jiezhang/c0001/parties/?month={NEXT}").text


def presented_in(street: StreetFolder) -> Presented:
    return read_months(street.compound("C0001")).presented[str(NEXT)]


def test_a_month_presented_signed_and_closed_in_browsers(office: Flask, sealed: StreetFolder) -> None:
    """Whole and without the command line: every party with its own key."""
    client = office.test_client()
    page = sign_in(client, POSTER).get(f"{PARTIES}?month={NEXT}").text
    assert 'class="jz-do-present"' in page
    answer, kinds = press_and_sign(client, PARTIES, "present", POSTER, private_key(SEED, POSTER), **MONTH)
    assert (answer.status_code, kinds) == (200, ["ed25519"])
    assert str(NEXT) in read_months(sealed.compound("C0001")).presented
    expected = {BANK: ["vrf", "ed25519", "ed25519"], AUDITOR: ["vrf", "ed25519", "ed25519"], COMMUNITY: ["ed25519"] * 2}
    for person, asked in expected.items():
        shown = sign_in(client, person).get(f"/jiezhang/c0001/parties/?month={NEXT}").text
        assert shown.index("账簿和银行对照") < shown.index('class="jz-do-sign"'), "first the figures, then the button"
        answer, kinds = press_and_sign(
            client, PARTIES, "sign", person, private_key(SEED, person), verdict="agree", **MONTH
        )
        assert (answer.status_code, kinds) == (200, asked), answer.json
        assert answer.json is not None
        assert (answer.json["file"], "— " in answer.json["text"]) == ("C0001-2026-08-存证.txt", True)
    said = {one.attestation.person: one.attestation.verdict for one in presented_in(sealed).signed}
    assert said == dict.fromkeys(expected, "confirmed")
    assert 'class="jz-do-close"' in sign_in(client, POSTER).get(f"{PARTIES}?month={NEXT}").text
    answer, kinds = press_and_sign(client, PARTIES, "close", POSTER, private_key(SEED, POSTER), **MONTH)
    assert (answer.status_code, kinds) == (200, ["ed25519"])
    assert answer.json is not None
    assert answer.json["file"] == "C0001-2026-08-封月回执.txt"
    assert SignedReceipt.parse(answer.json["text"]).receipt.month == str(NEXT)
    assert read_months(sealed.compound("C0001")).seals[-1].month == NEXT
    assert [row.action for row in reversed(rows_of(office))] == ["present", *["sign"] * 3, "close"]
    assert not office_of(office).acts.log.unended()


def test_a_first_presenting_asks_once(office: Flask, sealed: StreetFolder) -> None:
    """The compound's secret is made by chance, but not anew in every round."""
    for path in (sealed.compound("C0001").path / "seals").iterdir():
        if path.name not in ("2026-07.json",) and path.suffix not in (".csv",):
            path.unlink()
    answer, kinds = press_and_sign(
        office.test_client(), PARTIES, "present", POSTER, private_key(SEED, POSTER), **MONTH
    )
    assert (answer.status_code, kinds) == (200, ["ed25519"]), answer.json


def test_the_auditor_draws_before_it_signs(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    client, key = office.test_client(), private_key(SEED, AUDITOR)
    early, _ = press_and_sign(client, PARTIES, "draw", AUDITOR, key, **MONTH)
    assert early.json is not None
    assert (early.status_code, "银行还没有签署" in early.json["message"]) == (422, True)
    sign(sealed, BANK, "bank")
    answer, kinds = press_and_sign(client, PARTIES, "draw", AUDITOR, key, **MONTH)
    assert answer.json is not None
    assert (answer.status_code, kinds) == (200, ["vrf"])
    assert "2026-08 抽中凭证" in answer.json["message"]
    assert "记-" in answer.json["message"]
    drawn = answer.json["message"].partition("抽中凭证 ")[2]
    assert drawn in shown_to(office, AUDITOR), "found again when the page is read anew"
    assert 'class="jz-do-draw"' not in shown_to(office, AUDITOR)
    assert "抽中凭证" not in shown_to(office, BANK), "what the auditor will look at is told to nobody else"
    assert not [one for one in presented_in(sealed).signed if one.attestation.party == "auditor"]
    bank, _ = press_and_sign(client, PARTIES, "draw", BANK, private_key(SEED, BANK), **MONTH)
    assert bank.json is not None
    assert bank.json["message"] == "B01 银行对账员不是专业审计，不用抽取样本"
    draws = office_of(office).serving.home.path / "draws"
    for path in draws.iterdir():
        path.unlink()
    assert "抽中凭证" not in shown_to(office, AUDITOR)
    sign(sealed, AUDITOR, "auditor")
    assert drawn in shown_to(office, AUDITOR), "what they signed draws the same"


def test_a_draw_of_other_figures_is_not_shown(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    press_and_sign(office.test_client(), PARTIES, "draw", AUDITOR, private_key(SEED, AUDITOR), **MONTH)
    assert "抽中凭证" in shown_to(office, AUDITOR)
    register = sealed.compound("C0001").path / "register" / "contracts.csv"
    register.write_bytes(register.read_bytes().replace(b"\n", b" \n", 1))
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    assert "抽中凭证" not in shown_to(office, AUDITOR)


def test_a_party_refuses_and_a_party_remarks(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    client, key = office.test_client(), private_key(SEED, COMMUNITY)
    answer, kinds = press_and_sign(
        client, PARTIES, "sign", COMMUNITY, key, verdict="refuse", reason=" 公示照片没有看到 ", **MONTH
    )
    assert (answer.status_code, kinds) == (200, ["ed25519"])
    (said,) = [one.attestation for one in presented_in(sealed).signed]
    assert (said.verdict, said.reason) == ("refused", "公示照片没有看到")
    answer, _ = press_and_sign(
        client, PARTIES, "sign", COMMUNITY, key, verdict="agree", remarks=["发票少一张", " "], checked=2, **MONTH
    )
    assert answer.status_code == 200, answer.json
    (said,) = [one.attestation for one in presented_in(sealed).signed]
    assert (said.verdict, said.checked) == ("excepted", 2)
    (found,) = said.differences
    assert (found.id, found.kind, found.text) == ("D2026-08-S01-01", "exception", "发票少一张")
    content = rows_of(office)[0].content
    assert content.startswith("签署 C0001 ")
    assert content.endswith("2026-08 三方对账单：有例外：发票少一张")


@pytest.mark.parametrize(
    ("button", "actor", "more", "message"),
    [
        ("sign", COMMUNITY, {"verdict": "refuse"}, "拒绝签署须写明理由"),
        ("sign", COMMUNITY, {"verdict": "refuse", "reason": "<b>"}, "意见里有不能使用的字符，或者太长"),
        ("sign", COMMUNITY, {"verdict": "agree", "remarks": ["一\n二"]}, "意见里有不能使用的字符，或者太长"),
        ("sign", COMMUNITY, {"verdict": "agree", "checked": 9999}, "要核对的一共 "),
        ("sign", "M01", {"verdict": "agree"}, "M01 "),  # has no key
        ("close", POSTER, {}, "银行、专业审计、社区还没有签署"),
    ],
)
def test_what_is_refused_is_logged_once(
    office: Flask, sealed: StreetFolder, button: str, actor: str, more: dict[str, Any], message: str
) -> None:
    present(sealed, "C0001")
    answer, kinds = press_and_sign(
        office.test_client(), PARTIES, button, actor, private_key(SEED, actor), **MONTH, **more
    )
    assert answer.json is not None
    assert (answer.status_code, kinds) == (422, []), answer.json
    assert message in answer.json["message"]
    assert [row.action for row in rows_of(office)] == [button]
    assert not office_of(office).acts.log.unended()


@pytest.mark.parametrize(
    ("button", "actor"), [("present", BANK), ("close", AUDITOR), ("sign", POSTER), ("draw", POSTER)]
)
def test_who_may_not(office: Flask, button: str, actor: str) -> None:
    assert press(office.test_client(), PARTIES, button, actor, verdict="agree", **MONTH).status_code == 403


def test_only_who_may_has_a_button_and_only_when_it_is_their_turn(office: Flask, sealed: StreetFolder) -> None:
    def buttons(person: str) -> set[str]:
        page = client_as(office, person).get(f"/jiezhang/c0001/parties/?month={NEXT}").text
        return {name for name in ("present", "draw", "sign", "refuse", "close") if f'class="jz-do-{name}"' in page}

    assert {person: buttons(person) for person in (POSTER, BANK, AUDITOR)} == {
        POSTER: {"present"}, BANK: set(), AUDITOR: set(),
    }  # fmt: skip
    present(sealed, "C0001")
    assert {person: buttons(person) for person in (POSTER, BANK, AUDITOR, "F01")} == {
        POSTER: set(), BANK: {"sign", "refuse"}, AUDITOR: {"refuse"}, "F01": set(),
    }  # fmt: skip
    sign(sealed, BANK, "bank")
    assert buttons(AUDITOR) == {"draw", "sign", "refuse"}, "the sample is drawn with the bank's word"
    sign_all(sealed)
    assert (buttons(POSTER), buttons("F01")) == ({"close"}, set())
    for person, who in ((BANK, "B01 银行对账员"), (AUDITOR, "A01 专业审计员"), (COMMUNITY, "S01 ")):
        page = shown_to(office, person)
        assert f"{who}" in page.partition('class="jz-next"')[2].partition("</section>")[0], "who signed, and when"
        assert "2026-09-05 09:30:00 确认。" in page
        assert page.index("<details><summary>要改签的") < page.index('class="jz-do-sign"'), "only who opens it"
        assert "在页末签署" not in page
    close(sealed)
    assert [buttons(person) for person in (POSTER, BANK)] == [set(), set()]


def test_nothing_is_offered_without_a_key(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    about = read_street(sealed)
    people = [one.model_copy(update={"key": None if one.id in (COMMUNITY, BANK) else one.key}) for one in about.people]
    sealed.toml.write_bytes(toml_bytes(about.model_copy(update={"people": tuple(people)})))
    page = shown_to(office, COMMUNITY)
    assert "您还没有登记公钥，现在签署不了，也不算您迟签。请找 T01 街道负责人：" in page
    assert 'id="jz-sign"' not in page
    assert "在页末签署" not in page
    assert "等 B01 银行对账员（还没有登记公钥） 签署" in page
    assert office_of(office).model.refresh(60) == 0
    desk = client_as(office, COMMUNITY).get("/jiezhang/desk").text
    assert "等登记公钥" in desk
    assert "逾期" not in desk.partition('id="key"')[2].partition("</section>")[0]


def test_after_a_refusal_one_may_sign(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, COMMUNITY, "community", Word(refusal="公示照片没有看到"))
    page = shown_to(office, COMMUNITY)
    assert "2026-09-05 09:30:00 拒绝签署，理由：公示照片没有看到。问题解决以后，可以在这里改签。" in page
    assert 'class="jz-do-sign"' in page
    assert "要改签的" not in page


def test_only_own_differences_are_closed(office: Flask, sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, AUDITOR, "auditor", Word(differences=(remark("发票少一张"),)))
    page = client_as(office, AUDITOR).get(f"/jiezhang/c0001/parties/?month={NEXT}").text
    assert 'class="jz-closes"' not in page, "what is said this month is said anew, not closed"


def test_an_auditor_who_waits_for_the_bank_is_not_late(office: Flask, sealed: StreetFolder) -> None:
    """The desk and the page say what they wait for; refusing needs nobody's word."""
    present(sealed, "C0001")
    assert office_of(office).model.refresh(60) == 0
    desk = client_as(office, AUDITOR).get("/jiezhang/desk").text
    assert ("待签署" in desk, "等银行先签" in desk, "逾期" in desk) == (False, True, False)
    page = shown_to(office, AUDITOR)
    assert "现在等银行先签：银行还没有签署" in page
    assert "这不算您迟签" in page
    client = office.test_client()
    key = private_key(SEED, AUDITOR)
    answer, _ = press_and_sign(client, PARTIES, "sign", AUDITOR, key, verdict="refuse", reason="附件不全", **MONTH)
    assert answer.status_code == 200, answer.json
    assert "现在等银行先签" in shown_to(office, AUDITOR), "they said something, and can't say another thing yet"
    sign(sealed, BANK, "bank")
    office_of(office).model.look_again()
    assert office_of(office).model.refresh(60) == 0
    assert "等银行先签" not in shown_to(office, AUDITOR) + client_as(office, AUDITOR).get("/jiezhang/desk").text
