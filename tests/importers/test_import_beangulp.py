"""Beangulp's side of an importer: accounts, entries, and exact duplicates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data
from forms import BY_LAYOUT
from statement_books import MARCH

from importers.base import StatementImporter
from importers.ccb import CcbImporter
from importers.icbc import IcbcImporter
from importers.mt940_statement import Mt940Importer
from importers.registry import IMPORTERS
from jiezhang.domain.problem import Refused

SAMPLES = Path(__file__).parent / "samples"
CCB = str(SAMPLES / "ccb.current" / "march.xls")
ICBC = str(SAMPLES / "icbc.in_out" / "march.csv")
BANK = "Assets:C0007长吴公寓:G公共收益:1002银行存款-建行0017"
OTHER = "Assets:C0007长吴公寓:G公共收益:1002银行存款-工行0025"


def ccb() -> CcbImporter:
    return CcbImporter({"3301-0000-0000-0000-017": BANK})


def test_names_are_unique() -> None:
    assert len({importer().name for importer in IMPORTERS}) == len(IMPORTERS)
    assert IcbcImporter(default_account=OTHER).name != IcbcImporter().name


def test_account_date_and_filename() -> None:
    assert ccb().account(CCB) == BANK
    assert ccb().date(CCB) == date(2026, 3, 31)
    assert ccb().filename("/x/2026-03-01.march.xls") == "ccb.2026-03-01.march.xls"


ACCOUNTS = [
    # importer                                          file  account or sentence
    (CcbImporter({"3301000000000000017": BANK}), CCB, BANK),
    (CcbImporter({"3301000000000000017": BANK}, OTHER), CCB, BANK),
    (CcbImporter(default_account=OTHER), CCB, OTHER),
    (IcbcImporter({"3301000000000000017": BANK}, OTHER), ICBC, OTHER),
]


@pytest.mark.parametrize(("importer", "file", "account"), ACCOUNTS)
def test_the_account_comes_from_the_number_or_the_default(importer: StatementImporter, file: str, account: str) -> None:
    assert importer.account(file) == account


NO_ACCOUNTS = [
    (CcbImporter({"3301000000000000025": BANK}, OTHER), CCB, "账号 3301000000000000017 不是登记过的专户"),
    (CcbImporter(), CCB, "文件里没有本方账号，请指定它是哪个专户的对账单"),
    (IcbcImporter({"3301000000000000017": BANK}), ICBC, "文件里没有本方账号，请指定它是哪个专户的对账单"),
]


@pytest.mark.parametrize(("importer", "file", "sentence"), NO_ACCOUNTS)
def test_an_account_is_never_guessed(importer: StatementImporter, file: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        importer.account(file)


def test_extract_gives_waiting_transactions_and_the_closing_balance() -> None:
    entries = ccb().extract(CCB, [])
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert [entry.flag for entry in transactions] == ["!"] * len(MARCH.rows)
    assert [entry.postings[0].units.number for entry in transactions] == [row.amount for row in MARCH.rows]
    closing = entries[-1]
    assert isinstance(closing, data.Balance)
    assert (closing.date, closing.account, closing.amount.number) == (date(2026, 4, 1), BANK, Decimal("22157.19"))


def test_extract_refuses_what_is_not_proven(tmp_path: Path) -> None:
    form = BY_LAYOUT["ccb.current"]
    rows = [form.cells(MARCH, row, n) for n, row in enumerate(MARCH.rows, 1) if n != 4]
    broken = tmp_path / "a.xls"
    broken.write_bytes(form.wrap([*form.heads, *rows]))
    assert ccb().identify(str(broken))
    with pytest.raises(Refused, match=r"a\.xls：第 5 行：余额不连续"):
        ccb().extract(str(broken), [])


def test_extract_refuses_another_currency(tmp_path: Path) -> None:
    file = tmp_path / "usd.sta"
    file.write_text(":20:X\n:25:1\n:28C:1\n:60F:C260301USD1,\n:62F:C260302USD1,\n-\n", encoding="ascii")
    with pytest.raises(Refused, match="账户币种是 USD，账本只记人民币"):
        Mt940Importer(default_account=BANK).extract(str(file), [])


def _duplicates(entries: list[data.Directive]) -> list[int]:
    return [number for number, entry in enumerate(entries) if "__duplicate__" in entry.meta]


def test_nothing_in_one_file_is_a_duplicate() -> None:
    """Two equal fees of one second, two equal payments, a payment and its reversal: all are kept."""
    for importer, file in ((ccb(), CCB), (IcbcImporter(default_account=OTHER), ICBC)):
        entries = importer.extract(file, [])
        importer.deduplicate(entries, [])
        assert _duplicates(entries) == []


def test_rows_already_in_the_ledger_are_duplicates_and_only_they() -> None:
    existing, entries = ccb().extract(CCB, []), ccb().extract(CCB, [])
    kept = existing[:4] + existing[5:]
    ccb().deduplicate(entries, kept)
    assert _duplicates(entries) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert entries[0].meta["__duplicate__"] is existing[0]


def test_one_row_twice_in_one_batch_is_a_duplicate() -> None:
    entries = ccb().extract(CCB, [])
    batch = [*entries, *ccb().extract(CCB, [])]
    ccb().deduplicate(batch, [])
    assert _duplicates(batch) == list(range(len(entries), len(batch) - 1))


def test_the_same_number_in_another_account_is_no_duplicate() -> None:
    existing = CcbImporter(default_account=OTHER).extract(CCB, [])
    entries = ccb().extract(CCB, [])
    ccb().deduplicate(entries, existing)
    assert _duplicates(entries) == []
