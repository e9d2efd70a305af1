"""Every voucher that must not be: as the ledger says it, and the sentence the bookkeeper reads."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from beancount.core import data
from little_ledger import BATCHES, HOMES, SHA, START, entries, replayed

from jiezhang.domain.household_events import Movement, OwnerChange, TopUp
from jiezhang.domain.problem import Refused
from jiezhang.households.batch import parse_batch
from jiezhang.households.from_ledger import read_event
from jiezhang.households.replay import apply
from jiezhang.households.state import new_households

TWO = f'batch: "two.csv" | batch-sha256: "{SHA["two.csv"]}"'
BOND = 'bond: "26国债01" | bond-kind: "treasury" | bond-market: "primary" | bond-matures: 2026-10-02'

TABLE = [
    # whose money?
    ("", "BANK 1.00, PAID:B01 -1.00", "凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户"),
    (f'household: "B01-1-101" | {TWO}', "BANK 15.00, PAID:B01 -15.00",
     "凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户"),
    (f'apportion: "compound" | {TWO}', "REP:B01 15.00, BANK -15.00",
     "凭证须用 household、batch 或 apportion 中的一种写明涉及哪些户"),
    ('household: "B01-9-101"', "BANK 1.00, PAID:B01 -1.00", "名册里没有户 B01-9-101"),
    ('household: "B01-1-101"', "BANK 1.00, PAID:B02 -1.00", "B01 幢账上变动 0.00 元，分户合计 1.00 元，两者应相等"),
    ('household: "B01-1-101"', "BANK 1.00, PAID:B07 -1.00", "名册里没有 B07 幢"),
    ('household: "B01-1-101"', "BANK 1.00, PAID -1.00",
     "账户“Income:C0007长吴公寓:W维修资金:4001交存”须写到幢，如 Income:…:4001交存:B01"),
    ('household: "B01-1-101"', "OWN:B01 1.00, OWN:B01 -1.00",
     "维修资金没有这样的凭证：3001商品住宅维修资金，银行没有收付；一张凭证只记一种业务"),
    ('household: "B01-1-101"', "BANK 1.00, OWN:B01 -1.00",
     "维修资金没有这样的凭证：3001商品住宅维修资金，银行收款；一张凭证只记一种业务"),
    # batches
    ('batch: "none.csv"', "BANK 1.00, PAID:B01 -1.00", "找不到批量明细文件“none.csv”"),
    ('batch: "two.csv" | batch-sha256: "00"', "BANK 15.00, PAID:B01 -15.00",
     "批量明细文件与凭证上的摘要不符，文件已被改动"),
    (TWO, "BANK 15.01, PAID:B01 -15.01", "B01 幢账上变动 15.01 元，分户合计 15.00 元，两者应相等"),
    # deposits and refunds
    ('household: "B01-1-101" | deposit: "second"', "BANK 1.00, PAID:B01 -1.00",
     "交存种类“second”应写 first（首期）或 top-up（续交）"),
    ('household: "B01-1-101"', "PAID:B01 1.00, BANK -1.00",
     "户 B01-1-101 本年交存 0.00 元，退回 1.00 元：只能退回本年的交存"),
    # repairs
    ('household: "B01-1-101"', "REP:B01 1000.01, BANK -1000.01",
     "户 B01-1-101 余额 1,000.00 元，应扣 1,000.01 元，不足 0.01 元（共 1 户不足），须写明由谁垫付"),
    ('household: "B01-1-101"', "REP:B01 -1.00, BANK 1.00",
     "明细里户 B01-1-101 的金额 -1.00 方向相反，更正须另用更正凭证"),
    ('apportion: "stair:B01/1"', "REP:B01 2000.02, BANK -2000.02",
     "户 B01-1-101 余额 1,000.00 元，应扣 1,000.01 元，不足 0.01 元（共 2 户不足），须写明由谁垫付"),
    ('apportion: "stair:B01/1" | covered: "B01-1-101=owner"', "REP:B01 2.00, BANK -2.00",
     "户 B01-1-101 的余额足够分摊，不用别人垫付"),
    ('apportion: "stair:B01/1" | covered: "B01-1-101"', "REP:B01 2.00, BANK -2.00",
     "垫付“B01-1-101”应写成 户=谁垫付 的样子"),
    ('apportion: "stair:B01/1" | basis: "jishu"', "REP:B01 2.00, BANK -2.00", "维修支出按面积分摊，basis 应写 area"),
    ('apportion: "stair:B01/1" | apportion-total: "一"', "REP:B01 2.00, BANK -2.00",
     "“apportion-total”的金额“一”写法不对"),
    ('apportion: "stair:B01/1"', "REP:B01 1.00, REP:B02 1.00, BANK -2.00",
     "B01 幢账上变动 -1.00 元，分户合计 -2.00 元，两者应相等"),
    ('apportion: "building:B02"', "REP:B02 10.00, BANK -10.00",  # 102 is unsold, the developer owes 4.00
     "B02 幢账上变动 -10.00 元，分户合计 -6.00 元，两者应相等"),
    ('apportion: "building:B01"', "REP:B01 2.00, YIELD -2.00",
     "维修资金没有这样的凭证：3101待分配累计收益、5001维修，银行没有收付；一张凭证只记一种业务"),
    # yield
    ('apportion: "building:B01" | basis: "jishu"', "YIELD 5.00, OWN:B01 -5.00",
     "收益分配须注明 apportion: “compound” 和 basis: “jishu”（积数）或 “area”（面积）"),
    ('apportion: "compound" | basis: "area" | apportion-total: 5.00', "YIELD 5.00, OWN:B01 -5.00",
     "有售房单位的资金，收益只能按积数分配，不能按面积分配"),
    ('apportion: "compound" | basis: "jishu" | apportion-total: 100.01', "YIELD 100.01, OWN:B01 -100.01",
     "待分配累计收益有 100.00 元，不能分配 100.01 元"),
    ('apportion: "compound" | basis: "jishu" | apportion-total: -5.00', "OWN:B01 5.00, YIELD -5.00",
     "待分配累计收益有 100.00 元，不能分配 -5.00 元"),
    ("", "INT 100.01, BANK -100.01", "待分配累计收益会成为负数：-0.01 元"),
    # bonds
    ("", "BOND 10.00, BANK -10.00", "国债投资须用 bond 写明是哪一笔国债"),
    ('bond: "理财1"', "BOND 10.00, BANK -10.00", "国债“理财1”须用 bond-matures 写明到期日"),
    (BOND.replace("treasury", "wealth"), "BOND 10.00, BANK -10.00", "“26国债01”不是国债，维修资金只能购买国债"),
    (BOND.replace("primary", "exchange"), "BOND 10.00, BANK -10.00", "国债“26国债01”不是在一级市场购买的新发行国债"),
    (BOND.replace("2026", "2025"), "BOND 10.00, BANK -10.00",
     "国债“26国债01”的到期日 2025-10-02 应在购买日 2026-03-01 之后"),
    ('bond: "26国债09"', "BANK 10.00, BOND -10.00", "账上没有国债“26国债09”"),
    (BOND, "BOND 10.00, BANK -9.00, INT -1.00",
     "维修资金没有这样的凭证：1101国债投资、4101存款利息，银行付款；一张凭证只记一种业务"),
    # lost houses
    ("", "LOST:B01 1000.00, BANK -1000.00", "房屋灭失的返还须用 household 写明是哪一户"),
    ('household: "B01-1-101"', "LOST:B01 999.99, OWED -999.99",
     "户 B01-1-101 余额 1,000.00 元，房屋灭失须全部退还，凭证写的是 999.99 元"),
    ("", "OWED 1.00, BANK -1.00", "应付房屋灭失返还资金会成为负数：-1.00 元"),
    # opening and the rest
    (f"opening: TRUE | {TWO}", "BANK 15.00, PAID:B01 -15.00", "分户账已有业务，不能再记期初余额"),
    ("", "BANK 1.00, WAIT -2.00, INT 1.00",
     "维修资金没有这样的凭证：2999待查款项、4101存款利息，银行收款；一张凭证只记一种业务"),
    ('correction: "2026-02/记-0001" | household: "B01-1-101" | correction-total: 0.00', "PAID:B01 1.00, BANK -1.00",
     "这种凭证不应动“银行存款”，请分开记"),
    ("", "BANK 1.00, INT -2.00", "这笔凭证在维修资金内借贷不平"),
]


def one_voucher(meta: str, legs: str, day: str = "2026-03-01") -> data.Transaction:
    told = "".join(f"  {line.strip()}\n" for line in meta.split("|") if line.strip())
    made = "".join(f"  {leg.strip()} CNY\n" for leg in legs.split(","))
    (entry,) = entries(f'{day} * "凭证"\n{told}{made}')
    assert isinstance(entry, data.Transaction)
    return entry


@pytest.mark.parametrize(("meta", "legs", "message"), TABLE, ids=[row[2][:40] for row in TABLE])
def test_refused_with_one_sentence(meta: str, legs: str, message: str) -> None:
    state = replayed(START)
    with pytest.raises(Refused) as refused:
        event = read_event(one_voucher(meta, legs), BATCHES)
        assert event is not None
        apply(state, event)
    assert refused.value.message == message


BONDS = f"""{START}
    2026-03-01 * "买国债"
      {BOND.replace(" | ", chr(10) + "      ")}
      BOND  10.00 CNY
      BANK  -10.00 CNY
