"""The household statement and the balance certificate as values, against the naive model and by pocket calculator."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from histories import START, History, histories
from hypothesis import given, settings
from hypothesis import strategies as st
from little_ledger import BATCHES, HOMES, entries
from little_ledger import START as OPENED

from jiezhang.domain.fund_register import Building, Change, FundRegister, Project
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Street
from jiezhang.households.fund import FundFiles, replay_fund
from reports.balance_certificate import balance_certificate, capitals
from reports.household_account import mask_owner
from reports.household_statement import HouseholdStatement, household_statements
from reports.render.household_words import came_words, went_words

STREET = Street(name="示例区云溪街道办事处", city="example", contact="街道物业科 0500-0000100")
COMPOUND = Compound(code="C0007", name="长吴公寓", community="S01", kind="old", start=START, contact="服务站 107")
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

FIRST_DEPOSITS = {"B01-1-101": "3000.00", "B01-1-102": "1000.00", "B01-2-101": "500.00", "B02-1-101": "200.00"}
OWNED = tuple(
    home.model_copy(update={"owner": f"Y{at:04d}K", "first_deposit_yuan": Decimal(FIRST_DEPOSITS.get(home.code, 0))})
    for at, home in enumerate(HOMES, 1)
)


def building(code: str, count: int, area: str, first: str, seller: str = "0.00") -> Building:
    row = {"code": code, "dwellings": count, "area_m2": area}
    return Building.model_validate(row | {"first_deposit_yuan": first, "seller_deposit_yuan": seller})


def change(day: str, kind: str, dwellings: str, into: str = "", owner: str = "") -> tuple[int, Change]:
    row = {"code": "BG-1", "date": day, "kind": kind, "dwellings": dwellings, "into": into, "owner": owner}
    return 2, Change.model_validate(row)


def files(*changes: tuple[int, Change]) -> FundFiles:
    buildings = ((2, building("B01", 3, "250.00", "4500.00")), (3, building("B02", 2, "100.00", "200.00", "300.00")))
    project = Project(code="WX-01", name="1单元屋面防水", scope="stair:B01/1", object="roof", cause="wear")
    return FundFiles(FundRegister(START, OWNED, buildings, changes, ((2, project),)), BATCHES)


def made(ledger: str, *changes: tuple[int, Change], first: str = "2026-01-01", last: str = "2026-12-31",
         codes: list[str] | None = None) -> dict[str, HouseholdStatement]:
    found = household_statements(
        files(*changes), entries(OPENED + ledger), street=STREET, compound=COMPOUND,
        first=date.fromisoformat(first), last=date.fromisoformat(last), codes=codes,
    )
    return {statement.home.code: statement for statement in found}


def told(statement: HouseholdStatement) -> list[str]:
    return [f"{line.day:%m-%d} {line.voucher or '—'} {line.what} {line.change_fen} {line.balance_fen}"
            for line in statement.lines]


PAID = """
    2026-02-01 * "续交"
      voucher: "记-0002"
      household: "B01-1-101"
      BANK       15.00 CNY
      PAID:B01  -15.00 CNY

    2026-02-02 * "退回"
      voucher: "记-0003"
      household: "B01-1-101"
      PAID:B01    4.00 CNY
      BANK       -4.00 CNY
    """
ROOF = """
    2026-03-01 * "屋面"
      voucher: "记-0004"
      project: "WX-01"
      apportion: "stair:B01/1"
      REP:B01   100.01 CNY
      BANK     -100.01 CNY
    """
ROAD = """
    2026-03-02 * "道路"
      voucher: "记-0005"
      apportion: "compound"
      apportion-total: 350.00
      paid-outside: 40.00
      REP:B01   250.00 CNY
      REP:B02    60.00 CNY
      BANK     -310.00 CNY
    """
SHORT = """
    2026-03-03 * "大修"
      voucher: "记-0006"
      apportion: "building:B02"
      apportion-total: 1000.00
      paid-outside: 500.00
      covered: "B02-1-101=业主, B02/S=售房单位"
      REP:B02   500.00 CNY
      BANK     -500.00 CNY
    """
LOST = """
    2026-12-02 * "灭失"
      voucher: "记-0011"
      household: "B01-2-101"
      LOST:B01  500.00 CNY
      OWED     -500.00 CNY
    """


def test_deposits_and_refunds() -> None:
    one = made(PAID)["B01-1-101"]
    assert told(one) == ["02-01 记-0002 续交 1500 101500", "02-02 记-0003 退回续交 -400 101100"]
    assert (one.opening_fen, one.deposits_fen, one.in_fen, one.out_fen, one.closing_fen) == (
        100_000, 1100, 1500, 400, 101_100)


@pytest.mark.parametrize(
    ("ledger", "code", "line", "how"),
    [
        (ROOF, "B01-1-101", "维修分摊：1单元屋面防水 -5001 94999",
         "费用 100.01 元，B01幢1单元按建筑面积分摊：本户 100.00 ㎡ ÷ 共 200.00 ㎡。"),
        (ROAD, "B01-2-101", "维修分摊：道路 -5000 45000",
         "费用 350.00 元，全小区按建筑面积分摊：本户 50.00 ㎡ ÷ 共 350.00 ㎡。"),
        (ROAD, "B02-1-101", "维修分摊：道路 -2400 17600",
         ("费用 350.00 元，全小区公有住房按建筑面积摊 60.00 元，业主按交存比例承担 24.00 元，"
          "再按建筑面积分摊：本户 60.00 ㎡ ÷ 共 60.00 ㎡。")),
        (ROAD, "B02/S", "维修分摊：道路 -3600 26400",
         "费用 350.00 元，全小区公有住房按建筑面积摊 60.00 元，售房单位按交存比例承担 36.00 元。"),
        (ROAD, "B02-1-102", "维修分摊：道路 0 0",
         ("费用 350.00 元，全小区按建筑面积分摊：本户 40.00 ㎡ ÷ 共 350.00 ㎡，应摊 40.00 元。"
          "未售房屋由开发建设单位另付，不动用维修资金。")),
        (SHORT, "B02-1-101", "维修分摊：大修 -20000 0",
         ("费用 1,000.00 元，B02幢公有住房按建筑面积摊 600.00 元，业主按交存比例承担 240.00 元，"
          "再按建筑面积分摊：本户 60.00 ㎡ ÷ 共 60.00 ㎡，应摊 240.00 元，余额不足的 40.00 元由业主另付。")),
    ],
)  # fmt: skip
def test_a_repair_and_its_reckoning(ledger: str, code: str, line: str, how: str) -> None:
    [found] = made(ledger)[code].lines
    assert (f"{found.what} {found.change_fen} {found.balance_fen}", found.how) == (line, how)
    assert (found.kind, made(ledger)[code].spent_fen) == ("repair", -found.change_fen)


@pytest.mark.parametrize(
    ("who", "said"), [("owner", "由业主另付"), ("物业服务企业", "由物业服务企业另付"), ("周一一", "由周**另付")]
)
def test_who_pays_what_is_short_is_said_in_words_and_no_person_is_named(who: str, said: str) -> None:
    [line] = made(SHORT.replace("B02-1-101=业主", f"B02-1-101={who}"))["B02-1-101"].lines
    assert said in line.how and who not in line.how.replace(said, "")


def test_yield_by_jishu() -> None:
    """Everybody's opening balance lay there for 30 days: 30,000 yuan-days of 90,000 for the first."""
    ledger = """
    2026-01-31 * "分配"
      voucher: "记-0007"
      apportion: "compound"
      basis: "jishu"
      apportion-total: 60.00
      YIELD     60.00 CNY
      OWN:B01  -50.00 CNY
      PUB:B02  -10.00 CNY
    """
    one = made(ledger)["B01-1-101"]
    assert told(one) == ["01-31 记-0007 收益分配 2000 102000"]
    assert one.lines[0].how == "共分配 60.00 元，按积数（余额×天数）分：本户 30,000.00 ÷ 共 90,000.00。"
    assert one.yields_fen == 2000


