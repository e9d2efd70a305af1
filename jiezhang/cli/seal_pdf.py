"""`jiezhang seal pdf`: a visible seal, signed with a certificate, on a PDF that is put up or handed over."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.domain.problem import Refused

from .resolve_options import FILE
from .terminal import refusals

if TYPE_CHECKING:
    from reports.signing.credentials import Credentials
    from reports.signing.seal_field import SealField

_LABELS = {"assembly": "业主大会章", "committee": "业主委员会章"}
_REASON = "公示"
_RIGHT, _LOW, _GAP = 553, 50, 6
"""The right edge of what is printed, above the foot of the page, and between the seals; points."""


@click.command(name="pdf")
@click.argument("file", type=FILE, metavar="文件.pdf")
@click.option(
    "--seal", required=True, type=click.Choice(list(_LABELS)), metavar="印章",
    help="assembly 业主大会章，committee 业主委员会章。",
)  # fmt: skip
@click.option("--cert", type=FILE, metavar="证书.pem", help="保管人的证书。")
@click.option("--key", type=FILE, metavar="私钥.pem", help="证书的私钥（RSA 或 ECDSA）。")
@click.option("--p12", type=FILE, metavar="文件.p12", help="PKCS#12 文件，代替 --cert 和 --key。")
@click.option("--password-env", metavar="变量", help="口令所在的环境变量。")
@click.option("--ca", type=FILE, metavar="机构.pem", help="认可的签发机构：盖好的文件核验相符才写出。")
@click.option("--out", type=FILE, metavar="文件.pdf", help="写到另一个文件，缺省为原文件。")
def command(
    file: Path, seal: str, cert: Path | None, key: Path | None, p12: Path | None, password_env: str | None,
    ca: Path | None, out: Path | None,
) -> None:  # fmt: skip
    """在 PDF 末页盖可见的数字签章（PAdES）。盖后改动一个字节，核验都不相符。"""
    from jiezhang.book.write import write_atomically
    from reports.signing.credentials import read_file
    from reports.signing.fields import fields_of, open_pdf, with_fields
    from reports.signing.sign import seal_pdf

    with refusals():
        credentials = credentials_given(cert, key, p12, password_env)
        pdf, at = read_file(file), datetime.now(tz=UTC).astimezone()
        try:
            before = fields_of(open_pdf(pdf))
            if not before:
                pdf = with_fields(pdf, _places())
            first = not any(field.sealed for field in before)
            sealed = seal_pdf(pdf, seal, credentials, at=at, reason=_REASON, certify=first)
        except Refused as refused:
            raise Refused(refused.message, refused.file or str(file)) from None
        if ca is not None:
            _check(sealed, ca, file, at)
        write_atomically(out or file, sealed)
    click.echo(f"{at:%Y-%m-%d %H:%M} {credentials.holder}已盖{_LABELS[seal]}：{out or file}")


def credentials_given(
    cert: Path | None, key: Path | None, p12: Path | None, password_env: str | None
) -> Credentials:
    """The certificate and key that the options name; `Refused` when they are too many, too few, or can't be used."""
    from reports.signing.credentials import read_pem, read_pkcs12

    if password_env is not None and password_env not in os.environ:
        raise Refused(f"没有环境变量 {password_env}")
    passphrase = os.environ[password_env] if password_env is not None else None
    if p12 is not None and cert is None and key is None:
        return read_pkcs12(p12, passphrase or "")
    if p12 is None and cert is not None and key is not None:
        return read_pem(key, cert, passphrase)
    raise Refused("--cert 和 --key 一起写，或者只写 --p12")


def _places() -> tuple[SealField, ...]:
    """Side by side at the lower right of the last page; both at once, for a certified file takes no new one."""
    from reports.signing.seal_field import SealField
    from reports.signing.stamp import ROUND_POINTS

    places = []
    for number, (name, label) in enumerate(reversed(_LABELS.items())):
        right = _RIGHT - number * (ROUND_POINTS + _GAP)
        places.append(SealField(name, label, -1, (right - ROUND_POINTS, _LOW, right, _LOW + ROUND_POINTS)))
    return tuple(reversed(places))


def _check(sealed: bytes, ca: Path, file: Path, at: datetime) -> None:
    from reports.signing.check import check_pdf
    from reports.signing.credentials import read_file

    try:
        verdict = check_pdf(sealed, [read_file(ca)], at=at)
    except Refused as refused:
        raise Refused(refused.message, str(ca)) from None
    if not verdict.holds:
        raise Refused(f"盖好的文件核验不符，没有写出：{verdict.problem}", str(file))
