"""`jiezhang reconcile`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.differences import LEGS, PARTY_NAMES, Party

from .resolve_options import FILE, today
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

_PARTIES = "、".join(f"{party}（{PARTY_NAMES[party]}）" for party in LEGS)


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@compound_option
@click.option("--all", "show_all", is_flag=True, help="相符的账户也打印余额调节表。")
@click.option("--party", type=click.Choice(LEGS), metavar="哪一方", help=f"三方核对的一方：{_PARTIES}。")
@click.option("--sheet", type=FILE, metavar="回单.csv", help="这一方填好的对账回单。")
@click.option("--blank", type=FILE, metavar="空白.csv", help="写出给这一方的空白对账回单，不核对。")
@json_option
@click.pass_context
def command(
    context: click.Context, month: Month, codes: tuple[str, ...], show_all: bool, party: str | None,
    sheet: Path | None, blank: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """重新读取银行的原始文件，与账簿逐笔核对，编制银行存款余额调节表。有差异时退出码为 1。"""
    from jiezhang.street.reconciling import reconcile_street
    from reports.reconciliation import as_data, render_text

    if party is not None or sheet is not None or blank is not None:
        _with_party(context, month, codes, party, sheet, blank, show_all, as_json)
        return
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


def _with_party(
    context: click.Context, month: Month, codes: tuple[str, ...], party: str | None, sheet: Path | None,
    blank: Path | None, show_all: bool, as_json: bool,
) -> None:  # fmt: skip
    """One leg of the reconciliation between the parties, or an empty sheet for it."""
    from jiezhang.street.reconciling import reconcile_party, write_blank
    from reports.legs import as_data, render_text

    with refusals():
        if party is None:
            raise Refused("--sheet、--blank 须与 --party 一起写")
        if sheet is not None and blank is not None:
            raise Refused("--sheet 和 --blank 只能写一个")
        street, who = street_of(context), cast(Party, party)
        folders = chosen(street, codes)
        if blank is not None:
            lines = write_blank(street, folders, month, who, blank)
            click.echo(f"给{PARTY_NAMES[who]}的空白对账回单 {lines} 行，写在 {blank}。")
            return
        results = reconcile_party(street, folders, month, who, today(), sheet, progress)
    clean = all(result.is_clean for result in results)
    legs = [result.leg for result in results if result.leg is not None]
    if as_json:
        print_json([as_data(leg) for leg in legs])
        sys.exit(0 if clean else BOOKS_WRONG)
    for result in results:
        if result.refused is not None:
            click.echo(f"{result.code}：{result.refused}")
        elif result.leg is not None:
            click.echo(render_text(result.leg, show_all=show_all))
    found = sum(len(leg.differences) for leg in legs)
    click.echo(f"{month} 与{PARTY_NAMES[who]}核对 {len(legs)} 个小区：{found} 项差异。")
    sys.exit(0 if clean else BOOKS_WRONG)
