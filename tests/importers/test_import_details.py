"""Single rules of reading, as tables."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import file_grids as grids
import pytest
from forms import BY_LAYOUT
from statement_books import MARCH, book_of

from importers.kinds import Words, kind_of_words
from importers.registry import statements_of
from importers.source import source_of
from importers.table import cell_text, clean_cell, header_name
from importers.values import day_and_time, identifier, yuan
from jiezhang.domain.encoding import decode
from jiezhang.domain.statement import Statement, references

SAMPLES = Path(__file__).parent / "samples"


def read(data: bytes, name: str = "statement") -> Statement:
    (statement,) = statements_of(source_of(data, Path(name)))
    return statement


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("  358.92 \t", "358.92"),
        ("`2026-03-02 09:12:30", "2026-03-02 09:12:30"),
        ('="622200001234"', "622200001234"),
        ("\ufeff交易时间", "交易时间"),
        ("张 三（收）", "张 三（收）"),
        ("\u3000账号\u3000", "账号"),
    ],
)
def test_cells_are_cleaned_at_the_edges_only(cell: str, clean: str) -> None:
    assert clean_cell(cell) == clean


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (358.92, "358.92"),
        (10358.0, "10358"),
        (0.30000000000000004, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (3.3e15, "3300000000000000"),
        (date(2026, 3, 2), "2026-03-02"),
        (None, ""),
    ],
)
def test_workbook_cells_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("借方发生额（支取）", "借方发生额(支取)"),
        ("账　　号", "账号"),
        ("交易日期[ Transaction Date ]", "交易日期"),
        ("[HISTORYDETAIL]", "[HISTORYDETAIL]"),
        ("收入金额（＋元）", "收入金额(+元)"),
    ],
)
def test_header_names(cell: str, name: str) -> None:
    assert header_name(cell) == name


@pytest.mark.parametrize(
    ("text", "time", "day", "clock"),
    [
        ("2026-03-02 09:12:30", "", date(2026, 3, 2), "09:12:30"),
        ("2026-03-02 9:12", "", date(2026, 3, 2), "09:12:00"),
        ("2026/3/2", "", date(2026, 3, 2), ""),
        ("20260302", "091230", date(2026, 3, 2), "09:12:30"),
        ("20260302", "91230", date(2026, 3, 2), "09:12:30"),
        ("20260302 09:12:30", "", date(2026, 3, 2), "09:12:30"),
        ("2026年3月2日", "", date(2026, 3, 2), ""),
        ("2026-03-02T09:12:30", "", date(2026, 3, 2), "09:12:30"),
        ("46083", "", date(2026, 3, 2), ""),
        ("46083.5", "", date(2026, 3, 2), "12:00:00"),
    ],
)
def test_dates(text: str, time: str, day: date, clock: str) -> None:
    assert day_and_time(text, time) == (day, clock)


@pytest.mark.parametrize("text", ["", "合计", "收入 6 笔", "5 收 91,007.00", "12345", "2026", "备注20260302"])
def test_no_date(text: str) -> None:
    assert day_and_time(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("                  ", None),
        ("--", None),
        ("         10,358.92", "10358.92"),
        ("￥1，000.50", "1000.50"),
        ("+358.92", "358.92"),
        ("80.00-", "-80.00"),
        ("－８０．００", "-80.00"),
        ("1,234,567.8", "1234567.80"),
        ("0", "0.00"),
    ],
)
def test_amounts(text: str, amount: str | None) -> None:
    assert yuan(text) == (None if amount is None else Decimal(amount))


NO_AMOUNTS = ["1,00", "12,34.00", "1.2.3", "abc", "1e5", "0.30000000000000004", "12..34", "NaN", "½"]


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_no_amounts(text: str) -> None:
    with pytest.raises(ValueError, match="金额"):
        yuan(text)


def test_decimal_comma() -> None:
    assert yuan("+31.070,11", decimal_comma=True) == Decimal("31070.11")


def test_a_rounded_number_is_no_identifier() -> None:
    assert identifier("3301000000000000017", damaged=False) == "3301000000000000017"
    for text, damaged in (("3301000000000000000", True), ("3.301E+18", False)):
        with pytest.raises(ValueError, match="后几位已经丢失"):
            identifier(text, damaged)


TEXT = "交易时间,摘要\r\n2026-03-02,停车费"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xef\xbb\xbf" + TEXT.encode("gb18030"),  # marked as UTF-8, but GBK
    ],
    ids=["utf-8", "gbk", "utf-8-bom", "utf-16", "gbk marked utf-8"],
)
def test_encodings(data: bytes) -> None:
    assert decode(data, "a.csv") == TEXT


@pytest.mark.parametrize(
    ("text", "counterparty", "into", "kind"),
    [
        ("公共车位费 2幢301", "李某", True, "normal"),
        ("退汇 户名不符", "青禾绿化有限公司", True, "reversal"),
        ("冲正", "", False, "reversal"),
        ("结息", "", True, "interest"),
        ("活期付息", "示例银行营业部", True, "interest"),
        ("借款利息", "某某有限公司", True, "normal"),
        ("手续费 网银服务费", "", False, "fee"),
        ("物业服务费", "某某物业有限公司", False, "normal"),
        ("代办手续费", "某某代办有限公司", False, "normal"),
        ("停车费T+1结算", "财付通支付科技有限公司", True, "settlement"),
        ("停车费 提现", "支付宝（中国）网络技术有限公司", True, "settlement"),
        ("收付直通车支付结算", "", True, "settlement"),
        ("押金退款", "李某", False, "refund"),
    ],
)
def test_kinds(text: str, counterparty: str, into: bool, kind: str) -> None:
    assert kind_of_words(Words(text, counterparty, into)) == kind


def test_two_equal_fees_are_two_rows_with_two_references() -> None:
    for layout in ("icbc.history_detail", "ccb.current", "abc.detail"):
        form = BY_LAYOUT[layout]
        rows = read(form.render(form.carried(MARCH))).rows
        assert [row.amount for row in rows if row.kind == "fee"] == [Decimal("-2.50")] * 2
        assert len(set(references(rows))) == len(rows)


def test_a_payment_and_its_reversal_are_both_kept() -> None:
    rows = read((SAMPLES / "abc.detail" / "march.xls").read_bytes()).rows
    assert [(row.amount, row.kind) for row in rows[2:4]] == [
        (Decimal("-80.00"), "normal"),
        (Decimal("80.00"), "reversal"),
    ]


def test_a_lone_pair_newest_first_is_told_by_its_times() -> None:
    """Its balances fit both ways round."""
    pair = book_of("""
        2026-03-06 10:00:00 -80.00 | 青禾绿化有限公司 | 6222000000000000102 | 绿化养护 | 补植 | normal
        2026-03-06 10:00:05  80.00 | 青禾绿化有限公司 | 6222000000000000102 | 退汇 | 户名不符 | reversal
    """)
    form = BY_LAYOUT["spdb.detail"]
    assert [row.amount for row in read(form.render(pair)).rows] == [Decimal("-80.00"), Decimal("80.00")]


def test_red_ink_in_a_debit_column_is_money_back() -> None:
    head = ["对方账号", "交易时间", "对方单位", "用途", "摘要", "余额", "转出金额", "转入金额"]
    rows = [
        ["", "2026-03-01 08:00:00", "", "", "", "920.00", "80.00", ""],
        ["", "2026-03-01 08:00:09", "", "", "冲正", "1,000.00", "-80.00", ""],
    ]
    first, second = read(grids.csv_gbk([head, *rows])).rows
    assert (first.amount, first.kind) == (Decimal("-80.00"), "normal")
    assert (second.amount, second.kind) == (Decimal("80.00"), "reversal")


def test_page_totals_repeated_headers_and_notes_are_no_rows() -> None:
    form = BY_LAYOUT["psbc.detail"]
    book = form.carried(MARCH)
    cells = [form.cells(book, row, n) for n, row in enumerate(book.rows, 1)]
    between = [["", "", "", "本页小计", "580.00", "358.92"], list(form.heads[0]), []]
    after = [*form.below(book), ["以上数据仅供参考，以银行回单为准"]]
    grid = [*form.above(book), *form.heads, *cells[:4], *between, *cells[4:], *after]
    assert [row.serial for row in read(grids.xls(grid)).rows] == [row.serial for row in book.rows]


def test_a_total_row_in_words() -> None:
    """One of the Agricultural Bank's ways: everything in the first cell."""
    form = BY_LAYOUT["abc.detail"]
    book = form.carried(MARCH)
    cells = [form.cells(book, row, n) for n, row in enumerate(book.rows, 1)]
    read_totals = read(grids.xls([*form.above(book), *form.heads, *cells, ["6 收 12,742.19 4 支 585.00"]])).totals
    assert read_totals is not None
    assert (read_totals.count_in, read_totals.sum_in) == (6, Decimal("12742.19"))
    assert (read_totals.count_out, read_totals.sum_out) == (4, Decimal("585.00"))


