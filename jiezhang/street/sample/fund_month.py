"""A month of the maintenance fund: its bank rows and batch files, worked out from everybody's account as it goes.

The accounts are those of `jiezhang.households`, moved by the same events that the ledger will be read as. So a row of
this month is to the fen what the office's own engine makes of the sheet, and a test can compare the two at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from jiezhang.close.fund_legs import fund_charge
from jiezhang.domain import household_events as booked
from jiezhang.domain.changes import change_events
from jiezhang.domain.household_events import Movement
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.households.batch import write_batch
from jiezhang.households.effects import proposed_repair
from jiezhang.households.line import top_up_due
from jiezhang.households.state import Households

from .events import Allowed, Event, Whose, clock, dice
from .fund_matters import Batch, Corrected, Distributed, Lost, Matter, Payment, Returned, Row, Voucher
from .fund_projects import PAYER, bearable, repair
from .fund_register import happened, opened, register_of
from .fund_rows import payee_account, room
from .invoices import invoice_number
from .names import COLLECTOR
from .plan import PlannedCompound

_TOP_UP_TO_PERCENT: Final = 50
"""How much of the first deposit owners bring their account up to (上海市住宅物业管理规定 2020 art. 65)."""
_PAYERS_MAX: Final = 40
_SHORT_MAX: Final = 8
"""More than that cannot be written down in one line of a sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class FundMonth:
    """`rows` in order of day; `batches` by file name; `vouchers` that no bank row brings; the accounts afterwards."""

    rows: tuple[Event, ...]
    batches: Mapping[str, bytes]
    vouchers: tuple[Voucher, ...]
    state: Households


@dataclass(slots=True)
class _Desk:
    planned: PlannedCompound
    month: Month
    seed: int
    state: Households
    rows: list[Event] = field(default_factory=list)
    batches: dict[str, bytes] = field(default_factory=dict)

    def book(self, event: booked.Event) -> None:
        self.state = happened(self.state, event)


def first_accounts(planned: PlannedCompound) -> Households:
    """Everybody's account when the books begin."""
    return opened(planned.fund, planned.life, planned.compound.start)


def fund_month(
    planned: PlannedCompound, month: Month, seed: int, state: Households, usual: Sequence[Event]
) -> FundMonth:
    """The month that follows the accounts of `state`, with the `usual` rows (deposits, interest, transfers) besides.

    Nothing is paid that the bank account can't bear.
    """
    register = register_of(planned.fund, planned.life, planned.compound.start)
    changes = [one for one in change_events(register) if month.contains(one.date)]
    matters: list[Matter] = [*planned.life.of(month), *(Row(event) for event in usual)]
    desk = _Desk(planned, month, seed, state)
    steps = [(one.date, 0, one) for one in changes] + [(one.day, _rank(one), one) for one in matters]
    for _, _, step in sorted(steps, key=lambda step: step[:2]):
        if isinstance(step, booked.Event):
            desk.book(step)
        else:
            _carry_out(desk, step)
    vouchers = tuple(matter for matter in matters if isinstance(matter, Voucher))
    return FundMonth(tuple(desk.rows), desk.batches, vouchers, desk.state)


def _rank(matter: Matter) -> int:
    """What comes first on one day: a register's change is 0; what is put right comes before what is given out."""
    return {Lost: 1, Corrected: 3, Distributed: 4}.get(type(matter), 2)


def _carry_out(desk: _Desk, matter: Matter) -> None:
    match matter:
        case Row(event):
            desk.book(_event_of(desk, event))
            desk.rows.append(event)
        case Payment():
            _pay(desk, matter)
        case Batch(day):
            _collect(desk, day)
        case Lost(day, household):
            held = int(desk.state.balance_fen[desk.state.row(household)])
            owed = Movement(payable_fen=held, buildings=(("", -held),))
            desk.book(booked.HouseLost(date=day, movement=owed, household=household))
        case Returned(day, household):
            _return(desk, day, household)
        case Corrected(day, _, giver, taker, fen):
            detail = ((giver, -fen), (taker, fen))
            desk.book(booked.Correction(date=day, detail=detail, corrects="-", deposit="top-up"))
        case Distributed(day):
            _distribute(desk, day)


def _event_of(desk: _Desk, event: Event) -> booked.Event:
    """What the household ledger will read the voucher of a bank row as."""
    fen, whose = to_fen(event.amount), event.whose
    if event.other == "4001":
        detail = ((whose.household, fen),)
        if fen < 0:
            return booked.Refund(date=event.day, detail=detail, deposit="top-up")
        kind = booked.FirstDeposit if whose.deposit == "first" else booked.TopUp
        return kind(date=event.day, detail=detail)
    if event.other == "1101":
        return _bond(desk, event, fen)
    pool = Movement(bank_fen=fen, undistributed_fen=fen)
    return booked.PooledIncome(date=event.day, movement=pool, subject=event.other)


