"""What every command shares: the street it works on, how it speaks, how it ends.

Exit 0: clean. 1: the books have errors. 2: the command could not be carried out, and changed nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.messages import failure
from jiezhang.book.registers import read_street
from jiezhang.domain.people import known_person
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person
from jiezhang.street.parallel import Step

BOOKS_WRONG = 1
NOT_DONE = 2
SHOWN_MAX = 50


class MonthType(click.ParamType[Month]):
    """A month written `2026-10`."""

    name = "月份"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


MONTH = MonthType()

compound_option = click.option(
    "--compound", "codes", multiple=True, metavar="C0007", help="只做这个小区（可写多次），缺省为全部。"
)
key_option = click.option(
    "--key",
    type=click.Path(path_type=Path),
    envvar="JIEZHANG_KEY",
    metavar="私钥.pem",
    help="签名用的私钥，缺省取环境变量 JIEZHANG_KEY。",
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON 数据。")


def street_of(context: click.Context) -> StreetFolder:
    """The street that `-C` names, the current folder otherwise."""
    return StreetFolder(Path(context.find_root().params["street"]).resolve())


def actor_of(context: click.Context, street: StreetFolder) -> Person:
    """Who acts: whom `--as` or the environment variable JIEZHANG_AS names.

    `Refused` when nobody is named, or nobody in `street.toml` has that id.
    """
    given = context.find_root().params.get("actor")
    if not given:
        raise Refused("没有写明谁在办：用 --as 人员编号（如 jiezhang --as K01 …），或设环境变量 JIEZHANG_AS")
    street.compounds()  # which says so when this is no street
    return known_person(read_street(street), given, str(street.toml))


def chosen(street: StreetFolder, codes: Sequence[str]) -> list[CompoundFolder]:
    """The compounds named by `codes`, all when none is named."""
    return [street.compound(code) for code in codes] if codes else street.compounds()


@contextmanager
def progress(label: str, total: int) -> Iterator[Step]:
    """A progress bar on a terminal, one plain line elsewhere; on standard error, so that output stays clean."""
    if total < 2:
        yield lambda: None
    elif sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
            yield lambda: bar.update(1)
    else:
        click.echo(f"{label} {total} 项 …", err=True)
        yield lambda: None


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what was refused into its sentences and exit code 2."""
    try:
        yield
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(NOT_DONE)
    except ManyRefused as many:
        for one in many.refusals[:SHOWN_MAX]:
            click.echo(str(one), err=True)
        if len(many.refusals) > SHOWN_MAX:
            click.echo(f"…… 另有 {len(many.refusals) - SHOWN_MAX} 处", err=True)
        click.echo(f"共 {len(many.refusals)} 处有误，没有做任何改动。", err=True)
        sys.exit(NOT_DONE)
    except OSError as failed:
        click.echo(f"{failed.filename or '系统'}：{failure(failed)}", err=True)
        sys.exit(NOT_DONE)


def print_json(value: Any) -> None:
    """`value` as JSON; dates, months and amounts as text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
