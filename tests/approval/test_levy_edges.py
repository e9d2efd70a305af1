"""Where the rules over a levy begin and end: its days, the fen, lists that can't be read, where a finding stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jiezhang.domain.approval.records import Objection
from jiezhang.domain.approval.rules import levies
from jiezhang.domain.fund_register import Change, FundRegister
from jiezhang.domain.levy import asks_household, is_levy, levy_moves, parse_dues, parse_payers
from jiezhang.domain.problem import Refused
from tests.approval.levy_books import (
    ALL_PAID,
    DUES,
    FUND,
    PAYERS,
    WORDS,
    book,
    decided,
    digest,
    levy,
    levy_files,
    paid,
    refund,
    spent,
)
from tests.approval.little_office import COMPOUND, HOMES

LAW = "民法典第278条第1款第6项"
LEVIES = "/street/C0007/register/levies.csv"


def said(text: str, items: Any = None, files: Any = None) -> list[str]:
    found = levies.find(book(text, items, files))
    assert {one.rule for one in found} <= {"levies"}
    return [one.message for one in found]


def advised(text: str, files: Any = None) -> list[str]:
    found = levies.advise(book(text, None, files))
    assert {one.rule for one in found} <= {"levies"}
    return [one.message for one in found]


@pytest.mark.parametrize(
    ("day", "voted", "sentences"),
    [
        ("2026-03-01", date(2026, 2, 20), []),
        ("2026-09-30", date(2026, 2, 20), []),
        ("2026-03-10", date(2026, 3, 10), []),
        ("2026-03-09", date(2026, 3, 10), [f"集资 J01 的决议 R1 于 2026-03-10 才办完，不能在此之前收款（{LAW}）"]),
    ],
)
def test_the_first_and_the_last_day(day: str, voted: date, sentences: list[str]) -> None:
    assert said(paid("01-1-101", "0.01", day), decided(voted)) == sentences


def test_the_decisions_own_days_are_within_it() -> None:
    whole = levy(starts=date(2026, 2, 1), ends=date(2026, 12, 31))
    assert said("", files=levy_files(whole)) == []
    early = levy(starts=date(2026, 1, 31))
    assert said("", files=levy_files(early)) == [
        f"集资 J01：期限超出决议 R1 的 2026-02-01 至 2026-12-31（{LAW}）"
    ]


def test_each_fault_of_the_register_stands_at_its_line() -> None:
    [one] = levies.find(book("", files=levy_files(levy(resolution="R9"))))
    assert (one.source, one.rule, one.entry) == ({"filename": LEVIES, "lineno": 2}, "levies", None)


def test_a_scope_that_names_nothing() -> None:
    wrong = levy(scope="building:99")
    sentences = said("", decided(scope="building:99"), levy_files(wrong))
    assert sentences == [f"集资 J01：应交名册里的户 01-1-101 不在户册里，或不在集资范围 building:99 内（{LAW}）"]


@pytest.mark.parametrize("register", [None, FundRegister(COMPOUND.start, ())])
def test_without_a_register_of_dwellings_nobody_is_a_stranger(register: FundRegister | None) -> None:
    """That there is none is another rule's finding; nothing breaks, and the vote can't be counted."""
    found = said("", files=replace(levy_files(), register=register))
    assert [one for one in found if "不在户册里" in one] == []


def changed_register(*row: str) -> FundRegister:
    names = ("code", "date", "kind", "dwellings", "into", "owner")
    change = Change.model_validate(dict(zip(names, row, strict=True)))
    return FundRegister(COMPOUND.start, HOMES, changes=((2, change),))


def test_who_was_there_on_the_first_day() -> None:
    """A house lost before is a stranger; one lost in the meantime is not."""
    why = f"集资 J01：应交名册里的户 01-1-101 不在户册里，或不在集资范围 compound 内（{LAW}）"
    for day, sentences in (("2026-02-28", [why]), ("2026-03-02", [])):
        files = replace(levy_files(), register=changed_register("G1", day, "loss", "01-1-101", "", ""))
        assert said("", files=files) == sentences


def test_a_register_that_makes_no_sense_is_told() -> None:
    unknown = changed_register("G1", "2026-03-02", "split", "09-9-999", "09-9-998=1.00", "")
    files = replace(levy_files(), register=unknown)
    found = [one for one in said("", files=files) if one.startswith("集资 J01：register/changes.csv：第 2 行：")]
    assert len(found) == 1


def test_a_fund_without_a_row_is_told_once() -> None:
    text = paid("01-1-101", "1.00", leg="J2IN")
    again = text.replace("J2IN", "Income:C0007长吴公寓:J02门禁集资:4901其他")
    found = [one for one in said(text + again) if "没有登记在 levies.csv" in one]
    assert found == [f"专项集资“J02门禁集资”没有登记在 levies.csv，不能开户、收支（{LAW}）"]


def test_several_dwellings_in_one_row_each_by_itself() -> None:
    """The second is paid too much; the first not."""
    payers = "dwelling,amount\n01-1-101,400.00\n01-1-102,1000.01\n"
    text = paid("", "1400.01", more=f'  batch: "batches/b.csv"\n  batch-sha256: "{digest(payers)}"\n')
    files = levy_files(batches={"batches/J01-dues.csv": DUES, "batches/b.csv": payers})
    assert said(text, files=files) == [f"户 01-1-102 应交 1,000.00 元，累计收了 1,000.01 元，多收了（{LAW}）"]


TO_BOTH = refund("", "1000.00").replace(
    '  household: ""\n', f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n'
)


def test_refunds_in_parts_and_together() -> None:
    both = paid("01-1-101", "1000.00") + paid("01-1-102", "1000.00")
    assert said(both + TO_BOTH.replace('  household: ""\n', "")) == []
    parts = refund("01-1-101", "300.00") + refund("01-1-101", "300.00", "2026-08-06")
    last = refund("01-1-101", "400.01", "2026-08-07")
    assert said(paid("01-1-101", "1000.00") + parts + last) == [
        f"户 01-1-101 还能退 400.00 元，这笔退了 400.01 元：退还不得多于它交的（{LAW}）"
    ]


def test_both_ways_of_naming_households_at_once() -> None:
    both = paid("01-1-101", "1000.00", more=f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n')
    why = "集资的收款和退款须写明户号（household），许多户的写批量明细（batch），只写一种"
    assert said(both) == [f"{why}（{LAW}）"]


def test_what_the_state_pays_in_is_nobodys_due() -> None:
    subsidy = '2026-04-01 * "财政" "补助"\n  voucher: "记-0600"\n  JBANK  9000.00 CNY\n  JSUB  -9000.00 CNY\n\n'
    assert said(subsidy + spent("6000.00")) == []


def test_what_was_spent_counts_from_the_first_fen_over_and_back() -> None:
    over = f"集资 J01 的项目支出累计 6,000.01 元，超过决定的 6,000.00 元（{LAW}）"
    assert said(ALL_PAID + spent("5999.99") + spent("0.02", "2026-06-01")) == [over]
    back = spent("5.00", "2026-06-02").replace("JPAY  5", "JPAY  -5").replace("JBANK  -5", "JBANK  5")
    assert said(ALL_PAID + spent("6000.01") + back) == [over]
    nothing = spent("0.00", "2026-06-03").replace("-0.00", "0.00")
    assert said(ALL_PAID + spent("6000.01") + nothing) == [over]
    assert said(spent("0.01"), files=levy_files(levy(resolution="R9")))[-1] == (
        f"集资 J01 的项目支出累计 0.01 元，超过决定的 0.00 元（{LAW}）"
    )


def test_money_by_mistake_back_to_the_fen() -> None:
    came = '2026-03-05 * "张三" "转错"\n  voucher: "记-0700"\n  JBANK  3.00 CNY\n  JHELD  -3.00 CNY\n\n'
    back = '2026-03-06 * "{payee}" "退回"\n  voucher: "记-0701"\n  JHELD  {sum} CNY\n  JBANK  -{sum} CNY\n\n'
    whole = back.format(payee="张三", sum="3.00")
    why = f"集资 J01 没有多收过“{{}}”这么多钱，不能退给它（{LAW}）"
    assert said(came + whole) == []
    assert said(came + whole + back.format(payee="张三", sum="0.01")) == [why.format("张三")]
    nobody = came.replace('"张三" ', "") + back.format(payee="张三", sum="3.00").replace('"张三" ', "")
    assert said(nobody) == []
    assert said(whole.replace('"张三" ', "")) == [why.format("")]
    nothing = back.format(payee="张三", sum="0.00").replace("-0.00", "0.00")
    later = came.replace("3.00", "1.00").replace("03-05", "03-09")
    assert said(whole + nothing + later) == [why.format("张三")]


# ------------------------------------------------------------------ what a person should look at
ELSEWHERE = '2026-{day} * "无关"\n  GBANK  1.00 CNY\n  RENT  -1.00 CNY\n\n'


def test_what_is_left_after_the_end() -> None:
    left = f"集资 J01 已于 2026-09-30 到期，还有 400.00 元，应当退还业主或另作决定（{LAW}）"
    costs = spent("600.00")
    text = paid("01-1-101", "1000.00") + costs
    assert advised(text + ELSEWHERE.format(day="10-01")) == [left]
    assert advised(text + ELSEWHERE.format(day="09-30")) == []
    assert advised("") == []
    assert advised("", replace(levy_files(), levies=())) == []
    all_gone = text + refund("01-1-101", "400.00") + ELSEWHERE.format(day="10-01")
    assert advised(all_gone) == []
    [one] = levies.advise(book(text + ELSEWHERE.format(day="10-01")))
    assert one.source == {"filename": LEVIES, "lineno": 2}


def test_what_came_by_a_batch_is_left_too() -> None:
    text = paid("", "1000.00", more=f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n')
    refunded = refund("01-1-101", "400.00", payee="付款人") + refund("01-1-102", "600.00", payee="付款人")
    assert advised(text + refunded) == []


def test_a_fen_back_to_whom_it_came_from() -> None:
    assert advised(paid("01-1-101", "0.01") + refund("01-1-101", "0.01")) == []


def test_what_takes_a_receipt_back_may_come_after_the_end() -> None:
    text = paid("01-1-101", "1000.00", "2026-09-30").replace("记-0001", "记-0800")
    back = RED.replace("2026-03-09", "2026-10-02").replace("2026-03/记-0001", "2026-09/记-0800")
    assert said(text + back) == []
    nothing = paid("01-1-101", "0.00", "2026-10-02").replace("-0.00", "0.00")
    assert said(nothing) == []


def test_a_receipt_of_nothing_is_not_too_much() -> None:
    nothing = paid("01-1-101", "0.00", "2026-04-02", number=2).replace("-0.00", "0.00")
    assert said(paid("01-1-101", "1000.01") + nothing) == [
        f"户 01-1-101 应交 1,000.00 元，累计收了 1,000.01 元，多收了（{LAW}）"
    ]


def test_a_refund_to_somebody_else() -> None:
    why = "退给户 01-1-101 的收款人“{}”不是为这一户交款的人，请核对"
    text = paid("01-1-101", "0.01") + refund("01-1-101", "0.01", payee="王五")
    assert advised(text) == [why.format("王五")]
    assert advised(text.replace('"王五" ', "")) == [why.format("")]
    nameless = paid("01-1-101", "5.00").replace('"付款人01-1-101" ', "")
    assert advised(nameless + refund("01-1-101", "5.00").replace('"付款人01-1-101" ', "")) == []
    nothing = paid("01-1-101", "0.00").replace("-0.00", "0.00").replace("付款人01-1-101", "王五")
    assert advised(nothing + text) == [why.format("王五")]
    no_refund = refund("01-1-101", "0.00", payee="王五").replace("-0.00", "0.00")
    assert advised(paid("01-1-101", "5.00") + no_refund) == []


def test_each_refund_is_told_once_and_all_are_looked_at() -> None:
    """One voucher to two households: told once. Another after it: told too."""
    both = paid("01-1-101", "1000.00") + paid("01-1-102", "1000.00") + TO_BOTH.replace('  household: ""\n', "")
    more = refund("01-1-102", "1.00", "2026-08-06", payee="王五")
    assert advised(both + more) == [
        "退给户 01-1-101 的收款人“付款人”不是为这一户交款的人，请核对",
        "退给户 01-1-102 的收款人“王五”不是为这一户交款的人，请核对",
    ]


def test_an_objection_does_not_unmake_the_decision() -> None:
    objected = [*decided(), (date(2026, 3, 2), "objection", Objection(code="R1", number="Y1", text="太贵"))]
    assert said(paid("01-1-101", "1.00"), objected) == []


# ------------------------------------------------------------------ lists
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff", "f.csv：批量明细文件不是 UTF-8 编码的 CSV"),
        (b'dwelling,amount\n"01-1-101"x,1\n', "f.csv：批量明细文件不是 UTF-8 编码的 CSV"),
        (b"dwelling,due\n", "f.csv：第 1 行：批量明细文件的表头应是 dwelling,amount"),
        (b"dwelling,amount\n", "f.csv：批量明细文件里没有一户"),
        (b"dwelling,amount\n01-1-101,1,2\n", "f.csv：第 2 行：批量明细文件的这一行应是“户号,金额”，金额最多两位小数"),
        (b"dwelling,amount\n?,1\n", "f.csv：第 2 行：批量明细文件的这一行应是“户号,金额”，金额最多两位小数"),
        (b"dwelling,amount\n01-1-101\n", "f.csv：第 2 行：批量明细文件的这一行应是“户号,金额”，金额最多两位小数"),
        (b"dwelling,amount\n01-1-101,0\n", "f.csv：第 2 行：批量明细文件里户 01-1-101 重复，或金额为零"),
    ],
)
def test_a_batch_that_is_none(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_payers(content, "f.csv")
    assert str(refused.value) == sentence


def test_the_file_of_a_list_is_named() -> None:
    with pytest.raises(Refused, match="应交名册里没有一户"):
        parse_dues(b"dwelling,due_yuan\n", "f.csv")
    assert parse_payers(b"dwelling,amount\n , \n01-1-101,3.5\n", "") == (("01-1-101", 350),)
    assert parse_payers(b"dwelling,amount\n01-1-101,0.01\n", "") == (("01-1-101", 1),)


def test_a_batch_inside_a_ledger_names_its_file() -> None:
    bad = "dwelling,amount\n?,1\n"
    text = paid("", "1.00", more=f'  batch: "batches/b.csv"\n  batch-sha256: "{digest(bad)}"\n')
    files = levy_files(batches={"batches/J01-dues.csv": DUES, "batches/b.csv": bad})
    why = "batches/b.csv：第 2 行：批量明细文件的这一行应是“户号,金额”，金额最多两位小数"
    assert said(text, files=files) == [f"{why}（{LAW}）"]


@pytest.mark.parametrize(
    ("account", "levies_own", "asks"),
    [
        (WORDS["JIN"], True, True),
        (WORDS["JBACK"], True, True),
        (WORDS["JPAY"], True, False),
        (WORDS["RENT"], False, False),
        ("Assets:Cash", False, False),
    ],
)
def test_whose_accounts_they_are(account: str, levies_own: bool, asks: bool) -> None:
    assert (is_levy(account), asks_household(account)) == (levies_own, asks)


# ------------------------------------------------------------------ moves
def moves(text: str, batches: dict[str, bytes] | None = None) -> list[tuple[str, int, Any, bool]]:
    view = book(text)
    found = levy_moves(view.entries, FUND, view.files.batches if batches is None else batches)
    assert all(type(one.fen) is int and isinstance(one.households, tuple) for one in found)
    return [(one.code, one.fen, one.households, bool(one.fault)) for one in found]


RED = """
2026-03-09 * "付款人01-1-101" "注销"
  voucher: "记-0801"
  correction: "2026-03/记-0001"
  correction-kind: "red"
  JIN  1000.00 CNY
  JBANK  -1000.00 CNY

