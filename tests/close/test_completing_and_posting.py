"""From a waiting row to a numbered voucher, on a real folder."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked
from jiezhang.book.registers import read_contracts, read_rules
from jiezhang.close.completing import waiting
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion
from jiezhang.domain.statement import Statement
from jiezhang.street.booking import complete_rows
from tests.conftest import G_BANK, MAKER, W_BANK, account, statement
from tests.desk import review_and_post

CITY = "hangzhou"
SEPTEMBER = Month.parse("2026-09")
ROWS = statement(
    [("1", "900.00", "广告费"), ("2", "-30.00", "未知"), ("2", "-500.00", "划转"), ("9", "5.00", "结息")]
)
FUND = statement([("2", "500.00", "划转")], opening="500000.00", source="w.xls")


def book(folder: CompoundFolder, *statements: tuple[str, Statement]) -> None:
    with exclusive(folder):
        ledger = load_unlocked(folder, CITY)
        plan = plan_import(ledger.entries, statements, read_contracts(folder), read_rules(folder))
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, MAKER)))


def load(folder: CompoundFolder) -> Ledger:
    ledger = load_ledger(folder, CITY)
    assert ledger.errors == []
    return ledger


def ref(ledger: Ledger, amount: str, where: str = G_BANK) -> str:
    for entry in waiting(ledger.entries):
        for leg in bank_legs(entry):
            if leg.account == where and leg.units is not None and leg.units.number == Decimal(amount):
                assert leg.meta is not None
                return str(leg.meta["bank-ref"])
    raise AssertionError(amount)


@pytest.fixture
def imported(compound: CompoundFolder) -> CompoundFolder:
    book(compound, (G_BANK, ROWS), (W_BANK, FUND))
    return compound


def vouchers(ledger: Ledger) -> dict[str, tuple[str, str]]:
    return {
        str(entry.meta["voucher"]): (entry.flag, entry.narration)
        for entry in ledger.entries
        if isinstance(entry, data.Transaction) and "voucher" in entry.meta
    }


def test_only_what_is_known_is_posted(imported: CompoundFolder) -> None:
    count = review_and_post(imported, CITY, SEPTEMBER)
    assert (count.posted, count.left) == (2, 3)
    assert vouchers(load(imported)) == {"记-0001": ("*", "广告费"), "记-0002": ("*", "结息")}


def test_numbers_go_on_after_the_last_voucher(imported: CompoundFolder) -> None:
    review_and_post(imported, CITY, SEPTEMBER)
    number = ref(load(imported), "-30.00")
    done = Completion(account=G_BANK, bank_ref=number, other_account=account("Expenses:5101维修养护"), narration="换灯")
    complete_rows(imported, CITY, [done], MAKER)
    assert review_and_post(imported, CITY, SEPTEMBER).posted == 1
    assert vouchers(load(imported))["记-0003"] == ("*", "换灯")
    assert review_and_post(imported, CITY, SEPTEMBER).posted == 0


def test_a_posted_voucher_keeps_its_bytes(imported: CompoundFolder) -> None:
    review_and_post(imported, CITY, SEPTEMBER)
    path = imported.path / "2026/2026-09.beancount"
    posted = [block for block in path.read_text("utf-8").split("\n\n") if "voucher:" in block]
    number = ref(load(imported), "-30.00")
    done = Completion(account=G_BANK, bank_ref=number, other_account=account("Expenses:5901其他"))
    complete_rows(imported, CITY, [done], MAKER)
    review_and_post(imported, CITY, SEPTEMBER)
    text = path.read_text("utf-8")
    assert all(block in text for block in posted)


def test_a_transfer_is_one_voucher_over_two_funds(imported: CompoundFolder) -> None:
    ledger = load(imported)
    complete_rows(
        imported,
        CITY,
        [
            Completion(
                account=G_BANK,
                bank_ref=ref(ledger, "-500.00"),
                other_account=account("Expenses:5201转入维修资金"),
                join_account=W_BANK,
                join_ref=ref(ledger, "500.00", W_BANK),
            )
        ],
        MAKER,
    )
    after = load(imported)
    (joined,) = [entry for entry in waiting(after.entries) if entry.meta.get("transfer")]
    assert joined.meta["transfer"] == "G-W"
    assert [leg.account for leg in joined.postings] == [
        G_BANK,
        account("Expenses:5201转入维修资金"),
        W_BANK,
        account("Income:4201经营", "W维修资金"),
    ]
    assert len(waiting(after.entries)) == len(waiting(ledger.entries)) - 1


@pytest.mark.parametrize(
    ("given", "taken", "other", "said"),
    [
        ("-500.00", "499.00", "Expenses:5201转入维修资金", "转出 500.00 与转入 499.00 应相等且不为零"),
        ("500.00", "-500.00", "Expenses:5201转入维修资金", "方向不对：须由公共收益专户付出、维修资金专户收入"),
        ("-500.00", "500.00", "Expenses:5101维修养护", "转出 0 与转入 500.00 应相等"),
    ],
)
def test_two_rows_that_are_no_transfer(
    compound: CompoundFolder, given: str, taken: str, other: str, said: str
) -> None:
    book(compound, (G_BANK, statement([("2", given, "划转")])))
    book(compound, (W_BANK, statement([("2", taken, "划转")], opening="500000.00", source="w.xls")))
    ledger = load(compound)
    asked = Completion(
        account=G_BANK, bank_ref=ref(ledger, given), other_account=account(other),
        join_account=W_BANK, join_ref=ref(ledger, taken, W_BANK),
    )
    with pytest.raises(Refused, match=said) as refused:
        complete_rows(compound, CITY, [asked], MAKER)
    assert refused.value.line == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"bank_ref": "没有这笔"}, "不在待处理之列"),
        ({"other_account": account("Expenses:5101维修养护") + "-没开"}, "没有开设账户"),
        ({"other_account": account("Income:4201经营", "W维修资金")}, "对方科目属于“W维修资金”"),
        ({"join_account": W_BANK, "join_ref": "没有"}, "划转的另一笔"),
        ({"contract": "HT-9999", "other_account": account("Liabilities:2241其他应付款")}, "合同登记簿里没有 HT-9999"),
    ],
)
def test_a_wrong_completion_changes_nothing(imported: CompoundFolder, fields: dict[str, str], said: str) -> None:
    path = imported.path / "2026/2026-09.beancount"
    before = path.read_bytes()
    good = {"account": G_BANK, "bank_ref": ref(load(imported), "-30.00"), "other_account": account("Expenses:5901其他")}
    with pytest.raises(Refused, match=said):
        complete_rows(imported, CITY, [Completion(**{**good, **fields})], MAKER)
    assert path.read_bytes() == before


def test_a_posted_row_is_not_completed_again(imported: CompoundFolder) -> None:
    number = ref(load(imported), "900.00")
    review_and_post(imported, CITY, SEPTEMBER)
    with pytest.raises(Refused, match="已经过账，不能再改"):
        again = Completion(account=G_BANK, bank_ref=number, other_account=account("Income:4901其他"))
        complete_rows(imported, CITY, [again], MAKER)


def test_only_the_rows_chosen_are_posted(imported: CompoundFolder) -> None:
    chosen = [(G_BANK, ref(load(imported), "5.00"))]
    assert review_and_post(imported, CITY, SEPTEMBER, chosen).posted == 1
    assert vouchers(load(imported)) == {"记-0001": ("*", "结息")}


def test_comments_of_the_bookkeeper_stay(imported: CompoundFolder) -> None:
    path: Path = imported.path / "2026/2026-09.beancount"
    path.write_text(path.read_text("utf-8") + "\n;; 问过银行，9日的结息对的\n", "utf-8")
    review_and_post(imported, CITY, SEPTEMBER)
    assert "\n;; 问过银行，9日的结息对的\n" in path.read_text("utf-8")
