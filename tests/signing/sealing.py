"""What tests of seals share: a plain file, two keepers, the two seals, and what poppler's `pdfsig` makes of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from jiezhang.street.sample.demo_ca import credentials_of, demo_ca
from reports.render.canvas import Page
from reports.render.paper import Document, put_on_paper
from reports.signing.certificates import fingerprint
from reports.signing.credentials import Credentials, from_pem
from reports.signing.fields import with_fields
from reports.signing.seal_field import SealField
from reports.signing.sign import seal_pdf

SEED = "tests"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""When seals are set: in the past of every day these tests run on."""
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = "公共收益本月收入一万二千元"
FIELDS = (
    SealField("assembly", "业主大会章", -1, (300, 50, 419, 169)),
    SealField("committee", "业主委员会章", -1, (425, 50, 544, 169)),
)
LABELS = {field.name: field.label for field in FIELDS}
_MISSING = [tool for tool in ("pdfsig", "certutil") if shutil.which(tool) is None]
UNCHECKED = (
    f"SEALS NOT CHECKED AGAINST PDFSIG: {' and '.join(_MISSING)} missing, install poppler-utils and libnss3-tools"
    if _MISSING
    else ""
)


def keeper(person: str, org: str, seed: str = SEED, **given: object) -> Credentials:
    return from_pem(*credentials_of(seed, person, f"保管人{person}", org, **given))  # type: ignore[arg-type]


ASSEMBLY = keeper("Y01", "长吴公寓业主大会")
COMMITTEE = keeper("Y02", "长吴公寓业主委员会")
EXPECTED = {"assembly": fingerprint(ASSEMBLY.certificate), "committee": fingerprint(COMMITTEE.certificate)}
CA = demo_ca(SEED)


@cache
def plain() -> bytes:
    """Two pages with words where the seals will be."""
    pages = [Page(), Page()]
    for page in pages:
        for line in range(20):
            page.write(40, 60 + 30 * line, f"{line:02} {WORDS}" + "元" * 20, 12)
    return put_on_paper(pages, Document("收支公示表", "长吴街道", "", "", date(2026, 11, 1)))


@cache
def with_places() -> bytes:
    return with_fields(plain(), FIELDS)


def sealed(pdf: bytes, name: str, credentials: Credentials, at: datetime = AT, *, certify: bool | None = None) -> bytes:
    first = name == "assembly" if certify is None else certify
    return seal_pdf(pdf, name, credentials, at=at, reason="公示", certify=first)


@cache
def once() -> bytes:
    return sealed(with_places(), "assembly", ASSEMBLY)


@cache
def twice() -> bytes:
    return sealed(once(), "committee", COMMITTEE)


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def nss(folder: Path) -> Path:
    """A certificate store that trusts the demo authority alone."""
    folder.mkdir()
    (folder / "ca.pem").write_bytes(CA)
    for given in (["-N", "--empty-password"], ["-A", "-n", "demo", "-t", "CT,CT,CT", "-i", str(folder / "ca.pem")]):
        subprocess.run(["certutil", *given, "-d", f"sql:{folder}"], check=True, capture_output=True)
    return folder


def pdfsig(pdf: bytes, store: Path, folder: Path) -> str:
    """What pdfsig says of each seal, and whether the last covers the whole file: `valid trusted, mismatch, partly`."""
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdfsig", "-nssdir", f"sql:{store}", str(file)], capture_output=True, text=True, check=False, timeout=60
    )
    said = []
    for part in re.split(r"^Signature #\d+:$", done.stdout, flags=re.MULTILINE)[1:]:
        signature = re.search(r"Signature Validation: (.*)", part)
        certificate = re.search(r"Certificate Validation: (.*)", part)
        words = [_WORDS.get(found[1].strip(), found[1]) for found in (signature, certificate) if found]
        said.append(" ".join(words) or "unsigned")
    return ", ".join([*said, "partly"][: len(said) + ("Total document signed" not in done.stdout)])


_WORDS = {
    "Signature is Valid.": "valid",
    "Digest Mismatch.": "mismatch",
    "Signature is Invalid.": "invalid",
    "Certificate is Trusted.": "trusted",
    "Certificate issuer isn't Trusted.": "untrusted issuer",
    "Certificate issuer is unknown.": "unknown issuer",
    "Certificate has Expired": "expired",
    "Certificate has been Revoked.": "revoked",
}
