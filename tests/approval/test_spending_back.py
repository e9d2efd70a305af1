"""Small charges, money that came back, numbers of payments, papers, and names that differ only in their spacing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jiezhang.domain.approval.records import AnyRecord
from jiezhang.domain.approval.rules import approvals, budgets
from jiezhang.domain.text import same_name_key
from tests.approval.little_office import book, decided, payment_sealed, with_project
from tests.approval.office import shipped
from tests.approval.story import WINNER, Setting, Story
from tests.approval.test_spending import ALL, BIG, FUND, STANDING, voucher
from tests.approval.test_spending_edges import CITED, found, moved

FIRM = '"示例工程公司" '
P1 = '  payment: "P1"\n'


# ------------------------------------------------------------------ what a bank takes itself
def undecided(amount: str) -> list[str]:
    return [f"付款 {amount} 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"]


@pytest.mark.parametrize(
    ("legs", "payee", "sentences"),
    [
        ([("FEE", "100.00"), ("GBANK", "-100.00")], "", []),
        ([("FEE", "100.01"), ("GBANK", "-100.01")], "", undecided("100.01")),
        ([("FEE", "60.00"), ("FEE", "40.01"), ("GBANK", "-100.01")], "", undecided("100.01")),
        ([("FEE", "5000.00"), ("FEE", "-4950.00"), ("GBANK", "-50.00")], "", undecided("5,000.00")),
        ([("FEE", "100.00"), ("BUILD", "5.00"), ("GBANK", "-105.00")], "", undecided("5.00")),
        ([("FEE", "0.01"), ("GBANK", "-0.01")], '"李四" ', undecided("0.01")),
    ],
)
def test_a_charge_without_a_decision_is_small_and_names_nobody(legs: Any, payee: str, sentences: list[str]) -> None:
    assert found(book(moved(legs, payee=payee), [])) == sentences


def test_a_large_charge_may_be_decided() -> None:
    text = moved([("FEE", "300.00"), ("GBANK", "-300.00")], CITED, payee="")
    items = decided("R1", **{**STANDING, "subjects": "5108"})
    assert found(book(text, items)) == []
    assert found(book(text, items), budgets) == []


# ------------------------------------------------------------------ nobody is one payee
def test_payments_to_nobody_count_as_one_payees() -> None:
    items = [*decided("R1"), *decided("R2")]
    text = voucher("3000.00", payee="") + "\n" + voucher("{}", payee="", code="R2", day="2026-03-05")
    why = "同月付给“（没有写明）”同一科目 5102 合计 5,000.01 元，超过 5,000.00 元须办“街道复审”：不得拆成几笔"
    for bare in (text, text.replace('* "" ', "* ")):
        assert found(book(bare.replace("{}", "2000.00"), items), budgets) == []
        assert found(book(bare.replace("{}", "2000.01"), items), budgets) == [f"{why}（试用办法第2条）"]


def test_a_standing_rule_counts_payments_to_nobody_together() -> None:
    legs = [[("COST", amount), ("GBANK", f"-{amount}")] for amount in ("600.00", "400.01")]
    text = "\n".join(moved(two, CITED, payee="") for two in legs)
    why = "同月付给“（没有写明）”同一科目 5001 合计 1,000.01 元：不得拆成几笔"
    assert found(book(text, decided("R1", **STANDING)), budgets) == [
        f"议事规则授权 R1“一件事”每笔最多 1,000.00 元，{why}"
    ]


def test_two_legs_of_one_voucher_count_together() -> None:
    why = "同月付给“示例工程公司”同一科目 5102 合计 5,000.01 元，超过 5,000.00 元须办“街道复审”：不得拆成几笔"
    spread = [*decided("R1"), *decided("R2")]
    first = voucher("1500.00")
    second = moved([("BUILD", "1750.00"), ("BUILD", "1750.01"), ("GBANK", "-3500.01")], '  resolution: "R2"\n', FIRM)
    assert found(book(first + "\n" + second, spread), budgets) == [f"{why}（试用办法第2条）"]


# ------------------------------------------------------------------ a number says that there are seals
@pytest.mark.parametrize("amount", ["0.01", "20000.00", "20000.01"])
def test_a_payment_with_a_number_has_its_seals_whatever_the_sum(amount: str) -> None:
    why = "决议 R1 的付款 X1 没有盖业主大会印章、业主委员会印章（试用办法）"
    assert found(book(voucher(amount, more='  payment: "X1"\n'), decided("R1", **BIG))) == [why]


@pytest.mark.parametrize(
    ("seals", "amount", "sentences"),
    [
        (("assembly", "committee"), "500.00", []),
        (("committee",), "500.00", ["决议 R1 的付款 P1 没有盖业主大会印章（试用办法）"]),
        (("assembly", "committee"), "499.99", ["付款 P1 用印时是付给“示例工程公司”500.00 元，与凭证不同（试用办法）"]),
    ],
)
def test_a_small_payment_with_a_number(seals: tuple[str, ...], amount: str, sentences: list[str]) -> None:
    items = decided("R1", **BIG)
    items += payment_sealed(items, "R1", "P1", "示例工程公司", "500.00", date(2026, 2, 20), seals)
    assert found(book(voucher(amount, more=P1), items)) == sentences


@pytest.mark.parametrize("number", ['  payment: ""\n', "  payment:\n", "  payment: FALSE\n"])
def test_an_empty_number_is_none(number: str) -> None:
    items = decided("R1", **BIG)
    assert found(book(voucher("20000.00", more=number), items)) == []
    text = voucher("15000.00", more=number) + "\n" + voucher("5000.01", day="2026-03-09", more=number)
    why = "决议 R1 没有盖业主大会印章、业主委员会印章的付款累计 20,000.01 元，超过 20,000.00 元须在付款上用印"
    assert found(book(text, items), budgets) == [f"{why}：不得拆成几笔（试用办法）"]


# ------------------------------------------------------------------ money that came back
def back(amount: str, payee: str = FIRM, leg: str = "BUILD", day: str = "2026-03-09", more: str = "") -> str:
    return moved([(leg, f"-{amount}"), ("GBANK", amount)], CITED + more, payee, day)


BACK = [
    # paid before, taken back, what is said
    (voucher("3000.00"), back("3000.00"), ""),
    (voucher("3000.00"), back("3000.01"), "退回 3,000.01 元，决议 R1 付给“示例工程公司”科目 5102 的只有 3,000.00 元"),
    ("", back("2000.00"), "退回 2,000.00 元，决议 R1 付给“示例工程公司”科目 5102 的只有 0.00 元"),
    ("", back("0.01"), "退回 0.01 元，决议 R1 付给“示例工程公司”科目 5102 的只有 0.00 元"),
    (voucher("3000.00"), back("1.00", leg="REPAIR"),
     "退回 1.00 元，决议 R1 付给“示例工程公司”科目 5101 的只有 0.00 元"),
    (voucher("3000.00"), back("1.00", payee='"李四" '), "退回 1.00 元，决议 R1 付给“李四”科目 5102 的只有 0.00 元"),
    (voucher("3000.00"), back("1.00", payee=""), "退回 1.00 元，决议 R1 付给“（没有写明）”科目 5102 的只有 0.00 元"),
    (voucher("3000.00", code="R2"), back("1.00"),
     "退回 1.00 元，决议 R1 付给“示例工程公司”科目 5102 的只有 0.00 元"),
    (voucher("3000.00", day="2026-03-10"), back("1.00"),
     "退回 1.00 元，决议 R1 付给“示例工程公司”科目 5102 的只有 0.00 元"),
    (voucher("3000.00") + "\n" + back("2000.00", day="2026-03-05"), back("1000.01"),
     "退回 1,000.01 元，决议 R1 付给“示例工程公司”科目 5102 的只有 1,000.00 元"),
    (voucher("3000.00"), back("3000.00", payee='"示例 工程公司" '), ""),
    (voucher("3000.00"), moved([("REPAIR", "-50.00"), ("BUILD", "50.00"), ("GBANK", "0.00")], CITED, FIRM,
                               "2026-03-09"),
     "退回 50.00 元，决议 R1 付给“示例工程公司”科目 5101 的只有 0.00 元"),
    (voucher("3000.00"), moved([("REPAIR", "-50.00"), ("BUILD", "60.00"), ("GBANK", "-10.00")], CITED, FIRM,
                               "2026-03-09"),
     "退回 50.00 元，决议 R1 付给“示例工程公司”科目 5101 的只有 0.00 元"),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "taken", "sentence"), BACK)
def test_money_comes_back_from_whom_it_was_paid_to(paid: str, taken: str, sentence: str) -> None:
    items = [*decided("R1"), *decided("R2")]
    said = [f"{sentence}：不是退款，收入须记收入科目"] if sentence else []
    assert found(book(paid + "\n" + taken, items), budgets) == said


def test_a_standing_rule_takes_back_no_more_than_it_paid() -> None:
    """Else income booked as a refund would make room under the month's limit."""
    items = decided("R1", **STANDING)
    paid = voucher("900.00", leg="COST", payee="甲")
    assert found(book(paid + "\n" + back("900.00", '"甲" ', "COST"), items), budgets) == []
    assert found(book(paid + "\n" + back("2000.00", '"李四" ', "COST"), items), budgets) == [
        "退回 2,000.00 元，决议 R1 付给“李四”科目 5001 的只有 0.00 元：不是退款，收入须记收入科目"
    ]


