"""The fault table, fourth part: the month's later steps, each with something wrong before it."""

from __future__ import annotations

import os
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import (
    BOOK,
    NEXT,
    Break,
    Fault,
    append,
    both,
    change,
    copy,
    drop,
    edit,
    judge,
    remove,
    run,
    write,
)

SHEET = f"completions/{NEXT}.csv"
BOOK_NEXT = "C0001/2026/2026-07.beancount"
KEPT = "C0001/statements/2026-06/"
AD = "Income:.*4002电梯广告"


@pytest.fixture(scope="module")
def imported(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street with its second month imported, waiting to be completed."""
    path = Path(shutil.copytree(built, tmp_path_factory.mktemp("imported") / "street"))
    assert run(path, "import")[0] == 0
    return path


@pytest.fixture
def waiting(imported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(imported, tmp_path / "street"))


def _refused(street: Path, fault: Fault, *command: str) -> None:
    fault.broken(street)
    before = snapshot(street)
    code, lines = run(street, *command)
    assert code == 2
    judge(street, fault, lines)
    assert snapshot(street) == before


OWN = "Expenses:C0001\\S+?:5101维修养护"


def _other(account: str) -> Break:
    return edit(SHEET, OWN, account)


COMPLETING = [
    Fault("two encodings", append(SHEET, "街账".encode("gbk")), "文件的文字编码无法识别.*", "", SHEET),
    Fault("a row nobody has", edit(SHEET, r",h\w+/-", ",h0000/-"), r"流水 h0000/-\d+ 不在待处理之列", "h0000", SHEET),
    Fault("a row already posted", lambda street: _posted(street), r"流水 \S+ 已经过账，不能再改", 2, SHEET),
    Fault("a compound there is not", edit(SHEET, "C0001", "C0099"), "街道里没有小区 C0099", "C0099", SHEET),
    Fault(
        "an account not open",
        _other("Expenses:NAME:G公共收益:5199别的"),
        "账簿没有开设账户“Expenses:NAME:G公共收益:5199别的”",
        "5199",
        SHEET,
    ),
    Fault(
        "a contract nobody registered",
        edit(SHEET, r"(,Income\S+?G公共收益:\d{4}[^,]*),,", r"\1,HT-9999,"),
        "合同登记簿里没有 HT-9999",
        "HT-9999",
        SHEET,
    ),
    Fault("words for an account", _other("修门"), "账簿没有开设账户“修门”", "修门", SHEET),
    Fault(
        "another compound pays",
        _other("Expenses:C0002乙丑公寓:G公共收益:5101维修养护"),
        "账簿没有开设账户“Expenses:C0002.*”",
        "C0002",
        SHEET,
    ),
    Fault(
        "another fund pays",
        _other("Expenses:NAME:W维修资金:5001维修"),
        "流水属于“G公共收益”，对方科目属于“W维修资金”：每笔凭证须在所涉每项资金内各自平衡",
        "5001",
        SHEET,
    ),
    Fault("the bank on both sides", _other("G_BANK"), "对方科目“G_BANK”是专户，专户的分录须由导入产生", 2, SHEET),
    Fault(
        "a transfer to nobody",
        edit(SHEET, r",{16}\n", ",G_BANK,h0000/1" + "," * 14 + "\n"),
        "划转的另一笔流水 h0000/1 不在同日的待处理流水中",
        "h0000",
        SHEET,
    ),
    Fault(
        "markup",
        edit(SHEET, r",,([^,\n]+),{16}\n", ",,<b>" + "," * 16 + "\n"),
        "“narration”写法不对（写的是“<b>”）",
        "<b>",
        SHEET,
    ),
    Fault(
        "a column too many",
        change(SHEET, lambda data: data.replace(b"\n", b",x\n")),
        "表头里的“x”不是这张表的列（.*）",
        1,
        SHEET,
    ),
    Fault(
        "a missing column",
        change(SHEET, lambda data: data.replace(b"account,", b"", 1)),
        "表头缺少 account 列",
        1,
        SHEET,
    ),
    Fault(
        "a fault below blank lines",
        both(edit(SHEET, "counterparty\n", "counterparty\n\n,,,,,,,,,\n"), _other("修门")),
        "账簿没有开设账户“修门”",
        "修门",
        SHEET,
    ),
    Fault(
        "an account whose name says nothing",
        both(append("C0001/accounts.beancount", "2026-06-01 open Expenses:X CNY\n"), _other("Expenses:X")),
        "账户名“Expenses:X”应为 大类:小区:资金:科目 四段以上",
        "Expenses:X",
        SHEET,
    ),
    Fault("no sheet", remove(SHEET), "读不出文件（没有这个文件）", "", SHEET),
]


def _posted(street: Path) -> None:
    assert run(street, "complete", str(street / SHEET))[0] == 0
    assert run(street, "review", NEXT)[0] == 0
    assert run(street, "post", NEXT)[0] == 0
    change(SHEET, lambda data: b"\n".join(data.split(b"\n")[:2]))(street)


@pytest.mark.parametrize("fault", COMPLETING, ids=lambda fault: fault.name)
def test_a_completion_sheet_that_cannot_be_carried_out(waiting: Path, fault: Fault) -> None:
    _refused(waiting, fault, "complete", str(waiting / SHEET))


FIRST = r"(2026-07-\d\d) ! (.*)\n"
POSTING = [
    Fault(
        "a waiting row was changed",
        edit(BOOK_NEXT, r"(Income\S+\s+-\d+)\.\d\d", r"\1.97"),
        r"账簿有 \d+ 处错误，改正以后才能过账：.*",
        "!",
        BOOK_NEXT,
    ),
    Fault(
        "a voucher without a number",
        edit(BOOK_NEXT, FIRST, r"\1 * \2\n"),
        r"账簿有 \d+ 处错误，改正以后才能过账：已过账的凭证没有凭证号",
        r" \* ",
        BOOK_NEXT,
    ),
    Fault(
        "a number that is none",
        edit(BOOK_NEXT, FIRST, r'\1 * \2\n  voucher: "7"\n'),
        r"账簿有 \d+ 处错误，改正以后才能过账：凭证号“7”应写成 记-0001 的样子",
        r" \* ",
        BOOK_NEXT,
    ),
    Fault(
        "another compound's books",
        edit("C0003/2026/2026-07.beancount", FIRST, r"\1 ? \2\n"),
        r"账簿有 1 处错误，改正以后才能过账：凭证标记“\?”无效，.*",
        r"\?",
        "C0003/2026/2026-07.beancount",
    ),
    Fault(
        "an account nobody opened",
        append(BOOK_NEXT, '2026-07-09 ! "x"\n  Assets:X  1.00 CNY\n  Assets:X  -1.00 CNY\n'),
        "账簿有 .* 处错误，改正以后才能过账：.*",
        "x|Assets:X",
        BOOK_NEXT,
    ),
]


@pytest.mark.parametrize("fault", POSTING, ids=lambda fault: fault.name)
def test_nothing_is_posted_into_books_with_errors(waiting: Path, fault: Fault) -> None:
    _refused(waiting, fault, "post", NEXT)


def test_a_waiting_row_written_otherwise_is_posted_all_the_same(waiting: Path) -> None:
    """Beancount takes `2026/7/3`, so must whoever replaces the entry that begins with it."""
    edit(BOOK_NEXT, r"2026-07-(\d\d) !", r"2026/07/\1 !")(waiting)
    assert run(waiting, "review", NEXT)[0] == 0
    assert run(waiting, "post", NEXT)[0] == 0
    assert run(waiting, "check")[0] == 0


RECONCILING = [
    # the ledger
    Fault(
        "another row's reference",
        edit(BOOK, r'bank-ref: "h\w+', 'bank-ref: "h0000000000000000', AD),
        "账已记、银行未记",
    ),
    Fault("a whole month gone", write(BOOK, ""), "银行已记、账未记"),
    Fault(
        "a row and its closing balance gone",
        both(drop(BOOK, "voucher(.|\n)*W_BANK"), drop(BOOK, "balance W_BANK")),
        "银行已记、账未记",
    ),
    Fault("another day", edit(BOOK, r"2026-06-\d\d \*", "2026-06-29 *", AD), "日期不符"),
    Fault(
        "a fen on both legs, the reference and the balance",
        lambda street: _a_fen_everywhere(street),
        "更正账面金额|账已记、银行未记",
    ),
    # the kept files
    Fault(
        "a kept file edited",
        change(KEPT + "中行*", lambda data: data.replace("维修资金交存".encode(), "维修资金交付".encode(), 1)),
        "引用的对账单文件（[0-9a-f]+…）已被改动或不在",
    ),
    Fault(
        "a kept file cut",
        change(KEPT + "history*", lambda data: data[:2000]),
        "statements/2026-06/historydetail.*：压缩包或工作簿不完整或已损坏，请重新下载",
    ),
    Fault("a kept file gone", remove(KEPT + "history*"), "引用的对账单文件（[0-9a-f]+…）已被改动或不在"),
    Fault(
        "all kept files gone",
        lambda street: shutil.rmtree(street / KEPT),
        "引用的对账单文件（[0-9a-f]+…）已被改动或不在",
    ),
    Fault(
        "another compound's file",
        copy("C0002/statements/2026-06/ccb*", KEPT + "ccb.xls"),
        r"statements/2026-06/ccb.xls：账号 \d+ 没有登记在任何小区",
    ),
    Fault(
        "a file that is no statement",
        write(KEPT + "说明.txt", "你好"),
        "statements/2026-06/说明.txt：认不出这是哪家银行的对账单.*",
    ),
]


def _a_fen_everywhere(street: Path) -> None:
    """A thorough forger: amount, counter-leg, reference, and every balance from then on agree; what was reviewed
    does not."""
    path = street / BOOK
    blocks = path.read_text("utf-8").split("\n\n")
    at = next(index for index, block in enumerate(blocks) if re.search(AD, block))
    amount = re.search(r"1002\S+\s+([\d.]+) CNY", blocks[at])
    assert amount is not None
    new = _a_fen_more(amount[1])
    forged = blocks[at].replace(amount[1], new).replace(f"/{amount[1].replace('.', '')}", f"/{new.replace('.', '')}")
    later = "\n\n".join([forged, *blocks[at + 1 :]])
    for stated in (
        r"(1002\S+ +\S+ CNY\n(?:    \S+: \S+\n)*?    bank-balance: )([\d.]+)",
        r"(balance \S+1002\S+ +)([\d.]+)",
    ):
        later = re.sub(stated, lambda found: found[1] + _a_fen_more(found[2]), later)
    path.write_text("\n\n".join([*blocks[:at], later]), "utf-8")
    code, lines = run(street, "check")
    assert code == 1
    assert all("复核以后内容变了" in line for line in lines if "第 " in line), lines


def _a_fen_more(amount: str) -> str:
    return str(Decimal(amount) + Decimal("0.01"))


@pytest.mark.parametrize("fault", RECONCILING, ids=lambda fault: fault.name)
def test_the_bank_says_otherwise(ready: Path, fault: Fault) -> None:
    """The reconciliation statement is printed, with the row that differs or the file that is not right."""
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, "reconcile", "2026-06")
    assert code == 1
    assert any(re.search(fault.said, line) and re.search("第 [0-9]+ 行|statements/", line) for line in lines), lines
    assert "银行存款余额调节表" in "".join(lines)
    assert snapshot(ready) == before


DISCLOSING = [
    Fault(
        "books with an error",
        edit(BOOK, "记-0005", "记-0004"),
        r"账簿有 \d+ 处错误，不能公示：凭证号 记-0004 在 2026-06 重复",
        "^2026",
    ),
    Fault(
        "a main file edited by hand",
        append("C0001/main.beancount", ";; 无害\n"),
        "主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成",
        "^$|无害",
        "C0001/main.beancount",
    ),
    Fault(
        "contracts nobody can read",
        edit("C0001/register/contracts.csv", "4002", "4999"),
        "科目 4999 不在公共收益科目表中",
        "4999",
        "C0001/register/contracts.csv",
    ),
    Fault("a file where the folder should be", write("out", "x"), "已有同名的文件", "", "out"),
]


@pytest.mark.parametrize("fault", DISCLOSING, ids=lambda fault: fault.name)
def test_what_is_not_right_is_not_disclosed(ready: Path, fault: Fault) -> None:
    _refused(ready, fault, "disclose", "2026-06", "--out", str(ready / "out"))


def test_rows_that_wait_are_not_disclosed(waiting: Path) -> None:
    fault = Fault("", lambda _: None, r"2026-07 还有 \d+ 笔流水没有过账，不能公示；先看样稿请加 --draft", "", "C0001")
    _refused(waiting, fault, "disclose", NEXT, "--out", str(waiting / "out"), "--compound", "C0001")
    assert not (waiting / "out").exists()


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("1990-01", "1990-01 在建账（2026-06-01）之前，不能公示"),
        ("2026-05", "2026-05 在建账（2026-06-01）之前，不能公示"),
        ("2026-08", "2026-08 还没有账，不能公示"),
        ("2199-12", "2199-12 还没有账，不能公示"),
    ],
)
def test_a_month_nothing_is_known_of_is_not_disclosed(ready: Path, month: str, said: str) -> None:
    before = snapshot(ready)
    code, lines = run(ready, "disclose", month, "--out", str(ready / "out"), "--draft")
    assert (code, lines[-2]) == (2, f"C0003：{said}")
    assert snapshot(ready) == before


def test_a_blank_sheet_of_books_with_a_strange_account(waiting: Path) -> None:
    """The books are wrong, `check` says where; a sheet to fill in can be had all the same."""
    edit(BOOK_NEXT, r"  Expenses:\S+", "  Expenses:X")(waiting)
    assert run(waiting, "complete", "--blank", NEXT, str(waiting / "new.csv"))[0] == 0


def test_a_kept_name_that_is_no_text_is_named_all_the_same(ready: Path) -> None:
    (ready / os.fsdecode(KEPT.encode() + "工行.txt".encode("gbk"))).write_text("你好")
    code, lines = run(ready, "reconcile", "2026-06")
    assert code == 1
    assert any(re.search(r"statements/2026-06/(\\udc..)+.*：认不出这是哪家银行的对账单", line) for line in lines)
