"""`jiezhang voucher`: vouchers listed and printed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from jiezhang.domain.period import Month

from .terminal import MONTH, chosen, compound_option, json_option, print_json, progress, refusals, street_of


@click.group(name="voucher")
def command() -> None:
    """凭证：到了哪一步、在等谁，排印记账凭证。"""


@command.command(name="list")
@click.argument("month", type=MONTH, metavar="月份")
@click.option("--waiting", "only_waiting", is_flag=True, help="只列还没有过账的。")
@compound_option
@json_option
@click.pass_context
def list_(
    context: click.Context, month: Month, codes: tuple[str, ...], *, only_waiting: bool, as_json: bool
) -> None:
    """列出当月的凭证和流水：待查明、待复核、待过账、已过账，在等谁办。"""
    from jiezhang.close.reviewing import STATE_NAMES
    from jiezhang.street.voucher_papers import list_vouchers

    with refusals():
        street = street_of(context)
        found = list_vouchers(street, chosen(street, codes), month, progress)
    shown = [one for one in found if not only_waiting or one.state != "posted"]
    if as_json:
        print_json([asdict(one) for one in shown])
        return
    for one in shown:
        who = f"　等 {'、'.join(one.waits_for) or '（没有人能办）'}" if one.state != "posted" else ""
        number = one.number or one.ref
        click.echo(f"{one.compound}　{one.day}　{number}　{one.amount}　{one.narration}　{STATE_NAMES[one.state]}{who}")
    counts = "，".join(
        f"{name} {count}" for state, name in STATE_NAMES.items() if (count := sum(one.state == state for one in found))
    )
    click.echo(f"{month} 共 {len(found)} 张：{counts}。" if found else f"{month} 没有凭证。")


@command.command(name="print")
@click.argument("month", type=MONTH, metavar="月份")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="写到这个文件夹。")
@compound_option
@click.pass_context
def print_(context: click.Context, month: Month, out: Path, codes: tuple[str, ...]) -> None:
    """排印当月已过账的记账凭证，每页三张 A4，每个小区一个 PDF。"""
    from jiezhang.street.voucher_papers import print_vouchers

    with refusals():
        street = street_of(context)
        files = print_vouchers(street, chosen(street, codes), month, out, progress)
    for file in files:
        click.echo(str(file))
    click.echo(f"{month} 记账凭证 {len(files)} 份，都在 {out}。")
