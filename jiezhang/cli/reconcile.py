"""`jiezhang reconcile`."""

from __future__ import annotations

import sys

import click

from jiezhang.domain.period import Month

from .terminal import (
    BOOKS_WRONG,
    MONTH,
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
@click.option("--all", "show_all", is_flag=True, help="相符的账户也打印余额调节表。")
@json_option
@click.pass_context
def command(context: click.Context, month: Month, codes: tuple[str, ...], show_all: bool, as_json: bool) -> None:
    """重新读取银行的原始文件，与账簿逐笔核对，编制银行存款余额调节表。有差异时退出码为 1。"""
    from jiezhang.street.reconciling import reconcile_street
    from reports.reconciliation import as_data, render_text

    with refusals():
        street = street_of(context)
        results = reconcile_street(street, chosen(street, codes), month, progress)
    clean = all(result.is_clean for result in results)
    accounts = [account for result in results for account in result.accounts]
    if as_json:
        print_json([as_data(account) for account in accounts])
        sys.exit(0 if clean else BOOKS_WRONG)
    for result in results:
        if result.refused is not None:
            click.echo(f"{result.code}：{result.refused}")
        for account in result.accounts:
            if show_all or not account.is_clean:
                click.echo(render_text(account))
    rows = sum(len(account.pairs) for account in accounts)
    differing = sum(not account.is_clean for account in accounts)
    click.echo(f"{month} 核对 {len(accounts)} 个账户、{rows} 笔流水：{differing} 个账户有差异。")
    sys.exit(0 if clean else BOOKS_WRONG)