def test_a_correction_names_the_voucher_it_corrects() -> None:
    ledger = ROOF + """
    2026-12-01 * "更正"
      voucher: "记-0010"
      correction: "记-0004"
      correction-total: 1.00
      OWN:B01    1.00 CNY
        household: "B01-1-101"
      OWN:B01   -1.00 CNY
        household: "B01-1-102"
    """
    found = made(ledger)
    assert told(found["B01-1-101"])[1] == "12-01 记-0010 更正凭证 记-0004 -100 94899"
    assert found["B01-1-102"].other_fen == 100
    assert came_words(found["B01-1-102"]) == ["更正 1.00"]


def test_a_lost_house_closes_its_account() -> None:
    lost = change("2026-12-01", "loss", "B01-2-101")
    one = made(LOST, lost)["B01-2-101"]
    assert (one.home.status, one.closing_fen, told(one)) == ("已灭失", 0, ["12-02 记-0011 房屋灭失，余额返还 -50000 0"])
    assert not one.line.is_below
    assert "B01-2-101" not in made(LOST, lost, first="2026-12-03")
    assert (went_words(one), one.other_fen) == (["返还（房屋灭失） 500.00"], -50_000)


def test_a_sale_changes_the_owner_and_no_money() -> None:
    sale = change("2026-06-01", "sale", "B01-1-101", owner="Y9999Z")
    one = made(PAID, sale)["B01-1-101"]
    assert (one.home.owner, told(one)[-1]) == ("Y9＊＊", "06-01 — 房屋过户 0 101100")
    assert made(PAID, sale, last="2026-05-31")["B01-1-101"].home.owner == "Y0＊＊"


