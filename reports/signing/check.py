"""Check the seals of a PDF: nothing is fetched, nothing of the system's is trusted, the given authorities only.

A verdict, never an exception: whatever the bytes are, it says what is wrong with them. There is no trusted timestamp:
a seal's time is its holder's word, so a certificate that has expired by the time of checking no longer proves anything
and is rejected, as viewers do. Nor are there lists of revoked certificates: who the holder must be is for the caller
to say, by the certificate's fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from . import first_revision
from .certificates import (
    SEALING,
    fingerprint,
    for_pyhanko,
    holder,
    may_seal,
    read_certificates,
    validity_problem,
)
from .fields import entry, fields_of

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of the checker's clock a seal's may be."""

CHANGED = "盖章以后内容被改动过"
UNREADABLE = "签名读不出来"
APPENDED = "盖章以后文件又被追加了内容"


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """One seal. `problem` is `""` when it holds, otherwise what a person is told first.

    `intact`: the bytes it covers are as they were. `trusted`: its certificate goes back to a given authority.
    `covers`: `"file"`, `"revision"` (the file as it was when sealed) or `"part"`. `modified`: what came after it,
    one of `"none"`, `"seals"` (fields filled, as later seals do) and `"other"`. `fingerprint`: of the certificate.
    `reason`: what its holder said it seals, as sure as the seal itself.
    """

    field: str
    label: str
    name: str
    fingerprint: str
    at: datetime | None
    intact: bool
    trusted: bool
    covers: str
    modified: str
    problem: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """Every seal, in the order they were set, and what is wrong with the file first of all.

    `first_revision` is the length in bytes of the file as it was before fields and seals were appended, 0 when that
    can't be told. `shows_first`: nothing but fields and seals was added since, so that what is shown is that revision.
    """

    seals: tuple[SealVerdict, ...]
    problem: str
    first_revision: int = 0
    shows_first: bool = False

    @property
    def holds(self) -> bool:
        """Whether the file has seals and every one of them holds."""
        return bool(self.seals) and not self.problem


def check_pdf(
    pdf: bytes,
    authorities: Sequence[bytes],
    *,
    at: datetime | None = None,
    expected: Mapping[str, str] | None = None,
) -> PdfVerdict:
    """The verdict on the file's seals at the aware time `at`, now by default.

    `authorities` are PEM certificates; `Refused` when one of those is none. `expected` names the fields that must be
    sealed, and the fingerprint of the certificate each must be sealed with.
    """
    roots = [one for pem in authorities for one in read_certificates(pem)]
    checker = _Checker(roots, at or datetime.now(tz=UTC), expected or {})
    try:
        return checker.check(pdf)
    except Exception:  # noqa: BLE001 - the bytes are anybody's, and the parsers raise whatever Python does
        return PdfVerdict((), "文件已损坏，不是完整的 PDF，或者签名读不出来")


def is_sealed_copy(verdict: PdfVerdict, pdf: bytes, original: bytes) -> bool:
    """Whether `pdf`, of which `verdict` is, shows the unsigned `original` and nothing else under seals that all hold.

    A line break may have been added to the original's end, where it had none.
    """
    began = pdf[: verdict.first_revision]
    return verdict.holds and verdict.shows_first and began in (original, original + b"\n")


def changed_since_sealed(pdf: bytes) -> str:
    """Why nothing can be added to a file: it was changed after a seal, whoever's that is; `""` when it wasn't."""
    try:
        seals = list(PdfFileReader(BytesIO(pdf)).embedded_signatures)
        return next(filter(None, (_altered(one, last=one is seals[-1]) for one in seals)), "")
    except Exception:  # noqa: BLE001 - as above
        return "文件原有的章读不出来"


def _altered(seal: EmbeddedPdfSignature, *, last: bool) -> str:
    status = validate_pdf_signature(seal, _context([], datetime.now(tz=UTC)))
    return _integrity_problem(seal, status, last=last)


