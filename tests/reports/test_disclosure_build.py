"""The statement's figures, from made-up books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Posting, Transaction, new_metadata
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.chart import CHART
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Contract, Street
from reports.disclosure import Disclosure, build_disclosure
from reports.disclosure_value import ITEM_NAMES, SECTIONS

Build = Callable[..., Disclosure]
FUND = "C0007长吴公寓:G公共收益"
BANK = f"Assets:{FUND}:1002银行存款-工行3021"
WECHAT = f"Assets:{FUND}:1012支付平台待结算-微信"
TRANSIT = f"Assets:{FUND}:1012支付平台待结算-在途"
STREET = Street.model_validate({"name": "示例区云溪街道办事处", "city": "example"})
COMPOUND = Compound(code="C0007", name="长吴公寓", community="S01", kind="old", start=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("figure", "yuan"),
    [
        ("opening", "108593.50"),
        ("opening_year", "98000.00"),
        ("income", "20000.00"),
        ("income_year", "32000.00"),
        ("net_income", "19100.00"),
        ("net_income_year", "31100.00"),
        ("spent", "8900.00"),
        ("spent_year", "10306.50"),
        ("adjustment", "0.00"),
        ("closing", "119693.50"),
        ("deposits", "3000.00"),
        ("suspense", "0.00"),
        ("held", "122693.50"),
        ("bank_stated", "120693.50"),
    ],
)
def test_figures(small: Disclosure, figure: str, yuan: str) -> None:
    assert str(getattr(small, figure)) == yuan


def test_lines(small: Disclosure) -> None:
    lines = [
        (s.key, n.code, n.item, n.party, n.contract, str(n.month), str(n.year), n.vouchers)
        for s in small.sections
        for n in s.lines
    ]
    assert lines == [
        ("income", "4001", "车位、场地费·临停", "", "", "5000.00", "5000.00", ("记-0002", "记-0003")),
        ("income", "4002", "电梯广告", "城市光影广告有限公司", "HT-0003", "12000.00", "24000.00", ("记-0001",)),
        ("income", "4004", "快递柜", "合同未登记", "HT-0009", "3000.00", "3000.00", ("记-0005",)),
        ("cost", "5001", "经营成本", "", "", "900.00", "900.00", ("记-0006",)),
        ("expense", "5101", "维修养护", "", "", "0.00", "1406.50", ()),
        ("to_fund", "5201", "转入维修资金", "", "", "8000.00", "8000.00", ("记-0007",)),
    ]


def test_header(small: Disclosure) -> None:
    assert (small.community, small.posted_from, small.posted_to) == ("长吴社区", date(2026, 11, 5), date(2026, 11, 19))
    assert [(p.kind, p.number, p.holder, str(p.book)) for p in small.places] == [
        ("bank", "**** **** 3021", "长吴公寓业主大会", "120693.50"),
        ("platform", "**** **** 7001", "", "2000.00"),
    ]


def test_history_is_empty_before_the_books_and_zero_within(small: Disclosure) -> None:
    found = [(str(m.month), m.income, m.spent) for m in small.history]
    zero = Decimal("0.00")
    assert found == [
        ("2025-11", None, None),
        ("2025-12", None, None),
        ("2026-01", None, None),
        ("2026-02", None, None),
        *[(f"2026-0{n}", zero, zero) for n in range(3, 9)],
        ("2026-09", Decimal("12000.00"), Decimal("1406.50")),
        ("2026-10", Decimal("20000.00"), Decimal("8900.00")),
    ]


def test_every_income_and_expense_subject_stands_in_one_section() -> None:
    placed = sorted(code for section in SECTIONS for code in section.codes)
    assert placed == sorted(s.code for s in CHART["G"].values() if s.root in ("Income", "Expenses"))
    assert placed == sorted(ITEM_NAMES)


@pytest.mark.parametrize(
    ("bank", "wechat", "differing", "checks", "proof"),
    [
        ("120693.50", "2000.00", "", ("agreed", "agreed"), "agreed"),
        ("120693.50", "2000.00", BANK, ("different", "agreed"), "different"),  # its rows, though the balance agrees
        ("120693.50", "2000.00", BANK.replace("C0007", "C0008"), ("agreed", "agreed"), "agreed"),
        ("120693.49", "2000.00", "", ("different", "agreed"), "different"),
        ("120693.50", "1999.99", "", ("agreed", "different"), "different"),
        ("120693.50", None, "", ("agreed", "unchecked"), "unchecked"),
        (None, "2000.00", "", ("unchecked", "agreed"), "unchecked"),
        (None, "1.00", "", ("unchecked", "different"), "different"),
        (None, None, WECHAT, ("unchecked", "different"), "different"),
        (None, None, "", ("unchecked", "unchecked"), "unchecked"),
    ],
)
def test_the_check_of_each_place(
    build: Build, bank: str | None, wechat: str | None, differing: str, checks: tuple[str, str], proof: str
) -> None:
    """Nothing agrees while one account is unchecked."""
    stated = {account: Decimal(yuan) for account, yuan in ((BANK, bank), (WECHAT, wechat)) if yuan is not None}
    stated |= {BANK.replace("C0007", "C0008"): Decimal(1)}
    made = build(bank_balances=stated, differing={differing} - {""})
    assert tuple(place.check for place in made.places) == checks
    assert (made.proof_of("bank"), made.proof_of("platform"), made.proof) == (*checks, proof)


def test_an_open_platform_account_is_checked_even_when_empty(build: Build) -> None:
    made = build(month=Month(2026, 9), bank_balances={BANK: Decimal("110593.50")})
    assert [(place.kind, place.check) for place in made.places] == [("bank", "agreed"), ("platform", "unchecked")]
    assert made.proof == "unchecked"


@pytest.mark.parametrize(("yuan", "proof"), [("500.00", "agreed"), ("-500.00", "different")])
def test_money_in_transit_below_zero_is_wrong(build: Build, yuan: str, proof: str) -> None:
    made = build(f"""
