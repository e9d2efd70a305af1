"""`jiezhang verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.domain.problem import Refused

from .resolve_options import FILE
from .terminal import BOOKS_WRONG, chosen, compound_option, json_option, print_json, progress, refusals, street_of

if TYPE_CHECKING:
    from jiezhang.book.layout import StreetFolder
    from jiezhang.close.verifying import Verified


@click.command()
@click.argument("what", type=FILE, required=False, metavar="[凭码|证明|对账单.pdf]")
@click.option("--code", metavar="凭码", help="业主对账单上的凭码（扫码得到的文字），代替文件。")
@click.option("--trust", "trusted", type=FILE, metavar="信任.toml", help="只认这份文件里的公钥，缺省取街道名单。")
@click.option("--kept", type=FILE, multiple=True, metavar="存证", help="各方留存的存证文件或文件夹，可写多次。")
@click.option("--ca", type=FILE, multiple=True, metavar="CA.pem", help="验证 PDF 印章时信任的证书机构，可写多次。")
@compound_option
@json_option
@click.pass_context
def command(
    context: click.Context, /, what: Path | None, code: str | None, trusted: Path | None, kept: tuple[Path, ...],
    ca: tuple[Path, ...], codes: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """验证：街道的全部封月（缺省），一份盖章的 PDF，一户的凭码，或一份凭证证明。不联网。有一处不符的退出码为 1。"""
    from jiezhang.street.verifying import read_kept, read_text, read_trust, verify_street
    from reports.signing.credentials import read_file

    from .verify_proof import say as _proof

    with refusals():
        if what is not None and what.suffix.lower() == ".pdf":
            sys.exit(_pdf(what, ca))
        if what is not None or code is not None:
            street = street_of(context) if trusted is None else None
            sys.exit(_proof(code or read_text(what or Path()), str(what or ""), read_trust(trusted, street)))
        street = street_of(context)
        trust = read_trust(trusted, street)
        authorities = [read_file(one) for one in ca]
        found = verify_street(street, chosen(street, codes), trust, read_kept(kept), authorities, progress)
    faults = [fault for one in found for fault in one.faults]
    if as_json:
        print_json(
            [
                {"compound": one.code, "months": list(one.months), "vouchers": one.vouchers,
                 "households": one.households, "files": one.files, "kept": one.kept,
                 "faults": [{"place": fault.place, "message": fault.message} for fault in one.faults]}
                for one in found
            ]
        )  # fmt: skip
    else:
        _say(found, street, trusted is not None)
    sys.exit(BOOKS_WRONG if faults else 0)


def _say(found: list[Verified], street: StreetFolder, has_trust: bool) -> None:
    del street
    for one in found:
        for fault in one.faults:
            click.echo(f"{fault.place}：{fault.message}")
        if one.presented:
            click.echo(f"{one.code}：{'、'.join(one.presented)} 已报送，还没有封月")
        if not one.months:
            click.echo(f"{one.code}：还没有封过月")
        elif not one.faults:
            kept = f"，与留存的 {one.kept} 份存证一致" if one.kept else ""
            click.echo(
                f"{one.code}：{one.months[0]} 至 {one.months[-1]} 已封 {len(one.months)} 个月，"
                f"{one.vouchers} 张凭证、{one.households} 户余额、{one.files} 个文件与签署时相同{kept}"
            )
    wrong = sum(bool(one.faults) for one in found)
    click.echo(f"验证 {len(found)} 个小区：{wrong} 个有不符。")
    if not has_trust:
        click.echo("公钥取自街道自己的名单：要证明连公钥也没有换过，请用 --trust 指明各自留存的公钥文件。")
    if not any(one.kept for one in found):
        click.echo("没有给出各方留存的存证（--kept）：整套账簿连同签名一起重写，这样验证不出来。")


def _pdf(path: Path, authorities: tuple[Path, ...]) -> int:
    """Say what the seals of a PDF prove; the exit code."""
    from datetime import UTC, datetime

    from reports.signing.check import check_pdf
    from reports.signing.credentials import read_file

    if not authorities:
        raise Refused("验证 PDF 的印章须用 --ca 指明信任的证书机构")
    verdict = check_pdf(read_file(path), [read_file(one) for one in authorities], at=datetime.now(tz=UTC))
    for seal in verdict.seals:
        click.echo(f"{seal.label}（{seal.name}）：{seal.problem or '有效，盖章以后没有改动'}")
    if not verdict.holds:
        click.echo(f"{path}：{verdict.problem or '有印章不成立'}")
        return BOOKS_WRONG
    click.echo(f"{path}：{len(verdict.seals)} 枚印章都有效，覆盖整个文件。")
    return 0
