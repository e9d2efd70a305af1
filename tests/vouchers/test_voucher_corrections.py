"""Corrections: the red and the new voucher, differences, earlier years; and what is no correction at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.book.edit import Change, apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.write import write_all
from jiezhang.close.reconciling import reconcile_account
from jiezhang.close.voucher_corrections import prior_year, red_and_new
from jiezhang.domain.chain import content_digest
from jiezhang.domain.corrections import correction_faults
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion
from jiezhang.domain.sides import sides_of
from jiezhang.street.booking import complete_rows, post_rows
from jiezhang.street.correcting import Wish, withdraw_corrections
from tests.conftest import G_BANK, MAKER, W_BANK, account, statement
from tests.desk import review_and_post
from tests.vouchers.desk import (
    AUDIT,
    CITY,
    MONTH_FILE,
    REPAIR,
    ROWS,
    SEPTEMBER,
    book,
    edit,
    errors,
    load,
    ref,
    transactions,
    voucher,
    wish,
)

LAMP = "2026-09/记-0002"
HELD = account("Liabilities:2241其他应付款")


def balance(folder: CompoundFolder, name: str) -> Decimal:
    return sum(
        (leg.units.number for entry in transactions(folder) for leg in entry.postings
         if leg.account == name and leg.units is not None and leg.units.number is not None),
        Decimal("0.00"),
    )  # fmt: skip


def test_a_red_and_a_new_voucher(street: StreetFolder, posted: CompoundFolder) -> None:
    before = (posted.path / MONTH_FILE).read_text("utf-8")
    red, new = wish(street, "2026-09-20", Wish(LAMP, "5105审计"))
    assert (red.narration, new.narration) == ("注销9月2日记-0002号凭证", "订正9月2日记-0002号凭证：换楼道灯")
    assert [(side.is_debit, str(side.amount)) for side in sides_of(red)] == [(False, "-30.00"), (True, "-30.00")]
    assert review_and_post(posted, CITY, SEPTEMBER).posted == 2
    load(posted)
    assert [voucher(posted, number).meta["correction-kind"] for number in ("记-0005", "记-0006")] == ["red", "new"]
    assert (balance(posted, REPAIR), balance(posted, AUDIT)) == (Decimal("0.00"), Decimal("30.00"))
    assert (posted.path / MONTH_FILE).read_text("utf-8").startswith(before.rstrip("\n"))


def test_the_bank_is_reconciled_as_before(street: StreetFolder, posted: CompoundFolder) -> None:
    def look() -> tuple[bool, str]:
        found = reconcile_account(load(posted).entries, G_BANK, [("sep.xlsx", ROWS)], SEPTEMBER)
        return found.is_clean, str(found.book_balance)

    assert look() == (True, "10868.00")
    wish(street, "2026-09-20", Wish(LAMP, AUDIT))
    assert look() == (True, "10868.00")
    review_and_post(posted, CITY, SEPTEMBER)
    assert look() == (True, "10868.00")


def test_a_correction_is_corrected_in_its_turn(street: StreetFolder, posted: CompoundFolder) -> None:
    wish(street, "2026-09-20", Wish(LAMP, AUDIT))
    review_and_post(posted, CITY, SEPTEMBER)
    with pytest.raises(Refused, match="凭证 2026-09/记-0002 已经更正过，请更正后来的那一张"):
        wish(street, "2026-09-21", Wish(LAMP, REPAIR))
    wish(street, "2026-09-21", Wish("2026-09/记-0006", REPAIR))
    assert review_and_post(posted, CITY, SEPTEMBER).posted == 2
    load(posted)
    assert (balance(posted, REPAIR), balance(posted, AUDIT)) == (Decimal("30.00"), Decimal("0.00"))


def test_a_correction_not_posted_is_taken_back(street: StreetFolder, posted: CompoundFolder) -> None:
    before = (posted.path / MONTH_FILE).read_bytes()
    wish(street, "2026-09-20", Wish(LAMP, AUDIT))
    assert len(withdraw_corrections(street, posted, MAKER)) == 2
    assert (posted.path / MONTH_FILE).read_bytes().rstrip(b"\n") == before.rstrip(b"\n")
    assert withdraw_corrections(street, posted, MAKER) == []


@pytest.mark.parametrize(
    ("day", "wanted", "said"),
    [
        ("2026-09-20", Wish("2026-09/记-0099", AUDIT), "账簿里没有凭证 2026-09/记-0099"),
        ("2026-09-20", Wish(LAMP, "9999没有"), "科目“9999没有”不在G公共收益的科目表中"),
        ("2026-09-20", Wish(LAMP, "5105审计-某所"), "账簿没有开设账户"),
        ("2026-09-20", Wish(LAMP, REPAIR), "与原来的相同"),
        ("2026-09-20", Wish(LAMP, AUDIT, wrong="5107水电"), "没有对方科目"),
        ("2026-09-01", Wish(LAMP, AUDIT), "更正的日期 2026-09-01 早于凭证 2026-09/记-0002 的日期 2026-09-02"),
        ("2027-01-05", Wish(LAMP, AUDIT), "不是 2027 年的，用 --prior-year 更正"),
        ("2026-09-20", Wish(LAMP, HELD, how="prior-year"), "是本年的，用红字注销再订正"),
        ("2027-01-05", Wish(LAMP, AUDIT, how="prior-year"), "都是那一年的收支，已经结入结余"),
        ("2026-09-20", Wish(LAMP, AUDIT, how="difference"), "差额更正须用 --from 写明从哪个科目转出"),
        ("2026-09-20", Wish(LAMP, AUDIT, REPAIR, how="difference", amount_yuan=Decimal("5.00")), "两个对方科目之间"),
        ("2027-01-05", Wish(LAMP, HELD, how="prior-year", amount_yuan=Decimal("30.01")), "方向或金额与凭证"),
        ("2026-09-20", Wish(LAMP, G_BANK), "须与原凭证相同"),
    ],
)  # fmt: skip
def test_what_is_refused(
    street: StreetFolder, posted: CompoundFolder, day: str, wanted: Wish, said: str
) -> None:
    before = (posted.path / MONTH_FILE).read_bytes()
    with pytest.raises(Refused, match=said):
        wish(street, day, wanted)
    assert (posted.path / MONTH_FILE).read_bytes() == before


def test_the_maintenance_fund_has_its_own_correction(street: StreetFolder, compound: CompoundFolder) -> None:
    rows = statement([("3", "100.00", "结息")], opening="500000.00", source="w.xls", counterparty="")
    book(compound, (W_BANK, rows))
    interest = account("Income:4101存款利息", "W维修资金")
    said = Completion(account=W_BANK, bank_ref=ref(compound, "100.00"), other_account=interest)
    complete_rows(compound, CITY, [said], MAKER)
    review_and_post(compound, CITY, SEPTEMBER)
    with pytest.raises(Refused, match="属于维修资金，记错户的用 jiezhang fund correct 更正"):
        wish(street, "2026-09-20", Wish("2026-09/记-0001", "4901其他"))


# ------------------------------------------------------------------ differences and earlier years
def entry(day: str, number: str, *legs: tuple[str, str], **meta: object) -> data.Transaction:
    """A voucher in short; a leg on the bank names its row."""
    postings = [
        data.Posting(name, Amount(Decimal(amount), "CNY"), None, None, None,
                     {"bank-ref": f"S/{amount}"} if name == G_BANK and "correction_kind" not in meta else None)
        for name, amount in legs
    ]  # fmt: skip
    said = {key.replace("_", "-"): value for key, value in meta.items()}
    about = {"filename": "x", "lineno": 1, **({"voucher": number} if number else {}), **said}
    flag = "*" if number else "!"
    return data.Transaction(about, date.fromisoformat(day), flag, None, "", frozenset(), frozenset(), postings)


SPLIT = entry("2026-09-02", "记-0001", (G_BANK, "-100.00"), (REPAIR, "60.00"), (AUDIT, "40.00"))
DIFFERENCE = {"correction": "2026-09/记-0001", "correction_kind": "difference"}
PRIOR = {"correction": "2026-09/记-0001", "correction_kind": "prior-year"}
SURPLUS, RENT = account("Equity:3001公共收益结余"), account("Income:4002电梯广告")
PAID = entry("2026-09-02", "记-0001", (G_BANK, "-100.00"), (REPAIR, "100.00"))
GOT = entry("2026-09-02", "记-0001", (G_BANK, "100.00"), (HELD, "-100.00"))


@pytest.mark.parametrize(
    ("original", "correction", "said"),
    [
        (SPLIT, entry("2026-09-20", "", (REPAIR, "10.00"), (AUDIT, "-10.00"), **DIFFERENCE), ""),
        (SPLIT, entry("2026-09-20", "", (REPAIR, "40.00"), (AUDIT, "-40.00"), **DIFFERENCE), ""),
        (SPLIT, entry("2026-09-20", "", (REPAIR, "40.01"), (AUDIT, "-40.01"), **DIFFERENCE), "超过了凭证"),
        (SPLIT, entry("2027-01-20", "", (REPAIR, "10.00"), (AUDIT, "-10.00"), **DIFFERENCE), "不是本年的"),
        (SPLIT, entry("2026-09-01", "", (REPAIR, "10.00"), (AUDIT, "-10.00"), **DIFFERENCE), "更正早于"),
        (SPLIT, entry("2026-09-20", "", (REPAIR, "10.00"), (RENT, "-10.00"), **DIFFERENCE), "两个对方科目之间"),
        (SPLIT, entry("2026-09-20", "", (REPAIR, "10.00"), (G_BANK, "-10.00"), **DIFFERENCE), "不动银行存款"),
        (PAID, entry("2027-01-20", "", (HELD, "100.00"), (SURPLUS, "-100.00"), **PRIOR), ""),
        (PAID, entry("2027-01-20", "", (HELD, "-100.00"), (SURPLUS, "100.00"), **PRIOR), "方向或金额"),
        (PAID, entry("2027-01-20", "", (HELD, "100.01"), (SURPLUS, "-100.01"), **PRIOR), "方向或金额"),
        (PAID, entry("2027-01-20", "", (RENT, "100.00"), (SURPLUS, "-100.00"), **PRIOR), "只能在结余"),
        (PAID, entry("2027-01-20", "", (G_BANK, "100.00"), (SURPLUS, "-100.00"), **PRIOR), "只能在结余"),
        (GOT, entry("2027-01-20", "", (HELD, "100.00"), (SURPLUS, "-100.00"), **PRIOR), ""),
        (GOT, entry("2027-01-20", "", (HELD, "-1.00"), (SURPLUS, "1.00"), **PRIOR), "方向或金额"),
        (GOT, entry("2026-12-31", "", (HELD, "100.00"), (SURPLUS, "-100.00"), **PRIOR), "是本年的"),
        (PAID, entry("2026-09-20", "", (HELD, "100.00"), (SURPLUS, "-100.00"), correction="2026-09/记-0001",
                     correction_kind="foo"), "另一种办法"),
        (PAID, entry("2026-09-20", "", (HELD, "1.00"), (SURPLUS, "-1.00"), correction_kind="red"), "没有写明"),
    ],
)  # fmt: skip
def test_differences_and_earlier_years(original: data.Transaction, correction: data.Transaction, said: str) -> None:
    found = [message for _, message in correction_faults([original, correction])]
    assert (said in found[0]) if said else found == []


def test_two_differences_together_may_not_take_more_than_there_was() -> None:
    half = entry("2026-09-20", "", (REPAIR, "25.00"), (AUDIT, "-25.00"), **DIFFERENCE)
    assert correction_faults([SPLIT, half]) == []
    assert len(correction_faults([SPLIT, half, half._replace(date=date(2026, 9, 21))])) == 2


def test_an_earlier_year_is_corrected_once() -> None:
    blue = prior_year(PAID, date(2027, 1, 20), "", HELD, None)
    assert [str(leg.units) for leg in blue.postings] == ["-100.00 CNY", "100.00 CNY"]
    assert [leg.account for leg in blue.postings] == [SURPLUS, HELD]
    assert correction_faults([PAID, blue]) == []
    assert len(correction_faults([PAID, blue, blue._replace(date=date(2028, 1, 1))])) == 2


# ------------------------------------------------------------------ what a thief would book
RED, NEW = red_and_new(PAID, date(2026, 9, 20), AUDIT)


def changed(one: data.Transaction, *legs: tuple[str, str], **meta: object) -> data.Transaction:
    """A correction with other legs: the bank's legs keep their row."""
    made = entry("2026-09-20", "", *legs, correction="2026-09/记-0001", correction_kind=one.meta["correction-kind"])
    row = {"corrected-ref": "S/-100.00"}
    postings = [leg._replace(meta=row) if leg.account == G_BANK else leg for leg in made.postings]
    return one._replace(postings=postings, meta={**one.meta, **meta})


