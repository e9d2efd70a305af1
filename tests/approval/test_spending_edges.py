"""Where the rules over payments begin and end: the fen, the day, the fund, and what is no payment at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from beancount.core import data

from jiezhang.domain.approval import rules
from jiezhang.domain.approval.records import Objection, SealUse, Stage
from jiezhang.domain.approval.rules import approvals, budgets
from jiezhang.domain.approval.spending import accepted_on, all_payments, payments_of, registered_fault
from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.fund_register import FundRegister, TreasuryBond
from tests.approval.little_office import COMPOUND, HOMES, book, decided, office_files, payment_sealed, with_project
from tests.approval.test_spending import ALL, BIG, FUND, STANDING, voucher

Legs = list[tuple[str, str]]


def moved(legs: Legs, more: str = "", payee: str = '"甲" ', day: str = "2026-03-02") -> str:
    return f'{day} * {payee}"x"\n{more}' + "".join(f"  {word}  {amount} CNY\n" for word, amount in legs) + "\n"


def found(view: OfficeView, rule: Any = approvals) -> list[str]:
    findings = rule.find(view)
    assert {one.rule for one in findings} <= {rule.RULE}
    return [one.message for one in findings]


def spends(text: str) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """Fund and legs of each payment in a ledger."""
    entries = book(text, []).entries
    made = [one for entry in entries if isinstance(entry, data.Transaction) for one in payments_of(entry)]
    return [(one.fund, one.legs) for one in made]


CITED = '  resolution: "R1"\n'
RED = '  correction: "2026-02/记-0001"\n  correction-kind: "red"\n'
SPENDS: list[tuple[str, Any]] = [
    (moved([("BUILD", "0.01"), ("GBANK", "-0.01")]), [("G", (("5102", 1),))]),
    (moved([("BUILD", "0.00"), ("GBANK", "0.00")]), []),
    (moved([("BUILD", "-1.00"), ("GBANK", "1.00")]), []),
    (moved([("BUILD", "-1.00"), ("GBANK", "1.00")], CITED), [("G", (("5102", -100),))]),
    (moved([("RENT", "-1.00"), ("GBANK", "1.00")], CITED), []),
    (moved([("HELD", "-1.00"), ("GBANK", "1.00")], CITED), []),
    (moved([("BUILD", "1.00"), ("WREP", "2.00"), ("GBANK", "-3.00")]),
     [("G", (("5102", 100),)), ("W", (("5001", 200),))]),
    (moved([("WCASH", "0.50"), ("WBANK", "-0.50")]), [("W", (("1201", 50),))]),
    (moved([("WCASH", "0.00"), ("WBANK", "0.00")]), []),
    (moved([("WCASH", "-1.00"), ("WBANK", "1.00")]), []),
    (moved([("TRANSIT", "1.00"), ("GBANK", "-0.01"), ("SHOP", "-0.99")]), [("G", (("1012", 100),))]),
    (moved([("TRANSIT", "1.00"), ("GBANK", "0.00"), ("SHOP", "-1.00")]), []),
    (moved([("TRANSIT", "1.00"), ("GBANK", "0.50"), ("SHOP", "-1.50")]), []),
    (moved([("RENT", "1.00"), ("GBANK", "-1.00")]), [("G", (("4001", 100),))]),
    (moved([("RENT", "1.00"), ("GBANK", "-1.00")], RED), []),
    (moved([("RENT", "1.00"), ("GBANK", "-1.00")], RED.replace("red", "difference")), []),
    (moved([("RENT", "1.00"), ("GBANK", "-1.00")], RED.replace("red", "new")), [("G", (("4001", 100),))]),
    (moved([("BUILD", "1.00"), ("GBANK", "-1.00")], RED), [("G", (("5102", 100),))]),
    (moved([("FEE", "1.00"), ("GBANK", "-1.00")], payee=""), []),
    (moved([("FEE", "100.01"), ("GBANK", "-100.01")], payee=""), [("G", (("5108", 10001),))]),
    (moved([("FEE", "-100.00"), ("GBANK", "100.00")], CITED, payee=""), []),
    (moved([("FEE", "-100.01"), ("GBANK", "100.01")], CITED, payee=""), [("G", (("5108", -10001),))]),
    (moved([("FEE", "1.00"), ("GBANK", "-1.00")]), [("G", (("5108", 100),))]),
    (moved([("BUILD", "1.00"), ("GBANK", "-1.00")], payee=""), [("G", (("5102", 100),))]),
    (moved([("TOFUND", "1.00"), ("GBANK", "-1.00")], '  transfer: "G-W"\n'), []),
    (moved([("BUILD", "1.00"), ("GBANK", "-1.00")], '  transfer: "G-W"\n'), [("G", (("5102", 100),))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "payments"), SPENDS)
def test_what_a_voucher_spends(text: str, payments: Any) -> None:
    assert spends(text) == payments


@pytest.mark.parametrize("fund", ["J1", "J01", "J123", "J1234"])
@pytest.mark.parametrize("name", ["电梯集资", "加3号楼电梯", "A2幢电梯"])
def test_a_levy_is_known_by_its_code_alone(fund: str, name: str) -> None:
    """Digits in its name are no part of the code."""
    cost, bank = (f"{place}:C0007长吴公寓:{fund}{name}:{subject}" for place, subject in (
        ("Expenses", "5001项目支出"), ("Assets", "1002银行存款-工行5501")
    ))  # fmt: skip
    assert spends(moved([(cost, "1.00"), (bank, "-1.00")])) == [(fund, (("5001", 100),))]


# ------------------------------------------------------------------ registered with another resolution
BOND = TreasuryBond.model_validate({
    "code": "GZ-1", "kind": "treasury", "market": "primary", "matures": date(2029, 3, 2), "decision": "R7",
})  # fmt: skip
WITH_BOND = office_files(register=FundRegister(COMPOUND.start, HOMES, bonds=((2, BOND),)))
EMERGENCY = {**FUND, "scope": "compound", "project": "", "papers": ""}
BONDS = {"matter": "fund_use", "fund": "W", "subjects": "1101 5001", "supplier": "示例防水公司"}
BOUGHT = '  resolution: "R1"\n  bond: "{code}"\n'


@pytest.mark.parametrize(
    ("code", "files", "sentences"),
    [
        ("GZ-1", WITH_BOND, ["凭证写的决议 R1 不是国债 GZ-1 登记的“R7”"]),
        ("GZ-2", WITH_BOND, []),
        ("GZ-1", office_files(), []),
    ],
)
def test_a_bond_is_bought_under_the_resolution_it_was_registered_with(
    code: str, files: Any, sentences: list[str]
) -> None:
    """Who sells it is the bank: no supplier is asked for."""
    text = moved([("WBOND", "100.00"), ("WBANK", "-100.00")], BOUGHT.format(code=code), '"某银行" ')
    assert found(book(text, decided("R1", **{**BONDS, "subjects": "1101"}), files)) == sentences


def test_without_a_register_no_bond_says_otherwise() -> None:
    [entry] = book(moved([("WBOND", "100.00"), ("WBANK", "-100.00")], BOUGHT.format(code="GZ-1")), []).entries
    assert isinstance(entry, data.Transaction)
    assert [registered_fault(payment, None) for payment in payments_of(entry)] == [""]


def test_only_the_bonds_themselves_are_sold_by_the_bank() -> None:
    why = "收款人“某银行”不是决议 R1 定下的“示例防水公司”（165号令第22条）"
    items = decided("R1", **BONDS)
    for legs in ([("WBOND", "60.00"), ("WREP", "40.00"), ("WBANK", "-100.00")], [("WREP", "1.00"), ("WBANK", "-1.00")]):
        assert found(book(moved(legs, CITED, '"某银行" '), items)) == [why]


# ------------------------------------------------------------------ papers
def test_papers_are_asked_of_what_is_paid_from_the_first_fen() -> None:
    why = ["决议 R1 的付款须附发票（会计基础工作规范第48条、165号令第22条）"]
    items = decided("R1", papers="invoice", subjects="5102 5108 5104")
    assert found(book(voucher("0.01"), items)) == why
    back = moved([("BUILD", "-5.00"), ("GBANK", "5.00")], CITED, '"示例工程公司" ')
    assert found(book(back, items)) == []
    even = moved([("BUILD", "-5.00"), ("BUILD", "5.00"), ("GBANK", "0.00")], CITED, '"示例工程公司" ')
    assert found(book(even, items)) == []
    assert found(book(voucher("10.00", leg="ALLOW"), items)) == []
    mixed = moved([("BUILD", "5.00"), ("ALLOW", "5.00"), ("GBANK", "-10.00")], CITED, '"示例工程公司" ')
    assert found(book(mixed, items)) == why


def test_the_day_of_acceptance_itself_is_not_before_it() -> None:
    papers = '  contract: "HT-9"\n  invoice: "2433"\n  accepted: 2026-03-02\n'
    assert found(book(voucher(more=papers), decided("R1", papers=ALL))) == []


# ------------------------------------------------------------------ seals on payments
def test_seals_are_asked_for_above_the_sum() -> None:
    items = decided("R1", **BIG)
    assert found(book(voucher("20000.00"), items)) == []
    assert found(book(voucher("20000.01"), items)) == [
        "决议 R1 的付款没有盖业主大会印章、业主委员会印章（试用办法）"
    ]


@pytest.mark.parametrize(
    ("payee", "amount", "day", "sentences"),
    [
        ("示例工程公司", "30000.00", "2026-02-20", []),
        ("示例工程公司", "30000.00", "2026-02-19", ["付款 P1 于 2026-02-20 才用印（试用办法）"]),
        ("示例工程公司", "29999.99", "2026-02-20",
         ["付款 P1 用印时是付给“示例工程公司”30,000.00 元，与凭证不同（试用办法）"]),
    ],
)  # fmt: skip
def test_what_was_sealed_is_what_is_paid(payee: str, amount: str, day: str, sentences: list[str]) -> None:
    items = decided("R1", **BIG)
    items += payment_sealed(items, "R1", "P1", "示例工程公司", "30000.00", date(2026, 2, 20))
    assert found(book(voucher(amount, payee=payee, day=day, more='  payment: "P1"\n'), items)) == sentences


def test_another_payee_than_the_sealed_one() -> None:
    items = decided("R1", **BIG)
    items += payment_sealed(items, "R1", "P1", "另一家", "30000.00", date(2026, 2, 20))
    assert found(book(voucher("30000.00", more='  payment: "P1"\n'), items)) == [
        "付款 P1 用印时是付给“另一家”30,000.00 元，与凭证不同（试用办法）"
    ]


def test_a_seal_on_a_payment_without_its_sum() -> None:
    items = decided("R1", **BIG)
    use = payment_sealed(items, "R1", "P1", "示例工程公司", "30000.00", date(2026, 2, 20), ("committee",))[0][2]
    assert isinstance(use, SealUse)
    bare = use.model_copy(update={"amount_yuan": None})
    assert found(book("", [*items, (date(2026, 2, 20), "seal", bare)])) == [
        "付款 P1 的业主委员会印章：没有写金额（试用办法）"
    ]


def test_one_code_for_two_resolutions_payments() -> None:
    """P1 of R1 and P1 of R2 are two payments; the third is R1's first again, to the fen."""
    items = [*decided("R1"), *decided("R2")]
    text = "\n".join(
        voucher(amount, code=code, day=f"2026-{month}-02", more='  payment: "P1"\n')
        for amount, code, month in (("0.01", "R1", "03"), ("0.01", "R2", "03"), ("0.01", "R1", "04"))
    )
    assert found(book(text, items), budgets) == ["付款 P1 已于 2026-03-02 支付，不能再付"]


