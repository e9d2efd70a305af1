"""Asking the books of many compounds one BQL question."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import beanquery
from beancount.core.inventory import Inventory
from beancount.core.position import Position
from beanquery import query_render

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.domain.bql import refusal
from jiezhang.domain.problem import Refused
from reports import query_tables, seal_tables

assert query_tables and seal_tables, "importing them gives queries our tables"


@dataclass(frozen=True, slots=True)
class Answer:
    """One compound's answer: the rows as text or numbers, and the table as beanquery draws it."""

    code: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    text: str
    faults: int
    """How many errors the books have: with any, the answer may not be true."""


def query_street(street: StreetFolder, folders: Sequence[CompoundFolder], query: str) -> list[Answer]:
    """The answer of each compound; `Refused` for a query that is wrong, or does more than read."""
    wrong = refusal(query) or ("" if query.strip() else "没有写查询")
    if wrong:
        raise Refused(wrong)
    city = read_street(street).city
    return [_ask(folder, city, query) for folder in folders]


def _ask(folder: CompoundFolder, city: str, query: str) -> Answer:
    ledger = load_ledger(folder, city)
    books = beanquery.connect("beancount:", entries=ledger.entries, errors=ledger.errors, options=ledger.options)
    try:
        cursor = books.execute(query)
        rows = cursor.fetchall()
        out = io.StringIO()
        query_render.render_text(cursor.description, rows, ledger.options["dcontext"], out, narrow=False)
    except Exception as failed:  # noqa: BLE001 - beanquery evaluates what a person wrote, and raises whatever Python does
        said = str(failed).splitlines() or [type(failed).__name__]
        raise Refused(f"查询写法不对：{said[0]}") from None
    columns = tuple(column.name for column in cursor.description)
    return Answer(folder.code, columns, tuple(tuple(_plain(cell) for cell in row) for row in rows), out.getvalue(),
                  len(ledger.errors))


def _plain(cell: object) -> object:
    """A cell without Beancount's own types: a single position as its number."""
    if isinstance(cell, Inventory):
        positions = list(cell)
        return _plain(positions[0]) if len(positions) == 1 else str(cell)
    if isinstance(cell, Position):
        return cell.units.number
    return str(cell) if isinstance(cell, dict | set | frozenset | tuple) else cell