2026-10-31 * "提现"
  voucher: "记-0008"
  {TRANSIT}  {yuan} CNY
  Income:{FUND}:4004快递柜  {-Decimal(yuan)} CNY
""")
    assert (made.places[-1].kind, made.places[-1].check, made.proof) == ("transit", None, proof)


@pytest.mark.parametrize(
    ("start", "month", "within"),
    [
        (date(2026, 3, 1), Month(2026, 10), True),
        (date(2026, 1, 1), Month(2026, 10), False),
        (date(2026, 3, 1), Month(2027, 1), False),
    ],
)
def test_the_year_begins_with_the_books(build: Build, start: date, month: Month, within: bool) -> None:
    made = build(compound=COMPOUND.model_copy(update={"start": start}), month=month)
    assert (made.books_from, made.begins_within_year) == (start, within)


def test_differences_that_cancel_out_are_differences(build: Build) -> None:
    other = BANK.replace("工行3021", "农商行7788")
    made = build(bank_balances={BANK: Decimal("120693.00"), other: Decimal("0.50")})
    assert made.bank_stated == made.book_of("bank") == Decimal("120693.50")
    assert made.proof == "different"


def test_no_bank_account_is_not_agreement(build: Build) -> None:
    made = build(book="", bank_balances={})
    assert (made.proof, made.places, made.closing) == ("unchecked", (), Decimal("0.00"))


WAITING = f"""
2026-10-30 ! "来历不明"
  {BANK}  500.00 CNY
  Liabilities:{FUND}:2999待查款项  -500.00 CNY
2026-10-31 ! "提出是快递柜，还没有人复核"
  {BANK}  70.00 CNY
  Income:{FUND}:4004快递柜  -70.00 CNY
"""


def test_waiting_rows_are_in_the_bank_but_not_in_income(build: Build) -> None:
    made = build(WAITING, bank_balances={BANK: Decimal("121263.50"), WECHAT: Decimal("2000.00")})
    assert (made.waiting, made.is_draft, made.suspense) == (2, True, Decimal("570.00"))
    assert (made.income, made.closing, made.proof) == (Decimal("20000.00"), Decimal("119693.50"), "agreed")


def test_an_adjustment_of_earlier_years_is_neither_income_nor_hidden(build: Build) -> None:
    made = build(f"""
2026-10-30 * "补记上年漏记收入"
  voucher: "记-0008"
  {BANK}  300.00 CNY
  Equity:{FUND}:3001公共收益结余  -300.00 CNY