THEFTS: dict[str, tuple[list[data.Transaction], str]] = {
    "a red voucher alone: the bank has more than it has": ([RED], "有且只有一张红字"),
    "a new one alone: paid twice": ([NEW], "有且只有一张红字"),
    "two new ones for one red": ([RED, NEW, NEW._replace(date=date(2026, 9, 21))], "有且只有一张红字"),
    "two pairs": ([RED, NEW, RED, NEW], "有且只有一张红字"),
    "on two days, so that money is there in between": ([RED, NEW._replace(date=date(2026, 9, 21))], "同一年、同一天"),
    "one posted and one not": ([RED._replace(flag="*"), NEW], "一起过账"),
    "the new one pays more": ([RED, changed(NEW, (G_BANK, "-200.00"), (AUDIT, "200.00"))], "银行分录须与原凭证相同"),
    "the new one pays from another account": (
        [RED, changed(NEW, (W_BANK, "-100.00"), (AUDIT, "100.00"))], "维修资金",
    ),
    "the new one pays nothing": ([RED, changed(NEW, (HELD, "-100.00"), (AUDIT, "100.00"))], "银行分录须与原凭证相同"),
    "the bank's leg twice, back and forth": (
        [RED, changed(NEW, (G_BANK, "-100.00"), (G_BANK, "-5.00"), (G_BANK, "5.00"), (AUDIT, "100.00"))],
        "银行分录须与原凭证相同",
    ),
    "the red one takes back less": ([changed(RED, (G_BANK, "90.00"), (REPAIR, "-90.00")), NEW], "逐笔相反"),
    "the red one takes back another account": ([changed(RED, (G_BANK, "100.00"), (AUDIT, "-100.00")), NEW], "逐笔相反"),
    "words that hide what it is": ([RED._replace(narration="退款"), NEW], "摘要须写"),
    "a voucher that is not there": (
        [one._replace(meta={**one.meta, "correction": "2026-09/记-0009"}) for one in (RED, NEW)], "不在账上",
    ),
}  # fmt: skip


