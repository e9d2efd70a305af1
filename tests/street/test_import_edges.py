"""Import at its edges: names from outside, files that do not say whose they are, days to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from importers.plain_table import ColumnMap
from jiezhang.book.create import create_compound
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.street.checking import check_street
from jiezhang.street.importing import ImportReport, import_files
from tests.conftest import G_BANK, MAKER, new_compound, snapshot

SEPTEMBER = Month.parse("2026-09")
NUMBER = "1202000000000013021"
HEAD = "日期,摘要,对方户名,对方账号,借方发生额,贷方发生额,余额\n"
NAMELESS = HEAD + "2026-09-05,付,示例,6,100.00,,9900.00\n"
NAMED = f"账号:{NUMBER}\n{NAMELESS}"
MAPPED = "交易日,收,支,结余\n05/09/2026,,100.00,9900.00\n"
COLUMNS = ColumnMap(date="交易日", into="收", out="支", balance="结余", date_format="%d/%m/%Y")


def put(street: StreetFolder, name: str, text: str) -> Path:
    path = street.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def take(street: StreetFolder, account: str = "", columns: ColumnMap | None = None) -> ImportReport:
    return import_files(street, [street.inbox], MAKER, account=account, column_map=columns)


def kept(compound: CompoundFolder) -> list[str]:
    return [path.name for path in compound.kept_files()]


def booked(compound: CompoundFolder) -> Decimal | None:
    """The account's book balance, when the bank agrees with it."""
    about = next(
        one for one in reconcile(compound, load_ledger(compound, "hangzhou").entries, SEPTEMBER)
        if one.account.endswith("工行3021")
    )
    return about.book_balance if about.is_clean else None


@pytest.mark.parametrize(
    ("name", "as_kept"),
    [("x.beancount", "x_beancount.dat"), ("a\nb.csv", "a_b.csv"), ("x.tmp", "x_tmp.dat"), ("x.toml", "x_toml.dat")],
)
def test_a_name_from_outside_does_not_stop_the_books(
    street: StreetFolder, compound: CompoundFolder, name: str, as_kept: str
) -> None:
    put(street, name, NAMED)
    take(street)
    assert kept(compound) == [as_kept]
    assert booked(compound) == Decimal("9900.00")
    assert [check.faults for check in check_street(street, [compound])] == [()]


def test_the_number_in_a_name_is_found_again(street: StreetFolder, compound: CompoundFolder) -> None:
    head = "[HISTORYDETAIL]\n交易时间,对方单位,对方账号,转入金额,转出金额,余额,摘要\n"
    put(street, f"historydetail{NUMBER} (1).csv", head + "2026-09-05,示例,6,,100.00,9900.00,付\n")
    take(street)
    assert kept(compound) == [f"historydetail{NUMBER}__1_.csv"]
    assert booked(compound) == Decimal("9900.00")


@pytest.mark.parametrize(
    ("text", "account", "columns"),
    [
        (NAMELESS, NUMBER, None),
        (MAPPED, NUMBER, COLUMNS),
        (MAPPED, "", COLUMNS.model_copy(update={"account_no": NUMBER})),
    ],
    ids=["--account", "--account --columns", "--columns"],
)
def test_what_was_said_of_a_file_is_known_when_it_is_reconciled(
    street: StreetFolder, compound: CompoundFolder, text: str, account: str, columns: ColumnMap | None
) -> None:
    put(street, "信用社.csv", text)
    assert take(street, account, columns).kept == 1
    assert kept(compound) == ["信用社.csv", "信用社.csv.toml"]
    assert booked(compound) == Decimal("9900.00")
    before = snapshot(street.path)
    assert take(street, account, columns).kept == 0
    assert snapshot(street.path) == before


def test_a_note_that_was_never_written_is_written_at_the_next_import(
    street: StreetFolder, compound: CompoundFolder
) -> None:
    put(street, "a.csv", MAPPED)
    take(street, NUMBER, COLUMNS)
    compound.kept_files()[1].unlink()
    assert booked(compound) is None
    take(street, NUMBER, COLUMNS)
    assert booked(compound) == Decimal("9900.00")


def test_a_file_lost_after_its_note_is_kept_at_the_next_import(street: StreetFolder, compound: CompoundFolder) -> None:
    put(street, "a.csv", MAPPED)
    take(street, NUMBER, COLUMNS)
    compound.kept_files()[0].unlink()
    take(street, NUMBER, COLUMNS)
    assert kept(compound) == ["a.csv", "a.csv.toml"]


