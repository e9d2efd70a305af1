"""会住维01, 02, 03 with the household ledger: 商品住宅 and 已售公有住房 to the fen, in every column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount.core.data import Directive, Transaction
from fund_books import BOTH, load, made, row, voucher
from fund_books import COMPOUND as TEXT_COMPOUND
from fund_books import STREET as TEXT_STREET
from histories import History, histories
from hypothesis import given, settings
from hypothesis import strategies as st
from little_fund import BANK, PAYABLE, SUSPENSE
from nature_books import MARCH, mixed, mixed_books, stated
from paper_books import COMPOUND, STREET

from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.household_events import YieldDistribution
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.households.from_ledger import read_event
from jiezhang.households.fund import FundFiles, replay_fund
from reports.fund_statements import FundStatements, fund_statements, trace

THREE = ("commercial", "public", "common")


@pytest.fixture(scope="module")
def march() -> FundStatements:
    return mixed()


def waiting(entry: Transaction | None) -> Transaction:
    assert entry is not None
    return entry._replace(flag="!")


def figures(value: FundStatements, form: Any, key: str, group: str) -> list[str]:
    """The row's figures by nature and in all; empty for a cell of nothing."""
    found = row(value, form, key)
    return [found.get(f"{group}:{nature}", "") for nature in (*THREE, "total")]


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("1001", ["1600.00", "600.00", "30.00", "2230.00"], ["1244.80", "452.80", "10.40", "1708.00"]),
        ("1101", ["", "", "", ""], ["311.20", "113.20", "2.60", "427.00"]),
        ("assets", ["1600.00", "600.00", "30.00", "2230.00"], ["1556.00", "566.00", "13.00", "2135.00"]),
        ("2001", ["", "", "", ""], ["", "377.33", "", "377.33"]),
        ("2999", ["", "", "", ""], ["", "", "5.00", "5.00"]),
        ("3001", ["1600.00", "", "", "1600.00"], ["1556.00", "", "", "1556.00"]),
        ("3002", ["", "600.00", "", "600.00"], ["", "188.67", "", "188.67"]),
        ("3101", ["", "", "30.00", "30.00"], ["", "", "8.00", "8.00"]),
        ("claims", ["1600.00", "600.00", "30.00", "2230.00"], ["1556.00", "566.00", "13.00", "2135.00"]),
    ],
)
def test_balance_sheet(march: FundStatements, key: str, start: list[str], end: list[str]) -> None:
    assert (figures(march, "01", key, "start"), figures(march, "01", key, "end")) == (start, end)


@pytest.mark.parametrize(
    ("key", "month", "year"),
    [
        ("4001", ["", "", "", ""], ["", "", "", ""]),
        ("4101", ["", "", "", ""], ["", "", "", ""]),
        ("5001", ["", "", "", ""], ["60.00", "40.00", "", "100.00"]),
        ("5101", ["", "377.33", "", "377.33"], ["", "377.33", "", "377.33"]),
        ("surplus", ["", "-377.33", "", "-377.33"], ["-60.00", "-417.33", "", "-477.33"]),
    ],
)
def test_income(march: FundStatements, key: str, month: list[str], year: list[str]) -> None:
    assert (figures(march, "02", key, "month"), figures(march, "02", key, "year")) == (month, year)


def test_receipts_of_the_year_before() -> None:
    value = stated(mixed_books(), Month(2026, 12))
    assert figures(value, "02", "4001", "month") == ["1600.00", "600.00", "", "2200.00"]
    assert figures(value, "02", "4101", "year") == ["", "", "30.00", "30.00"]
    assert not value.failing


@pytest.mark.parametrize(
    ("key", "amounts"),
    [
        ("start", ["1600.00", "600.00", "30.00", "2230.00"]),
        ("surplus", ["-60.00", "-417.33", None, "-477.33"]),
        ("distribution", ["16.00", "6.00", "-22.00", None]),
        ("other", [None, None, None, None]),
        ("end", ["1556.00", "188.67", "8.00", "1752.67"]),
    ],
)
def test_net_assets(march: FundStatements, key: str, amounts: list[str | None]) -> None:
    found = row(march, "03", key)
    assert [found.get(column) for column in ("3001", "3002", "3101", "total")] == amounts


