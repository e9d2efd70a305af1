"""Public and reconstructed statement files kept outside the project: what becomes of each."""

from __future__ import annotations

from pathlib import Path

import mt940
import pytest

from importers.__main__ import describe
from importers.plain_table import ColumnMap
from importers.registry import read_statements
from jiezhang.domain.problem import Refused

SHARED = Path(__file__).parents[3] / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not here")

PROVEN = """
abc_corp/abc_detail.xls                                   abc.detail           9
boc_corp/boc_statement.csv                                boc.inquiry          9
ccb_corp/ccb_2345_202603.xls                              ccb.current          9
cmb_corp/cmb_detail.xlsx                                  cmb.detail           9
icbc_corp/historydetail1234.xlsx                          icbc.history_detail  9
icbc_corp/historydetail_in_out.csv                        icbc.in_out          9
psbc_corp/psbc_detail.xls                                 psbc.detail          9
rcb_corp/nongshang_detail.xls                             rcb.detail           9
spdb_corp/spdb_detail.xls                                 spdb.detail          9
alipay_merchant_account/2088_账务明细.csv                 alipay_account       1
alipay_merchant_account/账单_signcustomer_2026-08-02.zip  alipay_account       1
wechat_merchant_trade/tradebill_ALL_2021-01-28.csv        wechat_trade         3
camt053/camt.053.001.02.xml                               camt053              3
camt053/camt053.v2.multi.statement.xml                    camt053              1+1
camt053/camt053_multicurrency.xml                         camt053              2+1
camt053/camt053_no_namespace.xml                          camt053              1
camt053/oca_test-camt053-no-ntry.xml                      camt053              0
mt940/cmxl_mt940.sta                                      mt940                11+2+3
mt940/long_statement_number.sta                           mt940                0
mt940/mbank_mt940.sta                                     mt940                3
mt940/rabobank-iban.sta                                   mt940                2+2
mt940/sample.mt940                                        mt940                2
mt940/sns.sta                                             mt940                2+0
mt940/test-mt940-001.sta                                  mt940                2
"""

UNKNOWN = "认不出这是哪家银行的对账单"
REFUSED = {
    "alipay_merchant_trade/alipay_trade_2026-06-05_业务明细.csv": "第 8 行：退款行的商家实收 0.02 正负号不对",
    "wechat_merchant_fund/fundflow_2021-02-01.csv": "收入笔数不符：文件合计写 1，逐行相加为 0",
    "wechat_merchant_fund/fundflow_doc_2018-02-01.csv": "收入笔数不符：文件合计写 17，逐行相加为 0",
    "camt053/camt053.v2.five.decimals.xml": "期初 18.15 加本期净额 8.85 不等于期末 27.05",
    "camt053/camt053.v2.minimal.xml": "余额的币种 SEK 与账户的币种 EUR 不一致",
    "camt053/camt053.v2.with-account-name.xml": "文件里既没有余额也没有合计，无法证明是否完整",
    "camt053/camt053.v3.xml": "余额的币种 SEK 与账户的币种 EUR 不一致",
    "camt053/camt053.v4.xml": "余额的币种 SEK 与账户的币种 EUR 不一致",
    "camt053/oca_test-camt053.xml": "期初 15568.27 加本期净额 -12.99 不等于期末 15121.12",
    "camt053/oca_test-camt053.zip": "第 113 行：明细合计 564.05 不等于交易金额 594.05",
    "mt940/abnamro.sta": "最后一页后面还应有续页（62M），文件不完整",
    "mt940/knab.sta": "期初 3058.98 加本期净额 -6760.00 不等于期末 798.98",
    "mt940/postfinance.sta": "期初 0.00 加本期净额 159.40 不等于期末 159.60",
    "mt940/sepa_snippet.sta": "期初 -1970431.87 加本期净额 -2501917.30 不等于期末 -4472049.09",
    "mt940/triodos.sta": "期初 4975.09 加本期净额 -715.70 不等于期末 4370.79",
    "generic_sheet/balance.csv": UNKNOWN,
    "generic_sheet/debit_credit.csv": UNKNOWN,
    "generic_sheet/meta_data_separated_credit_debit.csv": UNKNOWN,
    "generic_sheet/meta_data_separated_credit_debit.xlsx": UNKNOWN,
}

