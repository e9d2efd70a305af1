"""`jiezhang backup`."""

from __future__ import annotations

from pathlib import Path

import click

from .office_options import acts_of, now, who_acts
from .resolve_options import FILE
from .terminal import refusals, street_of


@click.command()
@click.argument("file", type=FILE, metavar="备份.tar")
@click.pass_context
def command(context: click.Context, file: Path) -> None:
    """备份：街道文件夹（连同版本库）、登录账号和操作日志，同一时刻的，存成一个文件。"""
    from jiezhang.office.backup import back_up

    with refusals():
        street = street_of(context)
        kept = back_up(acts_of(context, street), file, who_acts(context, street), now)
    click.echo(f"{file}：{kept.files} 个文件，{kept.bytes} 字节。里面有登录账号的密文，请妥善保管。")
    click.echo(f"操作日志末行 {kept.last}，可另存，以后核对。")