"""


@pytest.mark.parametrize(
    ("day", "meta", "legs", "message"),
    [
        ("2026-10-01", 'bond: "26国债01"', "BANK 10.50, BOND -10.00, BINT -0.50",
         "国债“26国债01”2026-10-02 才到期，须持有到期，不得提前兑付或转让"),
        ("2026-10-02", 'bond: "26国债01"', "BANK 5.00, BOND -5.00",
         "国债“26国债01”买价 10.00 元，到期须全部兑付，不得低于买价"),
        ("2026-10-02", 'bond: "26国债01"', "BANK 9.00, BOND -10.00, BINT 1.00",
         "国债“26国债01”买价 10.00 元，到期须全部兑付，不得低于买价"),
        ("2026-04-01", BOND, "BOND 10.00, BANK -10.00", "国债“26国债01”已经登记过"),
    ],
)
def test_bonds_are_held_to_maturity(day: str, meta: str, legs: str, message: str) -> None:
    event = read_event(one_voucher(meta, legs, day), {})
    assert event is not None
    with pytest.raises(Refused, match=message):
        apply(replayed(BONDS), event)


LOSS = f"""{START}
    2026-03-01 * "灭失"
      household: "B01-1-101"
      LOST:B01  1000.00 CNY
      OWED     -1000.00 CNY
