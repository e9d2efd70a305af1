"""The dedicated accounts of one compound: its bank accounts, its merchant accounts, and the layouts they export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from jiezhang.domain.accounts import account_name
from jiezhang.domain.register import Compound, DedicatedAccount, HolderKind

from .layouts import BANKS, layouts_of
from .names import FUND_AUTHORITY

PUBLIC: Final = "G公共收益"
MAINTENANCE: Final = "W维修资金"

_AUTHORITY: Final[HolderKind] = "fund_authority"
_SHORT: Final = {
    "icbc": "工行",
    "ccb": "建行",
    "abc": "农行",
    "boc": "中行",
    "cmb": "招行",
    "psbc": "邮储",
    "spdb": "浦发",
    "rcb": "农商",
}
_LENGTHS: Final = {"icbc": 19, "ccb": 20, "abc": 17, "boc": 12, "cmb": 15, "psbc": 18, "spdb": 17, "rcb": 18}
_PREFIXES: Final = {
    "icbc": "1202",
    "ccb": "3300",
    "abc": "1900",
    "boc": "3500",
    "cmb": "5719",
    "psbc": "9330",
    "spdb": "9500",
    "rcb": "2010",
}


@dataclass(frozen=True, slots=True)
class PlannedAccounts:
    """`accounts` in ledger order, and by ledger account the layout its file comes in."""

    accounts: tuple[DedicatedAccount, ...]
    layouts: Mapping[str, str]


def plan_accounts(rng: Random, compound: Compound, index: int) -> PlannedAccounts:
    """A public-revenue account, a maintenance-fund account, and WeChat or Alipay (or both) for parking.

    Banks and their layouts go round with `index`, so that a street of any size shows as many as it can.
    """
    digits = rng.sample(range(1000, 10000), 2)
    holder, kind = _public_holder(compound, index)
    public = _bank(compound, PUBLIC, BANKS[(index - 1) % len(BANKS)], index, digits[0], (holder, kind))
    keeper = (holder, kind) if kind == "assembly" and index % 2 else (FUND_AUTHORITY, _AUTHORITY)
    fund = _bank(compound, MAINTENANCE, BANKS[(index + 2) % len(BANKS)], index, digits[1], keeper)
    platforms = [_platform(compound, bank, index, (holder, kind)) for bank in _platforms(index)]
    turn = (index - 1) // len(BANKS)
    layouts = {one.account: _turn(layouts_of(one.bank), turn) for one in (public, fund)}
    layouts |= {one.account: {"wechat": "wechat.fund", "alipay": "alipay.account"}[one.bank] for one in platforms}
    return PlannedAccounts((public, *platforms, fund), layouts)


def _turn(names: tuple[str, ...], turn: int) -> str:
    return names[turn % len(names)]


def _platforms(index: int) -> tuple[str, ...]:
    if index % 5 == 3:
        return ("alipay",)
    return ("wechat", "alipay") if index % 4 == 2 else ("wechat",)


def _public_holder(compound: Compound, index: int) -> tuple[str, HolderKind]:
    if compound.kind == "commercial":
        return f"{compound.name}业主大会", "assembly"
    if compound.kind == "old" and index % 2 == 0:
        return compound.manager, "manager"
    return f"{compound.name}业主委员会", "committee"


def _bank(
    compound: Compound, fund: str, bank: str, index: int, last4: int, holder: tuple[str, HolderKind]
) -> DedicatedAccount:
    prefix, code = _PREFIXES[bank], f"{index:04d}{last4}"
    number = prefix + "0" * (_LENGTHS[bank] - len(prefix) - len(code)) + code
    return DedicatedAccount(
        account=account_name(
            compound.component, fund, "1002" if fund == PUBLIC else "1001", f"{_SHORT[bank]}{last4}"
        ),
        bank=bank,
        number=f"{number[:2]}-{number[2:]}" if bank == "abc" else number,
        holder=holder[0],
        holder_kind=holder[1],
    )


def _platform(compound: Compound, bank: str, index: int, holder: tuple[str, HolderKind]) -> DedicatedAccount:
    name, number = {"wechat": ("微信", f"190000{index:04d}"), "alipay": ("支付宝", f"208800000000{index:04d}")}[bank]
    return DedicatedAccount(
        account=account_name(compound.component, PUBLIC, "1012", name),
        bank=bank,
        number=number,
        holder=holder[0],
        holder_kind=holder[1],
    )
