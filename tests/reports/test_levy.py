"""The sheet of a levy: the same figures as value, text, data and on paper; houses shown, owners never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_checks import check_pages, texts

from jiezhang.domain.approval.rules import levies
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.money import from_fen
from jiezhang.domain.period import Month
from jiezhang.domain.register import Community, Dwelling, Street
from reports.levy import LevyHousehold, LevyReport, levy_report
from reports.render.levy_pdf import lay_out, render_pdf
from reports.render.levy_text import as_data, render_text
from tests.approval.levy_books import (
    ALL_PAID,
    DUES,
    STORY,
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

STREET = Street(
    name="长吴街道", city="hangzhou", contact="电话 000-1111", communities=(Community(code="SQ01", name="立春社区"),)
)
AUGUST = Month(2026, 8)
GIFT = '2026-06-22 * "某财政所" "补助"\n  voucher: "记-0778"\n  JBANK  100.00 CNY\n  JSUB  -100.00 CNY\n\n'
HELD = paid("", "30.00", leg="JHELD", payee="张三")
WAITS = '2026-08-09 ! "某人" "转入"\n  JBANK  10.00 CNY\n  JWHAT  -10.00 CNY\n\n'


def report(text: str, month: Month = AUGUST, stated: str | None = None, **given_: Any) -> LevyReport:
    view = book(text, **given_)
    banks = {WORDS["JBANK"]: Decimal(stated)} if stated is not None else {}
    [(_, one)] = view.files.levies
    return levy_report(view, one, street=STREET, month=month, bank_balances=banks)


def test_what_a_household_sees() -> None:
    value = report(STORY, stated="200.00")
    assert value.households[0] == LevyHousehold(
        "01-1-101", "01", 100_000, 100_000, (date(2026, 3, 5),), 6_667
    )
    figures = (value.due_fen, value.paid_fen, value.spent_fen, value.refunded_fen, value.balance_fen)
    assert figures == (600_000, 600_000, 560_000, 20_000, 20_000)
    assert (value.holds, value.bank_check, value.paid_up) == (True, "agreed", 4)


def test_the_text() -> None:
    assert render_text(report(paid("01-1-101", "1000.00") + GIFT + spent("300.00") + refund("01-1-101", "50.00"),
                              stated="750.00")) == """\
专项集资收支公示表
长吴公寓　加装电梯集资（J01）　截至2026年8月31日
决定：R1“加装电梯”，2026-02-20 办完
范围：全小区　期限：2026年3月1日至2026年9月30日
施工或供货单位：示例电梯公司

＋ 集资收入            1,000.00  应交 6,000.00，1 / 4 户交清
＋ 财政补助              100.00
－ 项目支出              300.00  决定的总额 6,000.00
－ 退还业主               50.00
＝ 结余                  750.00

专户 工行5501  户名 ：账面 750.00，银行 750.00
各户、凭证、专户账面三者相符；银行相符。

项目支出
2026-05-05  2026-05 记-0500  300.00  示例电梯公司  电梯款

户号                       应交           已交           退还           净额  交款日
01-1-101               1,000.00       1,000.00          50.00         950.00  2026-03-05
01-1-102               1,000.00           0.00           0.00           0.00  未交
01-1-201               2,000.00           0.00           0.00           0.00  未交
01-1-202               2,000.00           0.00           0.00           0.00  未交
合计                   6,000.00       1,000.00          50.00         950.00