def test_a_split_hands_the_balance_on() -> None:
    split = change("2026-06-01", "split", "B01-1-101", "B01-1-101A=60.00,B01-1-101B=40.00")
    found = made(ROOF, split)
    old, new = found["B01-1-101"], found["B01-1-101A"]
    assert told(old)[-1] == "06-01 — 分户 -94999 0"
    assert old.lines[-1].how == "余额转到 B01-1-101A、B01-1-101B（按建筑面积），本户号停用。"
    assert told(new) == ["06-01 — 分户 56999 56999"]
    assert (new.home.place, new.home.area_m2, new.lines[0].how) == (
        "B01幢1单元101A室", Decimal("60.00"), "由 B01-1-101 转来（按建筑面积）。")
    assert (went_words(old), came_words(new)) == (["维修 50.01", "转出 949.99"], ["转入 569.99"])
    assert (old.other_fen, new.other_fen) == (-94_999, 56_999)
    assert "B01-1-101A" not in made(ROOF, split, last="2026-05-31")
    assert "B01-1-101" not in made(ROOF, split, first="2026-06-02")


def test_the_period_starts_with_the_books_and_opening_balances_are_before_it() -> None:
    one = made(PAID + ROOF, first="2025-01-01", last="2026-02-01")["B01-1-101"]
    assert (one.first, one.opening_fen, one.closing_fen) == (START, 100_000, 101_500)
    assert made(PAID + ROOF, first="2026-02-02", last="2026-02-28")["B01-1-101"].opening_fen == 101_500


@pytest.mark.parametrize(
    ("code", "below", "due_fen"), [("B01-1-101", False, 0), ("B01-1-102", True, 10_001), ("B02/S", False, 0)]
)
def test_the_30_percent_line(code: str, below: bool, due_fen: int) -> None:
    """3,000.00 paid in and 900.00 left is at the line; 1,000.00 and 199.99 is 100.01 below it."""
    ledger = """
    2026-03-01 * "约定由两户承担"
      REP:B01   100.00 CNY
        household: "B01-1-101"
      REP:B01   800.01 CNY
        household: "B01-1-102"
      BANK     -900.01 CNY
    """
    line = made(ledger)[code].line
    assert (line.is_below, line.due_fen) == (below, due_fen)


