"""Verifiable chance: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381 (§5, suite 0x03).

For a key and a text there is exactly one `beta`; only the key's owner can compute it, and everybody can check it with
the proof. So nobody, not even the owner, chooses it. No library of it is kept up for Python; the vectors of RFC 9381
appendix B.3 are the tests.

The same key may sign with Ed25519: RFC 9381's own nonce, SHA-512(second half of the key's hash || hashed-to point), is
Ed25519's for a message of those 32 bytes, and two uses of one nonce give the key away. Ours is hashed behind a word of
its own; no verifier ever sees a nonce, so proofs stay those of the RFC.
"""

from __future__ import annotations

from hashlib import sha512

from . import edwards
from .edwards import BASE, Point

_SUITE = b"\x03"
_COFACTOR = 8
_CHALLENGE_BYTES = 16
PROOF_BYTES = 80
BETA_BYTES = 64
SEED_BYTES = 32
NONCE = b"jiezhang-vrf-nonce-1"
"""What sets our nonces apart from Ed25519's."""


def public_of(seed: bytes) -> bytes:
    """The public key (32 bytes) of a seed, the same as Ed25519's."""
    return edwards.encode(edwards.times(_secret(seed)[0], BASE))


def prove(seed: bytes, alpha: bytes, apart: bytes = NONCE) -> bytes:
    """The proof (80 bytes) of the `beta` for `alpha`; `seed` is the secret key, 32 bytes (§5.1). With `apart` empty it
    is the RFC's to the byte, which no key that signs may make."""
    x, nonce_half = _secret(seed)
    public = edwards.encode(edwards.times(x, BASE))
    hashed = _to_curve(public, alpha)
    k = int.from_bytes(sha512(apart + nonce_half + edwards.encode(hashed)).digest(), "little") % edwards.L
    gamma = edwards.times(x, hashed)
    points = [hashed, gamma, edwards.times(k, BASE), edwards.times(k, hashed)]
    c = _challenge(public, points)
    s = (k + int.from_bytes(c, "little") * x) % edwards.L
    return edwards.encode(gamma) + c + s.to_bytes(32, "little")


def verify(public: bytes, alpha: bytes, proof: bytes) -> bytes | None:
    """The `beta` (64 bytes) that the proof shows, or `None` when it shows nothing (§5.3, with validate_key)."""
    key = edwards.decode_key(public)
    gamma = edwards.decode(proof[:32])
    c, s = proof[32:48], int.from_bytes(proof[48:], "little")
    if len(proof) != PROOF_BYTES or key is None or gamma is None or s >= edwards.L:
        return None
    hashed, minus_c = _to_curve(public, alpha), int.from_bytes(c, "little")
    u = edwards.add(edwards.times(s, BASE), edwards.negative(edwards.times(minus_c, key)))
    v = edwards.add(edwards.times(s, hashed), edwards.negative(edwards.times(minus_c, gamma)))
    return _beta(gamma) if _challenge(public, [hashed, gamma, u, v]) == c else None


def _secret(seed: bytes) -> tuple[int, bytes]:
    """The scalar of a seed, and the half of its hash that nonces come from (RFC 8032 §5.1.5)."""
    assert len(seed) == SEED_BYTES
    digest = sha512(seed).digest()
    clamped = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    return clamped, digest[32:]


def _to_curve(public: bytes, alpha: bytes) -> Point:
    """§5.4.1.1, try and increment: the first counter whose hash is a point."""
    for counter in range(256):
        tried = sha512(_SUITE + b"\x01" + public + alpha + bytes([counter]) + b"\x00").digest()
        found = edwards.decode(tried[:32])
        if found is not None and not edwards.is_zero(point := edwards.times(_COFACTOR, found)):
            return point
    raise AssertionError("256 hashes in a row are no point: that happens once in 2^256")


def _challenge(public: bytes, points: list[Point]) -> bytes:
    said = b"".join(edwards.encode(point) for point in points)
    return sha512(_SUITE + b"\x02" + public + said + b"\x00").digest()[:_CHALLENGE_BYTES]


def _beta(gamma: Point) -> bytes:
    return sha512(_SUITE + b"\x03" + edwards.encode(edwards.times(_COFACTOR, gamma)) + b"\x00").digest()
