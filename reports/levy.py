"""A levy (专项集资) for the notice board: what each household owes, paid and got back, what was spent, what is left.

Owners who raised the money (民法典 2021 art. 278(1)(6)) see what became of it. A house is shown by its number, its
owner never (个人信息保护).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from beancount.core import data

from jiezhang.domain.accounts import parse_account
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.chart import CHART
from jiezhang.domain.levy import HELD, RAISED, REFUNDED, SPENT, Levy, LevyMove, levy_moves, parse_dues
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.scope import parse_scope

from .fund_paper import reading_order, scope_words
from .issuer import Issuer, issuer_of
from .wording import mask_number, mask_party

BankCheck = Literal["agreed", "differs", "missing"]


@dataclass(frozen=True, slots=True)
class LevyHousehold:
    """One household of the list; `paid_on` are the days of its receipts. Amounts in fen."""

    code: str
    building: str
    due_fen: int
    paid_fen: int
    paid_on: tuple[date, ...]
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        """What it has borne."""
        return self.paid_fen - self.refunded_fen

    @property
    def owed_fen(self) -> int:
        """What it still owes."""
        return self.due_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class LevySpending:
    """One voucher that paid for the project; fen, negative where money came back. `payee` as the board shows it."""

    day: date
    voucher: str
    payee: str
    narration: str
    fen: int


@dataclass(frozen=True, slots=True)
class LevyTotal:
    """What one subject comes to: `sign` +1 for what came in, -1 for what went out; fen."""

    code: str
    name: str
    sign: int
    fen: int


@dataclass(frozen=True, slots=True)
class LevyBank:
    """The levy's bank account: masked number, holder, the book's balance and the bank's (`None`: no statement)."""

    name: str
    number: str
    holder: str
    book_fen: int
    stated_fen: int | None


@dataclass(frozen=True, slots=True)
class LevyReport:
    """One levy at the end of `month`, posted vouchers only; `waiting` counts the others."""

    issuer: Issuer
    month: Month
    code: str
    name: str
    resolution: str
    title: str
    """Of the resolution."""
    approved: date | None
    scope: str
    starts: date
    ends: date
    supplier: str
    budget_fen: int
    households: tuple[LevyHousehold, ...]
    totals: tuple[LevyTotal, ...]
    spending: tuple[LevySpending, ...]
    banks: tuple[LevyBank, ...]
    waiting: int

    @property
    def day(self) -> date:
        return self.month.last_day

    @property
    def due_fen(self) -> int:
        return sum(one.due_fen for one in self.households)

    @property
    def paid_fen(self) -> int:
        """What households paid in."""
        return sum(one.paid_fen for one in self.households)

    @property
    def refunded_fen(self) -> int:
        return sum(one.refunded_fen for one in self.households)

    @property
    def spent_fen(self) -> int:
        """What the project cost."""
        return sum(total.fen for total in self.totals if total.code == SPENT)

    @property
    def other_fen(self) -> int:
        """Interest, subsidies and the like, less bank charges and the like."""
        return sum(total.sign * total.fen for total in self.totals if total.code not in (RAISED, SPENT, REFUNDED))

    @property
    def balance_fen(self) -> int:
        """What is left by the vouchers."""
        return sum(total.sign * total.fen for total in self.totals)

    @property
    def paid_up(self) -> int:
        """How many households have paid all they owe."""
        return sum(one.owed_fen <= 0 for one in self.households)

    @property
    def book_fen(self) -> int:
        """What the bank accounts hold by the book."""
        return sum(bank.book_fen for bank in self.banks)

    @property
    def holds(self) -> bool:
        """Whether households, vouchers and bank account come to one: to the fen."""
        raised = sum(total.fen for total in self.totals if total.code == RAISED)
        returned = sum(total.fen for total in self.totals if total.code == REFUNDED)
        return (raised, returned, self.balance_fen) == (self.paid_fen, self.refunded_fen, self.book_fen)

    @property
    def bank_check(self) -> BankCheck:
        """Whether the bank says the same; `missing` where a statement of the month is."""
        if not self.banks or any(bank.stated_fen is None for bank in self.banks):
            return "missing"
        return "agreed" if all(bank.stated_fen == bank.book_fen for bank in self.banks) else "differs"


