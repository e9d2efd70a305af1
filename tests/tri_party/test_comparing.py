"""Comparing two sides: equal sides differ in nothing, one change is named where it was made, and nothing is netted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.comparing import HeldFile, Movement, Side, compare, compare_rows
from jiezhang.domain.tri_party.differences import Difference, Kind
from tests.conftest import G_BANK, W_BANK, WECHAT

OCTOBER = Month.parse("2026-10")
ACCOUNTS = (G_BANK, W_BANK, WECHAT)
FUNDS = {G_BANK: "G公共收益", WECHAT: "G公共收益", W_BANK: "W维修资金"}


def move(ref: str, day: int, fen: int, account: str = G_BANK, **more: object) -> Movement:
    """A movement of October; day 0 is the last of September, day 32 the first of November."""
    when = date(2026, 10, 1) + timedelta(days=day - 1)
    return Movement(ref, when, fen, account, FUNDS[account], f"文字{ref}", **more)  # type: ignore[arg-type]


def side(moves: list[Movement], until: date | None = None, **closings: int) -> Side:
    """The movements with the balances that follow from them; every account began with 1,000 yuan."""
    before, now = {}, {}
    for account in ACCOUNTS:
        own = [one for one in moves if one.account == account]
        before[account] = 1000_00 + sum(one.amount_fen for one in own if one.day < OCTOBER.first_day)
        now[account] = 1000_00 + sum(one.amount_fen for one in own if one.day <= OCTOBER.last_day)
    return Side(tuple(moves), before, {**now, **closings}, until=until)


BOOK = [
    move("a", 2, 50_00), move("b", 9, -30_00), move("c", 15, 5_00), move("d", 30, 8_00), move("w", 12, 70_00, W_BANK),
]  # fmt: skip


def told(found: tuple[Difference, ...]) -> list[tuple[Kind, str, int]]:
    return [(one.kind, one.ref, one.amount_fen) for one in found]


def changed(ref: str, /, **fields: object) -> list[Movement]:
    return [replace(one, **fields) if one.ref == ref else one for one in BOOK]  # type: ignore[arg-type]


def on(day: int) -> date:
    return date(2026, 10, 1) + timedelta(days=day - 1)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (BOOK, []),
        (BOOK[1:], [("missing_at_party", "a", -50_00)]),
        ([*BOOK, move("x", 9, 9_00)], [("missing_in_book", "x", 9_00)]),
        ([*BOOK, BOOK[0]], [("doubled", "a", 50_00)]),
        (changed("c", amount_fen=4_00), [("wrong_amount", "c", -1_00)]),
        (changed("c", amount_fen=4_00, ref="other"), [("wrong_amount", "other", -1_00)]),  # by its words
        (changed("c", day=on(16)), [("wrong_date", "c", 0)]),
        (changed("c", day=on(16), ref="other"), [("wrong_date", "c", 0)]),
        (changed("c", account=W_BANK, fund="W维修资金"), [("wrong_fund", "c", 5_00)]),
        (changed("c", account=W_BANK, fund="W维修资金", ref="other"), [("wrong_fund", "other", 5_00)]),
        (changed("c", account=WECHAT), [("wrong_account", "c", 5_00)]),
        (changed("d", day=on(33)), [("timing", "d", -8_00)]),
        (changed("d", day=on(33), ref="other"), [("timing", "d", -8_00)]),
        (changed("a", day=on(33)), [("wrong_date", "a", -50_00)]),  # no money is a month on its way
        (changed("a", day=on(0)), []),  # it was on its way, and has arrived
        ([*changed("a", amount_fen=51_00)[:1], *changed("b", amount_fen=-31_00)[1:]],
         [("wrong_amount", "a", 1_00), ("wrong_amount", "b", -1_00)]),
        ([*BOOK, replace(move("x", 3, 9_00), until=on(2))], [("future_dated", "x", 9_00)]),
        ([*BOOK, replace(move("x", 33, 9_00), until=on(31))], [("future_dated", "x", 9_00)]),
        ([*BOOK, move("x", 33, 9_00)], []),  # November's matter
        (changed("c", ref="other"), [("missing_at_party", "c", -5_00), ("missing_in_book", "other", 5_00)]),
        (changed("c", account=W_BANK, fund="W维修资金", day=on(25)), [("wrong_fund", "c", 5_00)]),
    ],
)  # fmt: skip
def test_each_kind_has_its_name(held: list[Movement], expected: list[tuple[Kind, str, int]]) -> None:
    assert sorted(told(compare("bank", side(BOOK), side(held), OCTOBER))) == sorted(expected)


@pytest.mark.parametrize(
    ("book", "held", "expected"),
    [
        ([move("p/1", 2, 5_00)], [move("p/2", 20, 9_00)],  # numbers of vouchers are not a bank's serials
         [("missing_at_party", "p/1", -5_00), ("missing_in_book", "p/2", 9_00)]),
        ([move("s/500", 2, 5_00, source="f")], [move("s/900", 2, 9_00, source="f")], [("wrong_amount", "s/900", 4_00)]),
        ([move("x", 33, 9_00)], [replace(move("x", 33, 9_00), until=on(31))], [("future_dated", "x", 0)]),
        ([move("x", -5, 9_00)], [move("x", -3, 9_00)], []),  # September's matter
        ([replace(move("x", 29, 9_00), source="f")], [], [("missing_at_party", "x", -9_00)]),
        ([move("x", 29, 9_00)], [], [("timing", "x", -9_00)]),
    ],
)  # fmt: skip
def test_which_movements_are_one(
    book: list[Movement], held: list[Movement], expected: list[tuple[Kind, str, int]]
) -> None:
    assert told(compare("bank", side(book), side(held, on(31)), OCTOBER)) == expected


@pytest.mark.parametrize(
    ("opening", "closing", "expected"),
    [
        (0, 1_00, [("forged_closing", 1_00)]),
        (1_00, 1_00, [("closing_differs", 1_00)]),
        (1_00, 0, [("forged_closing", -1_00), ("closing_differs", 1_00)]),
    ],
)
@pytest.mark.parametrize("until", [None, on(31)])
def test_balances_that_rows_do_not_explain(
    opening: int, closing: int, expected: list[tuple[str, int]], until: date | None
) -> None:
    held = side(BOOK, until)
    held = replace(
        held,
        openings={**held.openings, G_BANK: 1000_00 + opening},
        closings={**held.closings, G_BANK: 1033_00 + closing},
    )
    found = compare("bank", side(BOOK), held, OCTOBER)
    assert [(one.kind, one.amount_fen) for one in found if one.account == G_BANK] == expected


def test_a_forged_closing_beside_a_wrong_amount_is_its_own() -> None:
    held = side(changed("c", amount_fen=4_00), on(31), **{G_BANK: 1040_00})
    found = told(compare("bank", side(BOOK), held, OCTOBER))
    assert found == [("forged_closing", "", 8_00), ("wrong_amount", "c", -1_00)]


def test_a_voucher_by_hand_near_the_end_may_be_on_its_way_but_not_for_ever() -> None:
    book = side([*BOOK, move("hand", 29, -9_00)])
    (found,) = compare("bank", book, side(BOOK, on(31)), OCTOBER)
    assert (found.kind, found.amount_fen) == ("timing", 9_00)
    (found,) = compare("bank", book, side(BOOK, on(45)), OCTOBER)
    assert found.kind == "missing_at_party"
    (found,) = compare("auditor", book, side(BOOK), OCTOBER)  # who was asked about it by its number
    assert found.kind == "missing_at_party"


def test_what_has_not_come_yet_is_told_by_the_day_given() -> None:
    assert told(compare("bank", side(BOOK), side(BOOK), OCTOBER, on(29))) == [("future_dated", "d", 0)]


def test_an_account_that_nobody_speaks_of() -> None:
    held = side(BOOK)
    held = replace(held, closings={name: fen for name, fen in held.closings.items() if name != WECHAT})
    assert [(one.kind, one.account) for one in compare("bank", side(BOOK), held, OCTOBER)] == [("no_statement", WECHAT)]


FILE = HeldFile("statements/2026-10/a.csv", "aa" * 32, "3021", G_BANK)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([FILE], []),
        ([replace(FILE, path="moved.csv")], []),
        ([], ["missing_file"]),
        ([replace(FILE, sha256="bb" * 32)], ["edited_file"]),
        ([replace(FILE, sha256="bb" * 32, number="4417", account=W_BANK)], ["other_account"]),
        ([replace(FILE, number="4417", account=W_BANK)], ["other_account"]),
        ([FILE, HeldFile("x.csv", "cc" * 32, "999", fault="没有登记")], ["other_account"]),
        ([FILE, HeldFile("x.csv", "cc" * 32, fault="读不出")], ["edited_file"]),
    ],
)
def test_files(held: list[HeldFile], expected: list[str]) -> None:
    found = compare("bank", replace(side(BOOK), files=(FILE,)), replace(side(BOOK), files=tuple(held)), OCTOBER)
    assert [one.kind for one in found] == expected


def test_the_rows_of_a_file_that_is_not_there_are_one_difference() -> None:
    """Not thirty: that the file is gone is told once, and its balances prove nothing."""
    book = [replace(one, source=FILE.sha256) for one in BOOK if one.account == G_BANK]
    found = compare("bank", replace(side(book), files=(FILE,)), side([]), OCTOBER)
    assert [one.kind for one in found] == ["missing_file"]


moves = st.lists(
    st.builds(
        move,
        ref=st.text("abcdefgh", min_size=3, max_size=6),
        day=st.integers(1, 31),
        fen=st.integers(-500_00, 500_00).filter(bool),
        account=st.sampled_from(ACCOUNTS),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.ref,
)


@given(moves, st.permutations(range(12)))
def test_equal_sides_differ_in_nothing_in_whatever_order(book: list[Movement], order: list[int]) -> None:
    held = [book[place] for place in order if place < len(book)]
    assert compare("auditor", side(book), side(held), OCTOBER) == ()


@given(moves, st.data())
def test_one_change_is_named_where_it_was_made(book: list[Movement], chosen: st.DataObject) -> None:
    place = chosen.draw(st.integers(0, len(book) - 1))
    one = book[place]
    more = chosen.draw(st.integers(-900_00, 900_00).filter(lambda fen: fen not in (0, -one.amount_fen)))
    others = [account for account in ACCOUNTS if account != one.account]
    instead = chosen.draw(
        st.sampled_from([
            [],
            [one, one],
            [replace(one, amount_fen=one.amount_fen + more)],
            [replace(one, account=others[0], fund=FUNDS[others[0]])],
            [replace(one, day=one.day + timedelta(days=1 if one.day.day < 31 else -1))],
            [replace(one, ref="zzz", amount_fen=one.amount_fen + more, text="")],
        ])
    )  # fmt: skip
    held = [*book[:place], *instead, *book[place + 1 :]]
    for mine, theirs in ((book, held), (held, book)):
        found = compare("bank", side(mine), side(theirs), OCTOBER)
        assert found
        assert {(told.account, told.ref) for told in found} <= {
            (account, ref) for account in (one.account, others[0]) for ref in (one.ref, "zzz")
        }


@given(moves, moves)
def test_nothing_is_netted(book: list[Movement], held: list[Movement]) -> None:
    """Every movement stands in one pair or alone on its side, and what is told adds up to what the sides differ by."""
    compared = compare_rows("bank", side(book), side(held), OCTOBER)
    paired = compared.paired
    rows = [row for row, _ in paired.pairs]
    entries = [entry for _, entry in paired.pairs]
    assert sorted([*rows, *paired.held, *paired.held_twice], key=repr) == sorted(held, key=repr)
    assert sorted([*entries, *paired.book, *paired.book_twice], key=repr) == sorted(book, key=repr)
    moved = sum(one.amount_fen for one in compared.differences if one.kind not in ("wrong_fund", "wrong_account"))
    assert moved == sum(one.amount_fen for one in held) - sum(one.amount_fen for one in book)


@given(moves, st.integers(1, 300_00))
def test_two_opposite_wrong_amounts_are_two_differences(book: list[Movement], off: int) -> None:
    first = replace(book[0], ref="first", amount_fen=400_00)
    second = replace(book[0], ref="second", amount_fen=-400_00)
    held = [replace(first, amount_fen=400_00 + off), replace(second, amount_fen=-400_00 - off)]
    found = compare("bank", side([*book[1:], first, second]), side([*book[1:], *held]), OCTOBER)
    assert told(found) == [("wrong_amount", "first", off), ("wrong_amount", "second", -off)]
