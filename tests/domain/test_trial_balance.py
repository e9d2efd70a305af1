"""科目余额表 as Kingdee and Yonyou write it; control totals must hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiezhang.domain.problem import Refused
from jiezhang.domain.trial_balance import opening_balances, parse_trial_balance

C = "C0007长吴公寓"
BANKS = [f"Assets:{C}:G公共收益:1002银行存款-工行3021", f"Assets:{C}:G公共收益:1002银行存款-建行4417"]

KINGDEE = """
科目余额表
单位：长吴公寓
科目编码,科目名称,期初余额借方,期初余额贷方,本期发生借方,本期发生贷方,期末余额借方,期末余额贷方
1002,银行存款,1.00,,,,"12,000.00",
100201,工行3021,1.00,,,,"7,000.00",
100202,建行4417,,,,,"5,000.00",
2241,其他应付款,,,,,,500.00
3001,公共收益结余,,,,,,"11,500.00"
合计,,1.00,,,,"12,000.00","12,000.00"
"""

YONYOU = """
科目代码,科目名称,期初余额,,期末余额,
,,借方,贷方,借方,贷方
1002.01,银行存款-工行3021,,,7000,
3001,公共收益结余,,,,7000
,合  计,,,7000,7000
"""


def parse(text: str) -> list[tuple[int, tuple[str, ...]]]:
    import csv

    return [(line, tuple(cells)) for line, cells in enumerate(csv.reader(text.strip().splitlines()), start=1)]


def balances(text: str) -> dict[str, Decimal]:
    rows = parse_trial_balance(parse(text), "余额表.csv")
    return dict(opening_balances(rows, C, "G公共收益", BANKS, "余额表.csv"))


def test_kingdee() -> None:
    assert balances(KINGDEE) == {
        BANKS[0]: Decimal("7000.00"),
        BANKS[1]: Decimal("5000.00"),
        f"Liabilities:{C}:G公共收益:2241其他应付款": Decimal("-500.00"),
        f"Equity:{C}:G公共收益:3001公共收益结余": Decimal("-11500.00"),
    }


def test_what_is_in_transit_has_an_account_of_its_own() -> None:
    assert balances(YONYOU.replace("1002.01,银行存款-工行3021", "1012.02,支付平台待结算-在途")) == {
        f"Assets:{C}:G公共收益:1012支付平台待结算-在途": Decimal("7000.00"),
        f"Equity:{C}:G公共收益:3001公共收益结余": Decimal("-7000.00"),
    }


def test_yonyou_with_a_header_of_two_rows() -> None:
    assert balances(YONYOU) == {
        BANKS[0]: Decimal("7000.00"),
        f"Equity:{C}:G公共收益:3001公共收益结余": Decimal("-7000.00"),
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('100201,工行3021,1.00,,,,"7,000.00"', '100201,工行3021,1.00,,,,"7,000.01"', 4, "不等于其明细之和"),
        ("2241,其他应付款,,,,,,500.00", "2241,其他应付款,,,,,,500.01", 0, "借贷不平"),
        ('合计,,1.00,,,,"12,000.00","12,000.00"', '合计,,1.00,,,,"12,000.00","12,001.00"', 9, "合计行写借"),
        ('合计,,1.00,,,,"12,000.00","12,000.00"', "", 0, "没有“合计”行"),
        ("2241,其他应付款", "2242,其他应付款", 7, "不在公共收益科目表中"),
        ("2241,其他应付款,,,,,,500.00", "2241,其他应付款,,,,,,五百", 7, "不是数字"),
        ("100202,建行4417", "100202,农行0001", 6, "对应哪个专户不明"),
        ("2241,其他应付款", "3001,其他应付款", 8, "重复"),
        ("2241,其他应付款", "x,其他应付款", 7, "写法不对"),
        ("科目编码", "编码", 0, "找不到“科目编码”"),
    ],
)
def test_what_is_refused(old: str, new: str, line: int, said: str) -> None:
    assert old in KINGDEE
    with pytest.raises(Refused, match=said) as refused:
        balances(KINGDEE.replace(old, new))
    assert refused.value.line == line
