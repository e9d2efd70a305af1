"""The fault table, second part: what a bank's file or an inbox can be. `import` takes all of it or none."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import BOOK, Break, Fault, append, both, change, copy, drop, judge, remove, run, write

INBOX = "inbox/2026-07/C0001/"
XLSX, CSV, WECHAT = INBOX + "historydetail*.xlsx", INBOX + "中行*.csv", INBOX + "*资金账单.csv"
XLS, ZIP = "inbox/2026-07/C0003/农行*.xls", "inbox/2026-07/C0002/*.zip"


def _zip(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * size)
    return out.getvalue()


def _text(file: str, how: Callable[[str], str]) -> Break:
    return change(file, lambda content: how(content.decode("utf-8-sig")).encode("utf-8-sig"))


def _lines(file: str, how: Callable[[list[str]], object]) -> Break:
    """The lines of a text changed in place."""

    def changed(text: str) -> str:
        lines = text.split("\r\n")
        how(lines)
        return "\r\n".join(lines)

    return _text(file, changed)


def _to_one(file: str, do: Callable[[Path], object]) -> Break:
    def broken(street: Path) -> None:
        (path,) = street.glob(file)
        do(path)

    return broken


def _fen_more(text: str) -> str:
    """The last amount is one fen more."""
    return re.sub(
        r'(?s)(.*CNY\t",")([\d,]+)\.(\d\d)',
        lambda found: f"{found[1]}{found[2]}.{(int(found[3]) + 1) % 100:02d}",
        text,
        count=1,
    )


def _swap(lines: list[str]) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "gone.xlsx")


def _renamed(street: Path) -> None:
    """The second compound's accounts are registered in another name."""
    path = street / "C0002/accounts.beancount"
    path.write_text(re.sub('holder: ".*"', 'holder: "某某公司"', path.read_text("utf-8")), "utf-8")


BALANCE = r"余额不连续：上一余额 [\d.]+ 加本行 -?[\d.]+ 应为 -?[\d.]+，文件写的是 [\d.]+"
HALF = "压缩包或工作簿不完整或已损坏，请重新下载"