查询、复核请找：街道：电话 000-1111
"""  # fmt: skip


WORDS_OF = [
    # the vouchers, month, the bank's balance, what the text says
    ("", "2026-08", None, "银行未核对"),
    (ALL_PAID, "2026-08", "6000.01", "银行不符"),
    (ALL_PAID, "2026-10", None, "集资已于2026年9月30日到期，结余 6,000.00 元应退还业主或由业主另行决定。"),
    (HELD, "2026-08", None, "多收、误收的 30.00 元应退还原付款人。"),
    (WAITS, "2026-08", None, "样稿：还有 1 笔流水没有过账，不得张贴"),
    ("", "2026-08", None, "（没有）"),
]


@pytest.mark.parametrize(("text", "month", "stated", "words"), WORDS_OF)
def test_what_else_is_said(text: str, month: str, stated: str | None, words: str) -> None:
    value = report(text, Month.parse(month), stated)
    assert words in render_text(value)
    check_pages(lay_out(value))


def test_what_comes_later_is_not_in_an_earlier_month() -> None:
    value = report(STORY, Month(2026, 4))
    assert (value.paid_fen, value.spent_fen, value.refunded_fen, value.holds) == (600_000, 0, 0, True)


def test_a_household_that_paid_twice_shows_both_days() -> None:
    twice = paid("01-1-201", "500.00") + paid("01-1-201", "500.00", "2026-04-06")
    assert "2026-03-05、04-06" in render_text(report(twice))


def test_a_private_payee_is_masked() -> None:
    value = report(ALL_PAID + spent("100.00", payee="王小明"), items=decided(supplier="王小明"))
    assert value.spending[0].payee == "王**"


def test_data_has_every_figure_to_the_fen() -> None:
    value = report(STORY, stated="200.00")
    data = as_data(value)
    assert data["totals"] == {"4001集资收入": "6000.00", "5001项目支出": "5600.00", "5202退还业主": "200.00"}
    assert data["households"][2] == {
        "code": "01-1-201", "due": "2000.00", "paid": "2000.00", "paid_on": ["2026-03-05"], "refunded": "0.00",
    }  # fmt: skip
    assert data["banks"][0]["bank"] == "200.00"


def many(count: int) -> LevyReport:
    """A levy of `count` households in three buildings; every seventh has not paid, every fifth in two parts."""
    homes = tuple(
        Dwelling(code=f"0{1 + n % 3}-1-{100 + n}", building=f"0{1 + n % 3}", stair="1", room=str(100 + n),
                 area_m2=Decimal("80.00"), owner=f"业主姓名{n}")
        for n in range(count)
    )  # fmt: skip
    dues = "dwelling,due_yuan\n" + "".join(f"{home.code},1500.00\n" for home in homes)
    ballots = ("dwelling,choice\n" + "".join(f"{home.code},agree\n" for home in homes)).encode()
    parts = [("1000.00", "2026-03-05"), ("500.00", "2026-04-07")]
    text = "".join(
        "".join(paid(home.code, *part) for part in parts) if n % 5 == 0 else paid(home.code, "1500.00")
        for n, home in enumerate(homes)
        if n % 7
    )
    one = levy(dues_sha256=digest(dues))
    files = replace(
        levy_files(one, {"batches/J01-dues.csv": dues}),
        register=FundRegister(date(2026, 1, 1), homes),
        ballots={"votes/R1.csv": ballots},
    )
    items = decided(ballots=ballots, budget_yuan=f"{1500 * count}.00")
    view = book(text.replace(digest(DUES), one.dues_sha256) + spent("900.00"), items, files)
    assert levies.find(view) == []
    return levy_report(view, one, street=STREET, month=AUGUST, bank_balances={})


@pytest.mark.parametrize("count", [1, 30, 200, 700])
def test_the_paper_has_every_house_and_no_owner(count: int) -> None:
    value = many(count)
    pages = lay_out(value)
    check_pages(pages)
    read = "".join(texts(render_pdf(value)))
    assert all(one.code in read for one in value.households)
    assert "业主姓名" not in read
    assert "账目相符" in read
    assert render_pdf(value) == render_pdf(value)


PARTS = st.lists(
    st.tuples(st.sampled_from(["01-1-101", "01-1-102", "01-1-201", "01-1-202"]), st.integers(1, 90_000), st.booleans()),
    max_size=14,
)


@given(PARTS)
def test_households_vouchers_and_bank_are_one_whatever_the_rules_let_pass(parts: list[tuple[str, int, bool]]) -> None:
    """A second, simpler book beside the ledger: what the rule lets pass sums to the bank, by house and in all."""
    due = {"01-1-101": 100_000, "01-1-102": 100_000, "01-1-201": 200_000, "01-1-202": 200_000}
    net, text, refused = dict.fromkeys(due, 0), "", 0
    for number, (code, fen, back) in enumerate(parts):
        after = net[code] + (-fen if back else fen)
        day = f"2026-0{3 + number // 5}-{1 + number:02d}"
        if not 0 <= after <= due[code]:
            wrong = refund(code, str(from_fen(fen)), day) if back else paid(code, str(from_fen(fen)), day)
            refused += bool(levies.find(book(text + wrong)))
            continue
        text += refund(code, str(from_fen(fen)), day) if back else paid(code, str(from_fen(fen)), day)
        net[code] = after
    assert levies.find(book(text)) == []
    value = report(text)
    assert value.holds
    assert {one.code: one.net_fen for one in value.households} == net
    assert value.book_fen == sum(net.values())
    assert refused == len(parts) - text.count(" * ")

