from __future__ import annotations

import pytest

from jiezhang.domain.accounts import account_name, parse_account, sibling
from jiezhang.domain.chart import CHART, FUND_NAMES

C = "C0007长吴公寓"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Assets:C0007长吴公寓:G公共收益", "四段"),
        ("Assets:长吴公寓:G公共收益:1002银行存款", "第二段"),
        ("Assets:C０００７长吴公寓:G公共收益:1002银行存款", "第二段"),
        (f"Assets:{C}:公共收益:1002银行存款", "第三段"),
        (f"Assets:{C}:G维修资金:1002银行存款", "第三段"),
        (f"Assets:{C}:G公共收益:1003现金", "不在公共收益科目表"),
        (f"Assets:{C}:G公共收益:1002存款", "不在公共收益科目表"),
        (f"Assets:{C}:W维修资金:1002银行存款", "不在维修资金科目表"),
        (f"Income:{C}:G公共收益:1002银行存款", "应在 Assets 之下"),
        (f"Assets:{C}:G公共收益:1002银行存款-工行（基本）", "不能使用的字符"),
        (f"Assets:{C}:G公共收益:1002银行存款:工行", "不能使用的字符"),
    ],
)
def test_names_that_are_not_ours(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_account(name)


@pytest.mark.parametrize("fund", ["G", "W", "J"])
def test_every_subject_has_a_name_that_parses(fund: str) -> None:
    component = fund + FUND_NAMES[fund]
    for code, subject in CHART[fund].items():
        name = parse_account(account_name(C, component, code, "明细1"))
        assert (name.subject, name.detail, name.fund_kind, name.compound) == (subject, "明细1", fund, "C0007")


def test_sibling_stays_in_the_fund() -> None:
    bank = f"Assets:{C}:W维修资金:1001银行存款-建行4417"
    assert sibling(bank, "4101") == f"Income:{C}:W维修资金:4101存款利息"
    assert parse_account(bank).is_bank
    assert parse_account(f"Assets:{C}:G公共收益:1012支付平台待结算-微信").has_statement


@pytest.mark.parametrize(
    ("subject", "has_statement"),
    [
        ("1012支付平台待结算-在途", False),
        ("1012支付平台待结算-在途二", True),
        ("1012支付平台待结算-在途:B01", True),
        ("1002银行存款-私户:1012支付平台待结算-在途", True),
        ("1002银行存款-在途", True),
    ],
)
def test_only_one_account_is_in_transit(subject: str, has_statement: bool) -> None:
    name = parse_account(f"Assets:{C}:G公共收益:{subject}")
    assert (name.has_statement, name.is_in_transit) == (has_statement, not has_statement)
