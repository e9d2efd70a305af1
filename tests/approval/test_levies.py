"""专项集资 stays with those who paid it: each theft as a ledger, and the sentence that stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jiezhang.domain.approval.rules import approvals, budgets, levies
from jiezhang.domain.levy import parse_dues, parse_payers
from jiezhang.domain.problem import Refused
from tests.approval.levy_books import (
    ALL_PAID,
    DUES,
    PAYERS,
    RAISE,
    STORY,
    book,
    decided,
    digest,
    levy,
    levy_files,
    paid,
    refund,
    spent,
)

LAW = "民法典第278条第1款第6项"


def said(text: str, items: Any = None, files: Any = None, rule: Any = levies) -> list[str]:
    return [found.message for found in rule.find(book(text, items, files))]


@pytest.mark.parametrize("rule", [levies, approvals, budgets], ids=lambda rule: rule.RULE)
def test_a_levy_that_is_decided_paid_spent_and_given_back(rule: Any) -> None:
    assert said(STORY, rule=rule) == []


TOGETHER = paid("", "1000.00", more=f'  batch: "batches/together.csv"\n  batch-sha256: "{digest(PAYERS)}"\n')
HELD = paid("", "300.00", leg="JHELD", payee="张三")
GIVEN_BACK = """
2026-08-05 * "{payee}" "退回"
  voucher: "记-0900"
  resolution: "R1"
  JHELD  {amount} CNY
  JBANK  -{amount} CNY
"""
TAKEN_BACK = """
2026-03-09 * "付款人01-1-101" "注销"
  voucher: "记-0801"
  correction: "2026-03/记-0800"
  correction-kind: "red"
  JIN  1000.00 CNY
  JBANK  -1000.00 CNY