def test_every_equality_holds_in_every_column(march: FundStatements) -> None:
    assert {check.holds for check in march.checks} == {True}
    assert march.natures == THREE
    names = [check.left.name for check in march.checks]
    for day in ("年初", "期末"):
        assert {f"{day}{n}资产总计" for n in ("商品住宅", "已售公有住房", "共有待分配")} <= set(names)
    by_household = {c.left.name: c.right for c in march.checks if c.right and c.right.name.startswith("分户账")}
    assert {name: str(right.amount) for name, right in by_household.items()} == {
        "期末商品住宅维修资金": "1556.00", "期末已售公有住房维修资金": "188.67",
    }  # fmt: skip


def test_a_fen_that_the_households_have_otherwise_is_said_plainly() -> None:
    books = mixed_books()
    replay = books.replay(MARCH.last_day)
    shared_out = next(b for b in replay.journal if isinstance(b.event, YieldDistribution))
    shared_out.change_fen[0] += 1
    assert [(c.left.name, str(c.difference)) for c in stated(books, replay=replay).failing] == [
        ("期末商品住宅维修资金", "-0.01"),
    ]


def test_a_replay_of_other_books_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="the parts of a posting add up to it"):
        stated(mixed_books(), replay=mixed_books().replay())


def test_a_cell_is_the_sum_of_its_postings_and_the_banks_total_of_the_banks(march: FundStatements) -> None:
    for form in march.forms:
        for line in form.lines:
            for cell in line.cells:
                assert sum((source.amount for source in trace(cell)), Decimal(0)) == cell.amount
    assert {source.account for source in trace(march.balance_sheet.cell("1001", "end:total"))} == {BANK}


def test_without_a_replay_or_with_faults_nothing_is_split() -> None:
    books = mixed_books()
    faulty = mixed_books()
    odd = faulty.add(faulty.model.deposit(date(2027, 3, 31), {"B01-1-101": 100}, first=False))
    replay = replay_fund(faulty.files, [*faulty.entries[:-1], odd._replace(meta={"voucher": "记-0009"})])
    assert len(replay.faults) == 1
    for value in (stated(books, replay=None), stated(faulty, replay=replay)):
        assert value.natures == ("commercial", "public", "unsplit")
        assert row(value, "02", "5001")["year:unsplit"] == "100.00"
        assert not [c for c in value.checks if c.right and "分户账" in c.right.name]
    assert stated(faulty, Month(2027, 2), replay=replay).natures == THREE


def test_a_distribution_that_waits_changes_no_figure() -> None:
    books = mixed_books()
    before = stated(books).balance_sheet
    books.entries.append(waiting(books.model.distribute(date(2027, 3, 31), 800, "jishu")))
    after = stated(books).balance_sheet
    assert [[str(c.amount) for c in line.cells] for line in after.lines] == [
        [str(c.amount) for c in line.cells] for line in before.lines
    ]


def test_a_lost_house_is_paid_in_the_nature_it_was_owed_in() -> None:
    books = mixed_books()
    books.add(books.model.pay_lost(date(2027, 4, 2), "B02-1-102"))
    value = stated(books, Month(2027, 4))
    assert (row(value, "01", "2001"), value.failing) == ({}, ())
    books.entries[-1] = books.entries[-1]._replace(meta={"filename": "x", "lineno": 1})  # nobody named
    assert row(stated(books, Month(2027, 4)), "01", "2001") == {}


def test_a_correction_between_natures_moves_the_bank_too() -> None:
    books = mixed_books()
    books.add(books.model.correct(date(2027, 3, 31), "B02-1-101", "B02/S", 1_000))
    value = stated(books)
    assert figures(value, "01", "3001", "end")[0] == "1546.00"
    assert figures(value, "01", "assets", "end")[:2] == ["1546.00", "576.00"]
    assert row(value, "03", "other") == {"3001": "-10.00", "3002": "10.00"}
    assert not value.failing


