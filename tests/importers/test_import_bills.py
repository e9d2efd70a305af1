"""The trade bills' own totals, and plain tables with a column map."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import file_grids as grids
import pytest
from trade_bills import WECHAT, WECHAT_FOOT, WECHAT_HEAD, alipay_bill, alipay_row, wechat_row

from importers.plain_table import ColumnMap, load_column_map
from importers.registry import read_statements, statements_of
from importers.source import source_of
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement


def read(data: bytes, column_map: ColumnMap | None = None) -> Statement:
    (statement,) = statements_of(source_of(data, Path("bill.csv")), column_map)
    return statement


SALE = wechat_row("2026-03-02 08:15:00", "4200000000202603020000000001", "10.00", "0.06000")
BAD_STATE = wechat_row("2026-03-02 08:15:00", "4200000000202603020000000001", "10.00", "0.06000", state="?")
OTHER_SHOP = [*SALE[:2], "1900000025", *SALE[3:]]
REVOKED = wechat_row("2026-03-02 09:00:00", "4200000000202603020000000001", "10.00", "-0.06000", "503", "REVOKED")

WECHAT_REFUSED = [
    # rows             footer                                              sentence
    ([SALE], [1, "10.01", 0, 0, "0.06000", "10.00", 0], "第 4 行：应结订单总金额不符：文件合计写 10.01"),
    ([SALE], [1, "10.00", 0, 0, "0.06001", "10.00", 0], "第 4 行：手续费总金额不符：文件合计写 0.06001"),
    ([SALE], [2, "10.00", 0, 0, "0.06000", "10.00", 0], "第 4 行：总笔数不符：文件合计写 2，逐行相加为 1"),
    ([SALE], None, "账单没有合计行，文件可能被截断，请重新下载"),
    ([BAD_STATE], None, "第 2 行：交易状态“?”无法识别"),
    ([SALE, OTHER_SHOP], [2, "20.00", 0, 0, "0.12000", "20.00", 0], "文件里有几个商户号，请分商户号下载"),
]


@pytest.mark.parametrize(("rows", "footer", "sentence"), WECHAT_REFUSED)
def test_wechat_trade_refused(rows: list[list[object]], footer: list[object] | None, sentence: str) -> None:
    below = [] if footer is None else [WECHAT_FOOT, footer]
    with pytest.raises(Refused) as refused:
        read(grids.csv_backtick([WECHAT_HEAD, *rows, *below]))
    assert sentence in str(refused.value)


def test_wechat_trade_without_refund_columns() -> None:
    """The SUCCESS kind of bill has fewer columns and a shorter footer."""
    gone = {"微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "申请退款金额"}
    keep = [index for index, name in enumerate(WECHAT_HEAD) if name not in gone]
    grid = [[row[index] for index in keep] for row in (WECHAT_HEAD, SALE)]
    foot = [["总交易单数", "应结订单总金额", "手续费总金额", "订单总金额"], [1, "10.00", "0.06000", "10.00"]]
    assert [row.amount for row in read(grids.csv_backtick([*grid, *foot])).rows] == [Decimal("10.00"), Decimal("-0.06")]


def test_wechat_trade_revoked_sale() -> None:
    footer = [2, "10.00", "10.00", 0, "0.00000", "10.00", "10.00"]
    rows = read(grids.csv_backtick([WECHAT_HEAD, SALE, REVOKED, WECHAT_FOOT, footer])).rows
    assert [(row.amount, row.kind) for row in rows] == [
        (Decimal("10.00"), "normal"),
        (Decimal("-0.06"), "fee"),
        (Decimal("-9.94"), "reversal"),
    ]


def test_wechat_trade_is_sorted_by_time() -> None:
    times = [row.time for row in read(WECHAT).rows]
    assert times == sorted(times)


PAID = alipay_row("2026-03-02 08:00:00", "2026030222001400000000000001", "12.00", "-0.07")
BACK = alipay_row("2026-03-02 10:00:00", "2026030222001400000000000001", "-12.00", "0.07", "R17")
BACK_PLUS = alipay_row("2026-03-02 10:00:00", "2026030222001400000000000001", "12.00", "0.07", "R17")

ALIPAY_REFUSED = [
    ([PAID, BACK], (1, "12.01"), (1, "-12.00"), "第 9 行：交易合计不符：文件合计写 12.01，逐行相加为 12.00"),
    ([PAID, BACK], (1, "12.00"), (2, "-12.00"), "第 10 行：退款笔数不符：文件合计写 2，逐行相加为 1"),
    ([PAID, BACK_PLUS], (1, "12.00"), (1, "-12.00"), "第 7 行：退款行的商家实收 12.00 正负号不对"),
]


@pytest.mark.parametrize(("rows", "sales", "refunds", "sentence"), ALIPAY_REFUSED)
def test_alipay_trade_refused(
    rows: list[list[object]], sales: tuple[int, str], refunds: tuple[int, str], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(alipay_bill(rows, sales, refunds))
    assert sentence in str(refused.value)


def test_alipay_trade_cut_before_its_totals() -> None:
    whole = alipay_bill([PAID], (1, "12.00"), (0, "0.00"))
    with pytest.raises(Refused, match="账单没有合计行，文件可能被截断，请重新下载"):
        read(whole[: whole.index("#交易合计".encode("gb18030"))])


LEDGER_HEAD = ["日期", "摘要", "借方金额", "贷方金额", "余额"]
LEDGER_BANK = [["2026-03-01", "车位费", "", "150.00", "1,150.00"], ["2026-03-02", "维修", "50.00", "", "1,100.00"]]
LEDGER_BOOK = [["2026-03-01", "车位费", "150.00", "", "1,150.00"], ["2026-03-02", "维修", "", "50.00", "1,100.00"]]


@pytest.mark.parametrize("rows", [LEDGER_BANK, LEDGER_BOOK], ids=["as the bank sees it", "as the firm's book has it"])
def test_a_ledger_program_export_is_read_by_its_balance(rows: list[list[str]]) -> None:
    statement = read(grids.tsv_gbk([LEDGER_HEAD, *rows]))
    assert [row.amount for row in statement.rows] == [Decimal("150.00"), Decimal("-50.00")]


def test_a_ledger_program_export_of_one_row_is_ambiguous() -> None:
    with pytest.raises(Refused, match="表中看不出借方是收入还是支出，请提供列对照表"):
        read(grids.tsv_gbk([LEDGER_HEAD, LEDGER_BANK[0]]))


MAP = """
name = "savings"
date = "Datum"
date_format = "%d/%m/%y"
into = "Ein"
out = "Aus"
signs_mean_nothing = true
decimal = ","
summary = "Text"
serial = "Nr"
account_no = "33010017"
currency = "CNY"
opening_row = "Anfang"
closing_row = "Ende"
"""
MAPPED = [
    ["Konto 1"],
    ["Ende", "", "", "", "+1.130,05"],
    ["Datum", "Nr", "Text", "Aus", "Ein"],
    ["02/03/26", "N1", "车位费", "", "150,05"],
    ["03/03/26", "N2", "维修", "-20,00", ""],
    ["Anfang", "", "", "", "+1.000,00"],
]


def test_a_table_with_a_column_map(tmp_path: Path) -> None:
    table, toml = tmp_path / "a.csv", tmp_path / "map.toml"
    table.write_bytes(grids.csv_gbk(MAPPED))
    toml.write_text(MAP, encoding="utf-8")
    (statement,) = read_statements(table, load_column_map(toml))
    assert (statement.layout, statement.account_no) == ("plain.savings", "33010017")
    assert [(str(row.date), row.amount, row.serial) for row in statement.rows] == [
        ("2026-03-02", Decimal("150.05"), "N1"),
        ("2026-03-03", Decimal("-20.00"), "N2"),
    ]
    assert (statement.opening, statement.closing) == (Decimal("1000.00"), Decimal("1130.05"))


def test_a_table_with_a_flag_column() -> None:
    column_map = ColumnMap(
        date="日", amount="额", flag="向", balance="余", flag_in=("进",), flag_out=("出",),
        signs_mean_nothing=True,
    )
    grid = [["日", "额", "向", "余"], ["2026-03-01", "5.00", "进", "15.00"], ["2026-03-02", "3.00", "出", "12.00"]]
    assert [row.amount for row in read(grids.csv_gbk(grid), column_map).rows] == [Decimal("5.00"), Decimal("-3.00")]


BAD_MAPS = [
    ("date = ", "map.toml：列对照表打不开或不是 TOML 文件"),
    ('into = "收"', "map.toml：列对照表里这些项不对：date"),
    ('date = "日"\nextra = 1', "map.toml：列对照表里这些项不对：extra"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_MAPS)
def test_bad_column_maps(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_column_map(tmp_path / "map.toml")
    assert str(refused.value) == sentence


def test_a_column_map_that_does_not_fit() -> None:
    with pytest.raises(Refused, match="列对照表应给出一个金额列，或收入、支出两列"):
        read(b"a,b", ColumnMap(date="a"))
    with pytest.raises(Refused, match="文件里没有列对照表所说的表头（看到的表头：a、b）"):
        read(b"a,b", ColumnMap(date="c", amount="b"))
