"""`jiezhang sample`."""

from __future__ import annotations

from pathlib import Path

import click

from jiezhang.domain.period import Month

from .terminal import MONTH, progress, refusals


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@click.option(
    "--compounds", default=4, show_default=True, type=click.IntRange(1, 9999), metavar="个数", help="小区个数。"
)
@click.option("--dwellings", type=click.IntRange(8, 20000), metavar="户数", help="每个小区平均户数，缺省各不相同。")
@click.option("--months", default=4, show_default=True, type=click.IntRange(1, 120), metavar="月数", help="月数。")
@click.option(
    "--booked", default=0, show_default=True, type=click.IntRange(0, 120), metavar="月数", help="其中已记账的月数。"
)
@click.option(
    "--sealed", default=0, show_default=True, type=click.IntRange(0, 120), metavar="月数", help="其中已封月的月数。"
)
@click.option("--first", default="2026-01", show_default=True, type=MONTH, metavar="月份", help="第一个月。")
@click.option("--seed", default=1, show_default=True, type=int, metavar="整数", help="种子：同一种子，逐字节相同。")
def command(
    folder: Path,
    compounds: int,
    dwellings: int | None,
    months: int,
    booked: int,
    sealed: int,
    first: Month,
    seed: int,
) -> None:
    """编一个虚构的街道：小区、户、资产、合同、专户，和各银行格式的对账单。

    前 --booked 个月已过账，其中前 --sealed 个月三方已签署、封月；其余在 inbox 里，补录表在 completions 里。
    """
    from jiezhang.street.sampling import write_sample

    with refusals():
        counts = write_sample(
            folder,
            compounds=compounds,
            dwellings=dwellings,
            months=months,
            booked=booked,
            first_month=first,
            seed=seed,
            sealed=min(sealed, booked, months),
            progress=progress,
        )
    click.echo(
        f"{folder}：{counts.compounds} 个小区，{counts.dwellings} 户，{months} 个月，{counts.files} 个对账单文件，"
        f"{counts.rows} 笔流水，其中 {min(booked, months)} 个月已记账"
        + (f"，{min(sealed, booked, months)} 个月已封月。" if sealed else "。")
    )
