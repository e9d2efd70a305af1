"""What a posted voucher of the fund may look like: exactly one kind of business, named by its subjects and whether the
bank gave or took (财会〔2020〕7号, the entries it prescribes). Anything else is refused: no payment hides between two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .movements import Leg

Bank = Literal["in", "out", "none"]

_ANY: frozenset[Bank] = frozenset({"in", "out"})
_IN: frozenset[Bank] = frozenset({"in"})
_OUT: frozenset[Bank] = frozenset({"out"})
_NONE: frozenset[Bank] = frozenset({"none"})


@dataclass(frozen=True, slots=True)
class Shape:
    """`codes`: its subjects beside the bank's, all of `all_of` and some of `some_of`; `meta` has to be there."""

    name: str
    bank: frozenset[Bank]
    all_of: frozenset[str]
    some_of: frozenset[str] = frozenset()
    meta: str = ""

    def fits(self, codes: frozenset[str], bank: Bank, meta: Mapping[str, Any]) -> bool:
        return (
            self.all_of <= codes <= self.all_of | self.some_of
            and bool(codes)
            and bank in self.bank
            and (not self.meta or self.meta in meta)
        )


_OWNERS = frozenset({"3001", "3002"})

SHAPES = (
    Shape("交存、退回交存", _ANY, frozenset({"4001"})),
    Shape("维修支出、退汇", _ANY, frozenset({"5001"})),
    Shape("房屋灭失应返还", _NONE, frozenset({"5101", "2001"})),
    Shape("房屋灭失返还", _OUT, frozenset({"5101"})),
    Shape("支付应返还资金", _OUT, frozenset({"2001"})),
    Shape("购买国债", _OUT, frozenset({"1101"})),
    Shape("国债兑付", _IN, frozenset({"1101"}), frozenset({"4102"})),
    *(Shape("收益、其他收入", _ANY, frozenset({code})) for code in ("4101", "4102", "4201", "4301", "4901")),
    Shape("其他支出", _OUT, frozenset({"5901"})),
    Shape("备用金", _ANY, frozenset({"1201"})),
    Shape("收益分配", _NONE, frozenset({"3101"}), _OWNERS, "apportion"),
    Shape("户间更正", _NONE, frozenset(), _OWNERS, "correction"),
    Shape("接管转入", _IN, frozenset(), _OWNERS | {"3101"}, "handover"),
    Shape("待查款项", _ANY, frozenset({"2999"})),
)


def shape_fault(legs: Sequence[Leg], meta: Mapping[str, Any]) -> str:
    """Why the legs of a posted voucher in fund W are none of `SHAPES`; empty when they are one.

    Money moved between two of the fund's own bank accounts, and nothing else, is no business at all.
    """
    codes = frozenset(leg.account.subject.code for leg in legs if not leg.account.has_statement)
    banked = sum(leg.fen for leg in legs if leg.account.has_statement)
    bank: Bank = "in" if banked > 0 else "out" if banked < 0 else "none"
    if not codes or any(shape.fits(codes, bank, meta) for shape in SHAPES):
        return ""
    named = "、".join(sorted({leg.account.subject.component for leg in legs if not leg.account.has_statement}))
    return f"维修资金没有这样的凭证：{named}，{_BANK_WORDS[bank]}；一张凭证只记一种业务"


_BANK_WORDS: dict[Bank, str] = {"in": "银行收款", "out": "银行付款", "none": "银行没有收付"}
