"""Reading and writing `street.toml` and the tables of `register/`."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

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

from .layout import CompoundFolder, StreetFolder

RowType = TypeVar("RowType", bound=Row)

TABLES: dict[str, type[Row]] = {
    "dwellings.csv": Dwelling,
    "assets.csv": Asset,
    "contracts.csv": Contract,
    "rules.csv": BookingRule,
}

_SAID = {
    "missing": "没有填写",
    "extra_forbidden": "没有这一项",
    "literal_error": "不是允许的值",
    "string_pattern_mismatch": "写法不对",
    "string_too_long": "太长",
    "string_too_short": "不得为空",
    "decimal_max_places": "小数位太多",
    "decimal_parsing": "不是数字",
    "date_from_datetime_parsing": "不是日期（应写成 2026-01-01）",
    "date_parsing": "不是日期（应写成 2026-01-01）",
}


def read_street(folder: StreetFolder) -> Street:
    """The street's own data; `Refused` with file and line where it is wrong."""
    return _model(Street, _toml(folder.toml), folder.toml, 0)


def read_compound(folder: CompoundFolder) -> Compound:
    path = folder.register / "compound.toml"
    compound = _model(Compound, _toml(path), path, 0)
    if compound.code != folder.code:
        raise Refused(f"小区编号 {compound.code} 与文件夹 {folder.path.name} 不符", str(path))
    return compound


def read_contracts(folder: CompoundFolder) -> list[Contract]:
    return read_table(folder.register / "contracts.csv", Contract)


def read_rules(folder: CompoundFolder) -> list[BookingRule]:
    return read_table(folder.register / "rules.csv", BookingRule)


def read_completions(path: Path) -> list[Completion]:
    """A completion sheet (补录表)."""
    return read_table(path, Completion)


def read_table(path: Path, model: type[RowType]) -> list[RowType]:
    """The rows of a CSV table; `Refused` naming the line and column of the first wrong cell."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("文件不是 UTF-8 编码", str(path)) from None
    except OSError as wrong:
        raise Refused(f"读不出文件（{wrong.strerror}）", str(path)) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[RowType] = []
    codes: dict[object, int] = {}
    try:
        for cells in reader:
            if None in cells or None in cells.values():
                raise Refused("这一行的列数与表头不同", str(path), reader.line_num)
            rows.append(_model(model, {key: cell for key, cell in cells.items() if cell != ""}, path, reader.line_num))
            code = getattr(rows[-1], "code", reader.line_num)
            if codes.setdefault(code, reader.line_num) != reader.line_num:
                raise Refused(f"编号 {code} 与第 {codes[code]} 行重复", str(path), reader.line_num)
    except csv.Error as wrong:
        raise Refused(f"表格写法有误（{wrong}）", str(path), reader.line_num) from None
    return rows


def table_bytes(rows: Sequence[Row], model: type[Row]) -> bytes:
    """A table as CSV bytes: UTF-8, LF, the model's fields as header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(model.model_fields), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row.model_dump(mode="json"))
    return out.getvalue().encode()


def toml_bytes(row: Row) -> bytes:
    """A model as TOML: its plain fields, then its tables of rows."""
    fields = [(name, getattr(row, name)) for name in type(row).model_fields]
    plain = [f"{name} = {_toml_value(value)}" for name, value in fields if not _is_table(value)]
    tables = [
        f"\n[[{name}]]\n" + "\n".join(f"{key} = {_toml_value(getattr(item, key))}" for key in type(item).model_fields)
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
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise Refused(f"TOML 写法有误（{wrong}）", str(path)) from None
    except UnicodeDecodeError:
        raise Refused("文件不是 UTF-8 编码", str(path)) from None
    except OSError as wrong:
        raise Refused(f"读不出文件（{wrong.strerror}）", str(path)) from None


def _model(model: type[RowType], fields: dict[str, Any], path: Path, line: int) -> RowType:
    try:
        return model.model_validate(fields)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = _SAID.get(first["type"], first["msg"])
        given = "" if first["type"] == "missing" else f"（写的是“{str(first['input'])[:40]}”）"
        raise Refused(f"“{where}”{said}{given}", str(path), line) from None
