"""Rows of the maintenance fund completed with a sheet: whose money it is, legs by building computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import apply
from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger, load_unlocked
from jiezhang.book.registers import table_bytes
from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.fund_register import Project, TreasuryBond
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused
from jiezhang.domain.register import BookingRule, Completion
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from jiezhang.street.booking import complete_street
from jiezhang.web.fund_answers import completion_of_fund
from tests.conftest import MAKER, NAME, W_BANK, account, snapshot, statement
from tests.decisions import decide
from tests.desk import review_and_post_all

CITY = "hangzhou"
FUND = "W维修资金"
PAID, REPAIR = account("Income:4001交存", FUND), account("Expenses:5001维修", FUND)
BOND, INTEREST = account("Assets:1101国债投资", FUND), account("Income:4101存款利息", FUND)
BUILDER = "示例防水工程有限公司"
PROJECT = {
    "code": "WX-1", "name": "1单元屋面防水", "scope": "stair:01/1", "object": "roof", "cause": "wear",
    "warranty_until": "2014-06-30", "budget_yuan": "3000.00", "decision": "R2026-07", "decided": "2026-08-18",
    "contractor": BUILDER, "contract": "WXHT-1", "accepted": "2026-09-01",
}  # fmt: skip
TREASURY = {"code": "GZ2601", "kind": "treasury", "market": "primary", "matures": "2029-05-10", "decision": "业主决定"}
ROWS = [("3", "1000.01", "维修资金交存 01-1-102"), ("5", "-1000.03", "工程款"), ("9", "500.00", "代收交存")]


@pytest.fixture
def imported(street: StreetFolder, compound: CompoundFolder) -> StreetFolder:
    (compound.register / "projects.csv").write_bytes(table_bytes([Project.model_validate(PROJECT)], Project))
    bonds = table_bytes([TreasuryBond.model_validate(TREASURY)], TreasuryBond)
    (compound.register / "bonds.csv").write_bytes(bonds)
    decide(compound, date(2026, 8, 18), code="R2026-07", title="1单元屋面防水", matter="fund_use", fund="W",
           subjects="5001", scope="stair:01/1", project="WX-1", budget_yuan="3000.00", supplier=BUILDER)  # fmt: skip
    rule = BookingRule(code="GZ-18", account="1001银行存款", direction="in", words="维修资金交存", subject="4001")
    bank = statement(ROWS, opening="500000.00", counterparty=BUILDER, source="w.xls", number="3300000000000004417")
    with exclusive(compound):
        ledger = load_unlocked(compound, CITY)
        desk = FundDesk(ledger.entries, read_fund_files(compound))
        plan = plan_import(ledger.entries, [(W_BANK, bank)], [], [rule], desk)
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, MAKER)))
    return street


def ref(street: StreetFolder, amount: str) -> str:
    for entry in waiting(load_ledger(street.compound("C0007"), CITY).entries):
        for leg in bank_legs(entry):
            if leg.units is not None and leg.units.number == Decimal(amount):
                return str((leg.meta or {})["bank-ref"])
    raise AssertionError(amount)


def complete(street: StreetFolder, tmp_path: Path, amount: str, other: str, **fields: str) -> None:
    row = Completion.model_validate(
        {"account": W_BANK, "bank_ref": ref(street, amount), "other_account": other, **fields}
    )
    sheet = tmp_path / "补录.csv"
    sheet.write_bytes(table_bytes([row], Completion))
    complete_street(street, sheet, MAKER)


def posted(street: StreetFolder) -> dict[str, str]:
    """Everybody's balance after posting September; the identity holds and no rule objects."""
    review_and_post_all(street, street.compounds(), Month(2026, 9))
    folder = street.compound("C0007")
    ledger = load_ledger(folder, CITY)
    assert [error.message for error in ledger.errors] == []
    state = replay_fund(read_fund_files(folder), ledger.entries).state
    assert identity(state).holds
    pairs = zip(state.roll.codes.tolist(), state.balance_fen.tolist(), strict=True)
    return {code[-3:]: str(Decimal(fen).scaleb(-2)) for code, fen in pairs}


def test_a_deposit_whose_words_name_a_dwelling_is_known_at_once(imported: StreetFolder) -> None:
    assert posted(imported)["102"] == "126000.01"


def test_a_repair_is_shared_by_area(imported: StreetFolder, tmp_path: Path) -> None:
    complete(imported, tmp_path, "-1000.03", REPAIR, project="WX-1")
    month = (imported.compound("C0007").path / "2026/2026-09.beancount").read_text("utf-8")
    assert f"{REPAIR}:01" in month
    # 1,000.03 over four: 250.01, 250.01, 250.01, 250.00 by code; 102 paid in 1,000.01 before.
    assert posted(imported) == {
        "101": "124749.99", "102": "125750.00", "201": "124749.99", "202": "124750.00",
    }  # fmt: skip


