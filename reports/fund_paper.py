"""What every paper of the maintenance fund says alike: who issues it, for which compound, whom a cost concerns, which
account the money is in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from beancount.core.data import Close, Directive, Open

from jiezhang.domain.apportion import Payer
from jiezhang.domain.money import FEN, ZERO
from jiezhang.domain.register import Dwelling
from jiezhang.domain.scope import Scope

from .fund_moves import fund_account
from .wording import mask_number, mask_party

PAYERS: dict[Payer, str] = {
    "household": "业主分户账",
    "seller": "售房单位账",
    "developer": "开发建设单位",
    "housing_unit": "公有住房单位",
}
"""Who bears a share, in the order of printing; the first two pay from accounts of the fund, the others in cash."""

_COVERERS = {"owner": "业主", "seller": "售房单位", "developer": "开发建设单位", "housing_unit": "公有住房单位"}


def scope_words(scope: Scope | None) -> str:
    """Whom a cost concerns, as an owner says it; `None` where a voucher names each household itself."""
    if scope is None:
        return "凭证明细列明的各户"
    return {
        "compound": "全小区",
        "building": f"{scope.building}幢",
        "stair": f"{scope.building}幢{scope.stair}单元",
        "dwellings": f"列明的 {len(scope.dwellings)} 户",
    }[scope.kind]


def coverer_words(who: str) -> str:
    """Who pays what an account lacks, as metadata `covered` says it: a role in full, a person's name masked."""
    return _COVERERS.get(who, mask_party(who))


def dwelling_words(dwelling: Dwelling) -> str:
    """`01幢1单元101室`."""
    return f"{dwelling.building}幢{dwelling.stair}单元{dwelling.room}室"


def reading_order(*names: str) -> tuple[tuple[str | int, ...], ...]:
    """A key that sorts by building, then code, as people look for them: `01-1-201` before `01-1-1001`, a selling unit
    after its houses.

    The fen of a tie goes by another order, character by character (`shares`).
    """
    return tuple(tuple(int(p) if p.isdigit() else p for p in re.split(r"([0-9]+)", name)) for name in names)


def area_words(area_dm2: int) -> str:
    """`12791` (0.01 m²) as `127.91`."""
    return f"{area_dm2 // 100:,}.{area_dm2 % 100:02d}"


def per_m2(total_fen: int, area_dm2: int) -> Decimal:
    """Yuan for each m² of `total_fen` over an area (0.01 m²), rounded to the fen; zero where there is no area."""
    return (Decimal(total_fen) / area_dm2).quantize(FEN, ROUND_HALF_UP) if area_dm2 else ZERO


@dataclass(frozen=True, slots=True)
class FundAccount:
    """One bank account of the fund. `full` is its ledger account; `number` is masked."""

    full: str
    name: str
    number: str
    holder: str


def fund_accounts(entries: Iterable[Directive], compound: str, on: date) -> tuple[FundAccount, ...]:
    """The bank accounts of fund W of `compound` (`C0007`) that are open at the end of `on`, by name."""
    found: dict[str, FundAccount] = {}
    for entry in entries:
        if not isinstance(entry, Open | Close) or entry.date > on:
            continue
        account = fund_account(entry.account, compound)
        if account is None or not account.is_bank:
            continue
        if isinstance(entry, Close):
            found.pop(entry.account, None)
            continue
        name = "·".join(filter(None, (account.detail, *account.subs))) or account.subject.name
        number, holder = str(entry.meta.get("bank-account", "")), str(entry.meta.get("holder", ""))
        found[entry.account] = FundAccount(entry.account, name, mask_number(number), holder)
    return tuple(found[full] for full in sorted(found))
