"""`jiezhang review`."""

from __future__ import annotations

import click

from jiezhang.domain.period import Month

from .terminal import MONTH, actor_of, chosen, compound_option, json_option, print_json, progress, refusals, street_of


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@compound_option
@json_option
@click.pass_context
def command(context: click.Context, month: Month, codes: tuple[str, ...], as_json: bool) -> None:
    """复核当月已写明的凭证：由制单人以外的人办，记下复核人和所复核内容的指纹。"""
    from jiezhang.street.booking import review_street

    with refusals():
        street = street_of(context)
        counts = review_street(street, chosen(street, codes), month, actor_of(context, street).id, progress)
    if as_json:
        print_json([{"compound": c.code, "reviewed": c.reviewed, "left": c.left} for c in counts])
        return
    click.echo(f"{month} 复核 {sum(c.reviewed for c in counts)} 张凭证，{sum(c.left for c in counts)} 笔待查明。")
    for count in counts:
        if count.left:
            click.echo(f"  {count.code}：{count.left} 笔待查明")
