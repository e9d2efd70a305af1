"""Options that `resolve`, `vote` and `seal` share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from jiezhang.book.layout import StreetFolder

from .fund_options import DAY
from .terminal import actor_of

FILE = click.Path(path_type=Path)

resolution_argument = click.argument("resolution", metavar="决议编号")
day_option = click.option("--on", type=DAY, metavar="日期", help="哪一天的事，缺省为今天；不得早于上一条记录。")
step_option = click.option("--step", metavar="步骤", help="程序里的步骤代号，缺省为下一个该办的。")
by_option = click.option("--by", metavar="K01,K02", help="由谁办（签名），多人用逗号隔开；缺省为 --as 的人。")
document_option = click.option("--document", type=FILE, metavar="文件", help="签字的原件：存入 documents，记下指纹。")


def by_or_actor(context: click.Context, street: StreetFolder, by: str | None) -> str:
    """Who took a step: as given, or whoever acts; somebody always acts."""
    actor = actor_of(context, street).id
    return by.replace("，", ",").replace(" ", "") if by else actor


def today() -> date:
    """The day on the machine's clock, for records that name none, and beyond which none may be."""
    return datetime.now(tz=UTC).astimezone().date()


def day_or_today(on: datetime | None) -> date:
    """The day given, or today."""
    return on.date() if on else today()
