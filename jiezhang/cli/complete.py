"""`jiezhang complete`."""

from __future__ import annotations

from pathlib import Path

import click

from jiezhang.domain.period import Month

from .terminal import MONTH, actor_of, chosen, compound_option, progress, refusals, street_of


@click.command()
@click.argument("sheet", type=click.Path(path_type=Path), metavar="补录表.csv")
@click.option("--blank", type=MONTH, metavar="月份", help="不补录，而是把当月待查明的流水写成一张待填的补录表。")
@compound_option
@click.pass_context
def command(context: click.Context, sheet: Path, blank: Month | None, codes: tuple[str, ...]) -> None:
    """按补录表写明每笔流水是什么；先用 --blank 月份 写出一张待填的表。

    对方科目留空的行不动。补录表是 UTF-8 编码的 CSV，各列为：

    \b
      account        流水所在的专户
      bank_ref       流水号
      other_account  对方科目
      contract       合同编号，可空
      narration      摘要，空则用银行的摘要
      join_account   同日划转的另一个专户，可空
      join_ref       同日划转的另一笔流水号，可空
      household      维修资金：哪一户
      deposit        维修资金：交存是 first（首期）还是 top-up（续交）
      batch          维修资金：许多户的批量明细文件，与补录表放在一起
      project        维修资金：维修项目编号
      paid_outside   维修资金：资金之外支付的部分
      covered        维修资金：余额不足的户由谁垫付
      bond           维修资金：国债编号
      resolution     付款：业主的决议；空则取项目的，或议事规则授权
      payment        付款：盖过章的付款编号，程序要求时
      invoice        付款：发票号码，几张用逗号隔开
      accepted       付款：验收日期
      date、amount、counterparty  日期、金额、对方，只供填表人看
    """
    from jiezhang.street.booking import complete_street, write_blank_sheet

    with refusals():
        street = street_of(context)
        if blank is not None:
            count = write_blank_sheet(street, chosen(street, codes), blank, sheet, progress)
            click.echo(f"{sheet}：{blank} 待查明的流水 {count} 笔，填好 other_account 一列后再补录。")
            return
        count = complete_street(street, sheet, actor_of(context, street).id, progress)
    click.echo(f"补录 {count} 笔。")