def test_a_file_that_says_all_itself_needs_no_note(street: StreetFolder, compound: CompoundFolder) -> None:
    put(street, "a.csv", NAMED)
    take(street, NUMBER)
    assert kept(compound) == ["a.csv"]


@pytest.fixture
def two(street: StreetFolder) -> StreetFolder:
    """The same bank, and the same last digits but one, in two compounds."""
    create_compound(street, new_compound("C0008", "长水公寓"))
    return street


def test_the_same_bytes_in_two_compounds_are_two_files(two: StreetFolder) -> None:
    for name in ("C0007/a.csv", "C0007/b.csv", "C0008/a.csv"):
        put(two, name, NAMELESS)
    report = take(two)
    assert (report.files, report.kept, sum(count.new for count in report.counts)) == (2, 2, 2)
    assert [kept(folder) for folder in two.compounds()] == [["a.csv", "a.csv.toml"]] * 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("C0007/工行3021.csv", ["C0007"]),
        ("3022.csv", ["C0008"]),
        ("工行1202000000000013022号.csv", ["C0008"]),
        ("C00081/3021.csv", ["C0007"]),
        ("20263021.csv", []),
        ("流水.csv", []),
    ],
)
def test_whose_file_it_is_by_where_it_lies(two: StreetFolder, name: str, found: list[str]) -> None:
    put(two, name, NAMELESS)
    try:
        take(two)
    except ManyRefused as refused:
        assert "请用 --account 指明" in refused.refusals[0].message
        assert refused.refusals[0].file == str(two.inbox / name)
    assert [folder.code for folder in two.compounds() if kept(folder)] == found


def test_the_folders_above_the_street_say_nothing(two: StreetFolder) -> None:
    elsewhere = two.path.parent / "C0009"
    elsewhere.mkdir()
    moved = StreetFolder(two.path.rename(elsewhere / "street"))
    put(moved, "3021.csv", NAMELESS)
    take(moved)
    outside = elsewhere / "下载.csv"
    outside.write_text(NAMELESS.replace("100.00", "200.00").replace("9900", "9800").replace("示例", "另例"), "utf-8")
    with pytest.raises(ManyRefused, match="1 处有误") as refused:
        import_files(moved, [outside], MAKER)
    assert "个登记账户可能与它相符" in refused.value.refusals[0].message


@pytest.mark.parametrize(("today", "is_taken"), [(4, False), (5, True), (30, True), (None, True)])
def test_no_row_is_later_than_today(
    street: StreetFolder, compound: CompoundFolder, today: int | None, is_taken: bool
) -> None:
    path = put(street, "a.csv", NAMED)
    day = None if today is None else date(2026, 9, today)
    before = snapshot(street.path)
    if is_taken:
        assert import_files(street, [path], MAKER, today=day).kept == 1
        return
    with pytest.raises(ManyRefused) as refused:
        import_files(street, [path], MAKER, today=day)
    assert str(refused.value.refusals[0]) == f"{path}：第 3 行：流水日期 2026-09-05 在今天之后"
    assert snapshot(street.path) == before


def test_a_name_that_is_no_text_is_refused(street: StreetFolder) -> None:
    put(street, "工\udcb9\udca4.csv".encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), NAMED)
    with pytest.raises(Refused, match="文件名不是 UTF-8 编码，请改名后再导入"):
        take(street)


@pytest.mark.parametrize("document", ["../documents/x.pdf", "x.pdf", "../../x.pdf", "../documents/没有.pdf"])
def test_a_document_of_the_books_does_not_stop_an_import(
    street: StreetFolder, compound: CompoundFolder, document: str
) -> None:
    month = compound.path / "2026/2026-09.beancount"
    for name in ("../documents/x.pdf", "x.pdf", "../../x.pdf"):
        (month.parent / name).write_bytes(b"x")
    month.write_text(month.read_text("utf-8") + f'2026-09-02 document {G_BANK} "{document}"\n', "utf-8")
    faults = [len(check.faults) for check in check_street(street, [compound])]
    assert faults == [int("没有" in document)]
    put(street, "a.csv", NAMED)
    assert take(street).kept == 1
