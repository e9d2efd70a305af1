"""One project in one view: whose money, which vouchers, what the owners allowed, what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from paper_checks import check_pages, texts

from jiezhang.domain.approval.records import Stage
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Community, Street
from reports.project import ProjectReport, Source, project_report
from reports.render.project_pdf import lay_out, render_pdf
from reports.render.project_text import as_data, render_text
from reports.render.project_words import owed_words, result_rows, retention_words
from tests.approval.levy_books import STORY, WORDS, book, decided, levy_files
from tests.approval.little_office import with_project

STREET = Street(
    name="长吴街道", city="hangzhou", contact="电话 000-1111", communities=(Community(code="SQ01", name="立春社区"),)
)
ROOF = f"""
2026-03-05 * "示例防水公司" "屋面防水，首付"
  voucher: "记-0036"
  project: "WX-1"
  apportion: "building:01"
  apportion-total: 30000.00
  paid-outside: 4000.00
  resolution: "R1"
  {WORDS["WREP"]}:01  26000.00 CNY
  WBANK  -26000.00 CNY

2026-04-05 * "示例防水公司" "屋面防水，二期"
  voucher: "记-0041"
  project: "WX-1"
  resolution: "R1"
  {WORDS["WREP"]}:01  8000.00 CNY
  {WORDS["WREP"]}:02  1000.00 CNY
  WBANK  -9000.00 CNY

2026-04-06 ! "示例防水公司" "女儿墙"
  project: "WX-1"
  resolution: "R2"
  REPAIR  3000.00 CNY
  GBANK  -3000.00 CNY

2026-04-07 * "示例保洁公司" "与项目无关"
  voucher: "记-0042"
  resolution: "R3"
  REPAIR  77.00 CNY
  GBANK  -77.00 CNY
"""
TERMS = {
    "matter": "fund_use", "fund": "W", "subjects": "5001", "project": "WX-1", "budget_yuan": "50000.00",
    "supplier": "示例防水公司", "scope": "building:01", "title": "1幢屋面防水维修",
}  # fmt: skip


def roof(code: str = "WX-1", day: date = date(2026, 8, 31), items: Any = None) -> ProjectReport:
    files = replace(levy_files(), register=with_project(decision="R1").register, levies=())
    return project_report(book(ROOF, items or decided(**TERMS), files), code, street=STREET, day=day)


def lift(code: str = "J01") -> ProjectReport:
    return project_report(book(STORY), code, street=STREET, day=date(2026, 8, 31))


def test_the_money_is_told_by_fund_and_building() -> None:
    assert roof().sources == (
        Source("W维修资金", "01", 3_400_000),
        Source("W维修资金", "02", 100_000),
        Source("G公共收益", "", 300_000),
        Source("", "", 400_000),
    )
    assert (roof().paid_fen, roof().outside_fen, roof().cost_fen) == (3_800_000, 400_000, 4_200_000)
    assert sum(source.fen for source in roof().sources) == roof().cost_fen


def test_the_text() -> None:
    before, _, after = render_text(roof()).partition("\n决定\n")
    assert before == """\
重点项目一览
长吴公寓　屋面　截至2026年8月31日

项　　目：屋面（WX-1）
范　　围：01幢
施工单位：示例防水公司
合　　同：HT-1
验　　收：2026-03-01

　 决定的预算                              50,000.00
－ 资金内已付                              38,000.00
＝ 预算余额                                12,000.00
没有登记合同价，尾款（含质保金）算不出

资金来源（已付）
维修资金 01幢                              34,000.00
维修资金 02幢                               1,000.00
公共收益                                    3,000.00
资金外支付（开发建设单位等）                4,000.00

付款
2026-03-05  2026-03 记-0036  26,000.00（另有资金外支付 4,000.00）  维修资金 维修  示例防水公司  屋面防水，首付
2026-04-05  2026-04 记-0041  9,000.00  维修资金 维修  示例防水公司  屋面防水，二期
2026-04-06  2026-04  3,000.00（未过账）  公共收益 维修养护  示例防水公司  女儿墙
"""
    decided_on, _, result = after.partition("\n结果\n")
    assert decided_on.startswith("R1“1幢屋面防水维修”：集资程序，预算 50,000.00 元，可以支付。\n")
    assert "表决结果：通过" in decided_on
    assert result == "R1  结算审计  应补办，限 2026-09-08  试用办法第3条\n还欠：R1 结算审计。\n"


@pytest.mark.parametrize("code", ["WX-1", "R1"])
def test_a_project_has_several_names(code: str) -> None:
    assert roof(code) == roof()


def test_nothing_of_that_name() -> None:
    with pytest.raises(Refused, match="小区 C0007 没有决议、集资或维修项目 R9"):
        roof("R9")


def test_before_the_first_payment() -> None:
    value = roof(day=date(2026, 3, 1))
    assert (value.sources, value.payments, value.left_fen) == ((), (), 5_000_000)
    assert "（没有）" in render_text(value)
    assert owed_words(value) == "没有欠办的事项。"
    check_pages(lay_out(value))


def test_what_goes_back_to_owners_is_no_cost() -> None:
    value = lift()
    assert value.paid_fen == 560_000
    [state] = value.levies
    figures = (state.due_fen, state.raised_fen, state.refunded_fen, state.left_fen)
    assert figures == (600_000, 600_000, 20_000, 20_000)
    assert lift("R1") == value


def test_a_duty_done_is_no_longer_owed() -> None:
    done = (date(2026, 8, 1), "stage", Stage(code="R1", step="settlement_audit", by="A01"))
    value = roof(items=[*decided(**TERMS), done])
    assert result_rows(value) == [("R1", "结算审计", "已办 2026-08-01", "试用办法第3条")]
    assert owed_words(value) == "没有欠办的事项。"
    assert owed_words(lift()) == "还欠：R1 结算审计、验收。"


PRICES = [
    (5_000_000, "合同价 50,000.00，已付 42,000.00，尾款（含质保金） 8,000.00 元"),
    (4_000_000, "已付超过合同价 2,000.00 元"),
    (None, "没有登记合同价，尾款（含质保金）算不出"),
]


@pytest.mark.parametrize(("price_fen", "words"), PRICES)
def test_what_is_kept_back(price_fen: int | None, words: str) -> None:
    value = replace(roof(), price_fen=price_fen)
    assert retention_words(value) == words
    check_pages(lay_out(value))


def test_a_budget_on_one_levy_is_not_counted_twice() -> None:
    later = [
        (day, kind, record.model_copy(update={"code": "R4", "title": "定施工单位"}))
        for day, kind, record in decided(budget_yuan="5000.00")[:1]
    ]
    value = project_report(book(STORY, [*decided(), *later]), "J01", street=STREET, day=date(2026, 8, 31))
    assert [paper.code for paper in value.papers] == ["R1", "R4"]
    assert value.budget_fen == 600_000


def test_data_and_paper_have_the_same_figures() -> None:
    for value in (roof(), lift()):
        data, read = as_data(value), "".join(texts(render_pdf(value)))
        for one in data["payments"]:
            assert f"{Decimal(one['amount']):,.2f}" in read
        assert sum(Decimal(one["amount"]) for one in data["sources"]) == Decimal(data["paid"]) + Decimal(
            data["paid_outside"]
        )
        check_pages(lay_out(value))
