"""The fund's tables in BQL: `SELECT … FROM #dwellings`, `#buildings`, `#households`.

They show the end of the books, whatever entries a page has filtered. Importing this module adds them: a subclass of
beanquery's table is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np
from beanquery.sources.beancount import GetItemColumn, Table

from jiezhang.domain.changes import dwellings_made, owner_on
from jiezhang.domain.roll import ABSENT, LOST, SOLD, UNSOLD, by_building
from jiezhang.domain.shares import Column
from jiezhang.households.rules.view import VIEW_KEY, FundView
from jiezhang.households.state import Households

_STATUS = {SOLD: "sold", UNSOLD: "unsold", LOST: "lost", ABSENT: "absent"}
_Row = tuple[Any, ...]


def columns_of(**fields: type) -> dict[str, GetItemColumn]:
    """A table's columns, in the order of its rows."""
    return {name: GetItemColumn(place, kind) for place, (name, kind) in enumerate(fields.items())}


class _OfFund:
    """Rows from the replay that the ledger's options carry; none when there is no register.

    No table itself: beanquery would take every subclass of its `Table` for one.
    """

    options: Mapping[str, Any]

    def __iter__(self) -> Iterator[_Row]:
        view = self.options.get(VIEW_KEY)
        if isinstance(view, FundView) and view.replayed is not None:
            yield from self.rows(view, view.replayed.state)

    def rows(self, view: FundView, state: Households) -> Iterator[_Row]:
        """The table's rows, each in the order of its columns."""
        raise NotImplementedError


class DwellingsTable(_OfFund, Table):  # type: ignore[misc]
    """The register of dwellings, with those that changes made, as of the end of the books."""

    name = "dwellings"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        code=str, building=str, stair=str, room=str, area=Decimal, nature=str, status=str,
        owner=str, deposit_rate=Decimal,
    )  # fmt: skip

    def rows(self, view: FundView, state: Households) -> Iterator[_Row]:
        register = view.files.register
        for one in sorted((*register.dwellings, *dwellings_made(register)), key=lambda dwelling: dwelling.code):
            status = _STATUS[int(state.status[state.row(one.code)])]
            owner = owner_on(register, one.code, state.as_of)
            yield (
                one.code, one.building, one.stair, one.room, one.area_m2, one.nature, status, owner,
                one.deposit_rate_yuan,
            )  # fmt: skip


class BuildingsTable(_OfFund, Table):  # type: ignore[misc]
    """Each building with its dwellings' sums, in yuan and m²."""

    name = "buildings"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        building=str, dwellings=int, area=Decimal, balance=Decimal, commercial=Decimal,
        public=Decimal, first_deposit=Decimal, deposited=Decimal,
    )  # fmt: skip

    def rows(self, view: FundView, state: Households) -> Iterator[_Row]:
        del view
        roll = state.roll
        standing = (state.status < LOST) & ~roll.seller
        columns: list[Column] = [
            by_building(roll, standing.astype(np.int64)),
            by_building(roll, np.where(standing, roll.area_dm2, 0)),
            by_building(roll, state.balance_fen),
            by_building(roll, np.where(roll.public, 0, state.balance_fen)),
            by_building(roll, np.where(roll.public, state.balance_fen, 0)),
            by_building(roll, state.first_deposit_fen),
            by_building(roll, state.deposited_fen),
        ]
        for place, building in enumerate(roll.buildings):
            count, *amounts = (int(column[place]) for column in columns)
            yield (building, count, *(_hundredth(amount) for amount in amounts))


class HouseholdsTable(_OfFund, Table):  # type: ignore[misc]
    """Everybody's account (分户账), the selling units' too; `percent` is what is left of the first deposit."""

    name = "households"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        code=str, building=str, nature=str, status=str, balance=Decimal, first_deposit=Decimal,
        deposited=Decimal, this_year=Decimal, percent=Decimal,
    )  # fmt: skip

    def rows(self, view: FundView, state: Households) -> Iterator[_Row]:
        del view
        roll = state.roll
        for row, code in enumerate(roll.codes.tolist()):
            nature = "seller" if roll.seller[row] else "public" if roll.public[row] else "commercial"
            balance, first = int(state.balance_fen[row]), int(state.first_deposit_fen[row])
            percent = _hundredth(balance * 10_000 // first) if first else None
            amounts = (balance, first, int(state.deposited_fen[row]), int(state.year_deposit_fen[row]))
            building, status = roll.buildings[int(roll.building[row])], _STATUS[int(state.status[row])]
            yield (code, building, nature, status, *(_hundredth(amount) for amount in amounts), percent)


def _hundredth(count: int) -> Decimal:
    """Fen as yuan, dm² as m²."""
    return Decimal(count).scaleb(-2)
