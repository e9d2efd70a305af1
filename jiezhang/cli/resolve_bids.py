"""The bids of `jiezhang resolve`: sealed by the supplier, handed in, opened."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import click

from jiezhang.domain.money import from_fen

from .fund_options import YUAN, one_compound
from .resolve_options import by_or_actor, day_option, day_or_today, resolution_argument, step_option, today
from .terminal import refusals, street_of

_supplier = click.option("--supplier", required=True, metavar="单位", help="报价的单位。")
_price = click.option("--price", "price_fen", required=True, type=YUAN, metavar="金额", help="报价，元。")


@click.command(name="bid-seal")
@resolution_argument
@_supplier
@_price
@click.option("--nonce", metavar="封存码", help="8 到 64 位字母、数字；缺省随机编一个。")
def bid_seal(resolution: str, supplier: str, price_fen: int, nonce: str | None) -> None:
    """供应商自己算密封报价：指纹交给小区，封存码和报价自己留到开封那天。不需要账簿。"""
    from jiezhang.book.cells import from_options
    from jiezhang.domain.approval.path_seals import bid_digest
    from jiezhang.domain.approval.records import Bid

    price = from_fen(price_fen)
    with refusals():
        given = {"code": resolution, "supplier": supplier, "price_yuan": price, "nonce": nonce or secrets.token_hex(16)}
        bid = from_options(Bid, given)
    assert bid.nonce is not None
    click.echo(f"指纹：{bid_digest(bid.code, bid.supplier, price, bid.nonce)}")
    click.echo(f"封存码：{bid.nonce}")


@click.command()
@resolution_argument
@one_compound
@step_option
@_supplier
@click.option("--sealed", required=True, metavar="指纹", help="供应商交来的指纹（bid-seal 算出的）。")
@day_option
@click.pass_context
def bid(context: click.Context, /, resolution: str, code: str, on: datetime | None, **given: Any) -> None:
    """收一家的密封报价。"""
    with refusals():
        _add(context, code, {**given, "code": resolution}, on)


@click.command(name="open-bid")
@resolution_argument
@one_compound
@step_option
@_supplier
@_price
@click.option("--nonce", required=True, metavar="封存码", help="供应商留着的封存码。")
@day_option
@click.pass_context
def open_bid(
    context: click.Context, /, resolution: str, code: str, price_fen: int, on: datetime | None, **given: Any
) -> None:
    """开封一家的报价：与密封时的指纹核对。"""
    with refusals():
        _add(context, code, {**given, "code": resolution, "price_yuan": from_fen(price_fen)}, on)


def _add(context: click.Context, code: str, fields: dict[str, Any], on: datetime | None) -> None:
    from jiezhang.street.resolving import Days, add
    from reports.render.resolution_text import render_text

    street = street_of(context)
    by_or_actor(context, street, None)
    paper = add(street, street.compound(code), "bid", fields, Days(day_or_today(on), today()))
    click.echo(render_text(paper), nl=False)
