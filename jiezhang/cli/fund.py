"""`jiezhang fund`: the maintenance fund down to the household."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import click

from jiezhang.domain.money import show, yuan

from . import fund_papers
from .fund_options import DAY, YUAN, one_compound
from .terminal import BOOKS_WRONG, actor_of, chosen, compound_option, json_option, print_json, refusals, street_of

if TYPE_CHECKING:
    from beancount.core import data

    from jiezhang.street.fund_view import FundBalance

on_option = click.option("--on", type=DAY, metavar="日期", help="截至哪一天，缺省为账簿最后一天。")
day_option = click.option("--on", "on", required=True, type=DAY, metavar="日期", help="凭证日期。")


@click.group(name="fund")
def command() -> None:
    """维修资金：分户账、分摊、收益分配、续交、公示。"""


for _paper in (
    fund_papers.publish,
    fund_papers.statement,
    fund_papers.certificate,
    fund_papers.apportion,
    fund_papers.notice,
):
    command.add_command(_paper)


@command.command()
@on_option
@compound_option
@json_option
@click.pass_context
def balance(context: click.Context, on: datetime | None, codes: tuple[str, ...], as_json: bool) -> None:
    """核对恒等式：银行存款＋国债 ＝ 各幢 ＝ 分户合计 ＋ 待分配收益等。不相等时退出码为 1。"""
    from jiezhang.street.fund_view import fund_balances

    with refusals():
        street = street_of(context)
        found = fund_balances(street, chosen(street, codes), _day(on))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            _say_identity(one)
    sys.exit(0 if all(one.identity.holds for one in found) else BOOKS_WRONG)


def _say_identity(one: FundBalance) -> None:
    identity = one.identity
    advance = f" ＋ 备用金 {yuan(one.advance_fen)}" if one.advance_fen else ""
    left = f"银行存款 {yuan(identity.bank_fen - one.advance_fen)}{advance} ＋ 国债 {yuan(identity.bonds_fen)}"
    right = f"分户合计 {yuan(identity.households_fen)} ＋ 待分配收益 {yuan(identity.undistributed_fen)}"
    for word, fen in (("应付返还", identity.payable_fen), ("待查", identity.unexplained_fen)):
        right += f" ＋ {word} {yuan(fen)}" if fen else ""
    click.echo(f"{one.code}{one.name}：{one.households} 户，低于续交线 {one.below_line} 户")
    click.echo(f"    {left} ＝ {right}：{'相符' if identity.holds else '不符'}")
    for wrong in identity.differences:
        click.echo(f"    {wrong.place or '全小区'}：{yuan(wrong.left_fen)} 与 {yuan(wrong.right_fen)} 不等")


@command.command()
@one_compound
@day_option
@click.option("--amount", "fen", type=YUAN, metavar="金额", help="分配多少，缺省为全部待分配收益。")
@click.option(
    "--basis",
    type=click.Choice(["area", "jishu"]),
    metavar="依据",
    help="area 按建筑面积，jishu 按积数；缺省按规则包，有售房单位资金的按积数。",
)
@click.pass_context
def distribute(
    context: click.Context, code: str, on: datetime, fen: int | None, basis: Literal["area", "jishu"] | None
) -> None:
    """把待分配的收益分到各户：算好一张待复核的凭证。"""
    from jiezhang.street.fund_booking import distribute as propose

    with refusals():
        street = street_of(context)
        _say_voucher(propose(street, street.compound(code), actor_of(context, street).id, on.date(), fen, basis))


@command.command()
@one_compound
@day_option
@click.option("--household", required=True, metavar="户号", help="哪一户。")
@click.pass_context
def lose(context: click.Context, code: str, on: datetime, household: str) -> None:
    """房屋灭失：应返还余额的凭证（待复核）。灭失须先登记在 changes.csv。"""
    from jiezhang.street.fund_booking import lose as propose

    with refusals():
        street = street_of(context)
        _say_voucher(propose(street, street.compound(code), actor_of(context, street).id, on.date(), household))


@command.command()
@one_compound
@day_option
@click.argument("voucher", metavar="凭证号")
@click.option("--from", "giver", required=True, metavar="户号", help="记错在哪一户。")
@click.option("--to", "taker", required=True, metavar="户号", help="应记在哪一户。")
@click.option("--amount", "fen", required=True, type=YUAN, metavar="金额", help="多少。")
@click.pass_context
def correct(
    context: click.Context,
    code: str,
    on: datetime,
    voucher: str,
    giver: str,
    taker: str,
    fen: int,
) -> None:
    """更正记错户的凭证：一张更正凭证（待复核），原凭证不动。"""
    from jiezhang.street.fund_booking import correct as propose

    with refusals():
        street = street_of(context)
        made = propose(
            street,
            street.compound(code),
            actor_of(context, street).id,
            on.date(),
            corrects=voucher,
            giver=giver,
            taker=taker,
            fen=fen,
        )
        _say_voucher(made)


@command.command()
@one_compound
@click.pass_context
def withdraw(context: click.Context, code: str) -> None:
    """撤回还没有过账的分配、灭失、更正凭证（银行流水带来的不动）。"""
    from jiezhang.street.fund_booking import withdraw as take_back

    with refusals():
        street = street_of(context)
        found = take_back(street, street.compound(code), actor_of(context, street).id)
    for voucher in found:
        click.echo(f"{voucher.date} {voucher.narration}")
    click.echo(f"撤回 {len(found)} 张。")


@command.command()
@on_option
@compound_option
@json_option
@click.pass_context
def share(context: click.Context, on: datetime | None, codes: tuple[str, ...], as_json: bool) -> None:
    """公共收益补充维修资金：按规则包每期应补多少，已补多少，还差多少，迟了几天。"""
    from jiezhang.street.fund_view import revenue_shares
    from reports.render.revenue_share_text import render_text

    with refusals():
        street = street_of(context)
        found = revenue_shares(street, chosen(street, codes), _day(on))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        click.echo("".join(render_text(one) for one in found), nl=False)


def _say_voucher(voucher: data.Transaction) -> None:
    click.echo(f"{voucher.date} {voucher.narration}（待复核）")
    for posting in voucher.postings:
        number = posting.units.number if posting.units is not None and posting.units.number is not None else Decimal(0)
        whose = f"  {posting.meta['household']}" if posting.meta and "household" in posting.meta else ""
        click.echo(f"    {posting.account}{whose}  {'借' if number > 0 else '贷'} {show(abs(number))}")


def _day(on: datetime | None) -> date | None:
    return on.date() if on else None