def levy_report(
    view: OfficeView, levy: Levy, *, street: Street, month: Month, bank_balances: Mapping[str, Decimal]
) -> LevyReport:
    """The report of `levy` at the end of `month`; `bank_balances` are the bank's, by ledger account.

    `Refused` for a month before its books begin.
    """
    compound, path = view.files.compound, view.paths[levy.resolution]
    if month.last_day < compound.start:
        raise Refused(f"{month} 在建账日 {compound.start} 之前，没有集资的账")
    until = [entry for entry in view.transactions() if entry.date <= month.last_day]
    posted = [entry for entry in until if entry.flag == POSTED]
    moves = levy_moves(posted, levy.fund, view.files.batches)
    return LevyReport(
        issuer=issuer_of(street, compound),
        month=month,
        code=levy.code,
        name=levy.name,
        resolution=levy.resolution,
        title=path.resolution.title,
        approved=path.approved,
        scope=scope_words(parse_scope(levy.scope)),
        starts=levy.starts,
        ends=levy.ends,
        supplier=path.supplier,
        budget_fen=to_fen(path.resolution.budget_yuan),
        households=_households(view, levy, moves),
        totals=_totals(moves),
        spending=tuple(_spending(move) for move in moves if move.code == SPENT),
        banks=tuple(_banks(view.entries, posted, levy, month.last_day, bank_balances)),
        waiting=sum(entry.flag != POSTED and _touches(entry, levy) for entry in until),
    )


def _households(view: OfficeView, levy: Levy, moves: Sequence[LevyMove]) -> tuple[LevyHousehold, ...]:
    paid: defaultdict[str, int] = defaultdict(int)
    refunded: defaultdict[str, int] = defaultdict(int)
    days: defaultdict[str, list[date]] = defaultdict(list)
    for move in moves:
        for code, fen in move.households:
            if move.code == RAISED:
                paid[code] += fen
                days[code] += [move.entry.date] if fen > 0 else []
            else:
                refunded[code] += fen
    register = view.files.register
    buildings = {home.code: home.building for home in register.dwellings} if register is not None else {}
    dues = parse_dues(view.files.batches[levy.dues_file], levy.dues_file)
    lines = (
        LevyHousehold(
            code, buildings.get(code, code.partition("-")[0]), due, paid[code], tuple(dict.fromkeys(days[code])),
            refunded[code],
        )
        for code, due in dues.items()
    )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: reading_order(line.building, line.code)))


def _totals(moves: Sequence[LevyMove]) -> tuple[LevyTotal, ...]:
    """By subject in the chart's order; what was raised, spent and refunded always, others where there is any."""
    sums: defaultdict[str, int] = defaultdict(int)
    for move in moves:
        sums[move.code] += move.fen
    return tuple(
        LevyTotal(code, subject.name, -1 if subject.root == "Expenses" else 1, sums[code])
        for code, subject in CHART["J"].items()
        if sums[code] or code in (RAISED, SPENT, REFUNDED)
    )


def _spending(move: LevyMove) -> LevySpending:
    entry = move.entry
    number = f"{Month.of(entry.date)} {entry.meta.get('voucher', '')}".strip()
    return LevySpending(entry.date, number, mask_party(entry.payee or ""), entry.narration or "", move.fen)


def _banks(
    entries: Iterable[data.Directive],
    posted: Sequence[data.Transaction],
    levy: Levy,
    on: date,
    stated: Mapping[str, Decimal],
) -> Iterable[LevyBank]:
    book: defaultdict[str, int] = defaultdict(int)
    for entry in posted:
        for leg, amount in named_legs(entry):
            if leg.fund == levy.fund and leg.is_bank:
                book[leg.full] += to_fen(amount)
    opens = (one for one in entries if isinstance(one, data.Open) and one.date <= on)
    for opened in opens:
        if f":{levy.fund}:" in opened.account:
            name = parse_account(opened.account)
            if name.is_bank:
                known = stated.get(opened.account)
                number, holder = str(opened.meta.get("bank-account", "")), str(opened.meta.get("holder", ""))
                figure = to_fen(known) if known is not None else None
                yield LevyBank(name.detail, mask_number(number), holder, book[name.full], figure)


def _touches(entry: data.Transaction, levy: Levy) -> bool:
    return any(f":{levy.fund}:" in leg.account for leg in entry.postings)


def held_fen(report: LevyReport) -> int:
    """What came in by mistake and still has to go back."""
    return sum(total.fen for total in report.totals if total.code == HELD)
