"""All importers, and the way from a file to proven statements."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement

from .abc import AbcImporter
from .alipay_account import AlipayAccountImporter
from .alipay_trade import AlipayTradeImporter
from .base import StatementImporter, proven
from .boc import BocImporter
from .camt053 import Camt053Importer
from .ccb import CcbImporter
from .cmb import CmbImporter
from .icbc import IcbcImporter
from .mt940_statement import Mt940Importer
from .plain_table import ColumnMap, PlainTableImporter
from .psbc import PsbcImporter
from .rcb import RcbImporter
from .source import SourceFile, load_source
from .spdb import SpdbImporter
from .wechat_fund import WechatFundImporter
from .wechat_trade import WechatTradeImporter

IMPORTERS: tuple[type[StatementImporter], ...] = (
    IcbcImporter,
    CcbImporter,
    AbcImporter,
    BocImporter,
    CmbImporter,
    PsbcImporter,
    SpdbImporter,
    RcbImporter,
    WechatTradeImporter,
    WechatFundImporter,
    AlipayAccountImporter,
    AlipayTradeImporter,
    Mt940Importer,
    Camt053Importer,
    PlainTableImporter,
)

_DEFAULT = tuple(importer() for importer in IMPORTERS)
"""Importers keep nothing between files, so one of each will do."""


def identify(source: SourceFile, importers: Iterable[StatementImporter] | None = None) -> StatementImporter:
    """The one importer whose file `source` is; `Refused` when there is none, or more than one."""
    found = [importer for importer in (_DEFAULT if importers is None else importers) if importer.accepts(source)]
    if not found:
        raise Refused(f"认不出这是哪家银行的对账单{_first_cells(source)}，可以提供列对照表后再导入", source.name)
    if len(found) > 1:
        names = "、".join(importer.title for importer in found)
        raise Refused(f"这个文件同时像{names}，无法确定是哪一种，请指定", source.name)
    return found[0]


def read_statements(path: str | Path, column_map: ColumnMap | None = None) -> tuple[Statement, ...]:
    """The proven statements of the file at `path`; `Refused` naming file, line and reason otherwise.

    `column_map` says how to read a table no importer knows; with it nothing is identified.
    """
    return statements_of(load_source(path), column_map)


def statements_of(source: SourceFile, column_map: ColumnMap | None = None) -> tuple[Statement, ...]:
    """`read_statements` of a file already loaded."""
    if column_map is not None:
        importer: StatementImporter = PlainTableImporter(column_map=column_map)
        if not importer.accepts(source):
            raise Refused(f"文件里没有列对照表所说的表头{_first_cells(source)}", source.name)
    else:
        importer = identify(source)
    statements = proven(importer.read(source))
    if not statements:
        raise Refused("文件里没有对账单", source.name)
    return statements


def _first_cells(source: SourceFile) -> str:
    """The cells of the widest early row, most likely the header, for a person to recognise."""
    rows = [row for part in source.parts for sheet in part.sheets for row in sheet[:60]]
    widest = max(rows, key=lambda row: sum(bool(cell) for cell in row.cells), default=None)
    cells = [cell for cell in widest.cells if cell][:6] if widest else []
    return f"（看到的表头：{'、'.join(cell[:20] for cell in cells)}）" if cells else ""
