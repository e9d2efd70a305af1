"""`jiezhang new`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Street

from .terminal import chosen, compound_option, refusals, street_of


@click.group(name="new")
def command() -> None:
    """新建街道或小区的账簿。"""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@click.option("--name", required=True, metavar="街道名", help="街道名称。")
@click.option("--city", required=True, metavar="城市", help="规则包，如 hangzhou；没有本市的用 national。")
@click.option("--contact", default="", metavar="联系方式", help="街道的咨询、监督电话。")
def street(folder: Path, name: str, city: str, contact: str) -> None:
    """新建街道文件夹。"""
    from jiezhang.book.create import create_street

    with refusals():
        create_street(folder, _valid(Street, name=name, city=city, contact=contact))
    click.echo(f"已建街道“{name}”：{folder}")


@command.command()
@click.option("--code", required=True, metavar="C0007", help="小区编号。")
@click.option("--name", required=True, metavar="小区名", help="小区名称，只用文字、数字。")
@click.option("--community", required=True, metavar="社区编号", help="所属社区。")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["commercial", "old", "resettlement"]),
    metavar="类型",
    help="小区类型：commercial 商品房，old 老旧，resettlement 安置。",
)
@click.option("--start", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="建账日期。")
@click.option("--accounts", required=True, type=click.Path(path_type=Path), metavar="专户表.csv", help="专户表。")
@click.option("--opening-g", type=click.Path(path_type=Path), metavar="余额表", help="公共收益科目余额表。")
@click.option("--opening-w", type=click.Path(path_type=Path), metavar="余额表", help="维修资金科目余额表。")
@click.option("--contact", default="", metavar="联系方式", help="业主咨询、异议的电话和地点。")
@click.option("--address", default="", metavar="地址", help="小区地址。")
@click.option("--manager", default="", metavar="物业公司", help="物业服务企业。")
@click.option("--slug", default="", metavar="拼音", help="文件夹名里编号之后的拼音，可不写。")
@click.pass_context
def compound(
    context: click.Context,
    /,
    start: datetime,
    accounts: Path,
    opening_g: Path | None,
    opening_w: Path | None,
    slug: str,
    **about: Any,
) -> None:
    """新建小区账簿，期初余额取自科目余额表（金蝶、用友导出的 XLSX 或 CSV），控制总数必须相符。"""
    from jiezhang.street.opening import new_compound

    openings = {kind: path for kind, path in (("G", opening_g), ("W", opening_w)) if path is not None}
    with refusals():
        folder = new_compound(
            street_of(context), _valid(Compound, start=start.date(), **about), accounts, openings, slug
        )
    click.echo(f"已建小区账簿：{folder.path}")


@command.command()
@compound_option
@click.pass_context
def main(context: click.Context, codes: tuple[str, ...]) -> None:
    """按登记资料和规则包重新生成主文件。"""
    from jiezhang.book.create import regenerate_main
    from jiezhang.book.registers import read_street

    with refusals():
        street = street_of(context)
        city = read_street(street).city
        changed = [folder.code for folder in chosen(street, codes) if regenerate_main(folder, city)]
    click.echo(f"重新生成 {len(changed)} 个主文件。")


def _valid(model: Any, **fields: Any) -> Any:
    try:
        return model(**fields)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise Refused(f"“{'.'.join(map(str, first['loc']))}”不对（写的是“{first['input']}”）") from None
