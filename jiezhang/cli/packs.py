"""`jiezhang packs`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from .terminal import BOOKS_WRONG, actor_of, json_option, print_json, refusals, street_of

if TYPE_CHECKING:
    from jiezhang.street.pack_changes import PackState

SHOWN_DIGITS = 12


@click.group(name="packs")
def command() -> None:
    """规则包的采用记录：改动须由一人提出、另一人批准。"""


@command.command(name="list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """列出在用的规则包：指纹、何时由谁采用、待批准的改动。有没有采用的改动时退出码为 1。"""
    from jiezhang.street.pack_changes import pack_states

    with refusals():
        states = pack_states(street_of(context))
    if as_json:
        print_json([_data(state) for state in states])
    else:
        for state in states:
            click.echo(f"{state.pack}　{state.sha256[:SHOWN_DIGITS]}　{_said(state)}")
    if not all(state.is_adopted for state in states):
        context.exit(BOOKS_WRONG)


@command.command()
@click.argument("pack", metavar="规则包")
@click.option("--reason", required=True, metavar="事由", help="为什么改。")
@click.option("--document", default="", metavar="文件", help="依据的文号或文件名。")
@click.pass_context
def propose(context: click.Context, pack: str, reason: str, document: str) -> None:
    """提出：按规则包现在的内容采用。由代理会计、街道复核员或街道负责人提出。"""
    from jiezhang.street.pack_changes import propose_pack

    with refusals():
        street = street_of(context)
        row = propose_pack(street, pack, actor_of(context, street).id, reason, document, _today())
    click.echo(f"{row.proposed_by} 已提出采用规则包 {row.pack}（{row.sha256[:SHOWN_DIGITS]}），等待另一人批准。")


@command.command()
@click.argument("pack", metavar="规则包")
@click.pass_context
def approve(context: click.Context, pack: str) -> None:
    """批准已经提出的改动。由街道复核员或街道负责人批准，不能是提出的人。"""
    from jiezhang.street.pack_changes import approve_pack

    with refusals():
        street = street_of(context)
        row = approve_pack(street, pack, actor_of(context, street).id, _today())
    click.echo(f"{row.approved_by} 已批准 {row.proposed_by} 提出的规则包 {row.pack}（{row.sha256[:SHOWN_DIGITS]}）。")


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the office's own day


def _said(state: PackState) -> str:
    row = state.adoption
    if row is not None and state.is_adopted:
        said = f"{row.day} " + (row.reason if row.is_founding else f"{row.proposed_by} 提出，{row.approved_by} 批准")
    else:
        said = "有改动，没有批准" if row is not None else "没有采用"
    asked = state.proposal
    if asked is None:
        return said
    again = "" if asked.sha256 == state.sha256 else "，提出以后又有改动，须重新提出"
    return f"{said}；{asked.day} {asked.proposed_by} 提出（{asked.reason}），待批准{again}"


def _data(state: PackState) -> dict[str, object]:
    return {
        "pack": state.pack,
        "sha256": state.sha256,
        "adopted": state.is_adopted,
        "adoption": state.adoption.model_dump(mode="json") if state.adoption else None,
        "proposal": state.proposal.model_dump(mode="json") if state.proposal else None,
    }
