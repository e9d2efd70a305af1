"""Any other table, with a map from fields to its columns; and the tables 用友 and 金蝶 export, whose names are fixed.

用友 and 金蝶 write 借方金额 and 贷方金额 either as the bank sees the account (借 = out) or as the firm's own book does
(借 = in). The running balance tells which; a file where it can't is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, prove

from .base import StatementImporter
from .layout import Columns, Layout
from .read_table import layout_of, read_layout
from .source import SourceFile
from .table import header_name

_BANK_VIEW = Layout(
    "plain.ledger",
    Columns(
        date="日期",
        into="贷方金额",
        out="借方金额",
        balance="余额",
        counterparty="对方单位",
        summary="摘要",
        remark=("结算方式", "结算号"),
    ),
    required=("日期", "摘要", "借方金额", "贷方金额"),
)
_BOOK_VIEW = replace(_BANK_VIEW, columns=replace(_BANK_VIEW.columns, into="借方金额", out="贷方金额"))

HeaderText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class ColumnMap(BaseModel):
    """Which column of a table is what, by its header text. Amounts stand either in `into` and `out`, or in `amount`.

    `amount` is signed (positive in) unless `flag` names a column whose values `flag_in` and `flag_out` give the
    direction. `signs_mean_nothing` reads every amount without its sign, as for tables that write outgoings as -50.00
    in a column of their own. `date_format` is a `strptime` format, for dates such as `31/12/2026`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")] = "mapped"
    date: HeaderText
    time: HeaderText = ""
    into: HeaderText = ""
    out: HeaderText = ""
    amount: HeaderText = ""
    flag: HeaderText = ""
    flag_in: tuple[str, ...] = ()
    flag_out: tuple[str, ...] = ()
    signs_mean_nothing: bool = False
    balance: HeaderText = ""
    counterparty: HeaderText = ""
    counterparty_account: HeaderText = ""
    summary: HeaderText = ""
    remark: tuple[HeaderText, ...] = ()
    serial: HeaderText = ""
    date_format: str = ""
    decimal: Literal[".", ","] = "."
    account_no: str = ""
    holder: str = ""
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    opening_row: str = ""
    closing_row: str = ""
    """First words of the rows that hold the opening and the closing balance."""


def load_column_map(path: str | Path) -> ColumnMap:
    """The map in a TOML file; `Refused` when it is not one."""
    path = Path(path)
    try:
        return ColumnMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused("列对照表打不开或不是 TOML 文件", path.name) from error
    except ValidationError as error:
        where = "、".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors())
        raise Refused(f"列对照表里这些项不对：{where}", path.name) from error


def layout_from(column_map: ColumnMap) -> Layout:
    """The layout a column map declares; `Refused` when it gives no amount."""
    named = {
        field: header_name(getattr(column_map, field))
        for field in (
            *("date", "time", "into", "out", "amount", "flag", "balance"),
            *("counterparty", "counterparty_account", "summary"),
        )
    }
    if not named["amount"] and not (named["into"] and named["out"]):
        raise Refused("列对照表应给出一个金额列，或收入、支出两列")
    columns = Columns(
        **named,
        remark=tuple(header_name(name) for name in column_map.remark),
        serial=(header_name(column_map.serial),) if column_map.serial else (),
    )
    every = [*named.values(), *columns.remark, *columns.serial]
    layout = Layout(
        f"plain.{column_map.name}",
        columns,
        required=tuple(name for name in every if name),
        absolute=column_map.signs_mean_nothing,
        date_format=column_map.date_format,
        decimal_comma=column_map.decimal == ",",
        account_no=column_map.account_no,
        holder=column_map.holder,
        currency=column_map.currency,
        opening_label=column_map.opening_row,
        closing_label=column_map.closing_row,
    )
    if column_map.flag_in or column_map.flag_out:
        return replace(layout, flag_in=column_map.flag_in, flag_out=column_map.flag_out)
    return layout


class PlainTableImporter(StatementImporter):
    """Without a column map only tables under the fixed names of 用友 and 金蝶 are its own."""

    key = "plain"
    title = "通用表格"

    def __init__(
        self,
        account_of: Mapping[str, str] | None = None,
        default_account: str = "",
        column_map: ColumnMap | None = None,
    ) -> None:
        super().__init__(account_of or {}, default_account)
        self.layout = None if column_map is None else layout_from(column_map)

    def matches(self, source: SourceFile) -> bool:
        return layout_of(source, (self.layout or _BANK_VIEW,)) is not None

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        if self.layout is not None:
            return read_layout(source, self.layout)
        bank, book = read_layout(source, _BANK_VIEW), read_layout(source, _BOOK_VIEW)
        bank_holds, book_holds = _holds(bank), _holds(book)
        if bank_holds and book_holds:
            raise Refused("表中看不出借方是收入还是支出，请提供列对照表", source.label)
        return book if book_holds else bank


def _holds(statements: tuple[Statement, ...]) -> bool:
    """Whether the balances hold with the rows in the order of their days.

    Equal amounts read backwards are the mirror image of themselves, so the balances alone may fit both ways.
    """
    in_order = all(a.date <= b.date for statement in statements for a, b in pairwise(statement.rows))
    return in_order and not any(prove(statement) for statement in statements)
