"""Each plugin by itself, on ledgers one can read: what it lets pass and what it says."""

from __future__ import annotations

import re

import pytest
from beancount import loader

from jiezhang.domain.approval import rules as approval_rules
from jiezhang.domain.rules import strict
from jiezhang.households import rules as fund_rules
from jiezhang.households.rules import STAMP

HEAD = """
option "title" "C0007长吴公寓"
option "tolerance_multiplier" "0"
plugin "plugins.{plugin}"
2026-01-01 custom "jiezhang-holders" "G" "assembly committee" "某条例第60条" TRUE
2026-01-01 custom "jiezhang-holders" "W" "assembly" "某办法" FALSE
2026-01-01 open Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021 CNY
  bank: "icbc"
  bank-account: "12023021"
  holder: "长吴公寓业主大会"
  holder-kind: "assembly"
2026-01-01 open Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-在途 CNY
2026-01-01 open Income:C0007长吴公寓:G公共收益:4901其他 CNY
2026-01-01 open Liabilities:C0007长吴公寓:G公共收益:2999待查款项 CNY
2026-01-01 open Expenses:C0007长吴公寓:G公共收益:5201转入维修资金 CNY
2026-01-01 open Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417 CNY
  bank: "ccb"
  bank-account: "33004417"
  holder: "长吴公寓业主大会"
  holder-kind: "assembly"
2026-01-01 open Income:C0007长吴公寓:W维修资金:4201经营 CNY
2026-01-01 open Income:C0008邻居:G公共收益:4901其他 CNY
"""

SHORT = {
    "DIGEST": "0" * 64,
    "GBANK": "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021",
    "TRANSIT": "Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-在途",
    "GOTHER": "Income:C0007长吴公寓:G公共收益:4901其他",
    "WECHAT": "Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信",
    "BONDS": "Assets:C0007长吴公寓:W维修资金:1101国债投资",
    "UNDISTRIBUTED": "Equity:C0007长吴公寓:W维修资金:3101待分配累计收益",
    "FUND": "Equity:C0007长吴公寓:W维修资金:3001商品住宅维修资金:B01",
    "PAID": "Income:C0007长吴公寓:W维修资金:4001交存:B01",
    "REPAIRED": "Expenses:C0007长吴公寓:W维修资金:5001维修:B01",
    "RETURNED": "Expenses:C0007长吴公寓:W维修资金:5101返还:B01",
    "OWED": "Liabilities:C0007长吴公寓:W维修资金:2001应付房屋灭失返还资金",
    "SUSPENSE": "Liabilities:C0007长吴公寓:G公共收益:2999待查款项",
    "GGIVE": "Expenses:C0007长吴公寓:G公共收益:5201转入维修资金",
    "WBANK": "Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417",
    "WCASH": "Assets:C0007长吴公寓:W维修资金:1201备用金",
    "WTAKE": "Income:C0007长吴公寓:W维修资金:4201经营",
    "STRANGER": "Income:C0008邻居:G公共收益:4901其他",
}

GOOD = """
2026-01-05 * "某公司" "租金"
  voucher: "记-0001"
  GBANK  100.00 CNY
    bank-ref: "A1/10000"
    source-sha256: "DIGEST"
    source-row: 1
  GOTHER  -100.00 CNY
"""

TRANSFER = """
2026-01-06 * "补充维修资金"
  voucher: "记-0002"
  transfer: "G-W"
  GBANK  -50.00 CNY
    bank-ref: "A2/-5000"
    source-sha256: "DIGEST"
    source-row: 2
  GGIVE   50.00 CNY
  WBANK   50.00 CNY
    bank-ref: "B1/5000"
    source-sha256: "DIGEST"
    source-row: 1
  WTAKE  -50.00 CNY
"""

BACK = TRANSFER.replace("-50", "+50").replace(" 50", " -50").replace("/50", "/-50").replace("+50", "50")
"""The maintenance fund pays public revenue, under the name of the transfer that goes the other way."""

