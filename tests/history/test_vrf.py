"""Verifiable chance: RFC 9381 appendix B.3, and everything that must not be taken for a proof."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.domain.history import edwards, vrf
from jiezhang.domain.history.edwards import L, P

# seed, public key, alpha, proof, beta
EXAMPLES = {
    16: (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97"
            "27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805"
        ),
        (
            "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff"
            "66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae"
        ),
    ),
    17: (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465"
            "301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02"
        ),
        (
            "eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb"
            "5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031"
        ),
    ),
    18: (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0"
            "e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e"
        ),
        (
            "645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c45"
            "2118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f"
        ),
    ),
}
SEEDS = st.binary(min_size=32, max_size=32)
SMALL = ["0" * 64, "01" + "0" * 62, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
         "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "ec" + "ff" * 30 + "7f"]  # fmt: skip
"""Points of order 1, 2, 4 and 8; each with a sign bit too."""


@pytest.mark.parametrize("example", EXAMPLES)
def test_published_examples(example: int) -> None:
    seed, public, alpha, proof, beta = map(bytes.fromhex, EXAMPLES[example])
    assert vrf.public_of(seed) == public
    assert vrf.prove(seed, alpha, apart=b"") == proof
    assert vrf.verify(public, alpha, proof) == beta


@settings(max_examples=15)
@given(SEEDS, st.binary(max_size=80))
def test_what_is_proven_verifies_for_this_key_and_text_alone(seed: bytes, alpha: bytes) -> None:
    public, proof = vrf.public_of(seed), vrf.prove(seed, alpha)
    assert public == Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert vrf.verify(public, alpha, proof) is not None
    assert vrf.verify(public, alpha + b"\0", proof) is None
    assert vrf.verify(vrf.public_of(bytes(32)), alpha, proof) is None or seed == bytes(32)


@settings(max_examples=60)
@given(st.integers(0, 80 * 8 - 1))
def test_no_bit_of_a_proof_can_be_changed(bit: int) -> None:
    _, public, alpha, proof, _ = map(bytes.fromhex, EXAMPLES[17])
    changed = bytearray(proof)
    changed[bit // 8] ^= 1 << bit % 8
    assert vrf.verify(public, alpha, bytes(changed)) is None


@settings(max_examples=40)
@given(st.binary(max_size=40), st.binary(max_size=100))
def test_whatever_is_given_nothing_is_raised(public: bytes, proof: bytes) -> None:
    assert vrf.verify(public, b"", proof) is None


def test_s_has_one_spelling() -> None:
    _, public, alpha, proof, _ = map(bytes.fromhex, EXAMPLES[16])
    more = int.from_bytes(proof[48:], "little") + L
    assert vrf.verify(public, alpha, proof[:48] + more.to_bytes(32, "little")) is None


@pytest.mark.parametrize("low", SMALL)
@pytest.mark.parametrize("sign", [0, 0x80])
def test_a_key_of_small_order_proves_nothing(low: str, sign: int) -> None:
    public = bytearray.fromhex(low)
    public[31] |= sign
    assert edwards.decode_key(bytes(public)) is None
    gamma, c = edwards.encode(edwards.ZERO), bytes(16)
    assert vrf.verify(bytes(public), b"", gamma + c + bytes(32)) is None


def test_a_proof_that_anybody_can_make_for_a_key_of_small_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The neutral point is the key of the secret 0: only the check of the key keeps this proof out."""
    public, k = edwards.encode(edwards.ZERO), 12345
    hashed = vrf._to_curve(public, b"")
    c = vrf._challenge(public, [hashed, edwards.ZERO, edwards.times(k, edwards.BASE), edwards.times(k, hashed)])
    proof = edwards.encode(edwards.ZERO) + c + k.to_bytes(32, "little")
    assert vrf.verify(public, b"", proof) is None
    monkeypatch.setattr(edwards, "decode_key", edwards.decode)
    assert vrf.verify(public, b"", proof) is not None


def test_a_proof_has_80_bytes() -> None:
    _, public, alpha, proof, beta = map(bytes.fromhex, EXAMPLES[16])
    assert vrf.verify(public, alpha, proof) == beta
    assert vrf.verify(public, alpha, proof + b"\0") is None
    assert vrf.verify(public, alpha, proof[:-1]) is None


def test_of_the_small_points_only_the_order_is_wrong() -> None:
    """Without the check of the order they would be keys."""
    assert all(edwards.decode(bytes.fromhex(low)) is not None for low in SMALL)


@pytest.mark.parametrize("over", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_a_point_has_one_spelling(over: int, sign: int) -> None:
    """y of p and more is y - p again; none is taken, though some of the y - p are points."""
    assert edwards.decode((P + over | sign << 255).to_bytes(32, "little")) is None


@pytest.mark.parametrize("y", [1, P - 1])
def test_there_is_no_minus_zero(y: int) -> None:
    assert edwards.decode(y.to_bytes(32, "little")) is not None
    assert edwards.decode((y | 1 << 255).to_bytes(32, "little")) is None


@given(st.integers(0, 2**255 - 1), st.integers(0, 1))
@settings(max_examples=100)
def test_a_point_is_encoded_to_what_it_was_decoded_from(y: int, sign: int) -> None:
    data = (y | sign << 255).to_bytes(32, "little")
    point = edwards.decode(data)
    if point is not None:
        x, y, _, _ = point
        assert (y * y - x * x - 1 - edwards.D * x * x * y * y) % P == 0
        assert edwards.encode(point) == data


def test_the_base_point_is_of_order_l() -> None:
    assert edwards.is_zero(edwards.times(L, edwards.BASE))
    assert not edwards.is_zero(edwards.times(L - 1, edwards.BASE))
    assert edwards.is_zero(edwards.add(edwards.BASE, edwards.negative(edwards.BASE)))


def test_a_nonce_is_never_one_that_the_same_key_signs_with() -> None:
    """Two signatures by one nonce over different things give the key away; ours differs from the RFC's in s alone."""
    seed, alpha = bytes(range(32)), b"figures of a month"
    ours, rfc = vrf.prove(seed, alpha), vrf.prove(seed, alpha, apart=b"")
    assert ours[:32] == rfc[:32]
    assert ours[32:] != rfc[32:]
    assert vrf.verify(vrf.public_of(seed), alpha, ours) == vrf.verify(vrf.public_of(seed), alpha, rfc) is not None