def _bond(desk: _Desk, event: Event, fen: int) -> booked.Event:
    bond = next(one for one in desk.planned.life.bonds if one.code == event.whose.bond)
    if fen < 0:
        holding = booked.Bond(bond.code, -fen, bond.matures, bond.kind, bond.market)
        moved = Movement(bank_fen=fen, bonds_fen=-fen)
        return booked.BondBought(date=event.day, movement=moved, bond=holding)
    cost = to_fen(bond.opening_cost_yuan)
    moved = Movement(bank_fen=fen, bonds_fen=-cost, undistributed_fen=fen - cost)
    return booked.BondRedeemed(date=event.day, movement=moved, ref=bond.code)


def _pay(desk: _Desk, payment: Payment) -> None:
    """The bank pays the contractor what neither developers nor those short of money pay in cash."""
    project, state = payment.project, desk.state
    if not bearable(state, project.scope, payment.total_fen, _SHORT_MAX):
        return
    event = repair(state, project, payment.total_fen, payment.day)
    covered = [code for code, _ in event.covered_by]
    paid = int(fund_charge(proposed_repair(state, event.scope, payment.total_fen), covered).sum())
    if not 0 < paid <= state.controls.bank_fen:
        return
    desk.book(event)
    outside = payment.total_fen - paid
    rng = dice(desk.seed, desk.planned.compound.code, desk.month, project.code)
    desk.rows.append(
        Event(
            payment.day, clock(rng), -_yuan(paid), "5001", f"{project.name}{payment.part}",
            payment.part or "工程款", f"{project.name} {project.contract}",
            project.contractor, payee_account(project.contractor), by_hand=True,
            whose=Whose(
                project=project.code,
                paid_outside=_yuan(outside) if outside else None,
                covered=",".join(f"{code}={PAYER}" for code in covered),
            ),
            allowed=Allowed(payment=payment.number, invoice=invoice_number(rng)),
        )
    )  # fmt: skip


def _collect(desk: _Desk, day: date) -> None:
    due = {line.code: line.due_fen for line in top_up_due(desk.state, _TOP_UP_TO_PERCENT)}
    code = desk.planned.compound.code
    rng = dice(desk.seed, code, desk.month, "batch")
    detail = tuple((one, due[one]) for one in sorted(rng.sample(sorted(due), min(len(due), _PAYERS_MAX))))
    if not detail:
        return
    name = f"{code}-{desk.month}-续交.csv"
    desk.batches[name] = write_batch(detail)
    desk.book(booked.TopUp(date=day, detail=detail))
    amount = _yuan(sum(fen for _, fen in detail))
    words = (f"业主续交维修资金 {len(detail)} 户", "批量代收", f"续交维修资金{len(detail)}户")
    collector = (COLLECTOR, payee_account(COLLECTOR))
    whose = Whose(deposit="top-up", batch=name)
    desk.rows.append(Event(day, clock(rng), amount, "4001", *words, *collector, by_hand=True, whose=whose))


def _return(desk: _Desk, day: date, household: str) -> None:
    """Everything owed, for no compound of the sample loses two houses at a time."""
    owed = desk.state.controls.payable_fen
    desk.book(booked.LossPaid(date=day, movement=Movement(bank_fen=-owed, payable_fen=-owed), household=household))
    rng = dice(desk.seed, desk.planned.compound.code, desk.month, "returned")
    words = ("返还灭失房屋的维修资金余额", "返还维修资金", f"房屋灭失 {household}")
    name, number = room(next(one for one in desk.planned.dwellings if one.code == household))
    payee = (f"原{name}", number)
    desk.rows.append(
        Event(day, clock(rng), -_yuan(owed), "2001", *words, *payee, by_hand=True, whose=Whose(household=household))
    )


def _distribute(desk: _Desk, day: date) -> None:
    total = desk.state.controls.undistributed_fen
    assert total, "a quarter's interest has come in"
    given = Movement(undistributed_fen=-total, buildings=(("", total),))
    desk.book(booked.YieldDistribution(date=day, movement=given, basis=yield_basis(desk.state)))


def yield_basis(state: Households) -> booked.YieldBasis:
    """By 积数 where a selling unit has money of its own, else by floor area."""
    return "jishu" if bool((state.balance_fen[state.roll.seller] > 0).any()) else "area"


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
