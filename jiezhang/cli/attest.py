"""`jiezhang attest`: a month before bank, auditor and community, and what they sign."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused

from .fund_options import DAY, one_compound
from .resolve_options import FILE, today
from .terminal import (
    BOOKS_WRONG,
    MONTH,
    actor_of,
    chosen,
    compound_option,
    json_option,
    key_option,
    print_json,
    progress,
    refusals,
    street_of,
)

if TYPE_CHECKING:
    from jiezhang.book.layout import StreetFolder
    from jiezhang.street.attesting import Act

_BEIJING = timezone(timedelta(hours=8))
_OFFICE_OPENS = 9
month_argument = click.argument("month", type=MONTH, metavar="月份")
on_option = click.option("--on", type=DAY, metavar="日期", help="哪一天签署，缺省为现在；不得晚于今天。")
out_option = click.option("--out", type=FILE, required=True, metavar="文件夹", help="写到这个文件夹。")


@click.group(name="attest")
def command() -> None:
    """三方对账：报送当月数字，银行、审计、社区签署。"""


@command.command()
@month_argument
@key_option
@compound_option
@click.pass_context
def present(context: click.Context, month: Month, key: Path | None, codes: tuple[str, ...]) -> None:
    """报送：编制当月数字，签名，交各方核对签署。以后账簿有变，须重新报送，已签的作废。"""
    from jiezhang.book.keys import load_private
    from jiezhang.street.presenting import present_street

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street).id
        private = load_private(key) if key is not None else None
        made = present_street(street, chosen(street, codes), month, actor, private, today(), progress)
    for one in made:
        said = "已报送" if one.is_new else "已经报送过，没有变化"
        left = sum(not found.closed for found in one.figures.differences)
        differences = f"，{left} 项差异待说明" if left else ""
        click.echo(f"{one.code} {month} {said}：指纹 {one.digest[:16]}{differences}")


@command.command()
@month_argument
@out_option
@key_option
@compound_option
@click.pass_context
def sheets(context: click.Context, month: Month, out: Path, key: Path | None, codes: tuple[str, ...]) -> None:
    """打印空白回单交 --as 的一方填写：银行填余额，审计填抽中的凭证，社区填付款和决议。"""
    from jiezhang.street.party_words import write_sheets

    with refusals():
        street = street_of(context)
        act = _act(context, street, key, None)
        written = write_sheets(street, chosen(street, codes), month, act, out, progress)
    for path in written:
        click.echo(str(path))


@command.command()
@month_argument
@key_option
@click.option("--sheets", "folder", type=FILE, metavar="文件夹", help="填好的回单，文件名同 attest sheets 打印的。")
@click.option("--agree", is_flag=True, help="全部相符，不另交回单。")
@click.option("--refuse", "refusal", metavar="理由", help="拒绝签署，写明理由。")
@click.option("--closes", metavar="D2026-09-A01-01", help="以前提出、现已了结的差异，多项用逗号隔开。")
@click.option("--keep", type=FILE, metavar="文件夹", help="把各方签名的存证抄一份到这个文件夹，由签署方自己保管。")
@on_option
@compound_option
@click.pass_context
def sign(
    context: click.Context, /, month: Month, key: Path | None, folder: Path | None, agree: bool, refusal: str | None,
    closes: str | None, keep: Path | None, on: datetime | None, codes: tuple[str, ...],
) -> None:  # fmt: skip
    """签署：--as 的一方用自己的私钥签当月数字；回单上不符的逐项列为差异，不得相抵。"""
    from jiezhang.street.attesting import sign_street, write_notes
    from jiezhang.street.party_words import Saying, word_by

    with refusals():
        if (folder is not None) + agree + (refusal is not None) != 1:
            raise Refused("--sheets、--agree、--refuse 须写一个，只写一个")
        if keep is not None and keep.exists() and not keep.is_dir():
            raise Refused("--keep 须是文件夹，这里已有同名的文件", str(keep))
        street = street_of(context)
        act = _act(context, street, key, on)
        saying = Saying(folder, refusal or "", tuple(filter(None, (closes or "").replace("，", ",").split(","))))
        signed = sign_street(street, chosen(street, codes), month, act, word_by(saying), progress)
        kept = write_notes(signed, month, keep) if keep is not None else []
    from jiezhang.domain.tri_party.attestation import VERDICT_NAMES

    for one in signed:
        said = one.signed.attestation
        click.echo(f"{one.code} {month} {VERDICT_NAMES[said.verdict]}，核对 {said.checked} 项，签名 "
                   f"{one.signed.signature[:16]}")  # fmt: skip
        for found in said.differences:
            click.echo(f"  {found.id} {found.text}")
    if kept:
        click.echo(f"存证 {len(kept)} 份，抄在 {keep}，请自行保管。")


@command.command()
@month_argument
@click.argument("difference", metavar="差异编号")
@click.argument("said", metavar="说明")
@one_compound
@click.pass_context
def explain(context: click.Context, month: Month, difference: str, said: str, code: str) -> None:
    """说明一项未了的差异；没有说明的差异不得封月。"""
    from jiezhang.street.attesting import explain as write

    with refusals():
        street = street_of(context)
        write(street, street.compound(code), month, actor_of(context, street).id, difference, said)
    click.echo(f"{code} {month} 差异 {difference} 已说明。")


@command.command()
@month_argument
@compound_option
@json_option
@click.pass_context
def board(context: click.Context, month: Month, codes: tuple[str, ...], as_json: bool) -> None:
    """全街道一览：哪个小区、哪一方、还缺什么、迟了几天。有没封月的退出码为 1。"""
    from jiezhang.domain.tri_party.differences import PARTY_NAMES
    from jiezhang.street.board import STATE_NAMES
    from jiezhang.street.board import board as rows_of

    with refusals():
        street = street_of(context)
        rows = rows_of(street, chosen(street, codes), month, today())
    if as_json:
        print_json(
            [
                {"compound": row.code, "month": str(row.month), "state": row.state, "legs": dict(row.legs),
                 "missing": list(row.missing), "open_differences": row.open_differences, "late_days": row.late_days}
                for row in rows
            ]
        )  # fmt: skip
        sys.exit(0 if all(row.state == "closed" for row in rows) else BOOKS_WRONG)
    for row in rows:
        legs = "  ".join(f"{PARTY_NAMES[party]} {said or '—'}" for party, said in row.legs)
        late = f"  迟 {row.late_days} 天" if row.late_days else ""
        left = f"  差异 {row.open_differences} 项" if row.open_differences else ""
        click.echo(f"{row.code} {row.name}  {STATE_NAMES[row.state]}  {legs}{left}{late}")
    closed = sum(row.state == "closed" for row in rows)
    click.echo(f"{month}：{len(rows)} 个小区，已封月 {closed} 个。")
    sys.exit(0 if closed == len(rows) else BOOKS_WRONG)


@command.command()
@click.option("--out", type=FILE, required=True, metavar="信任.toml", help="写到这个文件。")
@click.option("--pdf", "notice", type=FILE, metavar="公告.pdf", help="另印一张公钥公告，贴在公告栏上。")
@click.pass_context
def trust(context: click.Context, out: Path, notice: Path | None) -> None:
    """抄出各方现在的公钥，交各方和业主自己保管；以后用 jiezhang verify --trust 验证时只认这一份。"""
    from jiezhang.book.write import write_atomically
    from jiezhang.street.owner_papers import notice_bytes
    from jiezhang.street.verifying import trust_bytes, trust_from

    with refusals():
        street = street_of(context)
        found = trust_from(street)
        contents = {out: trust_bytes(found)} | ({notice: notice_bytes(street, found, today())} if notice else {})
        there = [path for path in (out, notice) if path is not None and (path.exists() or out == notice)]
        if there:
            raise Refused("文件已经存在，请换一个名字", str(there[0]))
        for path, content in contents.items():
            write_atomically(path, content)
    click.echo(f"{len(found.keys)} 把公钥写在 {out}。")
    if notice is not None:
        click.echo(f"公钥公告印在 {notice}，与各方核对以后张贴。")


@command.command()
@month_argument
@out_option
@compound_option
@click.pass_context
def paper(context: click.Context, month: Month, out: Path, codes: tuple[str, ...]) -> None:
    """编制三方对账单（PDF、XLSX、JSON）；没有封月的注明样稿，没有签署、拒绝签署的如实印出。"""
    from jiezhang.street.party_papers import write_papers

    with refusals():
        street = street_of(context)
        written = write_papers(street, chosen(street, codes), month, out, progress)
    for path in written:
        if path.suffix == ".pdf":
            click.echo(str(path))
    click.echo(f"{month} 三方对账单 {len(written) // 3} 份，PDF、XLSX 和 JSON 都在 {out}。")


@command.command()
@month_argument
@click.option("--cert", type=FILE, metavar="证书.pem", help="签署方的证书。")
@click.option("--cert-key", type=FILE, metavar="私钥.pem", help="证书的私钥（RSA 或 ECDSA）。")
@click.option("--p12", type=FILE, metavar="文件.p12", help="PKCS#12 文件，代替 --cert 和 --cert-key。")
@click.option("--password-env", metavar="变量", help="口令所在的环境变量。")
@compound_option
@click.pass_context
def stamp(
    context: click.Context, /, month: Month, cert: Path | None, cert_key: Path | None, p12: Path | None,
    password_env: str | None, codes: tuple[str, ...],
) -> None:  # fmt: skip
    """盖章：在已封月的三方对账单上盖 --as 的一方的可见数字签章（PAdES）。"""
    from jiezhang.street.party_papers import seal_papers

    from .seal_pdf import credentials_given

    with refusals():
        street = street_of(context)
        person = actor_of(context, street)
        credentials = credentials_given(cert, cert_key, p12, password_env)
        at = datetime.now(tz=_BEIJING)
        sealed = seal_papers(chosen(street, codes), month, person, credentials, at)
    click.echo(f"{month} {credentials.holder}已在 {len(sealed)} 份三方对账单上盖章：{'、'.join(sealed)}")


@command.command()
@month_argument
@one_compound
@click.option("--household", metavar="01-1-101", help="一户的凭码：余额已计入公布的合计。")
@click.option("--voucher", metavar="记-0012", help="一张凭证的证明：它在封月的凭证里，没有改动。")
@click.option("--since", type=MONTH, metavar="月份", help="从这个月以来的证明：以前的凭证一张不少，次序不变。")
@click.pass_context
def proof(
    context: click.Context, month: Month, code: str, household: str | None, voucher: str | None, since: Month | None
) -> None:
    """打印已封月份的一项证明，三者择一；用 jiezhang verify 验证，不需要账簿。"""
    from jiezhang.street.owner_papers import code_of
    from jiezhang.street.tree_proofs import growth_proof, proof_text, voucher_proof

    with refusals():
        street = street_of(context)
        folder = street.compound(code)
        if sum(one is not None for one in (household, voucher, since)) != 1:
            raise Refused("--household、--voucher、--since 须写一个，只写一个")
        if household is not None:
            said = code_of(street, folder, month, household)
        elif voucher is not None:
            said = proof_text(voucher_proof(folder, month, voucher))
        else:
            assert since is not None
            said = proof_text(growth_proof(folder, since, month))
    click.echo(said)


@command.command()
@click.option("--trust", "trusted", type=FILE, metavar="信任.toml", help="只认这份文件里的公钥，缺省取街道名单。")
@click.option("--out", type=FILE, required=True, metavar="核对.html", help="写到这个文件。")
@click.pass_context
def page(context: click.Context, trusted: Path | None, out: Path) -> None:
    """编制业主核对凭码的网页：一个文件，不联网也能用，可以放到网站上，也可以发给业主。"""
    from jiezhang.street.owner_papers import write_page
    from jiezhang.street.verifying import read_trust

    with refusals():
        street = street_of(context)
        write_page(street, read_trust(trusted, street), out)
    click.echo(str(out))


def _act(context: click.Context, street: StreetFolder, key: Path | None, on: datetime | None) -> Act:
    """Who signs: the acting person with their key, now or at nine o'clock of the day given."""
    from jiezhang.book.keys import load_private, refuse_unlike
    from jiezhang.street.attesting import Act, party_of

    person = actor_of(context, street)
    party = party_of(person, person.compounds[0] if person.compounds else street.compounds()[0].code)
    private = refuse_unlike(person, load_private(key) if key is not None else None, "签署")
    now = datetime.now(tz=_BEIJING)
    at = now if on is None else on.replace(hour=_OFFICE_OPENS, tzinfo=_BEIJING)
    if at > now:
        raise Refused(f"日期 {at.date()} 还没有到，不能先签")
    return Act(person, party, private, int(at.timestamp()), today())
