"""The papers of `jiezhang fund`."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click

from jiezhang.domain.money import from_fen, yuan
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.households.details import covers_in

from .fund_options import DAY, YUAN, one_compound
from .terminal import BOOKS_WRONG, MONTH, chosen, compound_option, progress, refusals, street_of

out_option = click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="写到这个文件夹。"
)
since_option = click.option("--since", type=MONTH, metavar="月份", help="从哪个月起，缺省为当年一月。")


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@since_option
@click.option("--draft", is_flag=True, help="还有流水没有过账时也编制，注明草稿。")
@out_option
@compound_option
@click.pass_context
def publish(
    context: click.Context, month: Month, since: Month | None, draft: bool, out: Path, codes: tuple[str, ...]
) -> None:
    """编制维修资金公示表（165号令第30条）和会计报表（会住维01至03），PDF 和 XLSX。账、户、银行不符时退出码为 1。"""
    from jiezhang.street.fund_papers import publish_street

    with refusals():
        street = street_of(context)
        papers = publish_street(street, chosen(street, codes), month, since, out, draft=draft, progress=progress)
    for paper in papers:
        click.echo(str(paper.files[0]))
    for paper in papers:
        if not paper.holds:
            click.echo(f"注意：{paper.code} 的维修资金与银行不一致、未能核对，或恒等式不成立，公示表上已注明。")
    click.echo(f"{month} 维修资金公示表和会计报表 {len(papers)} 份，都在 {out}。")
    sys.exit(0 if all(paper.holds for paper in papers) else BOOKS_WRONG)


@click.command()
@click.argument("month", type=MONTH, metavar="月份")
@one_compound
@since_option
@click.option("--household", "households", multiple=True, metavar="户号", help="哪一户（可写多次），缺省为全部。")
@out_option
@click.pass_context
def statement(
    context: click.Context, month: Month, code: str, since: Month | None, households: tuple[str, ...], out: Path
) -> None:
    """排印分户对账单：一户一页，全小区在一个 PDF 里，另有汇总 XLSX。"""
    from jiezhang.street.fund_papers import write_statements

    with refusals():
        street = street_of(context)
        paper = write_statements(street, street.compound(code), month, since, households, out, progress)
    _say(paper.files)


@click.command()
@one_compound
@click.option("--household", required=True, metavar="户号", help="哪一户。")
@click.option("--on", required=True, type=DAY, metavar="日期", help="截至哪一天。")
@out_option
@click.pass_context
def certificate(context: click.Context, code: str, household: str, on: datetime, out: Path) -> None:
    """房屋转让时的维修资金余额证明（165号令第28条）。"""
    from jiezhang.street.fund_papers import write_certificate

    with refusals():
        street = street_of(context)
        paper = write_certificate(street, street.compound(code), household, on.date(), out)
    _say(paper.files)


@click.command()
@one_compound
@click.option("--voucher", metavar="凭证号", help="已过账的维修凭证，如 记-0036，同时写 --month。")
@click.option("--month", type=MONTH, metavar="月份", help="凭证的月份。")
@click.option("--project", metavar="项目编号", help="拟批准的维修项目，同时写 --total 和 --on。")
@click.option("--total", "total_fen", type=YUAN, metavar="金额", help="总费用。")
@click.option("--on", type=DAY, metavar="日期", help="拟付款的日期。")
@click.option("--covered", default="", metavar="户=谁", help="余额不足的户由谁垫付：01-1-101=owner，用逗号隔开。")
@out_option
@click.pass_context
def apportion(
    context: click.Context,
    code: str,
    voucher: str | None,
    month: Month | None,
    project: str | None,
    total_fen: int | None,
    on: datetime | None,
    covered: str,
    out: Path,
) -> None:
    """编制分摊清册：已过账的，或批准之前看每户分多少、谁的余额不足。有不足又没有人垫付时退出码为 1。"""
    from jiezhang.street.fund_papers import write_booked_shares, write_proposed_shares

    with refusals():
        street = street_of(context)
        folder = street.compound(code)
        wrong = ""
        if voucher and month:
            paper, shares = write_booked_shares(street, folder, month, voucher, out)
        elif project and total_fen and on:
            covers = dict(covers_in({"covered": covered}))
            paper, shares, wrong = write_proposed_shares(street, folder, project, total_fen, on.date(), covers, out)
        else:
            raise Refused("须写 --voucher 和 --month，或 --project、--total 和 --on")
    _say(paper.files)
    homes = sum(line.payer != "seller" for line in shares.lines)
    click.echo(f"总费用 {yuan(shares.total_fen)} 元，{homes} 户，不足 {len(shares.short)} 户。")
    if shares.uncovered:
        click.echo(f"注意：{len(shares.uncovered)} 户余额不足又没有人垫付，不能批准。")
    if wrong:
        click.echo(f"注意：照现在的登记还不能付款。{wrong}")
    sys.exit(BOOKS_WRONG if shares.uncovered or wrong else 0)


@click.command()
@one_compound
@click.option("--on", required=True, type=DAY, metavar="日期", help="通知的日期。")
@click.option("--to-percent", metavar="百分数", help="业主决定补到首期交存额的百分之几。")
@click.option("--standard", "standard_fen", type=YUAN, metavar="金额", help="届时的交存标准，每平方米多少元。")
@click.option("--pay-by", type=DAY, metavar="日期", help="业主决定的交款期限。")
@click.option("--as-of", type=DAY, metavar="日期", help="名册统计到哪一天，缺省为通知的日期。")
@out_option
@click.pass_context
def notice(
    context: click.Context,
    code: str,
    on: datetime,
    to_percent: str | None,
    standard_fen: int | None,
    pay_by: datetime | None,
    as_of: datetime | None,
    out: Path,
) -> None:
    """给低于续交线的户排印续交通知（一户一页），并编续交名册：应交、已交、欠交。"""
    from jiezhang.street.fund_papers import write_notices

    with refusals():
        street = street_of(context)
        paper, listed = write_notices(
            street,
            street.compound(code),
            on.date(),
            as_of.date() if as_of else None,
            _percent(to_percent),
            from_fen(standard_fen) if standard_fen else None,
            pay_by.date() if pay_by else None,
            out,
        )
    _say(paper.files)
    if listed.notices.target.ground == "open":
        missing = yuan(listed.to_line_fen)
        click.echo(f"低于续交线 {len(listed.rows)} 户，应交多少由业主决定；补到续交线还差 {missing} 元。")
        return
    sums = {"应交": listed.due_fen, "已交": listed.paid_fen, "欠交": listed.arrears_fen}
    said = "，".join(f"{word} {yuan(fen)} 元" for word, fen in sums.items())
    click.echo(f"低于续交线 {len(listed.rows)} 户，{said}。")


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100:
        raise Refused("--to-percent 应是 1 到 100 的整数")
    return Decimal(text)


def _say(files: tuple[Path, ...]) -> None:
    for file in files:
        click.echo(str(file))
