"""The table of the legs: whatever was done to books, files or sheet, the leg names it, with its amount, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jiezhang.close.bank_leg import account_figures, bank_differences
from jiezhang.close.party_sheets import audit_side, community_side, statement_files
from jiezhang.domain.money import to_fen
from jiezhang.domain.tri_party.differences import KIND_NAMES, Difference, Party
from jiezhang.domain.tri_party.figures import Paper
from jiezhang.domain.tri_party.sheet import SheetRow, blank_sheet, leg_differences, sheet_of
from jiezhang.domain.tri_party.side import Side
from tests.conftest import G_BANK, W_BANK, WECHAT
from tests.tri_party.legs_books import (
    CLEANING,
    DEPOSIT,
    G_NUMBER,
    G_OCTOBER,
    G_SEPTEMBER,
    HEAD,
    PARCEL,
    RENT,
    SEPTEMBER,
    TODAY,
    W_NUMBER,
    W_SEPTEMBER,
    WATER,
    LegBooks,
    amount,
    bare,
    by_hand,
    make_street,
    numbered,
    on_account,
    with_leg,
)

Told = tuple[str, int]
"""Kind and amount (fen)."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_street(tmp_path_factory.mktemp("legs") / "street").path


@pytest.fixture
def books(made: Path, tmp_path: Path) -> LegBooks:
    return LegBooks.load(Path(shutil.copytree(made, tmp_path / "street")))


def told(found: Sequence[Difference]) -> list[Told]:
    """What was found, the account that has no statement left out; every one has words, party and month."""
    for one in found:
        assert one.text and one.since == "2026-09" and one.kind in KIND_NAMES and not one.id
    return sorted((one.kind, one.amount_fen) for one in found if (one.kind, one.account) != ("no_statement", WECHAT))


# The bank: files on the disk, books as they were loaded.

DO = Callable[[LegBooks], None]


def _late(books: LegBooks) -> None:
    entry = books.row(CLEANING, "2026-10")
    books.change(entry, entry._replace(date=date(2026, 9, 30)))


def _wrong(payee: str, change: Callable[..., Any]) -> DO:
    return lambda books: books.change(books.row(payee), with_leg(books.row(payee), change))


def _put(name: str, text: str) -> DO:
    return lambda books: [books.file(name).write_text(text, "utf-8"), None][1]


def _add(month: str, text: str) -> DO:
    """Put one more file among those kept under `month`."""
    return lambda books: [(books.folder.statements / month / "补发.csv").write_text(text, "utf-8"), None][1]


