"""Options and amounts that the commands of `jiezhang fund` share."""

from __future__ import annotations

from typing import Any

import click

from jiezhang.domain.money import parse_yuan, to_fen

DAY = click.DateTime(["%Y-%m-%d"])
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
        if amount is None or amount <= 0:
            self.fail("金额应大于零", param, ctx)
        return to_fen(amount)


YUAN = YuanType()