def test_a_correction_is_no_money_that_came_back() -> None:
    red = back("3000.00", '"李四" ', more='  correction: "2026-03/记-0001"\n  correction-kind: "red"\n')
    assert found(book(red, decided("R1")), budgets) == []


# ------------------------------------------------------------------ a sealed payment is used once
TOLD = '  correction: "2026-03/记-0001"\n  correction-kind: "{kind}"\n' + P1
FIRST = voucher("500.00", more=P1 + '  voucher: "记-0001"\n')
RED = back("500.00", day="2026-03-05", more=TOLD.format(kind="red"))
NEW = voucher("500.00", day="2026-03-05", more=TOLD.format(kind="new"))
AGAIN = voucher("500.00", day="2026-03-20", more=P1)
TWICE = [
    # vouchers, the day the payment was used first, if twice
    ([FIRST, RED, NEW], ""),
    ([FIRST, NEW, RED], ""),
    ([FIRST, RED, NEW, AGAIN], "2026-03-02"),
    ([FIRST, RED, AGAIN], ""),
    ([FIRST, AGAIN, RED], ""),
    ([FIRST, NEW], "2026-03-02"),
    ([FIRST, back("500.00", more=P1), AGAIN], ""),
    ([FIRST, back("499.99", more=P1), AGAIN], "2026-03-02"),
    ([FIRST, back("250.00", more=P1), back("250.00", more=P1), AGAIN], ""),
    ([FIRST, back("500.00"), AGAIN], "2026-03-02"),
    ([back("500.00", day="2026-03-01", more=TOLD.format(kind="red")), voucher("500.00", more=P1), AGAIN], "2026-03-02"),
]


