"""A levy from its decision to the notice board, by the commands an office types."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger, load_unlocked
from jiezhang.book.registers import table_bytes
from jiezhang.cli.main import main
from jiezhang.close.completing import waiting
from jiezhang.close.fund_desk import FundDesk
from jiezhang.close.importing import plan_import
from jiezhang.close.making import imported_by
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import BookingRule, Completion
from jiezhang.street.booking import complete_street
from jiezhang.street.levying import levy_reports
from jiezhang.web.fund_answers import completion_of_fund
from jiezhang.web.waiting_view import waiting_rows
from tests.conftest import MAKER, NAME, snapshot, statement
from tests.decisions import decide
from tests.desk import review_and_post_all

CITY, SEPTEMBER = "hangzhou", Month(2026, 9)
J_BANK = f"Assets:{NAME}:J01加装电梯集资:1002银行存款-工行5501"
DUES = "户号,应交\n01-1-101,1000.00\n01-1-102,1000.00\n01-1-201,2000.00\n01-1-202,2000.00\n"
ROWS = [
    ("7", "1000.00", "电梯款 101"), ("8", "1600.00", "电梯款 102、201"), ("9", "2000.00", "电梯款 202"),
    ("12", "-3000.00", "电梯款"), ("15", "-200.00", "退款"), ("21", "1.23", "结息"), ("22", "-5.00", "手续费"),
]  # fmt: skip
PARTIES = {
    "电梯款 101": "业主甲", "电梯款 102、201": "业主乙", "电梯款 202": "业主丙", "退款": "业主丙",
    "电梯款": "示例电梯公司",
}  # fmt: skip
NEW = [
    "levy", "new", "--compound", "C0007", "--resolution", "R2026-08", "--name", "加装电梯集资", "--starts",
    "2026-09-05", "--ends", "2026-12-31", "--bank", "icbc", "--short", "工行", "--number", "1202000000000015501",
    "--holder", "长吴公寓业主大会", "--holder-kind", "assembly", "--opened", "2026-09-04",
]  # fmt: skip


def run(street: StreetFolder, *args: str, who: str = MAKER) -> Result:
    return CliRunner().invoke(main, ["-C", str(street.path), "--as", who, *args], prog_name="jiezhang")


def new(street: StreetFolder, dues: str = DUES, who: str = MAKER, **options: str) -> Result:
    """`levy new`, some of its options changed."""
    args = list(NEW)
    for name, value in options.items():
        args[args.index(f"--{name.replace('_', '-')}") + 1] = value
    file = street.path.parent / "名册.csv"
    file.write_text(dues, "utf-8")
    return run(street, *args, "--dues", str(file), who=who)


@pytest.fixture
def voted(street: StreetFolder, compound: CompoundFolder) -> StreetFolder:
    """The owners decided to raise 6,000 yuan for a lift."""
    decide(compound, date(2026, 9, 2), code="R2026-08", title="1幢加装电梯", matter="fund_raise", fund="J01",
           subjects="5001 5202 2241", budget_yuan="6000.00", supplier="示例电梯公司",
           ends=date(2027, 6, 30))  # fmt: skip
    return street


@pytest.fixture
def imported(voted: StreetFolder, compound: CompoundFolder) -> StreetFolder:
    assert new(voted).exit_code == 0
    rules = [
        BookingRule(code="GZ-01", direction="in", words="结息", subject="4101"),
        BookingRule(code="GZ-02", direction="in", words="电梯款", subject="4001"),
        BookingRule(code="GZ-03", direction="out", words="手续费", subject="5108"),
    ]
    bank = statement(ROWS, opening="0.00", source="j.xls", number="1202000000000015501")
    bank = replace(bank, rows=tuple(replace(one, counterparty=PARTIES.get(one.summary, "")) for one in bank.rows))
    with exclusive(compound):
        ledger = load_unlocked(compound, CITY)
        plan = plan_import(ledger.entries, [(J_BANK, bank)], [], rules, FundDesk(ledger.entries))
        commit(ledger, CITY, apply(ledger.folder, plan.changes, imported_by(plan.additions, MAKER)))
    return voted


def row(street: StreetFolder, amount: str, other: str, **fields: str) -> Completion:
    """A line of the sheet for the waiting row of `amount`."""
    for entry in waiting(load_ledger(street.compound("C0007"), CITY).entries):
        for leg in bank_legs(entry):
            if leg.units is not None and leg.units.number == Decimal(amount):
                reference = str((leg.meta or {})["bank-ref"])
                said = {"account": leg.account, "bank_ref": reference, "other_account": other}
                return Completion.model_validate({**said, **fields})
    raise AssertionError(amount)


def complete(street: StreetFolder, *rows: Completion) -> None:
    sheet = street.path.parent / "补录.csv"
    sheet.write_bytes(table_bytes(list(rows), Completion))
    (street.path.parent / "两户.csv").write_text("户号,金额\n01-1-102,1000.00\n01-1-201,600.00\n", "utf-8")
    complete_street(street, sheet, MAKER)


def story(street: StreetFolder) -> None:
    """What everybody did in September."""
    complete(
        street,
        row(street, "1000.00", "4001集资收入", household="01-1-101"),
        row(street, "1600.00", "4001集资收入", batch="两户.csv"),
        row(street, "2000.00", "4001集资收入", household="01-1-202"),
        row(street, "-3000.00", "5001项目支出"),
        row(street, "-200.00", "5202退还业主", household="01-1-202"),
        row(street, "1.23", "4101利息"),
    )


def test_a_levy_is_opened_with_a_fund_of_its_own(voted: StreetFolder, compound: CompoundFolder) -> None:
    result = new(voted)
    assert result.output == "已登记集资 J01 加装电梯集资：应交 4 户，2026-09-05 至 2026-12-31。\n"
    assert (compound.path / "batches/J01-dues.csv").read_text("utf-8") == DUES
    assert "J01,加装电梯集资,R2026-08,compound,2026-09-05,2026-12-31," in (
        compound.register / "levies.csv"
    ).read_text("utf-8")
    assert J_BANK in (compound.path / "accounts.beancount").read_text("utf-8")
    assert load_ledger(compound, CITY).errors == []


WRONG = [
    ({"who": "F01"}, "F01 街道复核员不是小区 C0007 的代理会计、街道负责人，不能登记集资"),
    ({"resolution": "R2026-09"}, "没有决议 R2026-09，集资须先由业主共同决定（民法典第278条第1款第6项）"),
    ({"resolution": "R2026-00"}, "--code 应写成 J01 的样子（写的是“G”）"),
    ({"name": "1号电梯"}, "--name 应写成 加装电梯集资 的样子（写的是“1号电梯”）"),
    ({"ends": "2026-09-01"}, "终止日期 2026-09-01 早于起始日期 2026-09-05"),
    ({"ends": "2027-07-01"}, "期限超出决议 R2026-08 的 2026-09-02 至 2027-06-30（民法典第278条第1款第6项）"),
    ({"dues": DUES + "01-1-103,1.00\n"},
     "各户应交合计 6,001.00 元，超过决议 R2026-08 的 6,000.00 元（民法典第278条第1款第6项）"),
    ({"dues": DUES.replace("01-1-202", "01-1-999")}, "应交名册里的户 01-1-999 不在户册里，或不在集资范围 compound 内"),
    ({"dues": "户,钱\n"}, "应交名册的表头应是 dwelling,due_yuan"),
    ({"number": "1202000000000013021"}, "银行账号 1202000000000013021 已属于"),
    ({"holder_kind": "person"}, "不得以个人名义开立（户名：长吴公寓业主大会）"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), WRONG)
def test_what_may_not_be_registered(voted: StreetFolder, given: dict[str, str], sentence: str) -> None:
    before = snapshot(voted.path)
    result = new(voted, **given)
    assert result.exit_code == 2
    assert sentence in result.output
    assert snapshot(voted.path) == before


def test_a_decision_still_open_collects_nothing(voted: StreetFolder, compound: CompoundFolder) -> None:
    path = compound.path / "resolutions.beancount"
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex('2026-09-02 custom "seal"')], "utf-8")
    assert new(voted).output == "决议 R2026-08 还没有办完，不能登记集资（民法典第278条第1款第6项）\n"


def test_nobody_registers_a_levy_twice(voted: StreetFolder) -> None:
    new(voted)
    assert new(voted).output == "集资 J01 已经登记，名册和条件不能再改\n"


def test_after_a_crash_before_its_accounts_it_may_be_registered_again(
    voted: StreetFolder, compound: CompoundFolder
) -> None:
    accounts = (compound.path / "accounts.beancount").read_bytes()
    new(voted)
    (compound.path / "accounts.beancount").write_bytes(accounts)
    assert load_ledger(compound, CITY).errors == []
    assert new(voted, dues=DUES.replace("1000.00", "900.00")).exit_code == 2
    assert new(voted).exit_code == 0
    assert (compound.register / "levies.csv").read_text("utf-8").count("J01") == 1


def test_nothing_is_read_where_the_list_is_not(voted: StreetFolder) -> None:
    result = run(voted, *NEW, "--dues", "没有.csv")
    assert (result.exit_code, result.output) == (2, "没有.csv：读不出文件（没有这个文件）\n")


def test_rules_leave_it_open_whose_a_receipt_is(imported: StreetFolder, compound: CompoundFolder) -> None:
    rows = {one.amount: one for one in waiting_rows(load_ledger(compound, CITY).entries, SEPTEMBER)}
    assert [str(amount) for amount, one in rows.items() if one.is_complete] == ["1.23", "-5.00"]
    assert all(one.is_levy and not one.is_fund and not one.has_contract for one in rows.values())


def test_the_page_asks_for_the_household_or_the_decision(imported: StreetFolder) -> None:
    receipt = row(imported, "1000.00", f"Income:{NAME}:J01加装电梯集资:4001集资收入")
    asked = completion_of_fund(receipt, whose=" 01-1-101 ", deposit="", outside="")
    assert (asked.household, asked.resolution) == ("01-1-101", "")
    spent = receipt.model_copy(update={"other_account": f"Expenses:{NAME}:J01加装电梯集资:5001项目支出"})
    asked = completion_of_fund(spent, whose="R2026-08", deposit="", outside="")
    assert (asked.household, asked.resolution) == ("", "R2026-08")


COMPLETIONS = [
    ("1000.00", "4001集资收入", {},
     "集资的收款和退款须写明是哪一户，许多户的用批量明细，只填一种"),
    ("1000.00", "4001集资收入", {"household": "01-1-999"}, "户 01-1-999 不在集资 J01 的应交名册上"),
    ("2000.00", "4001集资收入", {"household": "01-1-101"},
     "户 01-1-101 应交 1,000.00 元，累计收了 2,000.00 元，多收了（民法典第278条第1款第6项）"),
    ("2000.00", "4001集资收入", {"batch": "两户.csv"}, "批量明细合计 1,600.00 元，银行流水 2,000.00 元，两者应相等"),
    ("1000.00", "4001集资收入", {"household": "01-1-101", "deposit": "first"}, "专项集资科目 4001 的流水不填 deposit"),
    ("1000.00", "4901其他", {"household": "01-1-101"}, "专项集资科目 4901 的流水不填 household"),
    ("-200.00", "5202退还业主", {"household": "01-1-101"},
     "户 01-1-101 还能退 0.00 元，这笔退了 200.00 元：退还不得多于它交的（民法典第278条第1款第6项）"),
    ("-3000.00", "5001项目支出", {"resolution": "R2026-00"}, "决议 R2026-00 用的是资金 G，不能从 J01 支付"),
    ("1000.00", f"Income:{NAME}:G公共收益:4901其他", {}, "每笔凭证须在所涉每项资金内各自平衡"),
]


@pytest.mark.parametrize(("amount", "other", "fields", "sentence"), COMPLETIONS)
def test_a_row_completed_wrongly(
    imported: StreetFolder, amount: str, other: str, fields: dict[str, str], sentence: str
) -> None:
    before = snapshot(imported.path)
    with pytest.raises((ManyRefused, Refused)) as refused:
        complete(imported, row(imported, amount, other, **fields))
    wrong = refused.value.refusals[0] if isinstance(refused.value, ManyRefused) else refused.value
    assert sentence in wrong.message
    assert snapshot(imported.path) == before


def test_a_levy_without_its_list_completes_nothing(imported: StreetFolder, compound: CompoundFolder) -> None:
    (compound.path / "batches/J01-dues.csv").unlink()
    with pytest.raises(ManyRefused) as refused:
        complete(imported, row(imported, "1000.00", "4001集资收入", household="01-1-101"))
    assert refused.value.refusals[0].message == "集资 J01 没有应交名册，先用 levy new 登记"


def test_a_levy_from_receipt_to_the_board(imported: StreetFolder, compound: CompoundFolder, tmp_path: Path) -> None:
    story(imported)
    assert load_ledger(compound, CITY).errors == []
    waits = run(imported, "levy", "publish", "J01", "--compound", "C0007", "--out", str(tmp_path / "板"))
    assert waits.output == "C0007：2026-09 还有 7 笔集资的流水没有过账，不能公示；先看样稿请加 --draft\n"
    review_and_post_all(imported, [compound], SEPTEMBER)
    listed = run(imported, "levy", "list")
    assert listed.output.splitlines()[0] == (
        "C0007　J01 加装电梯集资　3 / 4 户交清　应交 6,000.00　已交 4,600.00　支出 3,000.00　退还 200.00　结余 1,396.23"
    )
    shown = run(imported, "levy", "publish", "J01", "--compound", "C0007", "--out", str(tmp_path / "板"))
    assert shown.exit_code == 1, "the bank's file was never kept"
    stem = "C0007长吴公寓-2026-09-J01集资公示表"
    names = [Path(line).name for line in shown.output.splitlines()[:3]]
    assert names == [f"{stem}.{end}" for end in ("pdf", "txt", "json")]
    figures = json.loads((tmp_path / f"板/{stem}.json").read_text("utf-8"))
    assert (figures["balance"], figures["holds"], figures["bank_check"]) == ("1396.23", True, "missing")
    assert "Y101" not in (tmp_path / f"板/{stem}.txt").read_text("utf-8"), "owners are never shown"
    assert run(imported, "levy", "publish", "J02", "--compound", "C0007", "--out", str(tmp_path)).output == (
        "小区 C0007 没有集资 J02\n"
    )


def test_the_list_cannot_be_changed_with_its_row(imported: StreetFolder, compound: CompoundFolder) -> None:
    """Whoever edits the list and its digest in the register still has every receipt against them."""
    story(imported)
    review_and_post_all(imported, [compound], SEPTEMBER)
    dues = compound.path / "batches/J01-dues.csv"
    old = dues.read_bytes()
    dues.write_bytes(old.replace(b"01-1-101,1000.00", b"01-1-101,500.00"))
    said = [error.message for error in load_ledger(compound, CITY).errors]
    assert said == ["集资 J01：应交名册 batches/J01-dues.csv 登记以后有改动（民法典第278条第1款第6项）"]
    register = compound.register / "levies.csv"
    digests = [hashlib.sha256(content).hexdigest() for content in (old, dues.read_bytes())]
    register.write_text(register.read_text("utf-8").replace(*digests), "utf-8")
    said = [error.message for error in load_ledger(compound, CITY).errors]
    assert len(said) == 4
    assert all("凭证所据的应交名册（dues-sha256）与登记的不同" in one for one in said)


def test_a_receipt_on_the_wrong_household_is_put_right(imported: StreetFolder, compound: CompoundFolder) -> None:
    complete(imported, row(imported, "1000.00", "4001集资收入", household="01-1-101"))
    review_and_post_all(imported, [compound], SEPTEMBER)
    args = ["levy", "correct", "2026-09/记-0001", "--compound", "C0007", "--on", "2026-09-25", "--household"]
    assert run(imported, *args, "01-1-102").output == (
        "2026-09-25　注销9月7日记-0001号凭证\n2026-09-25　订正9月7日记-0001号凭证：电梯款 101\n"
    )
    review_and_post_all(imported, [compound], SEPTEMBER)
    assert load_ledger(compound, CITY).errors == []
    [report] = levy_reports(imported, [compound])
    assert {one.code: one.paid_fen for one in report.households if one.paid_fen} == {"01-1-102": 100_000}


NOT_CORRECTED = [
    ("2026-09/记-0001", "01-1-101", "凭证 2026-09/记-0001 记的就是户 01-1-101"),
    ("2026-09/记-0002", "01-1-102", "凭证 2026-09/记-0002 不是集资一户的收款或退款"),
    ("2026-09/记-0001", "01-1-999", "户 01-1-999 不在集资 J01 的应交名册上"),
    ("2026-09/记-0001", "01-1-202", "户 01-1-202 应交 2,000.00 元，累计收了 2,800.00 元，多收了"),
    ("2026-09/记-0003", "01-1-101", "户 01-1-202 交款冲回后，退还的多于它交的"),
]


@pytest.mark.parametrize(("voucher", "household", "sentence"), NOT_CORRECTED)
def test_what_is_no_such_correction(
    imported: StreetFolder, compound: CompoundFolder, voucher: str, household: str, sentence: str
) -> None:
    story(imported)
    review_and_post_all(imported, [compound], SEPTEMBER)
    result = run(
        imported, "levy", "correct", voucher, "--compound", "C0007", "--on", "2026-09-25", "--household", household
    )
    assert (result.exit_code, sentence in result.output) == (2, True), result.output


def test_a_project_is_seen_from_its_levy(imported: StreetFolder, compound: CompoundFolder) -> None:
    story(imported)
    review_and_post_all(imported, [compound], SEPTEMBER)
    args = ["--compound", "C0007", "--on", "2026-10-01"]
    by_levy, by_decision = run(imported, "project", "J01", *args), run(imported, "project", "R2026-08", *args)
    assert by_levy.output == by_decision.output
    assert "集资 J01 加装电梯集资：应交 6,000.00，已交 4,600.00，退还业主 200.00，现余 1,396.23 元。" in by_levy.output
    data = json.loads(run(imported, "project", "J01", *args, "--json").output)
    assert data["sources"] == [{"name": "专项集资 J01加装电梯集资", "amount": "3000.00"}]
    assert (data["budget"], data["paid"], data["accepted"]) == ("6000.00", "3000.00", None)
    assert run(imported, "project", "R9", *args).output == "小区 C0007 没有决议、集资或维修项目 R9\n"


def test_a_project_is_written_to_files(imported: StreetFolder, tmp_path: Path) -> None:
    out = tmp_path / "项目"
    result = run(imported, "project", "J01", "--compound", "C0007", "--on", "2026-10-01", "--out", str(out))
    assert sorted(path.suffix for path in out.iterdir()) == [".json", ".pdf", ".txt"]
    assert len(result.output.splitlines()) == 3


def broken(compound: CompoundFolder) -> None:
    dues = compound.path / "batches/J01-dues.csv"
    dues.write_bytes(dues.read_bytes() + b"\n")


@pytest.mark.parametrize("command", [("levy", "list"), ("project", "J01", "--compound", "C0007")])
def test_nothing_is_shown_of_books_with_errors(
    imported: StreetFolder, compound: CompoundFolder, command: tuple[str, ...]
) -> None:
    broken(compound)
    result = run(imported, *command)
    assert result.exit_code == 2
    assert "账簿有 1 处错误，改正以后才能编制：集资 J01：应交名册" in result.output


def test_the_months_before_the_books_have_no_levy(imported: StreetFolder) -> None:
    result = run(imported, "levy", "list", "--month", "2026-08")
    assert "2026-08 在建账日 2026-09-01 之前，没有集资的账" in result.output

