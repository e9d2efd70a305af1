"""Everybody's account on one day as bytes, to be kept with a sealed month, so that a replay may begin there.

Canonical: JSON in UTF-8 with sorted keys and whole numbers alone; the same state gives the same bytes, whatever the
register learns later. Columns are in order of code; a code that has no account that day is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.household_events import Bond
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import ABSENT, rows_of
from jiezhang.domain.shares import Column

from .fund import begin
from .state import COLUMNS, Controls, Households, sealed

FORMAT = 1
_POOLS = ("bank_fen", "bonds_fen", "payable_fen", "undistributed_fen", "unexplained_fen")
_KEYS = {"format", "as_of", "codes", "columns", "controls", "buildings", "bonds"}
_SPOILT = "保存的分户账写坏了，须从凭证重新计算"


def state_bytes(state: Households) -> bytes:
    """`state` as canonical JSON; amounts in fen, 积数 in fen times days."""
    rows = np.flatnonzero(state.status != ABSENT)
    controls = state.controls
    content = {
        "format": FORMAT,
        "as_of": state.as_of.isoformat(),
        "codes": state.roll.codes[rows].tolist(),
        "columns": {name: getattr(state, name)[rows].tolist() for name in COLUMNS},
        "controls": {name: getattr(controls, name) for name in _POOLS},
        "buildings": dict(zip(state.roll.buildings, controls.buildings_fen.tolist(), strict=True)),
        "bonds": [asdict(bond) | {"matures": bond.matures.isoformat()} for bond in state.bonds],
    }
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def read_state(content: bytes, register: FundRegister) -> Households:
    """The state that `content` keeps, over the roll of `register`.

    `Refused` when it is no such state, or the register has another roll than the one it was of.
    """
    try:
        told = json.loads(content)
        if not isinstance(told, dict) or set(told) != _KEYS or told["format"] != FORMAT:
            raise Refused(_SPOILT)
        return _read(told, register)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Refused(_SPOILT) from None


def _read(told: dict[str, Any], register: FundRegister) -> Households:
    empty = begin(register)
    roll, as_of = empty.roll, date.fromisoformat(told["as_of"])
    rows = rows_of(roll, told["codes"])
    left_out = set(roll.codes.tolist()) - set(told["codes"]) - set(_may_be_absent(register, as_of))
    if left_out:
        raise Refused(f"保存的分户账里没有户 {min(left_out)}，与名册不符")
    if not set(told["buildings"]) <= set(roll.buildings):
        raise Refused("保存的分户账里有名册没有的幢")
    columns = {
        name: _column(len(roll), rows, told["columns"][name], ABSENT if name == "status" else 0) for name in COLUMNS
    }
    sums = [told["buildings"].get(name, 0) for name in roll.buildings]
    everywhere = np.arange(len(sums), dtype=np.int64)
    pools = {name: _whole(told["controls"][name]) for name in _POOLS}
    return Households(
        roll=roll,
        as_of=as_of,
        controls=Controls(_column(len(sums), everywhere, sums, 0), **pools),
        bonds=tuple(
            Bond(**{**bond, "cost_fen": _whole(bond["cost_fen"]), "matures": date.fromisoformat(bond["matures"])})
            for bond in told["bonds"]
        ),
        **columns,
    )


def _may_be_absent(register: FundRegister, as_of: date) -> Iterator[str]:
    """Dwellings that some change makes, and those that a change had taken away by the end of `as_of`."""
    for _, change in register.changes:
        yield from (code for code, _ in change.made)
        if change.made and change.date <= as_of:
            yield from change.sources


def _column(length: int, rows: Column, values: list[Any], empty: int) -> Column:
    if len(values) != len(rows):
        raise Refused(_SPOILT)
    column = np.full(length, empty, dtype=np.int64)
    column[rows] = [_whole(value) for value in values]
    return sealed(column)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise Refused(_SPOILT)
    return value
