"""What is not a sound statement is refused with one sentence that names the file, and the line where there is one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import file_grids as grids
import pytest
from forms import BY_LAYOUT
from statement_books import MARCH
from statement_writer import Book

from importers.registry import identify, read_statements, statements_of
from importers.source import load_source, source_of
from jiezhang.domain.problem import Refused

SAMPLES = Path(__file__).parent / "samples"
XLS = (SAMPLES / "ccb.current" / "march.xls").read_bytes()
XLSX = (SAMPLES / "cmb.detail" / "march.xlsx").read_bytes()
CSV = (SAMPLES / "icbc.in_out" / "march.csv").read_bytes()
ZIP = (SAMPLES / "alipay_account" / "march.zip").read_bytes()
XML = (SAMPLES / "camt053" / "march.xml").read_bytes()
STA = (SAMPLES / "mt940" / "march.sta").read_bytes()
BOC = (SAMPLES / "boc.inquiry" / "march.csv").read_bytes()


def _written(layout: str, change: Callable[[Book], Book]) -> bytes:
    form = BY_LAYOUT[layout]
    return form.render(change(form.carried(MARCH)))


def _with_rows(change: Callable[[list], object]) -> Callable[[Book], Book]:
    def changed(book: Book) -> Book:
        rows = list(book.rows)
        change(rows)
        return replace(book, rows=tuple(rows))

    return changed


def _swap(rows: list) -> None:
    rows[1], rows[4] = rows[4], rows[1]


def _fen_more(rows: list) -> None:
    rows[1] = replace(rows[1], amount=rows[1].amount + Decimal("0.01"))


def _locked_zip() -> bytes:
    """A zip whose members say they are encrypted."""
    packed = bytearray(grids.zipped({"a.csv": CSV}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + offset] |= 1
    return bytes(packed)


def _renamed_stream(container: bytes, old: str, new: str) -> bytes:
    """An OLE container one of whose streams has another name, as a locked xlsx has."""
    at = container.index(old.encode("utf-16-le"))
    entry = bytearray(container[at : at + 128])
    entry[:66] = new.encode("utf-16-le").ljust(64, b"\0") + (2 * len(new) + 2).to_bytes(2, "little")
    return container[:at] + bytes(entry) + container[at + 128 :]


def _endless_chain() -> bytes:
    """An xls whose first sector's successor is itself."""
    table = 512 * (1 + int.from_bytes(XLS[76:80], "little"))
    return XLS[:table] + bytes(4) + XLS[table + 4 :]


def _boundless_sheet() -> bytes:
    """An xls that says its sheet ends in row 4,294,967,295."""
    at = XLS.index(b"\x00\x02\x0e\x00\x00\x00\x00\x00") + 8
    return XLS[:at] + b"\xff\xff\xff\xff" + XLS[at + 4 :]


def _bomb(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * size)
    return out.getvalue()