@pytest.mark.parametrize("theft", THEFTS)
def test_nothing_else_books_a_bank_leg(theft: str) -> None:
    entries, said = THEFTS[theft]
    found = [message for _, message in correction_faults([PAID, *entries])]
    assert found and all(said in message for message in found)


def test_the_pair_itself_is_right() -> None:
    assert correction_faults([PAID, RED, NEW]) == []


def _waiting(folder: CompoundFolder, *vouchers: data.Transaction) -> None:
    """Write vouchers by hand, past every step."""
    ledger = load_ledger(folder, CITY)
    write_all(folder.path, apply(ledger.folder, (), list(vouchers)))


NOT_YET = '2026-09-20 ! "示例传媒有限公司"'


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda c: edit(c, 'correction-kind: "red"', 'correction-kind: "new"'), "须有且只有一张红字注销和一张订正"),
        (lambda c: edit(c, 'correction-kind: "red"\n', ""), "corrected-ref 只用于红字注销和订正的凭证"),
        (lambda c: edit(c, f"{NOT_YET} \"注销", f"{NOT_YET} \"注销".replace("20 !", "19 !")), "同一年、同一天"),
    ],
)  # fmt: skip
def test_in_a_real_ledger_too(
    street: StreetFolder, posted: CompoundFolder, tamper: Callable[[CompoundFolder], None], said: str
) -> None:
    wish(street, "2026-09-20", Wish(LAMP, AUDIT))
    tamper(posted)
    assert any(said in message for message in errors(posted))