def test_a_closing_voucher_is_refused() -> None:
    """Statements carry income and expense over; a voucher that does would be a payment's other half."""
    closing = load(voucher("2027-03-31", "3001:B02 60.00 | 3002:B02 40.00 | 5001:B02 -100.00"))[-1]
    with pytest.raises(Refused, match=r"维修资金没有这样的凭证：3001.*、3002.*、5001维修，银行没有收付"):
        read_event(closing, {})


def test_one_natures_compound_has_no_common_column() -> None:
    books = mixed_books()
    alone = type(books)(books.homes[:2])
    alone.add(alone.model.deposit(date(2026, 12, 1), {"B02-1-101": 60_000}, first=True))
    alone.add(alone.model.income(date(2026, 12, 21), "4101", 3_000))
    value = stated(alone, Month(2026, 12))
    assert value.natures == ("commercial", "public")
    assert row(value, "01", "1001") == {"end:commercial": "630.00", "end:total": "630.00"}
    assert not value.failing


# ---------------------------------------------------------------------- an account for each nature (165号令 art. 11)
def apart(*vouchers: str) -> FundStatements:
    entries = load(*vouchers)
    replay = replay_fund(FundFiles(FundRegister(date(2025, 11, 1), BOTH)), entries)
    assert not replay.faults, replay.faults
    return fund_statements(
        entries, street=TEXT_STREET, compound=TEXT_COMPOUND, month=Month(2026, 9), replay=replay, dwellings=BOTH
    )


PUBLIC, COMMERCIAL = "1001-02公有住房专户", "1001-01商品住宅专户"
APART = (
    voucher("2026-01-10", f"{COMMERCIAL} 300.00 | 4001:03 -300.00", 'household: "03-1-101"'),
    voucher("2026-01-10", f"{PUBLIC} 200.00 | 4001:03 -200.00", 'household: "03-1-102"'),
    voucher("2026-03-21", f"{COMMERCIAL} 3.00 | 4101 -3.00"),
    voucher("2026-03-21", f"{PUBLIC} 2.00 | 4101 -2.00"),
    voucher(
        "2026-06-30", "3101 5.00 | 3001:03 -3.00 | 3002:03 -2.00", 'apportion: "compound"', 'basis: "jishu"',
        "apportion-total: 5.00",
    ),
    voucher("2026-08-01", f"{PUBLIC} 1.00 | 3001:03 -1.00", flag="!"),
)  # fmt: skip


def test_with_an_account_for_each_nature_everything_is_of_one() -> None:
    value = apart(*APART)
    assert value.natures == ("commercial", "public")
    assert figures(value, "01", "1001", "end") == ["303.00", "203.00", "", "506.00"]
    assert figures(value, "02", "4101", "year") == ["3.00", "2.00", "", "5.00"]
    assert figures(value, "01", "2999", "end") == ["", "1.00", "", "1.00"]
    assert not value.failing


def test_what_one_nature_paid_for_the_other_is_said_plainly() -> None:
    value = apart(*APART, voucher("2026-09-01", f"5001:03 10.00 | {COMMERCIAL} -10.00", 'household: "03-1-102"'))
    assert [(check.left.name, str(check.difference)) for check in value.failing] == [
        ("期末商品住宅资产总计", "-10.00"), ("期末已售公有住房资产总计", "10.00"),
    ]


# ---------------------------------------------------------------------- notes
def test_repairs_are_told_by_project(march: FundStatements) -> None:
    assert [(r.title, r.remark, *(str(c.amount) for c in r.cells)) for r in march.notes[3].rows] == [
        ("WX-01 屋面防水翻修", "B02幢　示例防水工程有限公司　凭证 2月 记-0001", "0.00", "100.00"),
        ("返还支出·B02", "本月凭证 记-0001", "377.33", "377.33"),
    ]


def test_repairs_without_a_register_are_told_by_building() -> None:
    rows = stated(mixed_books(), projects=()).notes[3].rows
    assert [r.title for r in rows] == ["维修支出·B02", "返还支出·B02"]


