"""Grids of cells to the bytes of a file, the way banks wrap them."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable, Sequence

import xlsxwriter
import xlwt

Grid = Sequence[Sequence[object]]
Wrap = Callable[[Grid], bytes]


def xls(grid: Grid) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            if cell != "":
                sheet.write(y, x, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(grid: Grid) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime.datetime.fromisoformat("2026-01-01")})
    sheet = book.add_worksheet("Sheet0")
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(y, x, cell)
            else:
                sheet.write(y, x, cell)
    book.close()
    return out.getvalue()


def text(grid: Grid, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(grid)
    return out.getvalue()


def csv_gbk(grid: Grid) -> bytes:
    return text(grid).encode("gb18030")


def csv_utf8(grid: Grid) -> bytes:
    return text(grid).encode()


def csv_bom(grid: Grid) -> bytes:
    return text(grid).encode("utf-8-sig")


def csv_backtick(grid: Grid) -> bytes:
    """WeChat's way: a backtick before every value, none before a header; a header is a row without digits."""
    headers = ("记账时间", "交易时间", "资金流水总笔数", "总交易单数")
    return csv_utf8([row if row[0] in headers else [f"`{cell}" for cell in row] for row in grid])


def tsv_gbk(grid: Grid) -> bytes:
    return text(grid, "\t").encode("gb18030")


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written in GBK without the UTF-8 flag, as Alipay does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def zipped(members: dict[str, bytes], gbk_names: bool = False) -> bytes:
    """A zip with a fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = (_GbkName if gbk_names else zipfile.ZipInfo)(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()
