"""`jiezhang new`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from jiezhang.book.cells import first_fault
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import AccountRow, Community, Compound, Street
from jiezhang.domain.starter_rules import STARTER_RULES

from .terminal import chosen, compound_option, refusals, street_of

FILE = click.Path(path_type=Path)


@click.group(name="new")
def command() -> None:
    """新建街道、小区的账簿，或加开专户。"""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@click.option("--name", required=True, metavar="街道名", help="街道名称。")
@click.option("--city", required=True, metavar="城市", help="规则包，如 hangzhou；没有本市的用 national。")
@click.option("--contact", default="", metavar="联系方式", help="街道的咨询、监督电话。")
@click.option(
    "--community",
    "communities",
    multiple=True,
    metavar="编号=名称",
    help="社区，如 SQ01=立春社区（可写多次）；以后也可以写进 street.toml。",
)
def street(folder: Path, name: str, city: str, contact: str, communities: tuple[str, ...]) -> None:
    """新建街道文件夹。"""
    from jiezhang.book.create import create_street

    with refusals():
        known = tuple(_community(text) for text in communities)
        create_street(folder, _valid(Street, name=name, city=city, contact=contact, communities=known))
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
@click.option("--dwellings", type=click.Path(path_type=Path), metavar="户册", help="维修资金的户册（CSV 或 XLSX）。")
@click.option("--buildings", type=click.Path(path_type=Path), metavar="幢册", help="幢册，即各幢的控制数。")
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
    dwellings: Path | None,
    buildings: Path | None,
    slug: str,
    **about: Any,
) -> None:
    """新建小区账簿，期初余额取自科目余额表（金蝶、用友导出的 XLSX 或 CSV），控制总数必须相符。"""
    from jiezhang.street.household_opening import HouseholdLists
    from jiezhang.street.opening import new_compound

    openings = {kind: path for kind, path in (("G", opening_g), ("W", opening_w)) if path is not None}
    with refusals():
        if (dwellings is None) != (buildings is None):
            raise Refused("--dwellings（户册）和 --buildings（幢册）须同时给出")
        lists = HouseholdLists(dwellings, buildings) if dwellings and buildings else None
        folder = new_compound(
            street_of(context), _valid(Compound, start=start.date(), **about), accounts, openings, lists, slug
        )
    click.echo(f"已建小区账簿：{folder.path}")
    click.echo(f"已写入 {len(STARTER_RULES)} 条常用记账规则，导入之前请看一遍 register/rules.csv，删去不合本小区的。")


@command.command()
@click.option("--compound", "code", required=True, metavar="C0007", help="哪个小区。")
@click.option("--fund", required=True, metavar="资金", help="G 公共收益，W 维修资金。")
@click.option("--bank", required=True, metavar="银行", help="银行代码，如 cmb 招商银行；没有的写 other。")
@click.option("--name", required=True, metavar="简称", help="如 招行；账户名里后面接账号末四位。")
@click.option("--number", required=True, metavar="账号", help="账号或商户号。")
@click.option("--holder", required=True, metavar="户名", help="户名，与银行的一字不差。")
@click.option("--holder-kind", required=True, metavar="性质", help="户名性质，如 assembly 业主大会。")
@click.option("--opened", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="开户日期。")
@click.pass_context
def account(context: click.Context, /, code: str, opened: datetime, **row: Any) -> None:
    """给已经建账的小区加开一个专户，余额从零开始。"""
    from jiezhang.street.opening import new_account

    with refusals():
        name = new_account(street_of(context), code, _valid(AccountRow, **row), opened.date())
    click.echo(f"已开专户：{name}")


@command.command()
@click.option("--compound", "code", required=True, metavar="C0007", help="哪个小区。")
@click.option("--dwellings", required=True, type=FILE, metavar="户册", help="户册（CSV 或 XLSX）。")
@click.option("--buildings", required=True, type=FILE, metavar="幢册", help="幢册，即各幢的控制数。")
@click.pass_context
def register(context: click.Context, code: str, dwellings: Path, buildings: Path) -> None:
    """给已经建账、还没有户册的小区接收户册；各户的余额以后随专户转入的流水记入。"""
    from jiezhang.street.fund_booking import take_register
    from jiezhang.street.household_opening import HouseholdLists

    with refusals():
        street = street_of(context)
        count = take_register(street, street.compound(code), HouseholdLists(dwellings, buildings))
    click.echo(f"已接收户册 {count} 户。")


@command.command()
@click.argument("sheet", type=click.Path(path_type=Path), metavar="变更表")
@click.option("--compound", "code", required=True, metavar="C0007", help="哪个小区。")
@click.pass_context
def change(context: click.Context, sheet: Path, code: str) -> None:
    """登记户的变更（CSV 或 XLSX）：过户、分户、合户、改户号、房屋灭失。只增加，不改已登记的。"""
    from jiezhang.street.fund_booking import add_changes

    with refusals():
        street = street_of(context)
        made = add_changes(street, street.compound(code), sheet)
    click.echo(f"已登记变更 {len(made)} 项。")


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


def _community(text: str) -> Community:
    """`SQ01=立春社区` as a community."""
    code, equals, name = text.partition("=")
    if not equals:
        raise Refused(f"--community 应写成 SQ01=立春社区 的样子（写的是“{text}”）")
    made: Community = _valid(Community, "community", code=code, name=name)
    return made


def _valid(model: Any, option: str = "", /, **fields: Any) -> Any:
    """A model of `fields`, each given by the option of its name, or all by `option`."""
    try:
        return model(**fields)
    except ValidationError as wrong:
        fault = first_fault(model, wrong)
        named = option or str(fault.where[0]).replace("_", "-")
        raise Refused(f"--{named} {fault.said}") from None
