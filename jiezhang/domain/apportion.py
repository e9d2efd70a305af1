"""Who bears a repair (165号令 2008 art. 20-21; 民法典 2021 art. 283).

Commodity housing shares by floor area (建筑面积). Sold public housing first takes its part of the whole by area; that
part is split between the owners and the selling unit by what each paid into the fund, and the owners' part by area. An
unsold dwelling's share is borne in cash by the developer, of public housing by the housing unit; never by the fund.

The two natures, and owners before seller, are in this order when a fen is tied. The ratio of payments is taken over
the whole buildings concerned, because the selling unit's account is kept by building (art. 11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .problem import Refused
from .roll import LOST, SOLD, UNSOLD, Mask, Roll, dwellings_in
from .scope import Scope
from .shares import Column, largest_remainder, split_column

Payer = Literal["household", "seller", "developer", "housing_unit"]
"""户的分户账, 售房单位的分户账, 开发建设单位（现金）, 公有住房单位（现金）."""


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the 分摊清册. Amounts in fen; `before`, `after` are the account's balance, zero for cash payers.

    `short_fen` is what the account lacks; it is then negative in `after_fen`, and somebody else has to cover it.
    """

    code: str
    area_dm2: int
    payer: Payer
    share_fen: int
    before_fen: int
    after_fen: int
    short_fen: int


@dataclass(frozen=True, slots=True, eq=False)
class Apportionment:
    """A cost split over the roll. Columns are as long as the roll; `concerned` says which rows take part."""

    roll: Roll
    scope: Scope
    total_fen: int
    concerned: Mask
    in_cash: Mask
    """Rows whose share the developer or the housing unit pays from outside the fund."""
    share_fen: Column
    balance_fen: Column

    @property
    def charge_fen(self) -> Column:
        """What the fund's accounts bear, by row."""
        charge: Column = np.where(self.in_cash, 0, self.share_fen)
        return charge

    @property
    def cash_fen(self) -> int:
        """What has to come from outside the fund."""
        return int(self.share_fen[self.in_cash].sum())

    @property
    def short_fen(self) -> Column:
        """By how much each account would go below zero."""
        short: Column = np.maximum(self.charge_fen - self.balance_fen, 0)
        return short

    def lines(self) -> Iterator[Share]:
        """The 分摊清册, in order of code."""
        short = self.short_fen
        for row in np.flatnonzero(self.concerned):
            share, cash = int(self.share_fen[row]), bool(self.in_cash[row])
            before = 0 if cash else int(self.balance_fen[row])
            after = 0 if cash else before - share
            yield Share(str(self.roll.codes[row]), int(self.roll.area_dm2[row]), self._payer(int(row)), share, before,
                        after, int(short[row]))

    def _payer(self, row: int) -> Payer:
        if self.in_cash[row]:
            return "housing_unit" if self.roll.public[row] else "developer"
        return "seller" if self.roll.seller[row] else "household"


def apportion(
    total_fen: int, scope: Scope, roll: Roll, *, status: Column, balance_fen: Column, deposited_fen: Column
) -> Apportionment:
    """`total_fen` (the whole cost) split over the owners in `scope`; Σ shares = total.

    `status`, `balance_fen` and `deposited_fen` (all that was ever paid in, less refunds) are columns of `roll`.
    Nothing is covered silently: accounts that lack money show in `short_fen`. `Refused` for an empty scope, or when
    public housing has paid nothing in, so that there is no ratio.
    """
    dwellings = dwellings_in(roll, scope, status)
    shared = dwellings & roll.public & (status != UNSOLD)
    direct = dwellings & ~shared
    area = roll.area_dm2
    if not area[dwellings].all():
        raise Refused(f"户 {roll.codes[dwellings & (area == 0)][0]} 没有建筑面积，无法分摊")
    by_area, to_public = largest_remainder(total_fen, [int(area[direct].sum()), int(area[shared].sum())])
    shares = np.zeros(len(roll), dtype=np.int64)
    if direct.any():
        shares[direct] = split_column(by_area, area[direct])
    sellers: Mask = np.zeros(len(roll), dtype=np.bool_)
    if shared.any():
        sellers = roll.seller & np.isin(roll.building, roll.building[shared]) & (status < LOST)
        _share_public(to_public, roll, status, shared, sellers, deposited_fen, shares)
    assert int(shares.sum()) == total_fen
    return Apportionment(
        roll, scope, total_fen, dwellings | sellers, dwellings & (status == UNSOLD), shares, balance_fen
    )


def _share_public(
    total_fen: int, roll: Roll, status: Column, shared: Mask, sellers: Mask, deposited_fen: Column, shares: Column
) -> None:
    """Write the shares of sold public housing into `shares` (art. 20(2))."""
    concerned = np.isin(roll.building, roll.building[shared])
    owners = roll.public & ~roll.seller & (status == SOLD) & concerned
    paid = [int(deposited_fen[owners].sum()), int(deposited_fen[sellers].sum())]
    if not sum(paid):
        raise Refused("售后公有住房的业主和售房单位都没有交存记录，无法按交存比例分摊")
    of_owners, of_seller = largest_remainder(total_fen, paid)
    shares[shared] = split_column(of_owners, roll.area_dm2[shared])
    if of_seller:
        shares[sellers] = split_column(of_seller, deposited_fen[sellers])
