"""The fault table, third part: street.toml, the registers, the layout. `check` says which cell of which line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import Fault, append, change, edit, judge, remove, run, write

STREET, COMPOUND = "street.toml", "C0001/register/compound.toml"
CONTRACTS, RULES = "C0001/register/contracts.csv", "C0001/register/rules.csv"
DWELLINGS, ASSETS = "C0001/register/dwellings.csv", "C0001/register/assets.csv"


def _column(name: str, value: str) -> object:
    """A further column with this header and this value in every row."""

    def widen(content: bytes) -> bytes:
        head, *rows = content.decode().strip().split("\n")
        return "\n".join([f"{head},{name}", *(f"{row},{value}" for row in rows)]).encode() + b"\n"

    return widen


TABLES = [
    Fault(
        "a contract's number twice",
        edit(CONTRACTS, "(?s)\n(HT-0001.*?)\n", r"\n\1\n\1\n"),
        "编号 HT-0001 与第 2 行重复",
        3,
        CONTRACTS,
    ),
    Fault(
        "a date that is not",
        edit(CONTRACTS, r"2026-\d\d-\d\d", "2026-13-01"),
        "“(start|end)”不是日期（应写成 2026-01-01）（写的是“2026-13-01”）",
        "2026-13-01",
        CONTRACTS,
    ),
    Fault(
        "a contract that ends before it begins",
        edit(CONTRACTS, r",20\d\d-\d\d-\d\d,(20\d\d)", r",2099-01-01,\1"),
        r"终止日期 20\d\d-\d\d-\d\d 早于起始日期 2099-01-01",
        "2099",
        CONTRACTS,
    ),
    Fault(
        "a subject there is not", edit(CONTRACTS, "4002", "4999"), "科目 4999 不在公共收益科目表中", "4999", CONTRACTS
    ),
    Fault(
        "a negative amount",
        edit(CONTRACTS, r",(\d+\.00)", r",-\1"),
        "“amount_yuan”不得小于 0（写的是“-[0-9.]+”）",
        ",-",
        CONTRACTS,
    ),
    Fault(
        "a third decimal",
        edit(CONTRACTS, r",(\d+\.00)", r",\g<1>1"),
        "“amount_yuan”小数位太多（写的是“[0-9]+.001”）",
        r"\.001",
        CONTRACTS,
    ),
    Fault(
        "a word for an amount",
        edit(CONTRACTS, r",(\d+\.00)", ",若干"),
        "“amount_yuan”不是数字（写的是“若干”）",
        "若干",
        CONTRACTS,
    ),
    Fault(
        "markup in a name",
        edit(CONTRACTS, "有限公司", "<b>公司"),
        "“counterparty”写法不对（写的是“.*<b>公司”）",
        "<b>",
        CONTRACTS,
    ),
    Fault(
        "a missing column",
        change(CONTRACTS, lambda data: data.replace(b"code,asset,", b"code,", 1)),
        "表头缺少 asset 列",
        1,
        CONTRACTS,
    ),
    Fault(
        "a column too many",
        change(CONTRACTS, _column("memo", "x")),
        "表头里的“memo”不是这张表的列（code、.*、note）",
        1,
        CONTRACTS,
    ),
    Fault("a column twice", change(CONTRACTS, _column("cycle", "year")), "表头里有重名的列", 1, CONTRACTS),
    Fault("a cell too many", edit(CONTRACTS, r"\n(HT-0001.*)", r"\n\1,x"), "这一行的列数与表头不同", 2, CONTRACTS),
    Fault(
        "an open quote",
        append(CONTRACTS, '"HT-0099,'),
        "表格写法有误，引号没有配对或文件被截断",
        "HT-0099",
        CONTRACTS,
    ),
    Fault("two encodings", append(CONTRACTS, "街账".encode("gbk")), "文件的文字编码无法识别.*", "", CONTRACTS),
    Fault("an empty table", write(CONTRACTS, ""), "表头缺少 code、asset、.*、cycle 列", 1, CONTRACTS),
    Fault("no table", remove(CONTRACTS), "读不出文件（没有这个文件）", "", CONTRACTS),
    Fault("a rule of no subject", append(RULES, "GZ-99,,,,x,9999,,\n"), "科目 9999 不在科目表中", "9999", RULES),
    Fault(
        "a rule both ways",
        append(RULES, "GZ-99,,both,,x,5108,,\n"),
        "“direction”只能是 in（收）、out（支）、空着（收支都算）（写的是“both”）",
        "both",
        RULES,
    ),
    Fault(
        "a nature nobody knows",
        edit(DWELLINGS, ",commercial,", ",villa,"),
        "“nature”只能是 commercial（商品住宅）、public（已售公有住房）（写的是“villa”）",
        "villa",
        DWELLINGS,
    ),
    Fault(
        "an area of nothing",
        edit(DWELLINGS, r",\d+\.\d\d,", ",0.00,"),
        "“area_m2”须大于 0（写的是“0.00”）",
        "0.00",
        DWELLINGS,
    ),
    Fault(
        "a contract about nothing",
        edit(CONTRACTS, "(HT-0001),ZC-[0-9]+", r"\1,ZC-099"),
        "合同 HT-0001 的资产 ZC-099 没有登记在 assets.csv",
        "ZC-099",
        CONTRACTS,
    ),
    Fault("none of an asset", edit(ASSETS, r",\d+\n", ",0\n"), "“quantity”不得小于 1（写的是“0”）", ",0$", ASSETS),
    # compound.toml
    Fault(
        "a date in words",
        edit(COMPOUND, "start = .*", 'start = "明天"'),
        "“start”不是日期（应写成 2026-01-01）（写的是“明天”）",
        "明天",
        COMPOUND,
    ),
    Fault(
        "no days on the board",
        edit(COMPOUND, "posting_days = 15", "posting_days = 0"),
        "“posting_days”不得小于 1（写的是“0”）",
        "posting_days",
        COMPOUND,
    ),
    Fault(
        "another compound's number",
        edit(COMPOUND, "C0001", "C0009"),
        "小区编号 C0009 与文件夹 C0001 不符",
        "",
        COMPOUND,
    ),
    Fault(
        "another name",
        edit(COMPOUND, 'name = "', 'name = "新'),
        "主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成",
        "title",
        "C0001/main.beancount",
    ),
]


@pytest.mark.parametrize("fault", TABLES, ids=lambda fault: fault.name)
def test_a_register_was_broken(ready: Path, fault: Fault) -> None:
    """The other compounds are checked all the same."""
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, "check")
    assert code == 1
    judge(ready, fault, lines)
    assert "1 处错误" in lines[-1]
    assert snapshot(ready) == before


def _second_folder(street: Path) -> None:
    shutil.copytree(street / "C0001", street / "C0001-b")


STREETS = [
    Fault("no TOML", append(STREET, "x = = 1\n"), "TOML 写法有误", "x = =", STREET),
    Fault("an open string", append(STREET, 'x = "\n'), "TOML 写法有误", 'x = "', STREET),
    Fault(
        "a word nobody knows",
        edit(STREET, "contact", "kontakt"),
        "“kontakt”没有这一项（写的是“.*”）",
        "kontakt",
        STREET,
    ),
    Fault(
        "a number for a word",
        edit(STREET, r'id = "F01"', "id = 5"),
        "“people.2.id”应是文字（写的是“5”）",
        "id = 5",
        STREET,
    ),
    Fault("a missing word", edit(STREET, "city = .*\n", ""), "“city”没有填写", "", STREET),
    Fault(
        "a city without rules",
        edit(STREET, "hangzhou", "atlantis"),
        "没有“atlantis”的规则包，现有：beijing、hangzhou、huzhou、jiaxing、lishui、national、ningbo、qingyuan、quanzhou、"
        "shanghai、shaoxing、taizhou、wenzhou",
        "city",
        STREET,
    ),
    Fault(
        "a way out of the rules", edit(STREET, "hangzhou", "../x"), "“city”写法不对（写的是“../x”）", "city", STREET
    ),
    Fault("GBK", change(STREET, lambda data: data.decode().encode("gbk")), "文件不是 UTF-8 编码", 1, STREET),
    Fault("no street", remove(STREET), "这里不是街道文件夹（没有 street.toml），请用 -C 指明", "", "street"),
    Fault("two folders of one number", _second_folder, "小区编号 C0001 重复：C0001", "", "C0001-b"),
]


@pytest.mark.parametrize("command", ["check", "import", "post 2026-07", "reconcile 2026-06"])
@pytest.mark.parametrize("fault", STREETS, ids=lambda fault: fault.name)
def test_the_street_was_broken(ready: Path, fault: Fault, command: str) -> None:
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, *command.split())
    assert code == 2
    judge(ready, fault, lines)
    assert snapshot(ready) == before


UNREADABLE = [("C0001/2026/2026-06.beancount", 1), ("C0001/register/contracts.csv", 1), ("street.toml", 2)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize(("file", "code"), UNREADABLE)
def test_a_file_nobody_may_read(ready: Path, file: str, code: int) -> None:
    (ready / file).chmod(0)
    try:
        found, lines = run(ready, "check")
        judge(ready, Fault("", lambda _: None, "读不出文件（没有权限）", "", file), lines)
        assert found == code
    finally:
        (ready / file).chmod(0o644)
