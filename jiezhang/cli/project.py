"""`jiezhang project`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from .fund_options import DAY, one_compound
from .resolve_options import today
from .terminal import json_option, print_json, refusals, street_of


@click.command(name="project")
@click.argument("which", metavar="编号")
@one_compound
@click.option("--on", type=DAY, metavar="日期", help="截至哪天，缺省为今天。")
@click.option("--out", type=click.Path(path_type=Path), metavar="文件夹", help="把 PDF、文字、JSON 写到这个文件夹。")
@json_option
@click.pass_context
def command(
    context: click.Context, which: str, code: str, on: datetime | None, out: Path | None, as_json: bool
) -> None:
    """一个重点项目的全部：预算、资金来源、付款、尾款、业主的决定、结果、还欠什么。编号是决议、集资或维修项目的。"""
    from jiezhang.street.projects import read_project, write_project
    from reports.render.project_text import as_data, render_text

    with refusals():
        street = street_of(context)
        report = read_project(street, street.compound(code), which, on.date() if on else today())
        files = write_project(report, out) if out is not None else []
    if as_json:
        print_json(as_data(report))
    elif files:
        for file in files:
            click.echo(str(file))
    else:
        click.echo(render_text(report), nl=False)
