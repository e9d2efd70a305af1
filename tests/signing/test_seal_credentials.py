"""Whose key may seal, and what a file must be to be sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from jiezhang.domain.problem import Refused
from jiezhang.street.sample.demo_ca import credentials_of, demo_ca
from reports.signing.certificates import read_certificates
from reports.signing.check import check_pdf
from reports.signing.credentials import from_pem, from_pkcs12, read_pem, read_pkcs12
from reports.signing.fields import with_fields
from reports.signing.seal_field import SealField
from tests.signing import attacks
from tests.signing.sealing import (
    ASSEMBLY,
    AT,
    CA,
    COMMITTEE,
    FIELDS,
    NOW,
    SEED,
    keeper,
    once,
    plain,
    sealed,
    twice,
    with_places,
)  # fmt: skip

KEY, CERTIFICATE = credentials_of(SEED, "Y01", "保管人Y01", "长吴公寓业主大会")
OTHER_KEY, _ = credentials_of(SEED, "Y02", "保管人Y02", "长吴公寓业主委员会")
WEB = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])


def pem(key: object, passphrase: bytes | None = None) -> bytes:
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)  # type: ignore[attr-defined]


def locked() -> bytes:
    return pem(load_pem_private_key(KEY, None), "口令".encode())


def p12(certificate: bool = True, key: bool = True) -> bytes:
    private = load_pem_private_key(KEY, None) if key else None
    cert = read_certificates(CERTIFICATE)[0] if certificate else None
    return serialize_key_and_certificates(
        b"seal", private, cert, list(read_certificates(CA)), BestAvailableEncryption("口令".encode())
    )


@cache
def of_own_kind(key: object, *extensions: x509.ExtensionType) -> bytes:
    """A certificate for a key of any kind, issued by the key itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某人")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())  # type: ignore[attr-defined]
    made = made.serial_number(1).not_valid_before(attacks.SHORT[0]).not_valid_after(attacks.YOUNG[1])
    usage = read_certificates(CERTIFICATE)[0].extensions.get_extension_for_class(x509.KeyUsage).value
    for extension in (usage, *extensions):
        made = made.add_extension(extension, critical=True)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return made.sign(key, algorithm).public_bytes(Encoding.PEM)  # type: ignore[arg-type]


RSA = rsa.generate_private_key(65537, 2048)
SMALL = rsa.generate_private_key(65537, 1024)
ED = ed25519.Ed25519PrivateKey.generate()
WEB_KEY = ec.generate_private_key(ec.SECP256R1())

REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("no key",           lambda: from_pem(b"", CERTIFICATE),                   "不是 PEM 私钥，或者口令不对"),
    ("a certificate",    lambda: from_pem(CERTIFICATE, CERTIFICATE),           "不是 PEM 私钥，或者口令不对"),
    ("no certificate",   lambda: from_pem(KEY, b""),                           "不是 PEM 证书文件"),
    ("broken",           lambda: from_pem(KEY, CERTIFICATE[:300]),             "不是 PEM 证书文件"),
    ("locked",           lambda: from_pem(locked(), CERTIFICATE),              "私钥有口令，须给出口令"),
    ("wrong passphrase", lambda: from_pem(locked(), CERTIFICATE, "口"),        "不是 PEM 私钥，或者口令不对"),
    ("not locked",       lambda: from_pem(KEY, CERTIFICATE, "口令"),           "私钥没有口令，不要给出口令"),
    ("another's key",    lambda: from_pem(OTHER_KEY, CERTIFICATE),             "私钥与证书不相配"),
    ("Ed25519",          lambda: from_pem(pem(ED), of_own_kind(ED)),
     "盖 PDF 的私钥须是 RSA（2048 位以上）或 ECDSA（P-256、P-384、P-521）"),
    ("short RSA",        lambda: from_pem(pem(SMALL), of_own_kind(SMALL)),
     "盖 PDF 的私钥须是 RSA（2048 位以上）或 ECDSA（P-256、P-384、P-521）"),
    ("key agreement",    lambda: keeper("Y01", "甲", sign=False),
     "甲 保管人Y01（演示）的证书不是用来签名的，不能盖章"),
    ("a web server's",   lambda: from_pem(pem(WEB_KEY), of_own_kind(WEB_KEY, WEB)),
     "某人的证书不是用来签名的，不能盖章"),
    ("p12 broken",       lambda: from_pkcs12(b"12", "口令"),                   "不是 PKCS#12 文件，或者口令不对"),
    ("p12 passphrase",   lambda: from_pkcs12(p12(), "口"),                     "不是 PKCS#12 文件，或者口令不对"),
    ("p12 without key",  lambda: from_pkcs12(p12(key=False), "口令"),          "PKCS#12 文件里没有私钥"),
    ("p12 without cert", lambda: from_pkcs12(p12(certificate=False), "口令"),  "PKCS#12 文件里没有与私钥相配的证书"),
    ("authority",        lambda: check_pdf(twice(), [b"no"]),                  "不是 PEM 证书文件"),
    ("expired",          lambda: sealed(with_places(), "assembly", keeper("Y01", "甲", valid=attacks.SHORT)),
     "甲 保管人Y01（演示）的证书已经过期，不能盖章"),
    ("too young",        lambda: sealed(with_places(), "assembly", keeper("Y01", "甲", valid=attacks.YOUNG)),
     "甲 保管人Y01（演示）的证书还没有生效，不能盖章"),
    ("no such place",    lambda: sealed(with_places(), "street", ASSEMBLY),    "文件里没有盖“street”的位置"),
    ("sealed already",   lambda: sealed(twice(), "committee", COMMITTEE),      "业主委员会章已经盖过了"),
    ("no PDF",           lambda: sealed(b"%PDF-1.7", "assembly", ASSEMBLY),    "不是完整的 PDF 文件"),
    ("changed since",    lambda: sealed(attacks.flipped(once(), 300), "committee", COMMITTEE),
     "盖章以后内容被改动过，不能再盖章"),
    ("added to since",   lambda: sealed(once() + b"\n%\n", "committee", COMMITTEE),
     "盖章以后文件又被追加了内容，不能再盖章"),
    ("place too late",   lambda: with_fields(once(), FIELDS),                  "文件已经盖过章，不能再加盖章的位置"),
    ("place twice",      lambda: with_fields(with_places(), FIELDS),           "盖章的位置重名"),
    ("no such page",     lambda: with_fields(plain(), [SealField("a", "甲", 2, (0, 0, 9, 9))]),
     "文件只有 2 页，没有盖章位置所在的页"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "act", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_used_is_refused_in_one_sentence(given: str, act: Callable[[], object], said: str) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.message == said


def test_only_the_first_seal_may_certify() -> None:
    with pytest.raises(Refused, match=r"^这个文件不能盖章"):
        sealed(once(), "committee", COMMITTEE, certify=True)


@pytest.mark.parametrize(
    "given",
    [
        lambda: from_pem(KEY, CERTIFICATE),
        lambda: from_pem(locked(), CERTIFICATE, "口令"),
        lambda: from_pem(KEY, CA + CERTIFICATE),  # the chain may come first
        lambda: from_pkcs12(p12(), "口令"),
    ],
)
def test_each_way_of_keeping_the_key_sets_the_same_seal(given: Callable[[], object]) -> None:
    verdict = check_pdf(sealed(with_places(), "assembly", given()), [CA], at=NOW)  # type: ignore[arg-type]
    assert (verdict.holds, verdict.seals[0].name) == (True, "长吴公寓业主大会 保管人Y01（演示）")


def test_an_rsa_key_seals_too() -> None:
    own = of_own_kind(RSA)
    assert check_pdf(sealed(with_places(), "assembly", from_pem(pem(RSA), own)), [own], at=NOW).holds


def test_files_are_read_and_named(tmp_path: Path) -> None:
    key, certificate, both = tmp_path / "key.pem", tmp_path / "cert.pem", tmp_path / "both.p12"
    key.write_bytes(KEY)
    certificate.write_bytes(CERTIFICATE)
    both.write_bytes(p12())
    assert read_pem(key, certificate).certificate == read_pkcs12(both, "口令").certificate == ASSEMBLY.certificate
    for act, file, said in [
        (lambda: read_pem(tmp_path / "none", certificate), tmp_path / "none", "文件读不出来"),
        (lambda: read_pem(key, key), key, "不是 PEM 证书文件"),
        (lambda: read_pem(certificate, certificate), certificate, "不是 PEM 私钥，或者口令不对"),
        (lambda: read_pkcs12(key, ""), key, "不是 PKCS#12 文件，或者口令不对"),
    ]:
        with pytest.raises(Refused) as refused:
            act()
        assert str(refused.value) == f"{file}：{said}"


def test_the_key_is_not_shown_with_the_credentials() -> None:
    assert "key" not in repr(ASSEMBLY).lower().replace("keyusage", "").split("certificate")[0]


def test_a_seal_takes_the_time_it_is_given() -> None:
    assert check_pdf(once(), [CA], at=NOW).seals[0].at == AT


def test_a_seal_from_the_future_does_not_count() -> None:
    verdict = check_pdf(once(), [CA], at=datetime(2026, 11, 19, tzinfo=UTC))
    assert verdict.problem == "业主大会章：盖章的时间还没有到"


def test_an_authority_that_has_expired_vouches_for_nobody() -> None:
    """Its certificate is an anchor, whose days no path validation looks at (RFC 5280 §6.1)."""
    verdict = check_pdf(once(), [demo_ca(SEED, attacks.SHORT)], at=NOW)
    assert verdict.problem == "业主大会章：签发机构的证书已经过期"
