"""The roll (分户账户名册): who has an account in the maintenance fund, as columns in order of code.

One row for each dwelling, and one for the selling unit (售房单位) of each building that has public housing: what it
paid in stays its own (165号令 2008 art. 9) and is kept by building (art. 11). Its code is `B01/S`, which no dwelling
can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .problem import NotOnRegister, Refused
from .register import Dwelling
from .scope import Scope
from .shares import Column

Mask = NDArray[np.bool_]
Words = NDArray[np.str_]

SOLD, UNSOLD, LOST, ABSENT = 0, 1, 2, 3
"""Values of a status column: 已售, 未售, 已灭失, and not there: not made yet, or split, merged or renumbered away."""


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """Columns of equal length, sorted by `codes` character by character.

    `building` is the place of a row's building in `buildings`; `area_dm2` counts 0.01 m² (1 dm²); `public` is true
    for sold public housing and its sellers, `seller` for the sellers' rows, `unsold` as the register had it.
    """

    codes: Words
    buildings: tuple[str, ...]
    building: Column
    stairs: Words
    area_dm2: Column
    public: Mask
    seller: Mask
    unsold: Mask

    def __len__(self) -> int:
        return len(self.codes)


def seller_code(building: str) -> str:
    """The code of the selling unit's account for a building."""
    return f"{building}/S"


def roll_of(dwellings: Iterable[Dwelling]) -> Roll:
    """The roll of a register, whatever its order. `Refused` when a code occurs twice."""
    found = list(dwellings)
    rows = [(d.code, d.building, d.stair, int(d.area_m2 * 100), d.nature == "public", False, d.status == "unsold")
            for d in found]
    with_seller = sorted({d.building for d in found if d.nature == "public"})
    rows += [(seller_code(building), building, "", 0, True, True, False) for building in with_seller]
    rows.sort()
    for one, other in pairwise(rows):
        if one[0] == other[0]:
            raise Refused(f"户 {one[0]} 登记了两次")
    buildings = tuple(sorted({row[1] for row in rows}))
    return Roll(
        codes=np.array([row[0] for row in rows], dtype=np.str_),
        buildings=buildings,
        building=_frozen([buildings.index(row[1]) for row in rows]),
        stairs=np.array([row[2] for row in rows], dtype=np.str_),
        area_dm2=_frozen([row[3] for row in rows]),
        public=np.array([row[4] for row in rows], dtype=np.bool_),
        seller=np.array([row[5] for row in rows], dtype=np.bool_),
        unsold=np.array([row[6] for row in rows], dtype=np.bool_),
    )


def _frozen(values: Sequence[int]) -> Column:
    column = np.array(values, dtype=np.int64)
    column.setflags(write=False)
    return column


def rows_of(roll: Roll, codes: Sequence[str]) -> Column:
    """The rows of `codes`, in their order. `Refused` for a code that is not on the roll or stands there twice."""
    if not codes or not len(roll):
        if codes:
            raise NotOnRegister(f"名册里没有户 {codes[0]}")
        return np.zeros(0, dtype=np.int64)
    wanted = np.array(codes, dtype=np.str_)
    rows = np.minimum(np.searchsorted(roll.codes, wanted), len(roll) - 1)
    unknown = np.flatnonzero(roll.codes[rows] != wanted)
    if len(unknown):
        raise NotOnRegister(f"名册里没有户 {codes[int(unknown[0])]}")
    if len(np.unique(rows)) != len(rows):
        twice = next(code for index, code in enumerate(codes) if code in codes[:index])
        raise Refused(f"明细里户 {twice} 出现了两次")
    return rows.astype(np.int64)


def by_building(roll: Roll, column: Column) -> Column:
    """The sum of `column` in each building, in whole numbers throughout."""
    sums = np.zeros(len(roll.buildings), dtype=np.int64)
    np.add.at(sums, roll.building, column)
    return sums


def dwellings_in(roll: Roll, scope: Scope, status: Column) -> Mask:
    """Which rows are dwellings in `scope` that still stand. `Refused` when there are none, or a listed one is lost."""
    standing: Mask = ~roll.seller & (status < LOST)
    if scope.kind == "dwellings":
        rows = rows_of(roll, scope.dwellings)
        if not standing[rows].all():
            raise Refused(f"户 {roll.codes[rows][~standing[rows]][0]} 已灭失或注销，不能分摊")
        chosen: Mask = np.zeros(len(roll), dtype=np.bool_)
        chosen[rows] = True
        return chosen
    if scope.kind != "compound":
        place = roll.buildings.index(scope.building) if scope.building in roll.buildings else -1
        standing &= roll.building == place
    if scope.kind == "stair":
        standing &= roll.stairs == scope.stair
    if not standing.any():
        raise Refused(f"分摊范围“{scope}”里没有房屋")
    return standing
