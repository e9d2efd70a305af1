"""What seals sign, byte for byte, and whose signature counts: digests kept as they are, for they are compared later."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jiezhang.domain.approval.records import read_records
from jiezhang.domain.approval.seals import (
    SealKey,
    digest_of,
    is_usable,
    path_digest,
    payment_digest,
    seal_fault,
    seal_message,
    verifies,
    verifies_with,
    vouching_digest,
)
from tests.approval.little_office import decided, public, records_of, signed

POINT = ec.derive_private_key(12345, ec.SECP256R1())
P256 = POINT.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
DIGEST, OTHER = "ab" * 32, "cd" * 32


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def key(**fields: object) -> SealKey:
    usual = {"code": "YZ1", "seal": "assembly", "keeper": "S01", "public": public("a"), "starts": date(2026, 1, 2)}
    return SealKey.model_validate({**usual, **fields})


def test_a_value_has_one_digest() -> None:
    assert digest_of({"b": ["二", 1], "a": ""}) == sha256('{"a":"","b":["二",1]}')


def test_what_the_seals_on_a_payment_sign() -> None:
    text = '{"amount":"30,000.00","path":"ab","payee":"示例公司","payment":"P1"}'
    assert payment_digest("ab", "P1", "示例公司", Decimal("30000.00")) == sha256(text)


def test_what_vouches_for_a_key() -> None:
    text = f'{{"code":"YZ1","keeper":"S01","public":"{public("a")}","seal":"assembly","starts":"2026-01-02"}}'
    assert vouching_digest(key()) == sha256(text)


def test_what_the_seals_on_a_resolution_sign() -> None:
    read, _ = read_records(records_of(decided("R1", seals=())))
    assert path_digest(read) == sha256(
        '[{"budget_yuan":"4000.00","by":"Y01","code":"R1","day":"2026-02-01","ends":"2026-12-31","fund":"G",'
        '"kind":"resolution","matter":"other","procedure":"plain","scope":"compound","starts":"2026-02-01",'
        '"subjects":"5102","supplier":"示例工程公司","title":"一件事"}]'
    )


def test_an_ed25519_signature() -> None:
    signature = signed("a", DIGEST)
    assert verifies(key(), DIGEST, signature)
    assert not verifies(key(), OTHER, signature)
    assert not verifies(key(public=public("b")), DIGEST, signature)


@pytest.mark.parametrize(
    ("why", "word"), [("", "停用"), ("lost", "遗失"), ("revoked", "吊销"), ("handed_over", "移交")]
)
def test_a_key_that_has_ended(why: str, word: str) -> None:
    ended = {"YZ1": key(ended=date(2026, 3, 1), why=why)}
    told = f"业主大会印章的钥匙 YZ1 自 2026-03-01 起已{word}，不能再用"
    day = date(2026, 2, 28)
    signature = signed("a", seal_message("C0007", ended.values(), "assembly", "YZ1", day, DIGEST))
    assert seal_fault(ended, "C0007", "assembly", "YZ1", DIGEST, signature, date(2026, 3, 1)) == told
    assert seal_fault(ended, "C0007", "assembly", "YZ1", DIGEST, signature, day) == ""


NOT_MATCHING = "业主大会印章的签名与钥匙 YZ1 不符"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"day": date(2026, 2, 27)}, NOT_MATCHING),
        ({"compound": "C0008"}, NOT_MATCHING),
        ({"digest": OTHER}, NOT_MATCHING),
        ({"more": key(code="YZ0", starts=date(2020, 1, 1), public=public("b"))}, NOT_MATCHING),
        ({"more": key(code="YZ0", starts=date(2026, 2, 28), public=public("b"))}, ""),
    ],
    ids=["as signed", "another day", "another compound", "another matter", "a key put in before", "a key added later"],
)
def test_a_seal_holds_for_its_day_its_compound_and_the_keys_of_its_time(changed: dict[str, Any], told: str) -> None:
    day, keys = date(2026, 2, 28), {"YZ1": key()}
    signature = signed("a", seal_message("C0007", keys.values(), "assembly", "YZ1", day, DIGEST))
    more = {"YZ0": changed["more"]} if "more" in changed else {}
    given = {"compound": "C0007", "day": day, "digest": DIGEST, **changed}
    said = seal_fault(
        {**keys, **more}, given["compound"], "assembly", "YZ1", given["digest"], signature, given["day"]
    )
    assert said == told


@pytest.mark.parametrize("text", ["", "zz", "ab"])
def test_what_is_no_signature(text: str) -> None:
    assert not verifies(key(), DIGEST, text)
    assert not verifies(key(algorithm="p256", public=P256), DIGEST, text)


def test_a_p256_signature() -> None:
    signature = POINT.sign(bytes.fromhex(DIGEST), ec.ECDSA(hashes.SHA256())).hex()
    own = key(algorithm="p256", public=P256)
    assert is_usable(own)
    assert verifies(own, DIGEST, signature)
    assert not verifies(own, OTHER, signature)
    assert not verifies_with("ed25519", public("a"), DIGEST, signature)
    assert not verifies_with("p256", "04" + "11" * 64, DIGEST, signature)
