"""Reading and writing `street.toml` and the tables of `register/`."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jiezhang.domain.encoding import decode
from jiezhang.domain.fund_register import Building, Change, Project, TreasuryBond
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import (
    Asset,
    BookingRule,
    Completion,
    Compound,
    Contract,
    Dwelling,
    Row,
    Street,
)

from .cells import first_fault
from .layout import CompoundFolder, StreetFolder
from .messages import failure
from .rulepacks import read_packs

RowType = TypeVar("RowType", bound=Row)

TABLES: dict[str, type[Row]] = {
    "dwellings.csv": Dwelling,
    "buildings.csv": Building,
    "changes.csv": Change,
    "projects.csv": Project,
    "bonds.csv": TreasuryBond,
    "assets.csv": Asset,
    "contracts.csv": Contract,
    "rules.csv": BookingRule,
}

_TOML_PLACE = re.compile(r"at line (\d+)")

def read_street(folder: StreetFolder) -> Street:
    """The street's own data; `Refused` with file and line where it is wrong."""
    street = read_toml(folder.toml, Street)
    try:
        read_packs(street.city)
    except Refused as refused:
        raise Refused(refused.message, str(folder.toml), _toml_line(_text(folder.toml), ["city"])) from None
    return street


def read_compound(folder: CompoundFolder) -> Compound:
    path = folder.register / "compound.toml"
    compound = read_toml(path, Compound)
    if compound.code != folder.code:
        raise Refused(f"小区编号 {compound.code} 与文件夹 {folder.path.name} 不符", str(path))
    return compound


def read_contracts(folder: CompoundFolder) -> list[Contract]:
    return read_table(folder.register / "contracts.csv", Contract)


def read_rules(folder: CompoundFolder) -> list[BookingRule]:
    return read_table(folder.register / "rules.csv", BookingRule)


def read_completions(path: Path) -> list[tuple[int, Completion]]:
    """The rows of a completion sheet (补录表), each with its line."""
    return read_numbered(path, Completion)


def read_table(path: Path, model: type[RowType]) -> list[RowType]:
    """The rows of a CSV table; `Refused` naming the line and column of the first wrong cell."""
    return [row for _, row in read_numbered(path, model)]


def read_numbered(path: Path, model: type[RowType]) -> list[tuple[int, RowType]]:
    """`read_table`, each row with its line in the file; blank lines are skipped."""
    return rows_of(list(_cells(decode(_bytes(path), str(path)), path)), path, model)


def read_filled(path: Path, model: type[RowType]) -> list[tuple[int, RowType]]:
    """`read_numbered` of a table that somebody filled in; with tabs for commas, as Excel saves Unicode text."""
    text = decode(_bytes(path), str(path))
    has_tabs = "\t" in text.partition("\n")[0]
    return rows_of(list(_cells(text, path, "\t" if has_tabs else ",")), path, model)


def rows_of(table: Sequence[tuple[int, Sequence[str]]], path: Path, model: type[RowType]) -> list[tuple[int, RowType]]:
    """The rows of a table given as (line, cells), the header first; `path` is for messages."""
    header = _header(path, table, model)
    rows: list[tuple[int, RowType]] = []
    codes: dict[object, int] = {}
    for line, cells in table[1:]:
        if len(cells) != len(header):
            raise Refused("这一行的列数与表头不同", str(path), line)
        given = {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}
        row = _model(model, given, path, lambda _, line=line: line)  # type: ignore[misc]
        rows.append((line, row))
        code = getattr(row, "code", line)
        if codes.setdefault(code, line) != line:
            raise Refused(f"编号 {code} 与第 {codes[code]} 行重复", str(path), line)
    return rows


def _cells(text: str, path: Path, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise Refused("表格写法有误，引号没有配对或文件被截断", str(path), line) from None


def _header(path: Path, table: Sequence[tuple[int, Sequence[str]]], model: type[Row]) -> list[str]:
    line, header = table[0] if table else (1, [])
    header = [name.strip() for name in header]
    unknown = [name for name in header if name not in model.model_fields]
    missing = [name for name, field in model.model_fields.items() if field.is_required() and name not in header]
    if unknown:
        raise Refused(f"表头里的“{unknown[0]}”不是这张表的列（{'、'.join(model.model_fields)}）", str(path), line)
    if missing:
        raise Refused(f"表头缺少 {'、'.join(missing)} 列", str(path), line)
    if len(set(header)) < len(header):
        raise Refused("表头里有重名的列", str(path), line)
    return header


def table_bytes(rows: Sequence[Row], model: type[Row]) -> bytes:
    """A table as CSV bytes: UTF-8, LF, the model's fields as header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(model.model_fields), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row.model_dump(mode="json"))
    return out.getvalue().encode()


def toml_bytes(row: BaseModel) -> bytes:
    """A model as TOML: its plain fields, then its tables of rows.

    A table without rows is left out: TOML forbids to add `[[communities]]` below `communities = []`.
    """
    fields = [
        (name, getattr(row, name))
        for name, field in type(row).model_fields.items()
        if field.is_required() or getattr(row, name) != ()
    ]
    plain = [f"{name} = {_toml_value(value)}" for name, value in fields if not _is_table(value)]
    tables = [
        f"\n[[{name}]]\n" + "\n".join(f"{key} = {_toml_value(given)}" for key, given in item if given is not None)
        for name, value in fields
        if _is_table(value)
        for item in value
    ]
    return ("\n".join(plain + tables) + "\n").encode()


def _is_table(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Row)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    # A JSON string is a TOML string, but for the one control character that JSON lets stand.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _bytes(path: Path) -> bytes:
    if path.is_symlink() or path.parent.is_symlink():
        raise Refused("登记资料不得是链接", str(path))
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None


def _text(path: Path) -> str:
    content = _bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise Refused("文件不是 UTF-8 编码", str(path), line) from None


def read_toml(path: Path, model: type[RowType]) -> RowType:
    """The model written in a TOML file; `Refused` with file and line where it is wrong."""
    found = _of_toml(_text(path), path, model)
    assert isinstance(found, model)
    return found


@lru_cache(maxsize=64)
def _of_toml(text: str, path: Path, model: type[Row]) -> Row:
    """By the text: every load reads the street and the procedures, and a street of fifty compounds has 700 people."""
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        place = _TOML_PLACE.search(str(wrong))
        raise Refused("TOML 写法有误", str(path), int(place[1]) if place else text.count("\n") + 1) from None
    return _model(model, fields, path, partial(_toml_line, text))


def _toml_line(text: str, where: Sequence[str | int]) -> int:
    """The line of the field `where` (`people`, 1, `roles`), of its table when it is not written, or 0."""
    lines, at, found = text.splitlines(), 0, 0
    for part in where:
        if isinstance(part, int):
            heads = [number for number, line in enumerate(lines, 1) if line.strip() == f"[[{where[0]}]]"]
            at = found = heads[part] if part < len(heads) else found
        else:
            field = re.compile(rf"\s*(\[\[)?{re.escape(part)}(\]\])?\s*(=|$)")
            found = next((number for number, line in enumerate(lines[at:], at + 1) if field.match(line)), found)
    return found


def _model(
    model: type[RowType], fields: dict[str, Any], path: Path, line_of: Callable[[Sequence[str | int]], int]
) -> RowType:
    try:
        return model.model_validate(fields)
    except ValidationError as wrong:
        fault = first_fault(model, wrong)
        named = f"“{'.'.join(map(str, fault.where))}”" if fault.where else ""
        raise Refused(named + fault.said, str(path), line_of(fault.where)) from None
