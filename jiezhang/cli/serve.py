"""`jiezhang serve`."""

from __future__ import annotations

import click

from .terminal import refusals, street_of


@click.command()
@click.option("--port", default=5000, show_default=True, metavar="端口", help="本机端口。")
@click.pass_context
def command(context: click.Context, port: int) -> None:
    """在本机打开账簿（Fava），只有本机能访问；按 Ctrl-C 停止。"""
    from jiezhang.web.app import serve

    with refusals():
        street = street_of(context)
        street.compounds()
        serve(street, "127.0.0.1", port, _say)


def _say(port: int) -> None:
    click.echo(f"街账已打开：http://127.0.0.1:{port}/ （按 Ctrl-C 停止）")