def test_all_come_by_building_stair_and_floor() -> None:
    renumbered = change("2026-06-01", "renumber", "B01-1-101", "B01-1-1001=100.00")
    codes = ["B01-1-102", "B01-1-1001", "B01-2-101", "B02-1-101", "B02-1-102", "B02/S"]
    assert list(made("", renumbered, first="2026-06-02")) == codes


def test_waiting_vouchers_are_counted_and_in_no_account() -> None:
    ledger = """
    2026-05-01 ! "不明"
      BANK        7.00 CNY
      WAIT       -7.00 CNY
    """
    assert {s.waiting for s in made(ledger).values()} == {1}
    assert {s.waiting for s in made(ledger, last="2026-04-30").values()} == {0}


def test_chosen_accounts_come_in_the_order_asked_for_and_as_among_all() -> None:
    codes = ["B02/S", "B01-1-101"]
    chosen, everybody = made(PAID + ROOF + ROAD, codes=codes), made(PAID + ROOF + ROAD)
    assert list(chosen.items()) == [(code, everybody[code]) for code in codes]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"first": "2026-02-01", "last": "2026-01-01"}, "起始日期 2026-02-01 晚于截止日期 2026-01-01"),
        ({"first": "2025-01-01", "last": "2025-12-31"}, "长吴公寓自 2026-01-01 起建账，没有 2025-12-31 的分户账"),
        ({"codes": ["B09-1-101"]}, "名册里没有户 B09-1-101"),
        ({"codes": ["B01-1-101", "B01-1-101"]}, "明细里户 B01-1-101 出现了两次"),
        ({"ledger": PAID.replace('"B01-1-101"', '"B09-1-101"')},
         "分户账有 2 处错误，改正后才能出具：名册里没有户 B09-1-101"),
    ],
)  # fmt: skip
def test_refusals(wish: dict[str, str], message: str) -> None:
    ledger = wish.pop("ledger", PAID)
    with pytest.raises(Refused) as refused:
        made(ledger, **wish)  # type: ignore[arg-type]
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("pseudonym", "masked"), [("Y0001D", "Y0＊＊"), ("Y01", "Y0＊＊"), ("Y0", "Y＊＊"), ("Y", "Y＊＊"), ("", "")]
)
def test_a_masked_owner(pseudonym: str, masked: str) -> None:
    assert mask_owner(pseudonym) == masked


# ---------------------------------------------------------------------- the certificate
def certificate_of(code: str, ledger: str = PAID, *changes: tuple[int, Change], day: str = "2026-12-31"):
    return balance_certificate(
        files(*changes), entries(OPENED + ledger), street=STREET, compound=COMPOUND, code=code,
        day=date.fromisoformat(day),
    )


def test_the_certificate_says_what_the_statement_says() -> None:
    sale = change("2026-06-01", "sale", "B01-1-101", owner="Y9999Z")
    for day in ("2026-01-01", "2026-02-01", "2026-12-31"):
        proof = certificate_of("B01-1-101", PAID, sale, day=day)
        same = made(PAID, sale, last=day)["B01-1-101"]
        assert (proof.home, proof.balance_fen, proof.first_deposit_fen, proof.line, proof.waiting) == (
            same.home, same.closing_fen, same.first_deposit_fen, same.line, same.waiting)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("B02/S", "B02/S 是售房单位的账户，不随房屋过户，不出余额证明"),
        ("B01-2-101", "户 B01-2-101 已灭失或注销，不出余额证明"),
        ("B09-1-101", "名册里没有户 B09-1-101"),
    ],
)
def test_no_certificate(code: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        certificate_of(code, LOST, change("2026-12-01", "loss", "B01-2-101"))
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (6, "陆分"),
        (50, "伍角整"),
        (32504, "叁佰贰拾伍元零肆分"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (100050000, "壹佰万零伍佰元整"),
        (10000000001, "壹亿元零壹分"),
        (1000200030000, "壹佰亿零贰佰万零叁佰元整"),
    ],
)
def test_amounts_in_capitals(fen: int, words: str) -> None:
    """Those with 角 or 分 are the examples of 支付结算办法, annex 1."""
    assert capitals(fen) == words


