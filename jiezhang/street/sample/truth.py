"""What really happened in one compound in one month: the statements, and what each of their rows was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

from jiezhang.domain.accounts import account_name
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion, DedicatedAccount
from jiezhang.domain.statement import Statement, StatementRow, prove, references
from jiezhang.households.state import Households

from .bank_accounts import PUBLIC
from .events import IN_TRANSIT_LEG, Event, dice
from .expenses import special_expenses, usual_expenses
from .fund_month import FundMonth, fund_month
from .layouts import LAYOUTS, fit
from .parking import Shop, lumps, platform_events
from .plan import PlannedCompound
from .receipts import contract_receipts, fund_receipts, other_receipts
from .transfers import TRANSFER_LINK, interest, top_up

_WEEKLY: Final = (6, 13, 20, 27)
"""When a second platform pays out. Its last payout arrives before any month ends, so only the first is in transit."""


@dataclass(frozen=True, slots=True)
class MonthTruth:
    """One compound-month. Mappings go by ledger account.

    `statements` as a perfect importer would read them from the files (without file name and digest);
    `completions` one for each row, statement by statement; `by_hand` the (account, bank-ref) of the rows that no
    rule and no contract knows, `undecided` of those that nobody decided: what is said of them is refused; `closing` the
    balances (yuan) of the statement accounts and of the money in transit; `fund` the maintenance fund's batch files,
    vouchers without a bank row, and accounts by household at the end.
    """

    month: Month
    statements: Mapping[str, Statement]
    completions: tuple[Completion, ...]
    by_hand: frozenset[tuple[str, str]]
    closing: Mapping[str, Decimal]
    fund: FundMonth
    undecided: frozenset[tuple[str, str]] = frozenset()


def in_transit_account(planned: PlannedCompound) -> str:
    """The account of payouts that have left the platform and not yet reached the bank."""
    return account_name(planned.compound.component, PUBLIC, "1012", "在途")


def opening_balances(planned: PlannedCompound) -> dict[str, Decimal]:
    """The balances with which the first month begins."""
    opening = dict(planned.opening)
    levied = {planned.levy.account.account: ZERO} if planned.levy is not None else {}
    held = {one.account: opening[one.account] for one in planned.accounts}
    return held | levied | {in_transit_account(planned): ZERO}


def month_truth(
    planned: PlannedCompound,
    month: Month,
    seed: int,
    opening_balances: Mapping[str, Decimal],
    households: Households,
) -> MonthTruth:
    """The month that follows `opening_balances` (yuan by ledger account, as in `MonthTruth.closing`).

    `households` are the maintenance fund's accounts at its start, as in `MonthTruth.fund`.
    """
    events, fund = _events(planned, month, seed, opening_balances, households)
    statements: dict[str, Statement] = {}
    refs: dict[str, list[str]] = {}
    for account in _accounts(planned, month):
        layout, rows = planned.layout(account.account), events[account.account]
        statement = _statement(account, layout, month, rows, opening_balances[account.account])
        statements[account.account], refs[account.account] = statement, references(statement.rows)
    in_transit = in_transit_account(planned)
    legs = [event.amount for rows in events.values() for event in rows if event.other == IN_TRANSIT_LEG]
    closing = {**opening_balances, **{name: statement.closing or ZERO for name, statement in statements.items()}}
    closing[in_transit] = opening_balances[in_transit] - sum(legs, ZERO)
    named = [(event, (name, ref)) for name in refs for event, ref in zip(events[name], refs[name], strict=True)]
    by_hand = frozenset(key for event, key in named if event.by_hand)
    undecided = frozenset(key for event, key in named if event.undecided)
    return MonthTruth(month, statements, _completions(planned, events, refs), by_hand, closing, fund, undecided)


def _events(
    planned: PlannedCompound, month: Month, seed: int, opening: Mapping[str, Decimal], households: Households
) -> tuple[dict[str, list[Event]], FundMonth]:
    public, fund = planned.public_bank.account, planned.fund_bank.account
    sent, got = top_up(planned, month, seed, opening[public])
    usual = [*fund_receipts(planned, month, seed), *interest("W", month, opening[fund]), *got]
    lived = fund_month(planned, month, seed, households, usual)
    found = {
        public: contract_receipts(planned, month, seed)
        + other_receipts(planned, month, seed)
        + usual_expenses(planned, month, seed)
        + special_expenses(planned, month, seed)
        + [work.event for work in planned.works if month.contains(work.day)]
        + interest("G", month, opening[public])
        + sent,
        fund: list(lived.rows),
    }
    for place, (account, shop) in enumerate(_shops(planned)):
        rng = dice(seed, planned.compound.code, month, shop.bank)
        found[account] = platform_events(rng, shop, month, opening[account])
        waiting = opening[in_transit_account(planned)] if place == 0 else ZERO
        found[public] += lumps(shop.bank, found[account], month, waiting)
    if planned.levy is not None:
        found[planned.levy.account.account] = planned.levy.of(month)
    # The platform's own order is kept: a fee follows its sale in the same second.
    return {name: sorted(rows, key=lambda event: (event.day, event.time)) for name, rows in found.items()}, lived


def _accounts(planned: PlannedCompound, month: Month) -> list[DedicatedAccount]:
    """Those that have a statement of `month`: a levy's only while the levy runs."""
    levied = [planned.levy.account] if planned.levy is not None and planned.levy.of(month) else []
    return [*planned.accounts, *levied]


