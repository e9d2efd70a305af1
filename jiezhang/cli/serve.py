"""`jiezhang serve`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.domain.problem import Refused

from .office_options import home_of
from .resolve_options import FILE
from .terminal import refusals, street_of

if TYPE_CHECKING:
    from jiezhang.book.layout import StreetFolder


@click.command()
@click.option("--port", default=5000, show_default=True, metavar="端口", help="本机端口。")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="地址", help="监听的地址。")
@click.option("--name", "names", multiple=True, metavar="域名", help="浏览器里用的域名；不写只能在本机打开。可写多次。")
@click.option("--proxy", default="", metavar="地址", help="反向代理的地址；只信它说的来访地址和加密。")
@click.option(
    "--metrics-from", "machines", multiple=True, metavar="地址", help="可以取 /jiezhang/metrics 的监控机器。可写多次。"
)
@click.option("--log", "log_file", type=FILE, metavar="文件", help="每次访问一行 JSON，写到文件；缺省写到标准错误。")
@click.option("--home", type=FILE, metavar="文件夹", help="同 jiezhang --home。")
@click.option("--demo", is_flag=True, help="演示：不用密码，一键换人；只用于样例街道，只能在本机打开。")
@click.pass_context
def command(
    context: click.Context, port: int, host: str, names: tuple[str, ...], proxy: str, machines: tuple[str, ...],
    log_file: Path | None, home: Path | None, demo: bool,
) -> None:  # fmt: skip
    """打开街账：登录以后各做各的事。按 Ctrl-C 停止。

    第一次用，先给每个人开登录账号（user add）。给别的机器用，由反向代理加密。
    """
    from jiezhang.office.accounts import Accounts
    from jiezhang.office.home import open_home
    from jiezhang.web.demo import open_demo
    from jiezhang.web.ports import refuse_port
    from jiezhang.web.request_log import open_log
    from jiezhang.web.server import serve
    from jiezhang.web.serving import LOOPBACK, Serving

    with refusals():
        refuse_port(port)
        street = street_of(context)
        street.compounds()
        opened = open_home(street, home) if home is not None else home_of(context, street)
        open_log(street, log_file)
        if demo:
            if host not in LOOPBACK or names or proxy:
                raise Refused("演示不用密码，只能在本机打开")
            serving = open_demo(street, opened)
        else:
            if not Accounts(opened).all():
                raise Refused(f"还没有登录账号，先由街道负责人给每个人开，如 {_opening(context, street, home)}")
            hosts = LOOPBACK | frozenset(name.lower() for name in names)
            serving = Serving(opened, hosts, machines=frozenset(machines))
        serve(street, serving, host, port, _say, proxy)


def _opening(context: click.Context, street: StreetFolder, home: Path | None) -> str:
    """The whole command that opens a first account, as it can be typed here."""
    from jiezhang.book.registers import read_street

    asked = context.find_root().params
    place = ["-C", str(asked["street"])] if str(asked["street"]) != "." else []
    given = home or asked.get("home")
    at_home = ["--home", str(given)] if given else []
    heads = [one.id for one in read_street(street).people if "street_head" in one.roles]
    who = heads[0] if heads else "街道负责人编号"
    return shlex.join(["jiezhang", *place, *at_home, "--as", who, "user", "add", who])


def _say(port: int) -> None:
    click.echo(f"街账已打开：http://127.0.0.1:{port}/ （按 Ctrl-C 停止）")
