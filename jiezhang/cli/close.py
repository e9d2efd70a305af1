"""`jiezhang close`."""

from __future__ import annotations

import click

from jiezhang.domain.period import Month

from .resolve_options import today
from .terminal import (
    MONTH,
    actor_of,
    chosen,
    compound_option,
    json_option,
    print_json,
    progress,
    refusals,
    street_of,
)


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@compound_option
@json_option
@click.pass_context
def command(context: click.Context, month: Month, codes: tuple[str, ...], as_json: bool) -> None:
    """封月：三方签署齐全、账款相符以后，把当月封存；此后这个月不能再记、再改，更正记在以后的月份。"""
    from jiezhang.close.presenting import parties_named
    from jiezhang.street.closing import close_street

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street).id
        closed = close_street(street, chosen(street, codes), month, actor, today(), progress)
    if as_json:
        print_json(
            [
                {"compound": one.code, "digest": one.digest, "size": one.seal.figures.vouchers.tree_size,
                 "root": one.seal.figures.vouchers.tree_root, "missing": list(one.seal.missing)}
                for one in closed
            ]
        )  # fmt: skip
        return
    for one in closed:
        figures = one.seal.figures
        missing = f"；缺签：{parties_named(one.seal.missing)}" if one.seal.missing else ""
        click.echo(
            f"{one.code} {month} 已封月：本月 {figures.vouchers.count} 张凭证，累计 {figures.vouchers.tree_size} 张，"
            f"{figures.households.count} 个分户账，"
            f"封存指纹 {one.digest[:16]}{missing}"
        )
    click.echo(f"{month} 封月 {len(closed)} 个小区。")