def test_a_project_that_is_not_registered_is_named_by_its_code() -> None:
    value = stated(mixed_books(), projects=(mixed_books().projects[0].model_copy(update={"code": "WX-09"}),))
    assert (value.notes[3].rows[0].title, value.notes[3].rows[0].remark) == (
        "维修支出·WX-01", "未登记的项目　凭证 2月 记-0001",
    )


def test_the_notes_say_how_the_natures_are_told_apart(march: FundStatements) -> None:
    words = "".join(march.notes[0].texts)
    assert "“共有待分配”栏" in words and "专户由两种性质共用" in words and "性质未分" not in words
    assert "专户由两种性质共用" not in "".join(apart(*APART).notes[0].texts)
    assert "共有待分配" not in "".join(made().notes[0].texts)


# ---------------------------------------------------------------------- by chance
def unexplained(entry: Transaction) -> Transaction:
    """Rows that nobody has explained, as they are before somebody posts them."""
    return waiting(entry) if any(p.account == SUSPENSE for p in entry.postings) else entry


def is_public(history: History, code: str) -> bool:
    changed = {code for _, change in history.register.changes for code, _ in change.made}
    natures = {home.code: home.nature for home in history.dwellings}
    if code in natures or "/" in code:
        return "/" in code or natures[code] == "public"
    assert code in changed
    origin = next(c for _, c in history.register.changes if code in dict(c.made))
    return is_public(history, origin.sources[0])


def sums(history: History, until: date) -> dict[str, Decimal]:
    """What the naive model says each nature has at the end of a day."""
    found = {"3001": 0, "3002": 0}
    done = [step for step in history.steps if step.done.date <= until]
    for code, fen in done[-1].money.items() if done else ():
        if fen:
            found["3002" if is_public(history, code) else "3001"] += fen
    return {key: Decimal(fen).scaleb(-2) for key, fen in found.items()}


def owed(history: History, until: date) -> dict[str, Decimal]:
    """Lost houses by nature, from the vouchers."""
    found = {"commercial": Decimal(0), "public": Decimal(0)}
    for entry in history.vouchers:
        for posting in entry.postings:
            if posting.account == PAYABLE and entry.date <= until and posting.units and posting.units.number:
                public = is_public(history, str(entry.meta["household"]))
                found["public" if public else "commercial"] -= posting.units.number
    return found


@settings(max_examples=80)
@given(histories(), st.integers(0, 40))
def test_any_history_balances_in_every_column_and_is_what_the_households_have(history: History, months: int) -> None:
    month = Month(2026, 1).shift(months)
    entries: list[Directive] = [unexplained(entry) for entry in history.vouchers]
    replay = replay_fund(history.files, entries, month.last_day)
    value = fund_statements(
        entries, street=STREET, compound=COMPOUND, month=month, dwellings=history.dwellings, replay=replay
    )
    assert not replay.faults and not value.failing
    assert "unsplit" not in value.natures
    sheet = value.balance_sheet
    for group, day in (("start", date(month.year - 1, 12, 31)), ("end", month.last_day)):
        for nature in value.natures:
            assert sheet.cell("assets", f"{group}:{nature}").amount == sheet.cell("claims", f"{group}:{nature}").amount
        expected = sums(history, day)
        for key, amount in expected.items():
            assert sheet.cell(key, f"{group}:total").amount == amount
            assert sheet.cell(key, f"{group}:{'public' if key == '3002' else 'commercial'}").amount == amount
        for nature, amount in owed(history, day).items():
            assert sheet.cell("2001", f"{group}:{nature}").amount == amount
    if "common" in value.natures:
        before, after = sums(history, date(month.year - 1, 12, 31)), sums(history, month.last_day)
        for key, nature in (("3001", "commercial"), ("3002", "public")):
            other = value.net_assets.cell("distribution", key).amount + value.net_assets.cell("other", key).amount
            assert value.income.cell("surplus", f"year:{nature}").amount + other == after[key] - before[key]
