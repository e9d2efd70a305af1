"""`jiezhang levy`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from jiezhang.domain.period import Month

from .fund_options import DAY, one_compound
from .terminal import (
    BOOKS_WRONG,
    MONTH,
    actor_of,
    chosen,
    compound_option,
    json_option,
    print_json,
    refusals,
    street_of,
)

FILE = click.Path(path_type=Path)
month_option = click.option("--month", type=MONTH, metavar="月份", help="截至哪个月末，缺省为有流水的最后一月。")


@click.group(name="levy")
def command() -> None:
    """专项集资：业主为一件事集的钱，单独开户，按户记应交、已交、退还。"""


@command.command()
@one_compound
@click.option("--resolution", required=True, metavar="R2026-07", help="业主筹集资金的决议，须已办完。")
@click.option("--name", required=True, metavar="名称", help="集资名称，如 加装电梯集资；账户名里用它。")
@click.option("--dues", required=True, type=FILE, metavar="应交名册.csv", help="各户应交：户号,应交。")
@click.option("--starts", type=DAY, metavar="日期", help="从哪天起收款，缺省为决议的起始日期。")
@click.option("--ends", type=DAY, metavar="日期", help="到哪天为止，缺省为决议的终止日期。")
@click.option("--bank", required=True, metavar="银行", help="银行代码，如 cmb 招商银行；没有的写 other。")
@click.option("--short", required=True, metavar="简称", help="如 招行；账户名里后面接账号末四位。")
@click.option("--number", required=True, metavar="账号", help="专户账号。")
@click.option("--holder", required=True, metavar="户名", help="户名，与银行的一字不差。")
@click.option("--holder-kind", required=True, metavar="性质", help="户名性质，如 assembly 业主大会。")
@click.option("--opened", required=True, type=DAY, metavar="日期", help="开户日期。")
@click.pass_context
def new(
    context: click.Context,
    /,
    code: str,
    dues: Path,
    starts: datetime | None,
    ends: datetime | None,
    bank: str,
    short: str,
    number: str,
    holder: str,
    holder_kind: str,
    opened: datetime,
    **fields: Any,
) -> None:
    """登记一项集资：开它的资金科目和专户，收下应交名册。名册登记以后不能再改。"""
    from jiezhang.street.levying import LevyAccount, new_levy

    term = {"starts": starts.date() if starts else None, "ends": ends.date() if ends else None}
    with refusals():
        street = street_of(context)
        account = LevyAccount(bank, short, number, holder, holder_kind, opened.date())
        actor = actor_of(context, street)
        levy, count = new_levy(street, street.compound(code), actor, {**fields, **term}, dues, account)
    click.echo(f"已登记集资 {levy.code} {levy.name}：应交 {count} 户，{levy.starts} 至 {levy.ends}。")


@command.command()
@click.argument("voucher", metavar="凭证号")
@one_compound
@click.option("--household", required=True, metavar="01-1-101", help="应记的户号。")
@click.option("--on", required=True, type=DAY, metavar="日期", help="更正凭证的日期，与原凭证同一年。")
@click.pass_context
def correct(context: click.Context, voucher: str, code: str, household: str, on: datetime) -> None:
    """更正记错户的收款或退款：原凭证不动，另填红字注销和订正的凭证（待复核）。"""
    from jiezhang.street.levying import correct_household

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street)
        made = correct_household(street, street.compound(code), actor, voucher, household, on.date())
    for one in made:
        click.echo(f"{one.date}　{one.narration}")


@command.command(name="list")
@month_option
@compound_option
@json_option
@click.pass_context
def list_(context: click.Context, month: Month | None, codes: tuple[str, ...], as_json: bool) -> None:
    """列出各项集资：几户交清，应交、已交、支出、退还、结余。"""
    from jiezhang.street.levying import levy_reports, line_of
    from reports.render.levy_text import as_data

    with refusals():
        street = street_of(context)
        reports = levy_reports(street, chosen(street, codes), month)
    if as_json:
        print_json([as_data(report) for report in reports])
        return
    for report in reports:
        click.echo(line_of(report))
    click.echo(f"共 {len(reports)} 项集资。")


@command.command()
@click.argument("levy", metavar="J01")
@one_compound
@month_option
@click.option("--draft", is_flag=True, help="还有流水没有过账时也编制，注明样稿。")
@click.option("--out", required=True, type=FILE, metavar="文件夹", help="写到这个文件夹。")
@click.pass_context
def publish(context: click.Context, levy: str, code: str, month: Month | None, draft: bool, out: Path) -> None:
    """编制一项集资的公示表（PDF、文字、JSON）：只列户号，不列姓名。各户、凭证、专户、银行不符时退出码为 1。"""
    from jiezhang.street.levying import publish_levy

    with refusals():
        street = street_of(context)
        report, files = publish_levy(street, street.compound(code), levy, month, out, draft=draft)
    for file in files:
        click.echo(str(file))
    if not report.holds or report.bank_check != "agreed":
        click.echo("注意：各户、凭证、专户、银行没有全部核对相符，公示表上已注明。")
        sys.exit(BOOKS_WRONG)