def test_what_takes_money_back_uses_no_sealed_payment() -> None:
    paid = voucher("10.00", more='  payment: "P1"\n')
    for back in ("-5.00", "0.00"):
        legs = [("BUILD", back), ("GBANK", back.replace("-", "") if back[0] == "-" else back)]
        text = paid + "\n" + moved(legs, CITED + '  payment: "P1"\n', '"示例工程公司" ', "2026-03-09")
        assert found(book(text, decided("R1")), budgets) == []


# ------------------------------------------------------------------ what was paid, added up
def thrice(*amounts: str, first: int = 2, **more: Any) -> str:
    return "\n".join(voucher(one, day=f"2026-03-{first + place:02}", **more) for place, one in enumerate(amounts))


def test_every_payment_counts_towards_the_budget() -> None:
    why = "决议 R1 累计支付 4,000.01 元，预算 4,000.00 元：超出部分须重新申报（民法典第278条）"
    assert found(book(thrice("2000.00", "1000.00", "1000.01"), decided("R1")), budgets) == [why]
    assert found(book(thrice("4000.00", "0.01"), decided("R1")), budgets) == [why]


def test_every_small_payment_counts_towards_the_seals() -> None:
    why = "决议 R1 没有盖业主大会印章、业主委员会印章的付款累计 20,000.01 元"
    items = decided("R1", **BIG)
    assert found(book(thrice("9000.00", "6000.00", "5000.01"), items), budgets) == [
        f"{why}，超过 20,000.00 元须在付款上用印：不得拆成几笔（试用办法）"
    ]