@pytest.mark.parametrize(("vouchers", "used"), TWICE)
def test_what_was_taken_back_frees_its_seals(vouchers: list[str], used: str) -> None:
    items = decided("R1")
    items += payment_sealed(items, "R1", "P1", "示例工程公司", "500.00", date(2026, 2, 20))
    view = book("\n".join(vouchers), items)
    assert found(view, budgets) == ([f"付款 P1 已于 {used} 支付，不能再付"] if used else [])
    assert found(view) == []


# ------------------------------------------------------------------ papers
PAPERS = '  contract: "HT-9"\n  invoice: "2433"\n  accepted: 2026-03-01\n'


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("", "", ""),
        ("accepted: 2026-03-01", 'accepted: "2026-03-01"', "验收单"),
        ("accepted: 2026-03-01", 'accepted: "已验收"', "验收单"),
        ("accepted: 2026-03-01", "accepted: TRUE", "验收单"),
        ('contract: "HT-9"', "contract: TRUE", "合同"),
        ('contract: "HT-9"', 'contract: ""', "合同"),
        ('contract: "HT-9"', 'contract: " "', "合同"),
        ('contract: "HT-9"', 'contract: "-"', "合同"),
        ('invoice: "2433"', "invoice: 2433", "发票"),
        ('invoice: "2433"', "invoice: 2026-03-01", "发票"),
        ('invoice: "2433"', 'invoice: ","', "发票"),
    ],
)
def test_a_paper_is_a_day_or_a_number(old: str, new: str, missing: str) -> None:
    why = f"决议 R1 的付款须附{missing}（会计基础工作规范第48条、165号令第22条）"
    text = voucher(more=PAPERS.replace(old, new) if old else PAPERS)
    assert found(book(text, decided("R1", papers=ALL))) == ([why] if missing else [])