SHORTER = TRANSFER.replace("WBANK   50.00", "WBANK   49.99").replace("B1/5000", "B1/4999").replace(
    "  WTAKE", "  WCASH  0.01 CNY\n  WTAKE"
)
"""A fen of the transfer becomes petty cash."""

HALF = """
2026-01-06 * "补充维修资金，只登记了一边"
  voucher: "记-0002"
  transfer: "G-W"
  GBANK  -50.00 CNY
    bank-ref: "A2/-5000"
    source-sha256: "DIGEST"
    source-row: 2
  GGIVE   50.00 CNY
"""

PAID = """
2026-01-06 * "长吴公寓业主大会" "付款"
  voucher: "记-0002"
  counterparty-account: "3300-4417"
  GBANK  -50.00 CNY
    bank-ref: "A2/-5000"
    source-sha256: "DIGEST"
    source-row: 2
  GOTHER  50.00 CNY
"""

ARRIVED = """
2026-01-06 * "财付通" "结算到账"
  voucher: "记-0002"
  GBANK  50.00 CNY
    bank-ref: "A2/5000"
    source-sha256: "DIGEST"
    source-row: 2
  TRANSIT  -50.00 CNY
"""

LEFT = """
2026-01-06 * "微信" "提现"
  voucher: "记-0003"
  TRANSIT  50.00 CNY
  WECHAT  -50.00 CNY
    bank-ref: "W1/-5000"
    source-sha256: "DIGEST"
    source-row: 2
"""

INVENTED = """
2026-01-06 * "某公司" "没有到账的租金"
  voucher: "记-0002"
  TRANSIT  50.00 CNY
  GOTHER  -50.00 CNY
"""

YIELD = """
2026-01-06 * "收益分配"
  voucher: "记-0002"
  UNDISTRIBUTED  50.00 CNY
  FUND  -50.00 CNY
"""

LOST = """
2026-01-06 * "房屋灭失"
  voucher: "记-0002"
  RETURNED  50.00 CNY
  OWED  -50.00 CNY
"""

CLOSED = """
2026-01-31 * "期末结转"
  voucher: "记-0002"
  PAID  50.00 CNY
  FUND  -50.00 CNY
"""

REDEEMED = """
2026-01-06 * "国债兑付"
  voucher: "记-0002"
  WBANK  50.00 CNY
    bank-ref: "B1/5000"
    source-sha256: "DIGEST"
    source-row: 2
  BONDS  -50.00 CNY
"""

TWICE = GOOD.replace(
    "  GOTHER  -100.00",
    """  GBANK  100.00 CNY
    bank-ref: "A1/10000"
    source-sha256: "DIGEST"
    source-row: 1
  GOTHER  -200.00""",
)

DAY = """
2026-01-05 * "newest first"
  voucher: "记-0001"
  GBANK  -5.00 CNY
    bank-ref: "A3/-500"
    source-sha256: "DIGEST"
    source-row: 1
    bank-balance: 115.00
  GOTHER  5.00 CNY

2026-01-05 * "the same again"
  voucher: "记-0002"
  GBANK  20.00 CNY
    bank-ref: "A2/2000"
    source-sha256: "DIGEST"
    source-row: 2
    bank-balance: 120.00
  GOTHER  -20.00 CNY

2026-01-05 * "oldest"
  voucher: "记-0003"
  GBANK  100.00 CNY
    bank-ref: "A1/10000"
    source-sha256: "DIGEST"
    source-row: 3
    bank-balance: 100.00
  GOTHER  -100.00 CNY

2026-01-06 * "next day"
  voucher: "记-0004"
  GBANK  1.00 CNY
    bank-ref: "A4/100"
    source-sha256: "DIGEST"
    source-row: 1
    bank-balance: 116.00
  GOTHER  -1.00 CNY
"""
"""What the bank says the balance was, in an order of its own."""

