"""`jiezhang post`."""

from __future__ import annotations

import click

from jiezhang.domain.period import Month

from .terminal import MONTH, chosen, compound_option, json_option, print_json, progress, refusals, street_of


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@compound_option
@json_option
@click.pass_context
def command(context: click.Context, month: Month, codes: tuple[str, ...], as_json: bool) -> None:
    """把当月已写明的流水过账，编连续的凭证号（记-0001 起）；还有“待查款项”的留下。"""
    from jiezhang.street.booking import post_street

    with refusals():
        street = street_of(context)
        counts = post_street(street, chosen(street, codes), month, progress)
    if as_json:
        print_json([{"compound": c.code, "posted": c.posted, "left": c.left} for c in counts])
        return
    click.echo(f"{month} 过账 {sum(c.posted for c in counts)} 张凭证，{sum(c.left for c in counts)} 笔待查明。")
    for count in counts:
        if count.left:
            click.echo(f"  {count.code}：{count.left} 笔待查明")
