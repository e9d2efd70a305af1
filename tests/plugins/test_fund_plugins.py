"""The maintenance fund's rules, each by itself, on one compound's books: what is let pass, and what they say.

A row changes the books in one place; `+` before the text adds it at the end of the file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plugins.fund_books import FILES, changed, findings, write

XM1 = "XM1,屋面防水,building:01,roof,wear,2020-12-31,150.00,业主大会2026-1号,2026-03-01,示例防水公司,HT-1,20,2026-06-01"
LIMIT = '+2026-01-01 custom "jiezhang-over-budget" 110 "某条例第72条"\n'
REDEEMED = "BANK   103.00 CNY\n  BOND  -100.00 CNY\n  BINT    -3.00"
LAST = "apportion-total: 120.00\n  paid-outside: 40.00\n  REP:01   80.00 CNY\n  BANK    -80.00"


def last_payment(fund: str, outside: str, total: str) -> str:
    """The last payment of XM1 as another one, for a row of the table."""
    return f"{LAST}|apportion-total: {total}\n  paid-outside: {outside}\n  REP:01   {fund} CNY\n  BANK    -{fund}"


WAITING = """+
2026-12-01 ! "还没有查明的付款"
  REP  7.00 CNY
  BANK  -7.00 CNY

2026-12-01 ! "还没有写明是哪一户、哪个项目"
  household: "09-9-999"
  REP:01  5000.00 CNY
  BANK  -5000.00 CNY

2026-12-01 ! "理财"
  bond: "理财1"
  BOND  5.00 CNY
  BANK  -5.00 CNY

2026-12-02 ! "没有依据"
  OTHER  5.00 CNY
  BANK  -5.00 CNY