OPENED = """
2026-01-05 * "期初余额"
  opening: TRUE
  GBANK  7.00 CNY
  GOTHER  -7.00 CNY
"""

FAULTS = [
    ("account_names", GOOD, "", "不属于本账簿的小区"),  # the neighbour's account in HEAD
    ("account_names", GOOD, "结算-在途 CNY|结算-在途:B01 CNY", "不能开设：专户之下不得再分明细"),
    ("account_names", GOOD, "C0007长吴公寓:G公共收益:2999|C０００７长吴公寓:G公共收益:2999", "第二段应为小区编号"),
    ("separate_funds", GOOD, "", None),
    ("separate_funds", TRANSFER, "", None),
    ("separate_funds", GOOD, "GOTHER|STRANGER", "一笔凭证不得涉及两个小区"),
    ("separate_funds", GOOD, "GOTHER|WTAKE", "资金“G公共收益”内借贷不平，差 100.00"),
    ("separate_funds", TRANSFER, '  transfer: "G-W"\n|', "没有注明已登记的划转种类"),
    ("separate_funds", TRANSFER, '"G-W"|"W-G"', "没有注明已登记的划转种类"),
    ("separate_funds", TRANSFER, "GGIVE|GOTHER", "转出 0 与转入 50.00 应相等"),
    ("separate_funds", BACK, "", "方向不对：须由公共收益专户付出、维修资金专户收入"),
    ("separate_funds", SHORTER, "", "须全数到账：付出 50.00，收入 49.99，转出 50.00"),
    ("separate_funds", HALF, "", "科目“5201转入维修资金”只用于“公共收益补充维修资金”：划转两笔须同日登记"),
    ("separate_funds", HALF, '  transfer: "G-W"\n|', "科目“5201转入维修资金”只用于"),
    ("separate_funds", HALF, "2026-01-06 \\*|2026-01-06 !", None),
    ("separate_funds", PAID, "", "对方账号 33004417 是本小区“W维修资金”的专户：划转两笔须同日登记"),
    ("separate_funds", PAID, "3300-4417|12023021", None),
    ("separate_funds", PAID, "2026-01-06 \\*|2026-01-06 !", None),
    ("cash_basis", GOOD + TRANSFER, "", None),
    ("cash_basis", INVENTED, "", "没有银行流水的凭证不得入账"),
    ("cash_basis", INVENTED, "2026-01-06 \\*|2026-01-06 !", "没有银行流水的凭证不得入账"),
    ("cash_basis", INVENTED, '  GOTHER  -50.00 CNY|  GOTHER  -50.00 CNY\n    bank-ref: "A9/-5000"', "没有银行流水"),
    ("cash_basis", ARRIVED, "", "1012支付平台待结算-在途”在 2026-01-06 日终余额为负（-50.00）"),
    ("cash_basis", ARRIVED, "2026-01-06 \\*|2026-01-06 !", None),
    ("cash_basis", ARRIVED + LEFT, "", None),  # within a day the order is not known
    ("cash_basis", ARRIVED + LEFT.replace("01-06", "01-07"), "", "日终余额为负（-50.00）"),
    ("cash_basis", REDEEMED, "", "1101国债投资”在 2026-01-06 日终余额为负"),
    ("cash_basis", YIELD + LOST, "", None),
    ("cash_basis", YIELD, "  50.00|  -50.00", "没有银行流水的凭证"),
    ("cash_basis", LOST, "OWED|GOTHER", "没有银行流水的凭证"),
    ("cash_basis", YIELD, "UNDISTRIBUTED|FUND", None),  # 户间更正
    ("cash_basis", YIELD, "UNDISTRIBUTED|REPAIRED", "没有银行流水的凭证"),
    ("cash_basis", CLOSED, "", "没有银行流水的凭证"),
    ("exact_amounts", GOOD, "", None),
    ("exact_amounts", GOOD, "100.00|999999999999.99", None),
    ("exact_amounts", GOOD, "100.00|1000000000000.00", "金额 1000000000000.00 超过 14 位数字"),
    ("exact_amounts", GOOD, "100.00|100.000", "金额 100.000 须写到分"),
    ("exact_amounts", GOOD, "100.00|100", "金额 100 须写到分"),
    ("exact_amounts", GOOD, "  GOTHER  -100.00 CNY|  GOTHER", "分录的金额须写明"),
    ("exact_amounts", GOOD, "100.00 CNY|100.00 CNY @ 1.00 CNY", "不得带成本或单价"),
    ("exact_amounts", GOOD + "2026-02-01 pad GBANK GOTHER\n", "", "不得使用 pad"),
    ("exact_amounts", GOOD + "2026-02-01 balance GBANK 100.00 ~ 1.00 CNY\n", "", "不得带容差"),
    ("bank_provenance", GOOD + TRANSFER, "", None),
    ("bank_provenance", GOOD, '    bank-ref: "A1/10000"\n|', "缺 bank-ref"),
    ("bank_provenance", GOOD, '    source-sha256: "DIGEST"\n|', "缺 source-sha256"),
    ("bank_provenance", GOOD, "A1/10000|A1/10001", "金额 100.00 与对账单流水 A1/10001 的金额不符"),
    ("bank_provenance", GOOD + GOOD.replace("记-0001", "记-0002"), "", "已在 <string> 第 26 行 入账，不得重复入账"),
    ("bank_provenance", TWICE, "", "对账单流水 A1/10000 已在 <string> 第 26 行 入账"),
    ("bank_provenance", GOOD, "A1/10000|A#1/10000#2", None),
    ("bank_provenance", GOOD, "A1/10000|A#1/10001", "与对账单流水 A#1/10001 的金额不符"),
    ("bank_provenance", GOOD, "A1/10000|A1/１００００", "金额不符"),
    ("bank_provenance", GOOD + '2026-01-09 * "x"\n  opening: TRUE\n  GBANK  1.00 CNY\n  GOTHER  -1.00 CNY\n', "",
     "期初余额须是账簿的第一笔"),
    ("bank_provenance", DAY, "", None),
    ("bank_provenance", DAY, "bank-balance: 100.00|bank-balance: 100.01",
     "银行写的余额 100.01 接不上：2026-01-05 账面从 0.00 到 115.00"),
    ("bank_provenance", DAY, "bank-balance: 120.00|bank-balance: 119.99", "银行写的余额 119.99 接不上：2026-01-05"),
    ("bank_provenance", DAY, "bank-balance: 115.00|bank-balance: 115.01", "银行写的余额 115.01 接不上：2026-01-05"),
    ("bank_provenance", DAY, "bank-balance: 116.00|bank-balance: 116.10",
     "银行写的余额 116.10 接不上：2026-01-06 账面从 115.00 到 116.00"),
    ("bank_provenance", DAY, "    bank-balance: 120.00\n|", None),  # what happened that day is not known in full
    ("bank_provenance", DAY + OPENED, "", "接不上：2026-01-05 账面从 7.00 到 122.00"),
    ("bank_provenance", DAY, 'bank-balance: 120.00|bank-balance: "120.00"', "的余额“120.00”|写法不对"),
    ("bank_provenance", DAY, "bank-balance: 120.00|bank-balance: 120.000", "银行分录的余额“120.000”写法不对，应写到分"),
    ("clean_text", GOOD, "", None),
    ("clean_text", GOOD, "租金|租<b>金", "不允许的字符 U\\+003C"),
    ("clean_text", GOOD, "租金|租\u202e金", "不允许的字符 U\\+202E"),
    ("clean_text", GOOD, "A1/10000|A1>/10000", "不允许的字符 U\\+003E"),
    ("clean_text", GOOD + '2026-01-09 note GBANK "<img>"\n', "", "不允许的字符 U\\+003C"),
    ("voucher_numbers", GOOD + TRANSFER, "", None),
    ("voucher_numbers", GOOD, "记-0001|记-1", "应写成 记-0001"),
    ("voucher_numbers", GOOD, "记-0001|记-０００１", "应写成 记-0001"),
    ("voucher_numbers", GOOD, "记-0001|记-0002", "断号：缺 记-0001"),
    ("voucher_numbers", GOOD + TRANSFER, "记-0002|记-0001", "记-0001 在 2026-01 重复"),
    ("voucher_numbers", GOOD, "2026-01-05 \\*|2026-01-05 !", "不得有凭证号"),
    ("voucher_numbers", GOOD, "2026-01-05 \\*|2026-01-05 P", "凭证标记“P”无效"),
    ("voucher_numbers", GOOD, "GOTHER|SUSPENSE", "仍有“待查款项”"),
    ("dedicated_accounts", GOOD, "", None),
    ("dedicated_accounts", GOOD, '"assembly"\n|"person"\n', "不得以个人名义开立"),
    ("dedicated_accounts", GOOD, '"assembly"\n2026-01-01 open|"street"\n2026-01-01 open', "“街道办事处”不在允许之列"),
    ("dedicated_accounts", GOOD, '  holder: "长吴公寓业主大会"\n|', "没有登记户名"),
    ("dedicated_accounts", GOOD, 'bank: "ccb"\n  bank-account: "33004417"|bank: "icbc"\n  bank-account: "12023021"',
     "一个专户只能属于一项资金"),
    ("dedicated_accounts", GOOD, 'bank-account: "33004417"|bank-account: "1202-3021"', "1202-3021 已属于“.*”"),
]


