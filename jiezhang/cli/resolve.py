"""`jiezhang resolve`: what is decided about the owners' money, step by step."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiezhang.domain.problem import Refused

from .fund_options import DAY, one_compound
from .resolve_bids import bid, bid_seal, open_bid
from .resolve_options import (
    FILE,
    by_option,
    by_or_actor,
    day_option,
    day_or_today,
    document_option,
    resolution_argument,
    step_option,
    today,
)
from .terminal import chosen, compound_option, json_option, print_json, refusals, street_of

if TYPE_CHECKING:
    from reports.resolution_value import ResolutionPaper


@click.group(name="resolve")
def command() -> None:
    """决议：按程序一步一步登记提议、审议、报价、公开、备案、异议。"""


for _bids in (bid_seal, bid, open_bid):
    command.add_command(_bids)


@command.command()
@click.argument("resolution", metavar="决议编号", required=False)
@one_compound
@click.option("--file", type=FILE, metavar="决议.toml", help="从 TOML 文件读各项，不再写下面的选项。")
@click.option("--procedure", metavar="程序", help="按哪个程序，如 four_steps。")
@click.option("--title", metavar="标题", help="要办什么。")
@click.option(
    "--matter", metavar="事项",
    help="fund_use、fund_raise、rebuild、operate、other、standing（议事规则授权）或 emergency（应急维修）。",
)  # fmt: skip
@click.option("--fund", metavar="资金", help="G 公共收益，W 维修资金，J01 专项集资。")
@click.option("--subjects", metavar="科目", help="可以用的科目，多个用空格隔开，如 “5101 5105”。")
@click.option("--budget", "budget_yuan", metavar="金额", help="预算，元。")
@click.option("--scope", metavar="范围", help="compound、building:01 等，缺省为全小区。")
@click.option("--supplier", metavar="单位", help="只能付给谁；空则由比选决定。")
@click.option("--project", metavar="项目编号", help="维修项目。")
@click.option("--starts", type=DAY, metavar="日期", help="从哪天起可以支付。")
@click.option("--ends", type=DAY, metavar="日期", help="到哪天为止。")
@click.option("--each-max", "each_max_yuan", metavar="金额", help="议事规则授权：每笔最多。")
@click.option("--count-max", metavar="笔数", help="议事规则授权：每月最多几笔。")
@click.option("--month-max", "month_max_yuan", metavar="金额", help="议事规则授权：每月最多。")
@click.option("--papers", metavar="单据", help="付款须附 contract、invoice、acceptance，缺省三样都要。")
@click.option("--cause", metavar="情形", help="应急维修的情形。")
@by_option
@day_option
@document_option
@click.pass_context
def new(
    context: click.Context,
    /,
    resolution: str | None,
    code: str,
    file: Path | None,
    by: str | None,
    on: datetime | None,
    document: Path | None,
    **given: Any,
) -> None:
    """提议一项决议：程序的第一步。"""
    from jiezhang.street.resolving import fields_in

    with refusals():
        fields = {name: value.date() if isinstance(value, datetime) else value for name, value in given.items()}
        if file is not None:
            if resolution or by or any(value is not None for value in fields.values()):
                raise Refused("写了 --file，决议编号和各项都从文件读，不要再写")
            by_or_actor(context, street_of(context), None)
            fields = fields_in(file)
        elif not resolution:
            raise Refused("没有写决议编号，或写 --file 从文件读")
        else:
            fields |= {"code": resolution, "by": by_or_actor(context, street_of(context), by)}
        _add(context, "resolution", code, fields, on, document)


@command.command()
@resolution_argument
@one_compound
@step_option
@click.option(
    "--outcome", type=click.Choice(["agree", "reject"]), default="agree", metavar="结果",
    help="agree 同意（缺省），reject 否决。",
)  # fmt: skip
@click.option("--opinion", metavar="意见", help="审议意见。")
@click.option("--supplier", metavar="单位", help="这一步选定的单位。")
@by_option
@day_option
@document_option
@click.pass_context
def stage(context: click.Context, /, resolution: str, code: str, by: str | None, on: datetime | None,
          document: Path | None, **given: Any) -> None:  # fmt: skip
    """登记一步审议，或付款以后的责任（验收、审计）。"""
    with refusals():
        fields = {**given, "code": resolution, "by": by_or_actor(context, street_of(context), by)}
        _add(context, "stage", code, fields, on, document)


@command.command()
@resolution_argument
@one_compound
@step_option
@click.option("--until", required=True, type=DAY, metavar="日期", help="公开到哪一天（含）。")
@click.option("--place", required=True, metavar="地点", help="贴在哪里。")
@by_option
@day_option
@click.pass_context
def publish(context: click.Context, /, resolution: str, code: str, until: datetime, by: str | None,
            on: datetime | None, **given: Any) -> None:  # fmt: skip
    """登记一次公开：从登记的日期起，到 --until 为止。"""
    with refusals():
        who = by_or_actor(context, street_of(context), by)
        _add(context, "publication", code, {**given, "code": resolution, "until": until.date(), "by": who}, on)


@command.command()
@resolution_argument
@one_compound
@step_option
@click.option("--number", required=True, metavar="编号", help="备案编号。")
@by_option
@day_option
@click.pass_context
def file(context: click.Context, /, resolution: str, code: str, by: str | None, on: datetime | None,
         **given: Any) -> None:  # fmt: skip
    """登记备案。"""
    with refusals():
        fields = {**given, "code": resolution, "by": by_or_actor(context, street_of(context), by)}
        _add(context, "filing", code, fields, on)


@command.command(name="object")
@resolution_argument
@one_compound
@click.option("--number", required=True, metavar="YY1", help="异议的编号，答复时用同一个。")
@click.option("--text", required=True, metavar="内容", help="业主说了什么。")
@click.option("--by", metavar="户", help="谁提出的（户号或代号）。")
@day_option
@click.pass_context
def object_(context: click.Context, /, resolution: str, code: str, on: datetime | None, **given: Any) -> None:
    """登记业主的异议：答复以前不能往下办。"""
    with refusals():
        by_or_actor(context, street_of(context), None)
        _add(context, "objection", code, {**given, "code": resolution}, on)


@command.command()
@resolution_argument
@one_compound
@click.option("--number", required=True, metavar="YY1", help="答复哪个异议。")
@click.option("--text", "answer", required=True, metavar="内容", help="怎样答复。")
@by_option
@day_option
@click.pass_context
def answer(context: click.Context, /, resolution: str, code: str, by: str | None, on: datetime | None,
           **given: Any) -> None:  # fmt: skip
    """答复业主的异议。"""
    with refusals():
        fields = {**given, "code": resolution, "by": by_or_actor(context, street_of(context), by)}
        _add(context, "objection", code, fields, on)


@command.command()
@resolution_argument
@one_compound
@click.option("--on", type=DAY, metavar="日期", help="截至哪天，缺省为今天。")
@json_option
@click.pass_context
def show(context: click.Context, resolution: str, code: str, on: datetime | None, as_json: bool) -> None:
    """一项决议走到哪一步：谁办了什么，下一步由谁办，表决、报价、用印，付了多少。"""
    from jiezhang.street.resolving import read_paper

    with refusals():
        street = street_of(context)
        paper = read_paper(street, street.compound(code), resolution, day_or_today(on))
    if as_json:
        print_json({**asdict(paper), "state": paper.state})
    else:
        _say(paper)


@command.command(name="list")
@compound_option
@json_option
@click.pass_context
def list_(context: click.Context, codes: tuple[str, ...], as_json: bool) -> None:
    """全部决议，一项一行：走到哪一步，预算多少，付了多少。"""
    from jiezhang.street.resolving import read_papers
    from reports.render.resolution_text import render_list

    with refusals():
        street = street_of(context)
        papers = read_papers(street, chosen(street, codes), today())
    if as_json:
        print_json([{**asdict(paper), "state": paper.state} for paper in papers])
    else:
        click.echo(render_list(papers), nl=False)


def _add(
    context: click.Context, kind: str, code: str, fields: dict[str, Any], on: datetime | None,
    document: Path | None = None,
) -> None:  # fmt: skip
    """Add a record and show where the resolution is then."""
    from jiezhang.street.resolving import Days, add

    street = street_of(context)
    _say(add(street, street.compound(code), kind, fields, Days(day_or_today(on), today()), document))


def _say(paper: ResolutionPaper) -> None:
    from reports.render.resolution_text import render_text

    click.echo(render_text(paper), nl=False)