@given(st.integers(0, 10**14 - 1))
def test_capitals_can_be_read_back(fen: int) -> None:
    values = {"拾": 10, "佰": 100, "仟": 1000}
    words, total = capitals(fen), 0
    whole, _, rest = words.partition("元")
    if not rest:
        whole, rest = "", words
    for group, unit in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, found, after = whole.partition(group) if group else (whole, True, "")
        whole = after if found else whole
        for digit, place in re.findall("([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", part) if found else ():
            total += "零壹贰叁肆伍陆柒捌玖".index(digit) * values.get(place, 1) * unit * 100
    for digit, place in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        total += "零壹贰叁肆伍陆柒捌玖".index(digit) * {"角": 10, "分": 1}[place]
    assert total == fen
    assert "零零" not in words


# ---------------------------------------------------------------------- by chance
AREAS = re.compile(r"本户 ([\d,.]+) ㎡ ÷ 共 ([\d,.]+) ㎡(?:，应摊 ([\d,.]+) 元)?")
SHARED = re.compile(r"业主按交存比例承担 ([\d,.]+) 元|费用 ([\d,.]+) 元")


YIELD = re.compile(r"共分配 ([\d,.]+) 元，按.+分：本户 ([\d,.]+\d)(?: ㎡)? ÷ 共 ([\d,.]+\d)")


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


@settings(max_examples=1000 if LONG else 60)
@given(histories(), st.integers(0, 900), st.integers(0, 900))
def test_random_histories_tie(history: History, since: int, days: int) -> None:
    """Opening, every line and closing agree with the naive model, in whatever period; all of them with the controls."""
    steps, fund, vouchers = history.steps, history.files, history.vouchers
    first, last = START + timedelta(since), START + timedelta(since + days)
    found = household_statements(fund, vouchers, street=STREET, compound=COMPOUND, first=first, last=last)
    before = next((s.money for s in reversed(steps) if s.done.date < first), {})
    after = next((s.money for s in reversed(steps) if s.done.date <= last), {})
    assert {s.home.code: s.opening_fen for s in found if s.opening_fen} == {c: f for c, f in before.items() if f}
    assert {s.home.code: s.closing_fen for s in found if s.closing_fen} == {c: f for c, f in after.items() if f}
    state = replay_fund(fund, vouchers, last).state
    assert sum(s.closing_fen for s in found) == int(state.controls.buildings_fen.sum())
    for statement in found:
        running = statement.opening_fen
        for line in statement.lines:
            running += line.change_fen
            assert (line.balance_fen, first <= line.day <= last) == (running, True)
        s = statement
        assert s.opening_fen + s.deposits_fen + s.yields_fen - s.spent_fen + s.other_fen == s.closing_fen == running
        assert s.opening_fen + s.in_fen - s.out_fen == s.closing_fen


@settings(max_examples=1000 if LONG else 60)
@given(histories())
def test_the_reckoning_on_a_line_gives_its_amount(history: History) -> None:
    """An owner who does the printed sum gets the printed share, to two fen (rounding, in at most two steps)."""
    last = START + timedelta(9000)
    for statement in household_statements(
        history.files, history.vouchers, street=STREET, compound=COMPOUND, first=START, last=last
    ):
        for line in statement.lines:
            areas, given = AREAS.search(line.how), YIELD.search(line.how)
            assert bool(given) == (line.kind == "yield")
            if given:
                share = number(given[1]) * number(given[2]) / number(given[3])
                assert abs(share - Fraction(line.in_fen, 100)) < Fraction(1, 100), line.how
            if line.kind != "repair" or not areas:
                continue
            owners, total = SHARED.findall(line.how)[-1]
            share = number(owners or total) * number(areas[1]) / number(areas[2])
            printed = number(areas[3]) if areas[3] else Fraction(line.out_fen, 100)
            assert abs(share - printed) < Fraction(2, 100), line.how