@pytest.mark.parametrize(("plugin", "ledger", "change", "said"), FAULTS)
def test_plugin(plugin: str, ledger: str, change: str, said: str | None) -> None:
    text = HEAD.format(plugin=plugin) + ledger
    if change:
        old, new = change.replace("\\*", "*").split("|")
        assert old in text
        text = text.replace(old, new, 1) if "\n" in old or "bank" in old else text.replace(old, new)
    for short, full in SHORT.items():
        text = text.replace(short, full)
    _, errors, _ = loader.load_string(text)
    ours = [error for error in errors if getattr(error, "rule", "") == plugin]
    if said is None:
        assert ours == []
    else:
        assert len(ours) >= 1
        assert re.search(said, ours[0].message), ours[0].message
        assert ours[0].source["lineno"] > 0


def test_an_unverified_rule_advises_and_never_stops() -> None:
    """待核实: the W holders' rule in HEAD is not verified."""
    from jiezhang.domain.rules import dedicated_accounts

    text = HEAD.format(plugin="dedicated_accounts").replace(
        '33004417"\n  holder: "长吴公寓业主大会"\n  holder-kind: "assembly"',
        '33004417"\n  holder: "某街道"\n  holder-kind: "street"',
    )
    entries, errors, _ = loader.load_string(text)
    assert [error for error in errors if getattr(error, "rule", "") == "dedicated_accounts"] == []
    assert [found.message for found in dedicated_accounts.advise(entries)] == [
        "专户“Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417”的户名性质“街道办事处”不在允许之列（某办法）"
    ]


def test_strict_is_all_of_them_and_leaves_its_stamp() -> None:
    text = HEAD.format(plugin="strict") + GOOD
    for short, full in SHORT.items():
        text = text.replace(short, full)
    _, errors, options = loader.load_string(text)
    assert options[strict.STAMP_KEY] == STAMP
    assert tuple(rule.RULE for rule in (*strict.RULES, *fund_rules.RULES, *approval_rules.RULES)) == STAMP
    assert [error.rule for error in errors] == ["account_names", "dwelling_known", "approvals"]  # no register
