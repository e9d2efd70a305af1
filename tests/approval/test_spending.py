"""What may be paid under a resolution: a voucher and its decision above, the sentence of the rule below."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiezhang.domain.approval.records import Objection, Stage
from jiezhang.domain.approval.rules import approvals, budgets
from tests.approval.little_office import book, decided, office_files, payment_sealed, with_project

PAID = '2026-03-02 * "{payee}" "设施"\n  resolution: "{code}"\n{more}  {leg}  {sum} CNY\n  GBANK  -{sum} CNY\n'


def voucher(
    amount: str = "3000.00", leg: str = "BUILD", payee: str = "示例工程公司", code: str = "R1", day: str = "2026-03-02",
    more: str = "",
) -> str:  # fmt: skip
    text = PAID.format(payee=payee, code=code, more=more, leg=leg, sum=amount)
    return text.replace("2026-03-02", day)


def said(text: str, items: Any, files: Any = None, rule: Any = approvals) -> list[str]:
    return [found.message for found in rule.find(book(text, items, files))]


def test_what_was_decided_may_be_paid() -> None:
    assert said(voucher(), decided("R1")) == []
    assert said(voucher(), decided("R1"), rule=budgets) == []


ALL = "contract invoice acceptance"
TERMS = [
    # the voucher, the resolution's own terms, what is said
    ({}, {"fund": "J01", "subjects": "5001"}, "决议 R1 用的是资金 J01，不能从 G 支付"),
    ({"leg": "REPAIR"}, {}, "决议 R1 只能用于科目 5102，不能用于 5101"),
    ({"leg": "HELD"}, {}, "决议 R1 只能用于科目 5102，不能用于 2241"),
    ({"leg": "SURPLUS"}, {}, "决议 R1 只能用于科目 5102，不能用于 3001"),
    ({"leg": "RENT"}, {}, "决议 R1 只能用于科目 5102，不能用于 4001"),
    ({"leg": "TOFUND"}, {}, "决议 R1 只能用于科目 5102，不能用于 5201"),
    ({"payee": "张三"}, {}, "收款人“张三”不是决议 R1 定下的“示例工程公司”（165号令第22条）"),
    ({}, {"supplier": ""}, "决议 R1 还没有定下收款的单位，不能支付（165号令第22条）"),
    ({"day": "2027-01-01"}, {}, "决议 R1 的期限是 2026-02-01 至 2026-12-31，2027-01-01 不能支付"),
    ({"day": "2026-02-02"}, {}, "决议 R1 于 2026-02-03 才办完，不能在此之前支付（试用办法）"),
    ({"code": "R9"}, {}, "决议 R9 没有登记，不能支付（民法典第278条）"),
    ({}, {"papers": ALL}, "决议 R1 的付款须附合同、发票、验收单（会计基础工作规范第48条、165号令第22条）"),
    ({"more": '  contract: "HT-9"\n  invoice: "2433"\n  accepted: 2026-03-05\n'}, {"papers": ALL},
     "付款早于验收日期 2026-03-05（165号令第22条）"),
    ({"more": '  project: "WX-9"\n  invoice: "2433"\n'}, {"papers": ALL},
     "决议 R1 的付款须附合同、验收单（会计基础工作规范第48条、165号令第22条）"),
    ({}, {"project": "WX-1"}, "决议 R1 是为维修项目 WX-1 作的，凭证写的是另一个"),
    ({"leg": "WREP", "more": '  apportion: "building:02"\n'},
     {"matter": "emergency", "cause": "leak", "fund": "W", "subjects": "5001", "scope": "building:01"},
     "凭证的分摊范围 building:02 与决议 R1 的 building:01 不同"),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "terms", "sentence"), TERMS)
def test_a_payment_outside_its_resolution(paid: dict[str, str], terms: dict[str, Any], sentence: str) -> None:
    assert said(voucher(**paid), decided("R1", **terms)) == [sentence]


UNDECIDED = [
    '2026-03-02 * "某某" "没有决定"\n  BUILD  100.00 CNY\n  GBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "转入维修资金"\n  TOFUND  100.00 CNY\n  GBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "手续费"\n  FEE  100.00 CNY\n  GBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "只付净额"\n  GBANK  900.00 CNY\n  RENT  -1000.00 CNY\n  COST  100.00 CNY\n',
    '2026-03-02 * "某某" "备用金"\n  WCASH  100.00 CNY\n  WBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "国债"\n  WBOND  100.00 CNY\n  WBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "说是在途"\n  TRANSIT  100.00 CNY\n  GBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "其他支出"\n  WOTHER  100.00 CNY\n  WBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "冲回收入"\n  WGAIN  100.00 CNY\n  WBANK  -100.00 CNY\n',
    '2026-03-02 * "某某" "冲回利息"\n  WINT  100.00 CNY\n  WBANK  -100.00 CNY\n',
    '2026-03-02 ! "某某" "已写明、未过账"\n  BUILD  100.00 CNY\n  GBANK  -100.00 CNY\n',
]


@pytest.mark.parametrize("text", UNDECIDED)
def test_money_spent_without_a_decision_is_refused(text: str) -> None:
    assert said(text, []) == ["付款 100.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"]


@pytest.mark.parametrize(
    "text",
    [
        '2026-03-02 * "手续费"\n  FEE  10.00 CNY\n  GBANK  -10.00 CNY\n',
        '2026-03-02 ! "某某" "待查明"\n  WHAT  100.00 CNY\n  GBANK  -100.00 CNY\n',
        '2026-03-02 * "提现"\n  TRANSIT  100.00 CNY\n  SHOP  -100.00 CNY\n',
        '2026-03-02 * "财付通" "到账"\n  GBANK  100.00 CNY\n  TRANSIT  -100.00 CNY\n',
        '2026-03-02 * "业主" "收租"\n  GBANK  100.00 CNY\n  RENT  -100.00 CNY\n',
        '2026-03-02 * "业主" "退还多交的交存款"\n  WPAID  100.00 CNY\n  WBANK  -100.00 CNY\n',
        '2026-03-02 * "转入维修资金"\n  transfer: "G-W"\n  TOFUND  100.00 CNY\n  GBANK  -100.00 CNY\n',
        '2026-01-01 * "期初余额"\n  opening: TRUE\n  COST  100.00 CNY\n  GBANK  -100.00 CNY\n',
    ],
)
def test_what_the_law_orders_or_nobody_spent_needs_no_decision(text: str) -> None:
    assert said(text, []) == []


def test_a_decision_that_is_not_finished_allows_nothing() -> None:
    why = "决议 R1 还没有办“小程序”第4步“用印”，不能支付（试用办法第3条）"
    assert said(voucher(), decided("R1", seals=())) == [why]


def test_a_broken_record_is_found_once_and_stops_the_payment() -> None:
    items = [*decided("R1", seals=()), (date(2026, 2, 3), "stage", Stage(code="R1", step="nothing", by="Y01"))]
    why = "程序“小程序”没有步骤“nothing”（试用办法）"
    assert said(voucher(), items) == [why, f"决议 R1 的记录有误：{why}"]


def test_an_objection_stops_payments_until_it_is_answered() -> None:
    objected = [*decided("R1"), (date(2026, 2, 9), "objection", Objection(code="R1", number="Y1", text="太贵"))]
    assert said(voucher(), objected) == ["决议 R1 还有业主异议没有答复，不能支付（试用办法）"]
    answered = [*objected, (date(2026, 2, 20), "objection", Objection(code="R1", number="Y1", answer="已比价"))]
    assert said(voucher(), answered) == []


def test_what_goes_wrong_later_does_not_reach_back_to_what_was_paid() -> None:
    for later in (
        Stage(code="R1", step="report", by="Y01", outcome="reject"),
        Stage(code="R1", step="nothing", by="Y01"),
    ):
        items = [*decided("R1"), (date(2026, 3, 9), "stage", later)]
        assert [one for one in said(voucher(), items) if one.startswith("决议")] == []
        late = [one for one in said(voucher(day="2026-03-09"), items) if one.startswith("决议")]
        assert len(late) == 1


def test_a_correction_is_judged_by_the_day_the_money_left() -> None:
    """The resolution has ended by then, and what it was paid for moves to another subject that it allows."""
    told = '  correction: "2026-03/记-0001"\n  correction-kind: "{kind}"\n  resolution: "R1"\n'
    first = voucher(more='  voucher: "记-0001"\n')
    red = f'2026-05-02 * "示例工程公司" "注销"\n{told.format(kind="red")}  BUILD  -3000.00 CNY\n  GBANK  3000.00 CNY\n'
    new = f'2026-05-02 * "示例工程公司" "订正"\n{told.format(kind="new")}  REPAIR  3000.00 CNY\n  GBANK  -3000.00 CNY\n'
    text = "\n".join([first, red, new])
    ends = {"ends": date(2026, 4, 30)}
    assert said(text, decided("R1", subjects="5101 5102", **ends)) == []
    assert said(text, decided("R1", subjects="5101 5102", **ends), rule=budgets) == []
    assert said(text, decided("R1", **ends)) == ["决议 R1 只能用于科目 5102，不能用于 5101"]
    unbound = text.replace("2026-03/记-0001", "2026-03/记-0009")
    why = "决议 R1 的期限是 2026-02-01 至 2026-04-30，2026-05-02 不能支付"
    assert said(unbound, decided("R1", subjects="5101 5102", **ends)) == [why, why]


def test_a_mistake_of_an_earlier_year_moves_no_money() -> None:
    told = '  correction: "2025-03/记-0001"\n  correction-kind: "prior-year"\n'
    assert said(f'2026-05-02 * "更正"\n{told}  SURPLUS  3000.00 CNY\n  BUILD  -3000.00 CNY\n', []) == []


BIG = {"budget_yuan": "90000.00"}


@pytest.mark.parametrize(
    ("seals", "paid", "sentence"),
    [
        (("assembly", "committee"), {"more": '  payment: "P1"\n'}, ""),
        (("committee",), {"more": '  payment: "P1"\n'}, "决议 R1 的付款 P1 没有盖业主大会印章（试用办法）"),
        (("assembly",), {"more": '  payment: "P1"\n'}, "决议 R1 的付款 P1 没有盖业主委员会印章（试用办法）"),
        (("assembly", "committee"), {}, "决议 R1 的付款没有盖业主大会印章、业主委员会印章（试用办法）"),
        (("assembly", "committee"), {"more": '  payment: "P2"\n'},
         "决议 R1 的付款 P2 没有盖业主大会印章、业主委员会印章（试用办法）"),
        (("assembly", "committee"), {"more": '  payment: "P1"\n', "amount": "30000.01"},
         "付款 P1 用印时是付给“示例工程公司”30,000.00 元，与凭证不同（试用办法）"),
        (("assembly", "committee"), {"more": '  payment: "P1"\n', "day": "2026-02-10"},
         "付款 P1 于 2026-02-20 才用印（试用办法）"),
    ],
)  # fmt: skip
def test_a_large_payment_needs_both_seals(seals: tuple[str, ...], paid: dict[str, str], sentence: str) -> None:
    items = decided("R1", **BIG)
    items += payment_sealed(items, "R1", "P1", "示例工程公司", "30000.00", date(2026, 2, 20), seals)
    text = voucher(**{"amount": "30000.00", **paid})
    assert said(text, items) == ([sentence] if sentence else [])


def test_payments_too_small_for_the_seals_count_together() -> None:
    text = voucher("15000.00") + "\n" + voucher("5000.01", day="2026-05-02")
    report = (date(2026, 4, 1), "stage", Stage(code="R1", step="report", by="Y01"))
    why = "决议 R1 没有盖业主大会印章、业主委员会印章的付款累计 20,000.01 元"
    assert said(text, [*decided("R1", **BIG), report], rule=budgets) == [
        f"{why}，超过 20,000.00 元须在付款上用印：不得拆成几笔（试用办法）"
    ]
    assert said(text.replace("5000.01", "5000.00"), [*decided("R1", **BIG), report], rule=budgets) == []


def test_a_sealed_payment_is_paid_once() -> None:
    items = decided("R1", **BIG)
    items += payment_sealed(items, "R1", "P1", "示例工程公司", "30000.00", date(2026, 2, 20))
    once = voucher("30000.00", more='  payment: "P1"\n')
    twice = once + "\n" + once.replace("03-02", "03-09")
    assert said(twice, items, rule=budgets) == ["付款 P1 已于 2026-03-02 支付，不能再付"]


def test_the_whole_of_what_was_paid_stays_within_the_budget() -> None:
    text = voucher("3000.00") + "\n" + voucher("1000.01", day="2026-04-02")
    assert said(text, decided("R1"), rule=budgets) == [
        "决议 R1 累计支付 4,000.01 元，预算 4,000.00 元：超出部分须重新申报（民法典第278条）"
    ]
    assert said(text.replace("1000.01", "1000.00"), decided("R1"), rule=budgets) == []


def test_money_taken_back_may_be_paid_again() -> None:
    back = '2026-03-09 * "示例工程公司" "退汇"\n  resolution: "R1"\n  GBANK  3000.00 CNY\n  BUILD  -3000.00 CNY\n'
    text = voucher("3000.00") + "\n" + back + "\n" + voucher("4000.00", day="2026-04-02")
    assert said(text, decided("R1"), rule=budgets) == []


FUND = {"matter": "emergency", "cause": "leak", "fund": "W", "subjects": "5001", "supplier": "示例防水公司",
        "project": "WX-1", "scope": "building:01", "budget_yuan": "50000.00", "papers": ALL}  # fmt: skip
FUND_PAID = """
2026-03-02 * "示例防水公司" "屋面"
  resolution: "R2"
  project: "WX-1"
  invoice: "2433"
  payment: "P1"
  WREP  {sum} CNY
  WBANK  -{sum} CNY