"""


def test_what_moves_in_a_levy() -> None:
    first = [("4001", 100_000, (("01-1-101", 100_000),), False)]
    assert moves(paid("01-1-101", "1000.00")) == first
    assert moves(paid("01-1-101", "1000.00") + RED) == [*first, ("4001", -100_000, (("01-1-101", -100_000),), False)]
    assert moves(paid("01-1-101", "1000.00").replace(" * ", " ! ") + RED)[1][2:] == ((), True)
    assert moves(RED) == [("4001", -100_000, (), True)]
    assert moves(RED.replace('  correction: "2026-03/记-0001"\n', "")) == [("4001", -100_000, (), True)]
    own = RED.replace("  JIN", '  household: "01-1-102"\n  JIN')
    assert moves(paid("01-1-101", "1000.00") + own)[1][2] == (("01-1-102", -100_000),)
    assert moves(spent("5.00")) == [("5001", 500, (), False)]


def test_what_does_not_move_is_passed_over() -> None:
    opened = '2026-01-01 * "期初"\n  opening: TRUE\n  JBANK  5.00 CNY\n  JIN  -5.00 CNY\n\n'
    waits = '2026-03-01 ! "某人" "转入"\n  JBANK  10.00 CNY\n  JWHAT  -10.00 CNY\n\n'
    assert moves(opened + waits + paid("01-1-101", "1.00")) == [("4001", 100, (("01-1-101", 100),), False)]


def test_a_batch_that_takes_back() -> None:
    text = paid("", "1000.00", more=f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n')
    back = [("4001", -100_000, (("01-1-101", -40_000), ("01-1-102", -60_000)), False)]
    assert moves(text + RED.replace("付款人01-1-101", "付款人"))[1:] == back
    missing = text.replace(f'  batch-sha256: "{digest(PAYERS)}"\n', "")
    assert moves(missing) == [("4001", 100_000, (), True)]


def test_a_batch_that_does_not_add_up() -> None:
    wrong = paid("", "900.00", more=f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n')
    assert moves(wrong) == [("4001", 90_000, (), True)]


def test_the_list_a_move_rests_on() -> None:
    view = book(paid("01-1-101", "1.00") + paid("01-1-102", "1.00").replace(f'  dues-sha256: "{digest(DUES)}"\n', ""))
    assert [one.dues_sha256 for one in levy_moves(view.entries, FUND, {})] == [digest(DUES), ""]


def test_one_fen_in_a_batch() -> None:
    one = "dwelling,amount\n01-1-101,0.01\n"
    text = paid("", "0.01", more=f'  batch: "batches/b.csv"\n  batch-sha256: "{digest(one)}"\n')
    assert moves(text, {"batches/b.csv": one.encode()}) == [("4001", 1, (("01-1-101", 1),), False)]


def test_a_voucher_without_a_list_is_unlike_it() -> None:
    bare = paid("01-1-101", "1.00").replace(f'  dues-sha256: "{digest(DUES)}"\n', "")
    why = f"凭证所据的应交名册（dues-sha256）与登记的不同：名册不得在收款以后改动（{LAW}）"
    assert said(bare) == [why]
