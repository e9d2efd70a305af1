"""Options and amounts that the commands of `jiezhang fund` share."""

from __future__ import annotations

from typing import Any

import click

from jiezhang.domain.money import parse_yuan, to_fen


class DayType(click.DateTime):
    """A day within the years that books can be of."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        day = super().convert(value, param, ctx)
        if not 1990 <= day.year < 2200:
            self.fail(f"{day.date()} 不在 1990 年到 2199 年之间", param, ctx)
        return day


DAY = DayType(["%Y-%m-%d"])
one_compound = click.option("--compound", "code", required=True, metavar="C0007", help="哪个小区。")


class YuanType(click.ParamType[int]):
    """An amount of yuan, as integer fen."""

    name = "金额"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            amount = parse_yuan(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)
        if amount is None or not 0 < amount < 10**12:
            self.fail("金额应大于零，小于一万亿", param, ctx)
        return to_fen(amount)


YUAN = YuanType()
