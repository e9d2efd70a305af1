"""会住维01, 02, 03 against figures added up by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from fund_books import BANK, BOTH, COMPOUND, HEAD, STREET, YEAR, account, dwelling, load, made, row, voucher

from jiezhang.domain.chart import CHART, UNVERIFIED
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from reports.fund_forms import BALANCE_SHEET, CLOSES_TO, FOOTNOTES, INCOME, NET_ASSETS
from reports.fund_statements import fund_statements, trace
from reports.fund_value import FundStatements


@pytest.fixture(scope="module")
def year() -> FundStatements:
    return made(*YEAR, dwellings=BOTH, bank={BANK: Decimal("1132.65")})


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("1001", "1037.00", "1133.65"),
        ("1101", None, None),
        ("assets", "1037.00", "1133.65"),
        ("2001", None, "60.00"),
        ("2999", None, "3.00"),
        ("3001", "830.00", "741.90"),
        ("3002", "150.00", "278.00"),
        ("3101", "57.00", "50.75"),
        ("claims", "1037.00", "1133.65"),
    ],
)
def test_balance_sheet(year: FundStatements, key: str, start: str | None, end: str | None) -> None:
    found = row(year, "01", key)
    assert (found.get("start:total"), found.get("end:total")) == (start, end)


@pytest.mark.parametrize(
    ("key", "month", "so_far", "commercial", "public"),
    [
        ("4001", "-20.00", "180.00", None, "180.00"),
        ("4101", None, "5.25", None, None),
        ("4102", None, "12.00", None, None),
        ("4201", "18.00", "18.00", None, None),
        ("4901", None, None, None, None),
        ("income", "-2.00", "215.25", None, "180.00"),
        ("5001", None, "120.10", "120.10", None),
        ("5101", "60.00", "60.00", None, "60.00"),
        ("5901", "1.50", "1.50", None, None),
        ("expenses", "61.50", "181.60", "120.10", "60.00"),
        ("surplus", "-63.50", "33.65", "-120.10", "120.00"),
    ],
)
def test_income(
    year: FundStatements, key: str, month: str | None, so_far: str | None, commercial: str | None, public: str | None
) -> None:
    found = row(year, "02", key)
    assert (found.get("month:total"), found.get("year:total")) == (month, so_far)
    assert (found.get("year:commercial"), found.get("year:public")) == (commercial, public)


@pytest.mark.parametrize(
    ("key", "commercial", "public", "undistributed", "total"),
    [
        ("start", "830.00", "150.00", "57.00", "1037.00"),
        ("surplus", "-120.10", "120.00", "33.75", "33.65"),
        ("distribution", "32.00", "8.00", "-40.00", None),
        ("other", None, None, None, None),
        ("end", "741.90", "278.00", "50.75", "1070.65"),
    ],
)
def test_net_assets(
    year: FundStatements, key: str, commercial: str | None, public: str | None, undistributed: str, total: str | None
) -> None:
    found = row(year, "03", key)
    assert [found.get(column) for column in ("3001", "3002", "3101", "total")] == [
        commercial, public, undistributed, total,
    ]


def test_every_equality_holds_and_the_bank_is_told_apart(year: FundStatements) -> None:
    assert [check.left.name for check in year.checks if check.holds is not True] == ["账面建行4417"]
    assert year.failing[0].difference == Decimal("1.00")
    assert year.waiting == 1


@pytest.mark.parametrize("code", CLOSES_TO)
@pytest.mark.parametrize("nature", ["commercial", "public"])
def test_every_flow_ends_in_one_part_of_net_assets(code: str, nature: str) -> None:
    owners = {"commercial": "3001", "public": "3002"}[nature]
    other = "1001 100.00" if CHART["W"][code].root == "Income" else "1001 -100.00"
    amount = "-100.00" if CHART["W"][code].root == "Income" else "100.00"
    statements = made(
        voucher("2026-09-01", f"{code} {amount} | {other}", f'nature: "{nature}"'), dwellings=BOTH
    )
    bucket = owners if CLOSES_TO[code] == "owners" else "3101"
    rows = {key: row(statements, "01", key) for key in ("3001", "3002", "3101")}
    assert {key for key, found in rows.items() if found} == {bucket}
    assert rows[bucket][f"end:{nature}"].lstrip("-") == "100.00"
    assert not statements.failing


@pytest.mark.parametrize(
    ("legs", "metas", "dwellings", "nature"),
    [
        ("1001 9.00 | 4001 -9.00", "", (), "commercial"),
        ("1001 9.00 | 4001 -9.00", "", (dwelling("01", "public"),), "public"),
        ("1001 9.00 | 4001 -9.00", "", BOTH, "unsplit"),
        ("1001 9.00 | 4001:B01 -9.00", "", BOTH, "commercial"),
        ("1001 9.00 | 4001:02 -9.00", "", BOTH, "public"),
        ("1001 9.00 | 4001:B03 -9.00", "", BOTH, "unsplit"),
        ("1001 9.00 | 4001 -9.00", 'nature: "public"', BOTH, "public"),
        ("1001 9.00 | 4001 -9.00 nature=public", 'nature: "commercial"', BOTH, "public"),
        ("1001 9.00 | 4001:B01 -9.00", 'nature: "public"', BOTH, "commercial"),
        ("1001 9.00 | 4001 -9.00", 'household: "02-1-101"', BOTH, "public"),
        ("1001 9.00 | 4001 -9.00", 'household: "99-1-101"', BOTH, "unsplit"),
        ("1001-02公有住房专户 9.00 | 4001 -9.00", "", BOTH, "public"),
        ("1001-01商品住宅专户 9.00 | 4001 -9.00", "", BOTH, "commercial"),
        ("1001-01商品住宅专户 9.00 | 1001-02公有住房专户 9.00 | 4001 -18.00", "", BOTH, "unsplit"),
    ],
)
def test_the_nature_of_a_receipt(legs: str, metas: str, dwellings: tuple[object, ...], nature: str) -> None:
    statements = made(voucher("2026-09-01", legs, *filter(None, [metas])), dwellings=dwellings)  # type: ignore[arg-type]
    assert row(statements, "02", "4001").keys() == {
        f"month:{nature}", "month:total", f"year:{nature}", "year:total",
    }


def test_a_bank_account_that_both_share_is_not_split_by_its_latest_movements() -> None:
    statements = made(voucher("2026-09-01", "1001 9.00 | 4001:B01 -9.00"), dwellings=BOTH)
    assert row(statements, "01", "1001") == {"end:unsplit": "9.00", "end:total": "9.00"}
    assert "两种性质各自的资产与净资产因此不能逐栏核对" in statements.notes[0].texts[-1]
    assert not [check for check in statements.checks if "商品住宅资产" in check.left.name]


def test_a_waiting_row_is_in_suspense_with_the_nature_of_its_bank_account() -> None:
    waiting = voucher("2026-09-01", "1001-02公有住房专户 9.00 | 4001 -9.00", flag="!")
    statements = made(waiting, dwellings=BOTH)
    assert row(statements, "01", "2999") == {"end:public": "9.00", "end:total": "9.00"}
    assert (statements.waiting, row(statements, "02", "4001"), statements.failing) == (1, {}, ())


def test_money_of_one_nature_in_the_other_natures_account_is_said_plainly() -> None:
    statements = made(
        voucher("2026-09-01", "1001-01商品住宅专户 9.00 | 4001:B02 -9.00"), dwellings=BOTH
    )
    assert [(check.left.name, str(check.difference)) for check in statements.failing] == [
        ("期末商品住宅资产总计", "9.00"), ("期末已售公有住房资产总计", "-9.00"),
    ]


CLOSING = (
    voucher("2026-09-30", "4001:B02 180.00 | 3002 -180.00"),
    voucher("2026-09-30", "3001 120.10 | 5001:B01 -120.10"),
    voucher("2026-09-30", "4101 5.25 | 4102 12.00 | 4201 18.00 | 5901 -1.50 | 3101 -33.75"),
)


def test_a_closing_voucher_changes_no_figure_but_the_notes_trace(year: FundStatements) -> None:
    closed = made(*YEAR, *CLOSING, dwellings=BOTH)
    for form in ("01", "02", "03"):
        for line in year.form(form).lines:  # type: ignore[arg-type]
            if line.cells:
                assert row(closed, form, line.key) == row(year, form, line.key), (form, line.key)
    assert not closed.failing
    assert len(closed.notes[5].rows) == len(year.notes[5].rows) == 3


@pytest.mark.parametrize("nature", [None, "public"])
def test_a_closing_without_a_word_follows_what_its_account_gathered(nature: str | None) -> None:
    metas = [f'nature: "{nature}"'] if nature else []
    statements = made(
        voucher("2026-09-01", "1001 9.00 | 4001 -9.00", *metas),
        voucher("2026-09-30", "4001 9.00 | 3002 -9.00"),
        dwellings=BOTH,
    )
    assert row(statements, "01", "3002") == {"end:public": "9.00", "end:total": "9.00"}
    assert not statements.balance_sheet.cell("unsplit", "end:total").amount


def test_other_changes_name_their_vouchers() -> None:
    statements = made(
        *YEAR, voucher("2026-07-07", "1001 10.00 | 3001 -10.00", number="记-0031"), dwellings=BOTH
    )
    assert row(statements, "03", "other") == {"3001": "10.00", "total": "10.00"}
    assert [(r.title, r.remark, str(r.cells[0].amount)) for r in statements.notes[5].rows][-1] == (
        "商品住宅维修资金", "2026-07-07 凭证 记-0031", "10.00",
    )


def test_an_opening_within_the_year_stands_in_the_columns_of_its_start() -> None:
    opening = voucher("2026-03-01", "1001 70.00 | 3001 -70.00", "opening: TRUE")
    statements = made(opening, voucher("2026-03-01", "1001 5.00 | 4001 -5.00"))
    assert row(statements, "01", "3001")["start:total"] == "70.00"
    assert row(statements, "03", "start") == {"3001": "70.00", "total": "70.00"}
    assert row(statements, "03", "surplus") == {"3001": "5.00", "total": "5.00"}


def _number(text: list[str], line: int) -> Decimal:
    return Decimal(text[line - 1].split()[1])


def test_every_cell_traces_to_lines_of_the_file_that_add_up_to_it(year: FundStatements) -> None:
    text = (HEAD + "\n".join(YEAR)).splitlines()
    seen = 0
    for form in year.forms:
        for line in form.lines:
            for cell in line.cells:
                debit = line.key in ("1001", "1101", "1201", "assets", "5001", "5101", "5901", "expenses")
                total = sum((_number(text, source.line) for source in trace(cell)), Decimal(0))
                assert (total if debit else -total) == cell.amount
                assert all(text[s.line - 1].split()[0] == s.account and s.voucher for s in trace(cell))
                seen += len(trace(cell))
    assert seen > 200
    paid = year.income.cell("5001", "year:total")
    assert [(s.voucher, s.account, str(s.amount)) for s in trace(paid)] == [
        ("记-0001", account("5001:B01"), "120.10")
    ]


@pytest.mark.parametrize(
    ("vouchers", "month", "sentence"),
    [
        ((), "2025-10", "长吴公寓自 2025-11-01 起建账，没有 2025-10 的报表"),
        (
            (voucher("2026-09-01", "1001 9.00 nature=gov | 4001 -9.00"),), "2026-09",
            "nature 写着“gov”，应为 commercial（商品住宅）或 public（已售公有住房）",
        ),
        ((voucher("2026-09-01", "1001 9.001 | 4001 -9.001"),), "2026-09", "凭证 记-0001 有一行金额不止两位小数"),
        (
            (voucher("2026-09-01", "1001 9.00 | 4001 -9.00").replace("CNY", "USD"),), "2026-09",
            "凭证 记-0001 有一行不是人民币金额",
        ),
    ],
)
def test_refusals(vouchers: tuple[str, ...], month: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        made(*vouchers, month=month)
    assert refused.value.message == sentence


def test_a_voucher_unbalanced_in_the_fund_is_refused() -> None:
    other = "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021"
    text = voucher("2026-09-01", "1001 9.00 | 4001 -9.00").replace(BANK, other)
    with pytest.raises(Refused, match=r"凭证 记-0001 在维修资金内借贷不平，相差 -9\.00 元"):
        fund_statements(load(text), street=STREET, compound=COMPOUND, month=Month(2026, 9))


def test_other_funds_and_compounds_are_passed_over(year: FundStatements) -> None:
    foreign = [
        voucher("2026-09-05", "1001 77.00 | 4001 -77.00").replace("C0007长吴公寓", "C0008别处"),
        voucher("2026-09-05", "1001 77.00 | 4901 -77.00").replace("W维修资金", "G公共收益").replace(":1001", ":1002"),
    ]
    again = made(*YEAR, *foreign, dwellings=BOTH)
    assert row(again, "01", "assets") == row(year, "01", "assets")


def test_the_declaration_holds_every_subject_of_the_chart_once() -> None:
    rows = [spec.key for form in (BALANCE_SHEET, INCOME) for spec in form.rows if spec.key in CHART["W"]]
    assert sorted(rows) == sorted(CHART["W"])


def test_what_is_unverified_is_marked() -> None:
    marked = {spec.key: spec.mark for form in (BALANCE_SHEET, INCOME, NET_ASSETS) for spec in form.rows if spec.mark}
    annex = {key for key, mark in marked.items() if mark == "annex"}
    assert {code for fund, code in UNVERIFIED if fund == "W"} <= annex
    assert set(marked.values()) <= set(FOOTNOTES)
    assert all("待核实" in FOOTNOTES[mark] for mark in ("annex", "accrual", "closing", "form01", "form02", "form03"))
