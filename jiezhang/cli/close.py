"""`jiezhang close`."""

from __future__ import annotations

from pathlib import Path

import click

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused

from .resolve_options import FILE, today
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
@click.option("--keep", type=FILE, metavar="文件夹", help="把封月回执写到这个文件夹，交各方自己保管；须用 --key 签名。")
@key_option
@compound_option
@json_option
@click.pass_context
def command(
    context: click.Context, /, month: Month, keep: Path | None, key: Path | None, codes: tuple[str, ...], as_json: bool
) -> None:
    """封月：三方签署齐全、账款相符以后，把当月封存；此后这个月不能再记、再改，更正记在以后的月份。"""
    from jiezhang.book.keys import load_private
    from jiezhang.close.presenting import parties_named
    from jiezhang.street.closing import close_street, write_receipts

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street).id
        if keep is not None and keep.exists() and not keep.is_dir():
            raise Refused("--keep 须是文件夹，这里已有同名的文件", str(keep))
        if keep is not None and key is None:
            raise Refused("封月回执须签名：用 --key 私钥文件，或设环境变量 JIEZHANG_KEY")
        private = load_private(key) if keep is not None and key is not None else None
        closed = close_street(street, chosen(street, codes), month, actor, today(), progress, private)
        if keep is not None:
            write_receipts(closed, month, keep)
    for left in closed[0].unknown if closed else ():
        click.echo(f"提醒：{left.file} 认不出是哪个小区的对账单，没有导入（{left.message}）", err=True)
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
    if keep is not None:
        click.echo(f"封月回执 {len(closed)} 份，写在 {keep}，请交各方自行保管。")
