"""Corrections against the voucher they correct: each that is none, with its whole sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.domain.corrections import called, cancelled, correction_faults, is_correction, voucher_name

ACCOUNTS = {
    "BANK": "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021",
    "REPAIR": "Expenses:C0007长吴公寓:G公共收益:5101维修养护",
    "AUDIT": "Expenses:C0007长吴公寓:G公共收益:5105审计",
    "WATER": "Expenses:C0007长吴公寓:G公共收益:5107水电",
    "RENT": "Income:C0007长吴公寓:G公共收益:4001车位场地",
    "HELD": "Liabilities:C0007长吴公寓:G公共收益:2241其他应付款",
    "WHAT": "Liabilities:C0007长吴公寓:G公共收益:2999待查款项",
    "SURPLUS": "Equity:C0007长吴公寓:G公共收益:3001公共收益结余",
    "CASH": "Assets:Cash",
    "JHELD": "Liabilities:C0007长吴公寓:J01电梯集资:2241其他应付款",
    "JSURPLUS": "Equity:C0007长吴公寓:J01电梯集资:3001专项集资结余",
    "WBANK": "Assets:C0007长吴公寓:W维修资金:1001银行存款-建行4417",
    "WGAIN": "Income:C0007长吴公寓:W维修资金:4901其他",
}
ARTICLE = "（会计基础工作规范第51条）"
NAME = "2026-09/记-0001"
Legs = Sequence[tuple[str, str]]


def entry(day: str, legs: Legs, kind: str = "", words: str = "", **more: Any) -> data.Transaction:
    """A voucher (a correction where `kind` is given); its bank leg cites the row `S/1`, as `ref` says where it is."""
    ref = more.pop("ref", "corrected-ref" if kind else "bank-ref")
    flag = more.pop("flag", "!" if kind else "*")
    meta: dict[str, Any] = {"correction": NAME, "correction-kind": kind} if kind else {"voucher": "记-0001"}
    postings = [
        data.Posting(ACCOUNTS[word], Amount(Decimal(number), "CNY"), None, None, None,
                     {ref: "S/1"} if word in ("BANK", "WBANK") and ref else None)
        for word, number in legs
    ]  # fmt: skip
    meta = {key: value for key, value in {**meta, **more}.items() if value is not None}
    return data.Transaction(meta, date.fromisoformat(day), flag, None, words, frozenset(), frozenset(), postings)


PAY: Legs = [("BANK", "-100.00"), ("REPAIR", "100.00")]
PAID = entry("2026-09-12", PAY)
BACK: Legs = [("BANK", "100.00"), ("REPAIR", "-100.00")]
RIGHT: Legs = [("BANK", "-100.00"), ("AUDIT", "100.00")]
RED_WORDS, NEW_WORDS = "注销9月12日记-0001号凭证", "订正9月12日记-0001号凭证"


def red(day: str = "2026-09-20", legs: Legs = BACK, words: str = RED_WORDS, **more: Any) -> data.Transaction:
    return entry(day, legs, "red", words, **more)


def new(day: str = "2026-09-20", legs: Legs = RIGHT, words: str = NEW_WORDS, **more: Any) -> data.Transaction:
    return entry(day, legs, "new", words, **more)


def difference(legs: Legs, day: str = "2026-09-20") -> data.Transaction:
    return entry(day, legs, "difference")


def prior(legs: Legs, day: str = "2027-01-20") -> data.Transaction:
    return entry(day, legs, "prior-year")


def said(*entries: data.Transaction) -> list[str]:
    """The sentences, which are the same for every correction of one voucher."""
    found = correction_faults(entries)
    assert [one for one, _ in found] in ([], [one for one in entries if is_correction(one)])
    return sorted({why for _, why in found})


ONCE = f"更正凭证 {NAME} 须有且只有一张红字注销和一张订正，一张凭证只能更正一次{ARTICLE}"
OTHERWISE = f"凭证 {NAME} 已经用另一种办法更正过，或更正种类写得不对{ARTICLE}"
ONE_DAY = f"更正凭证 {NAME} 的红字和订正须在同一年、同一天{ARTICLE}"
AS_BANKED = f"更正凭证 {NAME} 的银行分录须与原凭证相同，并注明原来的流水（corrected-ref）"
WORDS = f"更正凭证的摘要须写“{RED_WORDS}”“{NEW_WORDS}”{ARTICLE}"
REVERSED = f"注销 {NAME} 的红字凭证须与原凭证逐笔相反{ARTICLE}"
MAINTENANCE = f"凭证 {NAME} 属于维修资金，记错户的用 fund correct 更正"
MISSING = f"更正的凭证 {NAME} 不在账上，或还没有过账"

PAIRS: list[tuple[list[data.Transaction], str]] = [
    ([PAID], ""),
    ([PAID, red(), new()], ""),
    ([PAID, red(), new(words=NEW_WORDS + "：换灯")], ""),
    ([PAID, new(), red()], ""),
    ([PAID, red("2026-09-12"), new("2026-09-12")], ""),
    ([PAID, red(flag="*"), new(flag="*")], ""),
    ([PAID, red(), new(legs=[("BANK", "-100.00"), ("AUDIT", "60.00"), ("REPAIR", "40.00")])], ""),
    ([red(), new()], MISSING),
    ([PAID._replace(flag="!"), red(), new()], MISSING),
    ([PAID._replace(meta={}), red(), new()], MISSING),
    ([PAID, red(correction=None)], "更正的凭证 （没有写明） 不在账上，或还没有过账"),
    ([PAID, red("2026-09-11"), new("2026-09-11")], f"更正早于被更正的凭证 {NAME}"),
    ([PAID, red(), new("2026-09-11")], f"更正早于被更正的凭证 {NAME}"),
    ([PAID, red(), new(legs=[("WBANK", "-100.00"), ("AUDIT", "100.00")])], MAINTENANCE),
    ([entry("2026-09-12", [("WBANK", "5.00"), ("WGAIN", "-5.00")]), red(), new()], MAINTENANCE),
    ([PAID, red()], ONCE),
    ([PAID, new()], ONCE),
    ([PAID, red(), new(), new()], ONCE),
    ([PAID, red(), new(), red(), new()], ONCE),
    ([PAID, red(), new(), difference([("REPAIR", "1.00"), ("AUDIT", "-1.00")])], OTHERWISE),
    ([PAID, entry("2026-09-20", BACK, "foo")], OTHERWISE),
    ([PAID, prior([("HELD", "1.00"), ("SURPLUS", "-1.00")]), prior([("HELD", "1.00"), ("SURPLUS", "-1.00")])],
     OTHERWISE),
    ([PAID, red(), new("2026-09-21")], ONE_DAY),
    ([PAID, red("2027-09-20"), new("2027-09-20")], ONE_DAY),
    ([PAID, red("2027-01-02"), new("2026-12-31")], ONE_DAY),
    ([PAID, red(flag="*"), new()], f"更正凭证 {NAME} 的红字和订正须一起过账"),
    ([PAID, red(legs=[("BANK", "100.00"), ("AUDIT", "-100.00")]), new()], REVERSED),
    ([PAID, red(legs=[("BANK", "99.00"), ("REPAIR", "-99.00")]), new()], REVERSED),
    ([PAID, red(legs=PAY), new()], REVERSED),
    ([entry("2026-09-12", [("REPAIR", "5.00"), ("HELD", "-5.00")]),
      red(legs=[("REPAIR", "-5.00"), ("HELD", "5.00")]), new(legs=[("AUDIT", "5.00"), ("HELD", "-5.00")])],
     f"凭证 {NAME} 没有银行流水，不能红字注销"),
    ([PAID, red(), new(legs=[("BANK", "-200.00"), ("AUDIT", "200.00")])], AS_BANKED),
    ([PAID, red(), new(legs=[("HELD", "-100.00"), ("AUDIT", "100.00")])], AS_BANKED),
    ([PAID, red(), new(legs=[("BANK", "-100.00"), ("BANK", "-100.00"), ("AUDIT", "200.00")])], AS_BANKED),
    ([entry("2026-09-12", [*PAY, ("CASH", "1.00")]), red(), new()], ""),
    ([PAID, red(ref="bank-ref"), new()], AS_BANKED),
    ([PAID, red(), new(ref="bank-ref")], AS_BANKED),
    ([PAID, red(ref=""), new()], AS_BANKED),
    ([PAID, red(words="退款"), new()], WORDS),
    ([PAID, red(words=RED_WORDS + "：换灯"), new()], WORDS),
    ([PAID, red(), new(words="订正")], WORDS),
    ([PAID, red(), new(words="另：" + NEW_WORDS)], WORDS),
    ([PAID, red(), new()._replace(narration=None)], WORDS),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "sentence"), PAIRS)
def test_red_and_new(entries: list[data.Transaction], sentence: str) -> None:
    assert said(*entries) == ([sentence] if sentence else [])


def test_a_row_the_bank_has_is_none_of_a_corrections_own() -> None:
    """A leg that cites both, its own row and the corrected one, would be money twice."""
    both = red()
    leg = both.postings[0]
    both.postings[0] = leg._replace(meta={"corrected-ref": "S/1", "bank-ref": "S/9"})
    assert said(PAID, both, new()) == [AS_BANKED]


def test_each_voucher_is_corrected_by_itself() -> None:
    other = entry("2026-09-13", PAY, voucher="记-0002")
    wrong = difference([("REPAIR", "1.00"), ("WATER", "-1.00")])
    right = red(correction="2026-09/记-0002", words="注销9月13日记-0002号凭证")
    beside = new(correction="2026-09/记-0002", words="订正9月13日记-0002号凭证")
    assert [one for one, _ in correction_faults([PAID, other, wrong, right, beside])] == [wrong]


SPLIT = entry("2026-09-12", [("BANK", "-100.00"), ("REPAIR", "60.00"), ("AUDIT", "40.00")])
GOT = entry("2026-09-12", [("BANK", "100.00"), ("HELD", "-100.00")])
LITTLE = entry("2026-09-12", [("BANK", "1.00"), ("HELD", "-1.00")])
EARNED = entry("2026-09-12", [("BANK", "100.00"), ("RENT", "-100.00")])
BOTH = entry("2026-09-12", [("BANK", "-30.00"), ("REPAIR", "100.00"), ("RENT", "-70.00")])
TWICE = entry(
    "2026-09-12", [("BANK", "-100.00"), ("REPAIR", "60.00"), ("REPAIR", "20.00"), ("AUDIT", "20.00"), ("WATER", "0.00")]
)
NOT_BETWEEN = f"差额更正只能在凭证 {NAME} 的两个对方科目之间，不动银行存款{ARTICLE}"
TOO_MUCH = f"差额更正超过了凭证 {NAME} 原来的金额{ARTICLE}"
NOT_THIS_YEARS = f"凭证 {NAME} 不是本年的，用蓝字更正{ARTICLE}"
THIS_YEARS = f"凭证 {NAME} 是本年的，用红字注销再订正{ARTICLE}"
NOT_3001 = f"以前年度更正只能在结余（3001）与往来科目之间：收支之间的更正不影响结余{ARTICLE}"
OTHER_WAY = f"以前年度更正的资金、方向或金额与凭证 {NAME} 不符{ARTICLE}"


def between(debit: str, credit: str, amount: str) -> Legs:
    return [(debit, amount), (credit, f"-{amount}")]


@pytest.mark.parametrize(
    ("original", "legs", "sentence"),
    [
        (SPLIT, between("REPAIR", "AUDIT", "10.00"), ""),
        (SPLIT, between("REPAIR", "AUDIT", "40.00"), ""),
        (SPLIT, between("AUDIT", "REPAIR", "60.00"), ""),
        (SPLIT, between("REPAIR", "AUDIT", "40.01"), TOO_MUCH),
        (SPLIT, between("AUDIT", "REPAIR", "60.01"), TOO_MUCH),
        (TWICE, between("AUDIT", "REPAIR", "70.00"), ""),
        (BOTH, between("REPAIR", "RENT", "10.00"), ""),
        (BOTH, between("RENT", "REPAIR", "70.01"), TOO_MUCH),
        (SPLIT, between("REPAIR", "WATER", "10.00"), NOT_BETWEEN),
        (SPLIT, between("REPAIR", "BANK", "10.00"), NOT_BETWEEN),
        (SPLIT, between("REPAIR", "REPAIR", "10.00"), NOT_BETWEEN),
        (SPLIT, [*between("REPAIR", "AUDIT", "1.00"), *between("BANK", "BANK", "1.00")], NOT_BETWEEN),
    ],
)
def test_differences(original: data.Transaction, legs: Legs, sentence: str) -> None:
    assert said(original, difference(legs)) == ([sentence] if sentence else [])


def test_differences_count_together_and_stay_in_the_year() -> None:
    half = difference(between("REPAIR", "AUDIT", "20.00"))
    assert said(SPLIT, half, half._replace(date=date(2026, 9, 21))) == []
    assert said(SPLIT, half, difference(between("REPAIR", "AUDIT", "20.01"), "2026-09-21")) == [TOO_MUCH]
    assert said(SPLIT, difference(between("REPAIR", "AUDIT", "1.00"), "2027-01-01")) == [NOT_THIS_YEARS]
    assert said(SPLIT, half, difference(between("REPAIR", "AUDIT", "1.00"), "2027-01-01")) == [NOT_THIS_YEARS]


@pytest.mark.parametrize(
    ("original", "legs", "sentence"),
    [
        (PAID, between("HELD", "SURPLUS", "100.00"), ""),
        (PAID, between("HELD", "SURPLUS", "0.01"), ""),
        (PAID, between("HELD", "SURPLUS", "100.01"), OTHER_WAY),
        (PAID, between("SURPLUS", "HELD", "100.00"), OTHER_WAY),
        (GOT, between("HELD", "SURPLUS", "100.00"), ""),
        (GOT, between("HELD", "SURPLUS", "100.01"), OTHER_WAY),
        (GOT, between("SURPLUS", "HELD", "1.00"), OTHER_WAY),
        (EARNED, between("SURPLUS", "HELD", "100.00"), ""),
        (EARNED, between("SURPLUS", "HELD", "100.01"), OTHER_WAY),
        (EARNED, between("HELD", "SURPLUS", "1.00"), OTHER_WAY),
        (BOTH, between("HELD", "SURPLUS", "30.00"), ""),
        (BOTH, between("HELD", "SURPLUS", "30.01"), OTHER_WAY),
        (PAID, between("JHELD", "JSURPLUS", "100.00"), OTHER_WAY),
        (PAID, between("RENT", "SURPLUS", "100.00"), NOT_3001),
        (PAID, between("BANK", "SURPLUS", "100.00"), NOT_3001),
        (PAID, between("HELD", "SURPLUS", "0.00"), OTHER_WAY),
        (GOT, between("HELD", "SURPLUS", "0.00"), OTHER_WAY),
        (LITTLE, between("SURPLUS", "HELD", "0.50"), OTHER_WAY),
        (PAID, between("WHAT", "SURPLUS", "100.00"), NOT_3001),
        (PAID, between("HELD", "HELD", "100.00"), NOT_3001),
        (PAID, [*between("HELD", "SURPLUS", "50.00"), *between("HELD", "SURPLUS", "50.00")], NOT_3001),
        (PAID, [*between("HELD", "SURPLUS", "50.00"), ("AUDIT", "0.00")], NOT_3001),
    ],
)
def test_earlier_years(original: data.Transaction, legs: Legs, sentence: str) -> None:
    assert said(original, prior(legs)) == ([sentence] if sentence else [])


def test_this_year_is_corrected_otherwise() -> None:
    legs = between("HELD", "SURPLUS", "100.00")
    assert said(PAID, prior(legs, "2026-12-31")) == [THIS_YEARS]
    assert said(PAID, prior(legs, "2027-01-01")) == []


def test_names() -> None:
    assert (voucher_name(PAID), called(PAID)) == (NAME, "9月12日记-0001号凭证")
    bare = PAID._replace(meta={})
    assert (voucher_name(bare), called(bare)) == ("2026-09/", "9月12日号凭证")


def test_what_a_red_voucher_takes_back() -> None:
    nothing = red(correction=None)
    assert cancelled([PAID, red(), new()]) == {NAME}
    assert cancelled([PAID, new(), nothing]) == {""}
