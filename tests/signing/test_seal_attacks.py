"""Two programs judge each way of cheating with a sealed file: poppler's pdfsig, with NSS, and ours, with pyHanko."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.signing.check import check_pdf, is_sealed_copy
from tests.signing import attacks
from tests.signing.sealing import CA, EXPECTED, LABELS, NOW, UNCHECKED, nss, once, pdfsig, plain, twice, with_places

BOTH = "valid trusted, valid trusted"
CHANGED = "盖章以后内容被改动过"
APPENDED = "盖章以后文件又被追加了内容"
NO_MATCH = "签名与证书不相符"
PADDED = "签名里夹带了别的内容"
NOT_ISSUED = "证书不是认可的机构签发的"
EXPIRED = "valid expired, valid trusted"
UNKNOWN = "valid unknown issuer, valid trusted"
ODD = "valid Unknown issue with Certificate or corrupted data., valid trusted"

# what is done                          pdfsig of either seal              the assembly's problem   the committee's
ATTACKS: list[tuple[Callable[[], bytes], str, str, str]] = [
    (attacks.nothing,                    BOTH,                           "",                      ""),
    (attacks.byte_of_the_original,       "mismatch, mismatch",           CHANGED,                 CHANGED),
    (attacks.byte_of_the_first_seal,     "mismatch, mismatch",           CHANGED,                 CHANGED),
    (attacks.byte_of_the_second_seal,    "valid trusted, mismatch",      APPENDED,                CHANGED),
    (attacks.byte_of_the_first_signature,"invalid, mismatch",            NO_MATCH,                CHANGED),
    (attacks.byte_of_the_second_signature,"valid trusted, invalid",      "",                      NO_MATCH),
    (attacks.page_added,                 f"{BOTH}, partly",              APPENDED,                APPENDED),
    (attacks.page_replaced,              f"{BOTH}, partly",              APPENDED,                APPENDED),
    (attacks.note_added,                 f"{BOTH}, partly",              APPENDED,                APPENDED),
    (attacks.rubbish_added,              f"{BOTH}, partly",              "",                      APPENDED),
    (attacks.padding_used,               f"{BOTH}, partly",              "",                      PADDED),
    (attacks.signature_swapped,          "mismatch, mismatch",           CHANGED,                 CHANGED),
    (attacks.expired_since,              EXPIRED,                        "证书已经过期",          ""),
    (attacks.expired_when_set,           EXPIRED,                        "盖章时证书已经过期",    ""),
    (attacks.twin_authority,             UNKNOWN,                        NOT_ISSUED,              ""),
    (attacks.self_signed,                UNKNOWN,                        NOT_ISSUED,              ""),
    (attacks.issued_by_a_keeper,         UNKNOWN,                        NOT_ISSUED,              ""),
    (attacks.key_for_something_else,     ODD,                            "证书不是用来签名的",    ""),
    # What only we see: pdfsig takes no notice of what changed between two seals, nor of the time of one.
    (attacks.page_replaced_between,      BOTH,                           APPENDED,                ""),
    (attacks.too_young_when_set,         BOTH,                           "盖章时证书还没有生效",  ""),
]  # fmt: skip

ROWS = pytest.mark.parametrize(
    ("attack", "said", "first", "second"), ATTACKS, ids=[row[0].__name__ for row in ATTACKS]
)
WITH_PDFSIG = pytest.mark.skipif(bool(UNCHECKED), reason=UNCHECKED)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return nss(tmp_path_factory.mktemp("certificates") / "nss")


@WITH_PDFSIG
@ROWS
def test_pdfsig_says(
    attack: Callable[[], bytes], said: str, first: str, second: str, store: Path, tmp_path: Path
) -> None:
    assert pdfsig(attack(), store, tmp_path) == said


@ROWS
def test_we_say(attack: Callable[[], bytes], said: str, first: str, second: str) -> None:
    verdict = check_pdf(attack(), [CA], at=NOW)
    assert [seal.problem for seal in verdict.seals] == [first, second]
    assert verdict.holds == (not first and not second)


@ROWS
def test_what_pdfsig_rejects_we_reject(
    attack: Callable[[], bytes], said: str, first: str, second: str
) -> None:
    """The table itself: no row where pdfsig has something to say against a seal and we have not."""
    assert said == BOTH or first or second


def test_both_hold_and_are_named() -> None:
    verdict = check_pdf(twice(), [CA], at=NOW, expected=EXPECTED)
    assert verdict.problem == ""
    assert [(seal.field, seal.label, seal.name, seal.covers, seal.modified) for seal in verdict.seals] == [
        ("assembly", "业主大会章", "长吴公寓业主大会 保管人Y01（演示）", "revision", "seals"),
        ("committee", "业主委员会章", "长吴公寓业主委员会 保管人Y02（演示）", "file", "none"),
    ]
    assert all(seal.intact and seal.trusted for seal in verdict.seals)


def test_a_seal_by_the_wrong_holder_is_named() -> None:
    """pdfsig can't know whose seal is wanted."""
    verdict = check_pdf(attacks.one_keeper_sets_both(), [CA], at=NOW, expected=EXPECTED)
    assert verdict.problem == "业主大会章：盖章的是长吴公寓业主委员会 保管人Y02（演示），不是登记的保管人"
    assert not verdict.holds


def test_a_seal_that_is_wanted_and_missing_is_named() -> None:
    assert check_pdf(once(), [CA], at=NOW).holds
    verdict = check_pdf(once(), [CA], at=NOW, expected=EXPECTED)
    assert (verdict.problem, verdict.holds) == ("没有盖业主委员会章", False)


def test_no_authority_given_trusts_nobody() -> None:
    assert [seal.problem for seal in check_pdf(twice(), [], at=NOW).seals] == [NOT_ISSUED, NOT_ISSUED]


@pytest.mark.parametrize("pdf", [plain, with_places])
def test_a_file_without_seals_does_not_hold(pdf: Callable[[], bytes]) -> None:
    verdict = check_pdf(pdf(), [CA], at=NOW)
    assert (verdict.problem, verdict.holds, verdict.seals) == ("文件没有盖章", False, ())


@pytest.mark.parametrize("pdf", [with_places, once, twice])
def test_the_original_begins_the_file(pdf: Callable[[], bytes]) -> None:
    verdict = check_pdf(pdf(), [CA], at=NOW)
    assert pdf()[: verdict.first_revision] == plain()
    assert verdict.shows_first


def test_seals_on_a_page_replaced_before_they_were_set_hold_but_not_for_the_original() -> None:
    """The original's bytes still begin the file; nobody sees them."""
    pdf = attacks.replaced_before_the_seals()
    verdict = check_pdf(pdf, [CA], at=NOW, expected=EXPECTED)
    assert pdf.startswith(plain())
    assert (verdict.holds, verdict.shows_first) == (True, False)
    assert not is_sealed_copy(verdict, pdf, plain())


def test_a_sealed_copy_is_of_its_original_alone() -> None:
    verdict = check_pdf(twice(), [CA], at=NOW)
    assert is_sealed_copy(verdict, twice(), plain())
    assert not is_sealed_copy(verdict, twice(), plain()[:-1] + b" ")
    assert not is_sealed_copy(verdict, twice(), plain()[:-20])
    assert not is_sealed_copy(verdict, twice(), with_places())
    assert not is_sealed_copy(check_pdf(with_places(), [CA], at=NOW), with_places(), plain())


def test_labels_are_kept_in_the_file() -> None:
    assert {seal.field: seal.label for seal in check_pdf(twice(), [CA], at=NOW).seals} == LABELS
