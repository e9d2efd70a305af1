"""`jiezhang vote`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from jiezhang.domain.problem import Refused

from .fund_options import one_compound
from .resolve_options import FILE, by_or_actor, day_option, day_or_today, resolution_argument, step_option, today
from .terminal import refusals, street_of


@click.command()
@resolution_argument
@one_compound
@click.option("--ballots", required=True, type=FILE, metavar="表决票.csv", help="表决票文件。")
@click.option("--blank", is_flag=True, help="不登记，而是把当天有表决权的户写成一张待填的表决票。")
@step_option
@day_option
@click.pass_context
def command(
    context: click.Context, resolution: str, code: str, ballots: Path, blank: bool, step: str | None,
    on: datetime | None,
) -> None:  # fmt: skip
    """登记业主表决：核对每张票，按面积和人数计票（民法典第278条），表决票存入 votes。

    先用 --blank 写出一张待填的表决票。没有投票的户 choice 一列空着。表决票是 CSV，各列为：

    \b
      dwelling       户号
      choice         agree 同意、against 反对、abstain 弃权
      proxy          受托人，没有委托的空着
      power_sha256   委托书的指纹，没有委托的空着
      building、stair、area_m2  幢、单元、面积，只供填表人看
    """
    from jiezhang.street.resolving import Days
    from jiezhang.street.resolving_votes import add_vote, write_blank
    from reports.render.resolution_text import tally_lines

    with refusals():
        street = street_of(context)
        folder, day = street.compound(code), day_or_today(on)
        if blank:
            if step:
                raise Refused("写空白表决票不用写 --step")
            count = write_blank(street, folder, resolution, day, ballots)
            click.echo(f"{ballots}：{day} 有表决权的 {count} 户。")
            return
        by_or_actor(context, street, None)
        found = add_vote(street, folder, resolution, step, ballots, Days(day, today()))
    click.echo("\n".join(tally_lines(found)))
