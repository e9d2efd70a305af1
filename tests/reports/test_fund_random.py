"""Random years of a fund: every equality holds, and a plain model that closes its books as it goes agrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from beancount.core.amount import Amount
from beancount.core.data import Posting, Transaction
from fund_books import BOTH, COMPOUND, STREET, account, dwelling
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.period import Month
from reports.fund_statements import fund_statements, trace

Fen = int
Key = tuple[str, str]


@dataclass
class Model:
    """What the fund has, in fen, by row and nature; income and expense go to their fund on the spot."""

    sheet: defaultdict[Key, Fen] = field(default_factory=lambda: defaultdict(int))
    flows: defaultdict[Key, Fen] = field(default_factory=lambda: defaultdict(int))

    def earn(self, code: str, fund: str, nature: str, fen: Fen) -> None:
        self.sheet["1001", nature] += fen
        self.sheet[fund, nature] += fen
        self.flows[code, nature] += fen


OWNERS = {"commercial": "3001", "public": "3002", "unsplit": "unsplit"}
Doing = Callable[[Model, str, Fen], None]


def income(code: str) -> Doing:
    return lambda model, n, fen: model.earn(code, OWNERS[n] if code == "4001" else "3101", n, fen)


def repair(model: Model, n: str, fen: Fen) -> None:
    model.sheet["1001", n] -= fen
    model.sheet[OWNERS[n], n] -= fen
    model.flows["5001", n] += fen


def other_expense(model: Model, n: str, fen: Fen) -> None:
    model.sheet["1001", n] -= fen
    model.sheet["3101", n] -= fen
    model.flows["5901", n] += fen


def lost(model: Model, n: str, fen: Fen) -> None:
    model.sheet["2001", n] += fen
    model.sheet[OWNERS[n], n] -= fen
    model.flows["5101", n] += fen


def swap(one: str, other: str, sign: int = -1) -> Doing:
    def doing(model: Model, n: str, fen: Fen) -> None:
        model.sheet[one, n] += fen
        model.sheet[other, n] += sign * fen

    return doing


def paid(model: Model, n: str, fen: Fen) -> None:
    model.sheet["2001", n] -= fen
    model.sheet["1001", n] -= fen


def distribute(model: Model, n: str, fen: Fen) -> None:
    model.sheet["3101", n] -= fen
    model.sheet[OWNERS[n], n] += fen


def nothing(model: Model, n: str, fen: Fen) -> None:
    """A closing voucher: the model has closed its books already."""


def straight(model: Model, n: str, fen: Fen) -> None:
    model.sheet["1001", n] += fen
    model.sheet[OWNERS[n], n] += fen


EVENTS: dict[str, tuple[str, str, Doing]] = {
    "deposit": ("1001", "4001", income("4001")),
    "interest": ("1001", "4101", income("4101")),
    "coupon": ("1001", "4102", income("4102")),
    "operating": ("1001", "4201", income("4201")),
    "scrap": ("1001", "4301", income("4301")),
    "other income": ("1001", "4901", income("4901")),
    "repair": ("5001", "1001", repair),
    "other expense": ("5901", "1001", other_expense),
    "house lost": ("5101", "2001", lost),
    "owner paid": ("2001", "1001", paid),
    "bond": ("1101", "1001", swap("1101", "1001")),
    "petty cash": ("1201", "1001", swap("1201", "1001")),
    "distribution": ("3101", "fund", distribute),
    "closing": ("4001", "fund", nothing),
    "closing of yield": ("4101", "3101", nothing),
    "straight": ("1001", "fund", straight),
    "unknown": ("1001", "2999", swap("1001", "2999", 1)),
}
"""Name → debited subject, credited subject, what it does; `fund` is 3001 or 3002."""

_FIRST = date(2025, 11, 1)

event = st.tuples(
    st.sampled_from(sorted(EVENTS)),
    st.integers(0, 420),
    st.integers(-50_000, 5_000_000),
    st.sampled_from(["commercial", "public", None]),
    st.sampled_from(["*", "*", "*", "!"]),
)
Event = tuple[str, int, Fen, str | None, str]


def entry(happened: Event) -> Transaction:
    name, day, fen, nature, flag = happened
    debit, credit, _ = EVENTS[name]
    yuan = Decimal(fen).scaleb(-2)
    codes = [{"public": "3002"}.get(nature or "", "3001") if code == "fund" else code for code in (debit, credit)]
    meta = {"filename": "x", "lineno": 1, **({"nature": nature} if nature else {})}
    postings = [
        Posting(account(code), Amount(amount, "CNY"), None, None, None, {"filename": "x", "lineno": 2 + at})
        for at, (code, amount) in enumerate(zip(codes, (yuan, -yuan), strict=True))
    ]
    return Transaction(meta, _FIRST + timedelta(day), flag, None, "", frozenset(), frozenset(), postings)


def known(happened: Event, mixed: bool) -> Event:
    """The event as this test means it: one nature's compound has no public money, and what names its fund names it."""
    name, day, fen, nature, flag = happened
    if not mixed:
        nature = None
    elif "fund" in EVENTS[name][:2] or name == "closing of yield":
        nature = nature or "commercial"
    return name, day, fen, nature, flag


