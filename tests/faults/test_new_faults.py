"""The fault table, fifth part: opening a compound's books from tables that are not right. Nothing is opened then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import Break, Fault, both, change, judge, remove, run, write

ACCOUNTS, BALANCES = "专户表.csv", "余额表.csv"

GOOD = both(
    write(
        ACCOUNTS,
        "fund,bank,name,number,holder,holder_kind\n"
        "G,icbc,工行,1202000000000099021,新村业主大会,assembly\n"
        "W,ccb,建行,3300000000000009417,新村业主大会,assembly\n",
    ),
    write(
        BALANCES,
        "科目编码,科目名称,期末余额借方,期末余额贷方\n"
        "1002,银行存款,5000.00,\n"
        "3001,公共收益结余,,5000.00\n"
        ",合计,5000.00,5000.00\n",
    ),
)


def _now(file: str, old: str, new: str) -> Break:
    return change(file, lambda content: content.replace(old.encode(), new.encode(), 1))


FAULTS = [
    Fault(
        "a fen too much",
        _now(BALANCES, "银行存款,5000.00", "银行存款,5000.01"),
        "科目余额表借方合计 5,000.01，贷方合计 5,000.00，借贷不平",
        "",
        BALANCES,
    ),
    Fault(
        "another total",
        _now(BALANCES, "合计,5000.00,5000.00", "合计,5000.00,5000.10"),
        "合计行写借 5,000.00、贷 5,000.10，逐行相加为 5,000.00、5,000.00",
        "合计",
        BALANCES,
    ),
    Fault(
        "no total",
        _now(BALANCES, ",合计,5000.00,5000.00\n", ""),
        "科目余额表没有“合计”行，无法核对控制总数",
        "",
        BALANCES,
    ),
    Fault("a letter in an amount", _now(BALANCES, "5000.00", "5OOO.00"), "金额“5OOO.00”不是数字", "5OOO", BALANCES),
    Fault(
        "three decimals", _now(BALANCES, "5000.00", "5000.005"), "金额 5000.005 不止两位小数", "5000.005", BALANCES
    ),
    Fault(
        "a subject twice",
        _now(BALANCES, "3001,公共收益结余", "1002,公共收益结余"),
        "科目编码 1002 与第 2 行重复",
        "1002,公",
        BALANCES,
    ),
    Fault(
        "a subject nobody has",
        _now(BALANCES, "3001,公共收益结余", "3999,别的"),
        "科目 3999别的 不在公共收益科目表中，请先按科目表调整",
        "3999",
        BALANCES,
    ),
    Fault(
        "a parent that is not its children",
        _now(BALANCES, "3001,", "100201,工行9021,4000.00,\n3001,"),
        "科目 1002银行存款 不等于其明细之和",
        "1002,",
        BALANCES,
    ),
    Fault(
        "other columns",
        _now(BALANCES, "期末余额借方", "借方"),
        "找不到“科目编码”和“期末余额”借方、贷方各列",
        "",
        BALANCES,
    ),
    Fault("a code of letters", _now(BALANCES, "3001,", "ABC,"), "科目编码“ABC”写法不对", "ABC", BALANCES),
    Fault("no balances", remove(BALANCES), "文件打不开，请检查文件是否存在、是否有权限读取", "", BALANCES),
    Fault(
        "a page",
        write(BALANCES, "<html><table>"),
        "这是网页而不是表格，只是名字像 Excel，请从网银重新下载 Excel 或 CSV 格式",
        "",
        BALANCES,
    ),
    Fault(
        "a person's account",
        _now(ACCOUNTS, "assembly", "person"),
        "新账簿有误：专户“.*”不得以个人名义开立（户名：新村业主大会）",
        "",
        "C0009",
    ),
    Fault(
        "a kind of holder nobody knows",
        _now(ACCOUNTS, "assembly", "cousin"),
        "“holder_kind”只能是 assembly（业主大会）、.*、person（个人）（写的是“cousin”）",
        "cousin",
        ACCOUNTS,
    ),
    Fault(
        "one number for two funds",
        _now(ACCOUNTS, "ccb,建行,3300000000000009417", "icbc,工行,1202000000000099021"),
        "新账簿有误：银行账号 1202000000000099021 已属于“.*”，一个专户只能属于一项资金",
        "",
        "C0009",
    ),
    Fault(
        "WeChat for the maintenance fund",
        _now(ACCOUNTS, "ccb,建行", "wechat,微信"),
        "微信只能收公共收益，不能是维修资金的专户",
        "wechat",
        ACCOUNTS,
    ),
    Fault(
        "a number too short",
        _now(ACCOUNTS, "1202000000000099021", "12"),
        "“number”应写成 1202000000000013021 的样子（写的是“12”）",
        ",12,",
        ACCOUNTS,
    ),
    Fault(
        "a bank nobody knows",
        _now(ACCOUNTS, "G,icbc", "G,hsbc"),
        "“bank”只能是 icbc（工商银行）、.*、other（其他银行）（写的是“hsbc”）",
        "hsbc",
        ACCOUNTS,
    ),
    Fault(
        "a name that no account can have",
        _now(ACCOUNTS, ",工行,", ",(工行),"),
        "“name”应写成 工行 的样子（写的是“.工行.”）",
        r"\(工行\)",
        ACCOUNTS,
    ),
    Fault("a missing column", _now(ACCOUNTS, "fund,", ""), "表头缺少 fund 列", 1, ACCOUNTS),
    Fault("no accounts", remove(ACCOUNTS), "读不出文件（没有这个文件）", "", ACCOUNTS),
    Fault(
        "no account for the money",
        _now(ACCOUNTS, "G,icbc", "W,icbc"),
        "科目 1002银行存款 对应哪个专户不明，名称里请写明专户（如“工行3021”）",
        "1002",
        BALANCES,
    ),
]


def _new(street: Path, code: str = "C0009", name: str = "新村") -> tuple[int, list[str]]:
    about = ["--code", code, "--name", name, "--community", "SQ01", "--kind", "old", "--start", "2026-08-01"]
    tables = ["--accounts", str(street / ACCOUNTS), "--opening-g", str(street / BALANCES)]
    return run(street, "new", "compound", *about, *tables)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_books_that_cannot_be_opened(ready: Path, fault: Fault) -> None:
    GOOD(ready)
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = _new(ready)
    assert code == 2
    judge(ready, fault, lines)
    assert snapshot(ready) == before


def test_the_tables_are_right_when_nothing_is_wrong_with_them(ready: Path) -> None:
    GOOD(ready)
    assert _new(ready)[0] == 0
    assert run(ready, "check")[0] == 0


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("C0001", "新村", "street：小区编号 C0001 已经使用"),
        ("7", "新村", "--code 应写成 C0007 的样子（写的是“7”）"),
        ("C0009", "<b>", "--name 应写成 桂花苑2区 的样子（写的是“<b>”）"),
        ("C0009", "../x", "--name 应写成 桂花苑2区 的样子（写的是“../x”）"),
    ],
)
def test_a_number_or_name_that_will_not_do(ready: Path, code: str, name: str, said: str) -> None:
    GOOD(ready)
    before = snapshot(ready)
    found, lines = _new(ready, code, name)
    assert (found, lines[-1].endswith(said)) == (2, True), lines
    assert snapshot(ready) == before