"""


def fund_book(amount: str, audited: date | None = None) -> tuple[str, Any]:
    items = decided("R2", **FUND)
    items += payment_sealed(items, "R2", "P1", "示例防水公司", amount, date(2026, 2, 20))
    if audited:
        items.append((audited, "stage", Stage(code="R2", step="settlement_audit", by="A01")))
    return FUND_PAID.format(sum=amount), items


def test_a_settlement_above_the_citys_sum_is_audited_first() -> None:
    article = "杭州市物业管理条例（2021）第72条"
    for amount, audited, sentences in (
        ("30000.00", None, []),
        ("30000.01", None, [f"决议 R2 决（结）算 30,000.01 元，超过 30,000.00 元须先审计（{article}）"]),
        ("30000.01", date(2026, 3, 3), [f"决议 R2 决（结）算 30,000.01 元，超过 30,000.00 元须先审计（{article}）"]),
        ("30000.01", date(2026, 3, 2), []),
    ):
        text, items = fund_book(amount, audited)
        assert said(text, items, with_project(), budgets) == sentences
        assert said(text, items, with_project()) == []


def test_the_citys_margin_over_the_budget_is_the_funds_alone() -> None:
    text, items = fund_book("54999.99", date(2026, 3, 2))
    assert said(text, items, with_project(), budgets) == []
    text, items = fund_book("55000.00", date(2026, 3, 2))
    assert said(text, items, with_project(), budgets) == [
        "决议 R2 累计支付 55,000.00 元，预算 50,000.00 元：超出部分须重新申报（杭州市物业管理条例（2021）第72条）"
    ]


PROJECTS = [
    ({"budget_yuan": "60000.00"}, "预算 60000.00 元与决议 R2 的 50000.00 元不同"),
    ({"scope": "building:02"}, "列支范围 building:02 与决议 R2 的 building:01 不同"),
    ({"contractor": "张三装修队"}, "施工单位“张三装修队”与决议 R2 定下的“示例防水公司”不同"),
    ({"code": "WX-2"}, "决议 R2 不是为它作的"),
    ({"decided": date(2026, 2, 4)}, "决定日期 2026-02-04 晚于决议 R2 办完的 2026-02-03"),
]


@pytest.mark.parametrize(("changed", "sentence"), PROJECTS)
def test_the_register_of_projects_can_not_change_a_decision(changed: dict[str, Any], sentence: str) -> None:
    code = changed.get("code", "WX-1")
    found = approvals.find(book("", decided("R2", **FUND), with_project(**changed)))
    assert [one.message for one in found] == [f"维修项目 {code}：{sentence}"]
    assert found[0].source == {"filename": "/street/C0007/register/projects.csv", "lineno": 2}


@pytest.mark.parametrize("decision", ["R3", "业主大会2026-1号", ""])
def test_a_project_is_paid_under_the_resolution_it_was_registered_with(decision: str) -> None:
    text, items = fund_book("20000.00")
    why = f"凭证写的决议 R2 不是维修项目 WX-1 登记的“{decision}”"
    assert said(text, items, with_project(decision=decision)) == [why]


STANDING = {"matter": "standing", "subjects": "5001 5102 5104", "supplier": "", "budget_yuan": "0.00",
            "each_max_yuan": "1000.00", "count_max": 3, "month_max_yuan": "2500.00"}  # fmt: skip


def several(*amounts: str, payees: str = "甲乙丙丁", leg: str = "COST") -> str:
    return "\n".join(
        voucher(amount, leg=leg, payee=payees[place], day=f"2026-03-{place + 10}", code="R1")
        for place, amount in enumerate(amounts)
    )


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (several("1000.00", "1000.00", "500.00"), []),
        (several("1000.01"), ["议事规则授权 R1“一件事”每笔最多 1,000.00 元，这笔 1,000.01 元，须另行决定"]),
        (several("600.00", "400.01", payees="甲甲"),
         ["议事规则授权 R1“一件事”每笔最多 1,000.00 元，同月付给“甲”同一科目 5001 合计 1,000.01 元：不得拆成几笔"]),
        (several("100.00", "100.00", "100.00", "100.00"), ["议事规则授权 R1“一件事”每月最多 3 笔，2026-03 已经用完"]),
        (several("1000.00", "1000.00", "500.01"),
         ["议事规则授权 R1“一件事”每月最多 2,500.00 元，2026-03 累计 2,500.01 元"]),
        (several("1000.00") + "\n" + several("1000.00").replace("2026-03", "2026-04"), []),
    ],
)  # fmt: skip
def test_a_standing_rule_holds_by_payment_payee_count_and_month(text: str, sentences: list[str]) -> None:
    assert said(text, decided("R1", **STANDING), rule=budgets) == sentences
    assert said(text, decided("R1", **STANDING)) == []


def test_small_resolutions_to_one_payee_count_together() -> None:
    items = [*decided("R1", budget_yuan="4000.00"), *decided("R3", budget_yuan="4000.00")]
    text = voucher("3000.00") + "\n" + voucher("2000.01", code="R3", day="2026-03-20")
    together = "同月付给“示例工程公司”同一科目 5102 合计 5,000.01 元"
    why = f"{together}，超过 5,000.00 元须办“街道复审”：不得拆成几笔（试用办法第2条）"
    assert said(text, items, rule=budgets) == [why]
    assert said(text.replace("2000.01", "2000.00"), items, rule=budgets) == []
    assert said(text.replace("03-20", "04-20"), items, rule=budgets) == []


def test_a_duty_not_done_in_time_stops_what_is_still_to_be_paid() -> None:
    items = decided("R1")
    on_time, late = voucher("1000.00", day="2026-05-04"), voucher("1000.00", day="2026-05-05")
    assert said(on_time, items, rule=budgets) == []
    assert said(late, items, rule=budgets) == ["决议 R1 的“公开结果”逾期没有办，不能再付款（试用办法第6条）"]
    done = [*items, (date(2026, 4, 1), "stage", Stage(code="R1", step="report", by="Y01"))]
    assert said(late, done, rule=budgets) == []


def test_nothing_is_approved_without_an_office() -> None:
    assert said(voucher(), decided("R1"), office_files(people={})) == [
        "“小程序”第1步“提议”的签名人 Y01 没有登记在 street.toml（试用办法第1条）",
        "决议 R1 的记录有误：“小程序”第1步“提议”的签名人 Y01 没有登记在 street.toml（试用办法第1条）",
    ]
    assert said(voucher(), decided("R1"), office_files(procedures={}))[0] == "决议 R1 的程序“plain”没有登记"


