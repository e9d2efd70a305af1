"""`jiezhang attach`."""

from __future__ import annotations

from pathlib import Path

import click

from .terminal import actor_of, refusals, street_of


@click.command()
@click.argument("code", metavar="小区")
@click.argument("ref", metavar="流水号")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[文件]...")
@click.option("--papers", type=click.IntRange(0, 999), default=0, metavar="张数", help="另有几张纸质单据留在凭证册里。")
@click.pass_context
def command(context: click.Context, code: str, ref: str, files: tuple[Path, ...], papers: int) -> None:
    """给还没有复核的流水附上发票等单据：文件存进 documents 文件夹，凭证记下它的指纹。

    更正凭证没有流水号，写被更正的凭证号，如 2026-09/记-0012。
    """
    from jiezhang.street.attaching import attach

    with refusals():
        street = street_of(context)
        count = attach(street, street.compound(code), actor_of(context, street).id, ref, files, papers)
    click.echo(f"流水 {ref} 现有附件 {count} 张。")