def test_a_bank_leg_with_a_corrected_row_is_no_way_around_the_bank(posted: CompoundFolder) -> None:
    """What a correction cites is believed only in a pair."""
    own = entry("2026-09-20", "", (G_BANK, "-5.00"), (REPAIR, "5.00"))
    row = {"corrected-ref": "S/-500", "filename": "x", "lineno": 1}
    legs = [leg._replace(meta=row if leg.account == G_BANK else None) for leg in own.postings]
    _waiting(posted, own._replace(postings=legs))
    assert any("corrected-ref 只用于红字注销和订正的凭证" in message for message in errors(posted))


def test_the_pair_is_posted_together(street: StreetFolder, posted: CompoundFolder) -> None:
    """A new one that was not reviewed keeps the red one waiting."""
    wish(street, "2026-09-20", Wish(LAMP, AUDIT))
    ledger = load(posted)
    red = next(one for one in transactions(posted) if one.meta.get("correction-kind") == "red")
    meta = {**red.meta, "reviewer": "F01", "reviewed-sha256": content_digest(red)}
    write_all(posted.path, apply(ledger.folder, [Change(red, red._replace(meta=meta))], ()))
    assert post_rows(posted, CITY, SEPTEMBER, "T01").posted == 0
    assert review_and_post(posted, CITY, SEPTEMBER).posted == 2