"""
FIRST = paid("01-1-101", "1000.00", number=800)

RIGHT = [
    ("many households in one row", TOGETHER),
    ("paid in two parts", paid("01-1-101", "400.00") + paid("01-1-101", "600.00", "2026-04-05")),
    ("refunded and paid again", paid("01-1-101", "900.00") + refund("01-1-101", "900.00", "2026-04-01")
     + paid("01-1-101", "1000.00", "2026-05-01")),
    ("what was paid by mistake goes back", HELD + GIVEN_BACK.format(payee="张三", amount="300.00")),
    ("the bank takes its charge itself",
     '2026-05-05 * "手续费"\n  voucher: "记-0700"\n  JFEE  5.00 CNY\n  JBANK  -5.00 CNY\n'),
    ("nobody knows yet whose it is", '2026-03-01 ! "某人" "转入"\n  JBANK  10.00 CNY\n  JWHAT  -10.00 CNY\n'),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in RIGHT], ids=[name for name, _ in RIGHT])
def test_what_is_allowed(text: str) -> None:
    assert said(text) == []
    assert said(text, rule=approvals) == []


def test_a_red_voucher_takes_the_household_s_payment_back() -> None:
    assert said(FIRST + TAKEN_BACK + paid("01-1-101", "1000.00", "2026-03-10")) == []
    assert said(FIRST + paid("01-1-101", "1000.00", "2026-03-10")) == [
        f"户 01-1-101 应交 1,000.00 元，累计收了 2,000.00 元，多收了（{LAW}）"
    ]


THEFTS = [
    # what was done, the vouchers, what is said
    ("more than is due", paid("01-1-101", "1000.01"),
     f"户 01-1-101 应交 1,000.00 元，累计收了 1,000.01 元，多收了（{LAW}）"),
    ("more than is due, in parts", ALL_PAID + paid("01-1-202", "0.01", "2026-04-05"),
     f"户 01-1-202 应交 2,000.00 元，累计收了 2,000.01 元，多收了（{LAW}）"),
    ("from a house that owes nothing", paid("01-1-999", "1.00"), f"户 01-1-999 不在集资 J01 的应交名册上（{LAW}）"),
    ("from nobody", paid("", "1.00"),
     f"集资的收款和退款须写明户号（household），许多户的写批量明细（batch），只写一种（{LAW}）"),
    ("refund to who paid nothing", paid("01-1-102", "1000.00") + refund("01-1-101", "10.00"),
     f"户 01-1-101 还能退 0.00 元，这笔退了 10.00 元：退还不得多于它交的（{LAW}）"),
    ("refunded twice", paid("01-1-101", "1000.00") + 2 * refund("01-1-101", "600.00"),
     f"户 01-1-101 还能退 400.00 元，这笔退了 600.00 元：退还不得多于它交的（{LAW}）"),
    ("a payment taken back after its refund", FIRST + refund("01-1-101", "1000.00", "2026-03-08") + TAKEN_BACK,
     f"户 01-1-101 交款冲回后，退还的多于它交的（{LAW}）"),
    ("before the levy begins", paid("01-1-101", "1.00", "2026-02-25"),
     f"集资 J01 的期限是 2026-03-01 至 2026-09-30，2026-02-25 不能收款（{LAW}）"),
    ("after it ended", paid("01-1-101", "1.00", "2026-10-01"),
     f"集资 J01 的期限是 2026-03-01 至 2026-09-30，2026-10-01 不能收款（{LAW}）"),
    ("before it was decided", paid("01-1-101", "1.00", "2026-02-19"),
     f"集资 J01 的决议 R1 于 2026-02-20 才办完，不能在此之前收款（{LAW}）"),
    ("by another list", paid("01-1-101", "1.00").replace(digest(DUES), "0" * 64),
     f"凭证所据的应交名册（dues-sha256）与登记的不同：名册不得在收款以后改动（{LAW}）"),
    ("money that came by mistake, to somebody else", HELD + GIVEN_BACK.format(payee="李四", amount="300.00"),
     f"集资 J01 没有多收过“李四”这么多钱，不能退给它（{LAW}）"),
    ("more than came by mistake", HELD + GIVEN_BACK.format(payee="张三", amount="300.01"),
     f"集资 J01 没有多收过“张三”这么多钱，不能退给它（{LAW}）"),
    ("more than was decided for the project", ALL_PAID + spent("6000.00") + spent("0.01", "2026-06-01"),
     f"集资 J01 的项目支出累计 6,000.01 元，超过决定的 6,000.00 元（{LAW}）"),
    ("a batch that was edited", TOGETHER.replace(digest(PAYERS), "0" * 64),
     f"batches/together.csv：批量明细文件不见了，或入账以后有改动（{LAW}）"),
    ("a batch that does not add up", TOGETHER.replace(" 1000.00", " 900.00").replace("-1000.00", "-900.00"),
     f"批量明细 batches/together.csv 各户合计与凭证金额不符（{LAW}）"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), [row[1:] for row in THEFTS], ids=[row[0] for row in THEFTS])
def test_a_theft(text: str, sentence: str) -> None:
    assert said(text) == [sentence]


UNDECIDED = [
    ("without any decision", spent("100.00", more=""),
     "付款 100.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"),
    ("to another payee", spent("100.00", payee="别家公司"),
     "收款人“别家公司”不是决议 R1 定下的“示例电梯公司”（165号令第22条）"),
    ("a refund as if nobody decided it", refund("01-1-101", "1.00").replace('  resolution: "R1"\n', ""),
     "付款 1.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"),
    ("a charge that names somebody", '2026-05-05 * "某人" "手续费"\n  JFEE  5.00 CNY\n  JBANK  -5.00 CNY\n',
     "付款 5.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), [row[1:] for row in UNDECIDED], ids=[row[0] for row in UNDECIDED])
def test_nothing_is_paid_from_a_levy_without_its_decision(text: str, sentence: str) -> None:
    assert said(text, rule=approvals) == [sentence]


def test_a_receipt_booked_under_another_levy_is_not_on_its_list() -> None:
    other = levy(code="J02", name="门禁集资", resolution="R1", dues_sha256=digest("dwelling,due_yuan\n01-1-102,50\n"))
    batches = {"batches/J01-dues.csv": DUES, "batches/J02-dues.csv": "dwelling,due_yuan\n01-1-102,50\n"}
    text = paid("01-1-101", "50.00", leg="J2IN").replace(digest(DUES), other.dues_sha256)
    files = levy_files(batches=batches, more=(other,))
    assert f"户 01-1-101 不在集资 J02 的应交名册上（{LAW}）" in said(text, files=files)


def test_a_fund_that_nobody_registered_has_no_accounts() -> None:
    sentence = f"专项集资“J02门禁集资”没有登记在 levies.csv，不能开户、收支（{LAW}）"
    assert sentence in said(paid("01-1-101", "1.00", leg="J2IN"))


NOT_YET = [
    ({"voted": None}, {}, "集资 J01 的决议 R1 还没有办“集资程序”第2步“业主表决”，不能收款（民法典第278条）"),
    ({}, {"resolution": "R9"}, f"集资 J01 的决议 R9 没有登记，不能收款（{LAW}）"),
    ({"budget_yuan": "0.00"}, {}, f"集资 J01 的决议 R1 没有成立，不能收款（{LAW}）"),
]


@pytest.mark.parametrize(("terms", "row", "sentence"), NOT_YET)
def test_nothing_is_collected_before_the_owners_decided(
    terms: dict[str, Any], row: dict[str, Any], sentence: str
) -> None:
    assert said(paid("01-1-101", "1.00"), decided(**terms), levy_files(levy(**row)))[-1] == sentence


REGISTER = [
    # terms of the resolution, fields of the row, the list of dues (None: as it was), what is said
    ({}, {"resolution": "R9"}, None, f"决议 R9 没有登记（{LAW}）"),
    ({"fund": "J02"}, {}, None, f"决议 R1 不是筹集资金 J01 的决定（{LAW}）"),
    ({"matter": "fund_use"}, {}, None, f"决议 R1 不是筹集资金 J01 的决定（{LAW}）"),
    ({}, {"scope": "building:01"}, None, f"集资范围 building:01 与决议 R1 的 compound 不同（{LAW}）"),
    ({}, {"ends": date(2027, 1, 1)}, None, f"期限超出决议 R1 的 2026-02-01 至 2026-12-31（{LAW}）"),
    ({"budget_yuan": "5999.99"}, {}, None, f"各户应交合计 6,000.00 元，超过决议 R1 的 5,999.99 元（{LAW}）"),
    ({}, {}, DUES.replace("1000.00", "2000.00"), f"应交名册 batches/J01-dues.csv 登记以后有改动（{LAW}）"),
    ({}, {}, "", f"应交名册 batches/J01-dues.csv 登记以后有改动（{LAW}）"),
    ({}, {"dues_sha256": digest("x")}, "x",
     "batches/J01-dues.csv：第 1 行：应交名册的表头应是 dwelling,due_yuan"),
    ({}, {"dues_sha256": digest(DUES.replace("01-1-101", "01-1-999"))}, DUES.replace("01-1-101", "01-1-999"),
     f"应交名册里的户 01-1-999 不在户册里，或不在集资范围 compound 内（{LAW}）"),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "row", "dues", "sentence"), REGISTER)
def test_the_register_says_what_was_decided(
    terms: dict[str, Any], row: dict[str, Any], dues: str | None, sentence: str
) -> None:
    batches = {"batches/J01-dues.csv": DUES if dues is None else dues}
    assert said("", decided(**terms), levy_files(levy(**row), batches)) == [f"集资 J01：{sentence}"]


def test_a_list_of_dues_that_is_gone() -> None:
    assert said("", files=levy_files(batches={})) == [f"集资 J01：应交名册 batches/J01-dues.csv 不见了（{LAW}）"]


def test_a_procedure_without_a_vote_raises_nothing() -> None:
    silent = RAISE.model_copy(update={"steps": tuple(step for step in RAISE.steps if step.kind != "vote")})
    files = replace(levy_files(), procedures={"raise": silent})
    assert said("", decided(voted=None, vote_asked=False), files) == [
        f"集资 J01：决议 R1 的程序没有业主表决，不能决定筹集资金（{LAW}）"
    ]


def test_what_a_person_should_look_at() -> None:
    left = paid("01-1-101", "1000.00") + '2026-10-02 * "无关"\n  GBANK  1.00 CNY\n  RENT  -1.00 CNY\n'
    assert [found.message for found in levies.advise(book(left))] == [
        f"集资 J01 已于 2026-09-30 到期，还有 1,000.00 元，应当退还业主或另作决定（{LAW}）"
    ]
    other = paid("01-1-101", "1000.00") + refund("01-1-101", "1000.00", payee="王五")
    assert [found.message for found in levies.advise(book(other))] == [
        "退给户 01-1-101 的收款人“王五”不是为这一户交款的人，请核对"
    ]
    assert levies.advise(book(STORY)) == []


LISTS = [
    (b"\xff", "应交名册不是 UTF-8 编码的 CSV"),
    (b"", "第 1 行：应交名册的表头应是 dwelling,due_yuan"),
    (b"dwelling,due_yuan\n", "应交名册里没有一户"),
    (b"dwelling,due_yuan\n01-1-101\n", "第 2 行：应交名册的这一行应是“户号,金额”，金额最多两位小数"),
    (b"dwelling,due_yuan\n01-1-101,1.001\n", "第 2 行：应交名册的这一行应是“户号,金额”，金额最多两位小数"),
    (b"dwelling,due_yuan\n01-1-101,-1\n", "第 2 行：应交名册的这一行应是“户号,金额”，金额最多两位小数"),
    (b"dwelling,due_yuan\n01-1-101,1\n\n01-1-101,1\n", "第 4 行：应交名册里户 01-1-101 重复，或金额为零"),
    (b"dwelling,due_yuan\n01-1-101,0.00\n", "第 2 行：应交名册里户 01-1-101 重复，或金额为零"),
]


@pytest.mark.parametrize(("content", "sentence"), LISTS)
def test_a_list_that_is_none(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_dues(content, "")
    assert str(refused.value) == sentence


def test_lists_are_read_to_the_fen() -> None:
    assert parse_dues("户号,应交\n01-1-101,1000.5\n02-1-101,7\n".encode("utf-8-sig"), "") == {
        "01-1-101": 100_050, "02-1-101": 700,
    }  # fmt: skip
    assert parse_payers(PAYERS.encode(), "") == (("01-1-101", 40_000), ("01-1-102", 60_000))


def test_a_term_that_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="终止日期 2026-02-01 早于起始日期 2026-03-01"):
        levy(ends=date(2026, 2, 1))