def test_every_payment_to_one_payee_counts() -> None:
    items = [*decided("R1"), *decided("R2"), *decided("R3")]
    text = "\n".join(
        voucher(amount, code=code, day=f"2026-03-0{place}")
        for place, (amount, code) in enumerate((("2000.00", "R1"), ("2000.00", "R2"), ("1000.01", "R3")), start=2)
    )
    why = "同月付给“示例工程公司”同一科目 5102 合计 5,000.01 元"
    assert found(book(text, items), budgets) == [
        f"{why}，超过 5,000.00 元须办“街道复审”：不得拆成几笔（试用办法第2条）"
    ]


def test_three_payments_under_a_standing_rule() -> None:
    items = decided("R1", **{**STANDING, "count_max": 9})
    text = thrice("400.00", "300.00", "300.01", leg="COST", payee="甲")
    assert found(book(text, items), budgets) == [
        "议事规则授权 R1“一件事”每笔最多 1,000.00 元，同月付给“甲”同一科目 5001 合计 1,000.01 元：不得拆成几笔"
    ]


def test_only_what_is_paid_is_counted_by_a_standing_rule() -> None:
    """Three a month; what takes back, or moves nothing, is none of them, and a fen is one."""
    items = decided("R1", **STANDING)
    nothing = moved([("COST", "-5.00"), ("COST", "5.00"), ("GBANK", "0.00")], CITED, '"丙" ', "2026-03-03")
    back = moved([("COST", "-0.01"), ("GBANK", "0.01")], CITED, '"丁" ', "2026-03-04")
    two = thrice("0.01", "0.01", leg="COST", payee="丁", first=2)
    last = voucher("1.00", leg="COST", payee="戊", day="2026-03-09")
    fourth = voucher("1.00", leg="COST", payee="己", day="2026-03-10")
    assert found(book("\n".join((two, nothing, back, last)), items), budgets) == []
    assert found(book("\n".join((two, nothing, back, last, fourth)), items), budgets) == [
        "议事规则授权 R1“一件事”每月最多 3 笔，2026-03 已经用完"
    ]


