"""`jiezhang check`."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from .terminal import BOOKS_WRONG, chosen, compound_option, json_option, print_json, progress, refusals, street_of


@click.command()
@compound_option
@json_option
@click.pass_context
def command(context: click.Context, codes: tuple[str, ...], as_json: bool) -> None:
    """用全部规则检查账簿。有错误时退出码为 1。"""
    from jiezhang.street.checking import check_street

    with refusals():
        street = street_of(context)
        checks = check_street(street, chosen(street, codes), progress)
    faults = [fault for check in checks for fault in check.faults]
    if as_json:
        print_json([asdict(check) for check in checks])
        sys.exit(BOOKS_WRONG if faults else 0)
    for fault in faults:
        click.echo(str(fault))
    for check in checks:
        for advice in check.advice:
            click.echo(f"提示（待核实）：{advice}")
    transactions, waiting = sum(c.transactions for c in checks), sum(c.waiting for c in checks)
    click.echo(f"检查 {len(checks)} 个小区，{transactions} 笔凭证：{len(faults)} 处错误，{waiting} 笔流水待过账。")
    sys.exit(BOOKS_WRONG if faults else 0)
