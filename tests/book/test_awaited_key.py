"""A key that is elsewhere: what it is asked for, and that only its own answers are taken."""

from __future__ import annotations

import copy

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiezhang.book.keys import AwaitedKey, Key, Kind, PrivateKey, SignatureAwaited, answer_name
from jiezhang.domain.problem import Refused

ED25519 = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"a key of the test and of no one."))
OTHER = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"another key of the same one test"))
P256 = PrivateKey(derive_private_key(20261122, SECP256R1()))
MESSAGE, ALPHA = b"\x00what is signed", b"jiezhang-sample-1\nC0001"


def awaited(key: Key, **answers: str) -> AwaitedKey:
    """`key` far away, with answers by kind."""
    kinds: tuple[Kind, ...] = ("ed25519", "p256", "vrf")
    names = {kind: answer_name(kind, ALPHA if kind == "vrf" else MESSAGE) for kind in kinds}
    return AwaitedKey(key.public, {names[kind]: answers[kind] for kind in kinds if kind in answers})


@pytest.mark.parametrize(("key", "kind"), [(ED25519, "ed25519"), (P256, "p256")])
def test_it_asks_and_then_it_signs(key: PrivateKey, kind: str) -> None:
    with pytest.raises(SignatureAwaited) as asked:
        awaited(key).sign_bytes(MESSAGE)
    assert (asked.value.public, asked.value.kind, asked.value.message) == (key.public, kind, MESSAGE)
    made = key.sign_bytes(MESSAGE)
    there = awaited(key, **{kind: made.hex()})
    assert (there.sign_bytes(MESSAGE), there.sign(MESSAGE.hex())) == (made, made.hex())
    with pytest.raises(SignatureAwaited):
        there.sign_bytes(MESSAGE + b".")


def test_it_asks_for_a_proof_and_gives_it() -> None:
    with pytest.raises(SignatureAwaited) as asked:
        awaited(ED25519).prove(ALPHA)
    assert (asked.value.kind, asked.value.message) == ("vrf", ALPHA)
    proof = ED25519.prove(ALPHA)
    assert awaited(ED25519, vrf=proof.hex()).prove(ALPHA) == proof


@pytest.mark.parametrize(
    "answers",
    [
        {"ed25519": OTHER.sign(MESSAGE.hex())},
        {"ed25519": ED25519.sign((MESSAGE + b".").hex())},
        {"ed25519": ""},
        {"ed25519": "zz"},
        {"ed25519": P256.sign(MESSAGE.hex())},
        {"ed25519": ED25519.prove(MESSAGE).hex()},
    ],
)
def test_what_is_not_this_keys_signature(answers: dict[str, str]) -> None:
    with pytest.raises(Refused, match="签名与登记的公钥不符"):
        awaited(ED25519, **answers).sign_bytes(MESSAGE)


@pytest.mark.parametrize(
    "proof",
    [OTHER.prove(ALPHA).hex(), ED25519.prove(ALPHA + b".").hex(), ED25519.sign(ALPHA.hex()), "", "00" * 80, "zz"],
)
def test_what_is_not_this_keys_proof(proof: str) -> None:
    with pytest.raises(Refused, match="签名与登记的公钥不符"):
        awaited(ED25519, vrf=proof).prove(ALPHA)


def test_a_p256_key_proves_nothing() -> None:
    for key in (P256, awaited(P256)):
        with pytest.raises(Refused, match="须用 Ed25519 私钥"):
            key.prove(ALPHA)


def test_what_it_asks_survives_being_handed_on() -> None:
    """Posting many compounds hands keys to processes, and what they raise comes back."""
    asked = copy.copy(SignatureAwaited("00", "vrf", b"1"))
    assert (asked.public, asked.kind, asked.message) == ("00", "vrf", b"1")