BANK: list[tuple[str, DO, list[Told]]] = [
    ("nothing", lambda books: None, []),
    ("timing: booked on the 30th, at the bank on the 1st", _late, [("timing", 50_00)]),
    ("timing: a voucher by hand on the last day", lambda b: b.entries.append(by_hand(date(2026, 10, 30), -7_00)), []),
    ("missing in the book", lambda b: b.change(b.row(RENT)), [("missing_in_book", 300_00)]),
    ("missing at the bank", lambda b: b.entries.append(by_hand(date(2026, 9, 9), -7_00)), [("missing_at_party", 7_00)]),
    ("doubled: the same row twice", lambda b: b.entries.append(b.row(RENT)), [("doubled", -300_00)]),
    ("doubled: a copy by hand", lambda b: b.entries.append(bare_of(b, RENT)), [("doubled", -300_00)]),
    ("wrong fund", _wrong(RENT, on_account(W_BANK)), [("wrong_fund", 300_00)]),
    ("wrong account", _wrong(RENT, on_account(WECHAT)), [("wrong_account", 300_00)]),
    ("wrong amount", _wrong(WATER, amount(-10_00)), [("wrong_amount", -90_00)]),
    ("wrong date", lambda b: b.change(b.row(RENT), b.row(RENT)._replace(date=date(2026, 9, 13))), [("wrong_date", 0)]),
    ("renamed", lambda b: b.change(b.row(RENT), b.row(RENT)._replace(payee="别人")), [("renamed", 0)]),
    ("forged closing: the file's last balance", lambda b: b.rewrite("工行9月.csv", "10240.00", "10241.00"),
     [("edited_file", 0), ("forged_closing", 1_00)]),
    ("edited file: words only", lambda b: b.rewrite("工行9月.csv", "水费", "电费"), [("edited_file", 0)]),
    ("edited file: an amount", lambda b: b.rewrite("工行9月.csv", ",300.00,", ",310.00,"),
     [("edited_file", 0), ("wrong_amount", 10_00)]),
    ("edited file: an amount and every balance after it",
     _put("工行9月.csv", G_SEPTEMBER.replace(",300.00,10200", ",310.00,10210").replace("10240", "10250")),
     [("edited_file", 0), ("wrong_amount", 10_00)]),
    ("edited file: everything about a row",
     _put("工行9月.csv", G_SEPTEMBER.replace("租金,示例超市,7,,300.00,10200", "货款,百货,1,,310.00,10210")
          .replace("10240", "10250")),
     [("edited_file", 0), ("wrong_amount", 10_00)]),
    ("edited file: a row gone, the balances mended",
     _put("工行9月.csv", G_SEPTEMBER.replace("2026-09-28,租金,示例快递,8,,40.00,10240.00\n", "")),
     [("edited_file", 0), ("missing_at_party", -40_00)]),
    ("edited file: no statement any more", _put("工行9月.csv", "没有了\n"), [("edited_file", 0)]),
    ("missing file", lambda b: b.file("工行9月.csv").unlink(), [("missing_file", 0)]),
    ("missing file, and one too many in another month",
     lambda b: [b.file("工行9月.csv").unlink(), _add("2026-10", G_OCTOBER.replace("保洁,", "清洁,"))(b)][1],
     [("missing_file", 0)]),
    ("missing file: a gap before a file that was never booked",
     _add("2026-09", f"账号:{G_NUMBER}\n{HEAD}2026-09-29,租金,示例超市,7,,1.00,10300.00\n"),
     [("missing_file", 0), ("missing_in_book", 1_00)]),
    ("a further file with rows from before the books",
     _add("2026-09", G_SEPTEMBER.replace(HEAD, f"{HEAD}2026-08-30,租金,示例超市,7,,1.00,10000.00\n")), []),
    ("another account's file of the compound", _put("工行9月.csv", W_SEPTEMBER), [("other_account", 0)]),
    ("a file of nobody's account", lambda b: b.rewrite("工行9月.csv", "1202000000000013021", "1202000000000099999"),
     [("other_account", 0)]),
    ("future-dated: a row of October in September's file",
     _put("工行9月.csv", G_SEPTEMBER + "2026-10-09,租金,示例超市,7,,5.00,10245.00\n"),
     [("edited_file", 0), ("future_dated", 5_00)]),
    ("future-dated: a voucher of a day to come", lambda b: b.entries.append(by_hand(date(2026, 9, 29), -7_00)),
     [("future_dated", 7_00)]),
]  # fmt: skip


def bare_of(books: LegBooks, payee: str) -> Any:
    entry = bare(books.row(payee))
    return entry._replace(meta={**entry.meta, "lineno": 999})


@pytest.mark.parametrize(("name", "do", "expected"), BANK, ids=[row[0] for row in BANK])
def test_the_bank(books: LegBooks, name: str, do: DO, expected: list[Told]) -> None:
    do(books)
    today = date(2026, 9, 28) if name.endswith("a day to come") else TODAY
    assert told(bank_differences(books.folder, books.entries, SEPTEMBER, today)) == sorted(expected)


def test_the_banks_own_confirmation_stands_for_its_statement(books: LegBooks) -> None:
    found = bank_differences(books.folder, books.entries, SEPTEMBER, TODAY, confirmed={G_BANK: 10_240_01})
    assert told(found) == [("forged_closing", 1)]


def test_a_sealed_file_is_known_by_its_place(books: LegBooks) -> None:
    """Even one from which nothing was booked: the seal says that it was there, and which bytes."""
    sealed = {"statements/2026-09/补发.csv": "ab" * 32}
    found = bank_differences(books.folder, books.entries, SEPTEMBER, TODAY, sealed=sealed)
    assert told(found) == [("missing_file", 0)]
    books.file("工行9月.csv").with_name("补发.csv").write_text(G_SEPTEMBER.replace("水费", "电费"), "utf-8")
    found = bank_differences(books.folder, books.entries, SEPTEMBER, TODAY, sealed=sealed)
    assert told(found) == [("edited_file", 0)]


