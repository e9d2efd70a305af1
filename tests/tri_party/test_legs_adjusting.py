"""余额调节表 of a leg: whatever stands between the sides, both adjusted balances are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.adjusting import adjusted
from jiezhang.domain.tri_party.comparing import Movement, Side, compare_rows
from jiezhang.domain.tri_party.differences import Difference
from reports.legs import Column, Leg, LegAccount, as_data, render_text
from tests.conftest import G_BANK, W_BANK

OCTOBER = Month.parse("2026-10")
FUNDS = {G_BANK: "G公共收益", W_BANK: "W维修资金"}


def side(moves: list[Movement]) -> Side:
    """Balances that follow from the movements, from nothing."""
    before, now = (
        {name: sum(one.amount_fen for one in moves if one.account == name and one.day < day) for name in FUNDS}
        for day in (OCTOBER.first_day, OCTOBER.next.first_day)
    )
    return Side(tuple(moves), before, now, until=date(2026, 11, 30))


moves = st.lists(
    st.builds(
        lambda ref, day, fen, account: Movement(ref, day, fen, account, FUNDS[account], f"文字{ref}"),
        st.sampled_from("abcdefghijklm"),
        st.dates(date(2026, 9, 20), date(2026, 11, 10)),
        st.sampled_from([100, -100, 2500, 70_00]),
        st.sampled_from(list(FUNDS)),
    ),
    max_size=10,
)


@given(moves, moves)
def test_both_adjusted_balances_are_one(book: list[Movement], held: list[Movement]) -> None:
    ours, theirs = side(book), side(held)
    for one in adjusted(ours, theirs, compare_rows("bank", ours, theirs, OCTOBER), OCTOBER):
        assert one.adjusted_bank == one.adjusted_book


def row(ref: str, day: int, month: int = 10, fen: int = 100) -> Movement:
    return Movement(ref, date(2026, month, day), fen, G_BANK, FUNDS[G_BANK], "租金")


@pytest.mark.parametrize(
    ("book", "held", "statuses"),
    [
        ([row("a", 5)], [row("a", 5)], ["matched"]),
        ([row("a", 5)], [row("a", 6)], ["date_differs"]),
        ([row("a", 5)], [row("a", 5, fen=90)], ["amount_differs"]),
        ([row("a", 31)], [row("a", 2, 11)], ["book_only"]),
        ([row("a", 30, 9)], [row("a", 2)], ["matched"]),  # arrived
        ([], [row("a", 28, 9)], ["bank_only"]),  # still open from the month before
        ([row("a", 28, 9)], [row("a", 28, 9)], []),  # the month before is closed
        ([row("a", 2, 11)], [], []),
    ],
)
def test_what_stands_in_it(book: list[Movement], held: list[Movement], statuses: list[str]) -> None:
    ours, theirs = side(book), side(held)
    first, _ = adjusted(ours, theirs, compare_rows("bank", ours, theirs, OCTOBER), OCTOBER)
    assert [pair.status for pair in first.pairs] == statuses


def test_the_leg_is_read_and_handed_on() -> None:
    """The age is shown from the second month; what is not stated is not a zero."""
    old = Difference(
        id="D2026-08-01", party="auditor", kind="wrong_amount", fund="G公共收益", account=G_BANK, ref="记",
        since="2026-08", amount_fen=-5_00, text="专业审计：5.00", explanation="已去函",
    )  # fmt: skip
    book, held = Column(1_00, 2_00, 0, 3_00), Column(None, 0, 0, None)
    leg = Leg("C0007", OCTOBER, "auditor", (LegAccount(G_BANK, "3021", book, held),), (old,), asked=3, checked=2)
    text = render_text(leg)
    for words in (
        "C0007 2026-10 与专业审计核对", "  G公共收益\n", "D2026-08-01 金额不符", "-5.00  已 3 个月", "说明：已去函",
        "回单 3 项，相符 2 项",
    ):  # fmt: skip
        assert words in text
    assert text.count(" 无") == 2
    data = as_data(replace(leg, differences=(replace_since(old),)))
    assert data["accounts"][0]["party"]["closing_fen"] is None
    assert data["differences"][0]["age_months"] == 1
    assert data["accounts"][0]["book"] == {"opening_fen": 100, "came_fen": 200, "went_fen": 0, "closing_fen": 300}


def replace_since(one: Difference) -> Difference:
    return one.model_copy(update={"since": "2026-10"})