def test_a_payment_of_a_fen_is_looked_at_and_one_that_takes_back_is_not() -> None:
    items = decided("R1")
    over = voucher("4000.00") + "\n" + voucher("0.01", day="2026-04-02")
    assert len(found(book(over, items), budgets)) == 1
    even = moved([("BUILD", "-1.00"), ("BUILD", "1.00"), ("GBANK", "0.00")], CITED, '"示例工程公司" ', "2026-08-01")
    assert found(book(even, items), budgets) == []  # though the report is overdue


def test_a_fault_of_one_path_leaves_the_others_looked_at() -> None:
    why = "决议 R2 累计支付 4,000.01 元，预算 4,000.00 元：超出部分须重新申报（民法典第278条）"
    broken = [*decided("R1"), (date(2026, 2, 9), "stage", Stage(code="R1", step="nothing", by="Y01"))]
    text = "\n".join((voucher("9000.00"), voucher("9000.00", code="R9"), voucher("4000.01", code="R2")))
    assert found(book(text, [*broken, *decided("R2")]), budgets) == [why]


def test_where_no_city_says_more_the_budget_is_the_limit() -> None:
    items = decided("R1", **EMERGENCY)
    text = moved([("WREP", "50000.01"), ("WBANK", "-50000.01")], CITED + '  payment: "P1"\n', '"示例防水公司" ')
    assert found(book(text, items, office_files(packs=())), budgets) == [
        "决议 R1 累计支付 50,000.01 元，预算 50,000.00 元：超出部分须重新申报（民法典第278条）"
    ]


# ------------------------------------------------------------------ acceptance
ACCEPTED = '  accepted: {day}\n  project: "{project}"\n'


@pytest.mark.parametrize(
    ("more", "files", "day"),
    [
        ('  project: "WX-1"\n', with_project(), date(2026, 3, 1)),
        (ACCEPTED.format(day="2026-02-01", project="WX-1"), with_project(), date(2026, 3, 1)),
        (ACCEPTED.format(day="2026-02-01", project="WX-9"), with_project(), date(2026, 2, 1)),
        ("  accepted: 2026-02-01\n", with_project(), date(2026, 2, 1)),
        ("  accepted: 2026-02-01\n", office_files(register=None), date(2026, 2, 1)),
        (ACCEPTED.format(day="2026-02-01", project="WX-1"), office_files(register=None), date(2026, 2, 1)),
        ('  accepted: "2026-02-01"\n', with_project(), None),
        ("", with_project(), None),
    ],
)
def test_when_the_work_was_accepted(more: str, files: Any, day: date | None) -> None:
    entry = book(voucher(more=more), []).entries[-1]
    assert isinstance(entry, data.Transaction)
    [payment] = payments_of(entry)
    assert accepted_on(payment, files.register) == day


