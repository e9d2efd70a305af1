"""`jiezhang complete`."""

from __future__ import annotations

from pathlib import Path

import click

from .terminal import progress, refusals, street_of


@click.command()
@click.argument("sheet", type=click.Path(path_type=Path), metavar="补录表.csv")
@click.pass_context
def command(context: click.Context, sheet: Path) -> None:
    """按补录表写明每笔流水是什么。

    补录表是 UTF-8 编码的 CSV，各列为：

    \b
      account        流水所在的专户
      bank_ref       流水号
      other_account  对方科目
      contract       合同编号，可空
      narration      摘要，空则用银行的摘要
      join_account   同日划转的另一个专户，可空
      join_ref       同日划转的另一笔流水号，可空
    """
    from jiezhang.street.booking import complete_street

    with refusals():
        count = complete_street(street_of(context), sheet, progress)
    click.echo(f"补录 {count} 笔。")