PROVEN_ROWS = [tuple(line.split()) for line in PROVEN.strip().splitlines()]


@pytest.mark.parametrize(("file", "layout", "rows"), PROVEN_ROWS)
def test_proven(file: str, layout: str, rows: str) -> None:
    statements = read_statements(SHARED / file)
    assert {statement.layout for statement in statements} == {layout}
    assert "+".join(str(len(statement.rows)) for statement in statements) == rows


@pytest.mark.parametrize(("file", "sentence"), REFUSED.items())
def test_refused(file: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_statements(SHARED / file)
    assert sentence in str(refused.value)
    assert describe(str(SHARED / file)) == ([f"{Path(file).name}\t-\t-\t拒绝：{refused.value}"], False)


def test_every_file_is_in_a_table() -> None:
    here = {path.relative_to(SHARED).as_posix() for path in SHARED.glob("*/*")}
    assert here == {row[0] for row in PROVEN_ROWS} | set(REFUSED)


CORPORATE = [row[0] for row in PROVEN_ROWS if row[2] == "9"]


@pytest.mark.parametrize("file", CORPORATE)
def test_one_book_in_nine_layouts(file: str) -> None:
    """All nine were reconstructed from one made-up month."""
    (statement,) = read_statements(SHARED / file)
    assert [str(row.amount) for row in statement.rows] == [
        *("358.92", "120.00", "-500.00", "-80.00", "80.00", "150.00", "150.00", "3.27", "-2.50")
    ]
    assert (str(statement.opening), str(statement.closing)) == ("10000.00", "10279.69")
    kinds = [row.kind for row in statement.rows]
    assert kinds == [
        *("settlement", "settlement", "normal", "reversal", "reversal", "normal", "normal", "interest", "fee")
    ]


MAPS = {
    "generic_sheet/balance.csv": (
        {"amount": "Amount"},
        *(["-33.50", "1533.50"], "10.00"),
    ),
    "generic_sheet/debit_credit.csv": (
        {"amount": "Amount", "flag": "D/C", "signs_mean_nothing": True},
        *(["-33.50", "1533.50"], "10.00"),
    ),
}


@pytest.mark.parametrize(("file", "fields", "amounts", "opening"), [(file, *row) for file, row in MAPS.items()])
def test_plain_tables_with_a_map(file: str, fields: dict[str, object], amounts: list[str], opening: str) -> None:
    column_map = ColumnMap.model_validate(
        {"date": "Date", "date_format": "%m/%d/%Y", "balance": "Balance", "summary": "Label", **fields}
    )
    (statement,) = read_statements(SHARED / file, column_map)
    assert [str(row.amount) for row in statement.rows] == amounts
    assert str(statement.opening) == opening


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_decimal_comma_table_with_balance_rows(suffix: str) -> None:
    """Its own figures are two cents apart."""
    column_map = ColumnMap(
        date="Date",
        date_format="%d/%m/%y",
        into="Credit",
        out="Debit",
        signs_mean_nothing=True,
        summary="Label",
        serial="Operation Number",
        decimal=",",
        currency="EUR",
        opening_row="Balance at start",
        closing_row="Balance at end",
    )
    with pytest.raises(Refused, match=r"期初 30000\.77 加本期净额 1069\.32 不等于期末 31070\.11"):
        read_statements(SHARED / f"generic_sheet/meta_data_separated_credit_debit.{suffix}", column_map)


@pytest.mark.parametrize("file", [row[0] for row in PROVEN_ROWS if row[1] == "mt940"])
def test_mt940_agrees_with_another_reader(file: str) -> None:
    theirs = mt940.parse_statements(
        (SHARED / file).read_bytes().decode("utf-8").strip("\x01\x03\r\n"), options=mt940.Options.all()
    )
    assert [[row.amount for row in statement.rows] for statement in read_statements(SHARED / file)] == [
        [entry.data["amount"].amount for entry in statement] for statement in theirs
    ]
