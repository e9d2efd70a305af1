"""Certificates: reading them, whose they are, how long they hold, what they may be used for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import asn1crypto.x509
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from jiezhang.domain.problem import Refused

SEALING = frozenset({"digital_signature", "non_repudiation"})
"""Key usages (RFC 5280 §4.2.1.3) of which a seal's certificate must have one; viewers ask for the same."""

_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # document signing, RFC 9336
        ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # document signing, Microsoft
        ObjectIdentifier("1.2.840.113583.1.1.5"),  # authentic documents, Adobe
    }
)
"""Extended key usages of which one is needed where the certificate has any: a web server's certificate is no seal."""


def read_certificates(pem: bytes, file: str = "") -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file, in its order; `Refused`, naming `file`, when there is none or one is broken."""
    try:
        found = tuple(x509.load_pem_x509_certificates(pem))
        for certificate in found:
            may_seal(certificate)  # extensions are parsed late: a broken one is to be found here
        return found
    except ValueError:
        raise Refused("不是 PEM 证书文件", file) from None


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate (DER), 64 hexadecimal digits: how a caller names the holder it expects."""
    return certificate.fingerprint(SHA256()).hex()


def name_of(certificate: x509.Certificate) -> str:
    """The holder's common name, the organisation where there is none, else `""`."""
    return _first(certificate, NameOID.COMMON_NAME) or organisation_of(certificate)


def organisation_of(certificate: x509.Certificate) -> str:
    """The holder's organisation, or `""`."""
    return _first(certificate, NameOID.ORGANIZATION_NAME)


def holder(certificate: x509.Certificate) -> str:
    """Organisation and name, as a person is told who sealed."""
    return " ".join(dict.fromkeys(part for part in (organisation_of(certificate), name_of(certificate)) if part))


def validity_problem(certificate: x509.Certificate, at: datetime) -> str:
    """`"还没有生效"` or `"已经过期"` at that time (an aware one), or `""`."""
    if at < certificate.not_valid_before_utc:
        return "还没有生效"
    return "已经过期" if at > certificate.not_valid_after_utc else ""


def may_seal(certificate: x509.Certificate) -> bool:
    """Whether the certificate's key usages allow sealing a document."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    if not (usage.digital_signature or usage.content_commitment):
        return False
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not _PURPOSES.isdisjoint(purposes)


def for_pyhanko(certificates: Iterable[x509.Certificate]) -> list[asn1crypto.x509.Certificate]:
    """The same certificates, in the type pyHanko wants."""
    return [asn1crypto.x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]


def _first(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
