"""The signed note: one text for one value, and whose signatures are believed."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.history import note
from jiezhang.domain.history.checkpoint import Checkpoint, SignedCheckpoint, Signer, check_signatures
from jiezhang.domain.problem import Refused
from tests.history.made import PEOPLE, REQUIRED, SEEN, STREET, make, private_key, public_key, sign_all, trust
from tests.history.made import signature as party_signature

HASH = st.binary(min_size=32, max_size=32)
NUMBER = st.integers(0, 2**53 - 1)
CHECKPOINTS = st.builds(
    Checkpoint,
    st.builds("{}/C{:04d}".format, st.text("长吴街道AZaz09-", min_size=1), st.integers(0, 9999)),
    NUMBER, HASH, st.builds("{:04d}-{:02d}".format, st.integers(1990, 2199), st.integers(1, 12)), HASH,
    NUMBER, NUMBER, HASH,
)  # fmt: skip

B64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
BODY = f"长吴街道/C0001\n57\n{B64}\nmonth 2026-10\nfigures {B64}\nhouseholds 1176 123456789 {B64}\n"
SIGNED = make(7, parties=(*REQUIRED, "owners")).signed


def test_the_body_is_as_the_format_says() -> None:
    assert Checkpoint("长吴街道/C0001", 57, bytes(32), "2026-10", bytes(32), 1176, 123456789, bytes(32)).body() == BODY


@given(CHECKPOINTS)
def test_a_body_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.body()) == checkpoint
    assert checkpoint.origin == f"{checkpoint.street}/{checkpoint.compound}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("57\n", "057\n"), ("57\n", "5７\n"), ("57\n", "-57\n"), ("57\n", "\n"), ("57\n", f"{2**53}\n"),
        ("1176 ", "1176  "), ("1176 ", "+1176 "), ("123456789", f"{2**53}"), ("\n", "\r\n"),
        ("month 2026", "month  2026"), ("month 2026-10", "month 2026-1"), ("month", "Month"),
        ("figures A", "figures -"), (f"figures {B64}", f"figures {B64[:-2]}B="), (f"figures {B64}", "figures AAAA"),
        ("长吴街道/C0001", "长吴街道/C001"), ("长吴街道/C0001", "长 吴/C0001"), ("长吴街道/", ""), ("长吴", "长+"),
        (f"789 {B64}\n", f"789 {B64}"), (f"789 {B64}\n", f"789 {B64}\n\n"), (f"789 {B64}\n", f"789 {B64}\nmore\n"),
    ],
)  # fmt: skip
def test_any_other_body_is_refused(old: str, new: str) -> None:
    assert Checkpoint.parse(BODY) and old in BODY
    with pytest.raises(Refused, match=r"^存证正文不合格式$"):
        Checkpoint.parse(BODY.replace(old, new, 1))


@pytest.mark.parametrize(("month", "said"), [("2026-13", "“2026-13”不是月份"), ("2200-01", "不在 1990 年到 2199 年")])
def test_a_month_that_is_none_is_refused(month: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        Checkpoint.parse(BODY.replace("2026-10", month), "a.txt")


def test_a_note_is_read_as_it_was_written() -> None:
    assert SignedCheckpoint.parse(SIGNED.text()) == SIGNED
    assert SIGNED.text().startswith(SIGNED.checkpoint.body() + "\n— 长吴街道/C0001 ")


LINES = SIGNED.text().splitlines(keepends=True)
TOO_LONG = base64.b64encode(bytes(70)).decode()
TOO_LATE = base64.b64encode(b"\xff" * 76).decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "签名行不合格式"),
        (SIGNED.checkpoint.body(), "签名行不合格式"),
        (SIGNED.checkpoint.body() + "\n", "签名行不合格式"),
        (SIGNED.text()[:-1], "没有按规定排列，或有多余的字符"),
        (SIGNED.text() + "\n", "签名行不合格式"),
        (SIGNED.text().replace("— ", "- ", 1), "第 8 行：存证的签名行不合格式"),
        (SIGNED.text().replace("— ", "—  ", 1), "签名行不合格式"),
        ("".join([*LINES[:7], *reversed(LINES[7:])]), "没有按规定排列"),
        ("".join([*LINES[:7], LINES[8], LINES[7], *LINES[9:]]), "没有按规定排列"),
        ("".join([*LINES, LINES[-1]]), "没有按规定排列"),
        ("".join(LINES[:7]) + "— 长吴街道/C0001 AAAA\n", "签名行不合格式"),
        ("".join(LINES[:7]) + f"— 长吴街道/C0001 {TOO_LONG}\n", "第 8 行：存证的签名行不合格式"),
        ("".join(LINES[:7]) + "— 长吴街道/C0001 " + "A" * 95 + "\n", "签名行不合格式"),
        ("".join(LINES[:7]) + f"— 长吴街道/B01 {TOO_LATE}\n", "签名行不合格式"),
        ("x" + SIGNED.text()[SIGNED.text().index("\n"):], "存证正文不合格式"),
    ],
)  # fmt: skip
def test_any_other_note_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        SignedCheckpoint.parse(text, "C0001.txt")
    assert said in str(refused.value)
    assert str(refused.value).startswith("C0001.txt：")


def test_what_the_office_and_a_party_sign() -> None:
    assert note.message("body\n", None) == b"body\n"
    assert note.message("body\n", 7) == b"cosignature/v1\ntime 7\nbody\n"
    assert note.key_id("长吴街道/C0001", 1, bytes(32)) != note.key_id("长吴街道/C0001", 4, bytes(32))


def test_the_published_verifier_key() -> None:
    """The example key of golang.org/x/mod/sumdb/note."""
    public = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert note.verifier_key("PeterNeumann", 1, public) == key


def test_signatures_are_put_in_order_as_they_come() -> None:
    signed = SignedCheckpoint(SIGNED.checkpoint)
    for party in ("owners", "community", "bank", "office", "auditor"):
        signed = signed.signed(lambda body, party=party: party_signature(body, party))  # type: ignore[misc]
    assert signed == SIGNED
    with pytest.raises(Refused, match=r"^长吴街道/B01 已经在这份存证上签过名$"):
        signed.signed(lambda body: party_signature(body, "bank", time=SEEN + 1))


def test_who_signed() -> None:
    assert check_signatures(SIGNED, trust()) == (
        Signer("office", "T01", None),
        Signer("bank", "B01", SEEN),
        Signer("community", "Q01", SEEN),
        Signer("auditor", "S01", SEEN),
        Signer("owners", "Y01", SEEN),
    )


@pytest.mark.parametrize(
    ("parties", "said"),
    [
        (("office", "bank", "auditor", "community"), ""),
        (("office", "bank", "auditor"), "missing"),
        (("bank", "auditor", "community"), "missing"),
        (("office",), "missing"),
        ((), "missing"),
        (("office", "owners", "auditor", "community"), "missing"),
    ],
)
def test_who_must_sign(parties: tuple[str, ...], said: str) -> None:
    found = check_signatures(sign_all(SIGNED.checkpoint, parties), trust())
    assert found == said if said else not isinstance(found, str)


def test_another_office_key_may_follow() -> None:
    """The person who signs for the office changes; the old key stays believed for what it signed."""
    new = trust().keys[0].model_copy(update={"name": "T02", "public": public_key("T02").hex()})
    both = trust().model_copy(update={"keys": (*trust().keys, new)})
    body = SIGNED.checkpoint.body()
    office = note.sign(body, f"{STREET}/C0001", public_key("T02"), private_key("T02").sign)
    found = check_signatures(replace(SIGNED, signatures=(office, *SIGNED.signatures[1:])), both)
    assert not isinstance(found, str)
    assert found[0] == Signer("office", "T02", None)
    assert PEOPLE["office"] == "T01"