"""


@pytest.mark.parametrize(
    ("meta", "legs", "message"),
    [
        ('household: "B01-1-101"', "BANK 1.00, PAID:B01 -1.00", "户 B01-1-101 已灭失或注销，不能再记账"),
        ('household: "B01-1-101"', "LOST:B01 1.00, BANK -1.00", "户 B01-1-101 已经按灭失处理过"),
        ('apportion: "dwellings:B01-1-101"', "REP:B01 1.00, BANK -1.00", "户 B01-1-101 已灭失或注销，不能分摊"),
    ],
)
def test_a_closed_account_stays_closed(meta: str, legs: str, message: str) -> None:
    event = read_event(one_voucher(meta, legs), {})
    assert event is not None
    with pytest.raises(Refused, match=message):
        apply(replayed(LOSS), event)


def test_a_lost_house_is_not_sold() -> None:
    with pytest.raises(Refused, match="户 B01-1-101 已灭失或注销，不能过户"):
        apply(replayed(LOSS), OwnerChange(date=dt.date(2026, 4, 1), household="B01-1-101"))


def test_a_refund_of_a_first_deposit_is_not_more_than_it_was() -> None:
    ledger = f"""{START}
    2026-03-01 * "首期补记在二单元"
      household: "B02-1-102"
      deposit: "first"
      BANK  1.00 CNY
      PAID:B02  -1.00 CNY

    2026-03-01 * "续交"
      household: "B02-1-102"
      BANK  5.00 CNY
      PAID:B02  -5.00 CNY
    """
    event = read_event(one_voucher('household: "B02-1-102" | deposit: "first"', "PAID:B02 2.00, BANK -2.00"), {})
    assert event is not None
    with pytest.raises(Refused, match="户 B02-1-102 退回的金额多于它的交存金额"):
        apply(replayed(ledger), event)


def test_last_years_deposit_is_not_refunded() -> None:
    ledger = f"""{START}
    2026-12-31 * "续交"
      household: "B01-1-101"
      BANK  5.00 CNY
      PAID:B01  -5.00 CNY
    """
    event = read_event(one_voucher('household: "B01-1-101"', "PAID:B01 5.00, BANK -5.00", "2027-01-01"), {})
    assert event is not None
    with pytest.raises(Refused, match=r"本年交存 0\.00 元"):
        apply(replayed(ledger), event)


def test_time_runs_forward() -> None:
    event = TopUp(date=dt.date(2025, 12, 31), detail=(), file="2025-12.beancount", line=7)
    with pytest.raises(Refused) as refused:
        apply(new_households(HOMES, dt.date(2026, 1, 1)), event)
    assert str(refused.value) == (
        "2025-12.beancount：第 7 行：业务日期 2025-12-31 早于分户账已记到的日期 2026-01-01"
    )


def test_a_household_twice_in_a_detail() -> None:
    movement = Movement(bank_fen=2, buildings=(("B01", 2),))
    event = TopUp(date=dt.date(2026, 1, 1), movement=movement, detail=(("B01-1-101", 1), ("B01-1-101", 1)))
    with pytest.raises(Refused, match="明细里户 B01-1-101 出现了两次"):
        apply(new_households(HOMES, dt.date(2026, 1, 1)), event)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "表头应是 dwelling,amount"),
        ("户,金额\n".encode(), "表头应是 dwelling,amount"),
        (b"dwelling,amount\n", "批量明细文件里没有一户"),
        (b"dwelling,amount\nB01-1-101,1\n", "第 2 行：这一行应是“户,金额”，金额写到分"),
        (b"dwelling,amount\nB01-1-101,=1.00\n", "第 2 行：这一行应是“户,金额”，金额写到分"),
        (b"dwelling,amount\n\xff", "批量明细文件不是 UTF-8 编码"),
    ],
)
def test_batches_that_are_none(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        parse_batch(content, hashlib.sha256(content).hexdigest(), "x.csv")


SHAPE = re.compile("维修资金没有这样的凭证：.*；一张凭证只记一种业务")


@pytest.mark.parametrize("handover", [False, True])
@pytest.mark.parametrize("bank", ["BANK 1.00, ", "BANK -1.00, ", ""])
@pytest.mark.parametrize(
    "legs",
    [
        "REP:B01 {}, OWN:B01 {}", "REP:B01 {}, PAID:B01 {}", "REP:B01 {}, YIELD {}", "REP:B01 {}, OWED {}",
        "REP:B01 {}, CASH 1.00, OWN:B01 {}", "PAID:B01 {}, OWN:B01 {}", "PAID:B01 {}, INT {}",
        "BOND 1.00, INT {}, OWN:B01 {}",
        "OWED {}, OWN:B01 {}", "LOST:B01 {}, OWED {}, OWN:B01 {}", "WAIT {}, OWN:B01 {}", "INT {}, BINT {}",
    ],
)
def test_two_kinds_of_business_in_one_voucher(legs: str, bank: str, handover: bool) -> None:
    """Whatever the amounts and signs; `handover` and `correction` make them no better."""
    meta = 'household: "B01-1-101" | handover: TRUE' if handover else 'household: "B01-1-101" | correction: "记-0001"'
    with pytest.raises(Refused, match=SHAPE):
        read_event(one_voucher(meta, bank + legs.replace("{}", "2.00")), {})
