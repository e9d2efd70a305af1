"""A leg of the reconciliation between bank, auditor, community and owners, as text and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Reconciliation
from jiezhang.domain.tri_party.comparing import fund_of
from jiezhang.domain.tri_party.differences import KIND_NAMES, PARTY_NAMES, Difference, Party

from . import reconciliation

_HEADS = ("期初", "收入", "支出", "期末")


@dataclass(frozen=True, slots=True)
class Column:
    """One side's month on one account, in fen; `None` where the side does not state it."""

    opening_fen: int | None
    came_fen: int | None
    went_fen: int | None
    closing_fen: int | None

    @property
    def figures(self) -> tuple[int | None, ...]:
        return self.opening_fen, self.came_fen, self.went_fen, self.closing_fen


@dataclass(frozen=True, slots=True)
class LegAccount:
    """An account (of papers, a fund), with the book's figures and the party's side by side."""

    account: str
    number: str
    book: Column
    held: Column


@dataclass(frozen=True, slots=True)
class Leg:
    """One compound's leg. `asked` and `checked` count the lines of a sheet and those that agree; `statements` are the
    余额调节表 of the bank's leg."""

    code: str
    month: Month
    party: Party
    accounts: tuple[LegAccount, ...]
    differences: tuple[Difference, ...]
    statements: tuple[Reconciliation, ...] = ()
    asked: int = 0
    checked: int = 0


def render_text(leg: Leg, *, show_all: bool = False) -> str:
    """The leg to be read: figures by fund and account, reconciliation statements, differences by name. Accounts that
    agree have no statement unless `show_all`."""
    lines = [f"{leg.code} {leg.month} 与{PARTY_NAMES[leg.party]}核对"]
    for fund, accounts in groupby(leg.accounts, key=lambda one: fund_of(one.account)):
        lines.append(f"  {fund}")
        for account in accounts:
            lines += _account(account, PARTY_NAMES[leg.party])
    for statement in leg.statements:
        if show_all or not statement.is_clean:
            lines += ["", *reconciliation.render_text(statement).splitlines()]
    if leg.differences:
        lines += ["", f"差异 {len(leg.differences)} 项"]
        lines += [line for one in leg.differences for line in _difference(one, leg.month)]
    if leg.asked:
        lines += ["", f"回单 {leg.asked} 项，相符 {leg.checked} 项"]
    return "\n".join(lines) + "\n"


def as_data(leg: Leg) -> dict[str, Any]:
    """The leg as plain data, amounts in fen."""
    return {
        "compound": leg.code,
        "month": str(leg.month),
        "party": leg.party,
        "accounts": [
            {"account": one.account, "number": one.number, "book": _column(one.book), "party": _column(one.held)}
            for one in leg.accounts
        ],
        "differences": [
            {**one.model_dump(mode="json"), "age_months": one.age_months(leg.month)} for one in leg.differences
        ],
        "statements": [reconciliation.as_data(one) for one in leg.statements],
        "asked": leg.asked,
        "checked": leg.checked,
    }


def _account(one: LegAccount, party: str) -> Iterator[str]:
    number = f"  {one.number}" if one.number else ""
    yield f"    {one.account}{number}"
    yield "      " + " " * 10 + "".join(f"{head:>16}" for head in _HEADS)
    for name, column in (("账簿", one.book), (party, one.held)):
        cells = "".join(f"{'无' if fen is None else yuan(fen):>18}" for fen in column.figures)
        yield f"      {name}{' ' * (8 - 2 * len(name))}{cells}"


def _difference(one: Difference, month: Month) -> Iterator[str]:
    name = " ".join(filter(None, (one.id, KIND_NAMES[one.kind], one.account or one.fund)))
    amount = f"  {yuan(one.amount_fen)}" if one.amount_fen else ""
    age = one.age_months(month)
    yield f"  {name}{amount}" + (f"  已 {age} 个月" if age > 1 else "")
    yield f"    {one.text}"
    if one.explanation:
        yield f"    说明：{one.explanation}"


def _column(column: Column) -> dict[str, int | None]:
    return dict(zip(("opening_fen", "came_fen", "went_fen", "closing_fen"), column.figures, strict=True))