def _lying_bomb() -> bytes:
    """Thirty million bytes that the directory calls a hundred."""
    packed = bytearray(_bomb(30_000_000))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.rindex(mark) + offset
        packed[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(packed)


def _far_cell() -> bytes:
    """A workbook with one cell in the last row and column a sheet can have."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            new.writestr(name, data)
    return out.getvalue()


def _number_account() -> bytes:
    grid = [["账号", 3301000000000000017.0]]
    form = BY_LAYOUT["spdb.detail"]
    book = form.carried(MARCH)
    body = [form.cells(book, row, n) for n, row in enumerate(book.rows, 1)]
    return grids.xls([*grid, *form.heads, *body])


def _plain_csv(*lines: str) -> bytes:
    head = "对方账号,交易时间,对方单位,用途,摘要,余额,转出金额,转入金额"
    return "\r\n".join([head, *lines]).encode("gb18030")


LOCKED = "工作簿有密码，请先在 Excel 里取消密码再导入"
ONE = "62220001,2026-03-02 09:12:30,甲公司,,,110.00,,10.00"

REFUSED = [
    # what it is                 bytes                                        the sentence
    ("empty", b"", "文件是空的"),
    ("only spaces", b" \r\n\t", "文件是空的"),
    ("pdf", b"%PDF-1.4 ...", "这是 PDF 文件，请从网银下载 Excel 或 CSV 格式的明细"),
    ("html", b"<html><table><tr><td>", "这是网页而不是表格，只是名字像 Excel，请从网银重新下载 Excel 或 CSV 格式"),
    ("bare table", "<table><tr><td>账号".encode(), "这是网页而不是表格"),
    (
        *("spreadsheet xml", b'<?xml version="1.0"?><Workbook xmlns="urn:x">'),
        "这是网页或 XML 表格而不是 Excel 文件，请用 Excel 打开后另存为 xlsx 再导入",
    ),
    ("twenty-one MB", b"a" * (21 * 1024 * 1024), "文件超过 20 MB，不能导入，请按月下载"),
    ("zip bomb", _bomb(200_000_000), "压缩包解开后过大，可能是恶意文件，不能导入"),
    ("absurd ratio", _bomb(30_000_000), "压缩包解开后过大，可能是恶意文件，不能导入"),
    ("lying bomb", _lying_bomb(), "压缩包解开后过大，可能是恶意文件，不能导入"),
    ("far cell", _far_cell(), "工作表大得不合常理，不能导入，请删除多余的空行空列"),
    ("endless chain", _endless_chain(), "压缩包或工作簿不完整或已损坏，请重新下载"),
    ("boundless sheet", _boundless_sheet(), "工作表大得不合常理，不能导入，请删除多余的空行空列"),
    ("locked zip", _locked_zip(), "文件有密码，请先解除密码再导入"),
    ("locked xlsx", _renamed_stream(XLS, "Workbook", "EncryptedPackage"), LOCKED),
    ("locked xls", XLS.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1), LOCKED),
    ("zip in zip", grids.zipped({"b.zip": ZIP}), "压缩包里还有压缩包，请解开后再导入"),
    ("half an xlsx", XLSX[:3000], "压缩包或工作簿不完整或已损坏，请重新下载"),
    ("half an xls", XLS[:3000], "压缩包或工作簿不完整或已损坏，请重新下载"),
    ("half a zip", ZIP[: len(ZIP) // 2], "压缩包或工作簿不完整或已损坏，请重新下载"),
    ("half an xml", XML[:2000], "第 8 行：XML 文件不完整或已损坏，请重新下载"),
    ("half an mt940", STA[:400], "第 1 行：这份对账单缺少期初余额（60）或期末余额（62），文件不完整"),
    ("binary", bytes(range(256)), "文件的文字编码无法识别，可能被截断或损坏，请重新下载"),
    ("cut inside a character", CSV[:123], "文件的文字编码无法识别，可能被截断或损坏，请重新下载"),
    ("two encodings", "摘要说明".encode() + b"\r\n" + CSV, "文件里混有两种文字编码或末尾被截断，请重新下载"),
    ("cut inside a row", _plain_csv(ONE, "62220002,2026-03-03 09:12:30,乙公司"), "第 3 行：这一行没有金额"),
    ("open quote", BOC[: BOC.rindex(b'"22,') + 5], "第 18 行：引号没有配对，文件可能被截断或改动过，请重新下载"),
    (
        *("entities", b'<!DOCTYPE a [<!ENTITY b "c">]>' + XML.partition(b"\n")[2]),
        "XML 文件带有文档类型定义，对账单不应有，不能导入",
    ),
    (
        *("nobody's table", "姓名,电话\r\n甲,1".encode()),
        "认不出这是哪家银行的对账单（看到的表头：姓名、电话），可以提供列对照表后再导入",
    ),
    (
        *("number as account", _number_account()),
        "第 1 行：号码“3301000000000000000”被当作数字保存，后几位已经丢失，请重新下载，不要用 Excel 另存",
    ),
    (
        *("scientific account", _plain_csv(ONE.replace("62220001", "6.22E+18"))),
        "第 2 行：号码“6.22E+18”被当作数字保存，后几位已经丢失，请重新下载，不要用 Excel 另存",
    ),
    ("letters in an amount", _plain_csv(ONE.replace(",10.00", ",1O.00")), "第 2 行：金额“1O.00”不是数字"),
    ("three decimals", _plain_csv(ONE.replace(",10.00", ",10.005")), "第 2 行：金额 10.005 不止两位小数"),
    ("decimal comma", _plain_csv(ONE.replace(",10.00", ',"10,00"')), "第 2 行：金额“10,00”的逗号位置不对"),
    ("both sides", _plain_csv(ONE.replace(",,10.00", ",5.00,10.00")), "第 2 行：这一行收入和支出都有金额"),
    ("no balance", _plain_csv(ONE.replace("110.00", "")), "第 2 行：这一行没有余额，文件可能被截断或改动过"),
    ("impossible day", _plain_csv(ONE.replace("03-02", "02-30")), "第 2 行：“2026-02-30 09:12:30”不是日历上有的日期"),
    (
        *("unreadable day", _plain_csv(ONE.replace("2026", "2O26"))),
        "第 2 行：这一行有金额，但日期“2O26-03-02 09:12:30”无法识别",
    ),
    ("shifted columns", _plain_csv(ONE.replace("甲", "甲,")), "第 2 行：这一行的列比表头多，文字里可能夹有分隔符"),
    ("no rows", _plain_csv(), "文件里既没有余额也没有合计，无法证明是否完整"),
    (
        *("zip with a stranger", grids.zipped({"a.csv": CSV, "b.txt": b"readme"})),
        "压缩包里的“b.txt”不是工商银行对账单，请解开后分别导入",
    ),
]


@pytest.mark.parametrize(("data", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        statements_of(source_of(data, Path("对账单.csv")))
    assert str(refused.value).startswith("对账单.csv")
    assert sentence in str(refused.value)


BALANCE = "余额不连续：上一余额"
DAMAGED = [
    # layout            change                                    the line and the sentence
    ("ccb.current", _fen_more, "第 3 行", BALANCE),
    ("ccb.current", lambda rows: rows.pop(3), "第 5 行", BALANCE),
    ("ccb.current", lambda rows: rows.insert(3, rows[3]), "第 6 行", BALANCE),
    ("ccb.current", _swap, "第 3 行", BALANCE),
    ("spdb.detail", _fen_more, "第 13 行", BALANCE),
    ("icbc.history_in_out", lambda rows: rows.pop(3), "第 8 行", BALANCE),
    ("cmb.detail", lambda rows: rows.insert(3, rows[3]), "第 16 行", BALANCE),
]


@pytest.mark.parametrize(("layout", "change", "line", "sentence"), DAMAGED)
def test_a_changed_dropped_doubled_or_swapped_row_is_found(
    layout: str, change: Callable[[list], object], line: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        statements_of(source_of(_written(layout, _with_rows(change)), Path("a.xls")))
    assert str(refused.value).startswith(f"a.xls：{line}：{sentence}")


STATED = [
    # the last row is gone: only stated totals or balances can tell
    ("abc.detail", "支出合计不符：文件合计写 585.00，逐行相加为 582.50"),
    ("psbc.detail", "支出合计不符：文件合计写 585.00，逐行相加为 582.50"),
    ("boc.inquiry", "支出笔数不符：文件合计写 4，逐行相加为 3"),
    ("cmb.detail", "支出笔数不符：文件合计写 4，逐行相加为 3"),
    ("wechat_fund", "支出笔数不符：文件合计写 4，逐行相加为 3"),
    ("alipay_account", "支出笔数不符：文件合计写 4，逐行相加为 3"),
    ("mt940", "期初 10000.00 加本期净额 12159.69 不等于期末 22157.19"),
    ("camt053", "期初 10000.00 加本期净额 12159.69 不等于期末 22157.19"),
]


@pytest.mark.parametrize(("layout", "sentence"), STATED)
def test_a_last_row_cut_off_is_found_by_the_stated_figures(layout: str, sentence: str) -> None:
    form = BY_LAYOUT[layout]
    book = form.carried(MARCH)
    stated = replace(form, above=lambda _: form.above(book), below=lambda _: form.below(book))
    with pytest.raises(Refused, match=sentence):
        statements_of(source_of(stated.render(replace(book, rows=book.rows[:-1])), Path("a")))


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    large = tmp_path / "large.xls"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(Refused, match=r"large\.xls：文件超过 20 MB，不能导入，请按月下载"):
        load_source(large)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xls", tmp_path):
        with pytest.raises(Refused, match="文件打不开，请检查文件是否存在、是否有权限读取"):
            read_statements(path)


def test_two_importers_of_one_file_are_named(tmp_path: Path) -> None:
    from importers.ccb import CcbImporter

    with pytest.raises(Refused, match="这个文件同时像建设银行对账单、建设银行对账单，无法确定是哪一种"):
        identify(source_of(XLS, tmp_path), [CcbImporter(), CcbImporter()])
