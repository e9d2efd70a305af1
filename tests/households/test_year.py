"""A year of a little fund, read from a ledger."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from little_fund import dwelling
from little_ledger import HOMES, SHA, START, balances, entries, replayed

from jiezhang.domain.household_events import OwnerChange
from jiezhang.domain.problem import ManyRefused
from jiezhang.domain.roll import LOST, SOLD, UNSOLD
from jiezhang.domain.scope import parse_scope
from jiezhang.households.batch import parse_batch, write_batch
from jiezhang.households.effects import proposed_repair
from jiezhang.households.from_ledger import events_from_ledger
from jiezhang.households.identity import identity
from jiezhang.households.line import below_line, top_up_due
from jiezhang.households.replay import apply
from jiezhang.households.state import new_households, same

YEAR = f"""{START}
    2026-01-11 * "两户续交"
      batch: "two.csv"
      batch-sha256: "{SHA['two.csv']}"
      BANK       15.00 CNY
      PAID:B01  -15.00 CNY

    2026-02-01 * "一户续交，一户首期"
      deposit: "first"
      BANK       40.00 CNY
      PAID:B01  -30.00 CNY
        household: "B01-2-101"
      PAID:B02  -10.00 CNY
        household: "B02-1-102"

    2026-02-02 * "退回本年交存"
      household: "B01-1-101"
      PAID:B01    4.00 CNY
      BANK       -4.00 CNY

    2026-03-01 * "一单元屋面"
      apportion: "stair:B01/1"
      basis: "area"
      REP:B01   100.01 CNY
      BANK     -100.01 CNY

    2026-03-02 * "全小区道路，未售一户由开发商付"
      apportion: "compound"
      basis: "area"
      apportion-total: 350.00
      paid-outside: 40.00
      REP:B01   250.00 CNY
      REP:B02    60.00 CNY
      BANK     -310.00 CNY

    2026-03-21 ! "利息"
      BANK       20.00 CNY
      INT       -20.00 CNY

    2026-04-01 * "公共收益补充"
      transfer: "G-W"
      G-OUT      80.00 CNY
      G-BANK    -80.00 CNY
      BANK       80.00 CNY
      BIZ       -80.00 CNY

    2026-04-02 * "买国债"
      bond: "26国债01"
      bond-kind: "treasury"
      bond-market: "primary"
      bond-matures: 2026-10-02
      BOND     1000.00 CNY
      BANK    -1000.00 CNY

    2026-04-03 * "提备用金"
      CASH       10.00 CNY
      BANK      -10.00 CNY

    2026-05-01 ! "不明"
      BANK        7.00 CNY
      WAIT       -7.00 CNY

    2026-10-02 * "国债到期"
      bond: "26国债01"
      BANK     1012.34 CNY
      BOND    -1000.00 CNY
      BINT      -12.34 CNY

    2026-12-01 * "更正：3 月 1 日应全由 101 室承担一元"
      correction: "记-0004"
      correction-total: 1.00
      OWN:B01    1.00 CNY
        household: "B01-1-101"
      OWN:B01   -1.00 CNY
        household: "B01-1-102"

    2026-12-02 * "灭失"
      household: "B01-2-101"
      LOST:B01  480.00 CNY
      OWED     -480.00 CNY

    2026-12-03 * "付"
      household: "B01-2-101"
      OWED      480.00 CNY
      BANK     -480.00 CNY
    """


def test_a_year() -> None:
    """By pocket calculator: 101 has 1000 + 10 - 4 - 50.01 - 100 - 1 = 854.99, and so on.

    The interest of March still waits: its 20.00 are as unexplained as the 7.00 of May."""
    end = replayed(YEAR)
    assert end.roll.codes.tolist() == ["B01-1-101", "B01-1-102", "B01-2-101", "B02-1-101", "B02-1-102", "B02/S"]
    assert balances(end) == "85499 85600 0 17600 1000 26400"
    assert end.status.tolist() == [SOLD, SOLD, LOST, SOLD, UNSOLD, SOLD]
    found = identity(end)
    assert (found.undistributed_fen, found.payable_fen, found.unexplained_fen, found.bonds_fen) == (19234, 0, 2700, 0)
    assert found.bank_fen == 85499 + 85600 + 17600 + 1000 + 26400 + 19234 + 2700


def test_yield_by_jishu() -> None:
    """1,000.00 for 30 days, 1,000.00 + 200.00 from the tenth: 30,000 and 34,000 yuan-days share 64.01."""
    ledger = """
    2026-01-01 * "交存"
      BANK  2000.00 CNY
      PAID:B01  -1000.00 CNY
        household: "B01-1-101"
      PAID:B01  -1000.00 CNY
        household: "B01-1-102"

    2026-01-11 * "续交"
      household: "B01-1-102"
      BANK  200.00 CNY
      PAID:B01  -200.00 CNY

    2026-01-31 * "利息"
      BANK   64.01 CNY
      INT   -64.01 CNY

    2026-01-31 * "分配"
      apportion: "compound"
      basis: "jishu"
      apportion-total: 64.01
      YIELD     64.01 CNY
      OWN:B01  -64.01 CNY
    """
    end = replayed(ledger, new_households(HOMES[:2], dt.date(2026, 1, 1)))
    assert balances(end) == f"{100_000 + 3000} {120_000 + 3401}"  # 64.01 x 34/64 = 34.0053, x 30/64 = 30.0047
    assert end.jishu.tolist() == [0, 0]


def test_yield_by_area_goes_to_accounts_only() -> None:
    homes = [dwelling("B01-1-101", "10.00"), dwelling("B01-1-102", "20.00"), dwelling("B01-1-103", status="unsold")]
    ledger = """
    2026-01-01 * "交存"
      BANK  2.00 CNY
      PAID:B01  -1.00 CNY
        household: "B01-1-101"
      PAID:B01  -1.00 CNY
        household: "B01-1-102"

    2026-01-02 * "利息"
      BANK   1.00 CNY
      INT   -1.00 CNY

    2026-01-02 * "分配"
      apportion: "compound"
      basis: "area"
      apportion-total: 1.00
      YIELD     1.00 CNY
      OWN:B01  -1.00 CNY
    """
    assert balances(replayed(ledger, new_households(homes, dt.date(2026, 1, 1)))) == "133 167 0"


def test_a_sale_moves_no_money_and_makes_the_owner_pay_from_then_on() -> None:
    state = replayed(START)
    sold = apply(state, OwnerChange(date=dt.date(2026, 5, 1), household="B02-1-102"))
    assert balances(sold) == balances(state)
    assert proposed_repair(state, parse_scope("building:B02"), 1000).cash_fen == 400
    assert proposed_repair(sold, parse_scope("building:B02"), 1000).cash_fen == 0
    assert same(apply(sold, OwnerChange(date=dt.date(2026, 5, 1), household="B02-1-102")), sold)


def test_a_shortfall_covered_by_its_owner() -> None:
    ledger = f"""{START}
    2026-03-01 * "大修，B02-1-101 余额 200.00 不足 40.00"
      apportion: "building:B02"
      apportion-total: 1000.00
      paid-outside: 500.00
      covered: "B02-1-101=owner, B02/S=seller"
      REP:B02   500.00 CNY
      BANK     -500.00 CNY
    """
    assert balances(replayed(ledger)) == "100000 100000 50000 0 0 0"


def test_the_30_percent_line() -> None:
    ledger = f"""{START}
    2026-03-01 * "约定由三户承担"
      REP:B01  1820.01 CNY
        household: "B01-1-101"
      REP:B01  -1120.01 CNY
        household: "B01-1-101"
      REP:B01  700.01 CNY
        household: "B01-1-102"
      REP:B01  400.00 CNY
        household: "B01-2-101"
      BANK    -1800.01 CNY
    """
    state = replayed(ledger)
    assert balances(state) == "30000 29999 10000 20000 0 30000"  # 101 is at its line, not below it
    assert below_line(state) == ("B01-1-102", "B01-2-101")
    assert [(d.code, d.due_fen) for d in top_up_due(state, 50)] == [("B01-1-102", 20_001), ("B01-2-101", 15_000)]
    assert below_line(state, 31) == ("B01-1-101", "B01-1-102", "B01-2-101")


def test_a_batch_survives_its_file() -> None:
    detail = (("B01-1-101", -5), ("B01-1-102", 123_456), ("B02/S", 0))
    content = write_batch(detail)
    assert parse_batch(content, hashlib.sha256(content).hexdigest(), "x.csv") == detail


def test_every_unreadable_voucher_is_told() -> None:
    ledger = """
    2026-01-01 * "一"
      BANK   1.00 CNY
      PAID:B01  -1.00 CNY

    2026-01-01 * "二"
      BANK   1.00 CNY
      PAID   -1.00 CNY
    """
    with pytest.raises(ManyRefused) as many:
        events_from_ledger(entries(ledger), {})
    assert [wrong.line for wrong in many.value.refusals] == [2, 6]