def _shops(planned: PlannedCompound) -> list[tuple[str, Shop]]:
    economy, platforms = planned.economy, planned.platforms
    shares = (100,) if len(platforms) == 1 else (70, 30)
    return [
        (
            one.account,
            Shop(
                one.bank,
                one.number,
                economy.monthly_parking_yuan * share / 100,
                economy.sales * share // 100,
                economy.card_yuan,
                _WEEKLY if place else (),
            ),
        )
        for place, (one, share) in enumerate(zip(platforms, shares, strict=True))
    ]


def _statement(
    account: DedicatedAccount, layout: str, month: Month, events: Sequence[Event], opening: Decimal
) -> Statement:
    balances = list(accumulate((event.amount for event in events), initial=opening))
    assert min(balances) >= 0, f"{account.account} overdrawn in {month}"
    rows = tuple(
        fit(_row(account, line, event, balance), layout)
        for line, (event, balance) in enumerate(zip(events, balances[1:], strict=True), start=1)
    )
    statement = Statement(
        layout=LAYOUTS[layout].name,
        source="",
        sha256="",
        account_no=account.number,
        holder=account.holder,
        currency="CNY",
        rows=rows,
        opening=opening,
        closing=balances[-1],
        period=(month.first_day, month.last_day),
    )
    assert not prove(statement)
    return statement


def _row(account: DedicatedAccount, line: int, event: Event, balance: Decimal) -> StatementRow:
    return StatementRow(
        line=line,
        date=event.day,
        time=event.time,
        amount=event.amount,
        balance=balance,
        counterparty=event.counterparty,
        counterparty_account=event.counterparty_account,
        summary=event.summary,
        remark=event.remark,
        serial=event.serial or f"{account.number[-4:]}{event.day:%Y%m%d}{line:06d}",
        kind=event.kind,
    )


def _completions(
    planned: PlannedCompound, events: Mapping[str, Sequence[Event]], refs: Mapping[str, Sequence[str]]
) -> tuple[Completion, ...]:
    public, fund = planned.public_bank.account, planned.fund_bank.account
    joins = [ref for event, ref in zip(events[fund], refs[fund], strict=True) if event.link == TRANSFER_LINK]
    found = []
    for account in refs:
        own = account.split(":")[2]
        for event, ref in zip(events[account], refs[account], strict=True):
            joined = account == public and event.link == TRANSFER_LINK
            code, _, detail = event.other.partition("-")
            found.append(
                Completion(
                    account=account,
                    bank_ref=ref,
                    other_account=account_name(planned.compound.component, own, code, detail),
                    contract=event.contract,
                    narration=event.narration,
                    join_account=fund if joined else "",
                    join_ref=joins[0] if joined else "",
                    **asdict(event.whose),
                    **asdict(event.allowed),
                )
            )
    return tuple(found)
