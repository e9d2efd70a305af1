"""A little maintenance fund for tests: registers and vouchers of the compound C0007, in few words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from beancount.core import amount, data

from jiezhang.domain.household_events import Detail
from jiezhang.domain.register import Dwelling
from jiezhang.households.batch import write_batch

FUND = "C0007长吴公寓:W维修资金"
BANK = f"Assets:{FUND}:1001银行存款-建行4417"
BONDS = f"Assets:{FUND}:1101国债投资"
PAYABLE = f"Liabilities:{FUND}:2001应付房屋灭失返还资金"
SUSPENSE = f"Liabilities:{FUND}:2999待查款项"
YIELD = f"Equity:{FUND}:3101待分配累计收益"
INCOME = {
    "4101": f"Income:{FUND}:4101存款利息",
    "4102": f"Income:{FUND}:4102国债利息",
    "4201": f"Income:{FUND}:4201经营",
    "4301": f"Income:{FUND}:4301共用设施处置",
    "4901": f"Income:{FUND}:4901其他",
}


def deposits(building: str) -> str:
    return f"Income:{FUND}:4001交存:{building}"


def repairs(building: str) -> str:
    return f"Expenses:{FUND}:5001维修:{building}"


def returns(building: str) -> str:
    return f"Expenses:{FUND}:5101返还:{building}"


def owned(building: str, public: bool = False) -> str:
    return f"Equity:{FUND}:{'3002已售公有住房维修资金' if public else '3001商品住宅维修资金'}:{building}"


def dwelling(code: str, area: str = "100.00", nature: str = "commercial", status: str = "sold") -> Dwelling:
    """`B01-1-101` in building B01, stair 1."""
    building, stair, room = code.split("-")
    return Dwelling.model_validate(
        {"code": code, "building": building, "stair": stair, "room": room, "area_m2": area, "nature": nature,
         "status": status}
    )


def voucher(day: date, legs: Sequence[tuple[str, int]], **meta: Any) -> data.Transaction:
    """A voucher of `legs` (account, fen, debit positive); underscores of metadata names become hyphens."""
    told = {key.replace("_", "-"): value for key, value in meta.items()}
    postings = [
        data.Posting(name, amount.Amount(Decimal(fen).scaleb(-2), "CNY"), None, None, None, None)
        for name, fen in legs
    ]
    return data.Transaction(
        data.new_metadata("2026-10.beancount", 7, told), day, "*", None, "", frozenset(), frozenset(), postings
    )


def batch_meta(detail: Detail, batches: dict[str, bytes]) -> Mapping[str, str]:
    """Metadata that names `detail` as a batch file, which is added to `batches`."""
    content = write_batch(detail)
    name = f"batches/{len(batches):04d}.csv"
    batches[name] = content
    return {"batch": name, "batch_sha256": hashlib.sha256(content).hexdigest()}