def test_two_accounts_in_one_file_are_two_statements() -> None:
    form = BY_LAYOUT["ccb.current"]
    one = form.carried(MARCH)
    cells = [form.cells(one, row, n) for n, row in enumerate(one.rows, 1)]
    other = [["3301000000000000025", *row[1:]] for row in cells]
    statements = statements_of(source_of(grids.xls([*form.heads, *cells, *other]), Path("a.xls")))
    assert [(s.account_no, len(s.rows)) for s in statements] == [
        ("3301000000000000017", 10),
        ("3301000000000000025", 10),
    ]


def test_own_account_from_the_file_name() -> None:
    data = (SAMPLES / "icbc.in_out" / "march.csv").read_bytes()
    assert read(data, "historydetail1202000000000012345.csv").account_no == "1202000000000012345"
    assert read(data, "historydetail2345.csv").account_no == ""


def test_wechat_fund_bill_in_gzip_with_its_merchant_in_the_name() -> None:
    data = (SAMPLES / "wechat_fund" / "march.csv").read_bytes()
    statement = read(gzip.compress(data, mtime=0), "1900000017All2026-03-31.csv.gz")
    assert (statement.account_no, len(statement.rows)) == ("1900000017", 10)


def test_a_sale_has_one_reference_in_both_wechat_bills() -> None:
    trade = read((SAMPLES / "wechat_trade" / "tradebill_2026-03-02.csv").read_bytes())
    head = BY_LAYOUT["wechat_fund"].heads[0]
    flow = [
        ("08:15:00", "4200000000202603020000000001", "交易", "收入", "10.00", "10.00"),
        ("08:15:00", "4200000000202603020000000001", "扣除交易手续费", "支出", "0.06", "9.94"),
        ("18:00:00", "50300000002026030200000000009", "退款", "支出", "9.94", "0.00"),
    ]
    rows = [
        [f"2026-03-02 {at}", number, "1", kind, kind, way, amount, left, "", "", ""]
        for at, number, kind, way, amount, left in flow
    ]
    foot = [["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"], ["3", "1", "10.00", "2", "10.00"]]
    fund = read(grids.csv_backtick([head, *rows, *foot]))
    assert set(references(fund.rows)) <= set(references(trade.rows))


def test_a_csv_wrapped_in_the_first_column_of_a_workbook() -> None:
    data = (SAMPLES / "icbc.in_out" / "march.csv").read_bytes()
    lines = data.decode("gb18030").splitlines()
    assert read(grids.xls([[line] for line in lines])).rows == read(data).rows
