"""`jiezhang correct`."""

from __future__ import annotations

from datetime import datetime

import click

from jiezhang.domain.money import from_fen, show
from jiezhang.domain.problem import Refused
from jiezhang.domain.sides import sides_of

from .fund_options import DAY, YUAN, one_compound
from .terminal import actor_of, refusals, street_of


@click.command()
@one_compound
@click.argument("voucher", required=False, metavar="[凭证号]")
@click.option("--on", type=DAY, metavar="日期", help="更正凭证的日期。")
@click.option("--to", default="", metavar="科目", help="应记的科目，如 5101维修养护，或账户全名。")
@click.option("--from", "wrong", default="", metavar="科目", help="记错的科目；原凭证只有一个对方科目时不必写。")
@click.option("--narration", default="", metavar="摘要", help="订正凭证的摘要，缺省用原凭证的。")
@click.option("--difference", "fen", type=YUAN, metavar="金额", help="只是金额记错：从 --from 转到 --to 的差额。")
@click.option("--prior-year", is_flag=True, help="以前年度的凭证：一张蓝字更正凭证，通过结余（3001）。")
@click.option("--withdraw", is_flag=True, help="撤回本小区还没有过账的更正凭证。")
@click.pass_context
def command(
    context: click.Context,
    code: str,
    voucher: str | None,
    on: datetime | None,
    to: str,
    wrong: str,
    narration: str,
    fen: int | None,
    *,
    prior_year: bool,
    withdraw: bool,
) -> None:
    """更正已过账的凭证：原凭证不动，另填红字注销和订正的凭证（待复核）。

    凭证号写成 2026-09/记-0012。维修资金记错户的凭证用 fund correct。
    """
    from jiezhang.street.correcting import Wish, correct_voucher, withdraw_corrections

    with refusals():
        street = street_of(context)
        folder, actor = street.compound(code), actor_of(context, street).id
        if withdraw:
            found = withdraw_corrections(street, folder, actor)
            click.echo(f"撤回 {len(found)} 张。")
            return
        if not voucher or on is None or not to:
            raise Refused("更正须写凭证号、--on 和 --to")
        wish = Wish(
            voucher,
            to,
            wrong,
            narration,
            "prior-year" if prior_year else "red" if fen is None else "difference",
            None if fen is None else from_fen(fen),
        )
        made = correct_voucher(street, folder, actor, on.date(), wish)
    for entry in made:
        click.echo(f"{entry.date} {entry.narration}（待复核）")
        for side in sides_of(entry):
            click.echo(f"    {side.posting.account}  {'借' if side.is_debit else '贷'} {show(side.amount)}")
