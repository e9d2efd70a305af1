"""A made-up authority and the certificates it gives people, from a seed: for trying out and for tests only.

Anybody who has the seed has the keys, so what they seal proves nothing; every name says that it is for trial.
The same arguments give the same bytes: keys are hashes, and signatures are made without chance (RFC 6979).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

AUTHORITY = "街账演示 CA（仅供试用）"
ON_TRIAL = "（演示）"

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (FIPS 186-4, D.1.2.3)."""
VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
"""From when to when the certificates hold, unless told otherwise."""

Valid = tuple[datetime, datetime]


def demo_ca(seed: str, valid: Valid = VALID) -> bytes:
    """The authority's certificate, PEM."""
    key = _key(seed, AUTHORITY)
    name = _name(AUTHORITY, "")
    builder = _builder(seed, name, name, key.public_key(), valid)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign=False), critical=True)
    return _signed(builder, key)


def credentials_of(
    seed: str, person_id: str, common_name: str, org: str, valid: Valid = VALID, *, sign: bool = True
) -> tuple[bytes, bytes]:
    """A person's private key (PKCS#8, no passphrase) and certificate, PEM; `sign=False` forbids sealing with it."""
    key, authority = _key(seed, person_id), _key(seed, AUTHORITY)
    subject = _name(common_name + ON_TRIAL, org)
    builder = _builder(seed, subject, _name(AUTHORITY, ""), key.public_key(), valid)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(sign=True) if sign else _agreeing(), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    certificate = _signed(builder.add_extension(issuer, critical=False), authority)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate


def _key(seed: str, name: str) -> ec.EllipticCurvePrivateKey:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def _name(common_name: str, org: str) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, org), (NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(
    seed: str, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: Valid
) -> x509.CertificateBuilder:
    said = f"{seed}:{subject.rfc4514_string()}:{valid[0].isoformat()}:{valid[1].isoformat()}"
    serial = int.from_bytes(hashlib.sha256(said.encode()).digest()[:19], "big") or 1
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    """To seal documents with, or else to sign certificates."""
    return x509.KeyUsage(
        digital_signature=sign, content_commitment=sign, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not sign, crl_sign=not sign, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _agreeing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=True, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _signed(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> bytes:
    return builder.sign(key, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.PEM)