def test_what_was_on_its_way_and_arrived_is_no_difference_any_more(books: LegBooks) -> None:
    _late(books)
    assert [one.kind for one in bank_differences(books.folder, books.entries, SEPTEMBER.next, TODAY)
            if one.account == G_BANK] == []  # fmt: skip


def test_what_is_missing_stays_missing_in_later_months(books: LegBooks) -> None:
    books.change(books.row(RENT))
    (found,) = [
        one for one in bank_differences(books.folder, books.entries, SEPTEMBER.next, TODAY) if one.account == G_BANK
    ]
    assert (found.kind, found.amount_fen, found.day) == ("missing_in_book", 300_00, date(2026, 9, 12))


def test_a_file_that_was_edited_is_no_further_difference_a_month_later(books: LegBooks) -> None:
    """That October's file does not go on from the balance it was given, is the same cause."""
    _put("工行9月.csv", G_SEPTEMBER.replace(",300.00,10200", ",310.00,10210").replace("10240", "10250"))(books)
    found = bank_differences(books.folder, books.entries, SEPTEMBER.next, TODAY)
    assert [one.kind for one in found if one.account == G_BANK] == ["edited_file", "wrong_amount"]


def test_figures_stand_side_by_side(books: LegBooks) -> None:
    bank, wechat, fund = account_figures(books.folder, books.entries, SEPTEMBER)
    assert (bank.opening_fen, bank.came_fen, bank.went_fen, bank.closing_fen) == (10_000_00, 340_00, 100_00, 10_240_00)
    assert (bank.bank_opening_fen, bank.bank_came_fen, bank.bank_went_fen, bank.bank_closing_fen, bank.bank_rows) == (
        10_000_00, 340_00, 100_00, 10_240_00, 3,
    )  # fmt: skip
    assert (wechat.closing_fen, wechat.bank_closing_fen) == (0, None)
    assert (fund.number, fund.bank, fund.closing_fen) == (W_NUMBER, "icbc", 500_700_00)


# Auditor and community: sheets.


@dataclass(frozen=True)
class Asked:
    """A leg by sheet: the book's side, and the sheet filled in as if all agreed."""

    party: Party
    book: Side
    rows: tuple[SheetRow, ...]

    def compare(self, rows: Sequence[SheetRow]) -> tuple[Difference, ...]:
        sheet = sheet_of(list(enumerate(rows, start=2)), "回单.csv", SEPTEMBER)
        return leg_differences(self.party, self.book, sheet, SEPTEMBER, TODAY)


PAPERS = tuple(
    Paper(ref=f"2026-09/记-000{number}", kind="payment", day=date(2026, 9, day), amount_fen=fen, text=text, fund="G")
    for number, day, fen, text in ((1, 5, 100_00, "示例水务 R1"), (2, 12, 300_00, "示例超市 R1"),
                                   (3, 28, 40_00, "示例快递 R2"))
)  # fmt: skip


@pytest.fixture(params=["auditor", "community"])
def asked(request: pytest.FixtureRequest, books: LegBooks) -> Asked:
    accounts = account_figures(books.folder, books.entries, SEPTEMBER)
    files = statement_files(books.folder, books.entries, SEPTEMBER)
    if request.param == "auditor":
        book = audit_side(numbered(books.entries, SEPTEMBER), accounts, files)
        rows = blank_sheet(book, SEPTEMBER)
    else:
        book = community_side(PAPERS, accounts, files)
        rows = blank_sheet(book, SEPTEMBER, "paper")
    return Asked(request.param, book, tuple(row.model_copy(update={"result": "相符"}) for row in rows))


Changed = Callable[[list[SheetRow]], list[SheetRow]]


def seen(where: str, result: str = "不符", **fields: Any) -> Changed:
    """The line whose account and reference end so, or whose text begins so, filled in otherwise."""

    def change(rows: list[SheetRow]) -> list[SheetRow]:
        hits = [row for row in rows if f"{row.account} {row.ref}".endswith(where) or row.text.startswith(where)]
        assert len(hits) == 1, (where, len(hits))
        return [row.model_copy(update={"result": result, **fields}) if row is hits[0] else row for row in rows]

    return change


