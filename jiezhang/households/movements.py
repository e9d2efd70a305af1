"""What a transaction does to the control accounts of fund W, read from its postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.booking import POSTED
from jiezhang.domain.household_events import Movement
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import Refused

BY_BUILDING = frozenset({"3001", "3002", "4001", "5001", "5101"})
"""Subjects kept by building: 商品住宅维修资金, 已售公有住房维修资金, 交存, 维修, 返还."""

_POOLS = {
    "1001": "bank_fen",
    "1201": "bank_fen",
    "1101": "bonds_fen",
    "2001": "payable_fen",
    "2999": "unexplained_fen",
    "3101": "undistributed_fen",
    "4101": "undistributed_fen",
    "4102": "undistributed_fen",
    "4201": "undistributed_fen",
    "4301": "undistributed_fen",
    "4901": "undistributed_fen",
    "5901": "undistributed_fen",
}
_YUAN_MAX = Decimal(10) ** 12
"""No compound's fund comes near; sums of such amounts still fit 64 bits in fen."""

_ASSETS = {"bank_fen", "bonds_fen"}


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting of fund W. `fen` is signed as the pool is: positive when there is more of it."""

    account: AccountName
    building: str
    fen: int
    household: str


def legs_of(entry: data.Transaction) -> tuple[Leg, ...]:
    """The postings of `entry` in fund W, other funds left out. `Refused` when one can't be placed.

    Before it is posted, a voucher need not say in which building.
    """
    return tuple(_leg(posting, name, entry.flag == POSTED) for posting, name in _postings(entry))


def _postings(entry: data.Transaction) -> Iterator[tuple[data.Posting, AccountName]]:
    for posting in entry.postings:
        try:
            name = parse_account(posting.account)
        except ValueError:
            continue  # account_names reports it where the account is opened
        if name.fund_kind == "W":
            yield posting, name


def _leg(posting: data.Posting, name: AccountName, posted: bool) -> Leg:
    if posting.units is None or posting.units.number is None:
        raise Refused("分录缺少金额")
    code = name.subject.code
    if posted and code in BY_BUILDING and len(name.subs) != 1:
        raise Refused(f"账户“{name.full}”须写到幢，如 {name.full.split(':')[0]}:…:{name.subject.component}:B01")
    if abs(posting.units.number) >= _YUAN_MAX:
        raise Refused(f"分录金额 {posting.units.number} 太大")
    try:
        fen = to_fen(posting.units.number)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    is_asset = _POOLS.get(code) in _ASSETS
    household = str((posting.meta or {}).get("household", ""))
    return Leg(name, name.subs[0] if code in BY_BUILDING and name.subs else "", fen if is_asset else -fen, household)


def movement_of(legs: tuple[Leg, ...]) -> Movement:
    """The sums of `legs`, buildings in order of name."""
    pools: defaultdict[str, int] = defaultdict(int)
    buildings: defaultdict[str, int] = defaultdict(int)
    public: defaultdict[str, int] = defaultdict(int)
    for leg in legs:
        if leg.building:
            buildings[leg.building] += leg.fen
            public[leg.building] += leg.fen if leg.account.subject.code == "3002" else 0
        else:
            pools[_POOLS[leg.account.subject.code]] += leg.fen
    natures_known = {leg.account.subject.code for leg in legs if leg.building} <= {"3001", "3002"}
    return Movement(
        **pools,
        buildings=tuple(sorted(buildings.items())),
        public=tuple(sorted(public.items())) if natures_known else None,
    )
