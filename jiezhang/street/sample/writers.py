"""Tables as bytes: the same rows give the same bytes, always."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import xlsxwriter
import xlwt

from jiezhang.domain.statement import StatementRow

Table = Sequence[Sequence[str]]

_CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001
_ZIPPED: Final = (2020, 1, 1, 0, 0, 0)


def money(amount: Decimal) -> str:
    """`amount` as most banks print it: `12,000.00`."""
    return f"{amount:,.2f}"


def balance_text(row: StatementRow) -> str:
    """The balance after `row`; every layout of the sample prints one."""
    assert row.balance is not None
    return money(row.balance)


def two_columns(amount: Decimal, empty: str = "", *, commas: bool = True) -> tuple[str, str]:
    """(out, in) of a signed amount; the side without money is `empty`."""
    text = money(abs(amount)) if commas else f"{abs(amount):.2f}"
    return (text, empty) if amount < 0 else (empty, text)


def xls(rows: Table, sheet: str = "Sheet1", merged: Iterable[tuple[int, int, int, int]] = ()) -> bytes:
    """An old Excel file with text cells. `merged` are (first row, last row, first column, last column) from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    covered = {(row, column): (bottom, right) for row, bottom, column, right in merged}
    for r, cells in enumerate(rows):
        for c, text in enumerate(cells):
            if (r, c) in covered:
                bottom, right = covered[r, c]
                page.write_merge(r, bottom, c, right, text)
            elif text:
                page.write(r, c, text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx(rows: Table, sheet: str = "Sheet0") -> bytes:
    """A new Excel file with text cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    page = book.add_worksheet(sheet)
    for r, cells in enumerate(rows):
        for c, text in enumerate(cells):
            if text:
                page.write_string(r, c, text)
    book.close()
    return stream.getvalue()


def csv_text(rows: Table, *, quote_all: bool = False) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows(rows)
    return stream.getvalue()


def gbk(text: str) -> bytes:
    """`text` as Chinese banks' Windows programs write it; GB 18030 holds GBK and the rarer characters too."""
    return text.encode("gb18030")


class _GbkName(zipfile.ZipInfo):
    """A member whose name is GBK without the UTF-8 flag, as Alipay packs it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits


def zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of (name, bytes) with GBK names and fixed times."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            info = _GbkName(name, _ZIPPED)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
    return stream.getvalue()
