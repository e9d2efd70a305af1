"""`jiezhang post`."""

from __future__ import annotations

from pathlib import Path

import click

from jiezhang.domain.period import Month

from .terminal import (
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


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@key_option
@compound_option
@json_option
@click.pass_context
def command(context: click.Context, month: Month, key: Path | None, codes: tuple[str, ...], as_json: bool) -> None:
    """把当月已复核的凭证过账，编连续的凭证号（记-0001 起），写进凭证链；过账以后不能再改。"""
    from jiezhang.book.keys import load_private
    from jiezhang.street.booking import post_street

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street).id
        private = load_private(key) if key is not None else None
        counts = post_street(street, chosen(street, codes), month, actor, progress, private)
    if as_json:
        print_json(
            [{"compound": c.code, "posted": c.posted, "unreviewed": c.unreviewed, "left": c.left} for c in counts]
        )
        return
    left, unreviewed = sum(c.left for c in counts), sum(c.unreviewed for c in counts)
    click.echo(f"{month} 过账 {sum(c.posted for c in counts)} 张凭证，{unreviewed} 张待复核，{left} 笔待查明。")
    for count in counts:
        if count.left or count.unreviewed:
            click.echo(f"  {count.code}：{count.unreviewed} 张待复核，{count.left} 笔待查明")
