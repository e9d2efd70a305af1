"""Build the month's public-revenue statement from the ledger's directives.

Only fund G of one compound is read. A posted voucher (flag `*`) counts by its accounts. A waiting row (any other
flag) counts only by the money it moved: its other side is suspense until somebody has posted it, whatever it is
proposed to be. So a draft still agrees with the bank, and shows by how much it is unfinished.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from beancount.core.data import Directive, Transaction

from jiezhang.domain.booking import POSTED
from jiezhang.domain.chart import CHART
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound, Contract, Street

from .disclosure_code import canonical_bytes, code_text, digest
from .disclosure_moves import Move, balance, moves_of
from .disclosure_places import open_places, places_of
from .disclosure_value import (
    ITEM_NAMES,
    SECTIONS,
    Disclosure,
    Line,
    MonthFigures,
    Section,
    SectionSpec,
)
from .issuer import issuer_of
from .wording import mask_party

__all__ = ["Disclosure", "Line", "Section", "build_disclosure", "canonical_bytes", "code_text", "digest"]

_HISTORY_MONTHS = 12


def build_disclosure(
    entries: Iterable[Directive],
    *,
    street: Street,
    compound: Compound,
    contracts: Sequence[Contract],
    month: Month,
    bank_balances: Mapping[str, Decimal],
    posted_from: date,
    differing: Collection[str] = (),
) -> Disclosure:
    """The statement of `compound` for `month`.

    `entries` are the compound's directives as loaded. `bank_balances` gives, by full account name, what the bank's own
    file says at the month's end, in yuan; `differing` names accounts whose rows that file does not bear out. Other
    funds' accounts are passed over. `Refused`: a voucher unbalanced inside the fund, not in yuan, or of more than fen.
    """
    directives = list(entries)
    past = [t for t in directives if isinstance(t, Transaction) and t.date <= month.last_day]
    moves = [m for t in past for m in moves_of(t, compound.code)]
    opens = open_places(directives, compound.code, month.last_day)
    opening, adjustment = _equity(moves, month.first_day)
    opening_year, adjustment_year = _equity(moves, date(month.year, 1, 1))
    made = Disclosure(
        **asdict(issuer_of(street, compound)),
        month=month,
        posted_from=posted_from,
        posted_to=posted_from + timedelta(days=compound.posting_days - 1),
        books_from=compound.start,
        opening=opening,
        opening_year=opening_year,
        adjustment=adjustment,
        adjustment_year=adjustment_year,
        sections=_sections(moves, month, {c.code: c for c in contracts}),
        places=places_of(moves, opens, bank_balances, differing, compound.code),
        deposits=-balance(m for m in moves if m.posted and m.account.subject.code == "2241"),
        suspense=-balance(m for m in moves if _unexplained(m)),
        waiting=sum(1 for t in past if t.flag != POSTED and any(moves_of(t, compound.code))),
        history=_history(moves, month, Month.of(compound.start)),
    )
    assert made.opening_year + made.income_year - made.spent_year + made.adjustment_year == made.closing
    assert made.closing + made.deposits + made.suspense == made.held, "the statement does not tie"
    return made


def _unexplained(move: Move) -> bool:
    return move.account.is_suspense if move.posted else move.account.subject.root != "Assets"


def _equity(moves: Iterable[Move], first_day: date) -> tuple[Decimal, Decimal]:
    """The owners' balance before `first_day`, and what went straight to net assets since.

    An opening transaction counts as before, whatever its day: it says what there was when the books began.
    """
    before = since = ZERO
    for move in moves:
        if not move.posted or move.account.subject.root not in ("Equity", "Income", "Expenses"):
            continue
        if move.day < first_day or move.opening:
            before -= move.amount
        elif move.account.subject.root == "Equity":
            since -= move.amount
    return before, since


@dataclass(slots=True)
class _Sums:
    month: Decimal = ZERO
    year: Decimal = ZERO
    vouchers: set[str] = field(default_factory=set)


def _sections(moves: Iterable[Move], month: Month, contracts: Mapping[str, Contract]) -> tuple[Section, ...]:
    sums: dict[tuple[str, str, str], _Sums] = defaultdict(_Sums)
    for move in moves:
        account = move.account
        if not move.posted or move.opening or move.day.year != month.year:
            continue
        if account.subject.root not in ("Income", "Expenses"):
            continue
        line = sums[account.subject.code, "·".join(filter(None, (account.detail, *account.subs))), move.contract]
        amount = -move.amount if account.subject.root == "Income" else move.amount
        line.year += amount
        if month.contains(move.day):
            line.month += amount
            line.vouchers.update({move.voucher} - {""})
    return tuple(_section(spec, sums, contracts) for spec in SECTIONS)


def _section(
    spec: SectionSpec, sums: Mapping[tuple[str, str, str], _Sums], contracts: Mapping[str, Contract]
) -> Section:
    lines = []
    for (code, detail, number), found in sorted(sums.items()):
        if code not in spec.codes or not (found.month or found.year or found.vouchers):
            continue
        item = ITEM_NAMES.get(code, CHART["G"][code].name)
        contract = contracts.get(number)
        lines.append(
            Line(
                code,
                f"{item}·{detail}" if detail else item,
                number,
                mask_party(contract.counterparty) if contract else "合同未登记" if number else "",
                f"{contract.start}至{contract.end}" if contract else "",
                found.month + 0,
                found.year + 0,
                tuple(sorted(found.vouchers)),
            )
        )
    return Section(spec.key, spec.title, spec.total, tuple(lines))


def _history(moves: Sequence[Move], month: Month, start: Month) -> tuple[MonthFigures, ...]:
    income: dict[Month, Decimal] = defaultdict(lambda: ZERO)
    spent: dict[Month, Decimal] = defaultdict(lambda: ZERO)
    for move in moves:
        if move.posted and not move.opening:
            if move.account.subject.root == "Income":
                income[Month.of(move.day)] -= move.amount
            elif move.account.subject.root == "Expenses":
                spent[Month.of(move.day)] += move.amount
    months = [month.shift(-back) for back in range(_HISTORY_MONTHS - 1, -1, -1)]
    return tuple(
        MonthFigures(m, income[m] + 0, spent[m] + 0) if m >= start else MonthFigures(m, None, None) for m in months
    )