"""


def cause(word: str) -> str:
    return f"{XM1}|{XM1.replace('wear', word)}"


KNOWN = [
    ("ledger", 'household: "01-1-101"\n  BANK|household: "01-9-901"\n  BANK', "名册里没有户 01-9-901"),
    ("ledger", 'household: "02-1-101"|household: "02/T"', "名册里没有户 02/T"),
    ("ledger", "+2026-01-01 open OWN:09 CNY\n", "3001商品住宅维修资金:09”的幢不在名册里"),
    ("ledger", "+2026-01-01 open OWN:01:02 CNY\n", "3001商品住宅维修资金:01:02”的幢不在名册里"),
    ("ledger", "PAID:01|PAID:07", "名册里没有 07 幢"),
    ("batch", "01-1-102,|01-1-109,", "名册里没有户 01-1-109"),
    ("buildings", "01,3,|01,4,", "01 幢控制数 4 户，名册里 3 户"),
    ("buildings", "300.00|300.01", "01 幢面积控制数 300.01 ㎡，名册合计 300.00 ㎡"),
    ("dwellings", "01-1-102,01,1,102,100.00|01-1-102,01,1,102,100.01", "01 幢面积控制数 300.00 ㎡，名册合计 300.01 ㎡"),
    ("buildings", "6000.00|5999.99", "01 幢首期交存控制数 5,999.99 元，名册合计 6,000.00 元"),
    ("dwellings", "1500.00|1500.01", "02 幢首期交存控制数 2,100.00 元，名册合计 2,100.01 元"),
    ("buildings", "6000.00,0.00|6000.00,0.01", "01 幢没有已售公有住房，不应有售房单位交存"),
    ("buildings", "02,2,100.00,2100.00,900.00\n|", "02 幢没有登记控制数"),
    ("changes", "BG1,2026-11-01,loss,02-1-102,,,\n|", "户 02-1-102 按灭失返还，但 changes.csv 没有登记灭失"),
    ("changes", "BG1,2026-11-01|BG1,2026-11-03", "户 02-1-102 登记 2026-11-03 灭失，不能在此之前返还"),
    ("changes", "+BG2,2026-12-01,renumber,02-1-102,02-1-109=50.00,,\n",
     "变更 BG2：户 02-1-102 已由变更 BG1 注销或灭失"),
    ("changes", '+BG2,2026-12-01,split,01-1-102,"01-1-102A=100.00,01-1-102B=0.00",,\n', "变更 BG2：新户的面积须大于零"),
    ("projects", "+XM2,楼道,stair:01/9,roof,wear,2020-12-31,1.00,决定,2026-03-01,某公司,HT-2,0,\n", "维修项目 XM2："),
    ("projects", "+XM2,楼道,everything,roof,wear,2020-12-31,1.00,决定,2026-03-01,某公司,HT-2,0,\n", "维修项目 XM2："),
    ("changes", "+BG2,2026-10-31,loss,01-1-102,,,\n",
     "变更 BG2：户 01-1-102 登记 2026-10-31 灭失，账上还有 960.00 元没有返还"),
    ("changes", "+BG2,2026-11-01,loss,01-1-102,,,\n", None),  # the month is not over yet
    ("changes", "+BG2,2026-10-31,loss,01-1-103,,,\n", None),  # there is nothing to return
    ("changes", "+BG2,2026-11-01,loss,09-1-103,,,\n", "变更 BG2：名册里没有户 09-1-103"),
    ("changes", "+BG2,2026-11-01,sale,09-1-103,,Y9,\n", "变更 BG2：名册里没有户 09-1-103"),
    ("changes", "+BG2,2026-11-01,sale,01-1-103,,,\n", "变更 BG2：过户须写明新业主的代号"),
    ("changes", '+BG2,2026-11-01,sale,"01-1-101,01-1-102",,Y9,\n', "变更 BG2：过户、灭失一次写一户，不填新户号"),
    ("changes", "+BG2,2026-01-01,sale,01-1-103,,Y9,\n", "变更 BG2 的日期应在建账日 2026-01-01 之后"),
    ("changes", "+BG2,2026-11-01,split,01-1-102,01-1-102A=100.00,,\n", "变更 BG2 的户数不对：分户一变多"),
    ("changes", "+BG2,2026-11-01,renumber,01-1-102,01-1-101=100.00,,\n", "变更 BG2：户号 01-1-101 已经用过，不得重用"),
    ("changes", "+BG2,2026-11-01,renumber,01-1-102,01-1-109=100.00,,\n", None),
]

IDENTITY = [
    ("ledger", "PAID:01 -100.00|PAID:01 -100.01", "这笔凭证在维修资金内借贷不平"),
    ("ledger", "PAID:01|PAID:02", "01 幢账上变动 0.00 元，分户合计 100.00 元，两者应相等"),
    ("ledger", 'batch-sha256: "DIGEST"|batch-sha256: "00"', "批量明细文件与凭证上的摘要不符，文件已被改动"),
    ("batch", "01-1-101,1000.00|01-1-101,1000.01", "01 幢账上变动 2,000.00 元，分户合计 2,000.01 元，两者应相等"),
    ("batch", "02-1-101,200.00|01-1-103,200.00", "01 幢账上变动 2,000.00 元，分户合计 2,200.00 元，两者应相等"),
    # the natures: 3001 and 3002
    ("ledger", "OWN:02   -500.00 CNY\n  PUB:02   -400.00|OWN:02   -499.99 CNY\n  PUB:02   -400.01",
     "02 幢已售公有住房账上变动 400.01 元，分户合计 400.00 元，两者应相等"),
    ("ledger", "OWN:02   -5.00 CNY\n  PUB:02   -4.00|OWN:02   -5.01 CNY\n  PUB:02   -3.99",
     "02 幢已售公有住房账上变动 3.99 元，分户合计 4.00 元，两者应相等"),
    ("ledger", "  PUB:02  -10.00|  OWN:02  -10.00", "02 幢已售公有住房账上变动 0.00 元，分户合计 10.00 元，两者应相等"),
    # a distribution and a correction say their total once more
    ("ledger", "apportion-total: 29.00|apportion-total: 29.01",
     "收益分配须用 apportion-total 写明分配总额，与分录的合计"),
    ("ledger", "  apportion-total: 29.00\n|", "收益分配须用 apportion-total 写明分配总额，与分录的合计相等"),
    ("ledger", "YIELD    29.00 CNY\n  OWN:01  -20.00|YIELD    29.01 CNY\n  OWN:01  -20.01",
     "收益分配须用 apportion-total"),
    ("ledger", "OWN:01  -20.00 CNY\n  OWN:02   -5.00|OWN:01  -20.01 CNY\n  OWN:02   -4.99",
     "01 幢账上变动 20.01 元，分户合计 20.00 元"),
    ("ledger", "OWN:01   10.00 CNY|OWN:01   10.01 CNY", "这笔凭证在维修资金内借贷不平"),
    ("ledger", "  correction-total: 10.00\n|", "更正须用 correction-total 写明转给各户的总额，与分录的合计相等"),
    ("ledger", "correction-total: 10.00|correction-total: 9.99", "更正须用 correction-total 写明转给各户的总额"),
    # what a rule gives everybody is fixed, a correction reverses what it names
    ("ledger", '  basis: "jishu"\n  shares-sha256: "SHARES"\n|  basis: "jishu"\n',
     "按规则分到各户的凭证须用 shares-sha256 写明结果的指纹，由程序生成"),
    ("ledger", '  basis: "area"\n  shares-sha256: "SHARES"\n|  basis: "area"\n', "须用 shares-sha256 写明结果的指纹"),
    ("ledger", 'shares-sha256: "SHARES"|shares-sha256: "00"', "分到各户的结果与过账时的不同：过账以后，有更早日期的"),
    ("ledger", '  voucher: "记-0001"\n|', "更正的凭证 2026-02/记-0001 不在账上、没有按户记账，或晚于更正"),
    ("ledger", '2026-02-02 *|2026-01-31 *', "更正的凭证 2026-02/记-0001 不在账上、没有按户记账，或晚于更正"),
    ("ledger", '  deposit: "top-up"\n|', "凭证 2026-02/记-0001 是交存的，更正须写同一种交存；不是交存的不写"),
    ("ledger", '2026-02-01 * "续交"|2026-02-01 * "首期"\n  deposit: "first"', "更正须写同一种交存"),
    ("ledger", "OWED     -505.00|BANK     -505.00", None),
    # repairs
    ("ledger", "apportion-total: 30.00|apportion-total: 30.01", "apportion-total（总费用）应等于维修资金支付的加上"),
    ("ledger", "paid-outside: 10.00|paid-outside: 9.99", "apportion-total（总费用）应等于维修资金支付的加上"),
    ("ledger", "  paid-outside: 10.00\n|", "apportion-total（总费用）应等于维修资金支付的加上"),
    ("ledger", last_payment("3000.00", "1500.00", "4500.00"), "户 01-1-101 余额 1,090.00 元，应扣 1,500.00 元"),
    ("ledger", "LOST:02   505.00 CNY\n  OWED     -505.00|LOST:02   504.99 CNY\n  OWED     -504.99",
     "户 02-1-102 余额 505.00 元，房屋灭失须全部退还，凭证写的是 504.99 元"),
    ("changes", "+BG2,2026-12-01,split,01-1-102,\"01-1-102A=50.00,01-1-102B=50.01\",,\n",
     "变更前面积合计 100.00 ㎡，变更后 100.01"),
    ("changes", "+BG2,2026-12-01,merge,\"01-1-102,01-1-103\",01-1-109=200.00,,\n", "合户的各户须都已售或都未售"),
    ("changes", "+BG2,2026-12-01,merge,\"01-1-102,02-1-101\",01-1-109=150.00,,\n", "分户、合户只能在同一幢里"),
]

PURPOSE = [
    ("projects", cause("builder_duty"), "维修项目 XM1 .*建设单位.*不得从维修资金列支（165号令第25条）"),
    ("projects", cause("utility_lines"), "维修项目 XM1 .*供水、供电.*不得从维修资金列支（165号令第25条）"),
    ("projects", cause("person_damage"), "维修项目 XM1 .*人为损坏.*不得从维修资金列支（165号令第25条）"),
    ("projects", cause("service_contract"), "维修项目 XM1 .*物业服务.*不得从维修资金列支（165号令第25条）"),
    ("projects", cause("other_duty"), "维修项目 XM1 .*不得从维修资金列支（165号令第25条）"),
    ("projects", "wear,2020-12-31|wear,", "维修项目 XM1 没有登记保修期，维修资金只用于保修期满之后"),
    ("projects", "wear,2020-12-31|wear,2026-03-02", "维修项目 XM1 在保修期内（至 2026-03-02），应由建设单位承担"),
    ("projects", "wear,2020-12-31|wear,2026-03-01", None),  # the day after its last day
    ("projects", "业主大会2026-1号,2026-03-01|,2026-03-01", "维修项目 XM1 没有登记业主决定，不能支付"),
    ("projects", "业主大会2026-1号,2026-03-01|业主大会2026-1号,", "维修项目 XM1 没有登记决定日期，不能支付"),
    ("projects", "2020-12-31,150.00|2020-12-31,0.00", "维修项目 XM1 没有登记预算，不能支付"),
    ("projects", "示例防水公司,HT-1|,HT-1", "维修项目 XM1 没有登记施工单位，不能支付"),
    ("projects", "示例防水公司,HT-1|示例防水公司,", "维修项目 XM1 没有登记合同，不能支付"),
    ("projects", "业主大会2026-1号,2026-03-01,示例防水公司,HT-1|,,,",
     "没有登记业主决定、决定日期、施工单位、合同，不能支付"),
    ("projects", "业主大会2026-1号,2026-03-01|业主大会2026-1号,2026-03-03", "维修项目 XM1 于 2026-03-03 才经业主决定"),
    ("projects", "业主大会2026-1号,2026-03-01|业主大会2026-1号,2026-03-02", None),
    ("ledger", '"示例防水公司" "屋面，预付"|"某物业公司" "屋面，预付"',
     "收款人“某物业公司”不是维修项目 XM1 的施工单位“示例防水公司”"),
    ("ledger", '"示例防水公司" "屋面，预付"|"屋面，预付"',
     "收款人“”不是维修项目 XM1 的施工单位“示例防水公司”"),
    ("projects", "HT-1,20|HT-1,19", "还没有验收：验收前最多预付预算的 19%，即 28.50 元，累计支付 30.00 元"),
    ("projects", "2026-06-01|2026-06-03", "还没有验收：验收前最多预付预算的 20%，即 30.00 元，累计支付 150.00 元"),
    ("projects", "2026-06-01|", "还没有验收：验收前最多预付预算的 20%"),
    ("projects", "2026-06-01|2026-02-01", "维修项目 XM1 的验收日期早于业主决定的日期"),
    ("projects", "2020-12-31,150.00|2020-12-31,149.99", "维修项目 XM1 .*预付"),  # 29.99 before acceptance
    ("ledger", last_payment("80.01", "40.01", "120.02"),
     "维修项目 XM1 累计支付 150.02 元，预算 150.00 元：超出部分须重新申报$"),
    ("ledger", f"{last_payment('80.01', '40.01', '120.02')}|{LIMIT}", None),
    ("ledger", f"{last_payment('89.99', '45.00', '134.99')}|{LIMIT}", None),
    ("ledger", f"{last_payment('90.00', '45.00', '135.00')}|{LIMIT}",
     "维修项目 XM1 累计支付 165.00 元，预算 150.00 元：超出部分须重新申报（某条例第72条）"),
    ("projects", "building:01|stair:01/1", "凭证的分摊范围 building:01 与维修项目 XM1 登记的 stair:01/1 不同"),
    ("ledger", '  project: "XM1"\n|', "维修支出须用 project 写明维修项目"),
    ("ledger", 'project: "XM1"|project: "XM9"', "维修项目 XM9 没有登记在 projects.csv"),
]

BONDS = [
    ("ledger", 'bond-kind: "treasury"|bond-kind: "wealth"', "“GZ2”不是国债，维修资金只能购买国债"),
    ("ledger", 'bond-market: "primary"|bond-market: "secondary"', "国债“GZ2”不是在一级市场购买的新发行国债"),
    ("ledger", 'bond: "GZ2"|bond: "GZ3"', "国债“GZ3”没有登记在 bonds.csv"),
    ("bonds", "业主大会2026-2号|", "国债“GZ2”没有登记业主同意的决定（165号令第26条）"),
    ("bonds", "2027-04-01|2027-04-02", "国债“GZ2”的券种、市场、到期日与登记的不同（treasury、primary、2027-04-02）"),
    ("bonds", "2026-10-01|2026-10-03", "国债“GZ1”2026-10-03 才到期，须持有到期，不得提前兑付或转让"),
    ("bonds", "2026-10-01|2026-10-02", None),  # on the very day
    ("ledger", "BANK   103.00|BANK   97.00", "这笔凭证在维修资金内借贷不平"),
    ("ledger", f"{REDEEMED}|BANK   97.00 CNY\n  BOND  -100.00 CNY\n  BINT    3.00",
     "国债“GZ1”买价 100.00 元，到期须全部兑付，不得低于买价"),
    ("ledger", "BOND  -100.00 CNY\n  BINT    -3.00|BOND  -99.99 CNY\n  BINT    -3.01",
     "国债“GZ1”买价 100.00 元，到期须全部兑付，不得低于买价"),
    ("ledger", 'bond: "GZ1"|bond: "GZ9"', "账上没有国债“GZ9”"),
]

OPENING_BOND = [("bonds", "100.00|99.99", "期初国债投资 100.00 元，bonds.csv 登记的期初买价合计 99.99 元，两者应相等")]

TABLE = [
    *(("dwelling_known", *row) for row in KNOWN),
    *(("household_identity", *row) for row in (*IDENTITY, *OPENING_BOND)),
    *(("fund_purpose", *row) for row in PURPOSE),
    *(("bonds", *row) for row in BONDS),
    *((rule, "ledger", WAITING, None) for rule in ("dwelling_known", "household_identity", "fund_purpose", "bonds")),
]


@pytest.mark.parametrize("plugin", ["dwelling_known", "household_identity", "fund_purpose", "bonds"])
def test_nothing_is_said_of_good_books(plugin: str, tmp_path: Path) -> None:
    assert findings(write(tmp_path, plugin, FILES), plugin) == []


@pytest.mark.parametrize(("plugin", "where", "change", "said"), TABLE, ids=[f"{row[0]}-{row[3]}"[:70] for row in TABLE])
def test_fund_plugin(plugin: str, where: str, change: str, said: str | None, tmp_path: Path) -> None:
    found = findings(write(tmp_path, plugin, changed(FILES, where, change)), plugin)
    if said is None:
        assert found == []
    else:
        assert [message for message in found if re.search(said, message)], found