""")
    assert (made.adjustment, made.income, made.closing) == (Decimal(300), Decimal(20000), Decimal("119993.50"))


def test_an_opening_in_the_month_is_the_balance_before_it(build: Build) -> None:
    made = build(month=Month(2026, 3), bank_balances={BANK: Decimal(100000)})
    assert [made.opening, made.income, made.closing, made.adjustment] == [98000, 0, 98000, 0]


@pytest.mark.parametrize(
    ("party", "shown"),
    [
        ("林小满", "林**"),
        ("欧阳小满", "欧**"),
        ("阿依古丽·买买提", "阿**"),
        ("城市光影广告有限公司", "城市光影广告有限公司"),
        ("林会军", "林**"),
        ("林立行", "林**"),
        ("小满超市", "小满超市"),
        ("小满面馆", "小满面馆"),
    ],
)
def test_private_persons_are_masked(build: Build, party: str, shown: str) -> None:
    row = {
        "code": "HT-0003", "asset": "A01", "counterparty": party, "subject": "4002", "start": date(2026, 1, 1),
        "end": date(2026, 12, 31), "amount_yuan": Decimal(1), "cycle": "year",
    }
    made = build(contracts=[Contract.model_validate(row)])
    assert next(n.party for n in made.section("income").lines if n.contract == "HT-0003") == shown


def transaction(day: date, legs: list[tuple[str, Decimal]], flag: str = "*", **meta: Any) -> Transaction:
    postings = [Posting(account, Amount(yuan, "CNY"), None, None, None, {}) for account, yuan in legs]
    where = new_metadata("账.beancount", 7) | meta
    return Transaction(where, day, flag, None, "一笔", frozenset(), frozenset(), postings)


def statement(entries: list[Transaction], month: Month = Month(2026, 10), **bank: Any) -> Disclosure:  # noqa: B008
    return build_disclosure(
        entries, street=STREET, compound=COMPOUND, contracts=[], month=month, bank_balances=bank.get("bank", {}),
        posted_from=date(2026, 11, 5),
    )


@pytest.mark.parametrize(
    ("legs", "sentence"),
    [
        (
            [(BANK, Decimal(1)), ("Income:C0007长吴公寓:W维修资金:4901其他", Decimal(-1))],
            "账.beancount：第 7 行：凭证 记-0009 在公共收益内借贷不平，相差 1.00 元",
        ),
        (
            [(BANK, Decimal("1.005")), (f"Income:{FUND}:4901其他", Decimal("-1.005"))],
            "账.beancount：第 7 行：凭证 记-0009 的金额 1.005 不止两位小数",
        ),
    ],
)
def test_a_book_that_cannot_be_printed_is_refused(legs: list[tuple[str, Decimal]], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        statement([transaction(date(2026, 10, 1), legs, voucher="记-0009")])
    assert str(refused.value) == sentence


ACCOUNTS = [
    f"{s.root}:{FUND}:{s.component}{detail}"
    for s in CHART["G"].values()
    for detail in (["-工行3021", "-在途"] if s.root == "Assets" else [""])
]
MONEY = st.integers(-(10**10), 10**10).map(lambda fen: Decimal(fen).scaleb(-2))


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    day = date(2025, 6, 1) + timedelta(days=draw(st.integers(0, 700)))
    legs = [(draw(st.sampled_from(ACCOUNTS)), draw(MONEY)) for _ in range(draw(st.integers(1, 3)))]
    legs.append((draw(st.sampled_from(ACCOUNTS)), -sum((yuan for _, yuan in legs), Decimal(0))))
    return transaction(day, legs, draw(st.sampled_from("***!")))


@given(st.lists(transactions(), max_size=25))
def test_opening_and_net_make_closing_and_every_month_hands_over(entries: list[Transaction]) -> None:
    last = None
    for month in (Month(2026, 9), Month(2026, 10), Month(2026, 11)):
        made = statement(entries, month)
        net = made.net_income - made.section("expense").month - made.section("to_fund").month
        net -= made.section("to_owners").month
        assert made.opening + net + made.adjustment == made.closing
        assert made.opening_year + made.income_year - made.spent_year + made.adjustment_year == made.closing
        assert made.closing + made.deposits + made.suspense == made.held == _money_at(entries, month)
        assert (made.history[-1].income, made.history[-1].spent) == (made.income, made.spent)
        assert last is None or made.opening == last.closing
        last = made


def _money_at(entries: list[Transaction], month: Month) -> Decimal:
    """The second, simpler model: all asset legs up to the month's end."""
    legs = [p for t in entries if t.date <= month.last_day for p in t.postings]
    return sum((p.units.number or Decimal(0) for p in legs if p.units and p.account.startswith("Assets:")), Decimal(0))
