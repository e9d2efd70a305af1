"""Ways to take money out of a maintenance fund while every sum adds up: each gives a finding.

The theft is added to books of which nothing is said; digests of shares stay those of the good books.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from beancount import loader

from tests.plugins.fund_books import FILES, changed, digests, write

RULES = ("dwelling_known", "household_identity", "fund_purpose", "bonds", "separate_funds", "cash_basis")
ALL = '"\nplugin "plugins.'.join(RULES)
SHAPE = "维修资金没有这样的凭证：.*一张凭证只记一种业务"

Change = tuple[str, str]
"""A file of `FILES`, and what `changed` does with it."""


def voucher(head: str, meta: str, legs: str, day: str = "2026-12-01") -> Change:
    """A voucher at the end of the ledger; `|` between metadata, `,` between legs, `@` before a leg's household."""
    lines = [f"{day} * {head}", *(f"  {told.strip()}" for told in meta.split("|") if told.strip())]
    for leg in legs.split(","):
        posting, _, household = leg.strip().partition("@")
        account, _, number = posting.strip().partition(" ")
        lines.append(f"  {account}  {number} CNY")
        if household:
            lines.append(f'    household: "{household}"')
    return "ledger", "+\n" + "\n".join(lines) + "\n"


def correction(named: str, giver: str, fen: str, meta: str = 'deposit: "top-up"') -> Change:
    """`fen` yuan of what `giver` has, moved to 02-1-101 (building 02, public)."""
    about = f'correction: "{named}" | correction-total: {fen} | {meta}'
    return voucher('"更正"', about, f"OWN:01 {fen} @{giver}, PUB:02 -{fen} @02-1-101")


BUILDER = '"示例防水公司" "屋面"'
ONE = 'project: "XM1" | household: "01-1-101"'
PUT_RIGHT = 'correction: "2026-02/记-0001" | deposit: "top-up" | correction-total: 3.00'

THEFTS: list[tuple[str, list[Change], str]] = [
    ("yield paid out", [voucher('"收益"', "", "YIELD 3.00, BANK -3.00")], SHAPE),
    # corrections
    ("a correction pays", [voucher('"更正"', PUT_RIGHT, "OWN:01 3.00 @01-1-101, BANK -3.00")], SHAPE),
    ("a correction of a deposit pays", [
        voucher('"更正"', PUT_RIGHT.replace("3.00", "0.00"), "PAID:01 3.00 @01-1-101, BANK -3.00"),
    ], "这种凭证不应动“银行存款”，请分开记"),
    ("a correction gives yield", [voucher('"更正"', PUT_RIGHT, "YIELD 3.00, OWN:01 -3.00 @01-1-101")], SHAPE),
    ("a correction of nothing", [correction("2026-12/记-0099", "01-1-101", "3.00")],
     "更正的凭证 2026-12/记-0099 不在账上"),
    ("a number without its month", [correction("记-0001", "01-1-101", "3.00")], "更正的凭证 记-0001 不在账上"),
    ("a correction of another's", [correction("2026-02/记-0001", "01-1-102", "3.00")],
     "更正的金额超过凭证 2026-02/记-0001"),
    ("more than was booked", [correction("2026-02/记-0001", "01-1-101", "90.01")],
     "更正的金额超过凭证 2026-02/记-0001"),
    ("corrected twice", [correction("2026-02/记-0001", "01-1-101", "50.00")] * 2,
     "更正的金额超过凭证 2026-02/记-0001"),
    ("another kind of deposit", [correction("2026-02/记-0001", "01-1-101", "3.00", 'deposit: "first"')],
     "更正须写同一种交存|退回的金额多于它的交存金额"),
    ("natures exchanged", [voucher('"更正"', "", "PUB:02 5.00, OWN:02 -5.00")], SHAPE),
    ("households exchanged", [voucher('"更正"', "", "OWN:01 5.00 @01-1-101, OWN:01 -5.00 @01-1-102")], SHAPE),
    # repairs
    ("the whole cost understated", [voucher(BUILDER, f"{ONE} | apportion-total: 0.01", "REP:01 60.00, BANK -60.00")],
     "维修项目 XM1 累计支付 210.00 元，预算 150.00 元"),
    ("a fen of repair, the rest of the balance", [voucher(BUILDER, ONE, "REP:01 0.01, OWN:01 50.00, BANK -50.01")],
     SHAPE),
    ("a fen of repair, the rest refunded", [voucher(BUILDER, ONE, "REP:01 0.01, PAID:01 50.00, BANK -50.01")],
     SHAPE),
    ("closed out of the budget", [voucher('"期末结转"', ONE, "OWN:01 20.00, REP:01 -20.00")], SHAPE),
    ("deposits closed", [voucher('"期末结转"', 'household: "01-1-101"', "PAID:01 20.00, OWN:01 -20.00")], SHAPE),
    ("outside the project", [voucher(BUILDER, 'project: "XM1" | household: "02-1-101"', "REP:02 1.00, BANK -1.00")],
     "户 02-1-101 不在维修项目 XM1 登记的范围 building:01 里"),
    ("paid to nobody", [voucher('"屋面"', ONE, "REP:01 1.00, BANK -1.00")], "收款人“”不是维修项目 XM1 的施工单位"),
    # what is owed for a lost house
    ("a deposit made a debt", [
        voucher('"李某"', "", "BANK 100.00, OWED -100.00"),
        voucher('"王某"', 'household: "01-1-102"', "OWED 100.00, BANK -100.00", "2026-12-02"),
    ], SHAPE),
    ("paid to another", [voucher('"王某"', 'household: "01-1-102"', "OWED 505.00, BANK -505.00")],
     "户“01-1-102”没有这么多应返还的资金：应返还多少以房屋灭失的凭证为准"),
    ("paid to another as a fund taken over", [
        voucher('"王某"', 'household: "01-1-102" | handover: TRUE', "OWED 505.00, BANK -505.00"),
    ], "这种凭证不应动“应付房屋灭失返还资金”，请分开记"),
    ("paid to another as an opening", [
        voucher('"王某"', 'household: "01-1-102" | opening: TRUE', "OWED 505.00, BANK -505.00"),
    ], "分户账已有业务，不能再记期初余额"),
    ("a repair as an opening", [voucher(BUILDER, f"{ONE} | opening: TRUE", "REP:01 1.00, BANK -1.00")],
     "分户账已有业务，不能再记期初余额"),
    ("a repair as a fund taken over", [voucher(BUILDER, f"{ONE} | handover: TRUE", "REP:01 1.00, BANK -1.00")],
     "明细里户 01-1-101 的金额 -1.00 方向相反"),
    ("a repair that others paid less for", [
        voucher(BUILDER, 'project: "XM1" | apportion: "building:01" | apportion-total: 0.01 | paid-outside: -59.99 | '
                'shares-sha256: "00"', "REP:01 60.00, BANK -60.00"),
    ], "01 幢账上变动 -60.00 元，分户合计 -0.01 元，两者应相等"),
    ("paid to nobody's house", [voucher('"王某"', "", "OWED 505.00, BANK -505.00")], "户“”没有这么多应返还的资金"),
    ("a part to another", [
        voucher('"业主"', 'household: "02-1-102"', "OWED 500.00, BANK -500.00"),
        voucher('"王某"', 'household: "01-1-102"', "OWED 5.00, BANK -5.00", "2026-12-02"),
    ], "户“01-1-102”没有这么多应返还的资金"),
    # the transfer from public revenue
    ("it does not arrive in full", [
        voucher('"补充"', 'transfer: "G-W"', "GGIVE 50.00, GBANK -50.00, BANK 40.00, CASH 10.00, BIZ -50.00"),
    ], "“公共收益补充维修资金”须全数到账：付出 50.00，收入 40.00，转出 50.00"),
    # bonds
    ("another paper", [("bonds", "GZ2,treasury|GZ2,other")], "国债“GZ2”的券种、市场、到期日与登记的不同|只能购买国债"),
    ("from the exchange", [("bonds", "GZ2,treasury,primary|GZ2,treasury,secondary")],
     "国债“GZ2”的券种、市场、到期日与登记的不同（treasury、secondary、2027-04-01）"),
    # what was shared stays as it was shared
    ("a deposit dated back", [
        voucher('"续交"', 'household: "01-1-102"', "BANK 100.00, PAID:01 -100.00", "2026-01-01"),
    ], "01 幢账上变动 20.00 元，分户合计 20.31 元，两者应相等"),
    ("deposits dated back that keep every building's share", [
        voucher('"续交"', "", "BANK 1450.00, PAID:01 -1000.00 @01-1-102, PAID:02 -250.00 @02-1-102, "
                "PAID:02 -100.00 @02-1-101, PAID:02 -100.00 @02/S", "2026-01-01"),
    ], "分到各户的结果与过账时的不同：过账以后，有更早日期的凭证、变更或名册改动了它"),
]