@pytest.mark.parametrize(
    ("accepted", "audit"), [("2026-03-01", True), ("2026-03-02", True), ("2026-03-03", False), ("", False)]
)
def test_the_settlement_is_what_is_paid_from_the_acceptance_on(accepted: str, audit: bool) -> None:
    items = decided("R1", **EMERGENCY)
    more = CITED + '  payment: "P1"\n' + (f"  accepted: {accepted}\n" if accepted else "")
    text = moved([("WREP", "30000.01"), ("WBANK", "-30000.01")], more, '"示例防水公司" ')
    why = "决议 R1 决（结）算 30,000.01 元，超过 30,000.00 元须先审计（杭州市物业管理条例（2021）第72条）"
    assert found(book(text, items), budgets) == ([why] if audit else [])
    public = moved([("BUILD", "30000.01"), ("GBANK", "-30000.01")], more, '"示例工程公司" ')
    assert found(book(public, decided("R1", **BIG)), budgets) == []


# ------------------------------------------------------------------ days
ONE_DAY = {"starts": date(2026, 3, 2), "ends": date(2026, 3, 2)}


@pytest.mark.parametrize(
    ("day", "terms", "sentences"),
    [
        ("2026-02-03", {}, []),
        ("2026-03-02", ONE_DAY, []),
        ("2026-03-01", ONE_DAY, ["决议 R1 的期限是 2026-03-02 至 2026-03-02，2026-03-01 不能支付"]),
        ("2026-03-03", ONE_DAY, ["决议 R1 的期限是 2026-03-02 至 2026-03-02，2026-03-03 不能支付"]),
    ],
)
def test_the_first_and_the_last_day_of_a_decision(day: str, terms: dict[str, date], sentences: list[str]) -> None:
    assert found(book(voucher(day=day), decided("R1", **terms))) == sentences


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ('  correction: "2026-02/记-0001"\n  correction-kind: "new"\n', ["2026-02-10", "2026-02-10"]),
        ('  correction: "2026-02/记-0001"\n', ["2026-02-10", "2026-03-02"]),
        ('  correction: "2026-02/记-0009"\n  correction-kind: "new"\n', ["2026-02-10", "2026-03-02"]),
        ('  correction-kind: "new"\n', ["2026-02-10", "2026-03-02"]),
        ("", ["2026-02-10", "2026-03-02"]),
    ],
)
def test_a_correction_was_paid_when_what_it_corrects_was(more: str, days: list[str]) -> None:
    text = voucher(day="2026-02-10", more='  voucher: "记-0001"\n') + "\n" + voucher(more=more)
    assert [payment.day.isoformat() for payment in all_payments(book(text, []).entries)] == days


# ------------------------------------------------------------------ records
def test_a_project_that_says_otherwise_is_an_approvals_finding() -> None:
    files = with_project(budget_yuan="60000.00")
    assert found(book("", decided("R2", **FUND), files)) == [
        "维修项目 WX-1：预算 60000.00 元与决议 R2 的 50000.00 元不同"
    ]


def test_records_in_another_file_and_without_a_proposal() -> None:
    stage = Stage(code="R9", step="report", by="Y01")
    view = book("", [(date(2026, 2, 1), "stage", stage)])
    assert found(view) == ["决议 R9 还没有提议，不能有别的记录"]
    assert approvals.find(view)[0].source == {"filename": "resolutions.beancount", "lineno": 1}
    entry = view.entries[0]
    elsewhere = entry._replace(meta={**entry.meta, "filename": "2026-02.beancount"})
    findings = approvals.find(office_view("/x", [elsewhere], office_files()))
    assert [(one.rule, one.message, one.entry) for one in findings] == [
        ("approvals", "决议的记录须写在 resolutions.beancount 里，一个文件才有先后", elsewhere),
        ("approvals", "决议 R9 还没有提议，不能有别的记录", elsewhere),
    ]


def test_an_objection_without_words() -> None:
    items = [*decided("R1"), (date(2026, 2, 9), "objection", Objection(code="R1", number="Y1"))]
    assert found(book("", items)) == ["业主异议 Y1 没有写内容"]


def test_a_record_that_can_not_be_read_is_a_finding_at_it() -> None:
    entry = book("", decided("R1")).entries[0]
    bare = entry._replace(meta={key: value for key, value in entry.meta.items() if key != "title"})
    [one] = approvals.find(office_view("/x", [bare], office_files()))
    assert (one.rule, one.entry, one.source["lineno"]) == ("approvals", bare, 1)
    assert one.message == office_view("/x", [bare], office_files()).misread[0].message


def test_all_rules_look_at_one_view() -> None:
    view = book(voucher(), [])
    assert rules.find(view) == [one for rule in rules.RULES for one in rule.find(view)]
    assert {"vouchers", "approvals"} <= {one.rule for one in rules.find(view)}