def test_many_dwellings_in_a_batch(imported: StreetFolder, tmp_path: Path) -> None:
    (tmp_path / "续交.csv").write_text("dwelling,amount\n01-1-101,200.00\n01-1-202,300.00\n", "utf-8")
    complete(imported, tmp_path, "500.00", PAID, batch="续交.csv", deposit="top-up")
    found = posted(imported)
    assert (found["101"], found["202"]) == ("125200.00", "125300.00")
    assert (imported.compound("C0007").path / "batches/续交.csv").is_file()


@pytest.mark.parametrize(
    ("amount", "other", "fields", "said"),
    [
        ("500.00", PAID, {}, "须写明是哪一户"),
        ("500.00", PAID, {"household": "01-1-101"}, "交存须写明是首期还是续交"),
        ("500.00", PAID, {"household": "01-1-101", "batch": "少.csv", "deposit": "top-up"}, "只填一种"),
        ("500.00", PAID, {"household": "01-1-101", "deposit": "top-up", "project": "WX-1"},
         "科目 4001 的流水不填 project"),
        ("-1000.03", REPAIR, {"project": "WX-1", "household": "01-1-101"}, "科目 5001 的流水不填 household"),
        ("-1000.03", PAID, {"household": "01-1-101", "deposit": "top-up"}, "只能退回本年的交存"),
        ("500.00", PAID, {"household": "01-1-109"}, "名册里没有户 01-1-109"),
        ("500.00", PAID, {"batch": "没有.csv"}, "找不到批量明细文件“没有.csv”，应与补录表放在一起"),
        ("500.00", PAID, {"batch": "../x.csv"}, "批量明细文件名“../x.csv”"),
        ("500.00", PAID, {"batch": "少.csv"}, "批量明细合计 200.00 元，银行流水 500.00 元"),
        ("500.00", INTEREST, {"household": "01-1-101"}, "只有维修资金涉及户的科目才填 household"),
        ("-1000.03", REPAIR, {}, "须写明维修项目"),
        ("-1000.03", REPAIR, {"project": "WX-9"}, "维修项目 WX-9 没有登记在 projects.csv"),
        ("-1000.03", REPAIR, {"project": "WX-1", "paid_outside": "1.00"}, "应付 1,001.03 元，银行付了 1,000.03 元"),
        ("-1000.03", BOND, {"bond": "GZ9"}, "国债“GZ9”没有登记在 bonds.csv"),
        ("500.00", BOND, {"bond": "GZ2601"}, "账上没有国债“GZ2601”"),
    ],
)
def test_what_does_not_say_enough(
    imported: StreetFolder, tmp_path: Path, amount: str, other: str, fields: dict[str, str], said: str
) -> None:
    (tmp_path / "少.csv").write_text("dwelling,amount\n01-1-101,200.00\n", "utf-8")
    before = snapshot(imported.path)
    with pytest.raises(ManyRefused) as refused:
        complete(imported, tmp_path, amount, other, **fields)
    assert said in refused.value.refusals[0].message
    assert snapshot(imported.path) == before


def test_a_used_batch_keeps_its_content(imported: StreetFolder, tmp_path: Path) -> None:
    (tmp_path / "续交.csv").write_text("dwelling,amount\n01-1-101,500.00\n", "utf-8")
    complete(imported, tmp_path, "500.00", PAID, batch="续交.csv", deposit="top-up")
    (tmp_path / "续交.csv").write_text("dwelling,amount\n01-1-102,500.00\n", "utf-8")
    with pytest.raises(ManyRefused) as refused:
        complete(imported, tmp_path, "500.00", PAID, batch="续交.csv", deposit="top-up")
    assert "已经用过，内容不同" in refused.value.refusals[0].message


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (PAID, {"household": "X-1", "deposit": "first", "project": "", "bond": ""}),
        (REPAIR, {"household": "", "deposit": "", "project": "X-1", "bond": ""}),
        (BOND, {"household": "", "deposit": "", "project": "", "bond": "X-1"}),
        (INTEREST, {"household": "", "deposit": "", "project": "", "bond": ""}),
        (f"Income:{NAME}:G公共收益:4101利息", {"household": "", "deposit": "", "project": "", "bond": ""}),
    ],
)
def test_the_pages_one_box_is_read_by_the_subject(subject: str, expected: dict[str, str]) -> None:
    plain = Completion(account=W_BANK, bank_ref="1/1", other_account=subject)
    found = completion_of_fund(plain, whose="X-1 ", deposit="first", outside="")
    assert {name: getattr(found, name) for name in expected} == expected