def said_of(main: Path) -> list[str]:
    _, errors, _ = loader.load_file(str(main))
    return [error.message for error in errors]


@pytest.mark.parametrize(("changes", "said"), [row[1:] for row in THEFTS], ids=[row[0] for row in THEFTS])
def test_no_theft_is_silent(changes: list[Change], said: str, tmp_path: Path) -> None:
    good = write(tmp_path / "good", ALL, FILES)
    assert said_of(good) == []
    files = FILES
    for where, change in changes:
        files = changed(files, where, change)
    found = said_of(write(tmp_path / "bad", ALL, files, digests(good.parent, good.read_text("utf-8"))))
    assert [message for message in found if re.search(said, message)], found


def test_a_dwelling_that_moves_to_another_stair_is_seen(tmp_path: Path) -> None:
    """101 (stair 1) and 102 (stair 2) change places: the same area pays, and the control account stays as it was."""
    homes = FILES["dwellings"].replace("01-1-102,01,1", "01-1-102,01,2")
    payments = FILES["ledger"].replace('apportion: "building:01"', 'apportion: "stair:01/1"')
    for old, new in (("10.00\n  REP:01   20", "15.00\n  REP:01   15"), ("BANK    -20", "BANK    -15"),
                     ("120.00\n  paid-outside: 40.00\n  REP:01   80", "120.00\n  paid-outside: 60.00\n  REP:01   60"),
                     ("BANK    -80", "BANK    -60")):  # fmt: skip
        assert old in payments
        payments = payments.replace(old, new)
    files = FILES | {"dwellings": homes, "ledger": payments}
    files = changed(files, "projects", "building:01|stair:01/1")
    good = write(tmp_path / "good", ALL, files)
    assert said_of(good) == []
    moved = homes.replace("01-1-101,01,1", "01-1-101,01,2").replace("01-1-102,01,2", "01-1-102,01,1")
    shares = digests(good.parent, good.read_text("utf-8"))
    found = said_of(write(tmp_path / "bad", ALL, files | {"dwellings": moved}, shares))
    assert len([message for message in found if "分到各户的结果与过账时的不同" in message]) == 2, found