def extra(**fields: Any) -> Changed:
    """A line more, of the party's own: like the second item, if nothing else is said."""

    def change(rows: list[SheetRow]) -> list[SheetRow]:
        like = next(row for row in rows if row.text.startswith(RENT))
        return [*rows, like.model_copy(update={"result": "另有", **fields})]

    return change


def both(*changes: Changed) -> Changed:
    def change(rows: list[SheetRow]) -> list[SheetRow]:
        for one in changes:
            rows = one(rows)
        return rows

    return change


SHEETS: list[tuple[str, Changed, list[Told]]] = [
    ("nothing", lambda rows: rows, []),
    ("timing", seen(PARCEL, seen_date=date(2026, 10, 3)), [("timing", -40_00)]),
    ("missing in the book", extra(ref="", date=date(2026, 9, 8), amount=Decimal("9.00"), text="没有入账"),
     [("missing_in_book", 9_00)]),
    ("missing at the party", seen(RENT, "未见"), [("missing_at_party", -300_00)]),
    ("a line of the sheet torn out", lambda rows: [row for row in rows if not row.text.startswith(RENT)],
     [("missing_at_party", -300_00)]),
    ("doubled at the party", extra(), [("doubled", 300_00)]),
    ("wrong fund", seen(RENT, seen_account="W"), [("wrong_fund", 300_00)]),
    ("wrong amount", seen(RENT, seen_amount=Decimal("310.00")), [("wrong_amount", 10_00)]),
    ("two wrong amounts that cancel out",
     both(seen(RENT, seen_amount=Decimal("310.00")), seen(PARCEL, seen_amount=Decimal("30.00"))),
     [("wrong_amount", -10_00), ("wrong_amount", 10_00)]),
    ("wrong date", seen(RENT, seen_date=date(2026, 9, 13)), [("wrong_date", 0)]),
    ("forged closing", seen("工行3021 期末", seen_amount=Decimal("10241.00")), [("forged_closing", 1_00)]),
    ("closing differs, as the opening did",
     both(seen("工行3021 期初", seen_amount=Decimal("10001.00")),
          seen("工行3021 期末", seen_amount=Decimal("10241.00"))),
     [("closing_differs", 1_00)]),
    ("edited file", seen("工行9月.csv", reason="第 4 行不同"), [("edited_file", 0)]),
    ("missing file", seen("工行9月.csv", "未见"), [("missing_file", 0)]),
    ("another account's file", seen("工行9月.csv", seen_account="1202000000000099999"), [("other_account", 0)]),
    ("a file more, of nobody's account",
     lambda rows: [*rows, SheetRow(kind="file", account="999", ref="x.csv", sha256="ab", result="另有")],
     [("other_account", 0)]),
    ("future-dated", seen(RENT, seen_date=date(2026, 12, 1)), [("future_dated", -300_00)]),
    ("a line more that is dated after the month", extra(ref="", date=date(2026, 10, 20), text="下月"),
     [("future_dated", 300_00)]),
    ("a balance nobody saw", seen("工行3021 期末", "未见"), [("no_statement", 0)]),
    ("a remark that changes no figure", seen(RENT, reason="合同未盖骑缝章"), [("exception", 0)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "expected"), SHEETS, ids=[row[0] for row in SHEETS])
def test_auditor_and_community(asked: Asked, name: str, change: Changed, expected: list[Told]) -> None:
    del name
    found = asked.compare(change(list(asked.rows)))
    assert told(found) == sorted(expected)
    assert {one.party for one in found} <= {asked.party}


def test_a_voucher_booked_twice_is_told_to_the_auditor(books: LegBooks) -> None:
    """Two vouchers with one content, of which the auditor finds one row at the bank."""
    books.entries.append(books.row(DEPOSIT))
    book = audit_side(numbered(books.entries, SEPTEMBER), ())
    rows = [row.model_copy(update={"result": "相符"}) for row in blank_sheet(book, SEPTEMBER)]
    last = rows.pop(next(number for number, row in enumerate(rows) if row.ref == "2026-09/记-0005"))
    found = Asked("auditor", book, ()).compare([*rows, last.model_copy(update={"result": "未见"})])
    assert [(one.kind, one.amount_fen, one.ref) for one in found] == [("doubled", -to_fen(Decimal(700)), last.ref)]
