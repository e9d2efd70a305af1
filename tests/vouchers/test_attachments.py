"""Attachments: kept by their digest, counted, found when they change; and no invoice twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiezhang.book.create import create_compound
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.close.attaching import document_name
from jiezhang.domain.problem import Refused
from jiezhang.street.attaching import attach
from jiezhang.street.booking import review_rows
from jiezhang.street.checking import check_street
from jiezhang.street.correcting import Wish
from tests.conftest import G_BANK, MAKER, REVIEWER, new_compound, snapshot, statement
from tests.desk import review_and_post
from tests.vouchers.desk import (
    AUDIT,
    CITY,
    REPAIR,
    SEPTEMBER,
    book,
    complete,
    edit,
    errors,
    load,
    ref,
    transactions,
    voucher,
    wish,
)


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "发票 1.pdf"
    path.write_bytes(b"%PDF invoice")
    return path


def faults(street: StreetFolder) -> list[str]:
    return [one.message for check in check_street(street, street.compounds()) for one in check.faults
            if one.rule != "statements"]  # fmt: skip


def test_a_document_is_kept_and_counted(street: StreetFolder, imported: CompoundFolder, invoice: Path) -> None:
    complete(imported, "-30.00", REPAIR)
    assert attach(street, imported, MAKER, ref(imported, "-30.00"), [invoice], papers=2) == 4
    name = document_name(invoice.name, invoice.read_bytes())
    assert name == "documents/14846ca30b0f-发票_1.pdf"
    assert (imported.path / name).read_bytes() == invoice.read_bytes()
    review_and_post(imported, CITY, SEPTEMBER)
    made = voucher(load(imported).folder, "记-0002").meta
    assert (made["document-1"], int(made["attachments"]), int(made["papers"])) == (name, 4, 2)
    assert faults(street) == []


def test_attached_before_it_is_known(street: StreetFolder, imported: CompoundFolder, invoice: Path) -> None:
    attach(street, imported, MAKER, f"{G_BANK}/{ref(imported, '-30.00')}", [invoice])
    complete(imported, "-30.00", REPAIR)
    assert int(next(one for one in transactions(imported) if "document-1" in one.meta).meta["attachments"]) == 2


def test_a_document_that_changed_or_is_gone(street: StreetFolder, imported: CompoundFolder, invoice: Path) -> None:
    complete(imported, "-30.00", REPAIR)
    attach(street, imported, MAKER, ref(imported, "-30.00"), [invoice])
    kept = next((imported.path / "documents").glob("*.pdf"))
    kept.write_bytes(b"another")
    assert faults(street) == [f"附件 documents/{kept.name} 与登记的指纹不符，已被改动（财会〔2024〕11号第25条）"]
    kept.unlink()
    assert faults(street) == [f"附件 documents/{kept.name} 不在 documents 文件夹里（财会〔2024〕11号第25条）"]


def test_a_document_elsewhere_is_none(street: StreetFolder, imported: CompoundFolder, invoice: Path) -> None:
    attach(street, imported, MAKER, ref(imported, "-30.00"), [invoice])
    name = document_name(invoice.name, invoice.read_bytes())
    edit(imported, f'"{name}"', '"documents/../chain.csv"')
    assert faults(street) == ["附件 documents/../chain.csv 不在 documents 文件夹里（财会〔2024〕11号第25条）"]


def test_a_correction_has_its_papers_too(street: StreetFolder, posted: CompoundFolder, invoice: Path) -> None:
    wish(street, "2026-09-20", Wish("2026-09/记-0002", AUDIT))
    assert attach(street, posted, MAKER, "2026-09/记-0002", [invoice]) == 1
    review_and_post(posted, CITY, SEPTEMBER)
    assert [int(voucher(posted, number).meta["attachments"]) for number in ("记-0005", "记-0006")] == [0, 1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("没有", "账簿里没有流水或凭证 没有"),
        ("reviewed", "已经复核，须重新补录以后才能加附件"),
        ("again", "已经附过"),
        ("nothing", "没有写附件：写文件名，或用 --papers"),
        ("missing", "读不出文件"),
        ("reviewer", "不能附单据"),
    ],
)
def test_what_is_refused(
    street: StreetFolder, imported: CompoundFolder, invoice: Path, asked: str, said: str
) -> None:
    number = ref(imported, "900.00")
    if asked == "reviewed":
        review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    if asked == "again":
        attach(street, imported, MAKER, number, [invoice])
    files = {"nothing": [], "missing": [invoice.with_name("none.pdf")]}.get(asked, [invoice])
    who, row = REVIEWER if asked == "reviewer" else MAKER, "没有" if asked == "没有" else number
    with pytest.raises(Refused, match=said):
        attach(street, imported, who, row, files)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ledger", "附件不能是账簿文件"),
        ("LEDGER", "附件不能是账簿文件"),
        ("empty", "附件是空文件"),
        ("folder", "附件须是普通文件，不能是文件夹、链接或设备"),
        ("link", "附件须是普通文件，不能是文件夹、链接或设备"),
        ("device", "附件须是普通文件，不能是文件夹、链接或设备"),
        ("large", "附件超过 64 MB"),
    ],
)
def test_what_is_no_document(
    street: StreetFolder, imported: CompoundFolder, invoice: Path, tmp_path: Path, kind: str, said: str
) -> None:
    names = {"ledger": "a.beancount", "LEDGER": "A.BEANCOUNT"}
    path = Path("/dev/null") if kind == "device" else tmp_path / names.get(kind, kind)
    if kind in names:
        path.write_text("2026-01-01 open Assets:A\n", "utf-8")
    elif kind == "empty":
        path.touch()
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(invoice)
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(64 * 1024 * 1024 + 1)
    before = snapshot(street.path)
    with pytest.raises(Refused) as refused:
        attach(street, imported, MAKER, ref(imported, "900.00"), [path])
    assert (refused.value.message, refused.value.file) == (said, str(path))
    assert snapshot(street.path) == before


def test_a_posted_voucher_gets_no_more(street: StreetFolder, posted: CompoundFolder, invoice: Path) -> None:
    for name in (ref(posted, "-30.00"), "2026-09/记-0002"):
        with pytest.raises(Refused, match="凭证 2026-09/记-0002 已经过账，不能再加附件"):
            attach(street, posted, MAKER, name, [invoice])


@pytest.mark.parametrize("count", ["1.5", '"2"', "0"])
def test_the_count_must_hold_what_there_is(imported: CompoundFolder, count: str) -> None:
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    path = imported.path / "2026/2026-09.beancount"
    path.write_text(path.read_text("utf-8").replace("attachments: 1\n", f"attachments: {count}\n", 1), "utf-8")
    assert len(errors(imported)) == 1


def invoiced(folder: CompoundFolder, *numbers: tuple[str, str]) -> None:
    """Write invoice numbers into waiting rows (by narration), as completing does."""
    for narration, number in numbers:
        edit(folder, f'"{narration}"\n', f'"{narration}"\n  invoice: "{number}"\n')


def test_an_invoice_is_booked_once(imported: CompoundFolder) -> None:
    invoiced(imported, ("广告费", "2026001, 2026002"), ("结息", "2026003，2026002"))
    assert errors(imported) == [
        "待处理的凭证的发票 2026002 已在2026-09-01 待处理的凭证入账，不得重复（财会〔2024〕11号第25条）"
    ]


def test_a_corrected_voucher_keeps_its_invoice(street: StreetFolder, imported: CompoundFolder) -> None:
    complete(imported, "-30.00", REPAIR)
    invoiced(imported, ("换灯", "2026001"))
    review_and_post(imported, CITY, SEPTEMBER)
    wish(street, "2026-09-20", Wish("2026-09/记-0002", AUDIT))
    review_and_post(imported, CITY, SEPTEMBER)
    load(imported)
    assert voucher(imported, "记-0006").meta["invoice"] == "2026001"


def test_an_invoice_of_another_compound(street: StreetFolder, imported: CompoundFolder) -> None:
    other = create_compound(street, new_compound("C0008", "长桥公寓"))
    named = G_BANK.replace("C0007长吴公寓", "C0008长桥公寓")
    rows = statement([("1", "900.00", "广告费")], source="b.xlsx", number="1202000000000013022")
    book(other, (named, rows))
    for folder in (imported, other):
        invoiced(folder, ("广告费", "2026009"))
    assert faults(street) == ["发票 2026009 小区 C0007 已经入账：共同的费用须用原始凭证分割单，各编各的号"]