@dataclass(frozen=True, slots=True)
class _Checker:
    roots: list[x509.Certificate]
    at: datetime
    expected: Mapping[str, str]

    def check(self, pdf: bytes) -> PdfVerdict:
        reader = PdfFileReader(BytesIO(pdf))
        found = list(reader.embedded_signatures)
        began = first_revision.length(pdf, reader), _shows_first(reader)
        if not found:
            return PdfVerdict((), "文件没有盖章", *began)
        seals = tuple(self._any_seal(one, last=one is found[-1]) for one in found)
        sealed = {seal.field for seal in seals}
        problems = [f"{seal.label}：{seal.problem}" for seal in seals if seal.problem]
        labels = {field.name: field.label for field in fields_of(reader)}
        problems += [f"没有盖{labels.get(field, field)}" for field in self.expected if field not in sealed]
        return PdfVerdict(seals, "；".join(problems), *began)

    def _any_seal(self, seal: EmbeddedPdfSignature, *, last: bool) -> SealVerdict:
        try:
            return self._seal(seal, last=last)
        except Exception:  # noqa: BLE001 - as below: one seal may be garbled, the others are still checked
            name = seal.field_name
            return SealVerdict(name, _label(seal), "", "", None, False, False, "part", "other", UNREADABLE)

    def _seal(self, seal: EmbeddedPdfSignature, *, last: bool) -> SealVerdict:
        status = validate_pdf_signature(
            seal, _context(self.roots, self.at), key_usage_settings=KeyUsageConstraints(key_usage=SEALING)
        )
        certificate = x509.load_der_x509_certificate(seal.signer_cert.dump())
        return SealVerdict(
            field=seal.field_name,
            label=_label(seal),
            name=holder(certificate),
            fingerprint=fingerprint(certificate),
            at=seal.self_reported_timestamp,
            intact=bool(status.intact and status.valid),
            trusted=bool(status.trusted),
            covers=_covers(status),
            modified=_modified(status.modification_level),
            problem=_integrity_problem(seal, status, last=last) or self._holder_problem(seal, status, certificate),
            reason=str(entry(seal.sig_object, "/Reason", "")),
        )

    def _holder_problem(
        self, seal: EmbeddedPdfSignature, status: PdfSignatureStatus, certificate: x509.Certificate
    ) -> str:
        """Who sealed, and whether they could then and count now."""
        wanted = self.expected.get(seal.field_name)
        if wanted is not None and wanted.lower() != fingerprint(certificate):
            return f"盖章的是{holder(certificate)}，不是登记的保管人"
        then = seal.self_reported_timestamp
        if then is None:
            return "没有写明什么时候盖的章"
        if then > self.at + CLOCKS_DIFFER:
            return "盖章的时间还没有到"
        problem = validity_problem(certificate, then)
        if problem:
            return f"盖章时证书{problem}"
        if validity_problem(certificate, self.at):
            return "证书已经过期"
        if not may_seal(certificate):
            return "证书不是用来签名的"
        if not status.trusted:
            return "证书不是认可的机构签发的"
        if any(validity_problem(one, self.at) for one in self.roots if _is_anchor(one, status)):
            return "签发机构的证书已经过期"
        return "" if status.bottom_line else "签名不符合要求"


def _label(seal: EmbeddedPdfSignature) -> str:
    return str(entry(seal.sig_field, "/TU", seal.field_name))


def _shows_first(reader: PdfFileReader) -> bool:
    try:
        return first_revision.is_shown(reader)
    except Exception:  # noqa: BLE001 - as above: what can't be followed is not known to be shown
        return False


def _covers(status: PdfSignatureStatus) -> str:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "file"
    return "revision" if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION else "part"


def _integrity_problem(seal: EmbeddedPdfSignature, status: PdfSignatureStatus, *, last: bool) -> str:
    """What happened to the file since this seal; who set it is another question."""
    if not status.intact:
        return CHANGED
    if not status.valid:
        return "签名与证书不相符"
    covers = _covers(status)
    if covers == "part":
        return "章没有盖住整个文件"
    if last and covers != "file":
        return APPENDED
    if _modified(status.modification_level) == "other" or not status.docmdp_ok:
        return APPENDED
    return "" if _padded_with_nothing(seal) else "签名里夹带了别的内容"


def _modified(level: ModificationLevel | None) -> str:
    if level == ModificationLevel.NONE:
        return "none"
    return "seals" if level in (ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING) else "other"


def _padded_with_nothing(seal: EmbeddedPdfSignature) -> bool:
    """No seal covers its own signature's place in the file, which is longer than it; only zeros may fill the rest."""
    return not any(seal.pkcs7_content[len(_der(seal.pkcs7_content)) :])


def _der(content: bytes) -> bytes:
    """The DER value that `content` begins with (X.690 §8.1.3)."""
    length, header = content[1], 2
    if length & 0x80:
        header += length & 0x7F
        length = int.from_bytes(content[2:header], "big")
    return content[: header + length]


def _context(roots: Sequence[x509.Certificate], at: datetime) -> ValidationContext:
    return ValidationContext(trust_roots=for_pyhanko(roots), moment=at, allow_fetching=False)


def _is_anchor(root: x509.Certificate, status: PdfSignatureStatus) -> bool:
    path = status.validation_path
    return path is not None and path.first is not None and path.first.dump() == for_pyhanko([root])[0].dump()
