"""`jiezhang seal`: the two seals, their keys, and the register of their use."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiezhang.domain.money import from_fen
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused

from .fund_options import DAY, YUAN, one_compound
from .resolve_options import FILE, day_option, day_or_today, resolution_argument, today
from .seal_pdf import command as pdf
from .terminal import BOOKS_WRONG, MONTH, refusals, street_of

if TYPE_CHECKING:
    from jiezhang.close.sealing import SealedPayment
    from jiezhang.street.resolving_seals import Signer

_SEALS = ["assembly", "committee"]
_seal = click.option(
    "--seal", required=True, type=click.Choice(_SEALS), metavar="印章", help="assembly 业主大会章，committee 业委会章。"
)
_key = click.option("--key", "private", type=FILE, metavar="私钥.pem", help="签名用的私钥文件。")
_signature = click.option("--signature", metavar="签名", help="在别处签好的签名（十六进制），代替 --key。")
_payment = click.option("--payment", metavar="P1", help="盖在一笔付款上：付款编号，同时写 --payee 和 --amount。")
_payee = click.option("--payee", metavar="单位", help="付给谁。")
_amount = click.option("--amount", "amount_fen", type=YUAN, metavar="金额", help="付多少元。")


@click.group(name="seal")
def command() -> None:
    """双章：两枚印章的钥匙、用印、用印登记。"""


@command.command()
@click.argument("file", type=FILE, metavar="私钥.pem")
@click.option("--p256", is_flag=True, help="ECDSA P-256，缺省为 Ed25519。")
def key(file: Path, p256: bool) -> None:
    """造一把钥匙：私钥写进只有自己能读的文件，打印公钥。私钥不得放在街道文件夹里。"""
    from jiezhang.book.seal_keys import make_private

    with refusals():
        made = make_private(file, p256=p256)
    click.echo(made.public)


@command.command()
@one_compound
@_seal
@click.option("--keeper", required=True, metavar="Y01", help="保管人，登记在 street.toml 的人员编号。")
@click.option("--public", required=True, metavar="公钥", help="seal key 打印的公钥。")
@click.option("--code", "number", default="", metavar="YZ1", help="钥匙的编号，缺省顺次编。")
@_key
@_signature
@click.option("--on", type=DAY, metavar="日期", help="从哪一天起启用，缺省为今天。")
@click.pass_context
def enrol(context: click.Context, /, code: str, public: str, number: str, private: Path | None,
          signature: str | None, on: datetime | None, **given: Any) -> None:  # fmt: skip
    """登记一枚印章的钥匙。换钥匙须有担保：移交的由前一把签名，遗失、吊销的由另一枚印章的钥匙签名。"""
    from jiezhang.close.seal_register import NewKey
    from jiezhang.street.resolving_seals import enrol as add

    with refusals():
        street, starts = street_of(context), day_or_today(on)
        if starts > today():
            raise Refused(f"日期 {starts} 还没有到，不能先记")
        new = NewKey(public=public.strip().lower(), starts=starts, code=number, **given)
        made = add(street, street.compound(code), new, _signer(private, signature))
    vouched = f"，由钥匙 {made.vouched_by} 担保" if made.vouched_by else ""
    click.echo(f"已登记钥匙 {made.code}：保管人 {made.keeper}，{made.starts} 起启用{vouched}。")


@command.command()
@click.argument("key", metavar="钥匙编号")
@one_compound
@click.option(
    "--why", required=True, type=click.Choice(["lost", "revoked", "handed_over"]), metavar="原因",
    help="lost 遗失，revoked 吊销，handed_over 移交。",
)  # fmt: skip
@click.option("--on", type=DAY, metavar="日期", help="从哪一天起停用，缺省为今天。")
@click.pass_context
def end(context: click.Context, key: str, code: str, why: str, on: datetime | None) -> None:
    """停用一把钥匙：从这天起它签的都不算。因此有决议的用印不再算数时退出码为 1。"""
    from jiezhang.street.resolving import Days
    from jiezhang.street.resolving_seals import end_key

    with refusals():
        street, day = street_of(context), day_or_today(on)
        undone = end_key(street, street.compound(code), key, why, Days(day, today()))
    click.echo(f"钥匙 {key} 自 {day} 起停用。")
    if undone:
        click.echo(f"注意：决议 {'、'.join(undone)} 在停用以后还用过这把钥匙，用印不算数，账簿因此有错，须另行决议。")
    sys.exit(BOOKS_WRONG if undone else 0)


@command.command(name="set")
@resolution_argument
@one_compound
@_seal
@_key
@_signature
@_payment
@_payee
@_amount
@day_option
@click.pass_context
def set_(context: click.Context, /, resolution: str, code: str, seal: Any, private: Path | None,
         signature: str | None, on: datetime | None, **given: Any) -> None:  # fmt: skip
    """用印：保管人的钥匙对决议迄今的全部记录（或一笔付款的收款人和金额）签名。"""
    from jiezhang.street.resolving import Days
    from jiezhang.street.resolving_seals import set_seal

    with refusals():
        street, days = street_of(context), Days(day_or_today(on), today())
        signer = _signer(private, signature)
        what = set_seal(street, street.compound(code), resolution, seal, _paid(**given), signer, days)
    on_what = f"付款 {what.payment.code}" if what.payment else f"步骤“{what.title}”"
    click.echo(f"{days.on} 已在决议 {resolution} 的{on_what}上用印，所签指纹 {what.digest[:16]}。")


@command.command()
@resolution_argument
@one_compound
@_seal
@_payment
@_payee
@_amount
@day_option
@click.pass_context
def digest(
    context: click.Context, /, resolution: str, code: str, seal: Any, on: datetime | None, **given: Any
) -> None:
    """打印一枚印章这一天要签的指纹，拿到别处用钥匙签名，再用 seal set --signature 登记。"""
    from jiezhang.street.resolving_seals import digest_of

    with refusals():
        street = street_of(context)
        day = day_or_today(on)
        click.echo(digest_of(street, street.compound(code), resolution, seal, _paid(**given), day))


@command.command()
@one_compound
@click.option("--from", "first", required=True, type=MONTH, metavar="月份", help="从哪个月起。")
@click.option("--to", "last", required=True, type=MONTH, metavar="月份", help="到哪个月。")
@click.option("--out", type=FILE, metavar="文件夹", help="把文本和 PDF 写到这个文件夹。")
@click.pass_context
def log(context: click.Context, code: str, first: Month, last: Month, out: Path | None) -> None:
    """用印登记（每半年公开一次）：日期、印章、保管人、事项、签名是否相符。有不相符的退出码为 1。"""
    from jiezhang.street.resolving_seals import register_of_use, write_register
    from reports.render.seal_register_text import render_text

    with refusals():
        street = street_of(context)
        register = register_of_use(street, street.compound(code), first, last)
        written = write_register(register, out) if out is not None else ()
    click.echo(render_text(register), nl=False)
    for file in written:
        click.echo(str(file))
    sys.exit(BOOKS_WRONG if register.wrong else 0)


command.add_command(pdf)


def _paid(payment: str | None, payee: str | None, amount_fen: int | None) -> SealedPayment | None:
    from jiezhang.close.sealing import SealedPayment

    if payment is None and payee is None and amount_fen is None:
        return None
    if payment is None or payee is None or amount_fen is None:
        raise Refused("--payment、--payee、--amount 须一起写")
    return SealedPayment(payment, payee, from_fen(amount_fen))


def _signer(private: Path | None, signature: str | None) -> Signer:
    from jiezhang.book.keys import load_private
    from jiezhang.street.resolving_seals import Signer

    if private is not None and signature is not None:
        raise Refused("--key 和 --signature 只写一个")
    return Signer(load_private(private) if private is not None else None, signature)
