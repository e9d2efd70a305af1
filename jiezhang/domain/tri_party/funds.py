"""Each fund's month from the ledger: what there was, came, went and is left, and both sides of its identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from beancount.core import data

from ..accounts import AccountName
from ..booking import POSTED, is_opening, named_legs
from ..money import to_fen, yuan
from ..period import Month
from .figures import AccountFigures, FundFigures

_BONDS = "1101"


@dataclass(frozen=True, slots=True)
class HouseholdSums:
    """The household ledger of fund W at the month's end, in fen."""

    buildings_fen: int
    households_fen: int
    undistributed_fen: int
    count: int


@dataclass(frozen=True, slots=True)
class Leg:
    """One posted leg: day, account, fen with the ledger's sign; `opening` marks balances the books began with."""

    day: date
    account: AccountName
    fen: int
    opening: bool


def posted_legs(entries: Iterable[data.Directive], until: date) -> list[Leg]:
    """Every leg posted by the end of `until`."""
    return [
        Leg(entry.date, account, to_fen(number), is_opening(entry))
        for entry in entries
        if isinstance(entry, data.Transaction) and entry.flag == POSTED and entry.date <= until
        for account, number in named_legs(entry)
    ]


def book_accounts(legs: Sequence[Leg], accounts: Sequence[AccountFigures], month: Month) -> tuple[AccountFigures, ...]:
    """`accounts` with the book's side made anew from `legs`."""
    by_account: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in legs:
        by_account[leg.account.full].append(leg)
    return tuple(_book_side(one, by_account[one.account], month) for one in accounts)


def _book_side(one: AccountFigures, legs: Sequence[Leg], month: Month) -> AccountFigures:
    before = [leg for leg in legs if leg.day < month.first_day or leg.opening]
    within = [leg for leg in legs if leg.day >= month.first_day and not leg.opening]
    opening = sum(leg.fen for leg in before)
    came, went = sum(leg.fen for leg in within if leg.fen > 0), -sum(leg.fen for leg in within if leg.fen < 0)
    return one.model_copy(
        update={
            "opening_fen": opening, "came_fen": came, "went_fen": went, "closing_fen": opening + came - went,
            "rows": len(within),
        }
    )  # fmt: skip


def fund_figures(
    legs: Sequence[Leg], accounts: Sequence[AccountFigures], month: Month, sums: HouseholdSums | None
) -> tuple[FundFigures, ...]:
    """One for each fund that has an account in use or a leg, by name. `sums` are of fund W; `None` where no register
    of households is kept."""
    by_fund: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in legs:
        by_fund[leg.account.fund].append(leg)
    holding: defaultdict[str, list[AccountFigures]] = defaultdict(list)
    for one in accounts:
        holding[one.account.split(":")[2]].append(one)
    return tuple(
        _fund(name, by_fund[name], tuple(holding[name]), month, sums if name.startswith("W") else None)
        for name in sorted({*by_fund, *holding})
    )


def _fund(
    name: str, legs: Sequence[Leg], accounts: tuple[AccountFigures, ...], month: Month, sums: HouseholdSums | None
) -> FundFigures:
    before = [leg for leg in legs if leg.day < month.first_day or leg.opening]
    within = [leg for leg in legs if leg.day >= month.first_day and not leg.opening]
    opening, income, expense = -_net(before), -_root(within, "Income"), _root(within, "Expenses")
    closing = -_net(legs)
    totals: defaultdict[str, int] = defaultdict(int)
    for leg in legs:
        totals[leg.account.full] += leg.fen
    dedicated = {one.account for one in accounts}
    bonds = sum(leg.fen for leg in legs if leg.account.subject.code == _BONDS and leg.account.root == "Assets")
    money = sum(leg.fen for leg in legs if leg.account.full in dedicated)
    return FundFigures(
        fund=name,
        accounts=accounts,
        opening_fen=opening,
        income_fen=income,
        expense_fen=expense,
        other_fen=closing - opening - income + expense,
        closing_fen=closing,
        debit_fen=sum(fen for fen in totals.values() if fen > 0),
        credit_fen=-sum(fen for fen in totals.values() if fen < 0),
        money_fen=money,
        bonds_fen=bonds,
        advance_fen=_root(legs, "Assets") - money - bonds,
        buildings_fen=sums.buildings_fen if sums else 0,
        households_fen=sums.households_fen if sums else 0,
        undistributed_fen=sums.undistributed_fen if sums else 0,
        payable_fen=-sum(leg.fen for leg in legs if leg.account.root == "Liabilities" and not leg.account.is_suspense),
        unexplained_fen=-sum(leg.fen for leg in legs if leg.account.is_suspense),
        households=sums.count if sums else 0,
    )


def _net(legs: Iterable[Leg]) -> int:
    return sum(leg.fen for leg in legs if leg.account.root in ("Equity", "Income", "Expenses"))


def _root(legs: Iterable[Leg], root: str) -> int:
    return sum(leg.fen for leg in legs if leg.account.root == root)


def fund_faults(fund: FundFigures) -> list[str]:
    """Why the fund's figures don't hold together, one sentence each; none when they do."""
    held = fund.money_fen + fund.bonds_fen + fund.advance_fen
    said = []
    if fund.debit_fen != fund.credit_fen:
        said.append(f"{fund.fund}试算不平：借方 {yuan(fund.debit_fen)} 元，贷方 {yuan(fund.credit_fen)} 元")
    owed = fund.closing_fen + fund.payable_fen + fund.unexplained_fen
    if held != owed:
        said.append(f"{fund.fund}货币资金 {yuan(held)} 元与净资产、负债合计 {yuan(owed)} 元不等")
    if fund.households and fund.buildings_fen != fund.households_fen:
        said.append(f"{fund.fund}各幢合计 {yuan(fund.buildings_fen)} 元，各户合计 {yuan(fund.households_fen)} 元")
    if fund.households and fund.closing_fen != fund.households_fen + fund.undistributed_fen:
        whose = fund.households_fen + fund.undistributed_fen
        said.append(f"{fund.fund}净资产 {yuan(fund.closing_fen)} 元，各户余额与待分配收益合计 {yuan(whose)} 元")
    if fund.unexplained_fen:
        said.append(f"{fund.fund}还有待查款项 {yuan(fund.unexplained_fen)} 元")
    return said
