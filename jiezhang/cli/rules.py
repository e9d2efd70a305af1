"""`jiezhang rules`."""

from __future__ import annotations

from datetime import date, datetime

import click

from .terminal import json_option, print_json, refusals, street_of


@click.command()
@click.argument("code", metavar="小区编号")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="哪一天的规则，缺省为今天。")
@json_option
@click.pass_context
def command(context: click.Context, code: str, on: datetime | None, as_json: bool) -> None:
    """列出一个小区某一天适用的规则：数值、条文、来源、施行日期、是否核实，以及为什么是这一条。"""
    from jiezhang.book.registers import read_compound, read_street
    from jiezhang.book.rulepacks import read_packs
    from jiezhang.domain.applicable import applicable
    from reports.rules import render_text

    day = on.date() if on else date.today()  # noqa: DTZ011 - the office's own day
    with refusals():
        street = street_of(context)
        compound = read_compound(street.compound(code))
        applied = applicable(read_packs(read_street(street).city), compound.kind, day)
    if as_json:
        print_json(
            [
                {
                    "key": one.key,
                    "value": one.rule.shown(),
                    "article": one.rule.article,
                    "in_force": one.rule.in_force,
                    "verified": one.rule.verified,
                    "pack": one.chosen.pack,
                }
                for one in applied
            ]
        )
        return
    click.echo(f"{compound.code}{compound.name}　{day} 适用的规则\n")
    click.echo(render_text(applied), nl=False)
