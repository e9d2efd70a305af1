"""`jiezhang log`: the operation log, searched, exported and verified."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.domain.problem import Refused

from .fund_options import DAY
from .office_options import home_of
from .resolve_options import FILE
from .terminal import BOOKS_WRONG, json_option, print_json, refusals, street_of

if TYPE_CHECKING:
    from jiezhang.office.acts import Acts
    from jiezhang.office.operation_log import Operation, OperationLog

_SHOWN = 200


@click.group(name="log", invoke_without_command=True, subcommand_metavar="[verify]")
@click.option("--operator", default="", metavar="K01", help="谁办的：人员编号或姓名。")
@click.option("--from", "since", type=DAY, metavar="日期", help="从哪一天起（北京时间）。")
@click.option("--to", "until", type=DAY, metavar="日期", help="到哪一天为止，含这一天。")
@click.option("--text", default="", metavar="文字", help="内容、结果或姓名里有这些字的。")
@click.option("--compound", default="", metavar="C0007", help="只看这个小区。")
@json_option
@click.option("--out", type=FILE, metavar="文件", help="全部写进文件：.csv 表格，.jsonl 每行一条 JSON。")
@click.pass_context
def command(
    context: click.Context, /, operator: str, since: datetime | None, until: datetime | None, text: str,
    compound: str, as_json: bool, out: Path | None,
) -> None:  # fmt: skip
    """操作日志：按操作人、时间、内容查询，导出（财会〔2024〕12号第32条）。"""
    if context.invoked_subcommand is not None:
        return
    from jiezhang.office.operation_log import BEIJING, Asked

    asked = Asked(
        operator, since and since.replace(tzinfo=BEIJING), until and until.replace(tzinfo=BEIJING) + timedelta(days=1),
        text, compound,
    )  # fmt: skip
    with refusals():
        log, _ = _books(context)
        if out is not None:
            found = log.search(asked, None)
            _write(out, found)
            click.echo(f"{out}：{len(found)} 条。")
            return
        found = log.search(asked, None if as_json else _SHOWN + 1)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found[:_SHOWN]:
        click.echo(_line(one))
    if len(found) > _SHOWN:
        click.echo(f"…… 只列最近 {_SHOWN} 条，全部的用 --out 导出。")
    elif not found:
        click.echo("没有这样的操作。")


@command.command()
@click.option(
    "--kept", multiple=True, metavar="行号:指纹", help="另存的一行：上次核对时最后说的，或抄在别处的。可写多次。",
)  # fmt: skip
@click.pass_context
def verify(context: click.Context, kept: tuple[str, ...]) -> None:
    """核对操作日志：有没有被改动、删去，与版本库是否相符。有不符的退出码为 1。"""
    from jiezhang.office.log_verify import KeptDigest

    try:
        noted = [KeptDigest.parse(one) for one in kept]
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), context, param_hint="--kept") from None
    with refusals():
        log, acts = _books(context)
        newest = log.newest()
        faults = acts.verify(noted)
    for fault in faults:
        click.echo(fault.message)
    rows = f"{newest.number} 行，末行 {newest.shown}" if newest is not None else "没有一行"
    click.echo(f"操作日志 {rows}：{len(faults)} 处不符。")
    sys.exit(BOOKS_WRONG if faults else 0)


def _books(context: click.Context) -> tuple[OperationLog, Acts]:
    """The street's operation log and its office; no repository is made for the asking."""
    from jiezhang.office.acts import Acts
    from jiezhang.office.operation_log import OperationLog
    from jiezhang.office.repository import Repository

    street = street_of(context)
    street.compounds()  # which says so when this is no street
    home = home_of(context, street)
    log = OperationLog(home)
    return log, Acts(home, street, log, Repository(street.path.resolve(), home))


def _line(one: Operation) -> str:
    from jiezhang.office.operation_log import PHASES

    who = f"{one.person} {one.name}".strip() or "（无人）"
    where = one.compound or "街道"
    words = (one.number, one.beijing, who, where, one.title, PHASES[one.phase], one.content, one.result)
    return "  ".join(str(word) for word in words if word)


def _write(file: Path, found: list[Operation]) -> None:
    from jiezhang.book.write import write_atomically
    from jiezhang.office.operation_log import csv_bytes, jsonl_bytes

    writers = {".csv": csv_bytes, ".jsonl": jsonl_bytes}
    if file.suffix not in writers:
        raise Refused("文件名须以 .csv 或 .jsonl 结尾", str(file))
    if file.exists():
        raise Refused("文件已经存在，请换一个名字", str(file))
    write_atomically(file, writers[file.suffix](reversed(found)))