# ------------------------------------------------------------------ one name, spelled in two ways
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示例（杭州）公司", "示例(杭州) 公司", True),
        ("ＡＢＣ公司", "abc公司", True),
        ("示例\u3000工程\u200b公司", "示例工程公司", True),
        ("示例工程公司", "示例工程分公司", False),
        ("甲公司", "乙公司", False),
        (" ", "", True),
    ],
)
def test_which_names_are_one(one: str, other: str, same: bool) -> None:
    assert (same_name_key(one) == same_name_key(other)) is same


def test_a_payee_spelled_otherwise_is_the_supplier() -> None:
    items = decided("R1", supplier="示例（杭州）公司", **BIG)
    items += payment_sealed(items, "R1", "P1", "示例（杭州）公司", "30000.00", date(2026, 2, 20))
    for name, sentences in (
        ("示例(杭州) 公司", []),
        ("示例（宁波）公司", ["收款人“示例（宁波）公司”不是决议 R1 定下的“示例（杭州）公司”（165号令第22条）"]),
    ):
        assert found(book(voucher("30000.00", payee=name, more=P1), items)) == sentences


def test_a_space_in_the_name_splits_no_sum() -> None:
    items = [*decided("R1"), *decided("R2")]
    text = voucher("3000.00") + "\n" + voucher("2000.01", payee="示例 工程公司", code="R2", day="2026-03-05")
    why = "同月付给“示例 工程公司”同一科目 5102 合计 5,000.01 元，超过 5,000.00 元须办“街道复审”：不得拆成几笔"
    assert found(book(text, items), budgets) == [f"{why}（试用办法第2条）"]


def test_a_contractor_spelled_otherwise_is_the_supplier() -> None:
    items: list[tuple[date, str, AnyRecord]] = decided("R2", **FUND)
    assert found(book("", items, with_project(contractor="示例 防水公司")), approvals) == []


def bidding(*names: str, opened: tuple[str, ...] = ()) -> tuple[Story, Any]:
    """A tender up to the bids, sealed by `names`; every bid is 1.00 yuan but the winner's."""
    tender = shipped()["street_supervises_tenders"]
    setting = Setting(tender, next(iter(tender.matters)), Decimal("400000.00"))
    step = next(one for one in setting.before if one.kind == "bids")
    story = setting.story(step)
    for name in names:
        story.add("bid", **story.sealed(step, name))
    for name in opened:
        story.add("bid", **story.opened(step, name))
    return story, setting.following(step)


def test_one_supplier_under_two_spellings_bids_twice() -> None:
    story, _ = bidding(WINNER, "丁公司", "丁 公司")
    assert "“丁 公司”交了两次报价" in story.refusal()
    story, _ = bidding(WINNER, "丁公司", "戊公司")
    assert "交了两次报价" not in story.refusal()


def test_a_bid_is_opened_once_however_it_is_spelled() -> None:
    story, _ = bidding(WINNER, "丁公司", "戊公司", opened=("丁公司", "丁 公司"))
    assert "“丁 公司”的报价已经开过封" in story.refusal()


def test_who_bid_is_awarded_however_it_is_spelled() -> None:
    names = (WINNER, "丁公司", "戊公司")
    for chosen, fault in (("丁 公司", ""), ("己公司", "选定的“己公司”没有参加报价")):
        story, following = bidding(*names, opened=names)
        story.day += story.day.resolution
        while following is not None and not following.awards:
            story.take(following)
            following = story.setting.following(following)
        story.take(following, supplier=chosen)
        path = story.path()
        assert path.supplier == ("" if fault else chosen)
        assert fault in (path.fault[0] if path.fault else "")
