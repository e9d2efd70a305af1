"""`jiezhang disclose`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from jiezhang.street.disclosing import Written


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="写到这个文件夹。")
@click.option("--posted-from", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="张贴日期，缺省为次月 10 日。")
@click.option("--draft", is_flag=True, help="还有流水没有过账时也编制，注明草稿。")
@compound_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    month: Month,
    out: Path,
    posted_from: datetime | None,
    draft: bool,
    codes: tuple[str, ...],
    as_json: bool,
) -> None:
    """编制当月公共收益收支公示表（PDF、XLSX，及作为指纹依据的 JSON 数据）。有小区与银行不一致时退出码为 1。"""
    from jiezhang.street.disclosing import disclose_street

    with refusals():
        street = street_of(context)
        written = disclose_street(
            street,
            chosen(street, codes),
            month,
            out,
            posted_from=posted_from.date() if posted_from else None,
            draft=draft,
            progress=progress,
        )
    if as_json:
        print_json([asdict(item) for item in written])
    else:
        _say(written, month, out)
    sys.exit(0 if all(item.agreed for item in written) else BOOKS_WRONG)


def _say(written: list[Written], month: Month, out: Path) -> None:
    for item in written:
        click.echo(str(item.pdf))
    for item in written:
        if not item.agreed:
            click.echo(f"注意：{item.code} 的账面与对账单不一致或未能核对，公示表上已注明。")
    click.echo(f"{month} 公示表 {len(written)} 份，PDF、XLSX 和 JSON 数据都在 {out}。")