def modelled(happened: list[Event], mixed: bool, first: date, last: date) -> Model:
    model = Model()
    for name, day, fen, nature, flag in happened:
        if not first <= _FIRST + timedelta(day) <= last:
            continue
        n = nature or ("unsplit" if mixed else "commercial")
        debit, credit, doing = EVENTS[name]
        if flag == "*":
            doing(model, n, fen)
            continue
        for code, amount in ((debit, fen), (credit, -fen)):
            money = code in ("1001", "1101", "1201")
            model.sheet[code if money else "2999", n] += amount if money else -amount
    return model


@given(st.lists(event, max_size=25), st.booleans(), st.integers(0, 13))
def test_every_equality_holds_and_the_plain_model_agrees(drawn: list[Event], mixed: bool, months: int) -> None:
    happened = sorted((known(one, mixed) for one in drawn), key=lambda one: one[1])
    month = Month.of(_FIRST).shift(months)
    statements = fund_statements(
        [entry(one) for one in happened], street=STREET, compound=COMPOUND, month=month,
        dwellings=BOTH if mixed else [dwelling("01", "commercial")],
    )
    assert not statements.failing
    sheets = {
        "end": modelled(happened, mixed, _FIRST, month.last_day),
        "start": modelled(happened, mixed, _FIRST, date(month.year - 1, 12, 31)),
    }
    for group, model in sheets.items():
        for key in ("1001", "1101", "1201", "2001", "2999", "3001", "3002", "unsplit", "3101"):
            for nature in OWNERS:
                cell = statements.balance_sheet.cell(key, f"{group}:{nature}")
                assert cell.amount == Decimal(model.sheet[key, nature]).scaleb(-2), (group, key, nature)
                assert sum((source.amount for source in trace(cell)), Decimal(0)) == cell.amount
    year = modelled(happened, mixed, date(month.year, 1, 1), month.last_day)
    now = modelled(happened, mixed, month.first_day, month.last_day)
    for group, model in (("year", year), ("month", now)):
        for code in ("4001", "4101", "4102", "4201", "4301", "4901", "5001", "5101", "5901"):
            for nature in OWNERS:
                cell = statements.income.cell(code, f"{group}:{nature}")
                assert cell.amount == Decimal(model.flows[code, nature]).scaleb(-2), (group, code, nature)


@given(st.lists(event, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_a_days_vouchers_changes_nothing(drawn: list[Event], random: object) -> None:
    happened = [known((name, 100, fen, nature, flag), True) for name, _, fen, nature, flag in drawn]
    shuffled = list(happened)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        fund_statements(
            [entry(each) for each in order], street=STREET, compound=COMPOUND, month=Month(2026, 2), dwellings=BOTH
        )
        for order in (happened, shuffled)
    )
    for form, again in zip(one.forms, other.forms, strict=True):
        assert [[c.amount for c in line.cells] for line in form.lines] == [
            [c.amount for c in line.cells] for line in again.lines
        ]
