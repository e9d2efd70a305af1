"""What seals: a private key, its certificate, and the certificates between that one and the authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import asn1crypto.keys
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jiezhang.domain.problem import Refused

from .certificates import for_pyhanko, holder, may_seal, name_of, organisation_of, read_certificates, validity_problem

RSA_BITS_MIN = 2048
_CURVES = ("secp256r1", "secp384r1", "secp521r1")

SealKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key that fits its certificate and may seal. `chain` holds further certificates, the authority's own apart."""

    key: SealKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def organisation(self) -> str:
        """Whose seal it is, as the certificate says; the holder's name when it names no organisation."""
        return organisation_of(self.certificate) or name_of(self.certificate)

    @property
    def holder(self) -> str:
        """Organisation and person, for messages."""
        return holder(self.certificate)

    def ready(self, at: datetime) -> None:
        """`Refused` when the certificate doesn't hold at that time."""
        problem = validity_problem(self.certificate, at)
        if problem:
            raise Refused(f"{self.holder}的证书{problem}，不能盖章")

    def signer(self) -> SimpleSigner:
        """The signer pyHanko works with; the authority's certificate is left out, who checks has it already."""
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(for_pyhanko(self.chain))
        private = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return SimpleSigner(
            signing_cert=for_pyhanko([self.certificate])[0],
            signing_key=asn1crypto.keys.PrivateKeyInfo.load(private),
            cert_registry=store,
            embed_roots=False,
        )


def from_pem(key: bytes, certificates: bytes, passphrase: str | None = None) -> Credentials:
    """From a PEM private key and a PEM certificate, followed or preceded by those of its chain.

    `Refused` when either can't be used, or none of the certificates belongs to the key.
    """
    return _fitting(_private(key, passphrase), read_certificates(certificates))


def from_pkcs12(content: bytes, passphrase: str) -> Credentials:
    """From a PKCS#12 file (.p12, .pfx); `Refused` when it can't be opened, or lacks key or certificate."""
    try:
        opened = load_pkcs12(content, passphrase.encode() or None)
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("不是 PKCS#12 文件，或者口令不对") from None
    if opened.key is None:
        raise Refused("PKCS#12 文件里没有私钥")
    if opened.cert is None:
        raise Refused("PKCS#12 文件里没有与私钥相配的证书")
    return _fitting(opened.key, [opened.cert.certificate, *(one.certificate for one in opened.additional_certs)])


def read_pem(key: Path, certificates: Path, passphrase: str | None = None) -> Credentials:
    """`from_pem` of two files; `Refused` names the file that is wrong."""
    private = _private(read_file(key), passphrase, str(key))
    return _fitting(private, read_certificates(read_file(certificates), str(certificates)))


def read_pkcs12(path: Path, passphrase: str) -> Credentials:
    """`from_pkcs12` of a file."""
    try:
        return from_pkcs12(read_file(path), passphrase)
    except Refused as refused:
        raise Refused(refused.message, str(path)) from None


def read_file(path: Path) -> bytes:
    """The file's bytes; `Refused` when it can't be read."""
    try:
        return path.read_bytes()
    except OSError:
        raise Refused("文件读不出来", str(path)) from None


def _private(pem: bytes, passphrase: str | None, file: str = "") -> object:
    try:
        return load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError:
        wanted = "私钥没有口令，不要给出口令" if passphrase else "私钥有口令，须给出口令"
        raise Refused(wanted, file) from None
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("不是 PEM 私钥，或者口令不对", file) from None


def _fitting(private: object, certificates: Sequence[x509.Certificate]) -> Credentials:
    """Credentials of the key and the one certificate that has its public half."""
    if isinstance(private, rsa.RSAPrivateKey):
        usable = private.key_size >= RSA_BITS_MIN
    else:
        usable = isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in _CURVES
    if not usable:
        raise Refused("盖 PDF 的私钥须是 RSA（2048 位以上）或 ECDSA（P-256、P-384、P-521）")
    assert isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = [one for one in certificates if _public(one) == public]
    if not own:
        raise Refused("私钥与证书不相配")
    if not may_seal(own[0]):
        raise Refused(f"{holder(own[0])}的证书不是用来签名的，不能盖章")
    chain = tuple(one for one in certificates if one != own[0] and one.issuer != one.subject)
    return Credentials(private, own[0], chain)


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