FAULTS = [
    # rows
    Fault("a changed fen", _text(CSV, _fen_more), BALANCE, r"^\"来账", CSV),
    Fault(
        "a changed fen, by the total",
        _text(WECHAT, lambda text: re.sub(r"收入,`(\d+)", r"收入,`9\1", text, count=1)),
        r"收入合计不符：文件合计写 [\d.]+，逐行相加为 [\d.]+",
        "",
        WECHAT,
    ),
    Fault("a dropped row", _lines(WECHAT, lambda lines: lines.pop(3)), BALANCE, "`2026-07", WECHAT),
    Fault("a doubled row", _lines(WECHAT, lambda lines: lines.insert(3, lines[3])), BALANCE, "`2026-07", WECHAT),
    Fault("two rows swapped", _lines(WECHAT, _swap), BALANCE, "`2026-07", WECHAT),
    Fault(
        "a swapped sign",
        _text(WECHAT, lambda text: text.replace("`收入", "`支出", 1)),
        r"收入笔数不符：文件合计写 \d+，逐行相加为 \d+",
        "",
        WECHAT,
    ),
    Fault(
        "a letter in an amount",
        _text(WECHAT, lambda text: re.sub(r"收入,`\d", "收入,`O", text, count=1)),
        r"金额“O[\d.]*”不是数字",
        "O",
        WECHAT,
    ),
    Fault(
        "a day that is not",
        _text(WECHAT, lambda text: re.sub(r"2026-07-\d\d ", "2026-07-32 ", text, count=1)),
        "“2026-07-32 [0-9:]+”不是日历上有的日期",
        "07-32",
        WECHAT,
    ),
    Fault(
        "a changed total",
        _text(CSV, lambda text: re.sub(r"(Credited Payments \],)(\d+)", r"\g<1>99", text, count=1)),
        r"收入笔数不符：文件合计写 99，逐行相加为 \d+",
        "",
        CSV,
    ),
    # files
    Fault("a truncated xls", change(XLS, lambda data: data[:3000]), HALF, "", XLS),
    Fault("a truncated xlsx", change(XLSX, lambda data: data[:3000]), HALF, "", XLSX),
    Fault("a truncated zip", change(ZIP, lambda data: data[: len(data) // 2]), HALF, "", ZIP),
    Fault(
        "a text cut inside a row",
        _text(CSV, lambda text: text[: text.rindex('"CNY')]),
        "这一行没有金额|.*被截断.*",
        r"^\"来账",
        CSV,
    ),
    Fault(
        "a page named .xls",
        write(INBOX + "农行.xls", "<html><body><table><tr><td>账号"),
        "这是网页而不是表格，只是名字像 Excel，请从网银重新下载 Excel 或 CSV 格式",
        "",
        "农行.xls",
    ),
    Fault(
        "a PDF named .csv",
        write(INBOX + "中行.csv", "%PDF-1.7 ..."),
        "这是 PDF 文件，请从网银下载 Excel 或 CSV 格式的明细",
        "",
        "中行.csv",
    ),
    Fault(
        "a zip bomb",
        write(INBOX + "账单.zip", _zip(200_000_000)),
        "压缩包解开后过大，可能是恶意文件，不能导入",
        "",
        "账单.zip",
    ),
    Fault(
        "fifty megabytes",
        _to_one(XLSX, lambda path: os.truncate(path, 50 * 1024 * 1024)),
        "文件超过 20 MB，不能导入，请按月下载",
        "",
        XLSX,
    ),
    Fault("an empty file", write(INBOX + "中行.csv", ""), "文件是空的", "", "中行.csv"),
    Fault(
        "two encodings in one",
        change(WECHAT, lambda data: data + "附言，转账，备注".encode("gbk") + b"\r\n"),
        "文件的文字编码无法识别，可能被截断或损坏，请重新下载或另存",
        "",
        WECHAT,
    ),
    Fault(
        "no text at all",
        write(INBOX + "中行.csv", bytes(range(256))),
        "文件的文字编码无法识别，可能被截断或损坏，请重新下载或另存",
        "",
        "中行.csv",
    ),
    Fault(
        "nobody's table",
        write(INBOX + "电话.csv", "姓名,电话\n甲,1\n"),
        "认不出这是哪家银行的对账单（看到的表头：姓名、电话），可以提供列对照表后再导入",
        "",
        "电话.csv",
    ),
    Fault("a link to nothing", _to_one(XLSX, _link), "这个链接指向的文件不存在", "", XLSX),
    Fault(
        "a name too long",
        _to_one(CSV, lambda path: path.rename(path.with_name("中" * 80 + ".csv"))),
        "文件名太长，请改短后再导入",
        "",
        "中.csv",
    ),
    Fault(
        "a name that is no text",
        _to_one(CSV, lambda path: path.rename(os.fsdecode(os.fsencode(path.parent) + "/中行.csv".encode("gbk")))),
        "文件名不是 UTF-8 编码，请改名后再导入",
        "",
        "*.csv",
    ),
    Fault(
        "a day to come",
        _text(WECHAT, lambda text: re.sub(r"2026-07-", "2096-07-", text)),
        r"流水日期 2096-07-\d\d 在今天之后",
        "`2096-07",
        WECHAT,
    ),
    # whose
    Fault(
        "another's account",
        _text(CSV, lambda text: text.replace("3500000", "3511111")),
        r"账号 3511111\d+ 没有登记在任何小区",
        "",
        CSV,
    ),
    Fault("another's name", _renamed, "对账单户名“.*业主大会”与登记户名“某某公司”不符", "", "ccb_*.xls"),
    # the books they come to
    Fault(
        "statements in between are missing",
        both(drop(BOOK, "voucher(.|\n)*W_BANK"), drop(BOOK, "balance W_BANK")),
        r"“W_BANK”导入后 2026-07-\d\d 账面余额 [\d,.]+，对账单余额 [\d,.]+："
        r"2026-07-\d\d 以前的对账单可能还没有导入，或账簿里有对账单没有的分录",
        r"^\"来账",
        CSV,
    ),
    Fault(
        "an account closed",
        append("C0001/accounts.beancount", "2026-07-01 close W_BANK\n"),
        r"这样入账会使账簿出错：2026-07-\d\d“.*”：账户“W_BANK”在这一天尚未开设或已经销户（另有 \d+ 处）",
        "",
        "C0001/2026/2026-07.beancount",
    ),
    Fault(
        "a main file edited by hand",
        append("C0001/main.beancount", ";; 无害\n"),
        "主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成",
        "无害|^$",
        "C0001/main.beancount",
    ),
    Fault(
        "a word among the accounts",
        append("C0001/accounts.beancount", "你好\n"),
        "账簿写法有误.*",
        "你好",
        "C0001/accounts.beancount",
    ),
    Fault(
        "a rule of no subject",
        append("C0001/register/rules.csv", "GZ-99,,,,x,9999,,\n"),
        "科目 9999 不在科目表中",
        "9999",
        "C0001/register/rules.csv",
    ),
    Fault("no street", remove("street.toml"), "这里不是街道文件夹（没有 street.toml），请用 -C 指明", "", "street"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_came_from_the_bank_was_damaged(ready: Path, fault: Fault) -> None:
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, "import")
    assert code == 2
    judge(ready, fault, lines)
    assert snapshot(ready) == before


HARMLESS = [
    (
        "GBK by a name and a mark of UTF-8",
        change(WECHAT, lambda data: b"\xef\xbb\xbf" + data.decode("utf-8-sig").encode("gb18030")),
    ),
    ("GBK", change(WECHAT, lambda data: data.decode("utf-8-sig").encode("gb18030"))),
    ("UTF-16", change(WECHAT, lambda data: data.decode("utf-8-sig").encode("utf-16"))),
    ("a text named .xls", _to_one(WECHAT, lambda path: path.rename(path.with_suffix(".xls")))),
    ("a workbook named .csv", _to_one(XLSX, lambda path: path.rename(path.with_suffix(".csv")))),
    ("the same file twice", copy(XLSX, INBOX + "又一次.xlsx")),
]


@pytest.mark.parametrize("harmless", [row[1] for row in HARMLESS], ids=[row[0] for row in HARMLESS])
def test_a_misleading_name_misleads_nobody(ready: Path, built: Path, harmless: Break) -> None:
    """What the bytes say counts; the books come out as from the untouched files but for the files' digests."""
    harmless(ready)
    assert run(ready, "import")[0] == 0
    booked = _refs(ready)
    assert len(booked) > len(_refs(built))
    assert run(ready, "check")[0] == 0
    assert len(booked) == len(set(booked))


def _refs(street: Path) -> list[str]:
    return [
        line
        for path in street.glob("C*/2026/*.beancount")
        for line in path.read_text("utf-8").split("\n")
        if "bank-ref:" in line
    ]


def test_markup_in_a_remark_is_booked_as_words(ready: Path) -> None:
    """A stranger's remark must not keep the month from being booked, and must not run in anybody's browser."""
    _text(CSV, lambda text: text.replace("维修资金交存", '<script>alert(1)</script>\u202e&""\\', 1))(ready)
    assert run(ready, "import")[0] == 0
    booked = (ready / "C0001/2026/2026-07.beancount").read_text("utf-8")
    assert "＜script＞alert(1)＜/script＞＆" in booked
    assert not set("<>\u202e") & set(booked)
    assert run(ready, "check")[0] == 0


def test_a_reader_that_crashes_is_not_heard(ready: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The library that reads workbooks panics on this one and would print its own stack."""
    fault = Fault("", change(XLS, lambda data: data[:514] + b"\0" + data[515:]), HALF, "", XLS)
    fault.broken(ready)
    code, lines = run(ready, "import")
    assert code == 2
    judge(ready, fault, lines)
    assert capfd.readouterr().err == ""
